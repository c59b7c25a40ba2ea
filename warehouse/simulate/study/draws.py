"""Random values that belong to a person and a day, not to a place in a row of draws.

A table of the study package has one row for a student and a year, a class and a day, a month and
a post. Whether as-of is this day or the next, whether a student is asked about alone or among
20,000, the value must be the same; so each is computed from its keys (SplitMix64 over the salt of
the subject), as a hash is, and nothing depends on how many were drawn before.
"""

from __future__ import annotations

import numpy as np

from warehouse.simulate.identity import draw_names
from warehouse.simulate.plan import Plan

__all__ = ["Draws", "invented_names"]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)

Key = np.ndarray | int


def _mix(value: np.ndarray) -> np.ndarray:
    value = value + _STEP
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


class Draws:
    """The draws of one subject. `what` numbers the question, `keys` (whole numbers, arrays or
    single, 0 or more) say about whom or when; equal questions about equal keys give equal
    answers."""

    def __init__(self, plan: Plan, subject: str) -> None:
        self.salt = plan.rng(subject).integers(0, 2**63, dtype=np.uint64)

    def _bits(self, what: int, keys: tuple[Key, ...]) -> np.ndarray:
        value = _mix(np.atleast_1d(np.asarray(self.salt ^ np.uint64(what * 2_654_435_761))))
        for key in keys:
            value = _mix(value ^ np.asarray(key, dtype=np.int64).astype(np.uint64))
        return value

    def uniform(self, what: int, *keys: Key) -> np.ndarray:
        """At least 0, below 1."""
        return (self._bits(what, keys) >> np.uint64(11)) * 2.0**-53

    def whole(self, what: int, low: int, high: int, *keys: Key) -> np.ndarray:
        """Whole numbers from `low` up to but not including `high`, evenly."""
        return low + (self.uniform(what, *keys) * (high - low)).astype(np.int64)

    def normal(self, what: int, *keys: Key) -> np.ndarray:
        """Mean 0, standard deviation 1 (Box and Muller)."""
        first = 1.0 - self.uniform(what, *keys, 1)
        return np.sqrt(-2.0 * np.log(first)) * np.cos(2 * np.pi * self.uniform(what, *keys, 2))

    def pick(self, what: int, options: dict[str, float], *keys: Key) -> np.ndarray:
        """One of the options each, by their weights."""
        edges = np.cumsum(np.array(list(options.values()), dtype=float))
        place = np.searchsorted(edges, self.uniform(what, *keys) * edges[-1], side="right")
        return np.array(list(options))[np.minimum(place, len(edges) - 1)]


def invented_names(plan: Plan, male: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Names of people outside the school, by sex and a draw (0–1), out of 4,000 of each."""
    pool = np.stack(
        [draw_names(plan.rng("family", sex), np.full(4_000, bool(sex))) for sex in (0, 1)]
    )
    return pool[male.astype(np.int64), (draw * 4_000).astype(np.int64)]
