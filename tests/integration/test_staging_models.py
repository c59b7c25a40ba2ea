"""Which version of a row holds, and every version it had, judged by the source's time alone."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.landed_rows import Rows, land, settings_in
from warehouse.contracts import load_contracts
from warehouse.engine import open_work
from warehouse.transform import build_models

AS_OF = datetime(2026, 11, 19, 18, tzinfo=UTC)
HONOURS = "stg_form_staff_self_service__staff_honor"
SITES = "stg_website_cluster__website"
DEGREES = "stg_hr_management__staff_education_record"
POSTS = "stg_hr_management__staff_resume"


def _honour(name: str, updated: str | None, batch: str, extracted: str, **more: Any) -> dict:
    return {
        "record_no": "R1",
        "staff_no": "100001",
        "honor_name": name,
        "level": "40",
        "source_updated_at": updated,
        "extracted_at": extracted,
        "batch_id": batch,
    } | more


def _site(code: str, batch: str, extracted: str, **more: Any) -> dict:
    return {
        "site_code": code,
        "site_name": "主站",
        "mlps_level": "2",
        "extracted_at": extracted,
        "batch_id": batch,
    } | more


def _versions() -> list[dict[str, Any]]:
    generator = random.Random(11)
    return [
        {
            "staff_no": "100001",
            "seq": generator.randint(1, 6),
            "source_updated_at": f"2026-0{generator.randint(1, 3)}-0{generator.randint(1, 9)}",
            "extracted_at": f"2026-04-{number % 28 + 1:02} {number // 28:02}:00:00",
            "batch_id": f"b{number}",
            "batch_row": 1,
            "is_deleted": generator.random() < 0.2,
        }
        for number in range(120)
    ]


VERSIONS = _versions()

ROWS: Rows = {
    # the same versions in two tables, landed in opposite orders
    "hr_management/staff_education_record": [
        row | {"major_name": f"version {row['batch_id']}"} for row in VERSIONS
    ],
    "hr_management/staff_resume": [
        row | {"role": f"version {row['batch_id']}"} for row in reversed(VERSIONS)
    ],
    "form_staff_self_service/staff_honor": [
        # a correction that arrives first is still the later version
        _honour("second", "2026-03-01 00:00:00", "b1", "2026-03-02 00:00:00"),
        _honour("first", "2026-01-01 00:00:00", "b2", "2026-03-03 00:00:00"),
        # two versions of one moment: the one extracted last counts
        _honour("third, early", "2026-05-01 00:00:00", "b3", "2026-05-02 00:00:00"),
        _honour("third, late", "2026-05-01 00:00:00", "b4", "2026-05-03 00:00:00"),
        # deleted, then back
        _honour("gone", "2026-06-01 00:00:00", "b5", "2026-06-02 00:00:00", is_deleted=True),
        _honour("back", "2026-07-01 00:00:00", "b6", "2026-07-02 00:00:00", level="10"),
        # a row of which the source gives no time holds from its extract on
        _honour("only", None, "b7", "2026-02-01 00:00:00", record_no="R2", level="no such"),
        _honour("ended", "2026-02-01 00:00:00", "b7", "2026-02-02 00:00:00", record_no="R3"),
        _honour(
            "ended",
            "2026-02-05 00:00:00",
            "b8",
            "2026-02-06 00:00:00",
            record_no="R3",
            is_deleted=True,
        ),
    ],
    "website_cluster/website": [
        # three snapshots; W2 is missing from the second, W1 changes in the third
        *(_site(code, "s1", "2026-01-01 00:00:00") for code in ("W1", "W2", "W3", "W4", "W5")),
        _site("W1", "s2", "2026-02-01 00:00:00"),
        _site("W3", "s2", "2026-02-01 00:00:00"),
        # other files of the second moment: neither ends what only another shows
        *(_site(code, "a2", "2026-02-01 00:00:00") for code in ("W1", "W4")),
        *(_site(code, "t2", "2026-02-01 00:00:00") for code in ("W4", "W5")),
        *(_site(code, "s3", "2026-03-01 00:00:00") for code in ("W4", "W5")),
        _site("W1", "s3", "2026-03-01 00:00:00", mlps_level="3"),
        _site("W2", "s3", "2026-03-01 00:00:00"),
    ],
}


class Staged:
    def __init__(self, folder: Path, rows: Rows, *models: str) -> None:
        settings = settings_in(folder)
        self.file = settings.paths.warehouse_file
        result = build_models(
            self.file,
            settings,
            as_of=AS_OF,
            prepare=land(rows),
            select=["code_value", *models],
        )
        assert [node.name for node in result.nodes if node.status != "success"] == []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = open_work(self.file, read_only=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    models = [
        f"{name}{suffix}"
        for name in (HONOURS, SITES, DEGREES, POSTS)
        for suffix in ("", "_history")
    ]
    yield Staged(tmp_path_factory.mktemp("分层"), ROWS, *models)


def test_the_version_that_holds_is_the_latest_by_the_sources_time(staged: Staged) -> None:
    found = staged.rows(f"select record_no, honor_name from staging.{HONOURS} order by 1")
    assert found == [("R1", "back"), ("R2", "only")], "R3 was deleted"


def test_a_code_stands_beside_its_label_and_an_unknown_one_for_itself(staged: Staged) -> None:
    found = staged.rows(f"select record_no, level, level_label from staging.{HONOURS} order by 1")
    assert found == [("R1", "10", "国家级"), ("R2", "no such", "no such")]


def test_history_holds_every_version_from_its_moment_to_the_next(staged: Staged) -> None:
    found = staged.rows(
        "select honor_name, strftime(valid_from, '%m-%d'), strftime(valid_to, '%m-%d'), is_deleted "
        f"from staging.{HONOURS}_history where record_no = 'R1' order by valid_from"
    )
    assert found == [
        ("first", "01-01", "03-01", False),
        ("second", "03-01", "05-01", False),
        ("third, late", "05-01", "06-01", False),
        ("gone", "06-01", "07-01", True),
        ("back", "07-01", None, False),
    ]


def test_a_snapshot_without_a_key_ends_it_and_a_later_one_brings_it_back(staged: Staged) -> None:
    found = staged.rows(
        "select site_code, mlps_level, strftime(valid_from, '%m'), strftime(valid_to, '%m') "
        f"from staging.{SITES}_history order by 1, 3"
    )
    assert found == [
        ("W1", "2", "01", "03"),
        ("W1", "3", "03", None),
        ("W2", "2", "01", "02"),
        ("W2", "2", "03", None),
        ("W3", "2", "01", "03"),
        ("W4", "2", "01", None),
        ("W5", "2", "01", None),
    ]
    current = staged.rows(
        f"select site_code, strftime(ended_at, '%m') from staging.{SITES} order by 1"
    )
    assert current == [("W1", None), ("W2", None), ("W3", "03"), ("W4", None), ("W5", None)]


def test_one_version_holds_at_any_moment_whatever_the_order_of_arrival(staged: Staged) -> None:
    """Random versions, landed in two orders: the same spans, none overlapping, none missing."""
    spans = []
    for model, name in ((POSTS, "role"), (DEGREES, "major_name")):
        spans.append(
            staged.rows(
                f"select seq, {name}, valid_from, valid_to, is_deleted "
                f"from staging.{model}_history order by seq, valid_from"
            )
        )
        holds = dict(staged.rows(f"select seq, {name} from staging.{model}"))
        last = {row[0]: row for row in spans[-1]}
        assert holds == {key: row[1] for key, row in last.items() if not row[4]}
        assert len(holds) < len(last), "some end with a deletion"
    assert spans[0] == spans[1]
    moments = {(row["seq"], row["source_updated_at"]) for row in VERSIONS}
    assert len(spans[0]) == len(moments) < len(VERSIONS)
    for before, after in itertools.pairwise(spans[0]):
        if before[0] == after[0]:
            assert before[3] == after[2] > before[2]
        else:
            assert before[3] is None


def test_every_table_is_staged_with_its_history_and_decoded() -> None:
    models = Path(__file__).resolve().parents[2] / "dbt_project/models/staging"
    for table in load_contracts():
        name = models / table.source / f"stg_{table.source}__{table.name}"
        for suffix in ("", "_history"):
            text = name.with_name(f"{name.name}{suffix}.sql").read_text(encoding="utf-8")
            assert f"source('{table.source}', '{table.name}')" in text
            for column in table.columns:
                assert column.name in text, (name, column.name)
                if column.code_table:
                    assert f"label('{column.name}', '{column.code_table}')" in text, (
                        name,
                        column.name,
                    )
