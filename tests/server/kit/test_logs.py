"""No error's text reaches a log, whoever raised it."""

import io
import logging
import subprocess
import sys
import threading

import pytest

from server.kit.logs import FORMAT, PlacesOnlyFormatter, configure_logs

PLANTED = "the planted passage"


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlacesOnlyFormatter(FORMAT))
    logger = logging.getLogger("test.places")
    logger.handlers[:] = [handler]
    logger.propagate = False
    return logger, stream


def _fail() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as cause:
        raise RuntimeError(f"row: {PLANTED}") from cause


def test_a_traceback_names_places_and_types_only(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    try:
        _fail()
    except RuntimeError:
        logger.exception("a task failed")
    text = stream.getvalue()
    assert PLANTED not in text
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "in _fail" in text


def test_a_failed_task_is_named_and_not_quoted(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    context = {"name": "metrics.project", "id": "7", "exc": f"ValueError({PLANTED!r})", "traceback": PLANTED}
    logger.error("Task %(name)s[%(id)s] raised unexpected: %(exc)s\n%(traceback)s", context)
    assert PLANTED not in stream.getvalue()
    assert "metrics.project [7] failed" in stream.getvalue()


def test_asyncio_keeps_its_first_line_only() -> None:
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "", 0, f"never retrieved\nfuture: {PLANTED}", None, None
    )
    assert PLANTED not in PlacesOnlyFormatter(FORMAT).format(record)


def test_a_process_and_a_thread_end_without_quoting() -> None:
    code = (
        "import threading; from server.kit.logs import configure_logs; configure_logs()\n"
        f"def fail(): raise ValueError({PLANTED!r})\n"
        "t = threading.Thread(target=fail); t.start(); t.join(); fail()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert PLANTED not in done.stderr
    assert done.stderr.count("builtins.ValueError") == 2


def test_configuring_leaves_one_handler_of_ours() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    try:
        configure_logs()
        configure_logs(logging.WARNING)
        assert [type(handler.formatter) for handler in root.handlers] == [PlacesOnlyFormatter]
        assert root.level == logging.WARNING
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        sys.excepthook, threading.excepthook = hooks
