"""Papers through Typst: plain data in, the bytes of a PDF/A-2b (or of a picture) out.

A template of this folder lays out; the data reach it as one JSON text, so that whatever somebody
wrote into a form stays text and is never markup. Nothing is fetched and no file is read but the
templates and the system's fonts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from warehouse.charts.palette import LIGHT
from warehouse.errors import PaperError

__all__ = ["FONTS", "SANS", "TEMPLATES", "chinese_fonts", "picture", "sans_fonts", "typeset"]

TEMPLATES = ("application_form", "undertaking", "personal_record", "statistics_page")
#: Families that hold simplified Chinese, best for official papers first.
FONTS = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "FangSong",
    "SimSun",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
#: Of those, what stands in reports of figures, where charts bear the same letters.
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")
#: Pixels an inch at twice the size of paper (72 points an inch).
_TWICE = 144
_FOLDER = Path(__file__).parent


def chinese_fonts() -> list[str]:
    """Those of `FONTS` that the system has, in that order."""
    there = set(_fonts().families())
    return [family for family in FONTS if family in there]


def sans_fonts() -> list[str]:
    """All Chinese families of the system, those of `SANS` first."""
    families = chinese_fonts()
    return sorted(families, key=lambda family: family not in SANS)


def typeset(template: str, data: Mapping[str, Any], *, now: datetime) -> bytes:
    """The PDF that `template` (one of `TEMPLATES`) makes of `data`; equal input, equal bytes.

    `data` holds plain JSON values, with a list or an empty text where a form has nothing; which
    ones is for the template to say. `now` becomes the document's date. Raises `PaperError` where
    the system has no Chinese font or the template cannot use the data.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    return _compiled(template, data, format="pdf", pdf_standards=["a-2b"], timestamp=moment)


def picture(template: str, data: Mapping[str, Any]) -> bytes:
    """The first page as PNG at twice the size; for templates that make one page as long as the
    data. Raises as `typeset`."""
    made = _compiled(template, data, format="png", ppi=_TWICE)
    return made if isinstance(made, bytes) else made[0]


def _compiled(template: str, data: Mapping[str, Any], **form: Any) -> bytes | list[bytes]:
    if template not in TEMPLATES:
        raise ValueError(f"there is no template {template}")
    families = chinese_fonts()
    if not families:
        raise PaperError(
            "No Chinese font is installed, so nothing can be printed.",
            next_step="Install one, on Debian: apt-get install fonts-noto-cjk; "
            "then start the gateway anew.",
        )
    compiler = typst.Compiler(root=str(_FOLDER), font_paths=_fonts())
    try:
        return compiler.compile(
            str(_FOLDER / f"{template}.typ"),
            sys_inputs={
                "data": json.dumps(data, ensure_ascii=False),
                "font": "|".join(families),
                "sans": "|".join(sans_fonts()),
                "colours": json.dumps(LIGHT),
            },
            **form,
        )
    except typst.TypstError as error:
        # Its message speaks of the template; a value of the form stands nowhere in it.
        raise PaperError(
            f"The paper {template} could not be set: {error.message}.",
            next_step="This is a fault of the template; tell the working group which paper it was.",
        ) from None


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the system, looked up once a process."""
    return typst.Fonts()
