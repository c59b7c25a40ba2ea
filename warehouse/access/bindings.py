"""Whose record a number at the identity provider opens, today.

A number opens the record of the one person who holds it in the current release. (issuer, number)
is bound to that person from their first sign-in, and the binding ends when the number becomes
another's. Who has left keeps *my data*: a number that is over and was never anybody else's still
opens the record it was bound to while it was theirs; without such a binding it opens nothing.
"""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from warehouse.access.persons import PersonNumber, number_spans, who_held, who_holds
from warehouse.access.reader import Reader
from warehouse.errors import NotSignedIn
from warehouse.governance.appointments import school_day
from warehouse.state.models import IdentityBinding, SignInSession

__all__ = ["NumberBook", "bind", "live_binding"]


class NumberBook:
    """Answers whose number it is, and keeps what it read of a release while that is current."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._release: str | None = None
        self._spans: dict[str, list[PersonNumber]] = {}
        self._turn = threading.Lock()

    def holder(self, opened: Session, issuer: str, number: str, now: datetime) -> int:
        """The person's key, or `NotSignedIn` saying why the number opens nothing."""
        spans, today = self._read(number), school_day(now)
        try:
            return who_holds(spans, today)
        except NotSignedIn:
            bound = live_binding(opened, issuer, number, now)
            if bound is not None and _bound_in_time(bound, who_held(spans, today)):
                return bound.person_key
            raise

    def _read(self, number: str) -> list[PersonNumber]:
        with self._reader.open("personal") as (cursor, release):
            with self._turn:
                if self._release != release.id:
                    self._release, self._spans = release.id, {}
                if number in self._spans:
                    return self._spans[number]
            spans = number_spans(cursor, number)
            with self._turn:
                # Unknown numbers are not kept: anybody may try as many as they like.
                if spans and self._release == release.id:
                    self._spans[number] = spans
            return spans


def _bound_in_time(bound: IdentityBinding, over: PersonNumber | None) -> bool:
    """Whether a binding was made with its number's only holder before the number was over."""
    return (
        over is not None
        and over.valid_to is not None
        and bound.person_key == over.person_key
        and school_day(bound.valid_from) < over.valid_to
    )


def live_binding(
    opened: Session, issuer: str, number: str, now: datetime
) -> IdentityBinding | None:
    """The one binding of the number at that moment; None where there is none, or two."""
    found = opened.scalars(_LIVE, {"issuer": issuer, "number": number, "now": now}).all()
    return found[0] if len(found) == 1 else None


def bind(
    opened: Session, issuer: str, number: str, person_key: int, now: datetime
) -> tuple[int, ...]:
    """Bind the number to the person from now on. Returns whose it was before, mostly nobody's:
    their binding and their sessions end in the same transaction."""
    live = opened.scalars(_NOT_OVER, {"issuer": issuer, "number": number, "now": now}).all()
    if len(live) == 1 and live[0].person_key == person_key:
        return ()
    for old in live:
        old.valid_to = now
    if live:
        opened.execute(
            update(SignInSession)
            .where(
                SignInSession.issuer == issuer,
                SignInSession.claim_value == number,
                SignInSession.ended_at.is_(None),
            )
            .values(ended_at=now, end_reason="number_changed")
        )
    opened.add(
        IdentityBinding(
            issuer=issuer,
            claim_value=number,
            person_key=person_key,
            valid_from=now,
            valid_to=None,
        )
    )
    return tuple(old.person_key for old in live)


#: Made once, as they are asked before every answer of the gateway.
_NOT_OVER = select(IdentityBinding).where(
    IdentityBinding.issuer == bindparam("issuer"),
    IdentityBinding.claim_value == bindparam("number"),
    or_(IdentityBinding.valid_to.is_(None), IdentityBinding.valid_to > bindparam("now")),
)
_LIVE = _NOT_OVER.where(IdentityBinding.valid_from <= bindparam("now"))
