"""Majors, courses and who takes what when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.simulate.catalogue import COLLEGES, MAJORS, Major
from warehouse.simulate.course_catalogue import COMMON_COURSES, ELECTIVES
from warehouse.simulate.plan import Plan

__all__ = ["Curriculum", "OfferedMajor", "make_curriculum"]

_TOPICS = (
    "导论", "原理", "技术基础", "方法", "技术", "分析", "应用", "实验", "案例研究", "课程设计",
    "综合实训", "前沿",
)  # fmt: skip

#: Semesters of a programme, and the semester of the major's plan it starts in.
_SPAN = {"ug": (8, 0), "zk": (6, 0), "up": (4, 4)}


@dataclass(frozen=True)
class OfferedMajor:
    """One major of this college. `first_intake` and `last_intake` bound the years it recruits."""

    code: str
    major: Major
    first_intake: int
    last_intake: int

    @property
    def length(self) -> int:
        return 4 if self.major.level == "3" else 3


@dataclass(frozen=True)
class Curriculum:
    """`courses`: one row per course (the extract's columns plus exists_from and changed_at).
    `plan`: programme kind, major, plan semester, position, course (null: a free elective),
    attribute. `electives`: course codes a student may choose freely, with their first year."""

    majors: tuple[OfferedMajor, ...]
    courses: pl.DataFrame
    plan: pl.DataFrame
    electives: tuple[tuple[str, int], ...]


def _offered(plan: Plan) -> tuple[OfferedMajor, ...]:
    count = max(10, min(len(MAJORS), round(plan.students / 70)))
    chosen: list[Major] = []
    for rank in range(len(MAJORS)):
        for college in COLLEGES:
            own = [major for major in MAJORS if major.college == college.code]
            if rank < len(own):
                chosen.append(own[rank])
    chosen = chosen[:count]
    numbers = dict.fromkeys((college.code for college in COLLEGES), 0)
    offered = []
    for major in sorted(chosen, key=MAJORS.index):
        numbers[major.college] += 1
        last = 9999 if major.stopped is None else plan.anchor - major.stopped
        code = f"{major.college[1:]}{numbers[major.college]:02d}"
        offered.append(OfferedMajor(code, major, major.set_up, last))
    return tuple(offered)


class _Courses:
    """Numbers courses within the unit that teaches them."""

    def __init__(self, plan: Plan) -> None:
        self.rng = plan.rng("curriculum")
        self.rows: list[dict[str, object]] = []
        self.counts: dict[str, int] = {}

    def add(
        self, name: str, unit: str, credits: float, hours: int, category: str, nature: str,
        *, core: bool = False, exists_from: int = 2000,
    ) -> str:  # fmt: skip
        self.counts[unit] = self.counts.get(unit, 0) + 1
        code = f"{unit[1:]}{self.counts[unit]:04d}"
        practice = hours if category == "5" else 0
        lab = 0
        if category in ("1", "2", "6") and nature == "3" and self.rng.random() < 0.5:
            lab = hours // 4
        if category == "3":
            lab = hours // 2
        self.rows.append(
            {
                "course_code": code,
                "course_name": name,
                "unit_code": unit,
                "course_category": category,
                "course_nature": nature,
                "credits": credits,
                "hours_total": hours,
                "hours_theory": hours - lab - practice,
                "hours_experiment": lab,
                "hours_practice": practice,
                "is_core": core,
                "exists_from": exists_from,
            }
        )
        return code


def _own_courses(courses: _Courses, offered: OfferedMajor, count: int) -> list[str]:
    """The major's own courses, theory first and long practice last."""
    major, codes = offered.major, []
    for index in range(count):
        stem = major.stems[index % len(major.stems)]
        topic = _TOPICS[index // len(major.stems) % len(_TOPICS)]
        credits = float(courses.rng.choice([2.0, 2.5, 3.0, 3.5, 4.0]))
        category = {"实验": "3", "综合实训": "5", "课程设计": "5"}.get(topic, "1")
        codes.append(
            courses.add(
                f"{stem}{topic}",
                major.college,
                credits,
                int(credits * 16),
                category,
                "3",
                core=index < 8,
            )
        )
    return codes


def make_curriculum(plan: Plan) -> Curriculum:
    """The majors, the courses and the teaching plan that this college would have."""
    offered, courses = _offered(plan), _Courses(plan)
    common = [
        (semester, courses.add(name, unit, credits, hours, category, "1"))
        for semester, name, credits, hours, unit, category in COMMON_COURSES
    ]
    foundations = {
        college.code: [
            courses.add(name, college.code, 3.0, 48, "1", "2") for name in college.foundations
        ]
        for college in COLLEGES
    }
    rows: list[tuple[str, str, int, int, str | None, str]] = []
    per_semester = (3, 5, 5, 5, 7, 8, 6)
    for item in offered:
        kind = "ug" if item.major.level == "3" else "zk"
        semesters = item.length * 2
        own = iter(_own_courses(courses, item, sum(per_semester[: semesters - 1])))
        for semester in range(semesters):
            taken: list[tuple[str | None, str]] = []
            if semester < semesters - 1:
                taken += [(code, "1") for at, code in common if at == semester]
                pair = foundations[item.major.college][2 * semester : 2 * semester + 2]
                taken += [(code, "1") for code in pair]
                for index in range(per_semester[semester]):
                    taken.append((next(own), "2" if semester >= 4 and index >= 4 else "1"))
                if semester:
                    taken.append((None, "8"))
            else:
                for name, credits, hours in (("毕业实习", 4.0, 128), ("毕业设计", 8.0, 256)):
                    code = courses.add(f"{item.major.name}{name}", item.major.college, credits,
                                       hours, "5", "3", core=True)  # fmt: skip
                    taken.append((code, "5"))
            for position, (code, attribute) in enumerate(taken):
                rows.append((kind, item.code, semester, position, code, attribute))
                if kind == "ug" and semester >= _SPAN["up"][1]:
                    rows.append(("up", item.code, semester, position, code, attribute))
    electives = []
    for index, (name, unit) in enumerate(ELECTIVES):
        year = plan.start.year + 1 + index % max(plan.years, 1) if index % 7 == 6 else 2010
        category = {"209": "4", "207": "6"}.get(unit, "1")
        code = courses.add(name, unit, 2.0, 32, category, "1", exists_from=year)
        electives.append((code, year))
    frame = pl.DataFrame(courses.rows)
    changed = np.array(
        [np.datetime64(f"{year}-06-10T10:00:00") for year in frame["exists_from"]]
    ).astype("datetime64[ms]")
    schema = ["kind", "major_code", "semester", "position", "course_code", "attribute"]
    return Curriculum(
        majors=offered,
        courses=frame.with_columns(changed_at=pl.Series(changed)),
        plan=pl.DataFrame(rows, schema=schema, orient="row"),
        electives=tuple(electives),
    )
