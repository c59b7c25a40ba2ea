"""Which version of a landed row the independent computation takes for the one that holds."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from independent import Extracts
from independent.cells import cells
from independent.places import staff_on, students_on


def land(lake: Path, table: str, batch: str, extracted: datetime, *rows: dict[str, Any]) -> None:
    folder = lake / table / f"batch={batch}"
    folder.mkdir(parents=True)
    pl.DataFrame(
        [
            {"extracted_at": extracted, "source_updated_at": None, "is_deleted": False}
            | {"batch_row": number}
            | row
            for number, row in enumerate(rows, 1)
        ],
        schema_overrides={"source_updated_at": pl.Datetime("us")},
        infer_schema_length=None,
    ).write_parquet(folder / "part-0.parquet")


def status(number: str, **values: Any) -> dict[str, Any]:
    return {
        "student_no": number,
        "entry_date": date(2023, 9, 1),
        "expected_graduation": "2027-06",
        "college_code": "201",
        "major_code": "0101",
        "class_code": "2023010101",
        "current_status": "01",
    } | values


CHANGE = {
    "change_id": "1",
    "student_no": "A",
    "effective_date": date(2024, 3, 1),
    "from_college": "201",
    "to_college": "202",
    "from_major": "0101",
    "to_major": "0201",
    "from_class": None,
    "to_class": None,
    "from_status": "01",
    "to_status": "01",
}


def test_the_source_s_time_decides_and_not_the_order_of_delivery(tmp_path: Path) -> None:
    table = "academic_affairs/graduation_result"
    late = {"student_no": "A", "result": "毕业", "source_updated_at": datetime(2026, 7, 2)}
    early = {"student_no": "A", "result": "结业", "source_updated_at": datetime(2026, 7, 1)}
    land(tmp_path, table, "a", datetime(2026, 7, 3), late)
    land(tmp_path, table, "b", datetime(2026, 7, 4), early)
    assert Extracts(tmp_path).held("graduation_result")["result"].to_list() == ["毕业"]


def test_a_deletion_ends_a_row(tmp_path: Path) -> None:
    table = "academic_affairs/graduation_result"
    row = {"student_no": "A", "result": "毕业", "source_updated_at": datetime(2026, 7, 2)}
    gone = row | {"source_updated_at": datetime(2026, 7, 5), "is_deleted": True}
    land(tmp_path, table, "a", datetime(2026, 7, 3), row)
    land(tmp_path, table, "b", datetime(2026, 7, 6), gone)
    assert Extracts(tmp_path).held("graduation_result").is_empty()


def test_a_snapshot_s_key_that_is_gone_ends_with_the_first_snapshot_without_it(
    tmp_path: Path,
) -> None:
    first, second = datetime(2023, 9, 30), datetime(2024, 9, 30)
    land(tmp_path, "student_affairs/student_status", "a", first, status("A"), status("B"))
    land(tmp_path, "student_affairs/student_status", "b", second, status("A"))
    extracts = Extracts(tmp_path)
    held = extracts.held("student_status").sort("student_no")
    assert held["ended_at"].to_list() == [None, second]
    assert extracts.current("student_status")["student_no"].to_list() == ["A"]
    assert extracts.as_of == date(2024, 9, 30)


@pytest.mark.parametrize(
    ("day", "college"),
    [
        (date(2023, 9, 1), "201"),  # before the first snapshot what the next observation says
        (date(2024, 2, 29), "201"),
        (date(2024, 3, 1), "202"),  # a day belongs to the span that begins on it
        (date(2023, 8, 31), None),  # not here yet
    ],
)
def test_a_student_is_where_the_last_observation_says(
    tmp_path: Path, day: date, college: str | None
) -> None:
    moved = status("A", college_code="202", major_code="0201")
    land(tmp_path, "student_affairs/student_status", "a", datetime(2024, 9, 30), moved)
    land(tmp_path, "student_affairs/student_status_change", "a", datetime(2024, 9, 30), CHANGE)
    asked = pl.DataFrame({"student_no": ["A"], "day": [day]})
    found = students_on(Extracts(tmp_path), asked)["college_code"].to_list()
    assert found == ([] if college is None else [college])


def test_who_has_left_is_no_staff_but_keeps_the_last_post(tmp_path: Path) -> None:
    moment = datetime(2024, 9, 30)
    person = {
        "staff_no": "1",
        "joined_school_date": date(2020, 1, 1),
        "left_date": date(2024, 2, 1),
        "on_post_status": "01",
        "staff_category": "11",
    }
    post = {
        "staff_no": "1",
        "seq": 1,
        "unit_code": "20101",
        "effective_date": date(2021, 1, 1),
    }
    units = [
        {"unit_code": "201", "parent_unit_code": None, "unit_type": "1"},
        {"unit_code": "20101", "parent_unit_code": "201", "unit_type": "9"},
    ]
    land(tmp_path, "hr_management/staff_basic", "a", moment, person)
    land(tmp_path, "hr_management/staff_position_record", "a", moment, post)
    land(tmp_path, "hr_management/org_unit", "a", moment, *units)
    extracts = Extracts(tmp_path)
    days = pl.DataFrame({"staff_no": ["1", "1"], "day": [date(2024, 1, 31), date(2024, 2, 1)]})
    here = staff_on(extracts, days)
    assert here.select("day", "college_code").rows() == [(date(2024, 1, 31), "201")]
    assert staff_on(extracts, days, even_left=True).height == 2


def test_parts_sum_to_the_whole_and_nothing_is_divided_by_nothing() -> None:
    parts = pl.DataFrame(
        {
            "period": ["2025", "2025", "2025"],
            "college_code": ["201", None, "201"],
            "major_code": [None, None, "0101"],
            "numerator": [1, 1, 0],
            "denominator": [2, 0, 2],
        }
    )
    found = {
        (level, unit): (numerator, denominator, value)
        for _, _, level, unit, numerator, denominator, value in cells(
            parts, "x", factor=100
        ).iter_rows()
    }
    assert found == {
        ("school", "school"): (2, 4, 50),
        ("college", "201"): (1, 4, 25),
        ("college", "unassigned"): (1, 0, None),
        ("major", "unassigned"): (2, 2, 100),
        ("major", "0101"): (0, 2, 0),
    }
