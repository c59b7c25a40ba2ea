"""Scans and printed papers: who may bring, sign with, fetch and print them."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from access_college import ALICE, BOB, CAROL, DAN, College, found_college
from sqlalchemy import select
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.errors import CampusError, NotFound, StateError, UsageError
from warehouse.governance.application import Actor
from warehouse.governance.applications import application_state, decide, submit
from warehouse.governance.attachments import (
    MOST_BYTES,
    find_attachment,
    read_attachment,
    store_attachment,
)
from warehouse.governance.content import read_content
from warehouse.governance.undertakings import sign_for_application, sign_for_role
from warehouse.state import session
from warehouse.state.models import ApplicationEvent, Attachment, AuditEntry, Undertaking

PDF = b"%PDF-1.7\n signed by hand"
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
UNIT = "academic_affairs_office"


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def keep(college: College, content: bytes = PDF, **changes) -> str:
    told = {"actor": "command:test", "now": college.clock.now, **changes}
    return store_attachment(college.audit, college.settings.paths, content, **told)


def apply(college: College, **changes) -> str:
    """An application that waits for the unit's head."""
    form = {
        "unit": UNIT,
        "channels": ["sql"],
        "columns": {"student_academic_data.course_grade": ["student_no", "total_score"]},
        "purpose": "management",
        "purpose_text": "分析成绩",
        "last_day": "2026-12-31",
        "users": [ALICE],
        "contact": {"name": "联络人", "phone": "0000"},
        **changes,
    }
    officer = Actor(9000, (("unit_officer", UNIT, None), ("working_group", None, None)))
    return submit(
        college.audit, read_content(form), officer, recorded_by="command:test",
        now=college.clock.now,
    )  # fmt: skip


def refusals(college: College) -> list[str]:
    with session(college.engine, read_only=True) as opened:
        rows = opened.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "access.refuse")
        ).all()
    return [json.loads(row)["action"] for row in rows]


def test_a_scan_is_kept_once_for_its_owner_alone_and_comes_back_as_it_was(college: College):
    digest = keep(college)
    file = college.settings.paths.attachments / digest
    assert digest == hashlib.sha256(PDF).hexdigest() == keep(college)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert [one.name for one in college.settings.paths.attachments.iterdir()] == [digest]
    assert read_attachment(college.settings.paths, digest) == PDF
    with session(college.engine, read_only=True) as opened:
        row = find_attachment(opened, digest)
        noted = opened.scalars(
            select(AuditEntry).where(AuditEntry.action == "attachment.store")
        ).all()
    assert (row.media_type, row.bytes, row.by) == ("application/pdf", len(PDF), "command:test")
    assert len(noted) == 1


def test_the_same_scan_sent_twice_at_once_is_kept_once_and_whole(college: College):
    content = PDF + os.urandom(3 << 20)
    with ThreadPoolExecutor(4) as pool:
        digests = set(pool.map(lambda _: keep(college, content), range(8)))
    (digest,) = digests
    assert read_attachment(college.settings.paths, digest) == content
    assert [one.name for one in college.settings.paths.attachments.iterdir()] == [digest]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"<html>",
        b"GIF89a",
        b"PK\x03\x04",
        b" %PDF-1.7",
        b"\x89PNG",
        b"\xff\xd8",
    ],
)
def test_what_is_no_scan_by_its_first_bytes_is_refused(college: College, content):
    with pytest.raises(UsageError, match="PDF, PNG and JPEG"):
        keep(college, content)
    assert list(college.settings.paths.attachments.iterdir()) == []


def test_a_scan_that_is_too_large_or_declared_as_another_is_refused(college: College):
    with pytest.raises(UsageError, match="20 MB"):
        keep(college, PDF + bytes(MOST_BYTES))
    with pytest.raises(UsageError, match="not what was declared"):
        keep(college, PNG, media_type="image/jpeg")


def test_a_scan_that_was_changed_on_disk_is_not_handed_out(college: College):
    digest = keep(college)
    file = college.settings.paths.attachments / digest
    file.chmod(0o600)
    file.write_bytes(PDF + b"!")
    with pytest.raises(StateError, match="changed"):
        read_attachment(college.settings.paths, digest)
    file.unlink()
    with pytest.raises(StateError):
        read_attachment(college.settings.paths, digest)


