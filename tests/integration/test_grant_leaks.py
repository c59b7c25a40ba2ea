"""Whose copy a file is; how much may be taken; what must come back."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import polars
import pytest
from access_college import ALICE, BOB, College
from grant_scene import LOANS, STATUS, built, found_scene, grant_row, rows_of
from typer.testing import CliRunner

from warehouse.access.confined import QueryResult
from warehouse.access.exports import export_result
from warehouse.access.granted_sql import GrantedQuery
from warehouse.access.persons import Person
from warehouse.access.return_files import _folder_name, list_returns, receive_return
from warehouse.access.sessions import standing_of
from warehouse.access.trace import trace
from warehouse.access.trace_reading import read_piece
from warehouse.cli.main import build_app
from warehouse.errors import CampusError, QueryBusy, QueryLimit, UsageError
from warehouse.governance.grants import state_of
from warehouse.state import session
from warehouse.state.models import Grant, ReturnReceipt

NAMES = ["person_key", "student_no", "college_code"]
QUERY = f"select person_key, student_no, college_code from {STATUS}"
PEOPLE = range(1001, 1041)


@pytest.fixture
def college(tmp_path) -> College:
    college = found_scene(tmp_path)
    for person in (ALICE, BOB):
        college.appoint(person, "analyst")
    return college


def copy(college: College, grant: str, person: int, form: str = "csv", **numbers) -> bytes:
    rows = [list(row) for row in rows_of(built(college, grant), QUERY)]
    kinds = ("BIGINT", "VARCHAR", "VARCHAR")
    columns = [{"name": n, "type": k} for n, k in zip(NAMES, kinds, strict=True)]
    query = GrantedQuery("q", QueryResult(columns, rows, None, 0.1), SimpleNamespace(id="r"))
    return export_result(
        college.audit, college.settings.paths, query, form,
        grant_id=grant, person_key=person, actor="command:test", now=college.clock.now,
    )  # fmt: skip


def suspects(college: College, content: bytes) -> list[tuple]:
    with session(college.engine, read_only=True) as opened:
        found = trace(opened, college.settings.paths, content, PEOPLE)
        return [(one.grant, one.certainty, one.person_key) for one in found]


@pytest.fixture
def two(college: College) -> tuple[str, str]:
    """The same columns and rows for two people."""
    scope = {"columns": {STATUS: NAMES}, "rows": {}}
    return college.grant(**scope, users=[ALICE]), college.grant(**scope, users=[BOB])


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "arrow", "xlsx"])
def test_a_whole_copy_names_its_recipient_and_no_other(college: College, two, form: str):
    mine, others = (
        copy(college, grant, person, form) for grant, person in zip(two, (ALICE, BOB), strict=True)
    )
    assert suspects(college, mine) == [(two[0], "exact", ALICE)]
    assert suspects(college, others) == [(two[1], "exact", BOB)]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_piece_of_one_of_two_copies_of_one_grant_names_the_copy(college: College, form: str):
    grant = college.grant(columns={STATUS: NAMES}, rows={}, users=[ALICE, BOB])
    copies = {person: copy(college, grant, person, form) for person in (ALICE, BOB)}
    for person, content in copies.items():
        lines = content.split(b"\n")
        assert suspects(college, b"\n".join(lines[7:33])) == [(grant, "mark", person)]


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_a_damaged_binary_copy_still_shows_its_label(college: College, two, form: str):
    copy(college, two[1], BOB, form)
    content = bytearray(copy(college, two[0], ALICE, form))
    content[60:64] = b"\0\0\0\0"
    assert suspects(college, bytes(content)) == [(two[0], "mark", ALICE)]


def test_a_label_that_somebody_made_up_accuses_nobody(college: College, two):
    copy(college, two[0], ALICE)
    with session(college.engine, read_only=True) as opened:
        from warehouse.state.models import Export

        name = opened.query(Export).one().id
    forged = f"nothing\ncampus-export:{name}:{'0' * 32}\n".encode()
    assert suspects(college, forged) == []


def test_a_copy_saved_anew_is_known_by_its_pseudonyms(college: College, two):
    """A spreadsheet drops the quoting, keeps 15 digits of a number and sorts as it likes."""
    rows = list(csv.reader(io.StringIO(copy(college, two[0], ALICE).decode())))[1:]
    anew = "编号\t学院\n" + "".join(f"{float(key):.14E}\t{code}\n" for key, _, code in sorted(rows))
    assert suspects(college, anew.encode()) == [(two[0], "pseudonyms", None)]
    frame = polars.DataFrame({"k": [int(row[0]) for row in rows[:5]]})
    book = io.BytesIO()
    frame.write_parquet(book)
    assert suspects(college, book.getvalue()) == [(two[0], "pseudonyms", None)]


def test_columns_alone_are_a_hint_at_every_grant_that_has_them(college: College, two):
    copy(college, two[1], BOB)
    content = b"student_no,college_code\n" + b"".join(b"S%d,03\n" % i for i in range(40))
    assert suspects(college, content) == [(two[1], "columns", None), (two[0], "columns", None)]
    assert suspects(college, b"nothing of ours\n1\n2\n") == []


def zipped(*parts: bytes) -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as made:
        for number, part in enumerate(parts):
            made.writestr(f"{number}.xml", part)
    return book.getvalue()


def test_a_hostile_file_does_not_fill_memory_or_hang():
    """Whoever leaks a copy may choose what is looked into."""
    label = f"campus-export:x1:{'0' * 32}".encode()
    bomb = zipped(label, *[bytes(8 << 20)] * 12)
    assert len(bomb) < 1 << 20
    for content in (bomb, bomb[:-40]):  # whole, and without its list of parts
        began = time.process_time()
        assert read_piece(content).labels == [("x1", "0" * 32)]
        assert time.process_time() - began < 8
    locked = bytearray(zipped(label))
    locked[6] |= 1  # encrypted, says the part
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # and the list of parts
    assert read_piece(bytes(locked)).labels in ([], [("x1", "0" * 32)])
    assert read_piece(b'{"a":' + b"[" * 100_000 + b"}\n{").rows == []
    ragged = b"\n".join(b"," * width for width in range(3000))
    began = time.process_time()
    read_piece(ragged)
    assert time.process_time() - began < 5


def test_pseudonyms_of_a_dead_grant_are_still_known(college: College, two):
    from warehouse.access.grant_files import sweep
    from warehouse.governance.grants import revoke_grant

    rows = list(csv.reader(io.StringIO(copy(college, two[0], ALICE).decode())))
    revoke_grant(college.audit, two[0], actor="x", reason="x", now=college.clock.now)
    sweep(college.settings, college.engine, college.reader, now=college.clock.now)
    text = "".join(f"{row[0]};\n" for row in rows[1:9])
    assert suspects(college, text.encode()) == [(two[0], "pseudonyms", None)]


# Limits -------------------------------------------------------------------------------------------


def test_rows_of_a_day_are_counted_for_each_user(college: College):
    grant = college.grant(
        columns={STATUS: NAMES}, rows={}, users=[ALICE, BOB], limits={"rows_per_day": 50}
    )
    alice, bob = college.sign_in("S001"), college.sign_in("S002")

    def ask(header, rows: int):
        body = {"grant": grant, "sql": f"{QUERY} limit {rows}"}
        return college.client.post("/v1/sql", json=body, headers=header)

    assert ask(alice, 30).status_code == 200
    refused = ask(alice, 30)
    assert refused.status_code == 413 and "rows" not in refused.json()
    assert "you have taken 30" in refused.json()["message"]
    assert ask(alice, 20).status_code == 200 and ask(alice, 1).status_code == 413
    assert ask(bob, 30).status_code == 200, "another's share is another's"
    college.clock.advance(days=1)
    assert ask(college.sign_in("S001"), 30).status_code == 200


@pytest.mark.parametrize(
    "packed", ["list(student_no)", "string_agg(student_no || repeat('_', 200))"]
)
def test_many_values_packed_into_one_row_count_as_many(college: College, packed: str):
    limits = {"rows_per_day": 39}
    grant = college.grant(columns={STATUS: NAMES}, rows={}, users=[ALICE], limits=limits)
    body = {"grant": grant, "sql": f"select {packed} from {STATUS}"}
    header = college.sign_in("S001")
    assert college.client.post("/v1/sql", json=body, headers=header).status_code == 413
    body["sql"] += " where student_no < 'S1010'"
    assert college.client.post("/v1/sql", json=body, headers=header).status_code == 200


def test_two_queries_at_once_do_not_share_what_is_left_of_the_day(college: College):
    limits = {"rows_per_day": 50}
    grant = college.grant(columns={STATUS: NAMES}, rows={}, users=[ALICE], limits=limits)
    runner, me = college.client.app.state.services.sql, Person(ALICE, None, frozenset())
    standing = standing_of(college.engine, college.reader, me, college.clock.now)
    asked = []

    def second() -> None:
        with pytest.raises(QueryBusy, match="one query of yours"):
            runner.run(standing, grant, QUERY)
        asked.append(True)

    assert runner.run(standing, grant, f"{QUERY} limit 30", still=second).result.rows
    assert asked
    assert runner.run(standing, grant, f"{QUERY} limit 20").result.rows


def test_exports_of_a_day_are_counted(college: College):
    grant = college.grant(columns={STATUS: NAMES}, rows={}, limits={"exports_per_day": 2})
    copy(college, grant, ALICE)
    copy(college, grant, ALICE)
    with pytest.raises(QueryLimit, match="2 exports a day"):
        copy(college, grant, ALICE)
    copy(college, grant, BOB)
    college.clock.advance(days=1)
    copy(college, grant, ALICE)


# Returns ------------------------------------------------------------------------------------------


@pytest.fixture
def owing(college: College) -> str:
    due = (college.clock.now + timedelta(days=5)).date()
    item = {"name": "分析结果", "every": "once", "first_due": due.isoformat()}
    return college.grant(columns={STATUS: NAMES}, rows={}, returns=[item])


def receive(college: College, grant: str, file, item: str = "分析结果") -> bool:
    return receive_return(
        college.audit, college.settings.paths, grant, item, file, actor="command:test",
        now=college.clock.now,
    )  # fmt: skip


def test_a_return_with_the_longest_name_a_form_takes_can_be_kept(college: College, tmp_path):
    name, due = "数" * 128, college.clock.now.date().isoformat()
    item = {"name": name, "every": "once", "first_due": due}
    grant = college.grant(columns={STATUS: NAMES}, rows={}, returns=[item])
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    assert receive(college, grant, file, name)
    for odd in ("../../etc", "..", "a/b"):
        folder = _folder_name(odd)
        assert "/" not in folder and not folder.startswith("."), odd


def test_return_opens_the_grant_that_was_overdue(college: College, owing: str, tmp_path):
    def state() -> str:
        with session(college.engine, read_only=True) as opened:
            return state_of(opened, opened.get_one(Grant, owing), college.clock.now)

    assert state() == "live"
    college.clock.advance(days=7)
    assert state() == "return_overdue"
    with session(college.engine, read_only=True) as opened:
        (listed,) = list_returns(opened, college.clock.now)
    assert (listed["item"], listed["overdue"], listed["due"]) == (
        "分析结果",
        True,
        date(2026, 9, 15),
    )
    file = tmp_path / "result.csv"
    file.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert receive(college, owing, file) is True
    assert receive(college, owing, file) is False, "the same content counts once"
    assert state() == "live"
    with session(college.engine, read_only=True) as opened:
        receipt = opened.query(ReturnReceipt).one()
        (listed,) = list_returns(opened, college.clock.now)
    kept = college.settings.paths.root / receipt.file
    assert kept.read_bytes() == file.read_bytes() and kept.stat().st_mode & 0o777 == 0o400
    assert receipt.rows == 2 and (listed["overdue"], listed["due"]) == (False, None)


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.csv", b"a,b\n", "holds no row"),
        ("a.csv", b"", "cannot be read"),
        ("a.parquet", b"a,b\n1,2\n", "cannot be read"),
        ("a.jsonl", b"{'secret'", "cannot be read"),
        ("a.exe", b"x", "ends in"),
    ],
)
def test_file_that_is_no_return_is_refused(college: College, owing, tmp_path, name, content, named):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UsageError, match=named) as refused:
        receive(college, owing, file)
    assert "secret" not in str(refused.value)
    file = tmp_path / "good.csv"
    file.write_text("a\n1\n")
    with pytest.raises(UsageError, match="no return of that name"):
        receive(college, owing, file, "别的")


# The command line ---------------------------------------------------------------------------------


@pytest.fixture
def campus(college: College):
    app = build_app()

    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["--home", str(college.settings.paths.root), *words])
        if isinstance(result.exception, CampusError):
            assert result.exception.exit_code == code, result.exception
            return str(result.exception)
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout

    return run


def test_leak_from_the_found_copy_to_the_frozen_grant(campus, college: College, tmp_path):
    college.clock.now = datetime.now(UTC)
    grant = college.grant(columns={STATUS: NAMES, LOANS: ["title"]}, rows={})
    file = tmp_path / "found.csv"
    text = campus("sql", "--grant", grant, "--format", "csv", "--as", "S001", QUERY)
    file.write_text("\n".join(text.splitlines()[3:]), encoding="utf-8")
    (suspect,) = json.loads(campus("grant", "trace", str(file), "--json"))["candidates"]
    found = (suspect["grant"], suspect["certainty"], suspect["recipient"])
    assert found == (grant, "mark", "FUTURE"), "by the latest of her numbers"
    incident = campus("incident", "open", "--title", "名单外泄", "--grant", grant).strip()
    assert "frozen" in campus("sql", "--grant", grant, "--as", "S001", "select 1", code=1)
    shown = json.loads(campus("grant", "show", grant, "--json"))
    assert shown["state"] == "frozen" and shown["exports"][0]["format"] == "csv"
    assert "froze" in campus("incident", "show", incident, "--json")
    campus("incident", "close", incident, "--result", "x", code=1)
    campus("incident", "release", incident, grant, "--reason", "x")
    campus("incident", "note", incident, "--text", "x")
    campus("incident", "close", incident, "--result", "x")
    (listed,) = json.loads(campus("incident", "list", "--json"))
    assert listed["closed"] is True and listed["freezes"] == []
    assert json.loads(campus("grant", "verify", "--json"))[0]["result"] == "ok"
    campus("person", "protect", "S001", "--unit", "学生处", "--owner", "T001", "--reason", "x")
    assert (
        json.loads(campus("person", "protected", "--json"))[0]["unit"] == "student_affairs_office"
    )
    college.clock.now = datetime.now(UTC)
    built(college, grant).chmod(0o644)
    assert json.loads(campus("grant", "verify", "--json", code=1))[0]["result"] == "drifted"
    campus("grant", "reopen", grant, "--reason", "x")
    campus("person", "unprotect", "S001", "--reason", "x")
    assert campus("return", "list", "--json").strip() == "[]"
    assert grant_row(college, grant).id == grant
