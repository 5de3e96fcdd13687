"""The ONNX classifier in a child process of its own; the only importer of onnxruntime."""
