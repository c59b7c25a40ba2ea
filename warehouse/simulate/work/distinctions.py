"""What staff report of themselves beyond the school's papers: posts outside, honours; and what
the colleges report of their teachers each autumn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl

from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import at, between, known_by, reported, years_of, years_on
from warehouse.simulate.work.fields import field_of

__all__ = ["affiliation_rows", "honor_rows", "social_post_rows"]

_SOCIETIES = (
    ("省高等教育学会", "理事"), ("市科学技术协会", "委员"), ("省行业职业教育指导委员会", "委员"),
    ("市中小企业服务中心", "技术顾问"), ("省学位论文评审专家库", "评审专家"),
    ("某科技有限公司", "技术顾问"), ("市社会科学界联合会", "理事"), ("省专业教学联盟", "副秘书长"),
)  # fmt: skip


def social_post_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff_social_post: posts outside that began in the window or up to four years before it,
    each with the term it was taken for."""
    rows = []
    for year in years_of(plan, before=4):
        for row in staff.people.iter_rows(named=True):
            rng = plan.rng("work_self", 4, int(row["staff_no"]), year)
            draw, start = rng.random(), between(rng, date(year, 1, 1), date(year, 12, 31))
            rate = {"teacher": 0.28, "officer": 0.08, "support": 0.1}.get(row["role"], 0.0)
            age = year - row["birth_date"].year
            if draw >= rate * min(1.0, max(0.1, (age - 28) / 20)) or row["joined"] > start:
                continue
            if row["left"] is not None and row["left"] <= start:
                continue
            place, post = _SOCIETIES[int(rng.integers(0, len(_SOCIETIES)))]
            approved = bool(rng.random() < 0.93)
            paid = approved and post == "技术顾问" and bool(rng.random() < 0.7)
            end = years_on(start, int(rng.integers(2, 6)))
            rows.append((f"JZ{year}{row['staff_no']}", row["staff_no"], place, post, start, end,
                         approved, paid, reported(rng, start)))  # fmt: skip
    schema = {"record_no": pl.String, "staff_no": pl.String, "organization": pl.String,
              "post": pl.String, "start_date": pl.Date, "end_date": pl.Date,
              "approved": pl.Boolean, "paid": pl.Boolean,
              "source_updated_at": pl.Datetime("us")}  # fmt: skip
    return known_by(plan, pl.DataFrame(rows, schema=schema, orient="row"))


#: name, staff_award_class, level, body, whether it bears a grade
_HONORS = (
    ("优秀教师", "1", "60", "本校", False), ("教学质量奖", "1", "60", "本校", True),
    ("青年教师讲课比赛", "1", "31", "省教育厅", True), ("教学成果奖", "1", "31", "省教育厅", True),
    ("科研先进个人", "2", "60", "本校", False), ("优秀指导教师", "5", "31", "省教育厅", False),
    ("教职工运动会个人项目", "6", "60", "本校工会", True),
    ("书画作品展", "7", "33", "市总工会", True), ("先进工作者", "4", "60", "本校", False),
    ("优秀共产党员", "4", "60", "本校党委", False), ("文明教师", "8", "33", "市教育局", False),
)  # fmt: skip
_FOR_OFFICERS = (4, 6, 7, 8, 9)


