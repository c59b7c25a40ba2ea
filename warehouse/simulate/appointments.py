"""Who led what from when to when, and the posts each person has held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.post_grades import with_title_grades

__all__ = ["Appointments", "make_appointments"]

#: role → establishment, post category, entry position, grade
_ENTRY = {
    "teacher": ("10", "专技", "教师", "420"),
    "external": ("10", "专技", "外聘教师", "499"),
    "counselor": ("20", "管理", "辅导员", "150"),
    "officer": ("20", "管理", "科员", "150"),
    "support": ("30", "专技", "教辅人员", "434"),
    "worker": ("40", "工勤", "技术工人", None),
}


@dataclass(frozen=True)
class Appointments:
    """`posts`: the extract's columns, as at the cut. `leaders`: unit_code, staff_no, since; the
    leader of a unit on a day is the last row that had begun."""

    posts: pl.DataFrame
    leaders: pl.DataFrame

    def leaders_at(self, day: date) -> pl.DataFrame:
        begun = self.leaders.filter(pl.col("since") <= day).sort("unit_code", "since")
        return begun.unique("unit_code", keep="last", maintain_order=True)


def _heads() -> list[tuple[str, str, str, str]]:
    """unit, title of the head, position_type, grade"""
    heads = [(SCHOOL[0], "校长", "12", "121")]
    heads += [(unit.code, "院长", "14", "131") for unit in COLLEGES]
    heads += [
        (code, title, "13" if kind == "4" else "14", "131") for code, _, kind, title, _ in OFFICES
    ]
    return heads


def _deputies(plan: Plan) -> list[tuple[str, str, str, str]]:
    deputies = [(SCHOOL[0], "副校长", "22", "122")] * max(1, min(5, plan.staff // 120))
    size = plan.staff // 150
    deputies += [(unit.code, "副院长", "24", "132") for unit in COLLEGES] * min(2, size)
    if size:
        deputies += [(code, title, "24", "132") for code, _, _, _, title in OFFICES[:17]]
    return deputies


class _Ledger:
    """Collects posts per person; the numbers and ends follow when all are known."""

    def __init__(self, plan: Plan, staff: Staff) -> None:
        self.plan = plan
        self.rng = plan.rng("appointments")
        self.people = {row["staff"]: row for row in staff.fates.iter_rows(named=True)}
        self.taken: set[int] = set()
        self.posts: list[tuple[int, date, str, str, str | None, str | None, bool]] = []
        self.leaders: list[tuple[str, str, date]] = []

    def senior(self, unit: str, roles: tuple[str, ...], *, before: date) -> int | None:
        """The longest-serving free member of the unit, or of any unit when it has none."""
        free = [
            (row["unit"] != unit, row["joined"], staff)
            for staff, row in self.people.items()
            if staff not in self.taken
            and row["role"] in roles
            and row["left"] is None
            and row["student"] is None
            and row["joined"] < before
        ]
        own = [entry for entry in free if not entry[0]]
        return min(own or free)[2] if free else None

    def appoint(self, staff: int, since: date, unit: str, title: str, kind: str | None,
                grade: str | None) -> None:  # fmt: skip
        teaches = self.people[staff]["role"] == "teacher"
        self.posts.append((staff, since, unit, title, kind, grade, teaches and kind is not None))

    def day(self, low: date, high: date) -> date:
        return low + timedelta(days=int(self.rng.integers(0, max((high - low).days, 1))))


def _lead(ledger: _Ledger, unit: str, title: str, kind: str, grade: str) -> None:
    """One unit's leadership: who leads it now and, for some, who led it before."""
    plan, window = ledger.plan, ledger.plan.start
    roles = ("teacher",) if unit.startswith("2") else ("officer",)
    roles = ("officer", "teacher") if unit == SCHOOL[0] else roles
    old = window - timedelta(days=1500)
    now = ledger.senior(unit, roles, before=window - timedelta(days=400))
    if now is None:
        now = ledger.senior(unit, ("teacher", "officer", "support"), before=window)
    if now is None:
        president = ledger.leaders[0]
        ledger.leaders.append((unit, president[1], president[2]))
        return
    ledger.taken.add(now)
    joined = ledger.people[now]["joined"]
    since = max(ledger.day(old, window - timedelta(days=30)), joined + timedelta(days=60))
    retired = [
        (row["left"], staff)
        for staff, row in ledger.people.items()
        if row["unit"] == unit and row["role"] in roles and staff not in ledger.taken
        and row["left"] and row["left"] > window + timedelta(days=20)
        and row["joined"] < window - timedelta(days=700)
    ]  # fmt: skip
    before: int | None = None
    if retired:
        since, before = max(retired)
    elif ledger.rng.random() < 0.3:
        since = ledger.day(window + timedelta(days=60), plan.closing - timedelta(days=20))
        before = ledger.senior(unit, roles, before=window - timedelta(days=400))
    if before is not None:
        ledger.taken.add(before)
        past = ledger.people[before]
        began = max(ledger.day(old, window - timedelta(days=30)), past["joined"])
        ledger.appoint(before, began, unit, title, kind, grade)
        ledger.leaders.append((unit, past["staff_no"], min(began, window)))
        if past["left"] is None:
            _, _, position, level = _ENTRY[past["role"]]
            ledger.appoint(before, since, past["unit"], position, None, level)
    ledger.appoint(now, since, unit, title, kind, grade)
    start = since if before is not None else min(since, window)
    ledger.leaders.append((unit, ledger.people[now]["staff_no"], start))


