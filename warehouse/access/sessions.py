"""Sessions live here, not in the browser: opened by a verified token, checked at every read.

A session is found by the hash of the ID token that opened it. A token opens one session ever,
so signing out, in whichever tab, is final for that token. It ends when it is idle, old, signed
out here or at the provider, when its person is disabled, and when its number became another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, bindparam, select, update
from sqlalchemy.orm import Session

from warehouse.access.bindings import NumberBook, bind, live_binding
from warehouse.access.care import cases_of
from warehouse.access.former import left_and_over
from warehouse.access.identity import Identity, TokenVerifier
from warehouse.access.minors import minors
from warehouse.access.persons import Person, person_of
from warehouse.access.policy import HeldRole, Standing
from warehouse.access.reader import Reader
from warehouse.access.unit_heads import units_led
from warehouse.audit import Audit, person
from warehouse.errors import NotAdmitted, NothingKept, NotSignedIn
from warehouse.governance.appointments import school_day
from warehouse.governance.exclusions import is_disabled
from warehouse.governance.protection import hidden_among, protections
from warehouse.governance.roles import Held, held_roles
from warehouse.settings import Settings
from warehouse.state import looked_up, session
from warehouse.state.models import SignInSession

__all__ = ["SessionView", "Sessions", "standing_of"]

_SIGN_IN = "Sign in again."


@dataclass(frozen=True)
class SessionView:
    """A session that holds at this moment, and who is behind it."""

    token_sha256: str
    person: Person
    standing: Standing
    hidden: frozenset[int]
    "Who is protected from this person's sight (`governance.protection.hidden_from`)."
    waiting: tuple[HeldRole, ...] = ()
    "Roles that begin when the person signs the undertaking for them."

    @property
    def actor(self) -> str:
        return person(self.person.person_key)


class Sessions:
    """Opens, checks and ends sessions of one state database. `clock` gives the time in UTC."""

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        verifier: TokenVerifier,
        audit: Audit,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine, self._reader, self._verifier = engine, reader, verifier
        self._audit, self._clock = audit, clock
        self._lifetime = timedelta(seconds=settings.session_seconds)
        self._idle = timedelta(seconds=settings.session_idle_seconds)
        self._touch = min(timedelta(seconds=30), self._idle / 10)
        self._numbers = NumberBook(reader)
        self._people: tuple[tuple[str, date] | None, dict[int, Person]] = (None, {})

    def open(self, token: str) -> SessionView:
        """Verify a token and open its session; hand back the one it opened if that still holds.

        Raises `NotSignedIn`, after the refusal is in the log with its reason and no value.
        """
        try:
            identity = self._verifier.verify(token)
            digest = token_digest(token)
            if self._known(digest):
                return self.check(token)
            with session(self._engine, read_only=True) as opened:
                person_key = self._numbers.holder(
                    opened, identity.issuer, identity.claim_value, self._clock()
                )
            if left_and_over(self._reader, person_key, school_day(self._clock())):
                raise NothingKept(_ENDED["nothing_kept"])
        except NotSignedIn as error:
            self._audit.event("anonymous", "session.refuse", detail={"reason": error.message})
            raise
        self._store(digest, identity, person_key)
        return self.check(token)

    def check(self, token: str) -> SessionView:
        """The session of a token with its person's roles of this moment, or `NotSignedIn`."""
        now = self._clock()
        with session(self._engine, read_only=True) as opened:
            row = looked_up(opened, _SESSION, token_sha256=token_digest(token)).first()
            if row is None:
                raise NotSignedIn("You are not signed in.", next_step=_SIGN_IN)
            problem = self._problem(opened, row, now)
            roles = held_roles(
                opened, row.person_key, now, heads_of=units_led(self._reader, row.person_key)
            )
            guarding = protections(opened, now)
        if problem is not None:
            self._end(row, problem, now)
            raise NotSignedIn(_ENDED.get(problem, "Your session has ended."), next_step=_SIGN_IN)
        if now - row.last_seen_at >= self._touch:
            self._seen(row.token_sha256, now)
        found = self._person(row.person_key, now)
        if found.left_on is not None:
            roles = []  # an appointment that nobody ended does not outlast the person's leaving
        guarded = _is_guarded(guarding, self._reader, row.person_key)
        return SessionView(
            token_sha256=row.token_sha256,
            person=found,
            hidden=hidden_among(guarding, row.person_key),
            standing=_standing(
                found,
                roles,
                kinds_by_record(self._reader, found, now) | ({"guarded"} if guarded else set()),
            ),
            waiting=tuple(
                HeldRole(held.role, held.unit) for held in roles if held.needs_undertaking
            ),
        )

    def still_holds(self, view: SessionView) -> None:
        """Raise `NotSignedIn` where a session that was checked has ended since. Reads the registry
        and writes nothing, so that what runs for long may ask often."""
        with session(self._engine, read_only=True) as opened:
            row = opened.get(SignInSession, view.token_sha256)
            problem = "ended" if row is None else self._problem(opened, row, self._clock())
        if problem is not None:
            raise NotSignedIn(_ENDED.get(problem, "Your session has ended."), next_step=_SIGN_IN)

    def sign_out(self, token: str) -> None:
        """End the session of a token, in every tab that holds it. Twice is once."""
        with session(self._engine, read_only=True) as opened:
            row = opened.get(SignInSession, token_digest(token))
        if row is None:
            raise NotSignedIn("You are not signed in.", next_step=_SIGN_IN)
        self._end(row, "signed_out", self._clock())

    def end_provider_session(self, issuer: str, provider_session: str) -> int:
        """Back-channel sign-out: end all sessions that the provider's `sid` opened."""
        with session(self._engine, read_only=True) as opened:
            rows = opened.scalars(
                select(SignInSession).where(
                    SignInSession.issuer == issuer,
                    SignInSession.provider_session == provider_session,
                    SignInSession.ended_at.is_(None),
                )
            ).all()
        for row in rows:
            self._end(row, "provider_signed_out", self._clock())
        return len(rows)

    def _known(self, digest: str) -> bool:
        with session(self._engine, read_only=True) as opened:
            return opened.get(SignInSession, digest) is not None

    def _problem(self, opened: Session, row: SignInSession | Row[Any], now: datetime) -> str | None:
        if row.ended_at is not None:
            return row.end_reason or "ended"
        if now >= row.expires_at:
            return "expired"
        if now - row.last_seen_at >= self._idle:
            return "idle"
        if is_disabled(opened, row.person_key, now):
            return "disabled"
        bound = live_binding(opened, row.issuer, row.claim_value, now)
        if bound is None or bound.person_key != row.person_key:
            return "number_changed"
        try:
            holder = self._numbers.holder(opened, row.issuer, row.claim_value, now)
        except NotSignedIn:
            return "number_changed"
        if holder != row.person_key:
            return "number_changed"
        if left_and_over(self._reader, row.person_key, school_day(now)):
            return "nothing_kept"
        return None

    def _store(self, digest: str, identity: Identity, person_key: int) -> None:
        now = self._clock()
        with self._audit.transaction() as entry:
            opened = entry.session
            if is_disabled(opened, person_key, now):
                entry.record(person(person_key), "session.refuse", detail={"reason": "disabled"})
                refused = True
            else:
                refused = False
                if opened.get(SignInSession, digest) is None:
                    former = bind(opened, identity.issuer, identity.claim_value, person_key, now)
                    for old in former:
                        entry.record(
                            person(person_key),
                            "identity.rebind",
                            subject=person(old),
                            detail={"to": person(person_key)},
                        )
                    opened.add(
                        SignInSession(
                            token_sha256=digest,
                            person_key=person_key,
                            issuer=identity.issuer,
                            claim_value=identity.claim_value,
                            provider_session=identity.provider_session,
                            opened_at=now,
                            last_seen_at=now,
                            expires_at=now + self._lifetime,
                        )
                    )
                    entry.record(
                        person(person_key),
                        "session.open",
                        subject=person(person_key),
                        detail={"number_reissued": bool(former)},
                    )
        if refused:
            raise NotAdmitted(_ENDED["disabled"], next_step=None)

    def _end(self, row: SignInSession | Row[Any], reason: str, now: datetime) -> None:
        if row.ended_at is not None:
            return
        with self._audit.transaction() as entry:
            ended = entry.session.execute(
                update(SignInSession)
                .where(
                    SignInSession.token_sha256 == row.token_sha256,
                    SignInSession.ended_at.is_(None),
                )
                .values(ended_at=now, end_reason=reason)
            ).rowcount
            if ended:
                entry.record(
                    person(row.person_key),
                    "session.end",
                    subject=person(row.person_key),
                    detail={"reason": reason},
                )

    def _seen(self, digest: str, now: datetime) -> None:
        with session(self._engine) as opened:
            opened.execute(
                update(SignInSession)
                .where(SignInSession.token_sha256 == digest, SignInSession.ended_at.is_(None))
                .values(last_seen_at=now)
            )

    def _person(self, person_key: int, now: datetime) -> Person:
        """Read once a release and day for each who is signed in: every request asks."""
        with self._reader.open("personal") as (cursor, release):
            of, people = (release.id, school_day(now)), self._people
            if people[0] != of:
                people = self._people = of, {}
            known = people[1]
            if person_key not in known:
                found = person_of(cursor, person_key, school_day(now))
                known[person_key] = found or Person(person_key, None, frozenset())
            return known[person_key]


