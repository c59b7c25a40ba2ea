"""Briefings made of a release, mailed once to a real mail server, listed and fetched by leaders."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from access_college import CAROL, College, found_college, write_release
from aiosmtpd.controller import Controller
from source_servers import free_port
from sqlalchemy import select
from typer.testing import CliRunner

from warehouse.access import briefings
from warehouse.access.briefing_mail import send_briefing, send_when_due
from warehouse.access.briefings import briefing_content, briefing_list, make_briefing
from warehouse.access.desk import Desk
from warehouse.access.mail_server import mail_server
from warehouse.cli.main import build_app
from warehouse.errors import NotFound, SettingsError, UsageError
from warehouse.gateway.mail_thread import send_round
from warehouse.state import session
from warehouse.state.briefings import BriefingMail
from warehouse.state.models import AuditEntry

LATER = "20260926T000000Z-00000002"
LISTED = ["leaders@college.test", "head@college.test"]
NAME = "2026-09_20260901T000000Z-00000001"


class Mailbox:
    """Takes mails; `refused` addresses get that answer."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.extend((to, envelope.content) for to in envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    kept = Mailbox()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept
    controller.stop()


@pytest.fixture
def college(tmp_path, port: int) -> College:
    found = found_college(
        tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        smtp_from="data@college.test", briefing_to=LISTED,
        public_url="https://data.college.test",
    )  # fmt: skip
    found.clock.now = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)
    return found


@pytest.fixture
def papers(monkeypatch) -> list[dict]:
    """What would have been set, with a paper that is quick to make and differs each time."""
    given: list[dict] = []

    def paper(document) -> bytes:
        given.append(document)
        return f"%PDF-1.7 {len(given)}".encode()

    monkeypatch.setattr(briefings, "set_briefing", paper)
    return given


def desk(college: College) -> Desk:
    return Desk(
        college.settings, college.engine, college.reader, college.audit, "job:notices",
        clock=college.clock,
    )  # fmt: skip


def rows(college: College) -> dict[str, BriefingMail]:
    with session(college.engine, read_only=True) as opened:
        return {one.address: one for one in opened.scalars(select(BriefingMail))}


def test_a_briefing_is_set_in_a_child_from_the_release_and_kept_for_its_owner_alone(
    college: College,
):
    made, content = make_briefing(desk(college))
    assert (made.month, made.bytes) == ("2026-09", len(content))
    assert content[:5] == b"%PDF-"
    (file,) = college.settings.paths.briefings.iterdir()
    assert (file.name, file.read_bytes()) == (f"{made.month}_{made.release}.pdf", content)
    assert file.stat().st_mode & 0o777 == 0o600
    with session(college.engine, read_only=True) as opened:
        (noted,) = opened.scalars(select(AuditEntry).where(AuditEntry.action == "briefing.make"))
    assert json.loads(noted.detail)["month"] == "2026-09"


def test_a_paper_holds_the_school_and_its_colleges_and_what_is_late(college: College, papers):
    make_briefing(desk(college))
    (given,) = papers
    assert {row["level"] for row in given["values"]} <= {"school", "college"}
    assert set(given["datasets"]) == {"A2-17"}
    assert given["release"]["as_of"] == "2026-08-31T16:00:00+00:00"
    assert isinstance(given["late"], list)


def test_the_job_mails_each_address_once_a_month_however_often_it_runs(
    college: College, mailbox: Mailbox, papers
):
    first = send_when_due(desk(college))
    assert (first.due, first.sent, first.failed) == (2, 2, 0)
    assert [to for to, _ in mailbox.mails] == LISTED
    mail = message_from_bytes(mailbox.mails[0][1], policy=policy.default)
    assert mail["subject"].endswith("数据简报（2026年9月）")
    assert "https://data.college.test/briefings" in mail.get_body().get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename().endswith("数据简报（2026年9月）.pdf")
    assert attached.get_content() == briefing_content(desk(college), NAME)
    assert send_when_due(desk(college)) is None
    college.clock.advance(days=2)
    write_release(college.settings, LATER)
    assert send_when_due(desk(college)) is None
    assert len(mailbox.mails) == 2
    assert len(papers) == 1


def test_who_asks_gets_the_briefing_of_a_new_release_out_but_never_the_same_again(
    college: College, mailbox: Mailbox, papers
):
    assert send_briefing(desk(college)).sent == 2
    again = send_briefing(desk(college))
    assert (again.due, again.already, again.sent) == (0, 2, 0)
    write_release(college.settings, LATER)
    assert send_briefing(desk(college)).sent == 2
    assert len(mailbox.mails) == 4


def test_nothing_goes_out_before_its_day_or_of_another_months_data(
    college: College, mailbox: Mailbox, papers
):
    college.clock.now = datetime(2026, 9, 24, 15, 59, tzinfo=UTC)  # the 24th at the college
    assert send_when_due(desk(college)) is None
    college.clock.now = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert send_when_due(desk(college)) is None
    assert mailbox.mails == [] and papers == []