def _careers(ledger: _Ledger) -> None:
    """Where everyone began, and the modest promotions of those who lead nothing."""
    for staff, row in ledger.people.items():
        _, _, position, grade = _ENTRY[row["role"]]
        ledger.appoint(staff, row["joined"], row["unit"], position, None, grade)
        # Nothing that happens after the anchor's year may change what was drawn for it.
        end = min(row["left"] or ledger.plan.closing, ledger.plan.closing)
        years = (end - row["joined"]).days / 365.25
        draw = ledger.rng.random()
        if staff in ledger.taken or years < 4:
            continue
        if row["role"] == "officer" and draw < 0.5:
            step = ("科长", "42", "141") if years > 8 else ("副科长", "42", "142")
        elif row["role"] == "teacher" and draw < 0.15:
            step = ("教研室主任", None, "412")
        elif row["role"] == "teacher" and draw < 0.5:
            step = ("专业负责人", None, None)  # the grade is that of the title held
        else:
            continue
        low = row["joined"] + timedelta(days=3 * 365)
        ledger.appoint(staff, ledger.day(low, end), row["unit"], *step)


def make_appointments(plan: Plan, staff: Staff) -> Appointments:
    """Leaders first (they are the longest-serving), then everyone's career around them."""
    ledger = _Ledger(plan, staff)
    for head in _heads():
        _lead(ledger, *head)
    for unit, title, kind, grade in _deputies(plan):
        who = ledger.senior(unit, ("teacher",) if unit[0] == "2" else ("officer", "teacher"),
                            before=plan.start)  # fmt: skip
        if who is None:
            break
        ledger.taken.add(who)
        low = max(ledger.people[who]["joined"], plan.start - timedelta(days=900))
        ledger.appoint(who, ledger.day(low + timedelta(days=30), plan.closing), unit, title, kind,
                       grade)  # fmt: skip
    _careers(ledger)
    frame = pl.DataFrame(
        ledger.posts,
        schema={
            "staff": pl.Int64, "effective_date": pl.Date, "unit_code": pl.String,
            "position_name": pl.String, "position_type": pl.String, "position_grade": pl.String,
            "is_double_shoulder": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
    people = staff.fates.select("staff", "staff_no", "role", "left")
    frame = frame.sort(
        "staff", "effective_date", "position_type", nulls_last=False, maintain_order=True
    ).unique(["staff", "effective_date"], keep="last", maintain_order=True)
    frame = (
        with_title_grades(plan, staff, frame)
        .join(people, on="staff", maintain_order="left")
        .with_columns(
            seq=pl.int_range(1, pl.len() + 1).over("staff"),
            end_date=pl.coalesce(pl.col("effective_date").shift(-1).over("staff"), pl.col("left")),
        )
    )
    return Appointments(_documented(frame, plan), _leaders_frame(ledger))


def _leaders_frame(ledger: _Ledger) -> pl.DataFrame:
    schema = {"unit_code": pl.String, "leader_staff_no": pl.String, "since": pl.Date}
    return pl.DataFrame(ledger.leaders, schema=schema, orient="row")


def _documented(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The posts that had begun by the cut; one that ends later has no end yet."""
    frame = (
        frame.sort("effective_date", "staff", maintain_order=True)
        .filter(pl.col("effective_date") < plan.as_of)
        .with_columns(end_date=pl.when(pl.col("end_date") < plan.as_of).then("end_date"))
    )
    entry = {role: values[0] for role, values in _ENTRY.items()}
    post = {role: values[1] for role, values in _ENTRY.items()}
    leads = pl.col("position_type").is_not_null()
    year = pl.col("effective_date").dt.year()
    last = pl.coalesce("end_date", "effective_date").dt.combine(pl.time(16, 0))
    return frame.with_columns(
        establishment_type=pl.col("role").replace_strict(entry, return_dtype=pl.String),
        post_category=pl.when(leads)
        .then(pl.lit("管理"))
        .otherwise(pl.col("role").replace_strict(post, return_dtype=pl.String)),
        document_no=pl.format("人〔{}〕{}号", year, pl.int_range(1, pl.len() + 1).over(year)),
        document_date=pl.col("effective_date"),
        is_current=pl.col("end_date").is_null(),
        source_updated_at=last,
    )
