"""Marts and figures over time: which version counts, where late rows go, and what was known.

Three snapshots of students, a transfer that is reported months late, and loans that arrive out of
order, are mended and withdrawn. The lake is real; nothing was ingested, since the models are meant.
"""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from landed_rows import deliver, settings_in
from typer.testing import CliRunner

from warehouse.access.desk import open_desk
from warehouse.access.operator_marts import read_mart
from warehouse.cli.main import build_app
from warehouse.contracts import load_contracts
from warehouse.engine import open_work
from warehouse.errors import UsageError
from warehouse.ingest.landed import create_landed_views
from warehouse.release.as_of import end_of_day, model_named
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry
from warehouse.transform import build_models

AS_OF = datetime(2026, 11, 20, 2, tzinfo=UTC)
CENSUS = ("2024-09-30 02:00:00", "2025-09-30 02:00:00", "2026-09-30 02:00:00")


def _student(number: str, **values: object) -> dict[str, object]:
    return {
        "student_no": number,
        "name": f"学生{number}",
        "birth_date": "2004-05-06",
        "id_doc_type": "1",
        "id_card_no": f"DOCUMENT{number}",
        "student_category": "42101",
        "entry_date": "2024-09-01",
        "college_code": "201",
        "current_status": "01",
    } | values


def _loan(number: str, borrowed: str, **values: object) -> dict[str, object]:
    return {
        "loan_id": number,
        "reader_no": "A",
        "reader_kind": "学生",
        "barcode": "L1",
        "borrowed_at": borrowed,
        "renewals": 0,
    } | values