@pytest.mark.parametrize("digest", ["../state.db", "0" * 64, "", "A" * 64])
def test_only_a_digest_that_is_known_names_a_scan(college: College, digest):
    with session(college.engine, read_only=True) as opened, pytest.raises(NotFound):
        find_attachment(opened, digest)


def test_a_signature_on_paper_needs_a_scan_that_is_there(college: College):
    made = apply(college)
    with session(college.engine, read_only=True) as opened:
        state = application_state(opened, made)
    head = Actor(9001, (("unit_head", UNIT, None),))
    signed = {
        "stage": "unit_head", "content_sha256": state.content_sha256, "recorded_by": "command:test",
        "channel": "paper", "now": college.clock.now,
    }  # fmt: skip
    with pytest.raises(UsageError, match="needs its scan"):
        decide(college.audit, made, head, "approve", **signed)
    with pytest.raises(NotFound):
        decide(college.audit, made, head, "approve", attachment="0" * 64, **signed)
    with pytest.raises(UsageError, match="needs its scan"):
        sign_for_role(
            college.audit, CAROL, "unit_officer", unit=UNIT, text="x", actor="c", channel="paper"
        )
    digest = keep(college)
    assert decide(college.audit, made, head, "approve", attachment=digest, **signed).recorded
    with session(college.engine, read_only=True) as opened:
        kept = opened.get(ApplicationEvent, (made, 2))
    assert (kept.channel, kept.attachment) == ("paper", digest)


def test_a_vendor_signs_on_paper_and_only_with_its_scan(college: College):
    made = apply(college, vendor={"name": "某公司", "contact": {"name": "甲", "phone": "0371"}})
    with session(college.engine, read_only=True) as opened:
        state = application_state(opened, made)
    told = {"signer_key": None, "text": "承诺书", "actor": "command:test"}
    with pytest.raises(UsageError, match="signs on paper"):
        sign_for_application(college.audit, made, state, "vendor", **told)
    digest = keep(college)
    assert sign_for_application(
        college.audit, made, state, "vendor", channel="paper", attachment=digest, **told
    )


def upload(college: College, header, content=PDF, media_type="application/pdf"):
    return college.client.post(
        "/v1/attachments", content=content, headers={**header, "content-type": media_type}
    )


def test_an_officer_uploads_a_scan_and_others_may_not(college: College):
    college.appoint(CAROL, "unit_officer", UNIT)
    officer, student = college.sign_in("T001"), college.sign_in("S001")
    answer = upload(college, officer)
    assert answer.status_code == 200
    assert answer.json()["attachment"] == hashlib.sha256(PDF).hexdigest()
    assert upload(college, student).status_code == 403
    assert upload(college, officer, media_type="text/html").status_code == 400
    assert upload(college, officer, PNG).status_code == 400
    assert upload(college, officer, PDF + bytes(MOST_BYTES)).status_code == 400
    assert upload(college, {}).status_code == 401
    with session(college.engine, read_only=True) as opened:
        assert len(opened.scalars(select(Attachment)).all()) == 1


def test_a_scan_leaves_only_for_those_who_act_on_what_it_stands_with(college: College):
    made, digest = apply(college), keep(college)
    with session(college.engine, read_only=True) as opened:
        state = application_state(opened, made)
    decide(
        college.audit, made, Actor(9001, (("unit_head", UNIT, None),)), "approve",
        stage="unit_head", content_sha256=state.content_sha256, recorded_by="command:test",
        channel="paper", attachment=digest, now=college.clock.now,
    )  # fmt: skip
    college.appoint(CAROL, "supervising_leader", UNIT)
    college.appoint(DAN, "supervising_leader", "hr_office")
    college.appoint(BOB, "auditor")
    path = f"/v1/attachments/{digest}"
    for number in ("T001", "S002"):
        answer = college.client.get(path, headers=college.sign_in(number))
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
    # The named user of the data and another unit's leader have no business with the scan.
    for number in ("S001", "T003"):
        assert college.client.get(path, headers=college.sign_in(number)).status_code == 404
    assert college.client.get(path).status_code == 401
    assert refusals(college) == ["attachment.read", "attachment.read"]


