"""How long a statement takes, and whether two engines gave the same rows."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

__all__ = ["middle", "nearly_all", "same", "timed"]


def timed(run: Callable[[], list[tuple[Any, ...]]], rounds: int) -> tuple[list[Any], list[float]]:
    """Rows, and seconds of each round after a first one that fills caches."""
    waits = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        rows = run()
        waits.append(time.perf_counter() - begun)
    return rows, waits[1:]


def same(one: Sequence[Sequence[Any]], other: Sequence[Sequence[Any]]) -> bool:
    """Whether two results hold the same rows, in whatever order; sums of doubles to nine digits."""
    pairs = zip(_ordered(one), _ordered(other), strict=False)
    lengths = len(one) == len(other)
    return lengths and all(
        len(left) == len(right) and all(map(_equal, left, right)) for left, right in pairs
    )


def _ordered(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    plain = [[_plain(value) for value in row] for row in rows]
    # Keys are text and whole numbers; what is measured is not compared to sort.
    return sorted(
        plain,
        key=lambda row: [
            str(int(value)) if isinstance(value, float) and value.is_integer() else
            "" if isinstance(value, float) else str(value)
            for value in row
        ],
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, int | Decimal) else value


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def middle(waits: Sequence[float]) -> float:
    return sorted(waits)[len(waits) // 2]


def nearly_all(waits: Sequence[float]) -> float:
    """The 95th percentile; of few rounds the slowest."""
    return sorted(waits)[min(len(waits) - 1, len(waits) * 95 // 100)]
