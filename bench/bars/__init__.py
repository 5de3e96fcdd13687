"""One file a bar, named b<number>_<what>.py, with a constant BAR. What has no file is not measured yet."""
