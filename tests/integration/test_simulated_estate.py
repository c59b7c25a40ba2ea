"""What a small college is too small to show: flats in demand, cards that both grew and moved.

A college of 3,000 students and 600 staff over three years; only its assets and allocations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from warehouse.simulate.appointments import make_appointments
from warehouse.simulate.campus.asset_changes import change_rows
from warehouse.simulate.campus.assets import Assets, make_assets
from warehouse.simulate.campus.housing import allocations, rents
from warehouse.simulate.campus.members import Roster
from warehouse.simulate.campus.places import Places
from warehouse.simulate.curriculum import make_curriculum
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property, make_property
from warehouse.simulate.staff import make_staff
from warehouse.simulate.students import make_students

PLAN = Plan(date(2026, 11, 20), students=3_000, staff=600, years=3, seed=5)


@dataclass(frozen=True)
class Estate:
    property: Property
    assets: Assets
    allocated: pl.DataFrame


@pytest.fixture(scope="module")
def estate() -> Estate:
    people = make_students(PLAN, make_curriculum(PLAN))
    staff = make_staff(PLAN, people)
    house = make_property(PLAN, SimpleNamespace(room_sizes=[60] * 40))
    places = Places(house)
    assets = make_assets(PLAN, places, Roster(staff, make_appointments(PLAN, staff)))
    return Estate(house, assets, allocations(PLAN, staff, places))


def _held(changes: pl.DataFrame, day: date) -> dict[str, float]:
    """Original value of each unit by the changes up to a day."""
    known = changes.filter(pl.col("change_date") <= day)
    leaves = pl.col("change_type").is_in(["报废", "盘亏", "调拨"])
    holder = pl.when(pl.col("change_type") == "调拨").then("from_unit").otherwise(
        pl.coalesce("from_unit", "to_unit")
    )  # fmt: skip
    gone = known.filter(leaves).select(unit=holder, amount=-pl.col("amount"))
    come = known.filter(~pl.col("change_type").is_in(["报废", "盘亏"]))
    sums = pl.concat([gone, come.select(unit="to_unit", amount="amount")])
    return {
        unit: round(value, 2)
        for unit, value in sums.group_by("unit").agg(pl.col("amount").sum()).iter_rows()
        if abs(value) > 0.005
    }


@pytest.mark.parametrize("months_ago", [0, 5, 13, 26])
def test_a_unit_holds_what_its_changes_sum_to_on_any_day(estate: Estate, months_ago: int) -> None:
    day = PLAN.as_of - timedelta(days=1 + 30 * months_ago)
    cards = estate.assets.cards_at(datetime.combine(day, datetime.min.time()) + timedelta(hours=23))
    counted = cards.filter(~pl.col("status").is_in(["5", "6"]))
    value = counted.group_by("unit_code").agg(pl.col("original_value").sum()).iter_rows()
    held = _held(change_rows(PLAN, estate.assets), day)
    assert held == pytest.approx({unit: round(total, 2) for unit, total in value}, abs=0.01)


def test_some_cards_grew_before_they_moved_and_some_after(estate: Estate) -> None:
    both = estate.assets.cards.filter(
        pl.col("moved").is_not_null() & pl.col("raised").is_not_null()
        & (pl.col("moved") < PLAN.as_of) & (pl.col("raised") < PLAN.as_of)
    )  # fmt: skip
    assert both.filter(pl.col("moved") < pl.col("raised")).height > 0
    assert both.filter(pl.col("moved") > pl.col("raised")).height > 0


def test_no_flat_has_two_tenants_at_a_time(estate: Estate) -> None:
    flats = estate.allocated.filter(pl.col("allocation_type") != "办公").sort(
        "room_code", "start_date"
    )
    assert len(flats) > flats["room_code"].n_unique(), "flats change hands"
    free = flats.with_columns(
        before=pl.col("end_date").fill_null(date(2200, 1, 1)).shift(1).over("room_code")
    ).filter(pl.col("before") >= pl.col("start_date"))
    assert free.is_empty()


def test_nobody_has_two_desks_and_no_office_is_overfull(estate: Estate) -> None:
    desks = estate.allocated.filter(pl.col("allocation_type") == "办公")
    twice = desks.sort("staff_no", "start_date").with_columns(
        before=pl.col("end_date").fill_null(date(2200, 1, 1)).shift(1).over("staff_no")
    )
    assert twice.filter(pl.col("before") >= pl.col("start_date")).is_empty()
    areas = dict(estate.property.rooms.select("room_code", "area").iter_rows())
    for day in (PLAN.start, date(2025, 3, 1), PLAN.as_of - timedelta(days=1)):
        used = desks.filter(
            (pl.col("start_date") <= day)
            & (pl.col("end_date").is_null() | (pl.col("end_date") >= day))
        ).group_by("room_code").agg(pl.col("area_share").sum())  # fmt: skip
        assert len(used) > 60
        assert all(share <= areas[room] for room, share in used.iter_rows())


def test_the_rent_of_a_month_is_that_of_the_flats_let_at_its_end(estate: Estate) -> None:
    row = rents(PLAN, estate.allocated).filter(pl.col("booked_date") == date(2025, 5, 31))
    day = date(2025, 5, 31)
    let = estate.allocated.filter(
        (pl.col("start_date") <= day) & (pl.col("end_date").is_null() | (pl.col("end_date") > day))
    )
    assert row["amount"].to_list() == [round(let["monthly_rent"].sum(), 2)]
