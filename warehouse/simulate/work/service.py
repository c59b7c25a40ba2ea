"""Resumes that fit degrees and posts, and the training of those in service."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl

from warehouse.simulate.catalogue import SCHOOL
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import between, known_by, reported, years_of
from warehouse.simulate.work.fields import UNIT_NAMES

__all__ = ["resume_rows", "training_rows"]

_EMPLOYERS = {
    "31": ("某高等专科学校", "教师"), "331": ("某部属研究院", "技术人员"),
    "52": ("某服务公司", "技术工人"), "51": ("某制造企业", "工程师"),
}  # fmt: skip
_STUDENT = {"11": "博士研究生", "14": "硕士研究生", "21": "本科生", "31": "专科生"}
_RESUME = {
    "staff": pl.Int64, "staff_no": pl.String, "start": pl.Date, "end": pl.Date,
    "organization": pl.String, "role": pl.String, "kind": pl.String,
    "known": pl.Datetime("us"), "end_known": pl.Datetime("us"),
}  # fmt: skip


def _before(row: dict, degrees: list[dict], entry: datetime) -> list[tuple]:
    """Studies and employers before the school. Between the last studies and the first employer up
    to a year may be missing: people look for work."""
    head = (row["staff"], row["staff_no"])
    own = [item for item in degrees if not item["in_service"]]
    found = [
        (*head, item["start"], item["award_date"], item["school_name"],
         _STUDENT.get(item["education_level"], "学生"), "学习", entry, entry)
        for item in own
    ]  # fmt: skip
    # What lies between studies, or between the last of them and the school, was work.
    name, post = _EMPLOYERS.get(row["source"], ("某企业", "职员"))
    free = ("自由职业", "自由职业者")
    ends = [item["award_date"] for item in own]
    starts = [item["start"] for item in own[1:]] + [row["joined"]]
    for end, start in zip(ends, starts, strict=True):
        if (start - end).days <= 100:
            continue
        work = min(max(row["work_start"], end), start)
        for low, high, (place, role) in ((end, work, free), (work, start, (name, post))):
            if (high - low).days > (400 if place == free[0] else 31):
                found.append((*head, low, high, place, role, "工作", entry, entry))
    return found


def _here(plan: Plan, row: dict, posts: list[dict], degrees: list[dict]) -> list[tuple]:
    """Posts at the school, those that differ in grade alone as one, and studies beside them."""
    head = (row["staff"], row["staff_no"])

    def entered(day: date) -> datetime:
        return reported(plan.rng("work_service", 2, int(row["staff_no"]), day.toordinal()), day)

    runs: list[dict] = []
    for post in posts:
        same = runs and all(runs[-1][name] == post[name] for name in ("unit_code", "position_name"))
        if same:
            runs[-1] = runs[-1] | {"end_date": post["end_date"]}
        else:
            runs.append(post)
    found: list[tuple] = []
    for post in runs:
        ended, unit = post["end_date"], UNIT_NAMES[post["unit_code"]]
        place = SCHOOL[1] if post["unit_code"] == SCHOOL[0] else f"{SCHOOL[1]}{unit}"
        found.append(
            (*head, post["effective_date"], ended, place, post["position_name"], "工作",
             entered(post["effective_date"]), entered(ended) if ended else None)
        )  # fmt: skip
    for item in degrees:
        if item["in_service"] and (row["left"] is None or item["start"] < row["left"]):
            found.append(
                (*head, item["start"], item["award_date"], item["school_name"],
                 f"在职{_STUDENT[item['education_level']]}", "学习", entered(item["start"]),
                 item["known"])
            )  # fmt: skip
    return found


def resume_rows(
    plan: Plan, staff: Staff, posts: pl.DataFrame, degrees: pl.DataFrame
) -> pl.DataFrame:
    """staff_resume as of the cut, numbered by the start of each period."""
    own_posts = posts.partition_by("staff", as_dict=True)
    own_degrees = degrees.partition_by("staff", as_dict=True)
    rows: list[tuple] = []
    for row in staff.people.iter_rows(named=True):
        key = (row["staff"],)
        studied = own_degrees[key].to_dicts()
        held = own_posts[key].sort("effective_date").to_dicts() if key in own_posts else []
        rng = plan.rng("work_service", 1, int(row["staff_no"]))
        entry = reported(rng, row["joined"])
        rows += _before(row, studied, entry)
        for period in _here(plan, row, held, studied):
            known = period[7] if period[2] > row["joined"] else max(period[7], entry)
            rows.append((*period[:7], known, period[8]))
    frame = pl.DataFrame(rows, schema=_RESUME, orient="row").filter(pl.col("start") < plan.as_of)
    over = (pl.col("end_known") < plan.cut).fill_null(False)
    return known_by(
        plan,
        frame.sort("staff", "start", "end", "kind", nulls_last=True, maintain_order=True)
        .with_columns(seq=pl.int_range(1, pl.len() + 1).over("staff"))
        .with_columns(
            start_month=pl.col("start").dt.strftime("%Y-%m"),
            end_month=pl.when(over).then(pl.col("end").dt.strftime("%Y-%m")),
            source_updated_at=pl.max_horizontal("known", pl.when(over).then("end_known")),
        ),
    )


_COURSES = (
    ("师德师风专题培训", "省教育厅", 16), ("课程思政教学能力提升", "国家教育行政学院", 24),
    ("信息化教学应用", "省电化教育馆", 20), ("专业骨干教师研修", "省教师发展中心", 80),
    ("教育管理干部培训", "省委高校工委", 40), ("实验室安全培训", "省教育厅", 12),
    ("新教师岗前培训", "省高师培训中心", 120), ("保密与网络安全培训", "市网信办", 8),
)  # fmt: skip
_TRAINING = {
    "training_id": pl.String, "staff_no": pl.String, "training_type": pl.String,
    "content": pl.String, "host": pl.String, "start_date": pl.Date, "end_date": pl.Date,
    "hours": pl.Int64, "is_enterprise_practice": pl.Boolean, "known": pl.Datetime("us"),
    "end_known": pl.Datetime("us"),
}  # fmt: skip
_RATE = {"teacher": 0.95, "counselor": 1.0, "officer": 0.7, "support": 0.6, "worker": 0.25}


def _trainings(plan: Plan, row: dict, year: int) -> list[tuple]:
    rng = plan.rng("work_service", 3, int(row["staff_no"]), year)
    found = []
    for index in range(int(rng.poisson(_RATE.get(row["role"], 0.0)))):
        draw, pick = rng.random(), int(rng.integers(0, len(_COURSES)))
        start = between(rng, date(year, 1, 5), date(year, 12, 20))
        content, host, hours = _COURSES[pick]
        kind, days, practice = "境内培训", max(1, hours // 6), False
        lengthy = int(rng.integers(30, 150))
        if row["role"] == "teacher" and draw < 0.16 and row["unit"] < "206":
            content, host, practice = "企业实践", "校企合作企业", True
            start, days = date(year, 7, 8), lengthy // 2
            hours = days * 6
        elif row["role"] == "teacher" and draw < 0.2:
            kind, content, host, days = "境内交流", "国内访问学者", "合作高校", lengthy + 60
            hours = days * 4
        elif row["role"] in ("teacher", "officer") and draw < 0.215:
            kind, content, host, days = "境外培训", "教学法研修", "境外合作院校", lengthy // 3 + 7
            hours = days * 5
        elif row["role"] == "teacher" and draw < 0.225:
            kind, content, host, days = "境外交流", "访问学者", "境外合作院校", lengthy + 90
            hours = days * 4
        end = start + timedelta(days=days - 1)
        known = reported(rng, end)  # drawn for whoever has gone too: the next one must not shift
        if row["joined"] > start or (row["left"] is not None and row["left"] <= start):
            continue
        if row["left"] is not None:
            end = min(end, row["left"])
        found.append(
            (f"PX{year}{row['staff_no']}{index + 1:02d}", row["staff_no"], kind, content, host,
             start, end, hours, practice, known, None)
        )  # fmt: skip
    return found


def training_rows(plan: Plan, staff: Staff, degrees: pl.DataFrame) -> pl.DataFrame:
    """staff_training of the window: what was finished, and degrees studied for in service, which
    are reported when they begin and again when they are done."""
    people = staff.people.to_dicts()
    rows = [found for year in years_of(plan) for row in people
            for found in _trainings(plan, row, year)]  # fmt: skip
    by_staff = {row["staff"]: row for row in people}
    for item in degrees.filter(pl.col("in_service")).iter_rows(named=True):
        row = by_staff[item["staff"]]
        if item["award_date"] < plan.start or (row["left"] and item["start"] >= row["left"]):
            continue
        rng = plan.rng("work_service", 4, int(row["staff_no"]))
        doctor = item["education_level"] == "11"
        rows.append(
            (f"PX{item['start'].year}{row['staff_no']}90", row["staff_no"],
             "攻读博士" if doctor else "攻读硕士", f"{item['major_name']}（在职）",
             item["school_name"], item["start"], item["award_date"], 720 if doctor else 480,
             False, reported(rng, item["start"]), item["known"])
        )  # fmt: skip
    frame = pl.DataFrame(rows, schema=_TRAINING, orient="row")
    degree = pl.col("end_known").is_not_null()
    open_ = degree & (pl.col("end_known") >= plan.cut)
    return known_by(
        plan,
        frame.with_columns(
            end_date=pl.when(~open_).then("end_date"),
            hours=pl.when(~open_).then("hours"),
            source_updated_at=pl.when(degree & ~open_).then("end_known").otherwise("known"),
        ).filter(degree | (pl.col("source_updated_at") >= plan.start)),
    )