def test_an_address_that_is_refused_is_tried_again_and_the_other_is_not(
    college: College, mailbox: Mailbox, papers
):
    mailbox.refused["head@college.test"] = "450 later"
    report = send_when_due(desk(college))
    assert (report.sent, report.failed) == (1, 1)
    assert rows(college)["head@college.test"].problem
    assert "college.test" not in rows(college)["head@college.test"].problem
    assert send_when_due(desk(college)) is None  # it has its patience
    mailbox.refused.clear()
    college.clock.advance(minutes=5)
    assert send_when_due(desk(college)).sent == 1
    assert sorted(to for to, _ in mailbox.mails) == sorted(LISTED)
    assert len(papers) == 1, "what was mailed to one goes to the other as it is"


def test_a_sender_that_dies_with_a_mail_in_its_hands_is_not_taken_up_by_another(
    college: College, mailbox: Mailbox, papers
):
    @contextmanager
    def dying(settings):
        with mail_server(settings) as server:
            server.send = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
            yield server

    with pytest.raises(KeyboardInterrupt):
        send_when_due(desk(college), connect=dying)
    assert send_when_due(desk(college)).sent == 1  # the address whose turn had not come
    assert [to for to, _ in mailbox.mails] == LISTED[1:]
    college.clock.advance(days=1)
    assert send_when_due(desk(college)) is None
    (one,) = briefing_list(desk(college))
    assert (one["mailed"], one["unknown"]) == (1, 1)


def test_two_senders_at_once_send_one_mail_to_each(college: College, mailbox: Mailbox, papers):
    make_briefing(desk(college))
    begin, failed = threading.Barrier(2), []

    def run() -> None:
        begin.wait()
        try:
            send_when_due(desk(college))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(to for to, _ in mailbox.mails) == sorted(LISTED)


def test_what_was_mailed_is_never_made_anew_and_what_was_not_is(
    college: College, mailbox: Mailbox, papers
):
    make_briefing(desk(college))
    second, _ = make_briefing(desk(college))
    send_briefing(desk(college))
    third, content = make_briefing(desk(college))
    assert len(papers) == 3  # the mail took the state of its moment
    assert content == b"%PDF-1.7 3"
    assert third.content_sha256 != second.content_sha256


def test_a_month_is_that_of_a_release_that_is_kept(college: College, papers):
    made, _ = make_briefing(desk(college), "2026-09")
    assert made.release == "20260901T000000Z-00000001"
    with pytest.raises(UsageError, match="2026-07"):
        make_briefing(desk(college), "2026-07")
    with pytest.raises(UsageError, match="2026-10"):
        make_briefing(desk(college), "October")


def test_a_list_that_holds_no_address_is_said_before_anything_is_made(college: College, papers):
    college.settings.briefing_to = ["leaders@college.test", "the leaders"]
    with pytest.raises(SettingsError, match="briefing_to"):
        send_briefing(desk(college))
    assert papers == []


def test_the_gateways_round_sends_it_too(college: College, mailbox: Mailbox, papers):
    send_round(desk(college))
    assert [to for to, _ in mailbox.mails] == LISTED


# -- read by leaders


def test_leaders_list_and_fetch_what_is_kept_and_others_do_not(
    college: College, mailbox: Mailbox, papers
):
    send_briefing(desk(college))
    student = college.sign_in("S001")
    for path in ("/v1/briefings", f"/v1/briefings/{NAME}/file"):
        assert college.client.get(path, headers=student).status_code == 403
        assert college.client.get(path).status_code == 401
    college.appoint(CAROL, "leader")
    leader = college.sign_in("T001")
    found = college.client.get("/v1/briefings", headers=leader).json()
    assert (found["day"], found["addresses"]) == (25, 2)
    (one,) = found["briefings"]
    assert (one["id"], one["month"], one["mailed"]) == (NAME, "2026-09", 2)
    assert "college.test" not in json.dumps(found)
    answer = college.client.get(f"/v1/briefings/{NAME}/file", headers=leader)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == b"%PDF-1.7 1"
    for wrong in ("2026-09_unknown", "x", "2026-09_..%2F..%2Fstate.db"):
        assert college.client.get(f"/v1/briefings/{wrong}/file", headers=leader).status_code == 404


def test_a_file_that_was_changed_or_removed_is_not_handed_out(college: College, papers):
    made, _ = make_briefing(desk(college))
    (file,) = college.settings.paths.briefings.iterdir()
    file.write_bytes(b"%PDF-1.7 other")
    with pytest.raises(NotFound):
        briefing_content(desk(college), NAME)
    file.unlink()
    with pytest.raises(NotFound):
        briefing_content(desk(college), NAME)
    assert briefing_list(desk(college)) == []
    assert made.month == "2026-09"


# -- commands


def run(college: College, *words: str):
    return CliRunner().invoke(
        build_app(), ["--home", str(college.settings.home), *words], catch_exceptions=False
    )


def test_the_commands_make_list_and_say_what_would_be_sent(
    college: College, papers, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("CAMPUS_BRIEFING_TO", json.dumps(LISTED))
    copy = tmp_path / "copy.pdf"
    made = json.loads(run(college, "briefing", "make", "--out", str(copy), "--json").stdout)
    assert made["month"] == "2026-09"
    assert copy.read_bytes() == b"%PDF-1.7 1" == Path(made["file"]).read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600
    (one,) = json.loads(run(college, "briefing", "list", "--json").stdout)
    assert (one["id"], one["mailed"]) == (NAME, 0)
    would = json.loads(run(college, "briefing", "send", "--dry-run", "--json").stdout)
    assert (would["due"], would["sent"]) == (2, 0)
    assert rows(college) == {}
