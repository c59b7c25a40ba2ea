"""The people of an application, each with a number to sign in by, and the form they work on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from access_college import GRADES, College, found_college, write_release

UNIT = "academic_affairs_office"
OFFICER, HEAD, LEADER, GROUP, WORKER, AUDITOR = 4001, 4002, 4003, 4004, 4005, 4006
NUMBERS = {
    OFFICER: "T401",
    HEAD: "T402",
    LEADER: "T403",
    GROUP: "T404",
    WORKER: "T405",
    AUDITOR: "T406",
}
#: Stage → who signs there.
SIGNERS = {
    "unit_head": HEAD,
    "supervising_leader": LEADER,
    "leading_group": GROUP,
    "working_group": WORKER,
}
_PEOPLE = "".join(
    f"insert into person values ({key}, '职工{number}', false, true);"
    f"insert into person_number values ({key}, 'staff', '{number}', '2010-01-01', null);"
    f"insert into staff(person_key, staff_no, name) values ({key}, '{number}', '职工{number}');"
    for key, number in NUMBERS.items()
)
#: Who the students of the course grades are, half of them of either college, and what nobody gets.
_STUDENTS = """
create schema student_enrollment_data;
create table student_enrollment_data.student_status as
  select distinct person_key, college_code, '2024' as grade_year from
  student_academic_data.course_grade;
create schema student_health_data;
create table student_health_data.psych_screening(person_key bigint, screening_level varchar);
"""

FORM: dict[str, Any] = {
    "kind": "unit",
    "unit": UNIT,
    "channels": ["sql"],
    "columns": {GRADES: ["person_key", "course_code", "total_score"]},
    "rows": {"students": {"college_code": ["03"]}},
    "purpose": "management",
    "purpose_text": "课程成绩分析",
    "last_day": "2026-12-31",
    "users": ["T001"],
    "contact": {"name": "联络人", "phone": "0371-0000"},
}


def found_governed(root: Path) -> College:
    """The small college with an officer, four signers and an auditor, each appointed and bound."""
    college = found_college(root)
    write_release(
        college.settings, "20260902T000000Z-00000002", personal=_PEOPLE, authority=_STUDENTS
    )
    college.appoint(OFFICER, "unit_officer", UNIT)
    college.appoint(HEAD, "unit_head", UNIT)
    college.appoint(LEADER, "supervising_leader", UNIT)
    college.appoint(GROUP, "leading_group")
    college.appoint(WORKER, "working_group")
    college.appoint(AUDITOR, "auditor")
    return college


class Hand:
    """One person at the gateway."""

    def __init__(self, college: College, person_key: int | str) -> None:
        self.college = college
        number = person_key if isinstance(person_key, str) else NUMBERS[person_key]
        self.header = college.sign_in(number)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.college.client.get(path, headers=self.header)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.college.client.post(path, json=body, headers=self.header)
        assert answer.status_code == status, answer.text
        return answer.json()

    def delete(self, path: str, status: int = 200) -> Any:
        answer = self.college.client.delete(path, headers=self.header)
        assert answer.status_code == status, answer.text
        return answer.json()

    def save(self, status: int = 200, **changes: Any) -> Any:
        body = {"draft": "", "version": 0, "content": {**FORM, **changes}}
        return self.post("/v1/drafts", body, status)

    def submit(self, draft: Any, status: int = 200) -> Any:
        body = {"draft": draft["id"], "version": draft["version"], "application": ""}
        return self.post("/v1/drafts/submit", body, status)

    def apply(self, **changes: Any) -> str:
        return self.submit(self.save(**changes))["application"]

    def decide(
        self, application: str, status: int = 200, decision: str = "approve", **changes: str
    ) -> Any:
        seen = self.get(f"/v1/applications/{application}")
        body = {
            "decision": decision,
            "reason": "",
            "stage": seen["stage"],
            "content_sha256": seen["content_sha256"],
            **changes,
        }
        return self.post(f"/v1/applications/{application}/decision", body, status)

    def waiting(self) -> list[dict[str, Any]]:
        return self.get("/v1/undertakings")["waiting"]

    def sign(self, words: dict[str, Any], status: int = 200, **changes: str) -> Any:
        body = {name: words[name] or "" for name in ("role", "unit", "application", "party")} | {
            "text_sha256": words["text_sha256"],
            **changes,
        }
        return self.post("/v1/undertakings", body, status)


def authorise(college: College, **changes: Any) -> tuple[str, str]:
    """An application the whole way through the gateway. Returns application and grant."""
    made = Hand(college, OFFICER).apply(**changes)
    head = Hand(college, HEAD)
    (words,) = head.waiting()
    head.sign(words)
    grant = None
    for person in SIGNERS.values():
        grant = Hand(college, person).decide(made)["grant"]
    assert grant is not None
    return made, grant
