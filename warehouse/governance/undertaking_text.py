"""The words of annex 6, as they are put before whoever signs.

A college replaces them by files of the same names in its data home's `templates/`. A signature is
bound to the sha256 of the rendered words, so new words leave old signatures what they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from warehouse.errors import SettingsError

__all__ = ["PARTIES", "render", "text_sha256"]

PARTIES = ("person", "unit", "vendor")
_FOLDER = Path(__file__).parent / "templates"
_FIELDS = frozenset({"college", "party", "data", "purpose"})


def render(
    party: str,
    *,
    college: str,
    name: str,
    data: Sequence[str],
    purpose: str,
    templates: Path | None = None,
) -> str:
    """The text for one party: `name` signs (a person's role or a unit's or vendor's name, never a
    person's own name), `data` are the titles of what it is about.

    Raises `SettingsError` where the college's own template names a field that there is not.
    """
    own = templates / f"undertaking_{party}.txt" if templates is not None else None
    source = own if own is not None and own.is_file() else _FOLDER / f"undertaking_{party}.txt"
    fields: Mapping[str, str] = {
        "college": college,
        "party": name,
        "data": "、".join(data),
        "purpose": purpose,
    }
    try:
        return Template(source.read_text(encoding="utf-8")).substitute(fields).strip() + "\n"
    except (KeyError, ValueError):
        raise SettingsError(
            f"The template {source.name} has a field that is not known.",
            next_step=f"Fields: {', '.join(sorted(_FIELDS))}, each as ${{field}}.",
        ) from None


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
