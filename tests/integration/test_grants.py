"""Grants from the word to the file, over the gateway and the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars
import pytest
from access_college import ALICE, BOB, RELEASE, College, found_college, write_release
from sqlalchemy import text
from state_servers import without_triggers
from typer.testing import CliRunner

from warehouse.access.application_desk import check_content
from warehouse.access.grant_files import rebuild, sweep
from warehouse.cli.main import build_app
from warehouse.engine import open_work
from warehouse.errors import CampusError, ReleaseError, UsageError
from warehouse.governance.content import read_content
from warehouse.governance.exclusions import disable
from warehouse.governance.grants import revoke_grant

GRADES = "student_academic_data.course_grade"
NAMES = ["student_no", "course_code", "total_score"]


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    college.appoint(ALICE, "analyst")
    return college


ONE_COLLEGE = {"columns": {"college_code": ["03"]}}


def make(college: College, **changes) -> str:
    return college.grant(**{"rows": ONE_COLLEGE, **changes})


def check(reader, columns, row_filter=None, unit: str = "academic_affairs_office") -> None:
    form = {"unit": unit, "columns": columns, "rows": {"columns": row_filter or {}}}
    check_content(reader, read_content(form), ALICE)


def ask(college: College, header, grant: str, sql: str = f"select count(*) from {GRADES}"):
    return college.client.post("/v1/sql", json={"grant": grant, "sql": sql}, headers=header)


def test_query_over_a_live_grant_answers_typed_rows(college: College):
    grant, header = make(college), college.sign_in("S001")
    answer = ask(college, header, grant, f"select total_score, 1 x from {GRADES} limit 1")
    document = answer.json()
    assert answer.status_code == 200, answer.text
    assert document["columns"][0] == {"name": "total_score", "type": "DECIMAL(5,2)"}
    assert (document["row_count"], document["truncated"]) == (1, False)
    assert document["release"]["id"] == RELEASE


def test_grant_file_holds_granted_columns_and_rows_only(college: College):
    grant, header = make(college), college.sign_in("S001")
    ask(college, header, grant)
    path = college.settings.paths.grants / grant / f"{RELEASE}.duckdb"
    assert path.stat().st_mode & 0o777 == 0o400
    content = path.read_bytes()
    for forbidden in (b"SECRET-ID", b"SECRET-STAFF", b"id_card_no", b"staff_basic"):
        assert forbidden not in content
    connection = open_work(path, read_only=True)
    assert connection.execute(f"select count(*) from {GRADES}").fetchone() == (500,)
    connection.close()


def test_person_key_becomes_a_pseudonym_of_each_grant(college: College):
    columns = {GRADES: ["person_key", "student_no"]}
    header, seen = college.sign_in("S001"), []
    sql = f"select distinct person_key from {GRADES} order by 1"
    for grant in (make(college, columns=columns), make(college, columns=columns)):
        seen.append([row[0] for row in ask(college, header, grant, sql).json()["rows"]])
        write_release(college.settings, f"20260903T00000{len(seen)}Z-00000003")
        again = [row[0] for row in ask(college, header, grant, sql).json()["rows"]]
        assert again == seen[-1], "the next release knows a person by the same pseudonym"
    assert len(seen[0]) == len(seen[1]) == 5, "as many as there are people"
    assert not set(seen[0]) & set(seen[1])
    assert not set(seen[0] + seen[1]) & set(range(900, 1100)), "the key itself stays inside"


def test_grants_list_describes_what_was_granted(college: College):
    grant, header = make(college), college.sign_in("S001")
    (listed,) = college.client.get("/v1/grants", headers=header).json()["grants"]
    assert listed["id"] == grant and listed["unit_name"] == "教务处"
    columns = {column["name"]: column for column in listed["tables"][0]["columns"]}
    assert set(columns) == set(NAMES)
    assert columns["student_no"]["title"] == "学号"
    assert columns["total_score"]["type"] == "DECIMAL(5,2)"


def test_grant_of_another_is_not_even_there(college: College):
    grant = make(college)
    college.appoint(BOB, "analyst")
    header = college.sign_in("S002")
    assert ask(college, header, grant).status_code == 404
    assert ask(college, header, "g-none").status_code == 404
    assert ask(college, header, grant).json() == ask(college, header, "g-none").json()
    assert college.client.get("/v1/grants", headers=header).json()["grants"] == []


def test_listed_person_without_the_role_is_refused(college: College):
    grant = make(college, users=[ALICE, BOB])
    assert ask(college, college.sign_in("S002"), grant).status_code == 403
    assert college.client.get("/v1/grants", headers=college.sign_in("S002")).status_code == 403


@pytest.mark.parametrize("end", ["revoke", "expire", "disable", "role"])
def test_what_ends_a_grant_ends_the_next_query(college: College, end: str):
    from warehouse.governance.appointments import end_appointment

    grant, header = make(college), college.sign_in("S001")
    assert ask(college, header, grant).status_code == 200
    now = college.clock.now
    if end == "revoke":
        revoke_grant(college.audit, grant, actor="command:test", reason="x", now=now)
    elif end == "expire":
        college.clock.advance(days=31)
        header = college.sign_in("S001")
    elif end == "disable":
        disable(college.audit, ALICE, actor="command:test", reason="x", now=now)
    else:
        end_appointment(college.audit, ALICE, "analyst", actor="command:test", now=now)
    assert ask(college, header, grant).status_code in {401, 403}


def test_grant_revoked_while_a_query_runs_withholds_its_answer(college: College, monkeypatch):
    import warehouse.access.granted_sql as granted_sql

    grant, header = make(college), college.sign_in("S001")
    run = granted_sql.run_confined

    def revoking(*arguments, **options):
        result = run(*arguments, **options)
        revoke_grant(college.audit, grant, actor="command:test", reason="x", now=college.clock.now)
        return result

    monkeypatch.setattr(granted_sql, "run_confined", revoking)
    answer = ask(college, header, grant)
    assert answer.status_code == 403 and "rows" not in answer.json()


def test_channel_that_was_not_granted_is_refused(college: College):
    grant = make(college, channels=["file"])
    assert ask(college, college.sign_in("S001"), grant).status_code == 403


def test_files_of_dead_grants_and_former_releases_go(college: College):
    live, dead = make(college), make(college)
    header = college.sign_in("S001")
    for grant in (live, dead):
        ask(college, header, grant)
    revoke_grant(college.audit, dead, actor="command:test", reason="x", now=college.clock.now)
    assert sweep(college.settings, college.engine, now=college.clock.now) == 1
    grants = college.settings.paths.grants
    assert [folder.name for folder in grants.iterdir()] == [live]
    write_release(college.settings, "20260902T000000Z-00000002")
    assert rebuild(college.settings, college.engine, college.reader, now=college.clock.now) == []
    assert {file.name for file in (grants / live).iterdir()} == {
        "20260902T000000Z-00000002.duckdb",
        "20260902T000000Z-00000002.people.parquet",
        "build.lock",
    }


def test_query_in_the_log_has_no_literal(college: College):
    grant, header = make(college), college.sign_in("S001")
    ask(college, header, grant, f"select * from {GRADES} where student_no = 'G4242'")
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select phase, detail from audit where action = 'sql.run' order by seq")
        ).all()
    assert [row.phase for row in rows] == ["intent", "outcome"]
    detail = json.loads(rows[0].detail)
    assert "G4242" not in rows[0].detail and "student_no" in detail["sql"]
    assert (detail["grant"], detail["purpose"]) == (grant, "management")


def test_query_that_fails_says_why_with_a_next_step(college: College):
    grant, header = make(college), college.sign_in("S001")
    answer = ask(college, header, grant, f"select total_scor from {GRADES}")
    assert answer.status_code == 400
    assert answer.json()["error"] == "query_failed"
    assert "total_score" in answer.json()["next_step"]


@pytest.mark.parametrize(
    "body", [{}, {"grant": "g"}, {"grant": "g", "sql": 1}, {"grant": "g", "sql": "x", "as": "y"}]
)
def test_malformed_request_is_refused(college: College, body):
    header = college.sign_in("S001")
    assert college.client.post("/v1/sql", json=body, headers=header).status_code == 400
    assert college.client.post("/v1/sql", content=b"\xff", headers=header).status_code == 400


@pytest.mark.parametrize(
    ("columns", "row_filter", "named"),
    [
        ({"student_academic_data.nothing": ["a"]}, {}, "no table"),
        ({"staff_finance_data.salary": ["a"]}, {}, "tables: staff_basic_data.staff_basic"),
        ({GRADES: ["student_no", "shoe_size"]}, {}, "shoe_size"),
        ({GRADES: ["*"]}, {}, "no column *"),
        ({GRADES: ["student_no", "student_no"]}, {}, "twice"),
        ({"student_academic_data.course_selection": ["term_code"]}, {"college_code": ["03"]}, "li"),
        ({"main.sqlite_master": ["name"]}, {}, "no table"),
    ],
    ids=str,
)
def test_scope_that_is_not_there_is_refused_with_what_is(college, columns, row_filter, named):
    with pytest.raises(UsageError) as refused:
        check(college.reader, columns, row_filter)
    assert named in refused.value.message


def test_a_table_for_its_owner_unit_is_granted_to_nobody_else(college: College):
    from warehouse.access.grant_files import grant_file
    from warehouse.governance.grants import grants
    from warehouse.release import ReleaseReader
    from warehouse.state import session

    own, other = make(college), make(college, unit="student_affairs_office")
    file = college.settings.paths.releases / RELEASE / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.chmod(0o600)
    file.write_text(json.dumps(manifest | {"only_for": {GRADES: "academic_affairs_office"}}))
    reader = ReleaseReader(college.settings)
    check(reader, {GRADES: NAMES})
    with pytest.raises(UsageError, match="its owner unit alone"):
        check(reader, {GRADES: NAMES}, unit="student_affairs_office")
    # Granted before the table was reserved: the file of the next release is not built.
    with session(college.engine, read_only=True) as opened:
        found = {g.id: g for g in grants(opened)}
    assert grant_file(college.settings, college.engine, reader, found[own])[0].is_file()
    with pytest.raises(ReleaseError, match="its owner unit alone"):
        grant_file(college.settings, college.engine, reader, found[other])
    reader.close()


def test_value_of_a_filter_is_never_sql(college: College):
    grant = make(
        college, rows={"columns": {"college_code": ["03') or ('1'='1", "'; drop table x; --"]}}
    )
    answer = ask(college, college.sign_in("S001"), grant)
    assert answer.json()["rows"] == [[0]]


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "curiosity"},
        {"purpose_text": " "},
        {"columns": {}},
        {"users": []},
        {"last_day": "2020-01-01"},
        {"last_day": "2099-01-01"},
        {"channels": ["telepathy"]},
        {"contact": {"name": "x"}},
        {"kind": "legal_case"},
        {"vendor": {"name": "x"}},
    ],
    ids=str,
)
def test_incomplete_grant_is_refused(college: College, changes):
    with pytest.raises(UsageError):
        make(college, **changes)


# The command line, over the same college ---------------------------------------------------------


@pytest.fixture
def campus(college: College):
    app = build_app()
    runner = CliRunner()

    def run(*words: str, code: int = 0) -> str:
        result = runner.invoke(app, ["--home", str(college.settings.paths.root), *words])
        if isinstance(result.exception, CampusError):
            assert result.exception.exit_code == code, result.exception
            return str(result.exception)
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout_bytes if "parquet" in words or "arrow" in words else result.stdout

    return run


def create(college: College, **changes) -> str:
    """A grant as of now: the command line knows only the real time."""
    college.clock.now = datetime.now(UTC)
    last_day = college.clock.now.date() + timedelta(days=400)
    columns = {GRADES: ["student_no", "total_score", "exam_date"]}
    return college.grant(**{"columns": columns, "last_day": last_day, **changes})


def test_command_line_makes_lists_queries_and_revokes_a_grant(campus, college: College):
    grant = create(college, rows=ONE_COLLEGE)
    campus("sql", "--grant", grant, "select 1")
    (listed,) = json.loads(campus("grant", "list", "--json"))
    assert {key: listed[key] for key in ("id", "state", "unit", "purpose")} == {
        "id": grant,
        "state": "live",
        "unit": "academic_affairs_office",
        "purpose": "management",
    }
    last_day = datetime.now(UTC).date() + timedelta(days=400)
    assert listed["expires_at"].startswith(f"{last_day}T16:00:00")
    query = f"select student_no, total_score, exam_date from {GRADES} order by all limit 2"
    document = json.loads(campus("sql", "--grant", grant, query, "--format", "json"))
    assert document["row_count"] == 2
    rows = list(csv.reader(io.StringIO(campus("sql", "--grant", grant, query, "--format", "csv"))))
    assert rows[0] == ["student_no", "total_score", "exam_date"] and rows[1][2] == "2026-01-10"
    for form, read in (("parquet", polars.read_parquet), ("arrow", polars.read_ipc)):
        frame = read(io.BytesIO(campus("sql", "--grant", grant, query, "--format", form)))
        assert frame["total_score"].dtype == polars.Decimal(5, 2)
        assert isinstance(frame["total_score"][0], Decimal)
        assert frame["exam_date"][0] == date(2026, 1, 10)
    assert "student_no" in campus("sql", "--grant", grant, query)
    campus("grant", "revoke", grant, "--reason", "done")
    assert not (college.settings.paths.grants / grant).exists()
    campus("sql", "--grant", grant, query, code=1)
    assert "whole" in campus("audit", "verify")


def test_command_line_query_names_operator_and_user_in_the_log(campus, college: College):
    grant = create(college)
    campus("sql", "--grant", grant, "select 1", "--as", "S001")
    entries = json.loads(campus("audit", "list", "--json"))
    query = next(entry for entry in entries if entry["action"] == "sql.run")
    assert query["actor"].startswith("command:")
    assert query["detail"]["on_behalf_of"] == f"person:{ALICE}"
    assert query["outcome"]["result"] == "served"


def test_command_line_query_is_refused_for_who_is_not_listed(campus, college: College):
    grant = create(college)
    campus("role", "appoint", "S002", "analyst")
    campus("sql", "--grant", grant, "select 1", "--as", "S002", code=1)
    campus("sql", "--grant", grant, "select 1", "--as", "NOBODY", code=2)
    campus("sql", "--grant", "g-none", "select 1", code=1)
    campus("sql", "--grant", grant, "drop table x", code=1)
    campus("person", "disable", "S001", "--reason", "x")
    campus("sql", "--grant", grant, "select 1", code=1)


def test_grant_of_several_users_asks_on_whose_behalf(campus, college: College):
    grant = create(college, users=[ALICE, BOB])
    assert "--as" in campus("sql", "--grant", grant, "select 1", code=2)


def test_roles_and_persons_on_the_command_line(campus, college: College):
    college.clock.now = datetime.now(UTC)  # the command line knows only the real time
    campus("role", "appoint", "T001", "leader", "--until", "2099-01-01")
    held = json.loads(campus("role", "list", "--json"))
    assert {(one["number"], one["role"]) for one in held} >= {("T001", "leader")}
    campus("role", "end", "T001", "leader")
    campus("role", "end", "T001", "leader", code=1)
    campus("role", "appoint", "T001", "king", code=2)
    campus("role", "appoint", "NOBODY", "leader", code=2)
    campus("role", "appoint", "T001", "unit_officer", code=2)
    campus("person", "disable", "S002", "--reason", "x")
    college.clock.now = datetime.now(UTC)
    assert (
        college.client.post("/v1/session", json={"id_token": college.token("S002")}).status_code
        == 401
    )
    campus("person", "enable", "S002", "--reason", "x")
    campus("person", "enable", "S002", "--reason", "x", code=1)


def test_audit_verify_names_the_broken_entry_and_fails(campus, college: College):
    campus("role", "appoint", "T001", "leader")
    without_triggers(college.engine, "update audit set actor = 'x' where seq = 1")
    document = json.loads(campus("audit", "verify", "--json", code=1))
    assert (document["whole"], document["broken_seq"]) == (False, 1)


def test_audit_list_of_a_subject_holds_only_theirs(campus, college: College):
    college.client.get("/v1/my/study", headers=college.sign_in("S001"))
    college.client.get("/v1/my/study", headers=college.sign_in("S002"))
    entries = json.loads(campus("audit", "list", "--subject", "S001", "--json"))
    assert {entry["subject"] for entry in entries} == {f"person:{ALICE}"}
