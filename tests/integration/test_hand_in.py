"""What a unit's officer hands in on a page: its own tables, while annex 3 opens them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from access_college import CAROL, College, found_college
from sqlalchemy import select

from warehouse.state import session
from warehouse.state.models import AuditEntry, Delivery

TEACHING = "/v1/deliveries/academic_affairs/teaching_performance"
FILE = "职工号,学年\nSECRET,2025-2026\n".encode()


@pytest.fixture
def college(tmp_path) -> College:
    made = found_college(tmp_path)
    made.appoint(CAROL, "unit_officer", "academic_affairs_office")
    return made


def at(college: College, *day: int) -> dict[str, str]:
    college.clock.now = datetime(*day, 4, tzinfo=UTC)
    return college.sign_in("T001")


def inbox(college: College) -> list:
    return sorted(path for path in college.settings.paths.inbox.rglob("*") if path.is_file())


def test_outside_the_window_the_page_says_when_and_takes_nothing(college: College):
    header = at(college, 2026, 9, 10)
    (table,) = college.client.get("/v1/deliveries", headers=header).json()["tables"]
    assert (table["table"], table["opens_on"]) == ("teaching_performance", "2026-12-01")
    answer = college.client.post(TEACHING, content=FILE, headers=header)
    assert answer.status_code == 403
    assert "12月1日开放修改" in answer.json()["message"]
    assert inbox(college) == []


@pytest.mark.parametrize("day", [(2026, 12, 1), (2027, 1, 31)])
def test_within_the_window_the_file_goes_into_the_inbox_as_it_is(college: College, day):
    header = at(college, *day)
    (table,) = college.client.get("/v1/deliveries", headers=header).json()["tables"]
    assert (table["opens_on"], table["last_day"], table["waiting"]) == (None, "2027-01-31", 0)
    answer = college.client.post(TEACHING, content=FILE, headers=header)
    assert answer.status_code == 202, answer.text
    (path,) = inbox(college)
    assert path.parent == college.settings.paths.inbox / "academic_affairs/teaching_performance"
    assert path.name == answer.json()["file"] and path.suffix == ".csv"
    assert path.read_bytes() == FILE
    assert path.stat().st_mode & 0o077 == 0
    (table,) = college.client.get("/v1/deliveries", headers=header).json()["tables"]
    assert table["waiting"] == 1
    with session(college.engine, read_only=True) as opened:
        (noted,) = opened.scalars(select(AuditEntry).where(AuditEntry.action == "delivery.hand_in"))
    assert "teaching_performance" in noted.detail and "SECRET" not in noted.detail


def test_the_day_is_the_colleges(college: College):
    college.clock.now = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # 1 December in Beijing
    header = college.sign_in("T001")
    assert college.client.post(TEACHING, content=FILE, headers=header).status_code == 202


def test_the_outcome_of_ingestion_is_shown_in_words(college: College):
    header = at(college, 2026, 12, 2)
    with session(college.engine) as opened:
        opened.add(
            Delivery(
                at=college.clock.now, path="inbox/x.csv", source="academic_affairs",
                table_name="teaching_performance", content_sha256="0" * 64, result="refused",
                batch_id=None, accepted_rows=0, refused_rows=3, reasons={"structure": 3},
                message="",
            )
        )  # fmt: skip
    (table,) = college.client.get("/v1/deliveries", headers=header).json()["tables"]
    (line,) = table["latest"]
    assert (line["result"], line["reasons"]) == ("refused", ["列与合同不符"])


@pytest.mark.parametrize(
    "path",
    ["hr_management/staff_training", "academic_affairs/course_grade", "no/such",
     "form_staff_self_service/staff_contact"],
)  # fmt: skip
def test_other_tables_are_not_theirs_to_bring(college: College, path: str):
    header = at(college, 2026, 12, 2)
    answer = college.client.post(f"/v1/deliveries/{path}", content=FILE, headers=header)
    assert answer.status_code == 404
    assert inbox(college) == []


def test_always_open_items_of_other_units(college: College):
    college.appoint(CAROL, "unit_officer", "colleges")
    college.appoint(CAROL, "unit_officer", "hr_office")
    header = at(college, 2026, 9, 10)
    found = college.client.get("/v1/deliveries", headers=header).json()["tables"]
    assert {table["table"]: table["opens_on"] for table in found} == {
        "teaching_performance": "2026-12-01",
        "staff_academic_affiliation": None,
        "staff_training": None,
    }
    due = {item["code"]: item["deadline"] for table in found for item in table["items"]}
    assert due["A3-21"] == "每学年开学 1周内"


def test_who_is_no_officer_has_no_such_page(college: College):
    header = college.sign_in("T003")
    assert college.client.get("/v1/deliveries", headers=header).status_code == 403
    assert college.client.post(TEACHING, content=FILE, headers=header).status_code == 403


@pytest.mark.parametrize("content", [b"", b"x" * ((20 << 20) + 1)])
def test_empty_and_huge_files_are_not_taken(college: College, content: bytes):
    header = at(college, 2026, 12, 2)
    assert college.client.post(TEACHING, content=content, headers=header).status_code == 400
    assert inbox(college) == []
