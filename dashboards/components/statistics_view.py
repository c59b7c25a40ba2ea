"""What the pages of the statistics share: where one stands, the filters, and the public cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboards import auth, formats
from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address, let_address_decide, path_of
from dashboards.components.parts import bars, name_withheld, scope_name
from dashboards.components.receipt import name_of
from dashboards.components.shown import Shown, period_name
from dashboards.figures import Figures
from dashboards.text import TEXT, language, say
from dashboards.topics import topic_of_row

__all__ = [
    "View",
    "asked_indicator",
    "bars_inside",
    "choose_indicator",
    "choose_row",
    "choose_unit",
    "choose_year",
    "chosen_indicator",
    "first_with_parts",
    "how_far",
    "named",
    "open_parts",
    "open_unit",
    "open_view",
    "parts_button",
    "parts_title",
    "pick_bar",
    "public_cards",
    "title_of",
    "topic_link",
]

#: Filters that live in the address, by their keys.
_FILTERS = ("unit", "year", "indicator")


@dataclass(frozen=True)
class View:
    """Where a page of the statistics stands: `scope` is `school`, `college:201` or `major:0101`,
    `year` a year of `years`."""

    visit: auth.Visit
    figures: Figures
    scope: str
    year: str
    first_scope: str
    units: Sequence[str]
    years: Sequence[str]

    def with_parts(self, indicators: Sequence[str]) -> View:
        """Also with the figures of the units inside, of these indicators. Those inside a college
        are there already."""
        if self.scope != "school" or not indicators:
            return self
        more = auth.statistics(
            self.visit, within="school", indicator=",".join(sorted(set(indicators)))
        )
        return replace(self, figures=self.figures.joined(more))

    def path(self, page: str) -> str:
        """The address of a page with the filters in force."""
        return path_of(page, _FILTERS)

    def into_address(self, indicator: str, first: str) -> None:
        """Write the filters into the address. A page that was opened bare stays bare while nothing
        was chosen: it shows each reader what is theirs, now. Anything else names unit, year and
        indicator, so that it shows a colleague the same, also next year."""
        now = {"unit": self.scope, "year": self.year, "indicator": indicator}
        bare = {"unit": self.first_scope, "year": self.years[-1], "indicator": first}
        if now == bare and not any(key in st.query_params for key in _FILTERS):
            return
        for key, value in now.items():
            if st.query_params.get(key) != value:
                st.query_params[key] = value

    @property
    def address(self) -> dict[str, str]:
        """The filters as a link to another page of the statistics carries them."""
        return {"unit": self.scope, "year": self.year}


def open_view(visit: auth.Visit, row: str | None = None) -> View | None:
    """The figures of one dataset, or of all, where the address says; None where there are none."""
    let_address_decide(_FILTERS)
    asked = {"row": row} if row else {}
    figures = auth.statistics(visit, level="school", **asked)
    units = _units(figures)
    if not units:
        return None
    first_scope = _first_scope(figures, units)
    scope = from_address("unit", units, first_scope)
    if scope != "school":
        figures = figures.joined(auth.statistics(visit, within=scope, **asked))
    years = figures.years()
    if not years:
        return None
    year = from_address("year", years, years[-1])
    return View(visit, figures, scope, year, first_scope, units, years)


def _units(figures: Figures) -> list[str]:
    """The school where anything of it is open, then colleges, then majors."""
    school = ["school"] if "school" in figures.scopes else []
    inside = [scope for scope in figures.scopes.values() if scope.level in ("college", "major")]
    inside.sort(key=lambda scope: (scope.level, scope.unit))
    return [*school, *(scope.key for scope in inside)]


def _first_scope(figures: Figures, units: Sequence[str]) -> str:
    """A dean begins at the own college; the head of an office at the school's figures it answers
    for, which are more than those of the office itself."""
    own = [key for key in figures.reach.get("units", ()) if key in units]
    if own and not figures.reach.get("everything") and figures.reach.get("datasets") is None:
        return own[0]
    return units[0]


def open_unit(key: str) -> None:
    st.session_state["unit"] = key


def pick_bar() -> None:
    """A bar was selected: open its unit."""
    for name, state in st.session_state.items():
        if str(name).startswith("bars_") and state:
            for point in state.selection.get("pick", []):
                if point.get("unit", "").startswith(("college:", "major:")):
                    open_unit(point["unit"])


def choose_unit(view: View) -> None:
    """The unit: the school, every college, and of the open college its majors."""
    figures = view.figures
    here = figures.scopes.get(view.scope)
    college = here.unit if here and here.level == "college" else here.parent if here else None
    options = [
        key
        for key in view.units
        if not key.startswith("major:") or figures.scopes[key].parent == college
    ]
    options.sort(key=lambda key: _place(view, key))
    st.selectbox(
        say("stat.unit"),
        options,
        format_func=lambda key: scope_name(figures.scopes.get(key)),
        key="unit",
        width=190,
        label_visibility="collapsed",
    )


def _place(view: View, key: str) -> tuple[str, str]:
    """Majors stand behind their college."""
    scope = view.figures.scopes[key]
    if scope.level == "major":
        return f"college:{scope.parent}", key
    return ("" if key == "school" else key), ""


def choose_year(view: View) -> None:
    st.segmented_control(
        say("stat.period"),
        sorted({*view.years[-3:], view.year}),
        required=True,
        format_func=lambda value: formats.year_name(value, language()),
        key="year",
        label_visibility="collapsed",
    )


def asked_indicator(names: dict[str, str]) -> list[str]:
    """The indicator that was asked for, if any, before anything is known of it."""
    asked = st.session_state.get("indicator", st.query_params.get("indicator"))
    return [asked] if asked in names else []


def chosen_indicator(names: dict[str, str], first: str) -> str:
    """The indicator that the page, or its address, has chosen, before the choice is drawn."""
    return from_address("indicator", list(names), first)


def choose_indicator(names: dict[str, str], first: str) -> str:
    """One of the page's indicators."""
    chosen = chosen_indicator(names, first)
    st.selectbox(
        say("stat.indicator"),
        list(names),
        format_func=names.get,
        key="indicator",
        width=300,
        label_visibility="collapsed",
    )
    return chosen


