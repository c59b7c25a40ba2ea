"""Published figures equal an independent computation from the extracts (bench/independent).

When it fails: `python bench/sums.py HOME --only ID` lists the cells that differ. Decide by the
definition in seeds/indicator.csv which side is wrong; where it does not say, make it say so.
"""

from __future__ import annotations

import polars as pl
import pytest
import sums
from independent import covered

from warehouse.settings import Settings


@pytest.fixture(scope="module")
def compared(college: Settings) -> pl.DataFrame:
    return sums.judge(college.paths.root, [])


def test_every_figure_equals_its_independent_computation(compared: pl.DataFrame) -> None:
    differing = compared.filter(~pl.col("agrees"))
    assert differing.is_empty(), differing.group_by("indicator").head(2).to_dicts()
    assert compared.height > 1000


def test_every_indicator_of_the_seed_is_computed_independently() -> None:
    assert covered() == set(sums.defined())


def test_every_indicator_that_the_college_has_figures_for_is_compared(
    college: Settings, compared: pl.DataFrame
) -> None:
    published = sums.published(college.paths.warehouse_file)
    assert set(compared["indicator"]) == set(published["indicator"])


def test_a_cell_that_differs_or_is_missing_is_found(compared: pl.DataFrame) -> None:
    figures = compared.select(*sums.KEY, "numerator", "denominator", "value")
    assert sums.compare(figures, figures)["agrees"].all()
    off = figures.with_columns(
        value=pl.when(pl.int_range(pl.len()) == 0).then(pl.col("value") + 1e-6).otherwise("value")
    )
    assert sums.compare(figures, off).filter(~pl.col("agrees")).height == 1
    assert sums.compare(figures, figures[1:]).filter(~pl.col("agrees")).height == 1
    assert sums.compare(figures[1:], figures).filter(~pl.col("agrees")).height == 1
    assert not sums.compare(pl.concat([figures, figures]), figures)["agrees"].any()
