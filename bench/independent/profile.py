"""A2-16, what is not people: land, bandwidth, agreements."""

from __future__ import annotations

import polars as pl

from .extracts import Extracts
from .population import head_count_days
from .registry import indicators
from .units import SCHOOL, beside, population, standing, total

#: 学校独立产权, 产权非学校但独立使用.
EXCLUSIVE = ("1", "2")


@indicators("land_per_student")
def land(extracts: Extracts) -> pl.DataFrame:
    parcels = standing(extracts, "land_parcel", "parcel_code", head_count_days(extracts))
    parcels = parcels.filter(pl.col("property_right").is_in(EXCLUSIVE))
    full_time = population(extracts, "full_time")
    return beside("land_per_student", parcels, "area", full_time, levels=SCHOOL)


@indicators("campus_bandwidth_per_student")
def bandwidth(extracts: Extracts) -> pl.DataFrame:
    facts = extracts.held("school_basic_fact").filter(pl.col("fact_code") == "bandwidth_mbps")
    stated = facts.select("year", stated=pl.col("value").cast(pl.Float64))
    peaks = (
        extracts.held("it_availability_daily")
        .group_by(year=pl.col("stat_date").dt.year())
        .agg(peak=pl.col("peak_mbps").max().cast(pl.Float64))
    )
    years = (
        head_count_days(extracts)
        .join(stated, on="year", how="left")
        .join(peaks, on="year", how="left")
        .with_columns(mbps=pl.coalesce("stated", "peak"))
        .drop_nulls("mbps")
    )
    full_time = population(extracts, "full_time")
    return beside(
        "campus_bandwidth_per_student", years, "mbps", full_time, factor=1000, levels=SCHOOL
    )


@indicators("cooperation_agreements")
def agreements(extracts: Extracts) -> pl.DataFrame:
    facts = extracts.held("school_basic_fact").with_columns(
        period=pl.col("year").cast(pl.String), number=pl.col("value").cast(pl.Float64, strict=False)
    )
    parts = facts.filter(pl.col("fact_code").str.starts_with("agreements."))
    whole = facts.filter(pl.col("fact_code") == "agreements").join(parts, on="year", how="anti")
    return total("cooperation_agreements", pl.concat([parts, whole]), "number", SCHOOL)
