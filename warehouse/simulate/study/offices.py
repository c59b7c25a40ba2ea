"""The staff member of a unit who has a matter in hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.staff import Staff

__all__ = ["handlers"]

_OFFICE = ("officer", "counselor", "support", "worker", "teacher")


def handlers(
    staff: Staff, first: date, last: date, units: np.ndarray, draw: np.ndarray
) -> np.ndarray:
    """A staff number for each of `units`, by `draw` (0–1), of those on post from `first` to
    `last`; officers before others, the whole school where a unit has nobody."""
    pool = staff.fates.filter(
        (pl.col("joined") <= first) & (pl.col("left").is_null() | (pl.col("left") > last))
        & pl.col("role").is_in(_OFFICE)
    ).sort("staff")  # fmt: skip
    everyone = pool.filter(pl.col("role").is_in(_OFFICE[:2]))["staff_no"].to_numpy()
    if not len(everyone):
        everyone = pool["staff_no"].to_numpy()
    chosen = np.empty(len(units), dtype=object)
    for unit in np.unique(units):
        own = pool.filter(pl.col("unit") == unit)
        office = own.filter(pl.col("role").is_in(_OFFICE[:2]))
        numbers = (office if len(office) else own)["staff_no"].to_numpy()
        numbers = numbers if len(numbers) else everyone
        place = np.flatnonzero(units == unit)
        chosen[place] = numbers[(draw[place] * len(numbers)).astype(np.int64)]
    return chosen.astype(str)
