"""Who belongs to the college on which day, and who of a unit can be asked to do something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.appointments import Appointments
from warehouse.simulate.campus.draws import Draws, Keys
from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.cohorts import LENGTH
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["UNITS", "Members", "Roster", "days_of", "make_members"]

#: Units that do things in the window; 继续教育中心 closes in it and is left out.
UNITS = tuple(unit.code for unit in COLLEGES) + tuple(office[0] for office in OFFICES[:17])
_FAR = np.datetime64("2200-01-01", "D")
_ROUNDS = 8


def days_of(first: date, last: date) -> np.ndarray:
    """The days from `first` to before `last`."""
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D"))


def _dates(column: pl.Series) -> np.ndarray:
    return column.fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[D]")


@dataclass(frozen=True)
class Members:
    """Students first, then staff, external teachers included; one element a number. Who will come
    within the next academic year is among them.

    A member is here from `since` to before `until`, and, after a leave, from `back` to before
    `end`; `end` is the day the membership ends for good (2200: not known). `key` is the number as
    an integer, `habit` how much the member reads (1 on average).
    """

    number: np.ndarray
    key: np.ndarray
    student: np.ndarray
    since: np.ndarray
    until: np.ndarray
    back: np.ndarray
    end: np.ndarray
    habit: np.ndarray
    commutes: np.ndarray
    dropped: np.ndarray
    "Left without an end of studies or, of staff, other than by retirement."
    due: np.ndarray
    "When the membership is expected to end."
    role: np.ndarray
    unit: np.ndarray

    def present(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        first = (day >= self.since[who]) & (day < self.until[who])
        return first | ((day >= self.back[who]) & (day < self.end[who]))

    def presence(self, days: np.ndarray) -> np.ndarray:
        """members × days"""
        return self.present(np.arange(len(self.key))[:, None], days[None, :])

    def someone(
        self, draws: Draws, question: str, day: np.ndarray, *keys: Keys, staff: float = 0.15
    ) -> np.ndarray:
        """For each day a member who is here then, with a chance of `staff` one of the staff; -1
        where twelve draws found nobody."""
        students = int(self.student.sum())
        # Later intakes and later colleagues stand behind those who were known before.
        enrolled = np.searchsorted(self.since[:students], day, side="right")
        joined = np.sort(self.since[students:])
        order = students + np.argsort(self.since[students:], kind="stable")
        known = np.searchsorted(joined, day, side="right")
        of_staff = (draws.uniform(question + "/staff", *keys) < staff) & (known > 0)
        found = np.full(len(day), -1, dtype=np.int64)
        for step in range(12):
            draw = draws.uniform(question, *keys, step)
            own = order[np.minimum((draw * known).astype(np.int64), len(order) - 1)]
            one = np.where(of_staff, own, (draw * enrolled).astype(np.int64))
            found = np.where((found < 0) & self.present(one, day), one, found)
        return found


def make_members(plan: Plan, students: Students, staff: Staff) -> Members:
    people, workers = students.fates, staff.fates
    leave = (people["event"] == "leave").to_numpy()
    end = _dates(people["end_date"])
    entry = people["entry_year"].to_numpy()
    january = (entry - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    length = np.array([LENGTH[kind] for kind in people["kind"]])
    due = january + np.timedelta64(12, "M") * length + np.timedelta64(7, "M")
    left, joined = _dates(workers["left"]), _dates(workers["joined"])
    never = np.full(len(workers), _FAR)
    number = np.concatenate([people["student_no"].to_numpy(), workers["staff_no"].to_numpy()])
    staff_key = workers["staff_no"].cast(pl.Int64).to_numpy()
    reading = Draws(plan, "members").lognormal("reading", 0.55, 1.1, staff_key)
    return Members(
        number=number.astype("U16"),
        key=np.concatenate([people["student_no"].cast(pl.Int64).to_numpy(), staff_key]),
        student=np.arange(len(number)) < len(people),
        since=np.concatenate([(january + np.timedelta64(8, "M")).astype("datetime64[D]"), joined]),
        until=np.concatenate([np.where(leave, _dates(people["event_date"]), end), left]),
        back=np.concatenate([_dates(people["back_date"]), never]),
        end=np.concatenate([end, left]),
        habit=np.concatenate([people["reading"].to_numpy(), reading]).clip(0, 8),
        commutes=np.concatenate(
            [(people["residence_mode"] == "1").to_numpy(), np.ones(len(workers), dtype=bool)]
        ),
        dropped=np.concatenate(
            [(people["event"] == "dropout").to_numpy(), (workers["status"] != "01").to_numpy()]
        ),
        due=np.concatenate([due.astype("datetime64[D]"), never]),
        role=np.concatenate([np.full(len(people), "student"), workers["role"].to_numpy()]).astype(
            "U10"
        ),
        unit=np.concatenate([people["college_code"].to_numpy(), workers["unit"].to_numpy()]).astype(
            "U3"
        ),
    )


class Roster:
    """Finds members of staff who are on post on a day; results are indices into `numbers`."""

    def __init__(self, staff: Staff, posts: Appointments) -> None:
        own = staff.fates.filter(pl.col("role") != "external").sort("joined", "staff_no")
        self.numbers = own["staff_no"].to_numpy().astype("U10")
        self.joined, self.left = _dates(own["joined"]), _dates(own["left"])
        unit = own["unit"].to_numpy()
        clerical = (own["role"] != "worker").to_numpy()
        self.own = {code: np.flatnonzero((unit == code) & clerical) for code in UNITS}
        self.all = np.flatnonzero(clerical)
        place = {number: index for index, number in enumerate(self.numbers.tolist())}
        self.heads: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        leaders = posts.leaders.sort("unit_code", "since", maintain_order=True)
        for (code,), rows in leaders.group_by("unit_code", maintain_order=True):
            rows = rows.filter(pl.col("leader_staff_no").is_in(self.numbers.tolist()))
            who = np.array([place[number] for number in rows["leader_staff_no"]], dtype=np.int64)
            self.heads[str(code)] = (_dates(rows["since"]), who)

    def on_post(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        return (who >= 0) & (self.joined[who] <= day) & (self.left[who] > day)

    def _pick(
        self, pool: np.ndarray, draws: Draws, question: str, keys: tuple[Keys, ...],
        base: np.ndarray, day: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        """One of `pool` who had joined by `base` and is on post on `day`, or -1. Who was asked
        first is asked first again, so that a choice lasts until that person leaves."""
        found = np.full(len(day), -1, dtype=np.int64)
        if not len(pool):
            return found
        known = np.searchsorted(self.joined[pool], base, side="right")
        for step in range(_ROUNDS):
            draw = draws.uniform(question, *keys, step)
            one = pool[np.minimum((draw * known).astype(np.int64), len(pool) - 1)]
            fits = (found < 0) & (known > 0) & self.on_post(one, day)
            found = np.where(fits, one, found)
        return found

    def leader(self, units: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Who leads each unit on each day; -1 where nobody on post does."""
        found = np.full(len(day), -1, dtype=np.int64)
        for code in np.unique(units):
            since, who = self.heads.get(str(code), (np.array([], dtype="M8[D]"), np.array([])))
            if not len(who):
                continue
            rows = np.flatnonzero(units == code)
            last = np.searchsorted(since, day[rows], side="right") - 1
            head = np.where(last >= 0, who[np.maximum(last, 0)], -1)
            found[rows] = np.where(self.on_post(head, day[rows]), head, -1)
        return found

    def member(
        self, units: np.ndarray, day: np.ndarray, draws: Draws, question: str, *keys: np.ndarray,
        base: np.ndarray | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Someone of each unit on each day: its members, else its leader, else anybody.

        With `base` the choice is made among those who had joined by then and holds while they
        stay; `keys` name what the person is chosen for.
        """
        base = day if base is None else base
        found = np.full(len(day), -1, dtype=np.int64)
        for code in np.unique(units):
            rows = np.flatnonzero(units == code)
            pool = self.own.get(str(code), np.array([], dtype=np.int64))
            own = tuple(key[rows] for key in keys)
            found[rows] = self._pick(pool, draws, question, own, base[rows], day[rows])
        for step in range(4):
            lost = np.flatnonzero(found < 0)
            if not len(lost):
                break
            if step == 0:
                found[lost] = self.leader(units[lost], day[lost])
                continue
            own = tuple(key[lost] for key in keys)
            found[lost] = self._pick(self.all, draws, f"{question}/{step}", own,
                                     np.maximum(base[lost], day[lost]), day[lost])  # fmt: skip
        lost = np.flatnonzero(found < 0)
        found[lost] = self.leader(np.full(len(lost), SCHOOL[0]), day[lost])
        return found

    def names(self, who: np.ndarray) -> pl.Series:
        """Staff numbers; null where nobody was found."""
        numbers = pl.Series(self.numbers, dtype=pl.String).gather(pl.Series(np.maximum(who, 0)))
        return pl.select(pl.when(pl.Series(who >= 0)).then(numbers)).to_series()