_SESSION = select(SignInSession.__table__).where(
    SignInSession.token_sha256 == bindparam("token_sha256")
)
_ENDED = {
    "expired": "Your session has expired.",
    "idle": "Your session has ended because it was not used for a while.",
    "signed_out": "You have signed out.",
    "provider_signed_out": "You have signed out at the identity provider.",
    "disabled": "Your access has been disabled. Ask the working group.",
    "nothing_kept": "You have left, and nothing that may still be kept of you is here any more.",
    "number_changed": "Your number no longer belongs to the person who signed in.",
}


def token_digest(token: str) -> str:
    """What the registry knows a token by."""
    return hashlib.sha256(token.encode()).hexdigest()


def standing_of(engine: Engine, reader: Reader, found: Person, now: datetime) -> Standing:
    """Roles and kinds of a person who is not in a session (the command line); who is disabled or
    has left has neither."""
    with session(engine, read_only=True) as opened:
        if found.left_on is not None or is_disabled(opened, found.person_key, now):
            return Standing(found.person_key)
        roles = held_roles(
            opened, found.person_key, now, heads_of=units_led(reader, found.person_key)
        )
    return _standing(found, roles, found.kinds)


def kinds_by_record(reader: Reader, found: Person, now: datetime) -> frozenset[str]:
    """A person's kinds, with counsellor for who is on record for an open case today."""
    if "staff" in found.kinds and cases_of(reader, found.person_key, school_day(now)):
        return found.kinds | {"counsellor"}
    return found.kinds


def _is_guarded(standing: Iterable[Row[Any]], reader: Reader, person_key: int) -> bool:
    """Whether the page of protection concerns a person."""
    concerned = {key for row in standing for key in (row.person_key, row.owner_key)}
    return person_key in concerned or person_key in minors(reader)


def _standing(found: Person, roles: list[Held], kinds: frozenset[str]) -> Standing:
    """What counts now: a role whose undertaking is missing does not."""
    return Standing(
        found.person_key,
        kinds,
        tuple(
            HeldRole(held.role, held.unit, held.principal_key)
            for held in roles
            if not held.needs_undertaking
        ),
    )
