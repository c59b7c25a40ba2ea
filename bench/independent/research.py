"""A2-20: money received, projects, papers, patents, transfer."""

from __future__ import annotations

import polars as pl

from .cells import STAFF, cells
from .extracts import Extracts
from .registry import indicators
from .units import beside, calendar_years, in_college, population, total

#: 国家级; 省、部委级, 教育部, 中央其他部委, 省级.
NATIONAL_PROVINCIAL = ("10", "20", "21", "22", "23")
PAPERS = ("60", "61", "62")
INDEXES = ("SCI", "SSCI", "EI", "CPCI", "CSCD", "CSSCI", "A&HCI")
#: 发明, 实用新型, 外观设计; software is of output type 71.
PATENTS, SOFTWARE = ("1", "2", "3"), "71"


def of_year(extracts: Extracts, name: str, day: str) -> pl.DataFrame:
    """Rows of `name` in the calendar year of their `day`."""
    return (
        extracts.held(name)
        .with_columns(period=pl.col(day).dt.year().cast(pl.String))
        .join(calendar_years(extracts), on="period")
        .filter(pl.col(day) <= pl.col("day"))
    )


@indicators("research_income_total", "research_income_per_teacher", "vertical_fund_share")
def income(extracts: Extracts) -> pl.DataFrame:
    projects = extracts.held("research_project").select("project_no", "unit_code", "project_nature")
    received = (
        of_year(extracts, "research_fund", "booked_date")
        .filter(pl.col("direction") == "到账")
        .join(projects, on="project_no", how="left")
        .with_columns(amount=pl.col("amount").cast(pl.Float64))
        .with_columns(ten_thousands=pl.col("amount") / 10000)
    )
    received = in_college(extracts, received)
    vertical = pl.when(pl.col("project_nature") == "纵向").then("amount").otherwise(0)
    return pl.concat(
        [
            total(
                "research_income_total",
                received,
                "ten_thousands",
                periods=calendar_years(extracts),
            ),
            beside(
                "research_income_per_teacher",
                received,
                "ten_thousands",
                population(extracts, "teachers", years=True),
            ),
            cells(
                received,
                "vertical_fund_share",
                STAFF,
                numerator=vertical,
                denominator="amount",
                factor=100,
            ),
        ]
    )


@indicators("projects_national_provincial", "projects_per_teacher")
def projects(extracts: Extracts) -> pl.DataFrame:
    approved = in_college(extracts, of_year(extracts, "research_project", "approved_date"))
    approved = approved.with_columns(one=pl.lit(1))
    years = calendar_years(extracts)
    high = approved.filter(pl.col("project_level").is_in(NATIONAL_PROVINCIAL))
    return pl.concat(
        [
            total("projects_national_provincial", high, "one", periods=years),
            beside(
                "projects_per_teacher",
                approved,
                "one",
                population(extracts, "teachers", years=True),
            ),
        ]
    )


@indicators("indexed_papers", "papers_per_teacher", "patents_granted", "transfer_income")
def outputs(extracts: Extracts) -> pl.DataFrame:
    every = in_college(extracts, of_year(extracts, "research_output", "published_date"))
    every = every.with_columns(one=pl.lit(1))
    papers = every.filter(pl.col("output_type").is_in(PAPERS))
    granted = pl.col("patent_type").is_in(PATENTS) & pl.col("patent_no").is_not_null()
    software = pl.col("output_type") == SOFTWARE
    rights = every.filter(granted.fill_null(False) | software)
    indexed = papers.filter(pl.col("indexed_in").is_in(INDEXES))
    worth = pl.col("transfer_amount").cast(pl.Float64) / 10000
    years = calendar_years(extracts)
    transferred = every.filter(pl.col("transfer_amount") != 0)
    return pl.concat(
        [
            total("indexed_papers", indexed, "one", periods=years),
            beside(
                "papers_per_teacher", papers, "one", population(extracts, "teachers", years=True)
            ),
            total("patents_granted", rights, "one", periods=years),
            total("transfer_income", transferred, worth, periods=years),
        ]
    )
