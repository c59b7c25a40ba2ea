"""From counted rows to the cells of an indicator."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .registry import COLUMNS

__all__ = ["CLASSES", "MAJORS", "SCHOOL", "STAFF", "cells"]

MAJORS = ("school", "college", "major")
CLASSES = (*MAJORS, "class")
SCHOOL = ("school",)
STAFF = ("school", "college")


def cells(
    parts: pl.DataFrame,
    indicator: str,
    levels: Sequence[str] = MAJORS,
    *,
    numerator: str | pl.Expr = "numerator",
    denominator: str | pl.Expr | None = "denominator",
    factor: float = 1,
) -> pl.DataFrame:
    """Sums of `parts` per period and unit of each level; the value is their ratio × `factor`, null
    where nothing is divided by, or the numerator alone if `denominator` is None.

    `parts` has `period`, `college_code`, `major_code`, `class_code` as far as the levels need them;
    who belongs nowhere counts under 'unassigned'.
    """
    numerator = pl.col(numerator) if isinstance(numerator, str) else numerator
    denominator = pl.col(denominator) if isinstance(denominator, str) else denominator
    counted = parts.with_columns(
        numerator=numerator.cast(pl.Float64),
        denominator=pl.lit(None, pl.Float64)
        if denominator is None
        else denominator.cast(pl.Float64),
    )
    frames = []
    for level in levels:
        unit = (
            pl.lit("school")
            if level == "school"
            else pl.col(f"{level}_code").fill_null("unassigned")
        )
        frames.append(
            counted.group_by("period", unit.alias("unit"))
            .agg(pl.col("numerator").sum(), pl.col("denominator").sum())
            .with_columns(indicator=pl.lit(indicator), level=pl.lit(level))
        )
    summed = pl.concat(frames)
    if denominator is None:
        return summed.with_columns(
            value=pl.col("numerator"), denominator=pl.lit(None, pl.Float64)
        ).select(COLUMNS)
    ratio = factor * pl.col("numerator") / pl.col("denominator")
    return summed.with_columns(value=pl.when(pl.col("denominator") != 0).then(ratio)).select(
        COLUMNS
    )
