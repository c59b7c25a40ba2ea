"""Makes the college and writes what its systems would have handed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from warehouse.home import Home
from warehouse.simulate import library, registers
from warehouse.simulate.academic_calendar import months
from warehouse.simulate.appointments import make_appointments
from warehouse.simulate.curriculum import make_curriculum
from warehouse.simulate.extracts import Extracts, require_space
from warehouse.simulate.fees import make_fees
from warehouse.simulate.loans import make_loans
from warehouse.simulate.meal_cards import account_rows, make_merchants, merchants_at
from warehouse.simulate.meals import meal_months
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import make_property
from warehouse.simulate.staff import make_staff
from warehouse.simulate.students import Students, make_students
from warehouse.simulate.teaching import make_teaching

__all__ = ["Progress", "simulate"]

#: Called with (what is being done, steps done, steps in all).
Progress = Callable[[str, int, int], None]

_FIXED_STEPS = 6


def simulate(
    home: Home,
    students: int = 2000,
    staff: int = 200,
    years: int = 2,
    seed: int = 7,
    as_of: date | None = None,
    progress: Progress | None = None,
    *,
    mess: bool = False,
) -> list[Path]:
    """Write extracts of a synthetic college into the inbox and return their paths.

    With `mess` they come as systems really deliver them, and `mess/mess.json` in the data home
    foretells what the ingest makes of each file (docs/simulator-mess.md).

    Equal arguments give equal bytes; `as_of` defaults to today, so name it where that matters.
    Nothing reaches the inbox before every file is complete. Raises `SimulationError` when the
    sizes make no college or the disk cannot hold it.
    """
    plan = Plan(as_of or date.today(), students, staff, years, seed)
    require_space(home, plan)
    home.create()
    extracts = Extracts(home, plan)
    try:
        _write(plan, extracts, progress or (lambda *_: None))
        if mess:
            extracts.mess_up(home)
        return extracts.deliver()
    finally:
        extracts.discard()


def _write(plan: Plan, extracts: Extracts, progress: Progress) -> None:
    total = _FIXED_STEPS + len(months(plan))
    progress("people", 0, total)
    curriculum = make_curriculum(plan)
    people = make_students(plan, curriculum)
    staff = make_staff(plan, people)
    posts = make_appointments(plan, staff)
    for moment in plan.snapshots:
        extracts.snapshot("org_unit", registers.units_at(plan, posts, moment), moment)
        extracts.snapshot("staff_basic", registers.staff_at(staff, moment), moment)
        extracts.snapshot(
            "student_status", registers.students_at(plan, people, staff, moment), moment
        )
        extracts.snapshot("major", registers.majors_at(plan, curriculum, moment), moment)
        extracts.snapshot("course", registers.courses_at(curriculum, moment), moment)
    extracts.events("staff_position_record", posts.posts)
    extracts.events("student_status_change", people.changes)
    progress("teaching", 1, total)
    teaching = make_teaching(plan, curriculum, people, staff)
    progress("rooms", 2, total)
    estate = make_property(plan, teaching)
    for moment in plan.snapshots:
        extracts.snapshot("building", estate.buildings_at(moment), moment)
        extracts.snapshot("room", estate.rooms_at(moment), moment)
    classes = teaching.classes.join(
        estate.classrooms, on="room_rank", how="left", maintain_order="left"
    )
    extracts.events("teaching_class", classes.with_columns(source_updated_at="settled"))
    extracts.events("course_selection", teaching.selections)
    extracts.events("course_grade", teaching.grades)
    del teaching, classes
    progress("fees", 3, total)
    bills, payments = make_fees(plan, curriculum, people)
    extracts.events("fee_bill", bills)
    extracts.events("fee_payment", payments)
    progress("library", 4, total)
    items = library.make_items(plan)
    loans = make_loans(plan, people, staff, items)
    extracts.events("library_loan", loans)
    for moment in plan.snapshots:
        extracts.snapshot("library_item", library.items_at(items, loans, moment), moment)
    del items, loans
    _write_meals(plan, extracts, people, progress, total)
    progress("inbox", total, total)


def _write_meals(
    plan: Plan, extracts: Extracts, people: Students, progress: Progress, total: int
) -> None:
    """One file a year, written month by month; the cards at each census on the way."""
    merchants = make_merchants(plan)
    for moment in plan.snapshots:
        extracts.snapshot("meal_merchant", merchants_at(merchants, moment), moment)
    censuses = {moment.date().replace(day=1): moment for moment in plan.censuses}
    with ExitStack() as stack:
        year, file = 0, None
        for index, (month, frame, cards) in enumerate(meal_months(plan, people, merchants)):
            progress("meal cards", _FIXED_STEPS - 1 + index, total)
            fresh = month.year != year
            if fresh:
                year = month.year
                file = stack.enter_context(
                    extracts.open("meal_transaction", f"meal_transaction-{year}")
                )
            extracts.append(file, "meal_transaction", frame, extracts.year_end(year), header=fresh)
            if month in censuses:
                moment = censuses[month]
                rows = account_rows(people, cards, moment, plan)
                extracts.snapshot("meal_account", rows, moment)
        extracts.snapshot("meal_account", account_rows(people, cards, plan.cut, plan), plan.cut)
