"""What we install on a student's device cannot report to anybody but our server (decisions/0008)."""

import importlib.util
from pathlib import Path

import pytest

COLLECTORS = (b"OneCollector", b"ORT_DISABLE_TELEMETRY", b"events.data.microsoft")


def libraries_of(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent
    return [
        file for file in folder.rglob("*") if ".so" in file.name or file.suffix in (".pyd", ".dll", ".dylib")
    ]


def holds_a_collector(library: Path) -> bool:
    content = library.read_bytes()
    return any(word in content for word in COLLECTORS)


def test_the_onnx_runtime_holds_no_collector() -> None:
    libraries = libraries_of("onnxruntime")
    if not libraries:
        assert importlib.util.find_spec("onnxruntime") is None
        return
    assert [library.name for library in libraries if holds_a_collector(library)] == []


@pytest.mark.parametrize("word", COLLECTORS)
def test_a_collector_would_be_found(tmp_path: Path, word: bytes) -> None:
    library = tmp_path / "lib.so"
    library.write_bytes(b"\x7fELF" + bytes(64) + word + bytes(64))
    assert holds_a_collector(library)
