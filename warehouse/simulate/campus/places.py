"""Which rooms can hold what, and since when they stand."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.property import Property

__all__ = ["Places"]

#: What stands there → use of the rooms; whether the room must be the unit's own.
_USES = {
    "lab": ("121", "122"),
    "computer": ("123",),
    "class": ("111",),
    "office": ("211",),
    "hostel": ("311",),
    "canteen": ("322",),
    "library": ("131",),
    "gym": ("141",),
    "network": ("211",),
}
_OWN = {"lab", "office", "network"}


class Places:
    """The rooms in the order in which they came to stand; rooms of no use are left out."""

    def __init__(self, estate: Property) -> None:
        rooms = estate.rooms.filter(pl.col("status") == "1").sort("source_updated_at", "room_code")
        self.rooms = rooms
        self.stands = rooms["source_updated_at"].to_numpy().astype("datetime64[D]")
        self.use = rooms["use"].to_numpy().astype("U3")
        self.unit = rooms["unit_code"].fill_null("").to_numpy().astype("U3")

    def pool(self, place: str, unit: str) -> np.ndarray:
        """Indices of the rooms for a thing of a unit."""
        fits = np.isin(self.use, _USES.get(place, ()))
        if place in _OWN:
            fits &= self.unit == unit
        return np.flatnonzero(fits)

    def rooms_for(
        self, place: np.ndarray, unit: np.ndarray, day: np.ndarray, draws: Draws, question: str,
        key: np.ndarray,
    ) -> pl.Series:  # fmt: skip
        """A room that stood by each day; null for what has no room, or whose unit has none."""
        draw = draws.uniform(question, key)
        found = np.full(len(key), -1, dtype=np.int64)
        both = np.char.add(np.char.add(place.astype("U8"), "/"), unit.astype("U3"))
        for pair in np.unique(both):
            kind, _, code = str(pair).partition("/")
            pool = self.pool(kind, code)
            if not len(pool):
                continue
            rows = np.flatnonzero(both == pair)
            known = np.searchsorted(self.stands[pool], day[rows], side="right")
            pick = pool[np.minimum((draw[rows] * known).astype(np.int64), len(pool) - 1)]
            found[rows] = np.where(known > 0, pick, -1)
        codes = self.rooms["room_code"].gather(pl.Series(np.maximum(found, 0)))
        return pl.select(pl.when(pl.Series(found >= 0)).then(codes)).to_series()
