"""What the site says about taking a page along as a file."""

from __future__ import annotations

__all__ = ["EXPORTS"]

EXPORTS: dict[str, tuple[str, str]] = {
    "export.press": ("导出", "Export"),
}
