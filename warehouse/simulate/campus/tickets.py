"""Tickets of the IT service desk: one for every outage, and what users ask for."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.devices import Devices
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import Members, Roster
from warehouse.simulate.plan import Plan

__all__ = ["tickets"]

_ASKED = (("校园网", 0.34), ("账号密码", 0.24), ("多媒体教室", 0.16), ("邮箱", 0.08),
          ("软件安装", 0.12), ("校园卡", 0.06))  # fmt: skip
_FAULTS = {"AP": "无线网络故障", "交换机": "网络故障", "服务器": "服务器故障", "存储": "存储故障",
           "应用系统": "系统故障"}  # fmt: skip
_A_STUDENT = 0.29
"Requests of users in a year, for each student in residence."


def _of_outages(plan: Plan, devices: Devices, roster: Roster, draws: Draws) -> pl.DataFrame:
    """Monitoring reports it within minutes; it is closed when the device is up again."""
    rows = devices.outages.join(
        devices.table.select("device", "key", "device_code", "device_type"), on="device",
        how="left", maintain_order="left",
    )  # fmt: skip
    key = rows["key"].to_numpy()
    begin = rows["begin"].to_numpy().astype("datetime64[s]")
    end = rows["end"].to_numpy().astype("datetime64[s]")
    day = begin.astype("datetime64[D]")
    whole = (end - begin).astype(np.int64)
    opened = begin + (60 + whole * 0.05 * draws.uniform("seen", key, day)).astype("timedelta64[s]")
    rest = (end - opened).astype(np.int64)
    wait = np.minimum(rest * (0.1 + 0.3 * draws.uniform("wait", key, day)), 5_400)
    who = roster.member(np.full(len(rows), "110", dtype="U3"), day, draws, "watch", key)
    critical = rows["device_type"].is_in(["应用系统", "存储"]).to_numpy()
    return pl.DataFrame(
        {
            "ticket_no": pl.Series(
                [f"GZ{stamp:%y%m%d}{code}" for stamp, code in
                 zip(day.tolist(), rows["device_code"].to_list(), strict=True)], dtype=pl.String
            ),
            "reporter_no": roster.names(who),
            "category": rows["device_type"].replace_strict(_FAULTS, return_dtype=pl.String),
            "device_code": rows["device_code"],
            "opened_at": opened.astype("datetime64[ms]"),
            "responded_at": (opened + wait.astype("timedelta64[s]")).astype("datetime64[ms]"),
            "closed_at": end.astype("datetime64[ms]"),
            "satisfaction": pl.Series([None] * len(rows), dtype=pl.Int64),
            "priority": np.where(critical, "高", "中"),
        }
    )  # fmt: skip


def _of_users(plan: Plan, members: Members, draws: Draws) -> pl.DataFrame:
    parts = []
    for month in month_numbers(plan):
        days = np.array(month_days(month), dtype="datetime64[D]")
        weight = day_weights(days.tolist())
        count = round(plan.students * _A_STUDENT / 250 * float(weight.sum()))
        stamp = int(month.astype(np.int64))
        serial = np.arange(count)
        day = days[draws.choice("day", weight.tolist(), stamp, serial)]
        who = members.someone(draws, "who", day, stamp, serial)
        second = 8 * 3600 + draws.integers("second", 0, 13 * 3600, stamp, serial)
        opened = day.astype("datetime64[s]") + second.astype("timedelta64[s]")
        wait = draws.lognormal("wait", 1_500, 1.0, stamp, serial).clip(60, 86_400)
        responded = opened + wait.astype("timedelta64[s]")
        work = draws.lognormal("work", 9_000, 1.2, stamp, serial).clip(300, 12 * 86_400)
        mark = draws.choice("mark", [0.01, 0.02, 0.08, 0.29, 0.6], stamp, serial) + 1
        rated = draws.uniform("rated", stamp, serial) < 0.55
        kind = draws.choice("kind", [share for _, share in _ASKED], stamp, serial)
        urgent = draws.choice("priority", [0.08, 0.52, 0.4], stamp, serial)
        parts.append(
            pl.DataFrame(
                {
                    "ticket_no": [f"GD{month}".replace("-", "") + f"{index + 1:06d}"
                                  for index in serial.tolist()],
                    "reporter_no": pl.Series(members.number).gather(pl.Series(np.maximum(who, 0))),
                    "category": np.array([name for name, _ in _ASKED])[kind],
                    "device_code": pl.Series([None] * count, dtype=pl.String),
                    "opened_at": opened.astype("datetime64[ms]"),
                    "responded_at": responded.astype("datetime64[ms]"),
                    "closed_at": (responded + work.astype("timedelta64[s]")).astype(
                        "datetime64[ms]"
                    ),
                    "satisfaction": pl.Series(mark).cast(pl.Int64),
                    "priority": np.array(["高", "中", "低"])[urgent],
                    "here": who >= 0,
                    "rated": rated,
                }
            )
            .filter("here")
            .with_columns(satisfaction=pl.when("rated").then("satisfaction"))
            .drop("here", "rated")
        )  # fmt: skip
    return pl.concat(parts)


def tickets(plan: Plan, devices: Devices, members: Members, roster: Roster) -> pl.DataFrame:
    """it_ticket as known at the cut: what was not answered or closed by then is still open."""
    draws = Draws(plan, "tickets")
    rows = pl.concat([_of_outages(plan, devices, roster, draws), _of_users(plan, members, draws)])
    known = [pl.when(pl.col(name) <= plan.cut).then(name).alias(name)
             for name in ("responded_at", "closed_at")]  # fmt: skip
    return (
        rows.filter(pl.col("opened_at") <= plan.cut)
        .with_columns(known)
        .with_columns(
            satisfaction=pl.when(pl.col("closed_at").is_not_null()).then("satisfaction"),
            source_updated_at=pl.coalesce("closed_at", "responded_at", "opened_at"),
        )
        .sort("opened_at", "ticket_no")
    )
