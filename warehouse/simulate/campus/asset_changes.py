"""Every change of the assets' value and holder, and what was paid for."""

from __future__ import annotations

import polars as pl

from warehouse.simulate.campus.assets import Assets
from warehouse.simulate.plan import Plan

__all__ = ["change_rows", "purchases"]


def _rows(cards: pl.DataFrame, mark: str, kind: pl.Expr, day: str, amount: pl.Expr,
          source: pl.Expr, target: pl.Expr, document: pl.Expr) -> pl.DataFrame:  # fmt: skip
    return cards.filter(pl.col(day).is_not_null()).select(
        pl.format("{}{}", pl.lit(mark), (pl.col("asset") + 1).cast(pl.String).str.zfill(7)).alias(
            "change_no"
        ),
        "asset_no",
        kind.alias("change_type"),
        pl.col(day).alias("change_date"),
        amount.round(2).alias("amount"),
        source.alias("from_unit"),
        target.alias("to_unit"),
        document.alias("document_no"),
        "fund_origin",
    )


def change_rows(plan: Plan, assets: Assets) -> pl.DataFrame:
    """asset_change: a unit's original value on a day is what came to it (新增, 增值, 调拨 in) less
    what left it (调拨 out, 报废, 盘亏), each at the original value of that day."""
    cards = assets.cards
    none = pl.lit(None, dtype=pl.String)
    moved = pl.col("moved")
    grown = pl.col("raised").is_not_null()
    holder = pl.when(moved < pl.col("raised")).then("new_unit").otherwise("unit_code")
    last = pl.when(moved.is_not_null()).then("new_unit").otherwise("unit_code")
    before = pl.col("amount") + pl.when(pl.col("raised") < moved).then("raise").otherwise(0.0)
    whole = pl.col("amount") + pl.when(grown).then("raise").otherwise(0.0)
    paper = pl.format("国资〔{}〕{}号", pl.col("ended").dt.year(),
                      pl.col("ended").dt.month() * 10 + pl.col("asset") % 10)  # fmt: skip
    ending = pl.when("lost").then(pl.lit("盘亏")).otherwise(pl.lit("报废"))
    parts = (
        _rows(cards, "XZ", pl.lit("新增"), "acquired_date", pl.col("amount"), none,
              pl.col("unit_code"), none),
        _rows(cards, "DB", pl.lit("调拨"), "moved", before, pl.col("unit_code"),
              pl.col("new_unit"), none),
        _rows(cards, "ZZ", pl.lit("增值"), "raised", pl.col("raise"), none, holder, none),
        _rows(cards, "BF", ending, "ended", whole, last, none, paper),
    )  # fmt: skip
    return (
        pl.concat(parts)
        .filter(pl.col("change_date") < plan.as_of)
        .sort("change_date", "change_no")
        .with_columns(source_updated_at=pl.col("change_date").dt.combine(pl.time(10, 0)))
    )


def purchases(plan: Plan, changes: pl.DataFrame) -> pl.DataFrame:
    """What was paid in the window; a donation costs nothing."""
    return changes.filter(
        pl.col("change_type").is_in(["新增", "增值"])
        & (pl.col("change_date") >= plan.start)
        & (pl.col("fund_origin") != "4")
    ).select(
        booked_date="change_date",
        kind=pl.lit("asset_purchase"),
        unit_code="to_unit",
        project_no=pl.lit(None, dtype=pl.String),
        amount="amount",
        reference="change_no",
    )
