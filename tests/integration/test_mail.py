"""Notices by mail, against a real mail server on this machine."""

from __future__ import annotations

import json
import logging
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from access_college import ALICE, BOB, CAROL, College, found_college, write_release
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from sqlalchemy import select
from typer.testing import CliRunner

from warehouse.access.desk import Desk
from warehouse.access.mail import MOST_ATTEMPTS, send_notices
from warehouse.access.mail_server import is_address, mail_server
from warehouse.access.mail_text import KINDS, notice_words
from warehouse.access.reminders import remind
from warehouse.cli.main import build_app
from warehouse.errors import MailError, SettingsError
from warehouse.gateway.mail_thread import sending_mail
from warehouse.governance.application import Actor
from warehouse.governance.applications import application_state, decide, submit
from warehouse.governance.content import read_content
from warehouse.governance.notices import notify
from warehouse.state import session
from warehouse.state.models import AuditEntry, Notice

UNIT = "academic_affairs_office"
LATER = "20260902T000000Z-00000002"
_MAILBOXES = """
create table mail_account(person_key bigint, mailbox varchar, ended_on date);
insert into mail_account values (1001, 'alice-old@college.test', '2026-01-01'),
  (1001, 'alice@college.test', null), (2001, 'carol@college.test', null),
  (3001, 'not an address', null);
create table staff_contact(person_key bigint, email varchar);
insert into staff_contact values (2001, 'carol-at-home@else.test'), (3001, 'dan@else.test');
"""


