"""The parts of the page 基本信息: the person, the items of the annexes, what no page names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import basics_identity as identity
from dashboards.components import frame, markup
from dashboards.components import own_view as own
from dashboards.components.basics_items import grouped, items_card
from dashboards.components.blocks import Tables, source_line
from dashboards.components.life_sections import LIFE
from dashboards.components.listing import lines, value
from dashboards.components.sections import Box, Section
from dashboards.components.study_sections import STUDY
from dashboards.components.work_degrees import political_card
from dashboards.components.work_sections import WORK
from dashboards.text import TEXT, language, say

__all__ = ["PERSON", "SECTIONS", "further_card", "sections_of"]

_EVERYBODY = ("person",)
_ALL_ROWS = 50

PERSON = Section(
    left=(
        Box(identity.identity_card, ("staff", "student")),
        Box(identity.employment_card, ("staff",)),
        Box(identity.enrolment_card, ("student",)),
    ),
    right=(
        Box(own.contact_box, ("staff_contact",)),
        Box(own.family_box, ("staff_family",)),
        Box(political_card, ("staff_political_affiliation",)),
        Box(identity.numbers_card, ("person_number",)),
    ),
)
#: The pages of my data by part: what tells where an item is shown.
SECTIONS: dict[str, Mapping[str, Section]] = {
    "basics": {"person": PERSON},
    "work": WORK,
    "study": STUDY,
    "life": LIFE,
}


def sections_of(
    tables: Tables, read_items: Callable[[], Sequence[Mapping[str, Any]]]
) -> dict[str, Section]:
    """The parts for one answer: the items by where they are shown, which are read when that part
    is, and a box for each table that no page names."""
    named = {
        table for parts in SECTIONS.values() for part in parts.values() for table in part.tables
    }
    further = [
        Box(partial(further_card, table=table), (table,))
        for table in tables.names()
        if table not in named and table not in _EVERYBODY
    ]
    return {
        "person": PERSON,
        "items": Section(left=(_item_cards(read_items, 0),), right=(_item_cards(read_items, 1),)),
        "other": Section(left=tuple(further[::2]), right=tuple(further[1::2])),
    }


def _item_cards(read_items: Callable[[], Sequence[Mapping[str, Any]]], column: int) -> Box:
    """The lists of one of the two columns."""

    def show(_: Tables) -> None:
        groups = list(grouped(read_items(), SECTIONS).items())
        half = _halfway([len(found) for _, found in groups])
        for group, found in (groups[:half], groups[half:])[column]:
            items_card(*group, found)

    return Box(show, _EVERYBODY)


def _halfway(lengths: Sequence[int]) -> int:
    """How many lists fill the first of two columns, which a phone shows first."""
    done = 0
    for place, length in enumerate(lengths):
        if 2 * done + length > sum(lengths):
            return max(place, 1)
        done += length
    return len(lengths)


def further_card(tables: Tables, table: str) -> None:
    """A table that no page knows yet: each row as label and value, under the name of its items or,
    without one, of its system."""
    source = tables.provenance(table)
    names = [item["name"] for item in source.get("items") or () if item.get("name")]
    heading = "、".join(names) or source.get("source_name") or say("basics.other")
    with frame.card(table):
        st.html(markup.title(str(heading)))
        entries = [_further(row) for row in tables.rows(table)[:_ALL_ROWS]]
        st.html(lines(entries))
        if tables.total(table) > _ALL_ROWS:
            count = formats.number(tables.total(table), 0)
            st.html(markup.note(say("basics.first_rows", count=count, shown=_ALL_ROWS)))
        source_line(tables, table)


def _further(row: Mapping[str, Any]) -> markup.Entry:
    pairs = [
        f"{_label(name)}：{_told(name, found)}"
        for name, found in row.items()
        if found not in (None, "") and name != "updated_at"
    ]
    first, *rest = pairs or [formats.MISSING]
    return markup.Entry(first, *rest)


def _told(name: str, found: object) -> str:
    if name.endswith("_at"):
        return formats.moment(str(found), frame.today(), language())
    return value(found)


def _label(name: str) -> str:
    for key in (f"field.{name}", f"column.{name}"):
        if key in TEXT:
            return say(key)
    return name.replace("_", " ")
