"""The items of annexes 3 and 4 that concern one: who answers for each, by when, how it stands for
this person, and on which page it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.listing import joined
from dashboards.components.sections import Section
from dashboards.text import language, say

__all__ = ["Place", "grouped", "items_card", "place_of"]

Item = Mapping[str, Any]
#: Page and part in which something is shown.
Place = tuple[str, str]

#: Where an item is looked for first: research of staff is at work, of students in their studies.
_ORDER = {
    "staff": ("basics", "work", "life", "study"),
    "student": ("basics", "study", "life", "work"),
}
#: What members of staff keep up themselves.
_SELF = "staff_self"


def place_of(item: Item, pages: Mapping[str, Mapping[str, Section]]) -> Place | None:
    """The page and part that show the table which holds an item; None where no page does."""
    for holder in item["holders"]:
        for page in _ORDER[item["person_kind"]]:
            for part, section in pages[page].items():
                if holder["table"] in section.tables:
                    return page, part
    return None


def grouped(
    items: Sequence[Item], pages: Mapping[str, Mapping[str, Section]]
) -> dict[tuple[str, Place | None], list[Item]]:
    """Items by annex and by where they are shown, in the order of pages and their parts; those that
    nothing holds yet last."""
    order = [(page, part) for page, parts in pages.items() for part in parts]
    groups: dict[tuple[str, Place | None], list[Item]] = {}
    for item in items:
        groups.setdefault((item["person_kind"], place_of(item, pages)), []).append(item)

    def rank(pair: tuple[tuple[str, Place | None], list[Item]]) -> tuple[bool, int]:
        place = pair[0][1]
        return place is None, order.index(place) if place else 0

    return dict(sorted(groups.items(), key=rank))


def items_card(kind: str, place: Place | None, items: Sequence[Item]) -> None:
    """The items shown in one place, and the way there."""
    title = _place_name(place) if place else say("basics.not_connected")
    page = st.session_state.get("_pages", {}).get(place[0]) if place else None
    with frame.card(f"items_{kind}_{'_'.join(place) if place else 'none'}"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(title), width="content")
            if place and page is not None and place[0] != "basics":
                st.page_link(
                    page, label=say("basics.go"), query_params={f"{place[0]}_part": place[1]}
                )
        st.html(markup.entries(_entry(item) for item in items))


def _place_name(place: Place) -> str:
    page, part = place
    return joined(say(f"page.{page}"), say(f"{page}.part.{part}"))


def _entry(item: Item) -> markup.Entry:
    held = bool(item.get("held"))
    deadline = item.get("deadline")
    return markup.Entry(
        str(item["name"]),
        joined(
            item.get("owner"),
            say("basics.item_deadline", text=deadline) if deadline else "",
            item.get("note"),
        ),
        _standing(item),
        remark=str(item["code"]),
        side=say("basics.item_held" if held else "basics.item_none"),
        state="good" if held else "",
    )


def _standing(item: Item) -> str:
    """When it was updated; where it is not there, why, and when it will be."""
    if item.get("held"):
        if not item.get("updated_at"):
            return ""
        day = formats.day_of(item["updated_at"], frame.today(), language())
        return say("source.updated", day=day)
    if not item.get("holders"):
        return say("basics.item_not_connected")
    if item.get("owner_id") == _SELF:
        return say("basics.item_yours")
    if item.get("is_due"):
        return say("basics.item_missing", owner=item.get("owner") or formats.MISSING)
    return say("basics.item_no_event")
