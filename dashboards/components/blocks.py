"""The boxes of my data that more than one page shows. Each takes the tables of one answer, shows
nothing where the person has none, and says below where its data come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup, wrong
from dashboards.text import language, say

__all__ = [
    "Tables",
    "change_steps",
    "grade_entry",
    "grades_card",
    "nothing_here",
    "source_line",
]


class Tables:
    """The tables of one answer of `/v1/my/…`; one that is not there has no rows."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._tables = answer.get("tables", {})
        self._shown: Counter[str] = Counter()

    def rows(self, name: str) -> list[dict[str, Any]]:
        return list(self._tables.get(name, {}).get("rows", ()))

    def first(self, name: str) -> dict[str, Any]:
        rows = self.rows(name)
        return rows[0] if rows else {}

    def total(self, name: str) -> int:
        table = self._tables.get(name, {})
        return int(table.get("total", len(table.get("rows", ()))))

    def provenance(self, name: str) -> Mapping[str, Any]:
        """Where a table comes from; also one that is not here itself but summed up in another."""
        if own := self._tables.get(name, {}).get("provenance"):
            return own
        for table in self._tables.values():
            if summed_up := table.get("sources", {}).get(name):
                return summed_up
        return {}

    def place_of(self, name: str) -> str:
        """A key for what stands below the next box of this table: another one each time."""
        self._shown[name] += 1
        return f"{name}_{self._shown[name]}"

    def owner(self, name: str) -> str:
        return str(self.provenance(name).get("owner") or "")

    def names(self) -> list[str]:
        """The tables that are there, in the order of the answer."""
        return list(self._tables)

    def any(self) -> bool:
        return any(table.get("rows") for table in self._tables.values())


def source_line(tables: Tables, name: str) -> None:
    """Under a box, once: who answers for it, which system it comes from, when it was updated and is
    to be again; folded why it is held and how long; and the way to say that it is wrong."""
    source = tables.provenance(name)
    if not source:
        return
    tongue, today = language(), frame.today()
    updated = source.get("updated_at")
    due = formats.from_iso_date(source.get("due_on"))
    late = (today - due).days if due is not None and due < today else 0
    parts = [
        say("source.owner", unit=source["owner"]) if source.get("owner") else "",
        source.get("source_name") or "",
        say("source.updated", day=formats.day_of(updated, today, tongue))
        if updated
        else say("source.never"),
        say("source.due", day=formats.day(due, today, tongue)) if due and not late else "",
    ]
    items = "、".join(item["name"] for item in source.get("items") or () if item.get("name"))
    folded = [
        say("source.items", text=items) if items else "",
        say("source.basis", text=source["legal_basis"]) if source.get("legal_basis") else "",
        say("source.kept", text=source["retention"]) if source.get("retention") else "",
        say("source.deadline", text=source["deadline"]) if source.get("deadline") else "",
        say("source.cadence", text=source["cadence"]) if source.get("cadence") else "",
        say(f"source.due_by.{source['due_by']}") if source.get("due_by") else "",
    ]
    line = markup.provenance(
        parts, say("source.why"), folded, say("source.late", days=late) if late else ""
    )
    place = tables.place_of(name)
    with st.container(
        key=f"source_{place}",
        horizontal=True,
        vertical_alignment="bottom",
        gap="small",
    ):
        st.html(line)
        wrong.press(place, name)


def nothing_here(tables: Tables) -> bool:
    """Say so when a page has nothing at all for this person."""
    if tables.any():
        return False
    st.html(markup.empty(say("me.none"), say("me.none_body")))
    return True


def grade_entry(row: Mapping[str, Any], *, with_term: bool = False) -> markup.Entry:
    """A course with its mark, and where the mark lies within the class if that may be shown."""
    mine, low, high = row.get("total_score"), row.get("class_p25"), row.get("class_p75")
    figure, place = "", ""
    if mine is not None and low is not None and high is not None:
        alt = say(
            "grade.alt",
            low=formats.number(low),
            high=formats.number(high),
            mine=formats.number(mine),
        )
        figure = markup.distribution(float(low), float(high), float(mine), alt)
        place = _place(float(mine), float(low), float(high), row.get("share_below"))
    details = [place]
    if with_term:
        details.append(formats.term(row.get("term_code"), language()))
    parts = []
    if row.get("usual_score") is not None and row.get("final_score") is not None:
        usual, final = (formats.number(row[name]) for name in ("usual_score", "final_score"))
        parts.append(say("grade.parts", usual=usual, final=final))
    if row.get("grade_point") is not None:
        parts.append(say("study.point", point=formats.number(row["grade_point"], 1)))
    if row.get("exam_mode"):
        parts.append(str(row["exam_mode"]))
    details.append(" · ".join(parts))
    failed = row.get("passed") is False
    score = formats.number(mine) if mine is not None else str(row.get("grade_label") or "—")
    absent = str(row.get("absent_cheat") or "")
    nature = str(row.get("exam_nature") or "")
    credits = f"{formats.number(row.get('credits'), 1)} {say('unit.credits')}"
    if nature and not nature.startswith("正常"):
        credits += f" · {nature}"
    if absent:
        credits += f" · {absent}"
    return markup.Entry(
        str(row.get("course_name") or row.get("course_code") or "—"),
        *details,
        remark=credits,
        side=score,
        side_note=say("grade.not_passed") if failed else "",
        score=True,
        figure=figure,
    )


def _place(mine: float, low: float, high: float, share_below: float | None) -> str:
    if low <= mine <= high:
        return say("grade.middle")
    if mine > high and share_below is not None:
        return say("grade.higher", share=formats.share(share_below * 100, 0))
    return say("grade.upper") if mine > high else say("grade.lower")


def grades_card(tables: Tables, limit: int) -> None:
    """The latest marks, and the way to all of them."""
    rows = tables.rows("overview_grade")[:limit]
    if not rows:
        return
    with frame.card("grades"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(say("me.recent_grades")), width="content")
            st.page_link(
                st.session_state["_pages"]["study"],
                label=say("me.all_grades", count=rows[0]["grade_count"]),
            )
        st.html(markup.entries(grade_entry(row) for row in rows))
        source_line(tables, "course_grade")


def change_steps(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, bool]]:
    """Changes of a student's status as steps of a timeline, newest first."""
    steps = []
    for row in sorted(rows, key=lambda row: str(row.get("effective_date") or ""), reverse=True):
        moves = [
            f"{row.get(f'from_{what}') or formats.MISSING} → {row[f'to_{what}']}"
            for what in ("college", "major", "class", "status")
            if row.get(f"to_{what}") and row.get(f"to_{what}") != row.get(f"from_{what}")
        ]
        days = [
            say(f"study.{word}", day=formats.day(row[name], frame.today(), language()))
            for word, name in (("applied", "apply_date"), ("approved", "approved_date"))
            if row.get(name)
        ]
        why = [str(row[name]) for name in ("change_reason", "document_no") if row.get(name)]
        about = " · ".join([*moves, *why, *days])
        when = formats.day(row.get("effective_date"), frame.today(), language())
        steps.append((when, str(row.get("change_type") or "—"), about, False))
    return steps
