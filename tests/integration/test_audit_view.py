"""The log as auditors read it: over the gateway and by command, paged, and itself noted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from access_college import ALICE, BOB, CAROL, College, found_college
from typer.testing import CliRunner

from warehouse.audit import head_file
from warehouse.cli.main import build_app

GRADES = "student_academic_data.course_grade"


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    college.appoint(CAROL, "auditor")
    return college


def read(college: College, header: dict[str, str], query: str = "", status: int = 200) -> dict:
    answer = college.client.get(f"/v1/audit{query}", headers=header)
    assert answer.status_code == status, answer.text
    return answer.json()


def campus(college: College, *arguments: str, code: int = 0) -> list[dict]:
    words = ["--home", str(college.settings.paths.root), "audit", "list", *arguments, "--json"]
    ended = CliRunner().invoke(build_app(), words)
    assert getattr(ended.exception, "exit_code", ended.exit_code) == code, ended.output
    return json.loads(ended.stdout) if code == 0 else []


def test_log_is_open_to_auditors_alone(college: College):
    for number, role in (("S001", "working_group"), ("S002", "leading_group"), ("T003", "leader")):
        header = college.sign_in(number)
        college.appoint({"S001": ALICE, "S002": BOB, "T003": 3001}[number], role)
        assert read(college, header, status=403)["error"] == "forbidden"
    assert college.client.get("/v1/audit").status_code == 401
    assert read(college, college.sign_in("T001"))["entries"]


def test_each_entry_comes_with_how_it_ended_and_without_values(college: College):
    student = college.sign_in("S001")
    college.client.get("/v1/my/study", headers=student)
    document = read(college, college.sign_in("T001"), "?action=personal.read")
    (entry,) = document["entries"]
    assert entry["actor"] == entry["subject"] == f"person:{ALICE}"
    assert (entry["phase"], entry["detail"]["page"]) == ("intent", "my_study")
    assert entry["outcome"]["result"] == "served"
    assert document["next"] is None
    assert "GRADE-ALICE" not in json.dumps(document) and "hash" not in entry


def test_reading_the_log_is_in_the_log_with_what_was_asked(college: College):
    header = college.sign_in("T001")
    read(college, header, "?action=session&since=2026-01-01T00:00:00Z")
    (entry,) = read(college, header, "?action=audit.read&limit=2")["entries"][1:]
    assert entry["actor"] == f"person:{CAROL}"
    assert entry["detail"] == {
        "purpose": "audit",
        "action": "session",
        "since": "2026-01-01T00:00:00+00:00",
    }
    named = entry["outcome"].pop("people")
    assert entry["outcome"] == {"result": "served", "rows": 1}
    assert named["count"] == 1, "whose entry it was is noted by number and hash"


def test_filters_narrow(college: College):
    student, header = college.sign_in("S001"), college.sign_in("T001")
    college.client.get("/v1/my/life", headers=student)
    college.clock.advance(minutes=20)
    college.client.get("/v1/my/overview", headers=student)
    since = (college.clock.now - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    pages = [
        [e["detail"]["page"] for e in read(college, header, f"?action=personal&{query}")["entries"]]
        for query in (f"since={since}", f"until={since}", "actor_kind=person", "actor_kind=command")
    ]
    assert pages == [["my_overview"], ["my_life"], ["my_overview", "my_life"], []]
    found = read(college, header, "?actor_kind=command")["entries"]
    assert {entry["actor"] for entry in found} == {"command:test"}
    assert read(college, header, "?action=person")["entries"] == [], "whole words only"


def test_entries_under_a_grant(college: College):
    college.appoint(ALICE, "analyst")
    grants = [college.grant(columns={GRADES: ["course_code"]}) for _ in range(2)]
    student = college.sign_in("S001")
    body = {"grant": grants[0], "sql": f"select count(*) from {GRADES}"}
    assert college.client.post("/v1/sql", json=body, headers=student).status_code == 200
    found = read(college, college.sign_in("T001"), f"?grant={grants[0]}")["entries"]
    assert [entry["action"] for entry in found] == [
        "audit.read",
        "grant.build",
        "sql.run",
        "grant.create",
    ]
    assert found[2]["outcome"]["rows"] == 1 and found[2]["subject"] == f"grant:{grants[0]}"


def test_pages_neither_skip_nor_repeat_while_others_write(college: College):
    for number in range(25):
        college.audit.event(f"person:{number}", "test.write", detail={"n": number})
    header, seen, query = college.sign_in("T001"), [], "?action=test&limit=10"
    before = ""
    for _ in range(3):
        document = read(college, header, query + before)
        seen += [entry["detail"]["n"] for entry in document["entries"]]
        college.audit.event("job:test", "test.write", detail={"n": "later"})
        before = f"&before={document['next']}"
    assert seen == list(range(24, -1, -1)) and document["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        "?since=yesterday",
        "?since=2026-01-01",
        "?actor_kind=staff",
        "?limit=0",
        "?limit=x",
        "?before=-1",
        "?before=99999999999999999999",
        "?action=' or 1=1",
        "?action=%25",
        "?grant=g%22",
        "?action=a&action=b",
        "?person=1001",
        "?subject=S001",
    ],
)
def test_what_is_no_filter_is_refused(college: College, query: str):
    read(college, college.sign_in("T001"), query, status=400)


def test_wildcards_mean_themselves(college: College):
    college.audit.event("job:test", "aXb.do", detail={"grant": "gX1"})
    header = college.sign_in("T001")
    assert read(college, header, "?action=a_b")["entries"] == []
    assert [e["action"] for e in read(college, header, "?grant=g_1")["entries"]] == ["audit.read"]


def test_command_filters_by_number_kind_and_time(college: College):
    for number in ("S001", "S002"):
        college.client.get("/v1/my/study", headers=college.sign_in(number))
    mine = campus(college, "--actor", "S001", "--action", "personal.read")
    assert [entry["actor"] for entry in mine] == [f"person:{ALICE}"]
    about = campus(college, "--subject", "S002")
    assert {entry["subject"] for entry in about} == {f"person:{BOB}"}
    assert {e["actor"] for e in campus(college, "--actor", "command:test")} == {"command:test"}
    assert len(campus(college, "--actor", "person", "--action", "session")) == 2
    assert campus(college, "--until", "2026-09-01") == []
    assert campus(college, "--since", "2026-09-10", "--action", "personal")
    assert campus(college, "--actor", "NOBODY", code=2) == []
    newest, *_ = campus(college, "--action", "personal.read", "--limit", "1")
    (older,) = campus(college, "--action", "personal.read", "--before", str(newest["seq"]))
    assert (newest["actor"], older["actor"]) == (f"person:{BOB}", f"person:{ALICE}")
    assert len(campus(college, "--action", "audit.read")) >= 8


def test_gateway_notes_its_configuration_as_it_starts(college: College):
    with college.client:
        assert college.client.get("/healthz").status_code == 200
    (entry,) = campus(college, "--action", "configuration.change")
    assert (entry["actor"], entry["detail"]["changed"][0]) == ("job:gateway", "archive_hours")


def test_gateway_starts_without_the_log_and_says_so(college: College, caplog):
    head = head_file(college.settings.paths)
    head.unlink()
    head.mkdir()
    with college.client:
        assert college.client.get("/v1/public/statistics").status_code == 200
    assert "audit log cannot be written" in caplog.text
