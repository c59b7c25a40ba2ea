"""Parts of a long page of my data: one is shown at a time, so that a phone's first screen answers.

The choice stands in the address; a part whose tables hold nothing on the reader is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards.components.address import pills
from dashboards.components.blocks import Tables
from dashboards.text import say

__all__ = ["Box", "Section", "offered", "show_chosen", "sides"]


@dataclass(frozen=True)
class Box:
    """What shows a box, and the tables it shows; it shows nothing where they hold nothing."""

    show: Callable[[Tables], None]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A part of a page: its boxes in two columns, which a phone shows one below the other."""

    left: tuple[Box, ...]
    right: tuple[Box, ...] = ()

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for box in (*self.left, *self.right) for table in box.tables)


def offered(sections: Mapping[str, Section], tables: Tables) -> list[str]:
    """The parts that hold something, in their order."""
    return [
        name
        for name, section in sections.items()
        if any(tables.rows(table) for table in section.tables)
    ]


def sides(section: Section, tables: Tables) -> tuple[list[Box], list[Box]]:
    """The boxes that hold something, by column; where one column would stay empty, they take
    turns."""

    def held(boxes: Sequence[Box]) -> list[Box]:
        return [box for box in boxes if any(tables.rows(table) for table in box.tables)]

    left, right = held(section.left), held(section.right)
    if left and right:
        return left, right
    both = left + right
    return both[::2], both[1::2]


def show_chosen(page: str, sections: Mapping[str, Section], tables: Tables) -> None:
    """The choice of parts (none where there is one only) and the boxes of the one chosen."""
    names = offered(sections, tables)
    if not names:
        return
    key = f"{page}_part"
    chosen = names[0]
    if len(names) > 1:
        chosen = pills(
            key, names, names[0], say(f"{page}.parts"), lambda name: say(f"{page}.part.{name}")
        )
    shown = sides(sections[chosen], tables)
    for column, boxes in zip(st.columns(2, gap="small"), shown, strict=True):
        with column:
            for box in boxes:
                box.show(tables)
