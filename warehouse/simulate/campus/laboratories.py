"""Laboratories made of rooms that lie together, and the hours of the large instruments."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.asset_kinds import KINDS
from warehouse.simulate.campus.assets import Assets
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.catalogue import COLLEGES
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property

__all__ = ["LARGE", "instrument_rows", "labs_at", "make_labs"]

#: A large instrument (大型仪器) costs at least this much, in yuan.
LARGE = 400_000
_NATURES = ("基础", "专业", "实训", "实习", "其他")
_TOPICS = ("基础", "综合", "创新", "工程", "测试", "仿真", "工艺", "设计")


def make_labs(plan: Plan, estate: Property) -> pl.DataFrame:
    """laboratory: three rooms of one college and house, or eight computer rooms of one house."""
    draws = Draws(plan, "laboratories")
    majors = [unit.code for unit in COLLEGES if unit.share]
    names = {unit.code: unit.name.removesuffix("学院") for unit in COLLEGES}
    rooms = estate.rooms.filter(pl.col("use").is_in(["121", "123"])).sort("room_code")
    rooms = rooms.with_columns(
        size=pl.when(pl.col("use") == "121").then(3).otherwise(8),
        rank=pl.int_range(pl.len()).over("use", "unit_code", "building_code"),
    ).with_columns(part=pl.col("rank") // pl.col("size"))
    labs = rooms.group_by("use", "unit_code", "building_code", "part", maintain_order=True).agg(
        area=pl.col("area").sum().round(2),
        room_codes=pl.col("room_code").str.join(","),
        source_updated_at=pl.col("source_updated_at").max(),
    )
    index = np.arange(len(labs))
    unit = [code or majors[place % 3] for place, code in enumerate(labs["unit_code"])]
    nature = draws.choice("nature", [0.25, 0.5, 0.18, 0.05, 0.02], index)
    level = draws.choice("level", [0.94, 0.05, 0.01], index)
    topic = [_TOPICS[value] for value in draws.integers("topic", 0, len(_TOPICS), index)]
    return labs.with_columns(
        lab_code=pl.format("SY{}", pl.Series(index + 1).cast(pl.String).str.zfill(4)),
        unit_code=pl.Series(unit),
        lab_name=pl.Series([
            f"{names[code]}{'计算机' if use == '123' else word}实验室{place + 1}"
            for place, (code, use, word) in enumerate(zip(unit, labs["use"], topic, strict=True))
        ]),
        lab_nature=pl.Series([_NATURES[value] for value in nature]),
        level=pl.Series(np.array(["60", "23", "31"])[level]),
    )  # fmt: skip


def labs_at(labs: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    return labs.filter(pl.col("source_updated_at") <= moment)


def instrument_rows(plan: Plan, assets: Assets) -> pl.DataFrame:
    """instrument_usage: whole months from the month after purchase to the one before the end;
    the hours of teaching, research and service fit into the hours it was open."""
    draws = Draws(plan, "instruments")
    hardware = [index for index, kind in enumerate(KINDS) if kind.place == "lab"]
    large = assets.cards.filter(pl.col("kind").is_in(hardware) & (pl.col("unit_price") >= LARGE))
    asset = large["asset"].to_numpy()[:, None]
    bought = large["acquired_date"].to_numpy().astype("datetime64[M]")[:, None]
    ended = large["ended"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[M]")[:, None]
    month = month_numbers(plan)[None, :]
    works = (month > bought) & (month < ended)
    busy = np.array([day_weights(month_days(one)).sum() for one in month[0]])[None, :]
    keen = 0.3 + 0.7 * draws.uniform("keen", asset)
    drawn = 0.75 + 0.5 * draws.uniform("open", asset, month.astype(np.int64))
    opened = np.minimum(busy * 7.5 * keen * drawn + 6, 500).round(1)
    used = opened * (0.35 + 0.6 * draws.uniform("used", asset, month.astype(np.int64)))
    teaching = 0.1 + 0.4 * draws.uniform("teaching", asset)
    service = 0.15 * draws.uniform("service", asset)
    row, column = np.nonzero(works)
    hours = {
        "teaching_hours": (used * teaching)[row, column].round(1),
        "service_hours": (used * service)[row, column].round(1),
        "research_hours": np.floor(used * (1 - teaching - service) * 10)[row, column] / 10,
    }
    total = hours["teaching_hours"] + hours["service_hours"] + hours["research_hours"]
    return pl.DataFrame(
        {
            "asset_no": large["asset_no"].gather(pl.Series(row)),
            "when": month[0][column].astype("datetime64[D]"),
            "open_hours": np.maximum(opened[row, column], total.round(1)),
            "samples": np.rint(total * 1.4).astype(np.int64),
            **hours,
        }
    ).with_columns(
        month=pl.col("when").dt.strftime("%Y-%m"),
        source_updated_at=pl.col("when").dt.offset_by("1mo").dt.combine(pl.time(8, 0)),
    ).filter(pl.col("source_updated_at") <= plan.cut)  # fmt: skip
