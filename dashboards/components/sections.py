"""Parts of a long page of my data: one is shown at a time, so that a phone's first screen answers.

The choice stands in the address; a part whose tables hold nothing on the reader is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards.components.address import from_address, into_address
from dashboards.components.blocks import Tables
from dashboards.text import say

__all__ = ["Section", "offered", "show_chosen"]


@dataclass(frozen=True)
class Section:
    """A part of a page: the tables its boxes show, and the two columns of boxes."""

    tables: tuple[str, ...]
    left: Sequence[Callable[[Tables], None]]
    right: Sequence[Callable[[Tables], None]]


def offered(sections: Mapping[str, Section], tables: Tables) -> list[str]:
    """The parts that hold something, in their order."""
    return [
        name
        for name, section in sections.items()
        if any(tables.rows(table) for table in section.tables)
    ]


def show_chosen(page: str, sections: Mapping[str, Section], tables: Tables) -> None:
    """The choice of parts (none where there is one only) and the boxes of the one chosen."""
    names = offered(sections, tables)
    if not names:
        return
    key = f"{page}_part"
    chosen = from_address(key, names, names[0])
    if len(names) > 1:
        st.pills(
            say(f"{page}.parts"),
            names,
            required=True,
            format_func=lambda name: say(f"{page}.part.{name}"),
            key=key,
            label_visibility="collapsed",
        )
        into_address(key, chosen, names[0])
    section = sections[chosen]
    left, right = st.columns(2, gap="small")
    with left:
        for box in section.left:
            box(tables)
    with right:
        for box in section.right:
            box(tables)