def choose_row(figures: Figures) -> str:
    """The row of annex 2 whose figures are wanted; all at once would be more than anybody reads."""
    rows = figures.rows()
    first = "A2-17" if "A2-17" in rows else rows[0]  # who is here comes before what there is
    row = from_address("row", rows, first)
    st.pills(
        say("stat.rows"),
        rows,
        required=True,
        format_func=lambda key: say(f"stat.row.{key}"),
        key="row",
        label_visibility="collapsed",
    )
    into_address("row", row, first)
    return row


def public_cards(shown: Shown, row: str) -> None:
    """The school's latest figures of a row; those held back are named in one line."""
    figures = shown.figures
    years = figures.years()
    of_row = [
        (indicator, cell)
        for indicator, cell in figures.shown("school", years[-1] if years else "")
        if indicator["row_code"] == row
    ]
    grid = st.grid(4, min_column_width=165)
    for indicator, cell in of_row:
        if cell.is_suppressed:
            continue
        with grid.cell(), frame.card(f"public_{indicator['id']}", stretch=True):
            shown.metric(indicator, cell, indicator["id"])
            signed = say(f"signed.{figures.signed(indicator, cell)}")
            st.html(markup.provenance([period_name(figures, cell), signed]))
    name_withheld([name_of(indicator) for indicator, cell in of_row if cell.is_suppressed])


def named(figures: Figures) -> dict[str, str]:
    """Indicator → its name in the reader's language, in the order of the answer."""
    return {indicator["id"]: name_of(indicator) for indicator in figures.indicators}


def title_of(view: View) -> str:
    return scope_name(view.figures.scopes.get(view.scope))


def parts_title(view: View, indicator: str) -> str:
    """The title of a chart or table of the units inside."""
    if view.scope == "school":
        return say("stat.by_college", indicator=indicator)
    return say("stat.by_major", indicator=indicator, unit=title_of(view))


def bars_inside(shown: Shown, view: View, indicator: str, limit: int) -> None:
    """Bars of the units inside, at most `limit`; a click opens a unit."""
    definition = view.figures.indicator(indicator)
    title = parts_title(view, name_of(definition))
    bars(shown, definition, view.scope, view.year, pick_bar, title=title, limit=limit)


def how_far(view: View) -> str:
    """Who does not see everything is told what they see."""
    reach = view.figures.reach
    if reach.get("everything", True):
        return ""
    scopes = view.figures.scopes
    own = "、".join(scope_name(scopes[key]) for key in reach["units"] if key in scopes)
    datasets = reach["datasets"]
    if datasets is None:
        return say("stat.reach_dean", units=own)
    rows = "、".join(say(f"stat.row.{row}") for row in datasets if f"stat.row.{row}" in TEXT)
    return say("stat.reach_office", rows=rows or "—", units=own or "—")


def first_with_parts(view: View, candidates: Sequence[str]) -> str:
    """The first of some indicators that is told of two or more units inside; else the first."""
    for name in candidates:
        cells = (
            view.figures.latest(name, place.key, view.year)
            for place in view.figures.inside(view.scope)
        )
        if sum(cell is not None and cell.value is not None for cell in cells) > 1:
            return name
    return candidates[0]


def parts_button(name: str) -> None:
    """One click from a figure to its parts on the same page."""
    st.button(
        say("stat.parts"),
        key=f"parts_of_{name}",
        type="tertiary",
        on_click=open_parts,
        args=(name,),
    )


def open_parts(name: str) -> None:
    st.session_state["indicator"] = name
    st.query_params["indicator"] = name


def topic_link(view: View, row: str | None, indicator: str = "", *, named: bool = False) -> None:
    """The way to the topic of a dataset (annex 2), where a figure of it stands with its parts;
    `named` by the topic where other ways stand beside it."""
    topic = topic_of_row(row)
    if topic is None:
        return
    st.page_link(
        st.session_state["_pages"][topic.address],
        label=say(f"page.{topic.address}" if named else "stat.look"),
        icon=":material/chevron_right:",
        icon_position="right",
        query_params={**view.address, **({"indicator": indicator} if indicator else {})},
    )
