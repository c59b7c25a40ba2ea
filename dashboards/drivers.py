"""Why a figure changed: what moved above and below the line, and which part moved it.

Pure, over the cells of `dashboards.figures`. Everything here follows from numbers that are shown:
a suppressed cell is never computed from the others, and where one is held back nothing is said of
what the parts leave over.

**Sums** (head-counts, money): a part contributes the difference of its own figure.

**Ratios** R = k·N/D with parts i, n_i of N and d_i of D: a part contributes

    c_i = k·(n_i'/D' − n_i/D) − R̄·(d_i'/D' − d_i/D),   R̄ = (R + R')/2

(' is now, no mark the period before). Σ d_i/D is 1 in both periods, so the c_i sum to R' − R
exactly. With the weight w = d/D and the own ratio r = k·n/d, c is what W. Bennet (1920) has:

    own = w̄·(r' − r)        the part's own ratio changed
    mix = (r̄ − R̄)·(w' − w)  a part above or below the average gained or lost weight

so that a college that only grows, at the average ratio, contributes nothing. A part without a
denominator in one of the periods has no own ratio there; its contribution is all mix.

What changed above and below the line is told in the same way, the other held at its mean:
k·(N' − N)·(1/D' + 1/D)/2 and k·(N' + N)/2·(1/D' − 1/D) sum to R' − R.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards.figures import Cell, Figures, Scope

__all__ = ["Change", "Part", "drivers"]

#: Figures are doubles of sums of thousands of rows; less than this share of one is no difference.
_EXACT = 1e-6
#: A unit inside with its cells of before and of now.
_Inside = tuple[Scope, Cell | None, Cell | None]


@dataclass(frozen=True)
class Part:
    """What one unit inside contributed, in the figure's own unit (percentage points of a share).
    `own` and `mix` sum to it; of a sum all is `own`."""

    scope: Scope
    contribution: float
    own: float
    mix: float


@dataclass(frozen=True)
class Change:
    """A figure and the same figure a period earlier.

    `state` says whether the two compare: `told`; `unfinished`, the period is not over;
    `suppressed`, one of the two is held back; `missing`, one of the two has no value. Only of
    `told` are there numbers.
    """

    now: Cell
    before: Cell
    state: str
    difference: float | None = None
    numerator: float | None = None
    "What was added above the line, in its own unit; None of a sum."
    denominator: float | None = None
    by_numerator: float | None = None
    "How much of `difference` the numerator made; with `by_denominator` it is all of it."
    by_denominator: float | None = None
    parts: tuple[Part, ...] = ()
    "Largest first, whichever way."
    held_back: tuple[Scope, ...] = ()
    "Units inside that are suppressed in one of the periods: in no part."
    unknown: tuple[Scope, ...] = ()
    "Units inside without a figure in one of the periods: in no part, and with `rest`."
    rest: float | None = None
    "What belongs to no part; None where a unit is held back, for the rest would speak of it."


@dataclass(frozen=True)
class _Count:
    """What a cell counts. `bottom` is None of a sum, and of all its parts."""

    top: float
    bottom: float | None


@dataclass(frozen=True)
class _Whole:
    """The figure whose change is told, then and now, and the factor between count and value."""

    before: _Count
    now: _Count
    factor: float


def drivers(figures: Figures, indicator: str, scope: str, year: str) -> Change | None:
    """How the figure that a page shows for `year` changed from the period before, and which units
    directly inside `scope` drove it (colleges of the school, majors of a college).

    None where there is no figure, or none before it. The method is the module's.
    """
    now = figures.latest(indicator, scope, year)
    before = figures.before(now) if now is not None else None
    if now is None or before is None:
        return None
    if now.is_suppressed or before.is_suppressed:
        return Change(now, before, "suppressed")
    if now.value is None or before.value is None:
        return Change(now, before, "missing")
    if figures.unfinished(now):
        return Change(now, before, "unfinished")
    told = Change(now, before, "told", now.value - before.value)
    whole = _whole(before, now)
    if whole is None:
        return told
    return _with_parts(_with_line(told, whole), whole, _inside(figures, before, now))


def _with_line(change: Change, whole: _Whole) -> Change:
    """What moved above and below the line of a ratio."""
    before, now = whole.before, whole.now
    if before.bottom is None or now.bottom is None:
        return change
    more, fewer = now.top - before.top, 1 / now.bottom - 1 / before.bottom
    mean = (1 / now.bottom + 1 / before.bottom) / 2
    return replace(
        change,
        numerator=more,
        denominator=now.bottom - before.bottom,
        by_numerator=whole.factor * more * mean,
        by_denominator=whole.factor * (now.top + before.top) / 2 * fewer,
    )


def _with_parts(change: Change, whole: _Whole, inside: Sequence[_Inside]) -> Change:
    held_back = [place for place, then, now in inside if _is_held(then) or _is_held(now)]
    nothing_then = _nothing([then for _, then, _ in inside], whole.before)
    nothing_now = _nothing([now for _, _, now in inside], whole.now)
    parts: list[Part] = []
    unknown: list[Scope] = []
    for place, cell_then, cell_now in inside:
        if place in held_back:
            continue
        then = _count(cell_then, whole.before) or nothing_then
        now = _count(cell_now, whole.now) or nothing_now
        if then is None or now is None:
            unknown.append(place)
        else:
            parts.append(_part(place, then, now, whole))
    rest = None
    if inside and not held_back:
        rest = change.difference - math.fsum(part.contribution for part in parts)
        rest = 0.0 if _are_equal(rest + change.now.value, change.now.value) else rest
    return replace(
        change,
        parts=tuple(sorted(parts, key=lambda part: (-abs(part.contribution), part.scope.unit))),
        held_back=tuple(held_back),
        unknown=tuple(unknown),
        rest=rest,
    )


def _part(place: Scope, then: _Count, now: _Count, whole: _Whole) -> Part:
    factor = whole.factor
    if whole.before.bottom is None:
        contribution = factor * (now.top - then.top)
        return Part(place, contribution, contribution, 0.0)
    level = factor * (whole.before.top / whole.before.bottom + whole.now.top / whole.now.bottom) / 2
    weight_then, weight_now = then.bottom / whole.before.bottom, now.bottom / whole.now.bottom
    lifted = factor * (now.top / whole.now.bottom - then.top / whole.before.bottom)
    contribution = lifted - level * (weight_now - weight_then)
    own = 0.0
    if then.bottom and now.bottom:
        ratio_change = factor * (now.top / now.bottom - then.top / then.bottom)
        own = (weight_then + weight_now) / 2 * ratio_change
    return Part(place, contribution, own, contribution - own)


def _whole(before: Cell, now: Cell) -> _Whole | None:
    """None where the value does not follow from numerator and denominator in both periods alike:
    then parts cannot be told from them either."""
    if before.numerator is None or now.numerator is None:
        return None
    then, today = (_Count(cell.numerator, cell.denominator) for cell in (before, now))
    if (then.bottom is None) != (today.bottom is None) or 0 in (then.bottom, today.bottom):
        return None
    factors = []
    for cell, count in ((before, then), (now, today)):
        quotient = count.top / (count.bottom or 1)
        if quotient:
            factors.append(cell.value / quotient)
        elif cell.value:
            return None
    if not factors or not _are_equal(factors[0], factors[-1]):
        return None
    return _Whole(then, today, factors[0])


def _inside(figures: Figures, before: Cell, now: Cell) -> list[_Inside]:
    """The units inside that have a cell in one of the periods, with both cells."""
    found = []
    for place in figures.inside(now.scope.key):
        then, today = (_same_period(figures, place, cell) for cell in (before, now))
        if then is not None or today is not None:
            found.append((place, then, today))
    return found


def _same_period(figures: Figures, place: Scope, cell: Cell) -> Cell | None:
    """A year's census is no match for its running count."""
    found = figures.cell(cell.indicator, place.key, cell.period[:4])
    return found if found is not None and found.period == cell.period else None


def _count(cell: Cell | None, whole: _Count) -> _Count | None:
    if cell is None or cell.numerator is None:
        return None
    return _Count(cell.numerator, None if whole.bottom is None else cell.denominator or 0.0)


def _nothing(cells: Sequence[Cell | None], whole: _Count) -> _Count | None:
    """What a unit without a cell counts in a period: nothing, if the others sum to the whole. None
    where they do not, or cannot be summed: it may have counted something."""
    counts = [_count(cell, whole) for cell in cells if cell is not None]
    if any(count is None for count in counts):
        return None
    tops = math.fsum(count.top for count in counts)
    bottoms = math.fsum(count.bottom or 0 for count in counts)
    if not _are_equal(tops, whole.top) or not _are_equal(bottoms, whole.bottom or 0):
        return None
    return _Count(0.0, None if whole.bottom is None else 0.0)


def _is_held(cell: Cell | None) -> bool:
    return cell is not None and cell.is_suppressed


def _are_equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_EXACT, abs_tol=_EXACT)
