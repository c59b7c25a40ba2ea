"""When each asset came, what it is, and what becomes of it in the window."""

from __future__ import annotations

import numpy as np

from warehouse.simulate.campus.asset_kinds import ALWAYS, KINDS, kind_index
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS
from warehouse.simulate.catalogue import COLLEGES
from warehouse.simulate.plan import Plan

__all__ = ["MAJORS", "NEVER", "draw_acquisitions", "draw_fates", "draw_kinds", "draw_units"]

_PER_STUDENT = 3.1
_A_YEAR = 0.185
"Cards for each student: held, and bought in a year."
#: Share of a year's purchases in each month: budgets are spent before December.
_BUYING = (0.02, 0.01, 0.05, 0.07, 0.08, 0.09, 0.05, 0.06, 0.10, 0.12, 0.18, 0.17)
NEVER = np.datetime64("2200-01-01", "D")
MAJORS = tuple(unit.code for unit in COLLEGES if unit.share)


def _batches(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Month (first day) and number of cards bought in it, for every month the window touches."""
    month = np.datetime64(plan.start, "M")
    found = np.arange(month, np.datetime64(plan.as_of, "M") + 1)
    share = np.array(_BUYING)[found.astype(np.int64) % 12]
    exact = np.cumsum(share * plan.students * _A_YEAR)
    whole = np.floor(exact).astype(np.int64)
    return found, np.diff(whole, prepend=0)


def draw_acquisitions(plan: Plan, draws: Draws) -> tuple[np.ndarray, np.ndarray, int]:
    """Index and day of every card, and how many of them were there when the window opens."""
    stock = max(200, round(plan.students * (_PER_STUDENT - _A_YEAR * plan.years)))
    old = np.arange(stock)
    age = 20 + (1 - draws.uniform("age", old) ** 0.45) * 365 * 14
    start = np.datetime64(plan.start, "D")
    days = [start - np.rint(age).astype("timedelta64[D]")]
    for month, count in zip(*_batches(plan), strict=True):
        index = stock + sum(len(part) for part in days[1:]) + np.arange(count)
        day = draws.integers("day", 0, 28, index)
        days.append(month.astype("datetime64[D]") + day.astype("timedelta64[D]"))
    day = np.concatenate(days)
    # Deliveries are taken over on working days.
    weekend = np.maximum((day.astype(np.int64) + 3) % 7 - 4, 0)
    back = np.where(
        (day - day.astype("datetime64[M]")).astype(np.int64) >= 2, -weekend, 3 - weekend
    )
    day = day + np.where(weekend > 0, back, 0).astype("timedelta64[D]")
    return np.arange(len(day)), day, stock


def draw_kinds(draws: Draws, asset: np.ndarray, stock: int) -> np.ndarray:
    kind = draws.choice("kind", [item.share for item in KINDS], asset)
    place = 0
    for name, count in ALWAYS:
        kind[place : min(place + count, stock)] = kind_index(name)
        place += count
    return kind


def draw_units(draws: Draws, asset: np.ndarray, kind: np.ndarray) -> np.ndarray:
    places = np.array([item.place for item in KINDS])[kind]
    share = [unit.share for unit in COLLEGES if unit.share]
    college = np.array(MAJORS)[draws.choice("college", share, asset)]
    office = np.array(UNITS)[draws.integers("unit", 0, len(UNITS), asset)]
    fixed = {"class": "104", "hostel": "109", "canteen": "109", "library": "111", "gym": "209",
             "network": "110", "vehicle": "109", "none": "110"}  # fmt: skip
    unit = np.where(np.isin(places, ["lab", "computer"]), college, office)
    for place, code in fixed.items():
        unit = np.where(places == place, code, unit)
    return unit


def _first_year(
    plan: Plan, draws: Draws, question: str, chance: np.ndarray, asset: np.ndarray,
    acquired: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The day of the first academic year in which it happens, or never; `chance` is
    assets × years. It happens at the earliest half a year after the acquisition."""
    start = np.datetime64(plan.start, "D")
    found = np.full(len(asset), NEVER)
    for year in range(chance.shape[1]):
        happens = draws.uniform(question, asset, year) < chance[:, year]
        offset = draws.integers(question + "/day", 20, 330, asset, year)
        day = start + (365 * year + offset).astype("timedelta64[D]")
        fits = happens & (found == NEVER) & (day > acquired + np.timedelta64(180, "D"))
        found = np.where(fits, day, found)
    return found


def draw_fates(plan: Plan, draws: Draws, asset: np.ndarray, acquired: np.ndarray,
           kind: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    years = plan.drawn_years.stop - plan.start.year
    life = np.array([item.life for item in KINDS])[kind]
    movable = np.array([item.place in ("office", "lab", "computer") for item in KINDS])[kind]
    machine = np.array([item.price > 5_000 and not item.software for item in KINDS])[kind]
    begin = np.datetime64(plan.start, "D") + (365 * np.arange(years)).astype("timedelta64[D]")
    age = (begin[None, :] - acquired[:, None]).astype(np.int64) / 365.25
    dying = np.where(age >= life[:, None], 0.075, 0.004)
    even = np.ones((len(asset), years))
    ended = _first_year(plan, draws, "end", dying, asset, acquired)
    moved = _first_year(plan, draws, "move", 0.03 * movable[:, None] * even, asset, acquired)
    raised = _first_year(plan, draws, "raise", 0.008 * machine[:, None] * even, asset, acquired)
    idle = _first_year(plan, draws, "idle", 0.008 * even, asset, acquired)
    margin = np.timedelta64(90, "D")
    late = [np.where(day < ended - margin, day, NEVER) for day in (moved, raised, idle)]
    return {"ended": ended, "moved": late[0], "raised": late[1], "idle": late[2]}
