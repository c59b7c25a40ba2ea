"""Charts on paper: the specification of a screen turned into one for white paper, then drawn.

Drawing runs in a child process, with a limit of time and of processor seconds. The engine holds
Python's lock while it draws (0.1 to 1.5 s a chart) and keeps 400 MB; neither is anything that a
process with fifty readers can spare.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.charts.palette import LIGHT, ON_PAPER
from warehouse.errors import PaperError

__all__ = ["SECONDS", "draw", "for_paper"]

#: A child gets this long for all charts of a paper.
SECONDS = 30
#: As wide as charts are on a screen: across a page of A4 their words become as small as its text.
WIDTH = 680

_CHILD = Path(__file__).with_name("drawing_child.py")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_DATA_HOME", "FONTCONFIG_PATH")


def for_paper(spec: Mapping[str, Any], *, width: int = WIDTH, font: str = "") -> dict[str, Any]:
    """The specification with the colours of white paper, `width` pixels wide, without what only
    a screen can do. `font` is a family that the system has."""
    paper = _replaced(spec, font)
    for part in (paper, *paper.get("layer", ())):
        part.pop("params", None)
        part.pop("name", None)
    return {**paper, "background": LIGHT["page"], "width": width}


def _replaced(value: Any, font: str) -> Any:
    if isinstance(value, Mapping):
        return {
            name: font
            if font and isinstance(part, str) and name.lower().endswith("font")
            else part
            if name == "data"  # values are said as they are
            else _replaced(part, font)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_replaced(part, font) for part in value]
    return ON_PAPER.get(value, value) if isinstance(value, str) else value


def draw(specs: Sequence[Mapping[str, Any]], *, seconds: float = SECONDS) -> list[str]:
    """One SVG a specification, in their order. Raises `PaperError` where the charts cannot be
    drawn or take longer than `seconds`."""
    if not specs:
        return []
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD), str(int(seconds) + 1)],
            input=json.dumps(list(specs), ensure_ascii=False).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            timeout=seconds,
            check=True,
        )
        return json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise PaperError(
            f"The {len(specs)} charts of the paper could not be drawn within {seconds:.0f} s.",
            next_step="Try again; if it stays so, tell the working group which page it was.",
        ) from None
