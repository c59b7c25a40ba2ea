"""A release with people of two colleges, for tests of grants: who is in the scope of whom."""

from __future__ import annotations

from typing import Any

from access_college import College, found_college

from warehouse.access.grant_files import grant_file
from warehouse.engine import open_work
from warehouse.release.durable import sha256_of
from warehouse.state import session
from warehouse.state.models import Grant

STATUS = "student_enrollment_data.student_status"
STAFF = "staff_basic_data.staff_basic"
LOANS = "student_life_data.library_loan"
ROOMS = "student_life_data.room"
PSYCH = "student_health_data.psych_alert"

#: 40 students 1001–1040: odd keys in college 03, even in 04; grade 2023 or 2024 by tens.
#: 6 staff 2001–2006 of college 03 and 04. 1040 is both a student and staff.
PEOPLE = """
create schema if not exists student_enrollment_data;
create table student_enrollment_data.student_status as
  select i::bigint as person_key, 'S' || i as student_no, '姓名' || i as name,
    'ID' || i as id_card_no, date '2005-01-01' + i::integer as birth_date,
    case when i % 2 = 1 then '03' else '04' end as college_code,
    (2023 + (i // 10) % 2)::integer as grade_year,
    case when i % 13 = 0 then '07' else '01' end as current_status
  from range(1001, 1041) t(i);
create schema if not exists staff_basic_data;
drop table if exists staff_basic_data.staff_basic;
create table staff_basic_data.staff_basic as
  select case when i = 2006 then 1040 else i end::bigint as person_key, 'T' || i as staff_no,
    case when i % 2 = 1 then '03' else '04' end as college_code, '10' as staff_category
  from range(2001, 2007) t(i);
create schema if not exists student_life_data;
create table student_life_data.library_loan as
  select case when i % 50 = 0 then null else 1001 + i % 40 end::bigint as person_key,
    'R' || (1001 + i % 40) as reader_no, 'B' || (i % 9) as title, '03' as branch
  from range(1, 401) t(i) union all
  select (2001 + i % 6)::bigint, 'RT' || i, 'B1', '04' from range(0, 60) t(i);
create table student_life_data.room as select 'A' || i as room_no, i as beds from range(8) t(i);
create schema if not exists student_health_data;
create table student_health_data.psych_alert as
  select 1001::bigint as person_key, 'A1' as alert_id, '2' as level;
"""


def found_scene(root: Any, **overrides: Any) -> College:
    """The college of `access_college` with these people in its authority file."""
    college = found_college(root, **overrides)
    add_to_release(college, PEOPLE)
    return college


def add_to_release(college: College, script: str) -> None:
    """Change the current release's authority file; its manifest says so."""
    import json

    folder = (
        college.settings.paths.releases / college.settings.paths.current_release.read_text().strip()
    )
    path, manifest = folder / "authority.duckdb", folder / "manifest.json"
    path.chmod(0o600)
    connection = open_work(path, threads=1)
    connection.execute(script)
    connection.close()
    path.chmod(0o400)
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["files"]["authority"]["sha256"] = sha256_of(path)
    manifest.chmod(0o600)
    manifest.write_text(json.dumps(document), encoding="utf-8")


def grant_row(college: College, grant_id: str) -> Grant:
    with session(college.engine, read_only=True) as opened:
        return opened.get_one(Grant, grant_id)


def built(college: College, grant_id: str):
    """The grant's file of the current release, built if need be."""
    return grant_file(
        college.settings, college.engine, college.reader, grant_row(college, grant_id),
        now=college.clock.now,
    )[0]  # fmt: skip


def rows_of(path: Any, sql: str) -> list[tuple]:
    connection = open_work(path, read_only=True, threads=1)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
