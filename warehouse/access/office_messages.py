"""Each message of the office system is carried out once, however often it comes.

The nonce is written down before anything is done and the answer after it. The same message again
gets the same answer; the same nonce with something else is refused. If the gateway dies between
the two, the message is carried out again when it is repeated: every act behind it knows its own
repetition (`governance.applications`), so nothing happens twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from warehouse.access.office_signature import OfficeMessage
from warehouse.errors import CampusError, Conflict, ReleaseError, UsageError
from warehouse.state import session
from warehouse.state.models import OfficeMessage as KeptMessage

__all__ = ["OfficeAnswers"]

Answer = tuple[int, dict[str, Any]]


class OfficeAnswers:
    """The answers given so far, in the state database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()  # an office system sends few; one at a time is simplest

    def answer_once(
        self, message: OfficeMessage, now: datetime, act: Callable[[], dict[str, Any]]
    ) -> Answer:
        """(status, document) of `act`, or what was answered before.

        A refusal is an answer and is kept; a fault of ours is not, and goes on. Raises `Conflict`
        where the nonce was used for something else.
        """
        with self._turn:
            known = self._reserve(message, now)
            if known is not None:
                return known
            try:
                given: Answer = (200, act())
            except CampusError as error:
                status = getattr(error, "status", 400 if isinstance(error, UsageError) else 409)
                if status >= 500 or isinstance(error, ReleaseError):
                    raise
                refused = {"message": error.message, "next_step": error.next_step}
                given = (status, {"error": "refused", **refused})
            with session(self._engine) as opened:
                kept = opened.get_one(KeptMessage, message.nonce)
                kept.answer = {"status": given[0], "document": given[1]}
        return given

    def _reserve(self, message: OfficeMessage, now: datetime) -> Answer | None:
        try:
            with session(self._engine) as opened:
                opened.add(
                    KeptMessage(nonce=message.nonce, at=now, body_sha256=message.digest, answer={})
                )
        except IntegrityError:
            pass
        else:
            return None
        with session(self._engine, read_only=True) as opened:
            kept = opened.get_one(KeptMessage, message.nonce)
        if kept.body_sha256 != message.digest:
            raise Conflict(
                "This nonce was used for another message.",
                next_step="Make a new random nonce for each message; repeat one only to retry.",
            )
        return (kept.answer["status"], kept.answer["document"]) if kept.answer else None