def test_an_application_is_printed_for_who_may_read_it(college: College):
    made = apply(college)
    path = f"/v1/applications/{made}/paper.pdf"
    college.appoint(CAROL, "unit_head", UNIT)
    college.appoint(DAN, "unit_head", "hr_office")
    for number in ("S001", "T001"):
        answer = college.client.get(path, headers=college.sign_in(number))
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(b"%PDF-")
        assert f'filename="{made}.pdf"' in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
    for number in ("S002", "T003"):
        assert college.client.get(path, headers=college.sign_in(number)).status_code == 404
    unknown = college.client.get(
        "/v1/applications/SQ0-0/paper.pdf", headers=college.sign_in("S002")
    )
    assert unknown.status_code == 404
    assert refusals(college) == ["application.print"] * 3


def test_a_request_of_a_court_is_not_shown_to_the_units_own_people(college: College):
    made = apply(
        college, kind="legal_case", purpose="legal_case",
        legal={"authority": "某法院", "case_number": "1"},
    )  # fmt: skip
    path = f"/v1/applications/{made}/paper.pdf"
    college.appoint(CAROL, "unit_head", UNIT)
    college.appoint(DAN, "leading_group")
    assert college.client.get(path, headers=college.sign_in("T001")).status_code == 404
    assert college.client.get(path, headers=college.sign_in("S001")).status_code == 404
    assert college.client.get(path, headers=college.sign_in("T003")).status_code == 200


def test_an_undertaking_is_printed_with_the_identity_number_on_ones_own_print_alone(
    college: College, monkeypatch
):
    from warehouse.access import undertaking_paper

    printed = []
    monkeypatch.setattr(
        undertaking_paper, "typeset", lambda name, data, now: printed.append(data) or b"%PDF-"
    )
    college.appoint(CAROL, "unit_officer", UNIT)
    college.appoint(DAN, "working_group")
    with session(college.engine, read_only=True) as opened:
        (number,) = opened.scalars(select(Undertaking.id).where(Undertaking.person_key == CAROL))
    path = f"/v1/undertakings/{number}/paper.pdf"
    for who in ("T001", "T003"):
        assert college.client.get(path, headers=college.sign_in(who)).status_code == 200
    assert college.client.get(path, headers=college.sign_in("S001")).status_code == 404
    assert [one["id_card"] for one in printed] == ["ID-CAROL", ""]
    assert [one["signer"] for one in printed] == ["卡罗尔", "卡罗尔"]
    assert college.client.get("/v1/undertakings/x/paper.pdf").status_code == 404


def campus(college: College, *arguments: str):
    return CliRunner().invoke(build_app(), ["--home", str(college.settings.paths.root), *arguments])


def test_paper_signatures_and_prints_by_command(college: College, tmp_path):
    made = apply(college)
    college.appoint(CAROL, "unit_head", UNIT)
    scan = tmp_path / "scan.png"
    scan.write_bytes(PNG)
    told = campus(
        college, "application", "sign", made, "--by", "T001", "--decision", "return",
        "--reason", "再想想", "--paper", str(scan),
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    with session(college.engine, read_only=True) as opened:
        last = opened.get(ApplicationEvent, (made, 2))
    assert (last.channel, last.attachment) == ("paper", hashlib.sha256(PNG).hexdigest())
    for arguments in (
        ["application", "print", made],
        ["application", "print", "--blank"],
        ["undertaking", "print", "--blank"],
        ["undertaking", "print", "--application", made, "--party", "unit"],
    ):
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.pdf"
        assert campus(college, *arguments, "--out", str(out)).exit_code == 0
        assert out.read_bytes().startswith(b"%PDF-")
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        again = campus(college, *arguments, "--out", str(out))
        assert isinstance(again.exception, UsageError)


@pytest.mark.parametrize(
    "arguments",
    [
        ["application", "print"],
        ["application", "print", "SQ1", "--blank"],
        ["undertaking", "print"],
        ["undertaking", "print", "1", "--blank"],
        ["undertaking", "print", "99"],
        ["undertaking", "sign", "--role", "analyst"],
        ["undertaking", "sign", "T001", "--application", "SQ1", "--party", "vendor"],
    ],
)
def test_a_print_or_signature_that_names_too_little_or_too_much_says_so(
    college: College, tmp_path, arguments
):
    out = ["--out", str(tmp_path / "x.pdf")] if "print" in arguments else []
    told = campus(college, *arguments, *out)
    assert isinstance(told.exception, CampusError)
    assert not (tmp_path / "x.pdf").exists()
