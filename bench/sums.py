"""Every published figure against an independent computation from the extracts.

    python bench/sums.py HOME                      a data home that was ingested and built
    python bench/sums.py HOME --only fail_rate     one indicator, its differing cells listed

Left: the figures that the release publishes from, before disclosure control. Right: `independent`,
polars over the lake's files, written from the definitions. A figure of a closed period that is kept
although something else is computed now differs on purpose (`statistics.pending_correction` names
it), so compare a home that was built once. Exit 1 if a cell differs or is on one side only, or if
an indicator has no independent computation. An indicator without a cell on either side (CET-4 in a
college of less than five years) is said and is no difference.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import polars as pl
from independent import Extracts, covered, figures

from warehouse.engine import open_work
from warehouse.home import Home

SEED = Path(__file__).parents[1] / "dbt_project" / "seeds" / "indicator.csv"
TOLERANCE = 1e-9
KEY = ["indicator", "period", "level", "unit"]


def defined() -> list[str]:
    """Ids of the seed of indicators, in its order."""
    with SEED.open(encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def published(warehouse: Path) -> pl.DataFrame:
    """The figures of a working file, before disclosure control."""
    with open_work(warehouse, read_only=True) as connection:
        return connection.execute(
            "select indicator, period, level, unit, numerator, denominator, value"
            " from intermediate.int_statistics__figure"
        ).pl()


def compare(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """One row per cell of either side, both sides' numbers, and `agrees`: there on both sides, and
    once, and numerator, denominator and value equal within `TOLERANCE`, or empty on both."""
    keyed = [frame.with_columns(there=pl.lit(True)) for frame in (left, right)]
    cells = keyed[0].join(keyed[1], on=KEY, how="full", coalesce=True, suffix="_independent")
    agrees = pl.col("there").fill_null(False) & pl.col("there_independent").fill_null(False)
    agrees &= pl.len().over(KEY) == 1
    for column in ("numerator", "denominator", "value"):
        one, other = pl.col(column), pl.col(f"{column}_independent")
        scale = pl.max_horizontal(one.abs(), other.abs(), 1e-300)
        near = (one - other).abs() <= TOLERANCE * scale
        agrees &= near.fill_null(False) | (one.is_null() & other.is_null())
    return cells.with_columns(agrees=agrees).drop("there", "there_independent").sort(KEY)


def judge(home: Path, only: list[str]) -> pl.DataFrame:
    """The compared cells of the indicators that have an independent computation."""
    paths = Home(home)
    right = figures(Extracts(paths.lake), only)
    wanted = only or sorted(covered())
    left = published(paths.warehouse_file).filter(pl.col("indicator").is_in(wanted))
    return compare(left, right)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="INDICATOR")
    arguments = parser.parse_args()
    cells = judge(arguments.home, arguments.only)
    counts = cells.group_by("indicator").agg(
        agree=pl.col("agrees").sum(), differ=(~pl.col("agrees")).sum()
    )
    result = {row[0]: row[1:] for row in counts.iter_rows()}
    print(f"{'indicator':40} agree differ")
    for indicator in arguments.only or defined():
        if indicator in covered():
            agree, differ = result.get(indicator, (0, 0))
            print(f"{indicator:40} {agree:5} {differ:6}{'' if agree + differ else '  no cell'}")
        else:
            print(f"{indicator:40}     -      -  no independent computation")
    if arguments.only:
        with pl.Config(tbl_rows=60, tbl_cols=-1, tbl_width_chars=220, fmt_str_lengths=40):
            print(cells.filter(~pl.col("agrees")))
    missing = set(arguments.only or defined()) - covered()
    return 1 if missing or not cells["agrees"].all() else 0


if __name__ == "__main__":
    sys.exit(main())
