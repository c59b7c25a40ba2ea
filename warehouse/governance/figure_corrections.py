"""Corrections of figures of closed periods: decided here, carried out by the next release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from warehouse.errors import UsageError
from warehouse.governance.journal import Journal
from warehouse.release.census import read_kept
from warehouse.state.models import FigureCorrection

__all__ = ["correct_figures"]

_LONGEST_REASON = 1000


def correct_figures(
    journal: Journal,
    indicator: str,
    periods: Sequence[str],
    *,
    reason: str,
    current: str | None,
    actor: str,
    by: str | None = None,
    now: datetime | None = None,
) -> list[int]:
    """Decide that the next release publishes these periods as computed then, and keeps that.

    `current` is the id of the current release; `by` person:<key> of whoever decided, None for the
    operator. The reason is published. Raises `UsageError` where a period is not closed (its figures
    follow the data anyway) or already waits for its correction. Returns the corrections' ids.
    """
    text = reason.strip()
    if not text or len(text) > _LONGEST_REASON:
        raise UsageError(
            f"A correction needs a reason of at most {_LONGEST_REASON} characters.",
            next_step="Give --reason; it is published, so name no person in it.",
        )
    with journal.transaction() as entry:
        kept = read_kept(entry.session, current)
        waiting = {(c.indicator, c.period) for c in kept.corrections if c.release is None}
        closed = {figure.of for figure in kept.figures}
        for period in periods:
            if (indicator, period) in waiting:
                raise UsageError(
                    f"{indicator} of {period} already waits for its correction.",
                    next_step="It comes with the next: campus refresh",
                )
            if (indicator, period) not in closed:
                raise UsageError(
                    f"No release keeps figures of {indicator} for {period}.",
                    next_step="A period that is not closed follows the data by itself. See the "
                    f"periods with: campus indicator values {indicator}",
                )
        numbers = []
        for period in dict.fromkeys(periods):
            correction = FigureCorrection(
                at=now or datetime.now(UTC),
                indicator=indicator,
                period=period,
                reason=text,
                by=by or actor,
            )
            entry.session.add(correction)
            entry.session.flush()
            entry.record(
                actor,
                "indicator.correct",
                detail={
                    "correction": correction.id,
                    "indicator": indicator,
                    "period": period,
                    "by": correction.by,
                },
            )
            numbers.append(correction.id)
    return numbers
