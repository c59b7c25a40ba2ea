"""Notices on their way to mailboxes: each once, tried again with patience, given up in the end.

A notice is claimed by moving its `next_at` before its mail is handed over, so that of two senders
(the gateway, the daily job) one sends it. `sent_at` is set after the server has taken the mail: who
dies between the two leaves a notice that is sent once more when its time comes, never more often.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from warehouse.access.desk import Desk
from warehouse.access.mail_server import MailServer, is_address, mail_server
from warehouse.access.mail_text import notice_words
from warehouse.access.reader import Cursor
from warehouse.audit import audited_read, named
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Notice

__all__ = ["MOST_ATTEMPTS", "PATIENCE", "MailReport", "due_notices", "problem_of", "send_notices"]

#: How long a notice waits after its first, second … failed attempt.
PATIENCE = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MOST_ATTEMPTS = len(PATIENCE) + 1
#: A person without an address may get one with the next release.
_NO_ADDRESS = timedelta(days=1)
#: What is older is no news any more.
_OLDEST = timedelta(days=14)
_A_RUN = 200

#: Table and column of the personal file that hold an address, and which rows count: the college's
#: own mailbox first, then what a member of staff gave as theirs.
_ADDRESSES = (("mail_account", "mailbox", "ended_on is null"), ("staff_contact", "email", "true"))

Connect = Callable[[Settings], AbstractContextManager[MailServer]]


@dataclass(frozen=True)
class MailReport:
    """How many notices were due, and what became of them: sent, failed (tried again later or
    given up), or without an address in the current release."""

    due: int
    sent: int = 0
    failed: int = 0
    without_address: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def due_notices(desk: Desk) -> list[Notice]:
    """Those to be sent now, oldest first; at most 200 at a time."""
    now = desk.now
    with session(desk.engine, read_only=True) as opened:
        return list(
            opened.scalars(
                select(Notice)
                .where(
                    Notice.sent_at.is_(None),
                    Notice.attempts < MOST_ATTEMPTS,
                    Notice.at > now - _OLDEST,
                    or_(Notice.next_at.is_(None), Notice.next_at <= now),
                )
                .order_by(Notice.id)
                .limit(_A_RUN)
            )
        )


def send_notices(desk: Desk, *, connect: Connect = mail_server) -> MailReport:
    """Send what is due. Addresses are read from the personal file, which the log notes.

    Raises `SettingsError` or `MailError` where no mail server can be used; then no notice has
    been touched, and none counts an attempt.
    """
    waiting = due_notices(desk)
    if not waiting:
        return MailReport(0)
    with connect(desk.settings) as server:
        return audited_read(
            desk.audit,
            desk.actor,
            "notice.send",
            lambda: _send(desk, server, waiting),
            detail={"notices": len(waiting)},
            result=lambda report: report.to_json(),
            concern=lambda _: named(notice.person_key for notice in waiting),
        )


def _send(desk: Desk, server: MailServer, waiting: list[Notice]) -> MailReport:
    with desk.reader.open("personal") as (cursor, _release):
        addresses = _addresses(cursor, {notice.person_key for notice in waiting})
    sent = failed = without = 0
    for notice in waiting:
        address = addresses.get(notice.person_key)
        if address is None:
            without += _put_off(desk, notice)
            continue
        if not _claim(desk, notice):
            continue
        subject, text = notice_words(
            notice.kind, notice.about,
            school=desk.settings.school_name, public_url=desk.settings.public_url,
        )  # fmt: skip
        try:
            server.send(address, subject, text, mark=f"notice-{notice.id}")
        except (smtplib.SMTPException, OSError) as error:
            failed += 1
            _note(desk, notice, problem=problem_of(error), give_up=_is_final(error))
            if _is_away(error):
                break
            continue
        _note(desk, notice, sent_at=desk.now)
        sent += 1
    return MailReport(len(waiting), sent, failed, without)


def _claim(desk: Desk, notice: Notice) -> bool:
    """Take the notice for this sender; False where another has it or sent it."""
    tried = notice.attempts + 1
    patience = PATIENCE[min(tried, len(PATIENCE)) - 1]
    return _move(desk, notice, attempts=tried, next_at=desk.now + patience)


def _put_off(desk: Desk, notice: Notice) -> bool:
    return _move(
        desk,
        notice,
        next_at=desk.now + _NO_ADDRESS,
        problem="no e-mail address in the current release",
    )


def _move(desk: Desk, notice: Notice, **values: Any) -> bool:
    with session(desk.engine) as opened:
        seen = (
            Notice.next_at.is_(None) if notice.next_at is None else Notice.next_at == notice.next_at
        )
        moved = opened.execute(
            update(Notice)
            .where(Notice.id == notice.id, Notice.sent_at.is_(None), seen)
            .values(**values)
        )
        return moved.rowcount == 1


def _note(
    desk: Desk,
    notice: Notice,
    *,
    sent_at: datetime | None = None,
    problem: str = "",
    give_up: bool = False,
) -> None:
    values: dict[str, Any] = {"sent_at": sent_at, "problem": problem}
    if give_up:
        values["attempts"] = MOST_ATTEMPTS
    with session(desk.engine) as opened:
        opened.execute(update(Notice).where(Notice.id == notice.id).values(**values))


def problem_of(error: Exception) -> str:
    """The kind of a failure with the server's code, without its words: they quote the address."""
    code = _code(error)
    return type(error).__name__ + (f" {code}" if code else "")


def _is_final(error: Exception) -> bool:
    """A server that says 5xx will say so again."""
    return (_code(error) or 0) >= 500


def _is_away(error: Exception) -> bool:
    """The connection is gone; what is left waits for the next run."""
    refused = isinstance(error, smtplib.SMTPException)
    return not refused or isinstance(error, smtplib.SMTPServerDisconnected)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _addresses(cursor: Cursor, people: set[int]) -> dict[int, str]:
    """person_key → address, of those who have one that can be mailed to."""
    there = {
        (table, column)
        for table, column in cursor.execute(
            "select table_name, column_name from duckdb_columns()"
        ).fetchall()
    }
    marks = ", ".join("?" for _ in people)
    found: dict[int, str] = {}
    for table, column, counts in _ADDRESSES:
        if (table, column) not in there:
            continue
        rows = cursor.execute(
            f"select person_key, {column} from {table} "
            f"where person_key in ({marks}) and {counts} order by person_key, {column}",
            sorted(people),
        ).fetchall()
        for key, address in rows:
            if is_address(address):
                found.setdefault(key, address)
    return found
