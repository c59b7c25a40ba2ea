"""What is chosen on 往期数据: then, the unit, the indicator, the year; it stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address, let_address_decide, path_of
from dashboards.components.parts import scope_name
from dashboards.figures import Scope
from dashboards.text import say

__all__ = ["address", "begin", "choose", "choose_day", "unit_names"]

_FILTERS = ("then", "unit", "indicator", "year")


def begin() -> None:
    """Before anything is chosen."""
    let_address_decide(_FILTERS)


def unit_names(choices: Mapping[str, Any]) -> dict[str, str]:
    """Units to choose from and their names: the school, then each college with its majors."""
    units = [
        Scope(unit["level"], str(unit["unit"]), unit.get("unit_name") or "", unit["parent_unit"])
        for unit in choices.get("units", ())
    ]
    names = {"school": say("stat.school")}
    for college in (unit for unit in units if unit.level == "college"):
        names[college.key] = scope_name(college)
        for major in units:
            if major.level == "major" and major.parent == college.unit:
                names[major.key] = f"{scope_name(college)} · {scope_name(major)}"
    return names


def choose(
    key: str,
    options: Sequence[str],
    first: str,
    label: str,
    named: Callable[[str], str],
    width: int,
) -> None:
    """One of several; `first`, where nobody chose, leaves the address short."""
    chosen = from_address(key, options, first)
    st.selectbox(
        label, options, format_func=named, key=key, width="stretch" if frame.is_phone() else width
    )
    into_address(key, chosen, first)


def choose_day(choices: Mapping[str, Any]) -> None:
    """Any other day, behind a button."""
    today = frame.today()
    with st.popover(say("earlier.other_day"), type="tertiary", icon=":material/event:", wrap=False):
        day = st.date_input(
            say("earlier.day"), value=today, max_value=today, key="day", format="YYYY-MM-DD"
        )
        st.html(markup.note(say("earlier.day_note")))
        st.button(say("earlier.show_day"), key="show_day", on_click=_show, args=(day,))


def _show(day: date | None) -> None:
    if day is not None:
        st.session_state["then"] = day.isoformat()


def address() -> str:
    """The page's address with all that is chosen."""
    return path_of("/earlier", _FILTERS)
