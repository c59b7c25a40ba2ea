"""A2-19: what is on the books, what came new, how instruments are used."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import STAFF, cells
from .extracts import Extracts
from .population import head_count_days
from .registry import indicators
from .units import beside, calendar_years, in_college, population, standing, total

#: 丢失, 报废, 调出.
OFF_THE_BOOKS = ("5", "6", "7")
#: 教学, 科研.
TEACHING_RESEARCH = ("1", "2")
LEAST_PRICE = 1000
GENERAL_HOURS, SPECIAL_HOURS = 1400, 800


def on_the_books(extracts: Extracts, days: pl.DataFrame) -> pl.DataFrame:
    """Cards on the books on each of `days`, with their value and college of that day.

    Snapshots and dated changes are observations alike: between the snapshot that shows a card and
    the day, 调拨 moves it, 增值 raises it, 报废 and 盘亏 end it unless 盘盈 finds it later. A day
    before the first snapshot of a card undoes the changes after it.
    """
    cards = standing(extracts, "asset_card", "asset_no", days, "acquired_date")
    log = extracts.held("asset_change").select(
        "asset_no", "change_no", "change_type", "change_date", "amount", "from_unit", "to_unit"
    )
    seen, day, when = pl.col("shown"), pl.col("day"), pl.col("change_date")
    since = (when > seen) & (when <= day)
    undone = (when > day) & (when <= seen)
    kind = pl.col("change_type")
    gone, found = kind.is_in(["报废", "盘亏"]), kind == "盘盈"
    raised = pl.col("amount").filter((kind == "增值") & since).sum()
    lowered = pl.col("amount").filter((kind == "增值") & undone).sum()
    changed = (
        cards.select("period", "day", "asset_no", "shown")
        .join(log, on="asset_no")
        .sort("change_date", "change_no")
        .group_by("period", "asset_no")
        .agg(
            moved_to=pl.col("to_unit").filter((kind == "调拨") & since).last(),
            moved_from=pl.col("from_unit").filter((kind == "调拨") & undone).first(),
            rise=(raised - lowered).cast(pl.Float64),
            gone_on=when.filter(gone & (when <= day)).max(),
            found_on=when.filter(found & (when <= day)).max(),
            goes_later=(gone & undone).any(),
        )
    )
    told_off = pl.col("status").is_in(OFF_THE_BOOKS).fill_null(False) & ~pl.col(
        "goes_later"
    ).fill_null(False)
    ended = pl.col("gone_on").is_not_null() & (
        pl.col("found_on").is_null() | (pl.col("found_on") < pl.col("gone_on"))
    )
    rows = (
        cards.join(changed, on=["period", "asset_no"], how="left")
        .filter(~told_off, ~ended)
        .with_columns(
            unit_code=pl.coalesce("moved_to", "moved_from", "unit_code"),
            worth=pl.col("original_value").cast(pl.Float64) + pl.col("rise").fill_null(0),
        )
    )
    return in_college(extracts, rows)


def is_equipment() -> pl.Expr:
    return pl.col("use_direction").is_in(TEACHING_RESEARCH) & (pl.col("unit_price") >= LEAST_PRICE)


def plain_class() -> pl.Expr:
    """The class code without the A of the new edition."""
    return pl.col("class_code").str.strip_prefix("A")


@indicators(
    "fixed_assets_total", "research_equipment_per_student", "computers_per_100", "it_asset_share"
)
def held_assets(extracts: Extracts) -> pl.DataFrame:
    cards = on_the_books(extracts, head_count_days(extracts))
    teaching_computers = cards.filter(
        plain_class().str.head(8).is_between(pl.lit("02010105"), pl.lit("02010109")),
        pl.col("use_direction") == "1",
    )
    it_worth = pl.when("is_it_asset").then("worth").otherwise(0)
    return pl.concat(
        [
            total("fixed_assets_total", cards, pl.col("worth") / 10000),
            beside(
                "research_equipment_per_student",
                cards.filter(is_equipment()),
                "worth",
                population(extracts, "equivalents"),
            ),
            beside(
                "computers_per_100",
                teaching_computers,
                "quantity",
                population(extracts, "full_time"),
                factor=100,
            ),
            cells(
                cards, "it_asset_share", STAFF, numerator=it_worth, denominator="worth", factor=100
            ),
        ]
    )


@cache
def changes(extracts: Extracts) -> pl.DataFrame:
    """Changes of assets of each calendar year, with the card as it is known now."""
    cards = extracts.held("asset_card").select(
        "asset_no", "use_direction", "unit_price", "unit_code"
    )
    return (
        extracts.held("asset_change")
        .with_columns(period=pl.col("change_date").dt.year().cast(pl.String))
        .join(calendar_years(extracts), on="period")
        .filter(pl.col("change_date") <= pl.col("day"))
        .join(cards, on="asset_no", how="left")
    )


@indicators("new_equipment_value", "new_equipment_share")
def new_equipment(extracts: Extracts) -> pl.DataFrame:
    new = changes(extracts).filter(pl.col("change_type") == "新增", is_equipment())
    new = new.with_columns(
        amount=pl.col("amount").cast(pl.Float64),
        unit=pl.coalesce("to_unit", "from_unit", "unit_code"),
    )
    new = in_college(extracts, new, "unit")
    held = on_the_books(extracts, calendar_years(extracts)).filter(is_equipment())
    columns = ["period", "college_code", "denominator"]
    earlier = pl.concat(
        [
            held.with_columns(denominator=pl.col("worth")).select(columns),
            new.with_columns(denominator=-pl.col("amount")).select(columns),
        ]
    )
    return pl.concat(
        [
            total("new_equipment_value", new, pl.col("amount") / 10000),
            beside("new_equipment_share", new, "amount", earlier, factor=100),
        ]
    )


@indicators("asset_inventory_match")
def inventory(extracts: Extracts) -> pl.DataFrame:
    columns = ["period", "college_code", "due", "matched"]
    due, matched = pl.lit(1).alias("due"), pl.lit(1).alias("matched")
    cards = on_the_books(extracts, calendar_years(extracts)).with_columns(due, matched)
    of_year = changes(extracts).with_columns(unit=pl.coalesce("to_unit", "from_unit", "unit_code"))
    of_year = in_college(extracts, of_year, "unit")
    missing = of_year.filter(pl.col("change_type") == "盘亏").with_columns(
        due, pl.lit(0).alias("matched")
    )
    surplus = of_year.filter(pl.col("change_type") == "盘盈").with_columns(
        pl.lit(0).alias("due"), pl.lit(-1).alias("matched")
    )
    parts = pl.concat([frame.select(columns) for frame in (cards, missing, surplus)])
    found = cells(
        parts, "asset_inventory_match", STAFF, numerator="matched", denominator="due", factor=100
    )
    # More found beyond the books than stood in them: none of these agrees.
    return found.filter(pl.col("denominator") != 0).with_columns(
        pl.col("numerator", "value").clip(lower_bound=0)
    )


@indicators("instrument_utilisation")
def instruments(extracts: Extracts) -> pl.DataFrame:
    cards = extracts.held("asset_card").select("asset_no", "class_code", "unit_code")
    hours = sum(
        (
            pl.col(f"{purpose}_hours").cast(pl.Float64).fill_null(0)
            for purpose in ("teaching", "research", "service")
        ),
        start=pl.lit(0.0),
    )
    yearly = (
        pl.when(plain_class().str.starts_with("03")).then(SPECIAL_HOURS).otherwise(GENERAL_HOURS)
    )
    months = (
        extracts.held("instrument_usage")
        .with_columns(period=pl.col("month").str.head(4))
        .join(calendar_years(extracts), on="period")
        .join(cards, on="asset_no", how="left")
        .with_columns(hours=hours, quota=yearly / 12)
    )
    return cells(
        in_college(extracts, months),
        "instrument_utilisation",
        STAFF,
        numerator="hours",
        denominator="quota",
        factor=100,
    )
