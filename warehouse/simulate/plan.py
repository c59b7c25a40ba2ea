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
    # what the mess makes of it
    "mess",
)


@dataclass(frozen=True)
class Plan:
    """A synthetic college: everything it contains follows from these five values.

    `students` is the number in residence (status 在读) at `as_of`; `staff` the number on post
    then, external teachers not counted. The simulated window opens on the 1 September that lies
    at least `years` years before `as_of` and closes at 02:00 (Beijing) of `as_of`, as a nightly
    extract would. Raises `SimulationError` for a size no college has.
    """

    as_of: date
    students: int = 2000
    staff: int = 200
    years: int = 2
    seed: int = 7

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

    @property
    def cut(self) -> datetime:
        """The last extract; nothing that happens later is in any file."""
        return datetime.combine(self.as_of, time(2))

    @property
    def start(self) -> date:
        """First day of the window, a 1 September."""
        reached = (self.as_of.month, self.as_of.day) >= (9, 1)
        return date(self.as_of.year - self.years - (not reached), 9, 1)

    @property
    def last_intake(self) -> int:
        """The year whose September brought the youngest students."""
        return self.as_of.year if self.as_of > date(self.as_of.year, 9, 1) else self.as_of.year - 1

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


def last_day(moment: datetime) -> date:
    """The last day that an extract of this moment knows of: at 02:00 the day before."""
    return moment.date() if moment.hour >= 12 else moment.date() - timedelta(days=1)
