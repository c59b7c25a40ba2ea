"""Which function computes which indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from .extracts import Extracts

__all__ = ["COLUMNS", "covered", "figures", "indicators"]

COLUMNS = ["indicator", "period", "level", "unit", "numerator", "denominator", "value"]

Computation = Callable[[Extracts], pl.DataFrame]

_computations: list[tuple[frozenset[str], Computation]] = []


def indicators(*ids: str) -> Callable[[Computation], Computation]:
    """The decorated function takes the extracts and gives the cells of exactly the indicators
    `ids`: one row per indicator, period, level and unit, columns `COLUMNS`."""

    def register(computation: Computation) -> Computation:
        twice = covered() & set(ids)
        if twice:
            raise ValueError(f"computed twice: {sorted(twice)}")
        _computations.append((frozenset(ids), computation))
        return computation

    return register


def covered() -> set[str]:
    """Ids of the indicators that have a computation."""
    return set().union(*(ids for ids, _ in _computations))


def figures(extracts: Extracts, only: Iterable[str] = ()) -> pl.DataFrame:
    """The cells of all indicators, or of those named in `only`, in the order of `COLUMNS`."""
    wanted = set(only)
    frames = [
        computation(extracts).select(
            pl.col("indicator", "period", "level", "unit").cast(pl.String),
            pl.col("numerator", "denominator", "value").cast(pl.Float64),
        )
        for ids, computation in _computations
        if not wanted or ids & wanted
    ]
    cells = pl.concat(frames)
    return cells.filter(pl.col("indicator").is_in(list(wanted))) if wanted else cells
