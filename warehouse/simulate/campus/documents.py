"""Documents of the office system and the way each went, step by step."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS, Roster
from warehouse.simulate.catalogue import SCHOOL
from warehouse.simulate.plan import Plan

__all__ = ["documents", "make_flow"]

_A_YEAR = 3_200 / 20_000
"Documents in a year, for each student of the college's size."
_OFFICE = "107"
_DIRECTIONS = ("收文", "发文", "签报")
#: Steps of each direction: (name, who does it, status while it waits, median hours). Who: office,
#: unit (a member of the unit in charge), head (its leader), school (the school's leader).
_WAYS = {
    "收文": (("登记", "office", "1", 2), ("拟办", "office", "2", 4),
             ("审核", "office-head", "2", 5),
             ("领导批示", "school", "4", 12), ("分发", "office", "5", 3), ("传阅", "head", "8", 9),
             ("传阅", "unit", "8", 8), ("承办", "unit", "8", 30), ("反馈", "head", "8", 8),
             ("归档", "office", "8", 20)),
    "发文": (("拟稿", "unit", "8", 6), ("部门审核", "head", "4", 6), ("会签", "other", "4", 10),
             ("会签", "other", "4", 10), ("办公室核稿", "office", "4", 8),
             ("办公室主任审核", "office-head", "4", 6), ("领导签发", "school", "6", 14),
             ("编号排版", "office", "7", 3), ("印发", "office", "7", 3), ("传阅", "unit", "8", 9),
             ("归档", "office", "8", 20)),
    "签报": (("拟稿", "unit", "8", 5), ("部门审核", "head", "4", 6), ("会签", "other", "4", 10),
             ("会签", "other", "4", 9), ("办公室核稿", "office", "4", 7),
             ("办公室主任审核", "office-head", "4", 6), ("领导审批", "school", "4", 14),
             ("复核", "office", "5", 4), ("办理", "unit", "5", 20), ("办结反馈", "head", "8", 6),
             ("归档", "office", "8", 16)),
}  # fmt: skip
#: The step after which a document counts as issued.
_ISSUED = {"收文": 1, "发文": 7, "签报": 7}
_LONGEST = max(len(way) for way in _WAYS.values())
_SUBJECTS = (
    "教学工作", "招生工作", "学生管理", "科研项目申报", "实验室安全", "校园安全", "人事安排",
    "财务预算", "资产清查", "网络安全", "档案管理", "评估整改", "校园文化活动", "后勤服务",
    "师资队伍建设", "专业建设", "图书采购", "基本建设", "就业工作", "对外合作",
)  # fmt: skip
_TYPES = (("05", "通知", 0.42), ("15", "函", 0.14), ("09", "请示", 0.12), ("08", "报告", 0.12),
          ("13", "会议纪要", 0.08), ("04", "意见", 0.05), ("02", "决定", 0.04),
          ("10", "批复", 0.03))  # fmt: skip
_RESULTS = {"传阅": "已阅", "登记": "已登记", "归档": "已归档", "拟稿": "提交", "分发": "已分发"}


def documents(plan: Plan) -> pl.DataFrame:
    """One row per document: whole months, most in term; working days and hours only."""
    draws = Draws(plan, "documents")
    parts = []
    for month in month_numbers(plan):
        days = np.array([day for day in month_days(month) if day.weekday() < 5], "datetime64[D]")
        weight = 0.3 + day_weights(days.tolist())
        count = round(plan.students * _A_YEAR / 12 * float(weight.sum()) / 23.0) + 1
        serial, stamp = np.arange(count), int(month.astype(np.int64))
        day = np.sort(days[draws.choice("day", weight.tolist(), stamp, serial)])
        second = 8 * 3600 + draws.integers("second", 0, 9 * 3600, stamp, serial)
        at = day.astype("datetime64[s]") + second.astype("timedelta64[s]")
        parts.append(
            pl.DataFrame(
                {
                    "key": stamp * 100_000 + serial,
                    "document_id": [f"GW{month}".replace("-", "") + f"{index + 1:05d}"
                                    for index in serial.tolist()],
                    "opened": at.astype("datetime64[ms]"),
                }
            )
        )  # fmt: skip
    frame = pl.concat(parts)
    key = frame["key"].to_numpy()
    way = draws.choice("direction", [0.5, 0.28, 0.22], key)
    kind = draws.choice("type", [share for _, _, share in _TYPES], key)
    subject = draws.integers("subject", 0, len(_SUBJECTS), key)
    titles = [f"关于{_SUBJECTS[s]}的{_TYPES[k][1]}" for s, k in zip(subject, kind, strict=True)]
    direction = np.array(_DIRECTIONS)[way]
    opened = frame["opened"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970
    word = np.select([way == 0, way == 1], ["来文", "校发"], "签报")
    numbers = [f"{w}〔{y}〕{k % 100_000 + 1 + 400 * (k // 100_000 % 12)}号"
               for w, y, k in zip(word, opened, key.tolist(), strict=True)]  # fmt: skip
    return frame.with_columns(
        direction=pl.Series(direction),
        document_no=pl.Series(numbers),
        document_type=pl.Series(np.array([code for code, _, _ in _TYPES])[kind]),
        title=pl.Series(titles),
        unit_code=pl.Series(np.array(UNITS)[draws.integers("unit", 0, len(UNITS), key)]),
        urgency=pl.Series(np.array(["9", "4", "3", "5", "2"])[
            draws.choice("urgency", [0.55, 0.27, 0.1, 0.06, 0.02], key)]),
        secrecy=pl.Series(np.where(draws.uniform("secrecy", key) < 0.72, "GK", "XZ")),
    )  # fmt: skip


def _working(moment: np.ndarray) -> np.ndarray:
    """Moved on into working hours: 8 to 18 on Monday to Friday."""
    day = moment.astype("datetime64[D]")
    second = (moment - day).astype(np.int64)
    late = second >= 18 * 3600
    second = np.where(late | (second < 8 * 3600), 8 * 3600 + second % 3_600, second)
    day = day + late
    weekday = (day.astype(np.int64) + 3) % 7
    day = day + np.where(weekday >= 5, 7 - weekday, 0)
    return day.astype("datetime64[s]") + second.astype("timedelta64[s]")


def make_flow(
    plan: Plan, papers: pl.DataFrame, roster: Roster
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """oa_document and oa_workflow_step as known at the cut. A step reaches its person when the
    step before is done, and that person is on post then."""
    draws = Draws(plan, "flow")
    key = papers["key"].to_numpy()
    direction = papers["direction"].to_numpy()
    unit = papers["unit_code"].to_numpy().astype("U3")
    other = np.array(UNITS)[draws.integers("other", 0, len(UNITS), key)]
    received = papers["opened"].to_numpy().astype("datetime64[s]")
    steps, done_at = [], np.full((len(papers), _LONGEST), np.datetime64("2200-01-01", "s"))
    for place in range(_LONGEST):
        way = {name: ways[place] for name, ways in _WAYS.items() if place < len(ways)}
        rows = np.flatnonzero(np.isin(direction, list(way)))
        here = [way[name] for name in direction[rows]]
        actor = np.array([step[1] for step in here])
        units = np.select(
            [np.isin(actor, ["office", "office-head"]), actor == "other", actor == "school"],
            [_OFFICE, other[rows], SCHOOL[0]], unit[rows],
        )  # fmt: skip
        day = received[rows].astype("datetime64[D]")
        head = roster.leader(units, day)
        leads = np.isin(actor, ["head", "office-head", "school", "other"]) & (head >= 0)
        staff_units = np.where(units == SCHOOL[0], _OFFICE, units)
        member = roster.member(staff_units, day, draws, f"step{place}", key[rows])
        who = np.where(leads, head, member)
        hours = np.array([step[3] for step in here])
        taken = hours * 3600 * np.exp(0.9 * draws.normal("hours", key[rows], place))
        done = _working(received[rows] + np.clip(taken, 240, 20 * 86_400).astype("timedelta64[s]"))
        steps.append(
            pl.DataFrame(
                {
                    "document_id": papers["document_id"].gather(pl.Series(rows)),
                    "step_no": np.full(len(rows), place + 1),
                    "step_name": [step[0] for step in here],
                    "staff_no": roster.names(who),
                    "received_at": received[rows].astype("datetime64[ms]"),
                    "done_at": done.astype("datetime64[ms]"),
                    "result": [_RESULTS.get(step[0], "同意") for step in here],
                }
            )
        )
        done_at[rows, place] = done
        received = received.copy()
        received[rows] = done
    return _known_papers(papers, done_at, plan), _known_steps(pl.concat(steps), plan)


def _known_steps(steps: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    done = pl.col("done_at") <= plan.cut
    return (
        steps.filter(pl.col("received_at") <= plan.cut)
        .with_columns(done_at=pl.when(done).then("done_at"), result=pl.when(done).then("result"))
        .with_columns(source_updated_at=pl.coalesce("done_at", "received_at"))
        .sort("received_at", "document_id", "step_no")
    )


def _known_papers(papers: pl.DataFrame, done_at: np.ndarray, plan: Plan) -> pl.DataFrame:
    """Where each document stands: the status its next step waits in, 已办结 after the last."""
    direction = papers["direction"].to_numpy()
    cut = plan.cut
    finished = (done_at <= np.datetime64(cut, "s")).sum(axis=1)
    length = np.array([len(_WAYS[name]) for name in direction])
    waits = np.array(
        [[step[2] for step in _WAYS[name]] + ["9"] * (_LONGEST + 1 - len(_WAYS[name]))
         for name in _DIRECTIONS]
    )  # fmt: skip
    kind = np.array([_DIRECTIONS.index(name) for name in direction])
    index = np.arange(len(papers))
    issue = np.array([_ISSUED[name] for name in direction]) - 1
    opened = papers["opened"].to_numpy().astype("datetime64[s]")
    last = np.where(finished > 0, done_at[index, np.maximum(finished - 1, 0)], opened)
    return papers.with_columns(
        status=pl.Series(waits[kind, finished]),
        issued=pl.Series(done_at[index, issue].astype("datetime64[ms]")),
        filed=pl.Series(done_at[index, length - 1].astype("datetime64[ms]")),
        source_updated_at=pl.Series(last.astype("datetime64[ms]")),
    ).with_columns(
        issued_date=pl.when(pl.col("issued") <= cut).then(pl.col("issued").dt.date()),
        archived_date=pl.when(pl.col("filed") <= cut).then(pl.col("filed").dt.date()),
        document_no=pl.when((pl.col("issued") <= cut) | (pl.col("direction") != "发文"))
        .then("document_no"),
    ).filter(pl.col("opened") <= cut)  # fmt: skip
