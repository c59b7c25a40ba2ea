"""The sites of the website cluster, what is published on them and who comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import Roster
from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.plan import Plan, last_day

__all__ = ["articles", "make_sites", "sites_at", "visits"]

_TOPICS = (
    ("招生信息网", "106"), ("就业信息网", "106"), ("精品课程", "104"), ("学报编辑部", "102"),
    ("校史馆", "107"), ("党建网", "114"), ("资助管理中心", "103"), ("心理健康教育", "103"),
    ("信息公开", "107"), ("采购与招标", "108"), ("实验教学中心", "108"), ("网络安全宣传", "110"),
    ("本科教学评估", "117"), ("校友会", "107"), ("创新创业学院", "104"), ("数字图书馆", "111"),
    ("教师发展中心", "101"), ("国际交流", "107"), ("后勤服务大厅", "109"), ("校医院健康", "113"),
)  # fmt: skip
_COLUMNS = ("通知公告", "新闻动态", "学术活动", "规章制度", "学生活动", "党建工作")
_SUBJECTS = ("教学检查", "学术报告会", "运动会", "技能竞赛", "安全教育", "毕业典礼", "迎新工作",
             "专业建设研讨", "志愿服务", "就业双选会", "校企合作", "实践周", "期末考试安排",
             "放假安排", "评优表彰", "招标采购")  # fmt: skip
_A_YEAR = 9_500 / 20_000


def make_sites(plan: Plan) -> pl.DataFrame:
    """The portal, a site for every college and office, and topics: more in a large college."""
    sites = [("学校门户", "www", SCHOOL[0], 40.0)]
    sites += [(unit.name, f"c{unit.code}", unit.code, 5.0) for unit in COLLEGES]
    sites += [(office[1], f"d{office[0]}", office[0], 3.0) for office in OFFICES[:17]]
    topics = min(37, 4 + plan.students * 33 // 20_000)
    for index in range(topics):
        name, unit = _TOPICS[index % len(_TOPICS)]
        turn = index // len(_TOPICS)
        sites.append((name + ("" if not turn else f"专题{turn}"), f"t{index + 1:02d}", unit, 2.0))
    opened = [date(2013 + index % 9, 1 + index % 12, 15) for index in range(len(sites))]
    # Two topics close while we look.
    closed: list[date | None] = [None] * len(sites)
    for step in (1, 2):
        closed[-step] = plan.start + timedelta(days=130 * step)
    return pl.DataFrame(
        {
            "site": np.arange(len(sites)),
            "site_code": [f"WZ{index + 1:03d}" for index in range(len(sites))],
            "site_name": [name for name, _, _, _ in sites],
            "domain": [f"{prefix}.example.edu" for _, prefix, _, _ in sites],
            "unit_code": [unit for _, _, unit, _ in sites],
            "weight": [weight for _, _, _, weight in sites],
            "icp_no": [f"ICP备案（模拟）{index + 1:03d}" for index in range(len(sites))],
            "mlps_level": ["3" if not index else "2" for index in range(len(sites))],
            "opened": opened,
            "closed": pl.Series(closed, dtype=pl.Date),
        }
    )


def sites_at(plan: Plan, sites: pl.DataFrame, roster: Roster, moment: datetime) -> pl.DataFrame:
    """website as it stood; its administrator is a member of its unit, of the office for the
    portal, until that person leaves."""
    draws = Draws(plan, "sites")
    day = last_day(moment)
    closed = (pl.col("closed") <= day).fill_null(False)
    key = sites["site"].to_numpy()
    stamp = np.full(len(sites), np.datetime64(day, "D"))
    base = np.minimum(np.datetime64(plan.start, "D"), stamp)
    units = sites["unit_code"].to_numpy().astype("U3")
    units = np.where(units == SCHOOL[0], "107", units)
    now = roster.member(units, stamp, draws, "admin", key, base=base)
    first = roster.member(units, base, draws, "admin", key, base=base)
    changed = np.where(now == first, base, roster.left[np.maximum(first, 0)])
    return sites.with_columns(
        admin_staff_no=roster.names(now),
        status=pl.when(closed).then(pl.lit("关停")).otherwise(pl.lit("运行")),
        source_updated_at=pl.max_horizontal(
            "opened", pl.when(closed).then("closed"), pl.Series(np.minimum(changed, stamp))
        ).dt.combine(pl.time(11, 0)),
    )


def articles(plan: Plan, sites: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """website_article: published in working hours by a member of the unit, reviewed by its leader
    or, where the leader publishes, by another member of staff."""
    draws = Draws(plan, "articles")
    weight = sites["weight"].to_numpy()
    closed = sites["closed"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[D]")
    parts = []
    for month in month_numbers(plan):
        days = month_days(month)
        busy = day_weights(days) + 0.15
        count = round(plan.students * _A_YEAR / 270 * float(busy.sum())) + 2
        serial, stamp = np.arange(count), int(month.astype(np.int64))
        site = draws.choice("site", weight.tolist(), stamp, serial)
        day = np.array(days, "datetime64[D]")[draws.choice("day", busy.tolist(), stamp, serial)]
        second = 8 * 3600 + draws.integers("second", 0, 11 * 3600, stamp, serial)
        at = day.astype("datetime64[s]") + second.astype("timedelta64[s]")
        kept = np.flatnonzero(closed[site] > day)
        parts.append(
            pl.DataFrame(
                {
                    "key": stamp * 100_000 + serial,
                    "site": site,
                    "published_at": at.astype("datetime64[ms]"),
                    "article_id": [f"WZ{month}".replace("-", "") + f"{index + 1:05d}"
                                   for index in serial.tolist()],
                }
            )[kept]
        )  # fmt: skip
    frame = pl.concat(parts).filter(pl.col("published_at") <= plan.cut)
    key = frame["key"].to_numpy()
    day = frame["published_at"].to_numpy().astype("datetime64[D]")
    units = sites["unit_code"].to_numpy().astype("U3")[frame["site"].to_numpy()]
    units = np.where(units == SCHOOL[0], "107", units)
    author = roster.member(units, day, draws, "author", key)
    head = roster.leader(units, day)
    second = roster.member(np.full(len(key), "107"), day, draws, "second", key)
    review = np.where((head >= 0) & (head != author), head, second)
    review = np.where(review == author, -1, review)
    subject = draws.integers("subject", 0, len(_SUBJECTS), key)
    column = draws.choice("column", [0.34, 0.36, 0.1, 0.04, 0.1, 0.06], key)
    return frame.with_columns(
        site_code=sites["site_code"].gather(frame["site"]),
        column_name=pl.Series(np.array(_COLUMNS)[column]),
        title=pl.Series([f"{_SUBJECTS[s]}{'通知' if c == 0 else '侧记'}（{k % 100_000 + 1}）"
                         for s, c, k in zip(subject, column, key.tolist(), strict=True)]),
        publisher_staff_no=roster.names(author),
        reviewed_by=roster.names(review),
        source_updated_at=pl.col("published_at"),
    ).sort("published_at", "article_id")  # fmt: skip


def visits(plan: Plan, sites: pl.DataFrame, months: np.ndarray) -> Iterator[pl.DataFrame]:
    """website_visit_daily, a month a frame; the portal and the admissions site swell in June to
    August, when results come and places are given."""
    draws = Draws(plan, "visits")
    key = sites["site"].to_numpy()
    size = sites["weight"].to_numpy() * plan.students / 90 * np.exp(0.5 * draws.normal("size", key))
    closed = sites["closed"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[D]")
    admission = sites["site_name"].is_in(["学校门户", "招生信息网"]).to_numpy()
    for month in months:
        days = [day for day in month_days(month) if day < plan.as_of]
        if not days:
            continue
        stamps = np.array(days, "datetime64[D]")
        life = 0.25 + 0.75 * day_weights(days)
        summer = np.where(admission & (days[0].month in (6, 7, 8)), 3.2, 1.0)
        row, column = np.nonzero(closed[:, None] > stamps[None, :])
        own, day = key[row], stamps[column].astype(np.int64)
        usual = size[row] * life[column] * summer[row] + 3
        views = np.rint(usual * np.exp(0.25 * draws.normal("views", own, day))).astype(np.int64)
        share = 0.25 + 0.3 * draws.uniform("visitors", own, day)
        yield pl.DataFrame(
            {
                "site_code": sites["site_code"].gather(pl.Series(row)),
                "visit_date": stamps[column],
                "page_views": views,
                "visitors": np.maximum((views * share).astype(np.int64), np.minimum(views, 1)),
                "attacks_blocked": draws.poisson("attacks", 3 + usual * 0.02, own, day),
                "source_updated_at": (stamps[column] + 1).astype("datetime64[ms]")
                + np.timedelta64(50 * 60_000, "ms"),
            }
        )
