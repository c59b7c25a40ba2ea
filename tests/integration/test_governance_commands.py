"""The whole story on the command line: applied for, undertaken, signed by four, used, revoked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from access_college import GRADES, College, found_college, write_release
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.errors import CampusError

UNIT = "教务处"
#: Number → key and name: an officer, a head, two leaders, two of the working group, two analysts.
PEOPLE = {f"W{number}": (7000 + number, f"人员{number}") for number in range(1, 9)}
OFFICER, HEAD, LEADER, GROUP, CLERK, MEMBER, ANALYST, COLLEAGUE = PEOPLE


def people() -> str:
    persons = ", ".join(f"({key}, '{name}', false, true)" for key, name in PEOPLE.values())
    numbers = ", ".join(
        f"({key}, 'staff', '{number}', date '2010-01-01', null)"
        for number, (key, _name) in PEOPLE.items()
    )
    return f"insert into person values {persons}; insert into person_number values {numbers};"


@pytest.fixture
def college(tmp_path: Path) -> College:
    college = found_college(tmp_path)
    write_release(college.settings, "20260902T000000Z-00000009", personal=people())
    return college


@pytest.fixture
def campus(college: College):
    app, runner = build_app(), CliRunner()

    def run(*words: str, code: int = 0) -> str:
        result = runner.invoke(app, ["--home", str(college.settings.paths.root), *words])
        if isinstance(result.exception, CampusError):
            assert result.exception.exit_code == code, result.exception
            return str(result.exception)
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout.strip()

    return run


@pytest.fixture
def appointed(campus):
    """Everybody in office, with the undertakings that the offices begin with."""
    for number, role, *unit in (
        (OFFICER, "unit_officer", "--unit", UNIT),
        (HEAD, "unit_head", "--unit", UNIT),
        (LEADER, "supervising_leader", "--unit", UNIT),
        (GROUP, "leading_group"),
        (CLERK, "working_group"),
        (MEMBER, "working_group"),
        (ANALYST, "analyst"),
        (COLLEAGUE, "analyst"),
    ):
        campus("role", "appoint", number, role, *unit)
        if role in ("unit_officer", "working_group", "analyst"):
            campus("undertaking", "sign", number, "--role", role, *unit)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.yaml"
    last = datetime.now(UTC).date() + timedelta(days=90)
    document = {
        "unit": UNIT,
        "channels": ["sql"],
        "columns": {
            GRADES: ["course_code", "total_score"],
            "student_academic_data.course_selection": ["term_code"],
        },
        "purpose": "management",
        "purpose_text": "学风分析",
        "last_day": str(last),
        "users": [ANALYST, COLLEAGUE],
        "contact": {"name": "联络人", "phone": "0000"},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


SIGNERS = (HEAD, LEADER, GROUP, MEMBER)


def ask(campus, grant: str, number: str, code: int = 0) -> str:
    query = f"select count(*) as n from {GRADES}"
    return campus("sql", "--grant", grant, query, "--as", number, "--format", "json", code=code)


def test_the_whole_story(campus, appointed, form: Path):
    made = campus("application", "submit", str(form), "--by", OFFICER)
    campus("undertaking", "sign", HEAD, "--application", made, "--party", "unit")
    campus("undertaking", "sign", ANALYST, "--application", made)
    for signer in SIGNERS[:-1]:
        campus("application", "sign", made, "--by", signer)
        assert json.loads(campus("grant", "list", "--json")) == []
    grant = campus("application", "sign", made, "--by", SIGNERS[-1])
    shown = json.loads(campus("application", "show", made, "--json"))
    assert shown["status"] == "authorised"
    assert [step["number"] for step in shown["steps"]] == [OFFICER, *SIGNERS]
    assert shown["undertakings_missing"] == [f"user {COLLEAGUE}"]
    assert json.loads(ask(campus, grant, ANALYST))["rows"] == [[1000]]
    assert "undertaking" in ask(campus, grant, COLLEAGUE, code=1)
    campus("sql", "--grant", grant, f"select student_no from {GRADES}", "--as", ANALYST, code=1)
    campus("undertaking", "sign", COLLEAGUE, "--application", made)
    ask(campus, grant, COLLEAGUE)
    campus("grant", "revoke", grant, "--reason", "done")
    for number in (ANALYST, COLLEAGUE):
        assert "revoked" in ask(campus, grant, number, code=1)


def test_without_the_units_undertaking_nothing_is_authorised(campus, appointed, form: Path):
    made = campus("application", "submit", str(form), "--by", OFFICER)
    for signer in SIGNERS[:-1]:
        campus("application", "sign", made, "--by", signer)
    assert "unit" in campus("application", "sign", made, "--by", MEMBER, code=1)
    assert "head" in campus(
        "undertaking", "sign", OFFICER, "--application", made, "--party", "unit", code=1
    )


def test_wrong_people_are_refused_with_what_the_stage_is_for(campus, appointed, form: Path):
    made = campus("application", "submit", str(form), "--by", OFFICER)
    for number in (OFFICER, LEADER, GROUP, MEMBER, ANALYST, "T001"):
        assert "unit_head" in campus("application", "sign", made, "--by", number, code=1)
    campus("application", "submit", str(form), "--by", "S001", code=1)


def test_role_without_undertaking_does_not_count(campus, form: Path):
    campus("role", "appoint", OFFICER, "unit_officer", "--unit", UNIT)
    campus("application", "submit", str(form), "--by", OFFICER, code=1)
    campus("undertaking", "sign", HEAD, "--role", "unit_officer", "--unit", UNIT, code=2)
    campus("undertaking", "sign", OFFICER, "--role", "unit_officer", "--unit", UNIT)
    assert campus("application", "submit", str(form), "--by", OFFICER).startswith("SQ")


def test_returned_changed_and_submitted_anew(campus, appointed, form: Path):
    made = campus("application", "submit", str(form), "--by", OFFICER)
    campus("application", "sign", made, "--by", HEAD, "--decision", "return", code=2)
    campus("application", "sign", made, "--by", HEAD, "--decision", "return", "--reason", "zu viel")
    document = json.loads(form.read_text(encoding="utf-8"))
    document["users"] = [ANALYST]
    form.write_text(json.dumps(document), encoding="utf-8")
    assert campus("application", "submit", str(form), "--by", OFFICER, "--again", made) == made
    shown = json.loads(campus("application", "show", made, "--json"))
    assert shown["stage"] == "unit_head" and shown["content"]["users"] == [ANALYST]
    campus("application", "withdraw", made, "--by", HEAD, code=1)
    campus("application", "withdraw", made, "--by", OFFICER)
    assert json.loads(campus("application", "list", "--json"))[0]["status"] == "withdrawn"


def test_deputy_signs_while_the_head_is_away_and_an_extension_lengthens(
    campus, appointed, form: Path
):
    campus(
        "role", "delegate", HEAD, "unit_head", "--unit", UNIT, "--to", "T001", "--until",
        "2099-01-01",
    )  # fmt: skip
    made = campus("application", "submit", str(form), "--by", OFFICER)
    campus("undertaking", "sign", "T001", "--application", made, "--party", "unit")
    for signer in ("T001", *SIGNERS[1:]):
        grant = campus("application", "sign", made, "--by", signer)
    shown = json.loads(campus("application", "show", made, "--json"))
    assert (shown["steps"][1]["number"], shown["steps"][1]["for"]) == ("T001", HEAD)
    (before,) = json.loads(campus("grant", "list", "--json"))
    document = json.loads(form.read_text(encoding="utf-8"))
    last = datetime.now(UTC).date() + timedelta(days=300)
    document |= {"extends": grant, "last_day": str(last)}
    form.write_text(json.dumps(document | {"purpose_text": "anders"}), encoding="utf-8")
    campus("application", "submit", str(form), "--by", OFFICER, code=2)
    form.write_text(json.dumps(document), encoding="utf-8")
    longer = campus("application", "submit", str(form), "--by", OFFICER)
    campus("undertaking", "sign", HEAD, "--application", longer, "--party", "unit")
    for signer in SIGNERS:
        campus("application", "sign", longer, "--by", signer)
    (after,) = json.loads(campus("grant", "list", "--json"))
    assert after["id"] == before["id"] and after["expires_at"] > before["expires_at"]


def test_file_that_is_no_form_says_what_one_is(campus, appointed, tmp_path: Path):
    path = tmp_path / "x.yaml"
    for text in ("[1, 2]", "a: [", "shoe_size: 44", "users: T001"):
        path.write_text(text, encoding="utf-8")
        assert "44" not in campus("application", "submit", str(path), "--by", OFFICER, code=2)


def test_unknown_columns_are_named_before_anybody_signs(campus, appointed, form: Path):
    document = json.loads(form.read_text(encoding="utf-8"))
    document["columns"] = {GRADES: ["nope"]}
    form.write_text(json.dumps(document), encoding="utf-8")
    said = campus("application", "submit", str(form), "--by", OFFICER, "--dry-run", code=2)
    assert "nope" in said and "total_score" in said
