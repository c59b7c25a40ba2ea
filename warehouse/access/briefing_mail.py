"""The monthly briefing on its way to the leaders' list: once to each address, never twice.

An address is claimed in the state database before its mail is handed over. A failure that the
server told is tried again; a sender that died in between is not taken up by another, for the mail
may have left: `campus briefing list` shows that it is not known.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from warehouse.access.briefings import make_briefing, month_of
from warehouse.access.desk import Desk
from warehouse.access.mail import MOST_ATTEMPTS, PATIENCE, problem_of
from warehouse.access.mail_server import MailServer, is_address, mail_server
from warehouse.errors import SettingsError
from warehouse.governance.appointments import school_day
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.briefings import Briefing, BriefingMail

__all__ = ["BriefingReport", "due_addresses", "send_briefing", "send_when_due"]

Connect = Callable[[Settings], AbstractContextManager[MailServer]]


@dataclass(frozen=True)
class BriefingReport:
    """Which briefing, to how many it was due, and what became of it. `already` counts addresses
    that have it, or may have it."""

    month: str
    release: str
    due: int
    already: int
    sent: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _current(desk: Desk) -> tuple[str, str]:
    with desk.reader.open("statistics") as (_cursor, release):
        return month_of(release.manifest["as_of"]), release.id


def _listed(settings: Settings) -> list[str]:
    """The leaders' list, each address once. Raises `SettingsError` for what is no address."""
    if not settings.briefing_to or not all(is_address(one) for one in settings.briefing_to):
        raise SettingsError(
            "briefing_to must list the addresses that the briefing goes to.",
            next_step='In campus.toml: briefing_to = ["leaders@example.edu.cn"]',
        )
    return list(dict.fromkeys(settings.briefing_to))


def due_addresses(
    rows: list[BriefingMail], addresses: list[str], release: str, now: datetime, *, monthly: bool
) -> list[str]:
    """Those of the list that the release's briefing is to be sent to now; pure.

    `rows` are the mails of its month. `monthly`: one briefing a month is enough, of whichever
    release, and a failure has its patience; else the release alone counts, and who asks does not
    wait.
    """
    return [address for address in addresses if _is_due(rows, address, release, now, monthly)]


def _is_due(
    rows: list[BriefingMail], address: str, release: str, now: datetime, monthly: bool
) -> bool:
    of_address = [row for row in rows if row.address == address]
    if monthly and any(not row.problem for row in of_address):
        return False
    mine = next((row for row in of_address if row.release == release), None)
    if mine is None:
        return True
    if not mine.problem:  # sent, or not known
        return False
    if not monthly:
        return True
    return mine.attempts < MOST_ATTEMPTS and (mine.next_at is None or mine.next_at <= now)


def send_briefing(
    desk: Desk, *, monthly: bool = False, dry_run: bool = False, connect: Connect = mail_server
) -> BriefingReport:
    """Make the current release's briefing and mail it to whom it is due. Raises `SettingsError` or
    `MailError` where no mail can be sent; then nothing was claimed."""
    addresses = _listed(desk.settings)
    month, release = _current(desk)
    with session(desk.engine, read_only=True) as opened:
        rows = list(opened.scalars(select(BriefingMail).where(BriefingMail.month == month)))
    due = due_addresses(rows, addresses, release, desk.now, monthly=monthly)
    report = BriefingReport(month, release, len(due), len(addresses) - len(due))
    if dry_run or not due:
        return report
    made, content = make_briefing(desk)
    with connect(desk.settings) as server:
        sent = [_sent(desk, server, made, content, address) for address in due]
    found = BriefingReport(
        made.month, made.release, len(due), report.already, sent.count(True), sent.count(False)
    )
    desk.audit.event(desk.actor, "briefing.send", detail=found.to_json())
    return found


def send_when_due(desk: Desk, *, connect: Connect = mail_server) -> BriefingReport | None:
    """For the job: once a month from `briefing_day` on, where there is a list. None where nothing
    is to be done."""
    today = school_day(desk.now)
    if not desk.settings.briefing_to or today.day < desk.settings.briefing_day:
        return None
    if _current(desk)[0] != f"{today:%Y-%m}":  # data of another month are no briefing of this one
        return None
    report = send_briefing(desk, monthly=True, connect=connect)
    return report if report.due else None


def _sent(
    desk: Desk, server: MailServer, made: Briefing, content: bytes, address: str
) -> bool | None:
    """Whether the server took the mail; None where another sender has the address."""
    if not _claim(desk, made, address):
        return None
    year, month = made.month.split("-")
    title = f"{desk.settings.school_name}数据简报（{year}年{int(month)}月）"
    text = (
        f"{title}见附件。\n\n往期简报和每个数字的口径，请登录查看"
        + (f"：{desk.settings.public_url}/briefings" if desk.settings.public_url else "。")
        + "\n\n这封邮件由系统发出，请勿回复，也请勿转发到校外。\n"
    )
    try:
        server.send(
            address,
            title,
            text,
            mark=f"briefing-{made.month}-{made.release}",
            attached=(f"{title}.pdf", content),
        )
    except (smtplib.SMTPException, OSError) as error:
        _note(desk, made, address, problem=problem_of(error), patient=True)
        return False
    _note(desk, made, address, sent_at=desk.now)
    return True


def _claim(desk: Desk, made: Briefing, address: str) -> bool:
    """Take an address for this sender: a row of its own, or one whose attempt has failed."""
    key = {"month": made.month, "release": made.release, "address": address}
    try:
        with session(desk.engine) as opened:
            kept = opened.get(BriefingMail, tuple(key.values()))
            if kept is None:
                opened.add(BriefingMail(**key, claimed_at=desk.now, attempts=1, problem=""))
                return True
            taken = opened.execute(
                update(BriefingMail)
                .filter_by(**key, attempts=kept.attempts, sent_at=None)
                .where(BriefingMail.problem != "")
                .values(claimed_at=desk.now, attempts=kept.attempts + 1, next_at=None, problem="")
            )
            return taken.rowcount == 1
    except IntegrityError:  # another sender was first
        return False


def _note(
    desk: Desk,
    made: Briefing,
    address: str,
    *,
    sent_at: datetime | None = None,
    problem: str = "",
    patient: bool = False,
) -> None:
    with session(desk.engine) as opened:
        row = opened.get(BriefingMail, (made.month, made.release, address))
        assert row is not None  # claimed before
        row.sent_at, row.problem = sent_at, problem
        if patient:
            row.next_at = desk.now + PATIENCE[min(row.attempts, len(PATIENCE)) - 1]
