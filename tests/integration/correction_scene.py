"""Two students, two owner units, the working group, and releases in which a grade changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from access_college import ALICE, College, write_release
from governance_people import Hand, found_governed

from warehouse.access.correction_check import Closed, check_corrections
from warehouse.access.grant_files import rebuild
from warehouse.audit import Audit, head_file

#: The unit of the grades is `governance_people.UNIT`; that of student status is another.
OTHER_UNIT, OTHER_OFFICER = "student_affairs_office", 4007
FIRST, SECOND, THIRD = (
    "20260903T000000Z-00000003",
    "20260915T000000Z-00000004",
    "20260925T000000Z-00000005",
)
PDF = b"%PDF-1.7\n" + b"proof\n" * 8
_MORE = """
insert into person values (4007, '职工T407', false, true);
insert into person_number values (4007, 'staff', 'T407', '2010-01-01', null);
insert into staff(person_key, staff_no, name) values (4007, 'T407', '职工T407');
insert into item values ('A4-23', '学习成绩', 4, 'student', 'academic_affairs_office', '教务处',
  '每日更新', '', 'S05', '[{"table": "course_grade", "columns": ["course_code", "total_score"]}]',
  3, 3, 1.0, true, null, null),
  ('A4-20', '学籍信息', 4, 'student', 'student_affairs_office', '学生处', '10月', '', 'S03',
  '[{"table": "student", "columns": ["name", "birth_date", "id_card_no"]}]',
  3, 3, 1.0, true, null, null);
insert into table_item values ('course_grade', ['A4-23'], ['A2-02'], 'academic_affairs_office',
  '教务处', 'academic_affairs', '教务管理系统', 'course_grade', '每日', '办法第九条', '长期'),
  ('staff', ['A3-01'], ['A2-07'], 'hr_office', '人事处', 'hr_management', '人事管理系统',
  'staff_basic', '每日', '办法第九条', '长期');
update table_item set item_codes = ['A4-20'] where table_name = 'student';
"""
_AUTHORITY = """
create schema student_enrollment_data;
create table student_enrollment_data.student_status as
  select distinct person_key, college_code, '2024' as grade_year from
  student_academic_data.course_grade;
"""


def found_scene(root: Path) -> College:
    college = found_governed(root)
    publish(college, FIRST)
    college.appoint(OTHER_OFFICER, "unit_officer", OTHER_UNIT)
    return college


def publish(college: College, release: str, personal: str = "") -> None:
    """A further release; `personal` is SQL on its personal file."""
    from governance_people import _PEOPLE

    write_release(
        college.settings, release, personal=_PEOPLE + _MORE + personal, authority=_AUTHORITY
    )
    path = college.settings.paths.releases / release / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["personal"]["tables"] = {
        "course_grade": {"sort": ["person_key", "term_code"]},
        "student": {"sort": ["person_key"]},
    }
    manifest["files"]["authority"]["tables"] = {}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def after(college: College, release: str) -> list[Closed]:
    """What follows the publication, in its order: corrections, then the grants' files."""
    with college.reader.open("personal") as (_cursor, current):
        assert current.id == release
        journal = Audit(college.engine, head_file(college.settings.paths), clock=college.clock)
        found = check_corrections(
            journal, college.settings, college.engine, college.reader, current, college.clock.now
        )
    assert rebuild(college.settings, college.engine, college.reader) == []
    return found


def grade(score: str) -> str:
    """SQL by which ALICE's grade is another."""
    return f"update course_grade set total_score = {score} where person_key = {ALICE};"


def form(hand: Hand, table: str = "course_grade", **changes: Any) -> dict[str, str]:
    """The body of a report about the first row of a table."""
    offered = hand.get(f"/v1/corrections/choices?table={table}")
    return {
        "kind": "value",
        "table": table,
        "item": offered["items"][0]["code"] or "",
        "row": offered["rows"][0]["key"],
        "column": "total_score",
        "wanted": "95",
        "reason": "试卷卷面分为 95 分",
        "reference": hand.college.claims("x")["jti"].rjust(32, "0"),
        **changes,
    }


def reported(college: College, number: str = "S001", **changes: Any) -> str:
    hand = Hand(college, number)
    return hand.post("/v1/corrections", form(hand, **changes))["correction"]


def step(college: College, who: int | str, correction: str, name: str, **more: Any) -> Any:
    """A step at the address `name` by somebody who has it open."""
    hand = Hand(college, who)
    status = more.pop("status", 200)
    seq = hand.get(f"/v1/corrections/{correction}")["seq"] if "seq" not in more else more.pop("seq")
    return hand.post(f"/v1/corrections/{correction}/{name}", {"seq": seq, **more}, status)


def seen(college: College, who: int | str, correction: str) -> dict[str, Any]:
    return Hand(college, who).get(f"/v1/corrections/{correction}")
