"""A handful of landed rows through the whole dbt project, against results worked out by hand.

The college: two colleges, one office; students A (bachelor, on leave since 1 March 2026), B (became
staff), C (evening course); staff T1 (teacher), T2 (external), T3 (was student B).
Snapshots of 30 September 2025 and of 20 November 2026 02:00 Beijing, which is as-of.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.landed_rows import Rows, land, settings_in
from warehouse.authority import load_authority
from warehouse.engine import Connection, open_work
from warehouse.errors import TransformError
from warehouse.settings import Settings
from warehouse.transform import BuildResult, build_models

AS_OF = datetime(2026, 11, 19, 18, tzinfo=UTC)
CENSUS = "2025-09-30 15:00:00"


def _both(row: dict[str, Any], **later: Any) -> list[dict[str, Any]]:
    """A row of the census snapshot, and the same row, changed, of the one at as-of."""
    return [row | {"extracted_at": CENSUS, "batch_id": "c1"}, row | later | {"batch_id": "c2"}]


def _student(number: str, **values: Any) -> dict[str, Any]:
    return {
        "student_no": number,
        "name": f"学生{number}",
        "sex": "2",
        "birth_date": "2004-05-06",
        "id_doc_type": "1",
        "id_card_no": f"DOCUMENT{number}",
        "student_category": "42101",
        "entry_date": "2024-09-01",
        "grade_year": 2024,
        "college_code": "201",
        "major_code": "M1",
        "class_code": "K1",
        "current_status": "01",
    } | values


def _staff(number: str, **values: Any) -> dict[str, Any]:
    return {
        "staff_no": number,
        "name": f"教师{number}",
        "sex": "1",
        "id_doc_type": "1",
        "id_card_no": f"DOCUMENT{number}",
        "on_post_status": "11",
        "staff_category": "11",
        "joined_school_date": "2015-07-01",
    } | values


COLLEGE: Rows = {
    "hr_management/org_unit": [
        {"unit_code": "000", "unit_name": "学校", "unit_type": "9"},
        {"unit_code": "101", "unit_name": "处", "parent_unit_code": "000", "unit_type": "5"},
        {"unit_code": "201", "unit_name": "甲学院", "parent_unit_code": "000", "unit_type": "1"},
        {"unit_code": "202", "unit_name": "乙学院", "parent_unit_code": "000", "unit_type": "1"},
        {"unit_code": "20101", "unit_name": "系", "parent_unit_code": "201", "unit_type": "9"},
    ],
    "hr_management/staff_basic": [
        *_both(_staff("T1")),
        *_both(_staff("T2", on_post_status="99", staff_category="53")),
        _staff(
            "T3",
            name="学生B",
            birth_date="2004-05-06",
            id_card_no="DOCUMENTB",
            joined_school_date="2026-07-15",
            staff_category="13",
        ),
    ],
    "hr_management/staff_position_record": [
        {"staff_no": "T1", "seq": 1, "unit_code": "20101", "effective_date": "2015-07-01"},
        {"staff_no": "T3", "seq": 1, "unit_code": "101", "effective_date": "2026-07-15"},
    ],
    "student_affairs/student_status": [
        *_both(_student("A"), current_status="02"),
        *_both(
            _student("B", entry_date="2022-09-01", expected_graduation="2026-06"),
            current_status="07",
        ),
        *_both(_student("C", student_category="42221", college_code="202", major_code="M2")),
    ],
    "student_affairs/student_status_change": [
        {
            "change_id": "X1",
            "student_no": "A",
            "change_type": "11",
            "effective_date": "2026-03-01",
            "from_status": "01",
            "to_status": "02",
        }
    ],
    "academic_affairs/major": [
        {
            "major_code": "M1",
            "major_name": "专业一",
            "level": "3",
            "college_code": "201",
            "recruit_status": "在招",
        },
        {
            "major_code": "M2",
            "major_name": "专业二",
            "level": "3",
            "college_code": "202",
            "recruit_status": "当年停招",
        },
    ],
    "academic_affairs/course": [
        {"course_code": "K1", "course_name": "课一", "unit_code": "201", "credits": 3},
        {"course_code": "K2", "course_name": "课二", "unit_code": "202", "credits": 2},
    ],
    "academic_affairs/teaching_class": [
        {
            "class_no": "C1",
            "term_code": "2025-2026-1",
            "course_code": "K1",
            "lead_staff_no": "T1",
            "weekday": 1,
        },
        {"class_no": "C2", "term_code": "2025-2026-2", "course_code": "K2", "lead_staff_no": "T1"},
    ],
    "academic_affairs/course_selection": [
        {
            "student_no": "A",
            "class_no": "C1",
            "course_attribute": "1",
            "is_retake": False,
            "selected_at": "2025-09-01 00:00:00",
        },
        {
            "student_no": "A",
            "class_no": "C2",
            "is_retake": False,
            "selected_at": "2026-02-01 00:00:00",
            "dropped_at": "2026-03-02 00:00:00",
        },
    ],
    "academic_affairs/course_grade": [
        {
            "student_no": "A",
            "class_no": "C1",
            "course_code": "K1",
            "term_code": "2025-2026-1",
            "exam_nature": nature,
            "total_score": score,
            "grade_point": point,
            "credits_earned": earned,
            "passed": passed,
        }
        for nature, score, point, earned, passed in (
            ("01", 55, 0, 0, False),
            ("11", 66, 1.6, 3, True),
        )
    ],
    "tuition_collection/fee_bill": [
        {
            "bill_no": "F1",
            "student_no": "A",
            "academic_year": "2025-2026",
            "fee_item": "学费",
            "standard_amount": 5500,
            "waiver_amount": 500,
            "due_amount": 5000,
            "paid_amount": 4000,
            "fee_status": "4",
        },
        {
            "bill_no": "F2",
            "student_no": "C",
            "academic_year": "2025-2026",
            "fee_item": "学费",
            "standard_amount": 3000,
            "due_amount": 3000,
            "paid_amount": 3000,
            "fee_status": "2",
        },
    ],
    "tuition_collection/fee_payment": [
        {
            "payment_no": "P1",
            "bill_no": "F1",
            "student_no": "A",
            "paid_at": "2025-09-02 00:00:00",
            "amount": 4000,
        }
    ],
    "student_meal_card/meal_account": [
        {"card_no": "M1", "student_no": "A", "card_status": "正常", "balance": 12.5}
    ],
    "student_meal_card/meal_merchant": [
        {"merchant_no": "W1", "merchant_name": "一号窗口", "canteen": "一食堂", "kind": "餐饮"},
        {"merchant_no": "W2", "merchant_name": "超市", "canteen": "一食堂", "kind": "超市"},
    ],
    "student_meal_card/meal_transaction": [
        {
            "transaction_no": f"Z{number}",
            "card_no": "M1",
            "student_no": "A",
            "transaction_type": kind,
            "amount": amount,
            "merchant_no": merchant,
            "traded_at": at,
        }
        for number, (kind, amount, merchant, at) in enumerate(
            (
                # 23:59 and 00:01 in Beijing: two days
                ("消费", 10, "W1", "2026-03-01 15:59:00"),
                ("消费", 12.5, "W1", "2026-03-01 16:01:00"),
                ("消费", 7, "W1", "2026-03-01 23:00:00"),
                ("消费", 30, "W2", "2026-03-01 23:30:00"),
                ("充值", 100, None, "2026-03-01 04:00:00"),
            )
        )
    ],
    "library_management/library_item": [{"barcode": "L1", "title": "书"}],
    "library_management/library_loan": [
        {
            "loan_id": f"O{number}",
            "reader_no": reader,
            "reader_kind": kind,
            "barcode": "L1",
            "borrowed_at": at,
        }
        for number, (reader, kind, at) in enumerate(
            (
                ("A", "学生", "2026-01-05 00:00:00"),
                ("C", "学生", "2026-05-05 00:00:00"),
                ("T1", "教职工", "2026-05-06 00:00:00"),
                ("nobody", "教职工", "2026-05-06 00:00:00"),
            )
        )
    ],
    "property_management/building": [{"building_code": "D1", "building_name": "一号楼"}],
    "property_management/room": [{"room_code": "D1-101", "building_code": "D1", "use": "111"}],
}


class Built:
    """The built working file and the result of the run."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.file = settings.paths.warehouse_file
        self.result: BuildResult = build_models(
            self.file, settings, as_of=AS_OF, prepare=land(COLLEGE), unit_tests=True
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = open_work(self.file, read_only=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def figure(self, indicator: str, period: str, unit: str = "school") -> tuple[Any, ...] | None:
        found = self.rows(
            "select numerator, denominator, value from statistics.indicator_value "
            f"where indicator = '{indicator}' and period = '{period}' and unit = '{unit}'"
        )
        return found[0] if found else None


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield Built(settings_in(tmp_path_factory.mktemp("dbt build 建")))


def test_every_model_and_check_passes(built: Built) -> None:
    # B and C hold no place in a class of the autumn term, and B was billed nothing: a finding.
    assert [
        (node.name, node.status) for node in built.result.nodes if node.status != "success"
    ] == [("statistics__reconciliation_agrees", "warn")]
    kinds = {node.kind for node in built.result.nodes}
    assert kinds == {"model", "seed", "test", "unit_test"}
    assert built.result.failed == ()


def test_head_counts_follow_the_students_history(built: Built) -> None:
    assert built.figure("students_enrolled", "2025") == (3, None, 3)
    # On 30 September 2026 A is on leave and B has graduated; C stays.
    assert built.figure("students_enrolled", "2026") == (1, None, 1)
    assert built.figure("students_enrolled", "2026-11-20") == (1, None, 1)
    assert built.figure("students_enrolled", "2025", "201") == (2, None, 2)
    assert built.figure("students_enrolled", "2024") is None


def test_an_evening_student_weighs_three_tenths_and_is_not_full_time(built: Built) -> None:
    assert built.figure("full_time_students", "2025") == (2, None, 2)
    assert built.figure("equivalent_students", "2025") == (2.3, None, 2.3)
    assert built.figure("undergraduate_share", "2025") == (2, 2, 100)


def test_an_external_teacher_is_half_a_teacher(built: Built) -> None:
    numerator, denominator, value = built.figure("student_teacher_ratio", "2025") or ()
    assert (numerator, denominator) == (2.3, 1.5)
    assert value == pytest.approx(2.3 / 1.5)
    assert built.figure("student_teacher_ratio", "2025", "202") == (0.3, 0, None)


def test_staff_count_from_the_day_they_join(built: Built) -> None:
    assert built.figure("staff_employed", "2025") == (1, None, 1)
    assert built.figure("staff_employed", "2026") == (2, None, 2)
    # T1's post is in a department of college 201, T3's in an office.
    assert built.figure("staff_employed", "2026", "201") == (1, None, 1)
    assert built.figure("staff_employed", "2026", "101") == (1, None, 1)
    assert built.figure("full_time_teachers", "2026") == (1, None, 1)


def test_figures_of_a_year_are_those_of_that_year(built: Built) -> None:
    assert built.figure("courses_offered", "2025-2026") == (2, None, 2)
    assert built.figure("majors_recruiting", "2026-11-20") == (1, None, 1)
    assert built.figure("tuition_collection_rate", "2025-2026") == (7000, 8000, 87.5)
    # At the census of 2026 nobody studies full-time, so there is nobody to divide by.
    assert built.figure("loans_per_student", "2026") == (2, 0, None)
    assert built.figure("loans_per_student", "2025") is None
    assert built.figure("meal_spend_per_student_month", "2026") == (29.5, 1, 29.5)


def test_a_student_who_became_staff_is_one_person(built: Built) -> None:
    both = built.rows(
        "select person_key, display_name from personal.person where is_student and is_staff"
    )
    assert len(both) == 1
    assert both[0][1] == "学生B"
    numbers = built.rows(
        "select kind, number, valid_to is null from personal.person_number "
        f"where person_key = {both[0][0]} order by number"
    )
    assert numbers == [("student", "B", False), ("staff", "T3", True)]
    assert built.rows("select count(*) from personal.person") == [(5,)]


def test_the_people_behind_a_difference_stand_in_the_owner_units_table_alone(built: Built) -> None:
    assert built.rows(
        "select student_no, in_student_affairs, in_academic_affairs, in_tuition "
        "from student_enrollment_data.headcount_difference where period = '2025' order by 1"
    ) == [("B", True, False, False), ("C", True, False, True)]
    assert built.rows(
        "select check_name, expected, found, people_count, is_within_tolerance "
        "from statistics.reconciliation where level = 'school' and period like '2025%' order by 1"
    ) == [
        ("bills_and_payments", 7000, 4000, 1, False),
        ("headcount_academic_affairs", 3, 1, 2, False),
        ("headcount_tuition", 3, 2, 1, False),
    ]
    assert built.rows("select bill_no from student_finance_data.payment_difference") == [("F2",)]


def test_personal_tables_hold_labels_and_the_latest_state(built: Built) -> None:
    assert built.rows(
        "select name, sex, college_name, major_name, current_status, total_credits "
        "from personal.student where student_no = 'A'"
    ) == [("学生A", "女性", "甲学院", "专业一", "休学", 3)]
    assert built.rows(
        "select change_type, from_status, to_status from personal.student_status_change"
    ) == [("休学", "在读", "休学")]
    assert built.rows(
        "select course_name, teacher_name, course_attribute from personal.course_selection "
        "where class_no = 'C1'"
    ) == [("课一", "教师T1", "必修")]


def test_the_best_sitting_counts_and_a_dropped_class_does_not(built: Built) -> None:
    assert built.rows(
        "select term_code, course_count, credits_earned, gpa, failed_count "
        "from personal.term_summary"
    ) == [("2025-2026-1", 1, 3, 1.6, 0)]


def test_a_class_of_one_shows_no_quartiles(built: Built) -> None:
    assert built.rows(
        "select distinct class_count, class_median, share_below from personal.course_grade"
    ) == [(1, None, None)]


def test_a_bill_adds_up(built: Built) -> None:
    assert built.rows(
        "select bill_no, waiver_amount, outstanding_amount, fee_status "
        "from personal.fee_bill order by 1"
    ) == [("F1", 500, 1000, "部分缴纳"), ("F2", 0, 0, "已缴清")]


def test_a_day_ends_at_midnight_in_beijing(built: Built) -> None:
    assert built.rows(
        "select cast(meal_date as varchar), meal_count, amount from personal.meal_day order by 1"
    ) == [("2026-03-01", 1, 10), ("2026-03-02", 2, 19.5)]
    assert built.rows("select count(*) from personal.meal_transaction") == [(5,)]


def test_a_reader_nobody_knows_is_on_no_page(built: Built) -> None:
    assert built.rows("select loan_id from personal.library_loan order by 1") == [
        ("O0",),
        ("O1",),
        ("O2",),
    ]
    assert built.rows("select loan_id from staff_life_data.library_loan order by 1") == [
        ("O2",),
        ("O3",),
    ]


def test_few_people_are_not_published(built: Built) -> None:
    shown = built.rows(
        "select distinct indicator from public_statistics.indicator_value where not is_suppressed"
    )
    of_people = built.rows(
        "select distinct indicator from intermediate.int_statistics__indicator_value "
        "where smallest_group is not null"
    )
    assert {("courses_offered",), ("majors_recruiting",)} <= set(shown)
    assert ("students_enrolled",) in of_people
    assert set(shown) & set(of_people) == set()
    counts = "select (select count(*) from public_statistics.indicator), count(*)"
    ((published, defined),) = built.rows(f"{counts} from reference.indicator")
    assert published == defined > 12


def test_an_indicator_says_who_owns_it_and_what_it_is_made_of(built: Built) -> None:
    assert built.rows(
        "select owners, levels, inputs, target from statistics.indicator "
        "where id = 'student_teacher_ratio'"
    ) == [
        (
            ["发展规划处", "评估督导处", "人事处", "学生处"],
            ["school", "college"],
            [
                "student_status.student_category",
                "staff_basic.staff_category",
                "staff_basic.on_post_status",
            ],
            18,
        )
    ]


def test_every_item_says_what_holds_it_and_how_completely(built: Built) -> None:
    assert built.rows("select count(*), count(distinct code) from personal.item") == [(65, 65)]
    held = built.rows(
        "select holders, people_held, people_due, coverage from personal.item where code = 'A3-12'"
    )
    assert json.loads(held[0][0]) == [{"table": "staff_position", "columns": ["unit_name"]}]
    assert held[0][1:] == (2, 2, 1.0)
    # Only C is enrolled, and C has no grade.
    assert built.rows(
        "select people_held, people_due, coverage from personal.item where code = 'A4-23'"
    ) == [(0, 1, 0.0)]
    assert built.rows(
        "select people_held, people_due, coverage, oldest from personal.item where code = 'A4-03'"
    ) == [(0, 1, 0.0, None)], "no family member was landed"
    assert built.rows("select code from personal.item where holders = '[]'") == []


def test_every_holder_is_a_column_of_a_personal_table(built: Built) -> None:
    columns = {
        (table, column)
        for table, column in built.rows(
            "select table_name, column_name from information_schema.columns "
            "where table_schema = 'personal'"
        )
    }
    for (holders,) in built.rows("select holders from personal.item"):
        for holder in json.loads(holders):
            assert {(holder["table"], column) for column in holder["columns"]} <= columns


def test_every_personal_table_says_where_it_comes_from(built: Built) -> None:
    tables = {
        table
        for (table,) in built.rows(
            "select distinct table_name from information_schema.columns "
            "where table_schema = 'personal' and column_name = 'person_key'"
        )
    }
    told = built.rows(
        "select table_name, owner, source_name, cadence, legal_basis, retention "
        "from personal.table_item"
    )
    # What sums up other tables comes from where these come.
    summaries = {
        node["alias"]
        for node in built.result.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["meta"].get("summary")
    }
    assert {row[0] for row in told} == tables - summaries
    assert all(all(row) for row in told)


def test_authority_tables_about_people_bear_a_college(built: Built) -> None:
    columns = built.rows(
        "select table_schema, table_name, list(column_name) from information_schema.columns "
        "where table_schema like '%\\_data' escape '\\' group by all"
    )
    about_people = [row for row in columns if "person_key" in row[2]]
    assert {schema for schema, _, _ in about_people} == {
        dataset.id
        for dataset in load_authority().datasets
        if not dataset.is_statistics and dataset.id != "staff_research_data"
    }
    assert [row[:2] for row in about_people if "college_code" not in row[2]] == []
    assert built.rows("select college_code from student_academic_data.course_grade limit 1") == [
        ("201",)
    ]
    shown = "select distinct indicator from school_finance_statistics.indicator_value"
    assert ("tuition_collection_rate",) in built.rows(shown)
    of_the_row = "select id from reference.indicator where row_code = 'A2-21'"
    assert set(built.rows(shown)) <= set(built.rows(of_the_row))


def test_an_id_number_leaves_its_table_only_as_a_hash_that_needs_the_key(built: Built) -> None:
    [(whole, hashed)] = built.rows(
        "select id_card_no, id_card_hash from staff_basic_data.staff_basic limit 1"
    )
    key = (built.settings.paths.secrets / "identity.key").read_text(encoding="ascii")
    inner, outer = (
        hmac.new(bytes.fromhex(key), use, hashlib.sha256).hexdigest()
        for use in (b"inner", b"outer")
    )
    within = hashlib.sha256(f"{inner}{whole}".encode()).hexdigest()
    assert hashed == hashlib.sha256(f"{outer}{within}".encode()).hexdigest()
    told = "".join(built.result.compiled.values()) + repr(built.result)
    for folder in (built.settings.paths.logs, built.settings.paths.work / "dbt"):
        told += "".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in folder.rglob("*")
            if path.is_file()
        )
    assert "stg_hub__identity_key" in told
    assert not any(secret in told for secret in (key, inner, outer))


def test_the_result_describes_the_models_and_their_sql(built: Built) -> None:
    models = {
        node["name"]: node
        for node in built.result.manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    grade = models["student_academic_data__course_grade"]
    assert (grade["schema"], grade["alias"]) == ("student_academic_data", "course_grade")
    assert grade["meta"]["audience"] == "authority"
    assert grade["meta"]["owner"] == "academic_affairs_office"
    assert models["personal__course_grade"]["meta"]["sort"][0] == "person_key"
    assert "weight" in built.result.compiled["int_statistics__student_headcount"]
    checks = [node for node in built.result.nodes if node.kind in ("test", "unit_test")]
    assert [node.name for node in checks if node.attached_model not in models] == []
    assert [node.name for node in checks if not node.description] == []


def test_the_log_holds_results_and_no_values(built: Built) -> None:
    log = built.settings.paths.logs / "transform.log"
    text = log.read_text(encoding="utf-8")
    assert "personal__student" in text
    assert "DOCUMENT" not in text and "学生A" not in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_second_run_in_the_same_process_gives_the_same_content(built: Built) -> None:
    tables = built.rows(
        "select table_schema, table_name from information_schema.tables where table_schema in "
        "('personal', 'statistics', 'public_statistics', 'student_finance_data') order by all"
    )

    def contents() -> list[list[tuple[Any, ...]]]:
        return [
            built.rows(f'select * from "{schema}"."{table}" order by all')
            for schema, table in tables
        ]

    before = contents()
    connection = open_work(built.file)  # the file is free: nobody holds it open
    connection.execute("create table main.elsewhere as select 1 as one")
    connection.close()
    again = build_models(built.file, built.settings, as_of=AS_OF, prepare=land(COLLEGE))
    assert again.failed == ()
    assert contents() == before
    assert not built.file.with_name(built.file.name + ".wal").exists()


def test_a_broken_check_is_returned_with_its_name_and_without_values(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    bill = COLLEGE["tuition_collection/fee_bill"][0]
    broken = dict(COLLEGE) | {
        "tuition_collection/fee_bill": [
            bill | {"due_amount": 4321.09},
            bill | {"bill_no": "F2", "student_no": "nobody"},
        ]
    }
    result = build_models(
        settings.paths.warehouse_file,
        settings,
        as_of=AS_OF,
        prepare=land(broken),
        select=("+fct_fee", "+dim_person"),
    )
    (failed,) = result.failed
    assert (failed.name, failed.kind, failed.status) == ("fct_fee_holds", "test", "fail")
    assert (failed.severity, failed.attached_model) == ("error", "fct_fee")
    assert (
        failed.message
        == "billed_in_total: 1 row(s); billed_is_paid_outstanding_and_waived: 1 row(s); "
        "due_and_waiver_make_standard: 1 row(s); person_key is present: 1 row(s)"
    )


def test_a_model_that_cannot_run_is_returned_without_values(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    def prepare(connection: Connection) -> None:
        land(COLLEGE)(connection)
        connection.execute(
            "alter table tuition_collection.fee_payment alter amount type varchar;"
            "update tuition_collection.fee_payment set amount = 'DOCUMENTA';"
            "alter table tuition_collection.fee_payment rename to told;"
            "create view tuition_collection.fee_payment as select * replace "
            "(cast(amount as decimal(14, 2)) as amount) from tuition_collection.told"
        )

    result = build_models(
        settings.paths.warehouse_file,
        settings,
        as_of=AS_OF,
        prepare=prepare,
        select=("+fct_fee", "+dim_person"),
    )
    errors = [node for node in result.failed if node.status == "error"]
    assert [node.name for node in errors] == ["fct_fee"]
    assert "Conversion Error" in errors[0].message
    assert "DOCUMENTA" not in errors[0].message
    assert "DOCUMENTA" not in (settings.paths.logs / "transform.log").read_text(encoding="utf-8")
    assert [node.name for node in result.nodes if node.status == "skipped"] == ["fct_fee_holds"]


def test_a_project_that_dbt_cannot_read_is_an_error(tmp_path: Path) -> None:
    home = settings_in(tmp_path)
    project = tmp_path / "坏 project"
    project.mkdir()
    (project / "dbt_project.yml").write_text("name: [", encoding="utf-8")
    settings = home.model_copy(update={"dbt_project": project})
    with pytest.raises(TransformError, match="dbt could not run"):
        build_models(settings.paths.warehouse_file, settings, as_of=AS_OF, prepare=land({}))


def test_the_working_file_bears_the_name_its_views_hold(tmp_path: Path) -> None:
    with pytest.raises(TransformError, match="called warehouse"):
        build_models(
            tmp_path / "other.duckdb", settings_in(tmp_path), as_of=AS_OF, prepare=land({})
        )