class Mailbox:
    """What the server does with a mail: keeps it, or answers as `answers` says for a recipient."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.answers: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.extend((to, envelope.content) for to in envelope.rcpt_tos)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    kept.port = controller.port
    yield kept
    controller.stop()


def college_with(tmp_path, port: int, **changes) -> College:
    college = found_college(
        tmp_path,
        **{
            "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none",
            "smtp_from": "data@college.test", "public_url": "https://data.college.test", **changes,
        },
    )  # fmt: skip
    write_release(college.settings, LATER, personal=_MAILBOXES)
    return college


@pytest.fixture
def college(tmp_path, mailbox: Mailbox) -> College:
    return college_with(tmp_path, mailbox.port)


def desk(college: College) -> Desk:
    return Desk(
        college.settings, college.engine, college.reader, college.audit, "job:notices",
        clock=college.clock,
    )  # fmt: skip


def tell(college: College, *people: int, kind: str = "application.waiting", **about) -> None:
    with session(college.engine) as opened:
        notify(
            opened, people, kind, college.clock.now, application="SQ1", stage="unit_head", **about
        )


def notices(college: College) -> list[Notice]:
    with session(college.engine, read_only=True) as opened:
        return list(opened.scalars(select(Notice).order_by(Notice.id)))


def test_a_notice_reaches_the_colleges_mailbox_once(college: College, mailbox: Mailbox):
    tell(college, ALICE, CAROL)
    report = send_notices(desk(college))
    assert (report.due, report.sent, report.failed) == (2, 2, 0)
    assert [to for to, _ in mailbox.mails] == ["alice@college.test", "carol@college.test"]
    mail = message_from_bytes(mailbox.mails[0][1], policy=policy.default)
    assert mail["subject"] == "有一份数据使用申请等待您处理"
    assert "data@college.test" in mail["from"] and mail["auto-submitted"] == "auto-generated"
    text = mail.get_content()
    assert "https://data.college.test/inbox" in text and "SQ1" in text
    assert send_notices(desk(college)).due == 0
    assert all(one.sent_at == college.clock.now and one.problem == "" for one in notices(college))
    with session(college.engine, read_only=True) as opened:
        noted = opened.scalars(
            select(AuditEntry).where(AuditEntry.action == "notice.send").order_by(AuditEntry.seq)
        ).all()
    assert [entry.phase for entry in noted] == ["intent", "outcome"]
    assert "college.test" not in noted[0].detail + noted[1].detail


def test_no_mail_holds_a_name_a_value_or_a_reason(college: College, mailbox: Mailbox):
    secret = {"name": "艾丽斯", "reason": "成绩 91.25", "student_no": "S001"}
    for kind in (*KINDS, "unknown.kind"):
        tell(college, ALICE, kind=kind, **secret)
    send_notices(desk(college))
    assert len(mailbox.mails) == len(KINDS) + 1
    for _, raw in mailbox.mails:
        mail = message_from_bytes(raw, policy=policy.default)
        said = mail["subject"] + mail.get_content()
        assert not [value for value in secret.values() if value in said]
        assert "登录" in said or "等待" in said


def test_words_without_a_public_address_have_no_link():
    _, text = notice_words("application.returned", {}, school="某学院", public_url=None)
    assert "http" not in text and "某学院数据中心" in text


def test_an_address_that_is_none_is_passed_over_and_who_has_none_waits(college: College, mailbox):
    tell(college, BOB, 3001)
    report = send_notices(desk(college))
    assert (report.sent, report.without_address) == (1, 1)
    assert [to for to, _ in mailbox.mails] == ["dan@else.test"]
    (waiting,) = [one for one in notices(college) if one.sent_at is None]
    assert (waiting.person_key, waiting.attempts) == (BOB, 0)
    assert "no e-mail address" in waiting.problem
    assert send_notices(desk(college)).due == 0
    college.clock.advance(days=1, minutes=1)
    assert send_notices(desk(college)).due == 1
    college.clock.advance(days=14)
    assert send_notices(desk(college)).due == 0


@pytest.mark.parametrize(
    "text",
    ["", None, "x", "a@b@c", "a b@c.cn", "a@b.cn\r\nBcc: x@y.cn", "<a@b.cn>", "a@-", "中@b.cn"],
)
def test_what_is_no_address_is_never_mailed_to(text):
    assert not is_address(text)
    assert is_address("u.se+r@mail.college.edu.cn")


def test_a_passing_refusal_is_tried_again_with_patience_and_given_up_in_the_end(
    college: College, mailbox: Mailbox
):
    mailbox.answers["alice@college.test"] = "451 later"
    tell(college, ALICE, CAROL)
    report = send_notices(desk(college))
    assert (report.sent, report.failed) == (1, 1)
    assert send_notices(desk(college)).due == 0
    waits = []
    for _ in range(MOST_ATTEMPTS + 3):
        (one, _) = notices(college)
        assert "alice" not in one.problem
        if one.attempts >= MOST_ATTEMPTS:
            break
        waits.append(one.next_at - college.clock.now)
        college.clock.now = one.next_at
        send_notices(desk(college))
    assert waits == sorted(waits) and len(waits) == MOST_ATTEMPTS - 1
    college.clock.advance(days=2)
    assert send_notices(desk(college)).due == 0
    (one, _) = notices(college)
    assert (one.sent_at, one.problem) == (None, "SMTPRecipientsRefused 451")


def test_a_passing_refusal_that_passes_is_sent(college: College, mailbox: Mailbox):
    mailbox.answers["alice@college.test"] = "451 later"
    tell(college, ALICE)
    send_notices(desk(college))
    mailbox.answers.clear()
    college.clock.advance(minutes=6)
    assert send_notices(desk(college)).sent == 1
    assert notices(college)[0].problem == ""


def test_a_refusal_for_good_is_not_tried_again(college: College, mailbox: Mailbox):
    mailbox.answers["alice@college.test"] = "550 no such user"
    tell(college, ALICE)
    send_notices(desk(college))
    college.clock.advance(days=1)
    assert send_notices(desk(college)).due == 0


def test_a_server_that_is_away_costs_no_attempt(tmp_path, mailbox: Mailbox):
    college = college_with(tmp_path, 1)
    tell(college, ALICE)
    with pytest.raises(MailError, match="cannot be used"):
        send_notices(desk(college))
    assert notices(college)[0].attempts == 0


class Dies:
    """A mail server whose sender dies after the mail was taken."""

    def __init__(self, settings) -> None:
        self.inner = mail_server(settings)

    def __enter__(self):
        self.server = self.inner.__enter__()
        return self

    def __exit__(self, *about):
        return self.inner.__exit__(*about)

    def send(self, *arguments, **named):
        self.server.send(*arguments, **named)
        raise KeyboardInterrupt


def test_a_sender_that_dies_after_handing_over_leaves_one_duplicate_at_most(
    college: College, mailbox: Mailbox
):
    tell(college, ALICE)
    with pytest.raises(KeyboardInterrupt):
        send_notices(desk(college), connect=Dies)
    assert send_notices(desk(college)).due == 0, "another sender does not take it at once"
    college.clock.advance(minutes=6)
    assert send_notices(desk(college)).sent == 1
    college.clock.advance(days=1)
    send_notices(desk(college))
    assert len(mailbox.mails) == 2
    ids = {message_from_bytes(raw)["message-id"] for _, raw in mailbox.mails}
    assert len(ids) == 1, "mail programs can tell that it is the same"


def test_many_senders_at_once_send_each_notice_once(college: College, mailbox: Mailbox):
    for number in range(10):
        tell(college, ALICE, CAROL, number=number)
    threads = [threading.Thread(target=send_notices, args=(desk(college),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailbox.mails) == 20
    assert all(one.sent_at is not None for one in notices(college))


@pytest.mark.parametrize(
    "changes",
    [
        {"smtp_host": "mail.college.test", "smtp_security": "none"},
        {"smtp_from": None},
        {"smtp_from": "nobody"},
        {"smtp_user": "data"},
        {"smtp_host": None},
    ],
)
def test_settings_that_do_not_fit_together_are_named(tmp_path, changes):
    college = college_with(tmp_path, 25, **changes)
    with pytest.raises(SettingsError, match="Mail cannot be sent"), mail_server(college.settings):
        pass


@pytest.fixture
def certificate(tmp_path, monkeypatch) -> ssl.SSLContext:
    """A certificate for this machine that the default trust knows, through SSL_CERT_FILE."""
    key, file = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


class StartTls(Controller):
    def __init__(self, handler, context: ssl.SSLContext) -> None:
        self.context = context
        super().__init__(handler, hostname="127.0.0.1", port=free_port())

    def factory(self):
        def check(server, session, envelope, mechanism, auth):
            good = (auth.login, auth.password) == (b"data", b"secret")
            return AuthResult(success=good)

        return SMTP(
            self.handler, tls_context=self.context, require_starttls=True, auth_required=True,
            authenticator=check,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("password", "trusted", "sent"), [("secret", True, 1), ("wrong", True, 0), ("secret", False, 0)]
)
def test_mail_goes_over_tls_to_a_server_that_proves_itself(
    tmp_path, certificate, monkeypatch, password, trusted, sent
):
    kept = Mailbox()
    controller = StartTls(kept, certificate)
    controller.start()
    try:
        college = college_with(
            tmp_path, controller.port, smtp_security="starttls",
            smtp_user="data", smtp_password=password,
        )  # fmt: skip
        if not trusted:
            monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
        tell(college, ALICE)
        if sent:
            assert send_notices(desk(college)).sent == 1
        else:
            with pytest.raises(MailError) as told:
                send_notices(desk(college))
            assert password not in str(told.value)
        assert len(kept.mails) == sent
    finally:
        controller.stop()


def wait_for_head(college: College) -> str:
    college.appoint(CAROL, "unit_head", UNIT)
    content = read_content(
        {
            "unit": UNIT, "channels": ["sql"], "purpose": "management", "purpose_text": "分析",
            "columns": {"student_academic_data.course_grade": ["total_score"]},
            "last_day": "2026-12-31", "users": [ALICE], "contact": {"name": "甲", "phone": "0"},
        }
    )  # fmt: skip
    return submit(
        college.audit, content, Actor(9000, (("unit_officer", UNIT, None),)),
        recorded_by="command:test", now=college.clock.now,
    )  # fmt: skip


def test_whom_an_application_waits_for_is_reminded_once_a_day_until_it_is_decided(
    college: College, mailbox: Mailbox
):
    made = wait_for_head(college)
    send_notices(desk(college))
    college.clock.advance(days=2, hours=23)
    assert remind(desk(college)) == 0
    college.clock.advance(hours=2)
    assert remind(desk(college)) == 1
    assert remind(desk(college)) == 0
    college.clock.advance(days=1)
    assert remind(desk(college)) == 1
    assert send_notices(desk(college)).sent == 2
    subjects = [
        message_from_bytes(raw, policy=policy.default)["subject"] for _, raw in mailbox.mails
    ]
    assert [subject.startswith("提醒") for subject in subjects] == [False, True, True]
    with session(college.engine, read_only=True) as opened:
        state = application_state(opened, made)
    decide(
        college.audit, made, Actor(CAROL, (("unit_head", UNIT, None),)), "reject", reason="不",
        stage="unit_head", content_sha256=state.content_sha256, recorded_by="c",
        now=college.clock.now,
    )  # fmt: skip
    college.clock.advance(days=5)
    assert remind(desk(college)) == 0


def test_two_who_remind_at_once_remind_once(college: College):
    wait_for_head(college)
    college.clock.advance(days=4)
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(remind(desk(college)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 1]


def test_the_gateway_sends_while_it_runs_and_survives_what_fails(college: College, mailbox, caplog):
    tell(college, ALICE)
    done = threading.Event()
    rounds: list[int] = []

    def work(of: Desk) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("alice@college.test")
        send_notices(of)
        done.set()

    with caplog.at_level(logging.ERROR), sending_mail(desk(college), every=0.05, work=work):
        assert done.wait(10)
    assert len(mailbox.mails) == 1
    assert "RuntimeError" in caplog.text and "alice" not in caplog.text


def test_without_a_mail_server_nothing_is_sent_and_notices_wait(tmp_path):
    college = college_with(tmp_path, 25, smtp_host=None)
    tell(college, ALICE)
    with sending_mail(desk(college), every=0.01, work=lambda _: pytest.fail("sends")):
        assert "notices" not in {thread.name for thread in threading.enumerate()}
    assert notices(college)[0].sent_at is None


def campus(college: College, *arguments: str):
    return CliRunner().invoke(build_app(), ["--home", str(college.settings.paths.root), *arguments])


def test_notices_by_command(college: College, mailbox: Mailbox, monkeypatch):
    for name in ("smtp_host", "smtp_port", "smtp_security", "smtp_from"):
        monkeypatch.setenv(f"CAMPUS_{name.upper()}", str(getattr(college.settings, name)))
    with session(college.engine) as opened:
        now = datetime.now(UTC) - timedelta(seconds=1)
        notify(opened, [ALICE], "application.waiting", now, application="SQ1", stage="unit_head")
    told = campus(college, "notice", "send", "--dry-run", "--json")
    assert (told.exit_code, json.loads(told.stdout)["due"], mailbox.mails) == (0, 1, [])
    (row,) = json.loads(campus(college, "notice", "list", "--json").stdout)
    assert (row["kind"], row["attempts"]) == ("application.waiting", 0)
    told = campus(college, "notice", "send", "--json")
    assert json.loads(told.stdout) == {"due": 1, "sent": 1, "failed": 0, "without_address": 0}
    assert json.loads(campus(college, "notice", "list", "--json").stdout) == []
    assert len(mailbox.mails) == 1
