"""Take it with me: all that the pages show, encrypted, for its person alone, and not for long."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile

import pytest
import pyzipper
from access_college import College, found_college
from archive_scene import ask, fetch, opened, ready, rows_of
from sqlalchemy import select

from warehouse.access import archives as module
from warehouse.access.archives import sweep_archives
from warehouse.access.policy import MY_PAGES
from warehouse.state import session
from warehouse.state.archives import PersonalArchive
from warehouse.state.models import AuditEntry


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


@pytest.mark.parametrize("number", ["S001", "T001", "S003"])
def test_the_archive_holds_what_the_pages_show_table_by_table(college: College, number: str):
    header = college.sign_in(number)
    archive, password = ask(college, header)
    told = ready(college, header)
    assert told["steps_done"] == told["steps"]
    outer, inner = opened(fetch(college, header, archive).content, password)
    document = json.loads(inner["data.json"])
    seen = set()
    for page in MY_PAGES:
        answer = college.client.get(f"/v1/my/{page}", headers=header)
        if answer.status_code == 403:
            continue
        for name, table in answer.json()["tables"].items():
            seen.add(name)
            held = document["tables"][name]["rows"]
            assert len(held) >= table["total"] >= len(table["rows"])
            for row in table["rows"]:
                plain = {key: _text(value) for key, value in row.items()}
                assert plain in [{k: _text(v) for k, v in one.items()} for one in held], name
            assert len(rows_of(inner[f"csv/{name}.csv"])) == len(held)
            assert f"csv/{name}.csv" in inner["README.txt"].decode("utf-8-sig")
    assert seen == set(document["tables"]) and len(seen) >= 5
    paper = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=outer["my-data.pdf"], capture_output=True,
        check=True,
    ).stdout.decode()  # fmt: skip
    name = {"S001": "艾丽斯", "T001": "卡罗尔", "S003": "丹"}[number]
    assert name in re.sub(r"\s", "", paper)
    others = {"ALICE", "BOB", "CAROL", "DAN"} - {
        {"S001": "ALICE", "T001": "CAROL", "S003": "DAN"}[number]
    }
    whole = b"".join([*inner.values(), paper.encode()]).decode(errors="replace")
    assert not [other for other in others if other in whole]


def _text(value: object) -> object:
    """As pages and archive write it alike: the one has 4.5, the other the cents of 4.50."""
    if value is None:
        return None
    text = str(value).replace(" ", "T")
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", text) else text


def test_uses_are_in_it(college: College):
    header = college.sign_in("S001")
    college.client.get("/v1/my/study", headers=header)
    archive, password = ask(college, header)
    ready(college, header)
    _, inner = opened(fetch(college, header, archive).content, password)
    assert "my_study" in {row["about"] for row in rows_of(inner["csv/uses.csv"])}


def test_without_the_password_nothing_opens_and_names_tell_nothing(college: College):
    header = college.sign_in("S001")
    archive, password = ask(college, header)
    ready(college, header)
    content = fetch(college, header, archive).content
    for tried in (None, b"wrong", password.upper().encode()):
        with pyzipper.AESZipFile(io.BytesIO(content)) as whole, pytest.raises(RuntimeError):
            whole.read("my-data.pdf", pwd=tried)
    with zipfile.ZipFile(io.BytesIO(content)) as plain:
        assert plain.namelist() == ["README.txt", "my-data.pdf", "machine-readable.zip"]
        assert all(entry.flag_bits & 1 for entry in plain.infolist())
    for file in college.settings.paths.root.rglob("*"):
        if file.is_file():
            assert password.encode() not in file.read_bytes(), file
    assert b"ALICE" not in content
    (kept,) = college.settings.paths.personal_archives.iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_nobody_else_fetches_it_and_the_address_alone_does_not_either(college: College):
    header = college.sign_in("S001")
    archive, _ = ask(college, header)
    ready(college, header)
    assert fetch(college, college.sign_in("S002"), archive).status_code == 404
    assert college.client.get(f"/v1/archives/{archive}/file").status_code == 401
    assert college.client.get("/v1/archives", headers=college.sign_in("S002")).json() == {
        "archive": None, "left_today": 3, "per_day": 3, "hours": 48,
    }  # fmt: skip
    assert fetch(college, header, archive).headers["cache-control"] == "no-store"
    college.client.delete("/v1/session", headers=header)
    assert fetch(college, header, archive).status_code == 401


def test_it_expires_and_the_file_goes(college: College):
    header = college.sign_in("S001")
    archive, _ = ask(college, header)
    ready(college, header)
    college.clock.advance(hours=47)
    assert fetch(college, college.sign_in("S001"), archive).status_code == 200
    college.clock.advance(hours=1)
    header = college.sign_in("S001")
    assert fetch(college, header, archive).status_code == 404
    assert (
        college.client.get("/v1/archives", headers=header).json()["archive"]["state"] == "expired"
    )
    folder = college.settings.paths.personal_archives
    (folder / ".left.part").write_bytes(b"half")
    assert sweep_archives(college.engine, college.settings.paths, college.clock.now) == 2
    assert list(folder.iterdir()) == []


def test_a_new_one_takes_the_place_of_the_old_and_a_day_has_three(college: College):
    header = college.sign_in("S001")
    first, _ = ask(college, header)
    ready(college, header)
    for left in (2, 1):
        assert college.client.get("/v1/archives", headers=header).json()["left_today"] == left
        last, _ = ask(college, header)
        ready(college, header)
        assert fetch(college, header, first).status_code == 404
    assert college.client.post("/v1/archives", headers=header).status_code == 429
    assert fetch(college, header, last).status_code == 200
    college.clock.advance(hours=25)
    ask(college, college.sign_in("S001"))


def test_one_at_a_time(college: College, monkeypatch):
    monkeypatch.setattr(module.Archives, "_prepare", lambda *_: None)
    header = college.sign_in("S001")
    ask(college, header)
    assert college.client.post("/v1/archives", headers=header).status_code == 409


def test_a_killed_gateway_leaves_it_interrupted_and_it_can_be_asked_for_anew(
    college: College, monkeypatch
):
    header = college.sign_in("S001")
    with monkeypatch.context() as patched:
        patched.setattr(module.Archives, "_prepare", lambda *_: None)  # dies in the middle
        archive, _ = ask(college, header)
    folder = college.settings.paths.personal_archives
    (folder / f".{archive}.part").write_bytes(b"half")
    with college.client:  # the gateway begins anew
        college.clock.advance(seconds=1)
    assert list(folder.iterdir()) == []
    with session(college.engine, read_only=True) as read:
        assert read.get(PersonalArchive, archive).state == "interrupted"


def test_what_cannot_be_prepared_says_so_and_counts_for_nothing(
    college: College, monkeypatch, caplog
):
    def fail(*_args, **_more):
        raise ValueError("GRADE-ALICE is a value")

    header = college.sign_in("S001")
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_archive", fail)
        ask(college, header)
        ready(college, header, "failed")
    assert "ValueError" in caplog.text and "GRADE-ALICE" not in caplog.text
    assert college.client.get("/v1/archives", headers=header).json()["left_today"] == 3


def test_preparing_and_taking_are_in_the_log_without_values(college: College):
    header = college.sign_in("S001")
    archive, _ = ask(college, header)
    ready(college, header)
    fetch(college, header, archive)
    with session(college.engine, read_only=True) as read:
        noted = [e for e in read.scalars(select(AuditEntry)) if e.action.startswith("archive.")]
    assert [(entry.action, entry.phase) for entry in noted] == [
        ("archive.ask", "event"),
        ("archive.prepare", "intent"), ("archive.prepare", "outcome"),
        ("archive.take", "intent"), ("archive.take", "outcome"),
    ]  # fmt: skip
    assert {entry.subject for entry in noted} == {"person:1001"}
    assert not any("GRADE" in entry.detail or "ID-ALICE" in entry.detail for entry in noted)