def honor_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff_honor of the window: about one for every three people a year, most in June and at
    Teachers' Day."""
    rows = []
    for year in years_of(plan):
        for row in staff.people.iter_rows(named=True):
            rng = plan.rng("work_self", 5, int(row["staff_no"]), year)
            rate = 0.38 if row["role"] in ("teacher", "counselor") else 0.25
            for index in range(int(rng.poisson(0.0 if row["role"] == "external" else rate))):
                pick = int(rng.integers(0, len(_HONORS)))
                if row["role"] not in ("teacher", "counselor"):
                    pick = _FOR_OFFICERS[pick % len(_FOR_OFFICERS)]
                name, kind, level, body, graded = _HONORS[pick]
                day = [date(year, 6, 26), date(year, 9, 8), date(year, 12, 20),
                       between(rng, date(year, 1, 8), date(year, 12, 28))][
                           int(rng.integers(0, 4))]  # fmt: skip
                grade = str(rng.choice(["2", "3", "4"], p=[0.2, 0.35, 0.45])) if graded else "6"
                known = reported(rng, day)  # drawn for whoever has gone too
                if row["joined"] > day or (row["left"] is not None and row["left"] <= day):
                    continue
                rows.append((f"RY{year}{row['staff_no']}{index + 1}", row["staff_no"],
                             f"{year}年{name}", kind, level, grade, body, day, known))  # fmt: skip
    schema = {"record_no": pl.String, "staff_no": pl.String, "honor_name": pl.String,
              "award_class": pl.String, "level": pl.String, "grade": pl.String,
              "awarding_body": pl.String, "award_date": pl.Date,
              "source_updated_at": pl.Datetime("us")}  # fmt: skip
    frame = known_by(plan, pl.DataFrame(rows, schema=schema, orient="row"))
    return frame.filter(pl.col("award_date") >= plan.start)


def affiliation_rows(plan: Plan, staff: Staff, curriculum: Curriculum) -> pl.DataFrame:
    """staff_academic_affiliation: each teacher of a college, external ones too, each academic
    year of the window, reported at its start or on joining."""
    rows = []
    for year in range(plan.start.year, plan.as_of.year + 1):
        opening, closing = date(year, 9, 1), date(year + 1, 8, 31)
        majors: dict[str, list[str]] = {}
        for item in curriculum.majors:
            if item.first_intake <= year and item.last_intake >= year - 2:
                majors.setdefault(item.major.college, []).append(item.code)
        for row in staff.people.iter_rows(named=True):
            begins = max(opening, row["joined"])
            if row["role"] not in ("teacher", "external") or not row["unit"].startswith("2"):
                continue
            if begins > closing or (row["left"] is not None and row["left"] <= begins):
                continue
            rows.append(_affiliation(plan, row, year, begins, majors.get(row["unit"], [])))
    schema = {"staff_no": pl.String, "academic_year": pl.String, "research_direction": pl.String,
              "major_code": pl.String, "discipline": pl.String, "is_dual_qualified": pl.Boolean,
              "has_engineering_background": pl.Boolean, "has_industry_background": pl.Boolean,
              "submitted_by": pl.String, "source_updated_at": pl.Datetime("us")}  # fmt: skip
    return known_by(plan, pl.DataFrame(rows, schema=schema, orient="row"))


def _keeps(majors: list[str], draw: int) -> str | None:
    """The major someone belongs to: the same year after year, whatever majors are set up beside."""
    if not majors:
        return None
    return min(majors, key=lambda code: ((draw + 61 * int(code)) * 2654435761 % 2**32, code))


def _affiliation(plan: Plan, row: dict, year: int, begins: date, majors: list[str]) -> tuple:
    number = int(row["staff_no"])
    # The first draw of the career's stream fixes the field that the degrees are in.
    field = field_of(row["unit"], plan.rng("work_careers", 1, number).random())
    rng = plan.rng("work_self", 6, number)
    topic, major, seed = (int(rng.integers(0, 60)) for _ in range(3))
    dual, turns = rng.random(), int(rng.integers(1, 12))
    topic += (year - row["joined"].year) // turns  # interests move on, some sooner than others
    engineer = row["unit"] in ("201", "202", "204", "205") and seed < 24
    industry = row["role"] == "external" and row["category"] == "52"
    lag = int(rng.integers(0, 7)) if rng.random() < 0.96 else 12
    known: datetime = at(begins + timedelta(days=lag), 11, 20)
    return (
        row["staff_no"], f"{year}-{year + 1}", field.topics[topic % len(field.topics)],
        _keeps(majors, major), field.discipline,
        dual < min(0.06 * (year - row["joined"].year), 0.55), engineer, industry or seed % 7 == 0,
        row["unit"], known,
    )  # fmt: skip
