"""Where one lives or has a room, and health as the college knows it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, amount, day, facts, joined, list_card, span, text
from dashboards.text import say

__all__ = [
    "checkups_card",
    "dormitory_card",
    "examinations_card",
    "fitness_card",
    "minutes_and_seconds",
    "rooms_card",
    "staff_examinations_card",
]

_TESTS = (
    "height_cm",
    "weight_kg",
    "bmi_score",
    "lung_capacity",
    "run_50m",
    "sit_reach",
    "long_jump",
    "strength",
)


def dormitory_card(tables: Tables) -> None:
    """Rooms in the halls, the present one first, with nights come home late."""
    rows = tables.rows("dorm_stay")
    if not rows:
        return
    steps = []
    for row in rows:
        late = row.get("late_return_count")
        out = row.get("check_out_date") or row.get("stay_ends_on")
        about = joined(
            say("life.floor", floor=row["floor"]) if row.get("floor") is not None else "",
            say("life.bed", bed=row["bed_no"]) if row.get("bed_no") else "",
            say("life.beds", count=row["beds"]) if row.get("beds") else "",
            say("life.late", count=late) if late else "",
        )
        when = span(row.get("check_in_date"), out, open_end=bool(row.get("is_current")))
        name = joined(row.get("building_name"), row.get("room_code")) or formats.MISSING
        steps.append((when, name, about, False))
    with frame.card("dorm_stay"):
        st.html(markup.title(say("box.dorm_stay")))
        st.html(markup.timeline(steps))
        source_line(tables, "dorm_stay")


def rooms_card(tables: Tables) -> None:
    """Rooms that a member of staff has or had: offices and college housing."""
    list_card(tables, "staff_room", _room)


def _room(row: Row) -> markup.Entry:
    area = row.get("area_share")
    rent = say("life.rent", amount=amount(row, "monthly_rent")) if row.get("monthly_rent") else ""
    over = row.get("end_date") and str(row["end_date"])[:10] <= frame.today().isoformat()
    return markup.Entry(
        joined(row.get("building_name"), row.get("room_code")) or formats.MISSING,
        joined(row.get("tenure"), span(row.get("start_date"), row.get("end_date")), rent),
        remark=str(row.get("allocation_type") or ""),
        side=say("life.area", area=formats.number(area, 1)) if area is not None else "",
        side_note=say("life.given_back") if over else " ",
    )


def examinations_card(tables: Tables) -> None:
    """Health checks of a student; the screening for infections opens on a press."""
    rows = tables.rows("student_physical_exam")
    if not rows:
        return
    with frame.card("student_physical_exam"):
        st.html(markup.title(say("box.student_physical_exam")))
        for row in rows:
            follow = bool(row.get("is_follow_up"))
            entry = markup.Entry(
                say("life.exam", kind=text(row, "exam_kind")),
                joined(day(row, "exam_date"), row.get("health_status")),
                side=say("life.follow_up") if follow else "",
                state="watch",
            )
            st.html(markup.entries([entry]) + _infection(row))
        source_line(tables, "student_physical_exam")


def _infection(row: Row) -> str:
    found = row.get("is_infectious_positive")
    if found is None:
        return ""
    word = say("life.positive") if found else say("life.negative")
    return markup.facts([], [(say("life.infection"), say("list.reveal"), word)])


def fitness_card(tables: Tables) -> None:
    """Physical tests: the total over the years, and what each was made of."""
    rows = tables.rows("student_fitness_test")
    if not rows:
        return
    with frame.card("student_fitness_test"):
        st.html(markup.title(say("box.student_fitness_test")))
        scores = [row for row in rows[::-1] if row.get("total_score") is not None]
        if len(scores) > 1:
            st.vega_lite_chart(
                charts.trend([_score(row) for row in scores], dark=frame.is_dark(), height=150),
                theme=None,
                key="fitness_trend",
                alt=say(
                    "life.fitness_alt",
                    first=formats.number(scores[0]["total_score"], 0),
                    last=formats.number(scores[-1]["total_score"], 0),
                ),
            )
        newest, *older = rows
        st.html(markup.entries([_test(newest)]) + _measures(newest))
        if older:
            inside = "".join(markup.entries([_test(row)]) + _measures(row) for row in older)
            st.html(markup.folded(say("list.more", count=len(older)), inside))
        source_line(tables, "student_fitness_test")


def _score(row: Row) -> dict[str, Any]:
    label = formats.number(row["total_score"], 1)
    year = str(row["year"])
    return {"period": year, "value": float(row["total_score"]), "label": label, "shown": label}


def _test(row: Row) -> markup.Entry:
    if row.get("is_exempt"):
        return markup.Entry(str(row.get("year")), side=say("life.exempt"), state="")
    grade = str(row.get("fitness_grade") or "")
    return markup.Entry(
        str(row.get("year")),
        remark=grade,
        side=formats.number(row.get("total_score"), 1),
        side_note=say("study.total"),
        score=True,
    )


def _measures(row: Row) -> str:
    shown = facts(row, _TESTS)
    seconds = row.get("endurance_seconds")
    if seconds is None:
        return shown
    return shown + markup.facts([(say("life.endurance"), minutes_and_seconds(int(seconds)))])


def minutes_and_seconds(seconds: int) -> str:
    """`4′13″`, as the sports college writes a run."""
    return f"{seconds // 60}′{seconds % 60:02d}″"


def checkups_card(tables: Tables) -> None:
    """The yearly check-up that the union offers staff."""
    list_card(tables, "staff_checkup", _checkup)


def _checkup(row: Row) -> markup.Entry:
    attended = row.get("is_attended")
    when = day(row, "attended_date")
    side, state = "", None
    if attended:
        side, state = say("life.attended"), "good"
    elif row.get("is_due"):
        side, state = say("life.not_attended"), ""
    return markup.Entry(
        str(row.get("year")),
        joined(row.get("package"), say("life.attended_on", day=when) if when else ""),
        side=side,
        state=state,
    )


def staff_examinations_card(tables: Tables) -> None:
    """What the check-up found, in the hospital's classes."""
    list_card(tables, "staff_physical_exam", _examination)


def _examination(row: Row) -> markup.Entry:
    care = say("life.chronic_care") if row.get("has_chronic_care") else ""
    return markup.Entry(str(row.get("year")), joined(row.get("health_status"), care))
