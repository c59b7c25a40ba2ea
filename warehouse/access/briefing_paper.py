"""The paper of a briefing, set by the part of the site that words figures, in a child of its own.

The library does not know the site: it hands over plain data and gets a PDF. The child has a
limit of time, none of our settings and no data file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.errors import PaperError

__all__ = ["SECONDS", "set_briefing"]

SECONDS = 180.0
_MODULE = "dashboards.briefing"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_DATA_HOME", "FONTCONFIG_PATH")


def set_briefing(document: Mapping[str, Any], *, seconds: float = SECONDS) -> bytes:
    """The PDF of what `dashboards.briefing.content` describes. Raises `PaperError` where it cannot
    be set."""
    given = json.dumps(document, ensure_ascii=False, default=_plain).encode()
    try:
        child = subprocess.run(
            [sys.executable, "-m", _MODULE],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in _KEPT if name in os.environ}
            | {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONSAFEPATH": "1"},
            timeout=seconds,
            check=True,
        )
    except subprocess.SubprocessError:
        raise PaperError(
            "The briefing could not be set.",
            next_step="campus doctor says whether a Chinese font is installed; then try again.",
        ) from None
    return child.stdout


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a briefing cannot hold a {type(value).__name__}")
