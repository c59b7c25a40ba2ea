"""The campus hospital: conclusions of the staff's checkups, and the monthly return of visits."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, months
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.work.clock import at, known_by, month_start

__all__ = ["exam_rows", "visit_rows"]

#: disease class → visits of 1,000 students and of 1,000 staff in a busy month, share referred,
#: month of the peak (None: none) and its height
_DISEASES: dict[str, tuple[float, float, float, int | None, float]] = {
    "上呼吸道感染": (95, 70, 0.01, 12, 1.9), "流行性感冒": (18, 14, 0.02, 1, 3.0),
    "胃肠炎": (30, 18, 0.02, 7, 1.7), "消化不良": (16, 14, 0.01, None, 1.0),
    "皮肤病": (22, 15, 0.02, 7, 1.5), "外伤": (26, 9, 0.06, 10, 1.4),
    "扭伤与肌肉损伤": (24, 12, 0.05, 10, 1.4), "口腔疾病": (14, 13, 0.05, None, 1.0),
    "眼病": (12, 10, 0.04, None, 1.0), "耳鼻喉疾病": (15, 14, 0.03, 4, 1.3),
    "高血压": (1, 42, 0.02, 1, 1.2), "糖尿病": (1, 26, 0.02, None, 1.0),
    "心血管疾病": (2, 20, 0.1, 1, 1.2), "颈肩腰腿痛": (6, 32, 0.03, None, 1.0),
    "泌尿系统疾病": (6, 9, 0.05, None, 1.0), "妇科疾病": (8, 9, 0.06, None, 1.0),
    "过敏性疾病": (16, 10, 0.02, 4, 1.9), "失眠与神经症": (9, 11, 0.05, 6, 1.4),
    "发热待查": (12, 6, 0.12, 12, 1.7), "健康咨询与配药": (20, 55, 0.0, None, 1.0),
}  # fmt: skip


def exam_rows(plan: Plan, staff: Staff, checkups: pl.DataFrame) -> pl.DataFrame:
    """staff_physical_exam: those who came to the checkup, some days later. A chronic disease comes
    at an age of its own and stays; weak health (一般或较弱) comes and goes."""
    people = staff.people.select("staff_no", "birth_date")
    came = checkups.filter("attended").join(people, on="staff_no", maintain_order="left")
    rows = []
    for number, year, day, born in came.select(
        "staff_no", "year", "attended_date", "birth_date"
    ).iter_rows():
        fixed = plan.rng("work_life", 5, int(number))
        onset, disabled, managed = fixed.normal(58, 13), fixed.random(), fixed.random()
        rng = plan.rng("work_life", 6, int(number), year)
        weak = rng.random() < 0.04 + 0.004 * (year - born.year)
        chronic = year - born.year >= onset
        status = "6" if disabled < 0.004 else "3" if chronic else "2" if weak else "1"
        known = at(day + timedelta(days=int(rng.integers(8, 22))), 15)
        rows.append((number, year, status, bool(chronic and managed < 0.8), known))
    schema = {"staff_no": pl.String, "year": pl.Int64, "health_status": pl.String,
              "chronic_flag": pl.Boolean, "source_updated_at": pl.Datetime("us")}  # fmt: skip
    return known_by(plan, pl.DataFrame(rows, schema=schema, orient="row"))


def visit_rows(plan: Plan, staff: Staff, students: Students) -> pl.DataFrame:
    """clinic_visit_monthly of the months that are over: visits follow those enrolled and on post,
    the season, and how much of a month the campus is alive."""
    rows = []
    for month in months(plan):
        end = month_start(month, 1)
        if at(end, 10) >= plan.cut:
            continue
        days = [month + timedelta(days=index) for index in range((end - month).days)]
        alive = float(day_weights(days).mean())
        heads = {
            "学生": students.at(month).filter(pl.col("status") == "01").height * alive / 0.9,
            "教职工": staff.on_post(month).height * (0.45 + 0.6 * alive),
        }
        rng = plan.rng("work_life", 7, month.year, month.month)
        for disease, (young, old, referred, peak, height) in _DISEASES.items():
            wave = 1.0
            if peak is not None:
                wave = 1 + (height - 1) * np.cos((month.month - peak) * np.pi / 6)
            for kind, rate in (("学生", young), ("教职工", old)):
                visits = int(rng.poisson(max(heads[kind] * rate / 1000 * max(wave, 0.1), 0.0)))
                rows.append((f"{month:%Y-%m}", kind, disease, visits,
                             int(rng.binomial(visits, referred)), at(end, 10)))  # fmt: skip
    schema = {"month": pl.String, "patient_kind": pl.String, "disease_class": pl.String,
              "visits": pl.Int64, "referrals": pl.Int64,
              "source_updated_at": pl.Datetime("us")}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
