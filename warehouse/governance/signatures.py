"""Owner units sign or reject the figures of a period (annex 2, rows 16–23).

A signature is bound to the very figures it was given for: when a later release shows others, it
stands as *changed* until the unit signs anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.errors import UsageError
from warehouse.governance.journal import Journal
from warehouse.state import looked_up
from warehouse.state.models import FigureSignature

__all__ = ["DECISIONS", "Sheet", "SignOff", "last_word", "sign", "sign_offs"]

DECISIONS = ("signed", "rejected")
_LONGEST_REASON = 1000


@dataclass(frozen=True)
class Sheet:
    """The figures of one dataset and period. `content` is their sha256, `owners` the ids of the
    units that annex 2 names; `closed` says whether the period is over."""

    dataset: str
    period: str
    content: str
    owners: tuple[str, ...]
    closed: bool = True


@dataclass(frozen=True)
class SignOff:
    """Where one unit stands on one sheet.

    `state`: signed, rejected; changed (its word was on other figures); unsigned; running (the
    period is not over, so nobody is asked yet). `at` UTC, null where nothing was said.
    """

    unit: str
    state: str
    at: datetime | None = None
    reason: str = ""
    release: str | None = None


def sign(
    journal: Journal,
    sheet: Sheet,
    *,
    unit: str,
    decision: str,
    reason: str,
    release: str,
    person_key: int,
    actor: str,
    now: datetime | None = None,
) -> bool:
    """Record a unit's word on a sheet. False where it has said exactly this already (a second
    click). Raises `UsageError` for a unit that annex 2 does not name, a period that is not over,
    an unknown decision, or a rejection without a reason."""
    reason = reason.strip()
    if decision not in DECISIONS:
        raise UsageError(f"A decision is one of: {', '.join(DECISIONS)}.")
    if unit not in sheet.owners:
        raise UsageError(
            f"{unit} does not answer for {sheet.dataset}.",
            next_step=f"Annex 2 names: {', '.join(sheet.owners)}.",
        )
    if not sheet.closed:
        raise UsageError(
            f"The period {sheet.period} of {sheet.dataset} is not over.",
            next_step="Sign it once its last day is behind the data's date.",
        )
    if decision == "rejected" and not reason:
        raise UsageError("A rejection needs a reason.", next_step="Say what is wrong, and where.")
    if len(reason) > _LONGEST_REASON:
        raise UsageError(f"A reason is at most {_LONGEST_REASON} characters long.")
    with journal.transaction() as entry:
        last = _latest(entry.session, [sheet.dataset]).get((sheet.dataset, sheet.period, unit))
        said = (decision, reason, sheet.content)
        if last is not None and (last.decision, last.reason, last.content_sha256) == said:
            return False
        entry.session.add(
            FigureSignature(
                at=now or datetime.now(UTC),
                dataset=sheet.dataset,
                period=sheet.period,
                unit=unit,
                decision=decision,
                reason=reason,
                content_sha256=sheet.content,
                release=release,
                person_key=person_key,
                recorded_by=actor,
            )
        )
        entry.record(
            actor,
            "figures.sign" if decision == "signed" else "figures.reject",
            subject=f"person:{person_key}",
            detail={
                "dataset": sheet.dataset,
                "period": sheet.period,
                "unit": unit,
                "release": release,
                "content": sheet.content,
            },
        )
    return True


def sign_offs(
    session: Session, sheets: Iterable[Sheet], *, until: datetime | None = None
) -> dict[tuple[str, str], tuple[SignOff, ...]]:
    """(dataset, period) → where each owner unit stands, in the annex's order; where it stood at a
    moment `until` (UTC), given the sheets of then."""
    listed = list(sheets)
    latest = _latest(session, {sheet.dataset for sheet in listed}, until)
    return {
        (sheet.dataset, sheet.period): tuple(
            _stand(sheet, unit, latest.get((sheet.dataset, sheet.period, unit)))
            for unit in sheet.owners
        )
        for sheet in listed
    }


def last_word(session: Session) -> int:
    """A number that is another once any unit has said anything more; rows are only ever added."""
    return looked_up(session, _LAST_WORD).scalar() or 0


_LAST_WORD = select(func.max(FigureSignature.id))


def _stand(sheet: Sheet, unit: str, last: FigureSignature | None) -> SignOff:
    if not sheet.closed:
        return SignOff(unit, "running")
    if last is None:
        return SignOff(unit, "unsigned")
    state = last.decision if last.content_sha256 == sheet.content else "changed"
    return SignOff(unit, state, last.at, last.reason, last.release)


def _latest(
    session: Session, datasets: Iterable[str], until: datetime | None = None
) -> dict[tuple[str, str, str], FigureSignature]:
    """Each unit's last word by (dataset, period, unit)."""
    wanted = select(FigureSignature).where(FigureSignature.dataset.in_(sorted(datasets)))
    if until is not None:
        wanted = wanted.where(FigureSignature.at < until)
    rows = session.scalars(wanted.order_by(FigureSignature.id))
    return {(row.dataset, row.period, row.unit): row for row in rows}
