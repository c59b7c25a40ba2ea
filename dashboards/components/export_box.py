"""导出: the page as a file, made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable

from dashboards import auth
from dashboards.exports import ExportPage

__all__ = ["export_box"]


def export_box(visit: auth.Visit, page: Callable[[], ExportPage], key: str = "export") -> None:
    """A quiet button that opens onto the kinds of file. `page` puts the content together and is
    called only when the button was pressed; `key` is unique within the page."""
