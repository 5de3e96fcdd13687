"""Logging for every process: times, levels, names and our own sentences; never the text of an error.

An exception's message may quote a row, a frame or a request, and those hold what students typed. So a
traceback is written as the places it went through and the type it ended in, and nothing else.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from copy import copy
from types import TracebackType

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
MAX_PLACES = 25


class PlacesOnlyFormatter(logging.Formatter):
    """Formats exceptions without their messages and without source lines' values."""

    def format(self, record: logging.LogRecord) -> str:
        """As usual, but for two libraries that put an error's text into their own sentence."""
        context = record.args
        if isinstance(context, Mapping) and "exc" in context:
            # Celery's report of a failed task: its name and id say enough.
            record = copy(record)
            record.msg, record.args = f"{context.get('name')} [{context.get('id')}] failed", None
        elif record.name == "asyncio":
            record = copy(record)
            record.msg, record.args = record.getMessage().partition("\n")[0], None
        return super().format(record)

    def formatException(  # noqa: N802 - the base class's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """``Type at file:line in function`` for the exception and for each one that caused it."""
        lines = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            places = traceback.extract_tb(error.__traceback__)[-MAX_PLACES:]
            lines += [f"  {place.filename}:{place.lineno} in {place.name}" for place in places]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the base class's name
        """Left out: it may show arguments."""
        return ""


def configure_logs(level: int = logging.INFO) -> None:
    """Send everything to standard error in this form, and only in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesOnlyFormatter(FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    sys.excepthook = _log_the_end
    threading.excepthook = _log_the_thread


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("process").critical("ended by an error", exc_info=(kind, error, trace))


def _log_the_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        error = (told.exc_type, told.exc_value, told.exc_traceback)
        logging.getLogger("process").error("a thread ended by an error", exc_info=error)
