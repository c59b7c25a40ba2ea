"""The yearly forms: facts of the college, the signed statistics return, the state of teaching."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.figures import College, Figure
from warehouse.simulate.campus.members import Roster
from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.plan import Plan

__all__ = ["fact_rows", "return_rows", "return_years", "teaching_rows"]

_FACTS = (
    ("school_name", "学校名称", SCHOOL[1]), ("school_code", "学校标识码", "4199999999"),
    ("school_type", "办学类型", "本科"), ("school_nature", "性质类别", "理工院校"),
    ("sponsor", "举办者", "省级教育部门"), ("founded", "建校年份", "1980"),
    ("province", "所在省份", "河南省"), ("campuses", "校区数", "2"),
    ("levels", "办学层次", "本科、专科"), ("colleges", "教学学院数", str(len(COLLEGES))),
    ("offices", "职能部门数", str(len(OFFICES) - 1)), ("motto", "校训", "（模拟数据，无校训）"),
    ("bandwidth_mbps", "校园网出口总带宽Mbps", "20000"), ("agreements", "签订合作协议机构数", "46"),
)  # fmt: skip
_REASONS = (
    "休学学生于统计时点后复学，按学籍平台核定",
    "用房用途按房产证核定",
    "在途调拨资产归入调入单位",
)
#: Tables of the national platform by chapter: how many, who is responsible for them.
_CHAPTERS = ((18, "107"), (16, "101"), (15, "104"), (14, "108"), (17, "104"), (14, "103"),
             (8, "117"))  # fmt: skip


def return_years(plan: Plan) -> range:
    """The autumns of the window; whether a return had been signed by the cut shows in its row."""
    return range(plan.start.year, plan.as_of.year + 1)


def _leader(roster: Roster, unit: str, day: date) -> str | None:
    stamp = np.array([day], dtype="datetime64[D]")
    return roster.names(roster.leader(np.array([unit]), stamp))[0]


def fact_rows(plan: Plan, year: int, counted: list[Figure]) -> pl.DataFrame:
    """school_basic_fact, handed in on 10 October: what the school is, and for each college and in
    all what it counted on 1 September."""
    value = {name: figure for _, name, figure in counted}
    rows = [(code, name, text, None) for code, name, text in _FACTS]
    totals = (("students.total", "在校生数"), ("staff.total", "教职工数"),
              ("staff.external", "外聘教师数"), ("teachers.total", "专任教师数"),
              ("space.floor_area", "校舍建筑面积（平方米）"), ("beds", "学生宿舍床位数"),
              ("assets.original_value", "固定资产原值（万元）"), ("assets.cards", "固定资产卡片数"),
              ("assets.computers", "计算机台数"), ("books", "纸质图书册数"),
              ("seats.multimedia", "多媒体教室座位数"))  # fmt: skip
    rows += [(code, name, f"{value.get(code, 0.0):.10g}", "数据中心计算") for code, name in totals]
    parts = (("students.college_code.{}.total", "在校生数"),
             ("students.college_code.{}.female", "女生数"), ("staff.unit.{}.total", "教职工数"),
             ("teachers.unit.{}.total", "专任教师数"), ("teachers.unit.{}.female", "女专任教师数"),
             ("assets.unit.{}.value", "固定资产原值（万元）"),
             ("assets.unit.{}.cards", "固定资产卡片数"))  # fmt: skip
    for unit in COLLEGES:
        rows += [(key.format(unit.code), f"{unit.name}{name}",
                  f"{value.get(key.format(unit.code), 0.0):.10g}", "数据中心计算")
                 for key, name in parts]  # fmt: skip
    rows += [
        (f"staff.unit.{office[0]}.total", f"{office[1]}教职工数",
         f"{value.get(f'staff.unit.{office[0]}.total', 0.0):.10g}", "数据中心计算")
        for office in OFFICES[:17]
    ]  # fmt: skip
    frame = pl.DataFrame(
        rows, schema={"fact_code": pl.String, "fact_name": pl.String, "value": pl.String,
                      "remark": pl.String}, orient="row",
    )  # fmt: skip
    stamp = datetime(year, 10, 10, 10)
    return frame.with_columns(
        year=pl.lit(year), as_at_date=pl.lit(date(year, 9, 1)), source_updated_at=pl.lit(stamp)
    ).filter(pl.col("source_updated_at") <= plan.cut)


def return_rows(plan: Plan, year: int, counted: list[Figure], roster: Roster) -> pl.DataFrame:
    """statistics_return: computed on 8 October, table by table signed until the 15th by the head
    of 发展规划处; a few cells are adjusted, each with its reason. Before its signature a row has
    only the computed value."""
    draws = Draws(plan, "returns")
    frame = pl.DataFrame(
        counted, schema={"return_code": pl.String, "indicator_id": pl.String,
                         "computed_value": pl.Float64}, orient="row",
    )  # fmt: skip
    tables = sorted(set(frame["return_code"]))
    place = np.array([tables.index(code) for code in frame["return_code"]])
    index = np.arange(len(frame))
    signed = np.datetime64(f"{year}-10-11T09:00") + (place * 331 % 6240).astype("timedelta64[m]")
    computed = np.round(frame["computed_value"].to_numpy(), 4)
    moved = (draws.uniform("adjust", year, index) < 0.012) & (computed >= 20)
    step = draws.integers("step", 1, 4, year, index) * np.where(index % 2 == 0, 1, -1)
    reason = [_REASONS[value % 3] if changed else None
              for value, changed in zip(place.tolist(), moved.tolist(), strict=True)]  # fmt: skip
    done = pl.col("signed_at") <= plan.cut
    stamp = datetime(year, 10, 8, 8)
    leader = _leader(roster, "116", date(year, 10, 12))
    return (
        frame.with_columns(
            year=pl.lit(year),
            computed_value=pl.Series(computed),
            adjusted_value=pl.Series(np.round(computed + np.where(moved, step, 0), 4)),
            adjust_reason=pl.Series(reason, dtype=pl.String),
            signed_by=pl.lit(leader, dtype=pl.String),
            signed_at=pl.Series(signed.astype("datetime64[ms]")),
        )
        .with_columns(source_updated_at=pl.when(done).then("signed_at").otherwise(stamp))
        .with_columns(
            pl.when(done).then(name).alias(name)
            for name in ("adjusted_value", "adjust_reason", "signed_by", "signed_at")
        )
        .filter(pl.col("source_updated_at") <= plan.cut)
    )


def teaching_rows(
    plan: Plan, year: int, college: College, counted: list[Figure], roster: Roster
) -> pl.DataFrame:
    """teaching_state_return: the platform's tables, opened on 30 September, frozen by
    15 November; errors are mended before a table is frozen."""
    draws = Draws(plan, "teaching state")
    value = {name: figure for _, name, figure in counted}
    known = {
        "1-3": float(len(COLLEGES) + len(OFFICES)),
        "1-4": float(sum(item.first_intake <= year for item in college.curriculum.majors)),
        "1-5": value["staff.total"],
        "1-6": value["teachers.total"],
        "2-1": value["space.floor_area"] and float(len(college.estate.buildings)),
        "5-1": float(college.curriculum.courses.filter(
            pl.col("changed_at") <= datetime(year, 9, 1)).height),
        "6-1": value["students.total"],
    }  # fmt: skip
    rows = []
    for chapter, (count, unit) in enumerate(_CHAPTERS, start=1):
        for number in range(1, count + 1):
            table, key = f"{chapter}-{number}", chapter * 100 + number
            base = float(draws.lognormal("rows", 60 + plan.students / 200, 1.0, key)[0])
            grown = known.get(table, base * 1.03 ** (year - 2020))
            frozen = datetime(year, 11, 1 + key * 7 % 14, 9 + key % 8)
            opened = datetime(year, 9, 30, 18)
            errors = int(draws.poisson("errors", np.array([1.6]), key, year)[0])
            done = frozen <= plan.cut
            rows.append((table, year, int(grown), 0 if done else errors, unit,
                         frozen if done else None,
                         _leader(roster, "117", frozen.date()) if done else None,
                         frozen if done else opened))  # fmt: skip
    schema = {
        "table_no": pl.String, "year": pl.Int64, "row_count": pl.Int64, "check_errors": pl.Int64,
        "responsible_unit": pl.String, "frozen_at": pl.Datetime("ms"), "signed_by": pl.String,
        "source_updated_at": pl.Datetime("ms"),
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.filter(pl.col("source_updated_at") <= plan.cut)
