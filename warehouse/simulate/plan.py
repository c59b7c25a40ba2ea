"""What is asked of the simulator, and the dates that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from warehouse.errors import SimulationError

__all__ = ["SOURCE_SYSTEM", "Plan", "last_day"]

#: What every simulated row bears as `source_system`; a demonstration is legal only on such rows.
SOURCE_SYSTEM = "simulator"

#: One random stream per subject, so that a change in one table leaves the others as they were.
_STREAMS = (
    "cohorts",
    "people",
    "staff",
    "appointments",
    "curriculum",
    "selection",
    "grades",
    "fees",
    "meal_habits",
    "meals",
    "library",
    "loans",
    "property",
    "changes",
    # campus services: one key for all of them, see campus/draws.py
    "campus",
    # work: staff, money and research
    "work_careers",
    "work_service",
    "work_life",
    "work_self",
    "work_research",
    "work_outputs",
    "work_pay",
    "work_claims",
    # study: each hands a salt to the draws of its subject
    "aid",
    "awards",
    "campus_life",
    "dormitories",
    "family",
    "graduation",
    "health",
    "intake",
    "learning",
    "minds",
    "offices",
    "politics",
    "results",
    "returns",
    # what the mess makes of it
    "mess",
)


@dataclass(frozen=True)
class Plan:
    """A synthetic college: everything it contains follows from these values.

    `students` is the number in residence (status 在读) in the autumn of the academic year of
    `origin`; `staff` the number on post, external teachers not counted. The simulated window opens
    on the 1 September that lies at least `years` years before `origin` and closes at 02:00
    (Beijing) of `as_of`, as a nightly extract would. `origin` is the as-of day the college was
    first seen from (null: `as_of` itself); days that follow keep it, so that the window and the
    sizes stay where they were. Raises `SimulationError` for a size no college has.

    What is dated before a day never depends on how far `as_of` lies behind it: everything is
    drawn by person or by period, through whole periods, and cut at `cut` afterwards.
    """

    as_of: date
    students: int = 2000
    staff: int = 200
    years: int = 2
    seed: int = 7
    origin: date | None = None

    def __post_init__(self) -> None:
        bounds = {
            "students": (self.students, 200, 200_000),
            "staff": (self.staff, 30, 20_000),
            "years": (self.years, 1, 10),
            "seed": (self.seed, 0, 2**32 - 1),
            "the year of as-of": (self.as_of.year, 2015, 2099),
        }
        wrong = [
            f"{name} must lie between {low} and {high}, not {value}"
            for name, (value, low, high) in bounds.items()
            if not low <= value <= high
        ]
        if wrong:
            raise SimulationError(
                "This college cannot be simulated: " + "; ".join(wrong) + ".",
                next_step="See: campus simulate --help",
            )
        if self.as_of < self.first_seen:
            raise SimulationError(
                f"The college was first seen on {self.first_seen}, which is after {self.as_of}.",
                next_step="Name a later day with --as-of.",
            )

    @property
    def first_seen(self) -> date:
        return self.origin or self.as_of

    @property
    def cut(self) -> datetime:
        """The last extract; nothing that happens later is in any file."""
        return datetime.combine(self.as_of, time(2))

    @property
    def start(self) -> date:
        """First day of the window, a 1 September."""
        return date(self.anchor - self.years, 9, 1)

    @property
    def last_intake(self) -> int:
        """The year whose September brought the youngest students."""
        return _intake(self.as_of)

    @property
    def anchor(self) -> int:
        """The last intake when the college was first seen: the sizes are of its autumn."""
        return _intake(self.first_seen)

    @property
    def closing(self) -> date:
        """The 1 September that ends the academic year the college was first seen in. What happens
        once in the window (a canteen window opens, a room is repaired) happens before it."""
        return date(self.anchor + 1, 9, 1)

    @property
    def drawn_years(self) -> range:
        """Academic years, from the anchor's on, whose events are drawn: one more than has begun,
        because a term is planned before it begins."""
        return range(self.anchor, self.last_intake + 2)

    @property
    def censuses(self) -> tuple[datetime, ...]:
        """30 September, 23:00, of each year in the window."""
        moments = (
            datetime(year, 9, 30, 23) for year in range(self.start.year, self.as_of.year + 1)
        )
        return tuple(moment for moment in moments if moment < self.cut)

    @property
    def snapshots(self) -> tuple[datetime, ...]:
        """When the snapshot tables are extracted: each census, then as-of."""
        return (*self.censuses, self.cut)

    def rng(self, stream: str, *more: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, _STREAMS.index(stream), *more])


def _intake(day: date) -> int:
    return day.year if day > date(day.year, 9, 1) else day.year - 1


def last_day(moment: datetime) -> date:
    """The last day that an extract of this moment knows of: at 02:00 the day before."""
    return moment.date() if moment.hour >= 12 else moment.date() - timedelta(days=1)
