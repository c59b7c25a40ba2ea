"""Title careers: 助教 → 讲师 → 副教授 → 教授, and the series of those who do not teach.

A title is granted in December by the year's assessment and engaged some weeks later, or a year
later where no post of the level is free. The grade of the post (1–13) begins at the bottom of the
level's band and rises on a 1 January. The least years in the level before are two for 讲师
with a master's degree and four without (a doctor becomes 讲师 at once), five for 副教授 (two with a
doctorate) and five for 教授; remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import known_by, reported
from warehouse.simulate.work.education import make_degrees

__all__ = ["Titles", "make_titles", "title_rows"]

#: title_level → best and entry grade of its posts (岗位设置: 1–4, 5–7, 8–10, 11–12, 13)
_BANDS = {"1": (2, 4), "2": (5, 7), "3": (8, 10), "4": (11, 12), "5": (13, 13)}
#: Series in which no 正高级 has a code (GB/T 8561-2001 before the reforms of 2017–2020).
_NO_FULL = {"07", "08", "13", "98"}

_SCHEMA = {
    "staff": pl.Int64, "staff_no": pl.String, "title_code": pl.String, "title_level": pl.String,
    "award_date": pl.Date, "engaged": pl.Date, "document_no": pl.String,
    "document_date": pl.Date, "known": pl.Datetime("us"), "engaged_known": pl.Datetime("us"),
    "first_rise": pl.Date, "second_rise": pl.Date, "until": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Titles:
    """`records`: one row per award, those of the future too. `spells`: staff, since, until (null:
    open), title_code, title_level, grade; who holds what on a day is the spell that day lies in."""

    records: pl.DataFrame
    spells: pl.DataFrame

    def held(self, frame: pl.DataFrame, day: str) -> pl.DataFrame:
        """`frame` (with `staff` and the date column `day`) with title_code, title_level and
        grade held on that day, null for who had none; the order of rows is kept."""
        spells = self.spells.select("staff", "since", "until", "title_code", "title_level", "grade")
        order = frame.with_row_index("held_order").sort(day)
        found = order.join_asof(spells.sort("since"), left_on=day, right_on="since", by="staff",
                                check_sortedness=False)  # fmt: skip
        over = pl.col("until").is_not_null() & (pl.col("until") <= pl.col(day))
        names = ("title_code", "title_level", "grade")
        return (
            found.with_columns(pl.when(~over).then(name).alias(name) for name in names)
            .sort("held_order")
            .drop("held_order", "since", "until")
        )


def _series(row: dict, rng: np.random.Generator) -> str | None:
    draw, unit = rng.random(), row["unit"]
    if unit == "113" and row["role"] in ("worker", "officer"):
        return "23" if draw < 0.5 else "25"
    match row["role"]:
        case "teacher" | "external":
            return "08" if draw < 0.04 else "01"
        case "counselor":
            return "01" if draw < 0.7 else "98"
        case "support":
            return {"111": "64", "110": "08"}.get(unit, "07")
        case "officer" if unit == "105":
            return "13" if draw < 0.85 else None
        case "officer":
            return "62" if draw < 0.4 else "98" if draw < 0.62 else "01" if draw < 0.75 else None
    return None


def _ladder(row: dict, degrees: list[dict], rng: np.random.Generator) -> list[tuple[str, int]]:
    """(level, year of the December in which it is granted), to the end of a long career."""
    first = {entry["education_level"]: entry["award_date"].year for entry in degrees}
    doctor, master = first.get("11"), first.get("14")
    begin = max(row["work_start"].year, degrees[0]["award_date"].year)
    teaches = row["role"] in ("teacher", "external")
    draws, waits = rng.random(3), rng.exponential(1.0, 4)
    assistant = begin + 1 if row["work_start"].month < 9 else begin + 2
    lecturer = assistant + (2 if master else 4) + int(waits[0] * 1.2)
    if doctor:
        lecturer = min(lecturer, max(doctor, begin) + 1)
    found = [("4", assistant)] if assistant < lecturer else []
    found.append(("3", lecturer))
    quick = doctor is not None and doctor <= lecturer
    if draws[0] < (0.85 if teaches else 0.42):
        associate = lecturer + (2 if quick else 5) + int(waits[1] * 2.6)
        found.append(("2", associate))
        if draws[1] < (0.55 if teaches else 0.2):
            found.append(("1", associate + 5 + int(waits[2] * 3.2)))
    return found


def _rows(plan: Plan, row: dict, degrees: list[dict]) -> list[tuple]:
    rng = plan.rng("work_careers", 2, int(row["staff_no"]))
    series = _series(row, rng)
    if series is None:
        return []
    ladder = _ladder(row, degrees, rng)
    ladder = [(level, year) for level, year in ladder if level != "1" or series not in _NO_FULL]
    joined, left = row["joined"], row["left"]
    entry = reported(rng, joined)
    rows: list[list] = []
    for level, year in ladder:
        award = date(year, 12, 18 + int(rng.integers(0, 10)))
        waits = level in "12" and rng.random() < 0.12
        engaged = award + timedelta(days=(380 if waits else 0) + int(rng.integers(6, 30)))
        document = award + timedelta(days=int(rng.integers(0, 4)))
        known, engaged_known = reported(rng, document), reported(rng, engaged)
        name = f"职称〔{year}〕{level}号"
        if award < joined:
            known, name = entry, f"（原单位）职称〔{year}〕{level}号"
        if engaged < joined:
            engaged_known = entry
        steps = rng.integers(6, 11, 2)
        rows.append([row["staff"], row["staff_no"], f"{series}{level}", level, award, engaged, name,
                     document, known, engaged_known, int(steps[0]), int(steps[1])])  # fmt: skip
    _engage_on_joining(rows, joined)
    return [tuple(entry) for entry in _risen(rows, left)]


def _engage_on_joining(rows: list[list], joined: date) -> None:
    """The highest title somebody came with is engaged here on the day they come."""
    brought = [entry for entry in rows if entry[5] < joined]
    if brought:
        brought[-1][5] = joined


def _risen(rows: list[list], left: date | None) -> list[list]:
    """Add the two rises within the band, and when the next title or the leaving ends it."""
    found = []
    for index, entry in enumerate(rows):
        until = rows[index + 1][5] if index + 1 < len(rows) else None
        if left is not None:
            if entry[4] >= left:
                continue
            if entry[5] >= left:
                entry[5], entry[9] = None, None
            until = left if until is None else min(until, left)
        best, base = _BANDS[entry[3]]
        first, second = entry[10:12]
        year = (entry[5] or entry[4]).year
        rises = [date(year + first, 1, 1), date(year + first + second, 1, 1)][: base - best]
        rises = [day for day in rises if until is None or day < until] + [None, None]
        found.append([*entry[:10], *rises[:2], until])
    return found


def make_titles(plan: Plan, staff: Staff, degrees: pl.DataFrame | None = None) -> Titles:
    """The title career of everyone, with what the future holds for them."""
    degrees = make_degrees(plan, staff) if degrees is None else degrees
    by_staff: dict[int, list[dict]] = {}
    for entry in degrees.iter_rows(named=True):
        by_staff.setdefault(entry["staff"], []).append(entry)
    rows = [
        found
        for row in staff.people.iter_rows(named=True)
        for found in _rows(plan, row, by_staff[row["staff"]])
    ]
    records = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return Titles(records, _spells(records))


def _spells(records: pl.DataFrame) -> pl.DataFrame:
    base = pl.col("title_level").replace_strict(
        {level: band[1] for level, band in _BANDS.items()}, return_dtype=pl.Int64
    )
    parts = []
    for step, start in enumerate(("engaged", "first_rise", "second_rise")):
        parts.append(
            records.filter(pl.col("engaged").is_not_null() & pl.col(start).is_not_null()).select(
                "staff", "title_code", "title_level", pl.col(start).alias("since"),
                grade=(base - step).cast(pl.Int64),
            )
        )  # fmt: skip
    ends = records.group_by("staff").agg(end=pl.col("until").last())
    spells = pl.concat(parts).sort("staff", "since", maintain_order=True)
    spells = spells.unique(["staff", "since"], keep="last", maintain_order=True)
    return spells.join(ends, on="staff", how="left", maintain_order="left").with_columns(
        until=pl.coalesce(pl.col("since").shift(-1).over("staff"), "end")
    ).drop("end")  # fmt: skip


def title_rows(plan: Plan, titles: Titles) -> pl.DataFrame:
    """staff_title_record as of the cut: an award not engaged yet waits (缓聘), an older title is
    no longer current, and a risen grade changes the row."""
    cut = plan.cut
    noon = datetime.min.replace(hour=10).time()
    records = titles.records.filter(pl.col("known") < cut)
    engaged = (pl.col("engaged_known") < cut).fill_null(False)
    ended = (pl.col("until").dt.combine(noon) < cut).fill_null(False)
    base = pl.col("title_level").replace_strict(
        {level: band[1] for level, band in _BANDS.items()}, return_dtype=pl.Int64
    )
    rises = [pl.col(name).dt.combine(noon) for name in ("first_rise", "second_rise")]
    risen = [(moment < cut).fill_null(False) for moment in rises]
    return known_by(
        plan,
        records.with_columns(
            engaged_date=pl.when(engaged).then("engaged"),
            engage_status=pl.when(engaged).then(pl.lit("11")).otherwise(pl.lit("3")),
            is_current=engaged & ~ended,
            title_post_grade=pl.when(engaged).then(
                base - risen[0].cast(pl.Int64) - risen[1].cast(pl.Int64)
            ),
            source_updated_at=pl.max_horizontal(
                "known",
                pl.when(engaged).then("engaged_known"),
                pl.when(ended).then(pl.col("until").dt.combine(noon)),
                *(pl.when(flag).then(moment) for flag, moment in zip(risen, rises, strict=True)),
            ),
        ),
    )
