"""The network's devices and the systems, their outages, and the minutes they were up each day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.asset_kinds import kind_index
from warehouse.simulate.campus.assets import Assets
from warehouse.simulate.campus.calendar_months import month_days
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import Roster
from warehouse.simulate.plan import Plan, last_day

__all__ = ["Devices", "make_devices"]

_TYPES = {"服务器": "服务器", "交换机": "交换机", "无线接入点": "AP", "磁盘阵列": "存储"}
#: type → outages in 1,000 days, usual peak in Mbps (0: not measured)
_HABITS = {"AP": (5.0, 60.0), "交换机": (2.2, 420.0), "服务器": (1.6, 180.0), "存储": (0.8, 0.0),
           "应用系统": (4.5, 0.0)}  # fmt: skip
_SYSTEMS = (
    ("人事管理系统", 2), ("科研管理系统", 2), ("学生管理系统", 3), ("心理健康系统", 2),
    ("教务管理系统", 3), ("财务管理系统", 3), ("收费管理系统", 3), ("招生管理系统", 2),
    ("迎新管理系统", 2), ("空间学习系统", 2), ("办公OA系统", 2), ("国有资产管理系统", 2),
    ("学生就餐卡系统", 2), ("电子邮件系统", 2), ("网站群管理系统", 3), ("IT运维管理系统", 2),
    ("实名认证管理系统", 3), ("软件正版化系统", 2), ("图书管理系统", 2), ("房产管理系统", 2),
)  # fmt: skip
_LONGEST = 3 * 1440
_FAR = np.datetime64("2200-01-01", "D")


@dataclass(frozen=True)
class Devices:
    """`table`: one row a device, `device` its index, `serves` and `retires` the days in service.
    `outages`: device, begin and end (datetime), in the order of their beginning."""

    table: pl.DataFrame
    outages: pl.DataFrame
    plan: Plan
    roster: Roster
    draws: Draws

    def at(self, moment: datetime) -> pl.DataFrame:
        """it_device as it stood at a moment."""
        day = last_day(moment)
        rows = self.table.filter(pl.col("in_service_date") <= day)
        retired = (pl.col("retires") <= day).fill_null(False)
        stamp = np.full(len(rows), np.datetime64(day, "D"))
        serves = rows["in_service_date"].to_numpy().astype("datetime64[D]")
        base = np.minimum(np.maximum(serves, np.datetime64(self.plan.start, "D")), stamp)
        units = np.full(len(rows), "110", dtype="U3")
        key = rows["key"].to_numpy()
        now = self.roster.member(units, stamp, self.draws, "admin", key, base=base)
        first = self.roster.member(units, base, self.draws, "admin", key, base=base)
        left = np.where(now == first, serves, self.roster.left[np.maximum(first, 0)])
        since = pl.Series(np.where(left <= stamp, left, serves))
        return rows.with_columns(
            admin_staff_no=self.roster.names(now),
            retired_date=pl.when(retired).then("retires"),
            source_updated_at=pl.max_horizontal(
                since, "in_service_date", pl.when(retired).then("retires")
            ).dt.combine(pl.time(16, 0)),
        )

    def availability(self, months: np.ndarray) -> Iterator[pl.DataFrame]:
        """it_availability_daily, a month a frame: 1,440 minutes less what an outage took."""
        lost = self._minutes_lost()
        table, draws = self.table, self.draws
        key = table["key"].to_numpy()
        serves = table["in_service_date"].to_numpy().astype("datetime64[D]")
        retires = table["retires"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[D]")
        usual = np.array([_HABITS[kind][1] for kind in table["device_type"]])
        usual = usual * np.exp(0.6 * draws.normal("size", key))
        for month in months:
            days = [day for day in month_days(month) if day < self.plan.as_of]
            if not days:
                continue
            stamps = np.array(days, dtype="datetime64[D]")
            life = 0.15 + 0.85 * day_weights(days)
            on = (serves[:, None] < stamps) & (retires[:, None] > stamps)
            row, column = np.nonzero(on)
            own, day = key[row], stamps[column].astype(np.int64)
            peak = usual[row] * life[column] * np.exp(0.3 * draws.normal("peak", own, day))
            average = peak * (0.12 + 0.3 * draws.uniform("average", own, day))
            frame = pl.DataFrame(
                {"device": row, "stat_date": stamps[column], "peak": peak, "average": average,
                 "quiet": draws.poisson("alerts", 0.06, own, day), "measured": usual[row] > 0}
            ).join(lost, on=["device", "stat_date"], how="left", maintain_order="left")  # fmt: skip
            yield frame.with_columns(
                device_code=table["device_code"].gather(frame["device"]),
                uptime_minutes=1440 - pl.col("lost").fill_null(0),
                alerts=pl.col("quiet") + pl.when(pl.col("lost") > 0).then(2).otherwise(0),
                peak_mbps=pl.when("measured").then(pl.col("peak").round(2)),
                avg_mbps=pl.when("measured").then(pl.col("average").round(2)),
                source_updated_at=(pl.col("stat_date") + timedelta(days=1)).dt.combine(
                    pl.time(0, 30)
                ),
            )

    def _minutes_lost(self) -> pl.DataFrame:
        """device, stat_date, lost: the minutes of each day that outages covered."""
        begin = self.outages["begin"].to_numpy().astype("datetime64[m]")
        end = self.outages["end"].to_numpy().astype("datetime64[m]")
        parts = []
        for step in range(_LONGEST // 1440 + 1):
            day = begin.astype("datetime64[D]") + step
            low = np.maximum(begin, day.astype("datetime64[m]"))
            high = np.minimum(end, (day + 1).astype("datetime64[m]"))
            minutes = (high - low).astype(np.int64)
            parts.append(
                pl.DataFrame({"device": self.outages["device"], "stat_date": day, "lost": minutes})
            )
        found = pl.concat(parts).filter(pl.col("lost") > 0)
        return found.group_by("device", "stat_date", maintain_order=True).agg(
            lost=pl.col("lost").sum().clip(0, 1440)
        )


def _table(plan: Plan, assets: Assets) -> pl.DataFrame:
    kinds = {kind_index(name): kind for name, kind in _TYPES.items()}
    cards = assets.cards.filter(pl.col("kind").is_in(list(kinds)))
    hardware = cards.select(
        key=pl.col("asset"),
        device_code=pl.format("IT{}", (pl.col("asset") + 1).cast(pl.String).str.zfill(7)),
        device_type=pl.col("kind").replace_strict(kinds, return_dtype=pl.String),
        name=pl.format("{}{}", "asset_name", pl.col("asset") + 1),
        asset_no="asset_no",
        location=pl.coalesce("room_code", pl.lit("信息中心机房")),
        mlps_level=pl.lit(None, dtype=pl.String),
        in_service_date=pl.col("acquired_date") + timedelta(days=7),
        retires="ended",
    )
    systems = pl.DataFrame(
        {
            "key": [10**8 + index for index in range(len(_SYSTEMS))],
            "device_code": [f"SYS{index + 1:02d}" for index in range(len(_SYSTEMS))],
            "device_type": "应用系统",
            "name": [name for name, _ in _SYSTEMS],
            "asset_no": None,
            "location": "信息中心机房",
            "mlps_level": [str(level) for _, level in _SYSTEMS],
            "in_service_date": [date(2014 + index % 7, 3 + index % 9, 12)
                                for index in range(len(_SYSTEMS))],
            "retires": None,
        },
        schema=hardware.schema,
    )  # fmt: skip
    table = pl.concat([systems, hardware]).filter(pl.col("in_service_date") < plan.as_of)
    return table.with_columns(device=pl.int_range(pl.len(), dtype=pl.Int64))


def _outages(plan: Plan, table: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """At most one a device and day; the next begins after the last has ended."""
    key = table["key"].to_numpy()
    serves = table["in_service_date"].to_numpy().astype("datetime64[D]")
    retires = table["retires"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[D]")
    rate = np.array([_HABITS[kind][0] for kind in table["device_type"]]) / 1000
    stamps = np.arange(np.datetime64(plan.start, "D"), np.datetime64(plan.as_of, "D"))
    number = stamps.astype(np.int64)
    rows, columns = [], []
    for first in range(0, len(stamps), 31):
        part = slice(first, first + 31)
        drawn = draws.uniform("outage", key[:, None], number[None, part])
        on = (serves[:, None] < stamps[None, part]) & (retires[:, None] > stamps[None, part] + 4)
        row, column = np.nonzero((drawn < rate[:, None]) & on)
        rows.append(row)
        columns.append(column + first)
    row, day = np.concatenate(rows), np.concatenate(columns)
    own, date_number = key[row], number[day]
    minute = draws.integers("minute", 0, 1440, own, date_number)
    length = draws.lognormal("length", 48, 1.15, own, date_number).clip(6, _LONGEST - 60)
    begin = stamps[day].astype("datetime64[m]") + minute.astype("timedelta64[m]")
    end = begin + np.rint(length).astype("timedelta64[m]")
    frame = pl.DataFrame(
        {
            "device": row,
            "begin": begin.astype("datetime64[ms]"),
            "end": end.astype("datetime64[ms]"),
        }
    ).sort("device", "begin")
    # The last outage may still run when the next is drawn: three days are the longest.
    before = pl.col("end").shift(1).rolling_max(4, min_samples=1).over("device")
    return frame.filter((pl.col("begin") > before).fill_null(True)).sort("begin", "device")


def make_devices(plan: Plan, assets: Assets, roster: Roster) -> Devices:
    draws = Draws(plan, "devices")
    table = _table(plan, assets)
    return Devices(table, _outages(plan, table, draws), plan, roster, draws)
