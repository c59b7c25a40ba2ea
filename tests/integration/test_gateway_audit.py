"""Nothing governed is served unless it is in the log, before and after, without values."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from access_college import ALICE, CAROL, College, found_college, write_release
from sqlalchemy import text


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    college.appoint(CAROL, "leader")
    return college


def entries(college: College, action: str = "%"):
    with college.engine.connect() as connection:
        return connection.execute(
            text(
                "select seq, actor, action, phase, intent_seq, subject, detail from audit "
                "where action like :action order by seq"
            ),
            {"action": action},
        ).all()


READS = [
    ("S001", "/v1/my/overview", "personal.read", f"person:{ALICE}"),
    ("S001", "/v1/my/study", "personal.read", f"person:{ALICE}"),
    ("S001", "/v1/my/life", "personal.read", f"person:{ALICE}"),
    ("S001", "/v1/my/basics", "personal.read", f"person:{ALICE}"),
    ("S001", "/v1/my/uses", "personal.read", f"person:{ALICE}"),
    ("T001", "/v1/my/work", "personal.read", f"person:{CAROL}"),
    ("T001", "/v1/statistics", "statistics.read", None),
    ("T001", "/v1/statistics?indicator=students_enrolled&level=college", "statistics.read", None),
    ("T001", "/v1/statistics/receipt?indicator=students_enrolled", "statistics.read", None),
    ("T001", "/v1/statistics/late", "statistics.read", None),
]


@pytest.mark.parametrize(("number", "path", "action", "subject"), READS)
def test_each_read_leaves_an_intent_and_its_outcome(college, number, path, action, subject):
    header = college.sign_in(number)
    before = len(entries(college))
    assert college.client.get(path, headers=header).status_code == 200
    intent, outcome = entries(college)[before:]
    assert (intent.phase, outcome.phase) == ("intent", "outcome")
    assert outcome.intent_seq == intent.seq
    assert intent.action == outcome.action == action
    assert intent.subject == outcome.subject == subject
    assert json.loads(outcome.detail)["result"] == "served"


def test_log_and_state_hold_no_value_of_a_person(college: College):
    header = college.sign_in("S001")
    for page in ("overview", "study", "life", "basics", "uses"):
        college.client.get(f"/v1/my/{page}", headers=header)
    college.client.get("/v1/my/overview?student_no=S001", headers=header)
    college.client.post("/v1/session", json={"id_token": college.token("TWICE")})
    text = " ".join(entry.detail for entry in entries(college))
    for value in ("ID-ALICE", "艾丽斯", "GRADE-ALICE", "S001", "TWICE", "91.25", "2006-01-02"):
        assert value not in text
    head = (college.settings.paths.logs / "audit-head.jsonl").read_text()
    assert "S001" not in head


def break_by_dropping(college: College) -> None:
    with college.engine.begin() as connection:
        connection.execute(text("drop table audit"))


def break_by_filling(college: College) -> None:
    from sqlalchemy import event

    @event.listens_for(college.engine, "before_cursor_execute")
    def refuse(_c, _cursor, statement, *_):
        if statement.upper().startswith(("INSERT", "UPDATE")):
            raise OSError(28, "No space left on device")


def break_by_locking_the_head(college: College) -> None:
    head = college.settings.paths.logs / "audit-head.jsonl"
    head.unlink(missing_ok=True)
    head.mkdir()


BREAKS = [break_by_dropping, break_by_filling, break_by_locking_the_head]


@pytest.mark.parametrize("broken", BREAKS)
def test_without_the_log_only_public_statistics_and_health_are_served(college, broken, caplog):
    leader, student = college.sign_in("T001"), college.sign_in("S001")
    broken(college)
    governed = [(student, "/v1/my/overview"), (student, "/v1/my/uses"), (leader, "/v1/statistics")]
    for header, path in governed:
        answer = college.client.get(path, headers=header)
        assert answer.status_code == 503, path
        assert answer.json()["error"] == "audit_unavailable"
        assert "ALICE" not in answer.text
    assert "while answering /v1/my/uses" in caplog.text, "the gateway's log says where it broke"
    token = college.token("S002")
    assert college.client.post("/v1/session", json={"id_token": token}).status_code == 503
    assert college.client.get("/v1/public/statistics").status_code == 200
    assert college.client.get("/v1/public/release").status_code == 200
    assert college.client.get("/healthz").status_code == 200


def test_outcome_that_cannot_be_written_withholds_the_answer(college: College, monkeypatch):
    from warehouse.audit import Audit
    from warehouse.errors import AuditUnavailable

    header = college.sign_in("S001")

    def fail(*_args, **_more):
        raise AuditUnavailable("full")

    monkeypatch.setattr(Audit, "outcome", fail)
    answer = college.client.get("/v1/my/basics", headers=header)
    assert answer.status_code == 503 and "ID-ALICE" not in answer.text


def test_failed_read_is_noted_as_failed_and_tells_nothing(college: College):
    header = college.sign_in("S001")
    write_release(
        college.settings,
        "20260902T000000Z-00000002",
        personal="alter table course_grade rename total_score to x; drop table item; "
        "create table item(code integer); alter table course_grade drop term_code;",
    )
    answer = college.client.get("/v1/my/study", headers=header)
    assert answer.status_code == 500
    assert answer.json()["error"] == "internal" and "course_grade" not in answer.text
    last = entries(college)[-1]
    assert last.phase == "outcome" and json.loads(last.detail)["result"] == "failed"


def test_without_a_release_the_gateway_says_so(college: College):
    header = college.sign_in("S001")
    college.settings.paths.current_release.unlink()
    for path in ("/v1/my/overview", "/v1/public/statistics", "/v1/me"):
        assert college.client.get(path, headers=header).status_code == 503
    assert college.client.get("/healthz").status_code == 200


def test_refused_sign_in_is_noted_with_its_reason_alone(college: College):
    college.client.post("/v1/session", json={"id_token": college.token("TWICE")})
    (refused,) = entries(college, "session.refuse")
    assert refused.actor == "anonymous" and "several people" in refused.detail


def test_forbidden_page_is_noted(college: College):
    college.client.get("/v1/my/study", headers=college.sign_in("T001"))
    (refused,) = entries(college, "access.refuse")
    assert refused.actor == f"person:{CAROL}"
    assert json.loads(refused.detail) == {"action": "my.study", "route": "/v1/my/{page}"}


def test_statistics_of_named_indicator_and_level(college: College):
    header = college.sign_in("T001")
    path = "/v1/statistics?indicator=students_enrolled&level=college"
    document = college.client.get(path, headers=header).json()
    assert [row["unit"] for row in document["values"]] == ["03"]
    assert [row["id"] for row in document["indicators"]] == ["students_enrolled"]
    for wrong, status in [
        ("level=faculty", 400),
        ("indicator=nothing", 404),
        ("indicator=' or 1=1", 404),
        ("level=school&level=college", 400),
    ]:
        answer = college.client.get(f"/v1/statistics?{wrong}", headers=header)
        assert answer.status_code == status, wrong


def test_receipt_shows_what_stands_behind_a_figure(college: College):
    path = "/v1/statistics/receipt?indicator=students_enrolled"
    receipt = college.client.get(path, headers=college.sign_in("T001")).json()
    assert receipt["owners"] == ["学生处"]
    assert receipt["sql"].startswith("select count(*)")
    assert [batch["id"] for batch in receipt["batches"]] == ["b1"]
    assert receipt["checks"]["failing"][0]["name"] == "t1"


def test_no_documentation_pages(college: College):
    for path in ("/docs", "/openapi.json", "/redoc", "/"):
        assert college.client.get(path).status_code == 404


def test_log_of_the_process_quotes_no_data(college: College, caplog):
    header = college.sign_in("S001")
    write_release(
        college.settings,
        "20260902T000000Z-00000002",
        personal="create or replace table term_summary(person_key bigint, x varchar);"
        "insert into term_summary values (1001, 'VALUE'), (1001, 'VALUE');",
    )
    assert college.client.get("/v1/my/study", headers=header).status_code == 500
    assert re.search(r"ERROR .* \w+(Error|Exception) at \S+\.py:\d+ while answering", caplog.text)
    assert "VALUE" not in caplog.text and "term_code" not in caplog.text
    assert Path(__file__).name not in caplog.text
