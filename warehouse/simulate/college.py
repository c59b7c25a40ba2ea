"""Makes the college and writes what its systems would have handed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate import library, registers
from warehouse.simulate.academic_calendar import months
from warehouse.simulate.appointments import make_appointments
from warehouse.simulate.campus import write_campus
from warehouse.simulate.curriculum import make_curriculum
from warehouse.simulate.extracts import Extracts, require_space
from warehouse.simulate.fees import make_fees
from warehouse.simulate.loans import make_loans
from warehouse.simulate.meal_cards import account_rows, make_merchants, merchants_at
from warehouse.simulate.meals import meal_months
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import make_property
from warehouse.simulate.staff import make_staff
from warehouse.simulate.standing import Standing, read_standing, write_standing
from warehouse.simulate.students import Students, make_students
from warehouse.simulate.study import write_study
from warehouse.simulate.teaching import make_teaching
from warehouse.simulate.work import write_work

__all__ = ["Progress", "simulate", "simulate_day"]

#: Called with (what is being done, steps done, steps in all).
Progress = Callable[[str, int, int], None]

_FIXED_STEPS = 9


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
    return _deliver(home, plan, Extracts(home, plan), progress, mess=mess)


def simulate_day(
    home: Home, as_of: date | None = None, progress: Progress | None = None
) -> list[Path]:
    """Write what changed in the college of this data home on the day before `as_of` (null: the
    day that follows its last delivery) and return the paths.

    Events and history come as the rows that changed between the two extracts, snapshots in whole
    where they changed. Landed behind what was delivered before, the current state is that of the
    college delivered on `as_of` at once, across terms, calendar and academic years. Raises
    `SimulationError` when there is no college, or `as_of` is not the day that follows.
    """
    standing = read_standing(home)
    last = standing.plan
    following = last.as_of + timedelta(days=1)
    if (as_of or following) != following:
        raise SimulationError(
            f"{as_of} does not follow: the college under {home.root} was last delivered as of "
            f"{last.as_of}.",
            next_step=f"Deliver the days one after another; the next is: campus simulate --delta "
            f"--as-of {following}",
        )
    plan = replace(last, as_of=following, origin=last.first_seen)
    require_space(home, plan, days=1)
    home.create()
    extracts = Extracts(home, plan, since=last.cut, known=standing.snapshots)
    return _deliver(home, plan, extracts, progress)


def _deliver(
    home: Home,
    plan: Plan,
    extracts: Extracts,
    progress: Progress | None,
    *,
    mess: bool = False,
) -> list[Path]:
    try:
        _write(plan, extracts, progress or (lambda *_: None))
        if mess:
            extracts.mess_up(home)
        written = extracts.deliver()
        write_standing(home, Standing(plan, extracts.digests))
        return written
    finally:
        extracts.discard()


def _write(plan: Plan, extracts: Extracts, progress: Progress) -> None:
    total = _FIXED_STEPS + len(months(plan))
    progress("people", 0, total)
    curriculum = make_curriculum(plan)
    people = make_students(plan, curriculum)
    staff = make_staff(plan, people)
    posts = make_appointments(plan, staff)
    moments = [moment for moment in plan.snapshots if extracts.wants(moment)]
    for moment in moments:
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
    for moment in moments:
        extracts.snapshot("building", estate.buildings_at(moment), moment)
        extracts.snapshot("room", estate.rooms_at(moment), moment)
    classes = teaching.classes.join(
        estate.classrooms, on="room_rank", how="left", maintain_order="left"
    )
    extracts.events("teaching_class", classes.with_columns(source_updated_at="settled"))
    extracts.events("course_selection", teaching.selections)
    extracts.events("course_grade", teaching.grades)
    del classes
    progress("fees", 3, total)
    bills, payments = make_fees(plan, curriculum, people)
    extracts.events("fee_bill", bills)
    extracts.events("fee_payment", payments)
    progress("study", 4, total)
    paid_out = write_study(plan, extracts, curriculum=curriculum, people=people, staff=staff,
                           teaching=teaching, estate=estate, bills=bills,
                           payments=payments)  # fmt: skip
    del teaching
    progress("library", 5, total)
    items = library.make_items(plan)
    loans = make_loans(plan, people, staff, items)
    extracts.events("library_loan", loans)
    for moment in moments:
        extracts.snapshot("library_item", library.items_at(items, loans, moment), moment)
    progress("campus services", 6, total)
    services = write_campus(plan, extracts, curriculum, people, staff, posts, estate, items)
    progress("work", 7, total)
    write_work(plan, extracts, curriculum=curriculum, people=people, staff=staff, posts=posts,
               bills=bills, payments=payments, flows=[paid_out, services])  # fmt: skip
    del items, loans
    _write_meals(plan, extracts, people, progress, total)
    progress("inbox", total, total)


def _write_meals(
    plan: Plan, extracts: Extracts, people: Students, progress: Progress, total: int
) -> None:
    """One file a year, written month by month; the cards at each census on the way."""
    merchants = make_merchants(plan)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("meal_merchant", merchants_at(merchants, moment), moment)
    censuses = {moment.date().replace(day=1): moment for moment in plan.censuses
                if extracts.wants(moment)}  # fmt: skip
    with ExitStack() as stack:
        year, file = 0, None
        booked = meal_months(plan, people, merchants, extracts.months())
        for index, (month, frame, cards) in enumerate(booked):
            progress(f"meal cards {month:%Y-%m}", _FIXED_STEPS - 1 + index, total)
            fresh = month.year != year and frame is not None
            if fresh:
                year = month.year
                file = stack.enter_context(
                    extracts.open("meal_transaction", f"meal_transaction-{year}")
                )
            if frame is not None:
                extracts.append(
                    file, "meal_transaction", frame, extracts.year_end(year), header=fresh
                )
            if month in censuses:
                moment = censuses[month]
                rows = account_rows(people, cards, moment, plan)
                extracts.snapshot("meal_account", rows, moment)
        extracts.snapshot("meal_account", account_rows(people, cards, plan.cut, plan), plan.cut)
