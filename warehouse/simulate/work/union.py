"""What the union does for the staff: benefits, the yearly checkup, activities."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import at, between, known_by, years_of, years_on
from warehouse.simulate.work.self_service import Family

__all__ = ["activity_rows", "checkup_rows", "welfare_rows"]

#: month, day, yuan: together within the 2,000 yuan a year that unions may spend on each member
#: for festivals (remembered).
_FESTIVALS = ((1, 22, 600.0), (6, 5, 400.0), (9, 20, 500.0))
_WELFARE = {
    "record_no": pl.String, "staff_no": pl.String, "benefit_type": pl.String,
    "benefit_date": pl.Date, "amount": pl.Float64,
}  # fmt: skip


def _benefits(plan: Plan, row: dict, year: int, married: list[date]) -> list[tuple]:
    rng = plan.rng("work_life", 2, int(row["staff_no"]), year)
    found = [(date(year, month, day), "节日", amount) for month, day, amount in _FESTIVALS]
    birthday = years_on(row["birth_date"], year - row["birth_date"].year)
    found.append((birthday, "生日", 300.0))
    draws = rng.random(3)
    days = [between(rng, date(year, 1, 1), date(year, 12, 28)) for _ in range(3)]
    found += [(day + timedelta(days=12), "婚育", 1000.0) for day in married if day.year == year]
    if draws[0] < 0.035:
        found.append((days[0], "住院", float(rng.choice([500, 800, 1000]))))
    if draws[1] < 0.015:
        found.append((days[1], "困难帮扶", float(rng.choice([2000, 3000, 5000]))))
    if draws[2] < 0.13:
        found.append((date(year, 7, 10) + timedelta(days=days[2].day), "疗休养", 2000.0))
    left = row["left"]
    return [
        (f"FL{year}{row['staff_no']}{index:02d}", row["staff_no"], kind, day, amount)
        for index, (day, kind, amount) in enumerate(found, start=1)
        if row["joined"] <= day and (left is None or day < left)
    ]


def welfare_rows(plan: Plan, staff: Staff, family: Family) -> pl.DataFrame:
    """staff_welfare of the window; external teachers are not members."""
    people = staff.people.filter(pl.col("role") != "external").to_dicts()
    married = family.weddings
    rows = [
        found
        for year in years_of(plan)
        for row in people
        for found in _benefits(plan, row, year, married.get(row["staff_no"], []))
    ]
    frame = pl.DataFrame(rows, schema=_WELFARE, orient="row").with_columns(
        source_updated_at=pl.col("benefit_date").dt.offset_by("3d").dt.combine(pl.time(16, 0))
    )
    return known_by(plan, frame.filter(pl.col("benefit_date") >= plan.start))


def _package(row: dict, year: int) -> str:
    age = year - row["birth_date"].year
    if row["left"] is not None and row["left"] < date(year, 3, 20):
        return "退休人员套餐"
    sex = "男" if row["male"] else "女"
    return f"{sex}职工套餐（{'40岁以上' if age >= 40 else '40岁以下'}）"


def checkup_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff_checkup_plan: everyone on post and retired on 20 March, when the list is made; those
    who come, come between April and June. Who is away for long is on the list, not due."""
    rows = []
    for year in years_of(plan):
        listed, begins = date(year, 3, 20), date(year, 4, 8)
        if listed < plan.start:
            continue
        for row in staff.people.iter_rows(named=True):
            left = row["left"]
            retired = left is not None and left < listed and row["status"] == "01"
            present = row["joined"] <= listed and (left is None or left >= listed)
            if row["role"] == "external" or not (retired or present):
                continue
            rng = plan.rng("work_life", 3, int(row["staff_no"]), year)
            draws, day = rng.random(2), begins + timedelta(days=int(rng.integers(0, 60)))
            due = bool(draws[0] < (0.85 if retired else 0.975))
            gone = left is not None and not retired and left <= day and row["status"] != "01"
            came = due and bool(draws[1] < 0.87) and not gone
            rows.append((row["staff_no"], year, _package(row, year), due, came, day))
    schema = {"staff_no": pl.String, "year": pl.Int64, "package": pl.String, "due": pl.Boolean,
              "came": pl.Boolean, "day": pl.Date}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    noon = pl.col("day").dt.combine(pl.time(12, 0))
    attended = pl.col("came") & (noon < plan.cut)
    return known_by(
        plan,
        frame.with_columns(
            attended=attended,
            attended_date=pl.when(attended).then("day"),
            source_updated_at=pl.when(attended)
            .then(noon)
            .otherwise(pl.date(pl.col("year"), 3, 20).dt.combine(pl.time(9, 0))),
        ),
    )


_ACTIVITIES = (
    ("教职工健步走", 0.35, 15), ("羽毛球比赛", 0.06, 60), ("乒乓球团体赛", 0.07, 50),
    ("三八妇女节活动", 0.3, 80), ("青年教师联谊", 0.05, 90), ("教职工读书分享会", 0.06, 20),
    ("太极拳培训班", 0.04, 70), ("瑜伽培训班", 0.05, 80), ("书画摄影展", 0.08, 40),
    ("教师节慰问座谈", 0.12, 50), ("教职工运动会", 0.45, 70), ("合唱比赛", 0.2, 60),
)  # fmt: skip


def activity_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """union_activity of the window: about one for every twenty staff a year, none in August. The
    union's own account pays; the college's vouchers do not hold it."""
    monthly = max(1.0, min(plan.staff, 3000) / 240)
    rows = []
    for year in years_of(plan):
        for month in (1, 3, 4, 5, 6, 7, 9, 10, 11, 12):
            rng = plan.rng("work_life", 4, year, month)
            for index in range(int(rng.poisson(monthly))):
                day = date(year, month, int(rng.integers(1, 29)))
                name, share, each = _ACTIVITIES[int(rng.integers(0, len(_ACTIVITIES)))]
                factor = rng.uniform(0.6, 1.1)
                if day < plan.start or day >= plan.as_of:
                    continue
                count = max(4, int(len(staff.on_post(day)) * share * factor))
                cost = round(count * each * float(rng.uniform(0.7, 1.2)), 0)
                rows.append((f"HD{year}{month:02d}{index + 1:02d}", f"{year}年{name}", day,
                             count, cost, at(day + timedelta(days=2), 17)))  # fmt: skip
    schema = {"activity_no": pl.String, "activity_name": pl.String, "activity_date": pl.Date,
              "participants": pl.Int64, "cost": pl.Float64,
              "source_updated_at": pl.Datetime("us")}  # fmt: skip
    return known_by(plan, pl.DataFrame(rows, schema=schema, orient="row"))
