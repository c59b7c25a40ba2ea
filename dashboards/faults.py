"""What the log may know of a fault: its kind and its place, never a value.

Texts of exceptions quote what they stumbled over, and here that is somebody's data.
"""

from __future__ import annotations

import logging
from pathlib import Path

__all__ = ["keep_values_out_of_logs", "note", "place_of"]

_FOLDER = Path(__file__).resolve().parent
_LOG = logging.getLogger("dashboards")


def place_of(error: BaseException) -> str:
    """`KeyError at my_life.py:31`, and behind it where it broke when that is another's code."""
    trace, ours, last = error.__traceback__, "?", "?"
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        last = f"{file.name}:{trace.tb_lineno}"
        if file.is_relative_to(_FOLDER):
            ours = last
        trace = trace.tb_next
    return f"{type(error).__name__} at {ours}" + ("" if last == ours else f" ({last})")


def note(error: BaseException) -> None:
    """Write one line about a fault within a page."""
    _LOG.error("a page failed: %s", place_of(error))


class _NoValues(logging.Filter):
    """Takes the text and the frames of an exception out of a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info, tuple) and record.exc_info[1]:
            record.msg = f"{record.getMessage()}: {place_of(record.exc_info[1])}"
            record.args = None
            record.exc_info = None
            record.exc_text = None
        return True


def keep_values_out_of_logs() -> None:
    """Hold the web framework's own loggers to the same rule."""
    quiet = _NoValues()
    if not _LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        _LOG.addHandler(handler)
        _LOG.propagate = False
    for name in ("streamlit.error_util", "streamlit.web.server.starlette.starlette_auth_routes"):
        logging.getLogger(name).addFilter(quiet)
    for name in ("", "streamlit", "uvicorn.error"):
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(quiet)
