"""Random numbers that belong to a thing and not to a place in a stream.

Every number follows from the college's seed, the subject, a question and the keys of what it is
drawn for (a person's number, a day, a room). So it stays the same whatever else is drawn, however
many others there are and wherever the window ends: a later extract repeats the earlier one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from warehouse.simulate.plan import Plan

__all__ = ["Draws", "Keys"]

#: Whole numbers that name what is drawn for; they are broadcast against each other.
Keys = np.ndarray | int

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(value: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014), over a whole array."""
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


class Draws:
    """Numbers for one subject. `question` tells several draws for the same keys apart."""

    def __init__(self, plan: Plan, subject: str) -> None:
        key = zlib.crc32(subject.encode())
        self.base = np.uint64(plan.rng("campus", key).integers(2**63))

    def uniform(self, question: str, *keys: Keys) -> np.ndarray:
        """Numbers in [0, 1), in the shape that the keys broadcast to."""
        start = (int(self.base) + zlib.crc32(question.encode())) * int(_STEP) % 2**64
        value = np.array([start], dtype=np.uint64)
        for key in keys:
            part = np.asarray(key).astype(np.int64).view(np.uint64)
            value = _mix(value ^ (part + _STEP)) + _STEP
        return (_mix(value) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, question: str, *keys: Keys) -> np.ndarray:
        radius = np.sqrt(-2 * np.log1p(-self.uniform(question + "/r", *keys)))
        return radius * np.cos(2 * np.pi * self.uniform(question + "/a", *keys))

    def lognormal(self, question: str, median: float, sigma: float, *keys: Keys) -> np.ndarray:
        return median * np.exp(sigma * self.normal(question, *keys))

    def integers(self, question: str, low: int, high: int, *keys: Keys) -> np.ndarray:
        """Whole numbers from `low` to `high` - 1."""
        return low + (self.uniform(question, *keys) * (high - low)).astype(np.int64)

    def poisson(self, question: str, rate: np.ndarray | float, *keys: Keys) -> np.ndarray:
        """Counts; exact below a rate of 20, by the normal approximation above."""
        draw = self.uniform(question, *keys)
        rate = np.broadcast_to(np.asarray(rate, dtype=np.float64), draw.shape)
        small = np.minimum(rate, 20.0)
        chance = np.exp(-small)
        reached, count = chance.copy(), np.zeros(draw.shape, dtype=np.int64)
        for step in range(1, 60):
            beyond = draw > reached
            if not beyond.any():
                break
            count += beyond
            chance = chance * small / step
            reached = reached + chance
        if (rate > 20).any():
            wide = rate + np.sqrt(rate) * self.normal(question, *keys)
            count = np.where(rate > 20, np.maximum(np.rint(wide), 0), count).astype(np.int64)
        return count

    def choice(self, question: str, weights: Sequence[float], *keys: Keys) -> np.ndarray:
        """Indices into `weights`, in their proportions."""
        share = np.cumsum(np.asarray(weights, dtype=np.float64))
        draw = self.uniform(question, *keys) * share[-1]
        return np.minimum(np.searchsorted(share, draw, side="right"), len(share) - 1)