#: (table, extracted_at, rows) in the order in which they arrived.
DELIVERIES = (
    (
        "hr_management/org_unit",
        CENSUS[0],
        [
            {"unit_code": "000", "unit_name": "学校", "unit_type": "9"},
            {"unit_code": "201", "unit_name": "甲", "parent_unit_code": "000", "unit_type": "1"},
            {"unit_code": "202", "unit_name": "乙", "parent_unit_code": "000", "unit_type": "1"},
        ],
    ),
    ("library_management/library_item", CENSUS[0], [{"barcode": "L1", "title": "书"}]),
    ("student_affairs/student_status", CENSUS[0], [_student("A"), _student("B")]),
    # The snapshot of 2026 arrives before that of 2025. B is in neither.
    ("student_affairs/student_status", CENSUS[2], [_student("A", college_code="202")]),
    ("student_affairs/student_status", CENSUS[1], [_student("A")]),
    (
        "student_affairs/student_status_change",
        "2026-05-01 02:00:00",
        [
            {
                "change_id": "X",
                "student_no": "A",
                "change_type": "22",
                "effective_date": "2025-09-15",
                "from_college": "201",
                "to_college": "202",
            }
        ],
    ),
    (
        "library_management/library_loan",
        "2026-02-10 02:00:00",
        [
            _loan("mended", "2025-03-01 02:00:00", renewals=2, source_updated_at="2026-02-01"),
            _loan("withdrawn", "2025-04-01 02:00:00", source_updated_at="2025-04-01"),
        ],
    ),
    (
        "library_management/library_loan",
        "2026-03-10 02:00:00",
        [
            _loan("mended", "2025-03-01 02:00:00", renewals=1, source_updated_at="2026-01-01"),
            _loan("plain", "2026-01-05 02:00:00", source_updated_at="2026-01-05"),
        ],
    ),
    (
        "library_management/library_loan",
        "2026-05-01 02:00:00",
        [
            _loan(
                "withdrawn", "2025-04-01 02:00:00", is_deleted=True, source_updated_at="2026-04-15"
            ),
            # Half an hour before the new year in Beijing, and half an hour after it.
            _loan("late", "2025-12-31 15:30:00", source_updated_at="2026-04-20"),
            _loan("later", "2025-12-31 16:30:00", source_updated_at="2026-04-20"),
        ],
    ),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = settings_in(tmp_path_factory.mktemp("history 史"))
    deliver(made, DELIVERIES)
    return made


@pytest.fixture(scope="module")
def now(settings: Settings) -> Iterator[object]:
    """What is known in the end: asks the working file."""
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        result = build_models(
            settings.paths.warehouse_file,
            settings,
            as_of=AS_OF,
            prepare=lambda connection: create_landed_views(
                connection, load_contracts(), opened, settings.paths
            ),
            select=[
                "+int_statistics__library",
                "+fct_library_loan",
                "+dim_student",
                "stg_library_management__library_loan_history",
            ],
            checks=False,
        )
    engine.dispose()
    assert [node.name for node in result.nodes if node.status != "success"] == []
    connection = open_work(settings.paths.warehouse_file, read_only=True)
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


def test_the_sources_latest_change_counts_and_not_the_latest_arrival(now):
    assert now("select renewals from marts.fct_library_loan where loan_id = 'mended'") == [(2,)]


def test_a_deletion_ends_a_row_and_does_not_erase_it(now):
    assert now("select count(*) from marts.fct_library_loan where loan_id = 'withdrawn'") == [(0,)]
    assert now(
        "select is_deleted, valid_to is null from "
        "staging.stg_library_management__library_loan_history "
        "where loan_id = 'withdrawn' order by valid_from"
    ) == [(False, False), (True, True)]
    # A student whom the snapshots no longer show was here until the first one without them.
    assert now(
        "select valid_from, valid_to, is_enrolled from marts.dim_student where student_no = 'B'"
    ) == [(date(2024, 9, 1), date(2025, 9, 30), False)]


def test_late_rows_reach_the_period_they_belong_to(now):
    figures = now(
        "select period, unit, numerator, denominator from intermediate.int_statistics__library "
        "where period in ('2025', '2026') order by all"
    )
    # 2025: mended and late. The transfer of 15 September puts the student and the loan of December
    # into college 202, and not the one of March. 2026: plain and later.
    assert ("2025", "school", 2, 1) in figures
    assert ("2025", "202", 1, 1) in figures
    assert ("2026", "school", 2, 1) in figures
    assert now(
        "select college_code, valid_from, valid_to from marts.dim_student "
        "where student_no = 'A' order by valid_from"
    ) == [("201", date(2024, 9, 1), date(2025, 9, 15)), ("202", date(2025, 9, 15), None)]


def test_a_mart_as_of_a_day_knows_nothing_later(settings, tmp_path):
    target = tmp_path / "loans.json"
    answer = CliRunner().invoke(
        build_app(),
        [
            *("--home", str(settings.paths.root), "mart", "fct_library_loan"),
            *("--as-of", "2026-03-31", "--format", "json", "--out", str(target)),
        ],
        catch_exceptions=False,
    )
    assert answer.exit_code == 0
    rows = {row["loan_id"]: row for row in json.loads(target.read_text(encoding="utf-8"))}
    assert sorted(rows) == ["mended", "plain", "withdrawn"]
    assert rows["mended"]["renewals"] == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not (settings.paths.work / "as-of").exists()
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        noted = [
            (entry.phase, json.loads(entry.detail))
            for entry in opened.query(AuditEntry).filter_by(action="mart.read")
        ]
    engine.dispose()
    assert noted == [
        (
            "intent",
            {
                "mart": "fct_library_loan",
                "as_of": "2026-03-31",
                "valid_on": None,
                "format": "json",
            },
        ),
        ("outcome", {"result": "served", "rows": 3}),
    ]


def test_what_cannot_be_asked_is_refused_before_anything_is_built(settings, tmp_path):
    existing = tmp_path / "there.csv"
    existing.touch()
    with open_desk(settings) as desk:
        for name, day, options, message in (
            ("fct_library_loans", date(2026, 1, 1), {}, "no mart or published"),
            ("stg_student_affairs__student_status", date(2026, 1, 1), {}, "no mart or published"),
            ("dim_student", date(2026, 1, 1), {"form": "xml"}, "no format"),
            ("dim_student", date(2026, 1, 1), {"form": "csv"}, "needs a file"),
            ("dim_student", date(2026, 1, 1), {"form": "csv", "target": existing}, "already"),
            ("dim_student", date(2020, 1, 1), {}, "Nothing had been extracted"),
        ):
            with pytest.raises(UsageError, match=message):
                read_mart(desk, name, day, **options)


def test_a_day_ends_at_midnight_in_beijing():
    assert end_of_day(date(2026, 3, 31)) == datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)


def test_a_published_table_is_named_as_readers_know_it(settings):
    project = settings.project_folder
    assert model_named(project, "personal.student") == "personal__student"
    assert model_named(project, "dim_student") == "dim_student"
