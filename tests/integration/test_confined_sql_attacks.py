"""Statements that try to get out of a grant: each is refused or harmless, the file stays as it
was, no process stays behind, and no answer names a path of the server."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from access_college import College, found_college

from warehouse.access.confined import run_confined
from warehouse.access.grant_files import grant_file
from warehouse.errors import QueryLimit, QueryRefused
from warehouse.state import session
from warehouse.state.models import Grant

COLUMNS = {"student_academic_data.course_grade": ["student_no", "course_code", "total_score"]}
GRADES = "student_academic_data.course_grade"


@pytest.fixture(scope="module")
def college(tmp_path_factory) -> College:
    return found_college(tmp_path_factory.mktemp("confined"), sql_seconds=2.0)


@pytest.fixture(scope="module")
def granted(college: College) -> Path:
    made = college.grant(columns=COLUMNS, rows={"columns": {"college_code": ["03"]}})
    with session(college.engine, read_only=True) as opened:
        grant = opened.get_one(Grant, made)
    return grant_file(
        college.settings, college.engine, college.reader, grant, now=college.clock.now
    )[0]


@pytest.fixture
def run(college: College, granted: Path):
    before = _digests(granted)

    def running(sql: str):
        return run_confined(granted, sql, COLUMNS, college.settings)

    yield running
    assert _digests(granted) == before, "the grant's folder changed"
    assert _children() == [], "a process stayed behind"


def _digests(file: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in file.parent.iterdir()}


def _children() -> list[str]:
    own = str(os.getpid())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_text()
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if parent == own and "sql_child" in command:
                found.append(entry.name)
    return found


NOT_A_SELECT = [
    "copy (select 1) to '/tmp/campus-escape.csv'",
    "copy (select 1) to '{file}'",
    "copy student_academic_data.course_grade to '/tmp/campus-escape.parquet' (format parquet)",
    "copy student_academic_data.course_grade from '/etc/passwd'",
    "attach '{file}' as other",
    "attach '/etc/passwd' as other",
    "attach ':memory:' as other",
    "detach memory",
    "use memory",
    "export database '/tmp/campus-escape'",
    "import database '/tmp/campus-escape'",
    "pragma enable_profiling",
    "pragma database_list; select 1",
    "set memory_limit = '100GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set disabled_filesystems = ''",
    "set global threads = 8",
    "reset enable_external_access",
    "install httpfs",
    "load httpfs",
    "load '/tmp/evil.so'",
    "force install httpfs from 'http://127.0.0.1:9'",
    "create table x as select 1",
    "create temp table x as select 1",
    "create or replace view v as select 1",
    "create macro m() as 1",
    "create secret (type s3, key_id 'a', secret 'b')",
    "insert into student_academic_data.course_grade values (1)",
    "update student_academic_data.course_grade set total_score = 100",
    "delete from student_academic_data.course_grade",
    "truncate student_academic_data.course_grade",
    "drop table student_academic_data.course_grade",
    "alter table student_academic_data.course_grade add column x int",
    "comment on table student_academic_data.course_grade is 'x'",
    "vacuum",
    "checkpoint",
    "force checkpoint",
    "begin",
    "call pragma_version()",
    "prepare p as select 1",
    "execute p",
    "deallocate p",
    "select 1; select 2",
    "select 1; drop table student_academic_data.course_grade",
    "explain select 1; set threads = 4",
    "",
    ";",
    "-- nothing",
    "select",
    "select 'unfinished",
]


@pytest.mark.parametrize("sql", NOT_A_SELECT)
def test_anything_but_one_select_is_refused_before_a_process_starts(run, granted, sql, monkeypatch):
    monkeypatch.setattr("warehouse.access.confined._start", pytest.fail)
    with pytest.raises(QueryRefused):
        run(sql.replace("{file}", str(granted)))


REACHES_OUT = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from '{file}'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('{file}')",
    "select * from read_blob('/proc/self/fd/3')",
    "select * from read_text('/proc/self/environ')",
    "select * from read_text('/proc/self/cmdline')",
    "select * from read_json('/etc/passwd')",
    "select * from read_ndjson_objects('/etc/passwd')",
    "select * from read_parquet('/tmp/*.parquet')",
    "select * from parquet_metadata('/tmp/x.parquet')",
    "select * from parquet_scan('s3://bucket/x')",
    "select * from read_csv('http://127.0.0.1:9/x')",
    "select * from 'https://127.0.0.1:9/x.parquet'",
    "select * from glob('/**')",
    "select * from glob('/proc/self/fd/*')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from read_duckdb('{file}')",
    "select * from sqlite_scan('/tmp/state.db', 'audit')",
    "select * from postgres_scan('host=127.0.0.1', 'public', 'x')",
    "select * from query('copy (select 1) to ''/tmp/campus-escape.csv''')",
    "select * from query('attach ''/etc/passwd''')",
    "select * from query('set threads = 4')",
    "select * from query_table('/etc/passwd')",
    "select getenv('HOME')",
    "select getvariable('x') from read_text('/etc/hostname')",
    "select * from sys.modules",
    "select * from order_",
    "select * from connection",
    "select * from os",
    "select * from duckdb_secrets()",
    "select * from which_secret('s3://x', 's3')",
    "select * from load_aws_credentials()",
    "select * from json_execute_serialized_sql(json_serialize_sql('copy t to ''/tmp/e'''))",
    "select * from pragma_last_profiling_output()",
    "select * from staff_basic_data.staff_basic",
    "select * from student_academic_data.course_selection",
    "select id_card_no from student_academic_data.course_grade",
    "select college_code from student_academic_data.course_grade",
    "with t as (select * from authority.staff_basic_data.staff_basic) select * from t",
    "explain analyze copy (select 1) to '/tmp/campus-escape.csv'",
    "explain copy (select 1) to '{file}'",
    "explain analyze insert into student_academic_data.course_grade values ('x', 'y', 1)",
    "explain analyze create table x as select 1",
    "explain analyze attach '/tmp/x.duckdb'",
    "select nextval('x')",
    "select write_log('x', path := '/tmp/campus-escape')",
    "select error('/etc')",
]


@pytest.mark.parametrize("sql", REACHES_OUT)
def test_nothing_outside_the_grant_is_within_reach(run, granted: Path, sql: str):
    try:
        result = run(sql.replace("{file}", str(granted)))
    except QueryRefused as error:
        assert str(granted.parent) not in str(error)
        assert "SECRET" not in str(error)
    else:
        assert _harmless(result.rows, granted), result.rows
    assert not Path("/tmp/campus-escape.csv").exists()
    assert not Path("/tmp/campus-escape").exists()


def _harmless(rows, granted: Path) -> bool:
    text = str(rows)
    forbidden = ("root:", "SECRET", str(granted.parent), granted.name, "campus", "site-packages")
    return not [mark for mark in forbidden if mark in text]


TELLS_OF_THE_SERVER = [
    "select * from duckdb_databases()",
    "select * from duckdb_settings()",
    "select * from pragma_database_list",
    "select * from pragma_database_list()",
    "select current_setting('temp_directory'), current_setting('home_directory')",
    "select current_setting('secret_directory'), current_setting('extension_directory')",
    "select current_setting('allowed_paths'), current_setting('allowed_directories')",
    "select * from duckdb_temporary_files()",
    "select * from duckdb_extensions()",
    "select * from duckdb_logs()",
    "select * from pg_catalog.pg_settings",
    "select * from pg_catalog.pg_database",
    "select * from information_schema.schemata",
    "select * from information_schema.tables",
    "show databases",
    "show tables",
    "show all tables",
    "describe student_academic_data.course_grade",
    "summarize student_academic_data.course_grade",
    "select current_database(), current_user, current_schemas(true)",
    "select * from duckdb_tables()",
    "select * from pragma_storage_info('student_academic_data.course_grade')",
    "explain analyze select * from student_academic_data.course_grade",
    "pragma version",
    "pragma database_list",
    "pragma show_tables",
]


@pytest.mark.parametrize("sql", TELLS_OF_THE_SERVER)
def test_catalogue_tells_neither_paths_nor_ungranted_names(run, granted: Path, sql: str):
    try:
        text = str(run(sql))
    except QueryRefused as error:
        text = str(error)
    home = granted.parents[2]
    for mark in (str(home), home.name, granted.name, granted.parent.name, "id_card_no", "SECRET"):
        assert mark not in text
    assert "staff_basic" not in text


USES_TOO_MUCH = [
    "select length(repeat('x', 3000000000))",
    "select repeat('x', 500000000) from range(10)",
    "select list(i) from range(100000000) t(i)",
    "select range(500000000)",
    "select string_agg(i::varchar, ',') from range(100000000) t(i)",
    "select count(distinct i) from range(300000000) t(i)",
    "select * from range(100000000) t(i) order by i desc",
    "with recursive r(i) as (select 1 union all select i + 1 from r) select max(i) from r",
    "with recursive r(i) as (select 1 union all select i from r) select count(*) from r",
    "select count(*) from range(1000000) a(i), range(1000000) b(j) where i * j % 7 = 3",
    "select sum(hash(a.i, b.i, c.i)) from range(10000) a(i), range(10000) b(i), range(10000) c(i)",
    "select regexp_matches(repeat('a', 100000), '(a*)*b') from range(1000000)",
    "select levenshtein(repeat('ab', 200000), repeat('ba', 200000))",
    "select jaccard(repeat('ab', 100000000), repeat('ba', 100000000))",
    "select bit_count(repeat('1', 100000000)::bit) from range(1000)",
    "select list_sort(range(50000000))",
    "select rpad('x', 2000000000, 'y')",
    "select array_agg(repeat('x', 1000000)) from range(100000)",
]


@pytest.mark.slow
@pytest.mark.parametrize("sql", USES_TOO_MUCH)
def test_a_query_that_uses_too_much_is_stopped(run, sql: str, college: College):
    import time

    started = time.monotonic()
    try:
        result = run(sql)
    except QueryLimit as error:
        assert error.status == 413
    except QueryRefused:
        pass
    else:
        assert len(str(result.rows)) < 2 * college.settings.sql_bytes
    assert time.monotonic() - started < 2 * college.settings.sql_seconds + 3


def test_deep_nesting_does_not_hurt_the_gateway(run):
    for sql in (
        "select " + "(" * 15000 + "1" + ")" * 15000,
        "select " + "-" * 15000 + "1",
        "select " + "not " * 9000 + "true",
        "select 1" + "+1" * 15000,
        "select " + "case when true then " * 1500 + "1" + " end" * 1500,
        "select * from " + "(select * from " * 150 + "range(1)" + ")" * 150,
        "select 1" + " union all select 1" * 2000,
    ):
        try:
            run(sql)
        except QueryRefused as error:
            assert len(str(error)) < 1000


def test_rows_and_bytes_are_capped_and_said_to_be(run, college: College):
    many = run("select i from range(1000000) t(i)")
    assert (len(many.rows), many.truncated) == (college.settings.sql_rows, "rows")
    wide = run("select repeat('x', 100000) from range(1000)")
    assert wide.truncated == "bytes"
    assert sum(len(row[0]) for row in wide.rows) <= college.settings.sql_bytes


def test_types_survive_the_way_out(run):
    result = run(
        "select 12.30::decimal(5,2) a, date '2026-01-02' b, timestamp '2026-01-02 03:04:05' c, "
        "null d, 170141183460469231731687303715884105727::hugeint e, 'nan'::double f, "
        "[1, null] g, {'k': date '2026-01-02'} h, true i, time '01:02:03' j, 'ab'::blob k, "
        "interval 1 day l, uuid() m, now() n"
    )
    row = dict(zip((column["name"] for column in result.columns), result.rows[0], strict=True))
    kinds = {column["name"]: column["type"] for column in result.columns}
    assert (row["a"], kinds["a"]) == ("12.30", "DECIMAL(5,2)")
    assert (row["b"], row["c"], row["d"]) == ("2026-01-02", "2026-01-02T03:04:05", None)
    assert row["e"] == 2**127 - 1
    assert (row["f"], row["g"], row["h"]) == ("nan", [1, None], {"k": "2026-01-02"})
    assert row["i"] is True and row["j"] == "01:02:03"
    assert row["n"].endswith("+08:00")


def test_only_granted_rows_are_in_the_file(run):
    result = run(f"select count(*), count(distinct course_code) from {GRADES}")
    assert result.rows == [[500, 7]]


def test_hints_name_what_is_granted(run):
    with pytest.raises(QueryRefused) as unknown:
        run(f"select total_scor from {GRADES}")
    assert "total_scor" in unknown.value.message
    assert "total_score" in (unknown.value.next_step or "")
    with pytest.raises(QueryRefused) as table:
        run("select * from course_grade")
    assert GRADES in (table.value.next_step or "")


def test_failure_quotes_no_value(run):
    with pytest.raises(QueryRefused) as failed:
        run(f"select cast(student_no as integer) from {GRADES}")
    assert "G2" not in str(failed.value)


def test_process_has_no_environment_and_an_empty_folder(run, monkeypatch):
    monkeypatch.setenv("CAMPUS_COOKIE_SECRET", "leaked")
    seen = {}
    import warehouse.access.confined as confined

    start = confined._start

    def watching(folder, descriptor):
        child = start(folder, descriptor)
        seen["environ"] = Path(f"/proc/{child.pid}/environ").read_bytes()
        seen["folder"] = list(Path(folder).iterdir())
        return child

    monkeypatch.setattr(confined, "_start", watching)
    run("select 1")
    assert b"leaked" not in seen["environ"] and b"CAMPUS" not in seen["environ"]
    assert seen["folder"] == []
