"""What becomes of whole files: landed once, refused with nothing lost, waiting for parents."""

from __future__ import annotations

import fcntl
import hashlib
import os

import pytest
from ingest_contracts import (
    PAYMENT,
    STAFF,
    UNIT,
    UNITS,
    landed,
    ledger_of,
    payment_row,
    put,
    quarantined,
    run,
    staff_row,
)

from warehouse.errors import IngestError, UsageError
from warehouse.ingest import ingest, ledger
from warehouse.settings import load_settings
from warehouse.state import open_state, session


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "数据 home", threads=2)
    settings.paths.create()
    return settings


@pytest.fixture
def loaded(settings):
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    assert [file.refused_rows for file in run(settings).files] == [0, 0]
    return settings


def only(report):
    (result,) = report.files
    return result


def inbox_files(settings):
    return [path for path in settings.paths.inbox.rglob("*") if path.is_file()]


def refused_files(settings):
    return sorted(settings.paths.quarantine.glob("*/*/refused/*"))


def test_same_content_twice_is_a_duplicate_under_whatever_name(loaded):
    before = ledger_of(loaded)
    put(loaded, STAFF, "again.csv", [staff_row(place) for place in range(10)])
    result = only(run(loaded))
    assert (result.result, result.accepted_rows) == ("duplicate", 0)
    assert inbox_files(loaded) == []
    assert ledger_of(loaded) == before
    assert landed(loaded, "SELECT count(*) FROM hr.staff") == [(10,)]


def test_a_run_with_nothing_new_changes_nothing(loaded):
    before = ledger_of(loaded)
    assert run(loaded).to_json() == {
        "files": [],
        "landed_late": 0,
        "unsettled": [],
        "failed": {},
        "waiting": [],
        "left_alone": [],
        "unreturned": {},
    }
    assert ledger_of(loaded) == before


def test_changed_structure_refuses_the_file_and_keeps_it(loaded):
    path = put(loaded, STAFF, "more.csv", [staff_row(place) for place in range(7)], extra=("pay",))
    path.write_text(path.read_text().replace("sex", "gender", 1))
    content = path.read_bytes()
    result = only(run(loaded))
    assert result.to_json() | {"message": "", "readings": {}, "returned": ""} == {
        "path": "inbox/hr/staff/more.csv",
        "source": "hr",
        "table": "staff",
        "batch": None,
        "result": "refused",
        "accepted_rows": 0,
        "refused_rows": 7,
        "reasons": {"structure": 7},
        "message": "",
        "returned": "",
        "readings": {},
    }
    assert "unknown: gender, pay" in result.message
    assert "missing: sex" in result.message
    (kept,) = refused_files(loaded)
    assert kept.name == f"{hashlib.sha256(content).hexdigest()[:12]}-more.csv"
    assert kept.read_bytes() == content
    assert str(kept.relative_to(loaded.paths.root)) in result.message
    assert run(loaded).files == []


def test_a_column_of_another_type_throughout_is_a_change_of_structure(loaded):
    put(loaded, STAFF, "s.csv", [staff_row(place, birth_date="四十") for place in range(20)])
    result = only(run(loaded))
    assert result.reasons == {"structure": 20}
    assert "birth_date (date)" in result.message


@pytest.mark.parametrize(
    ("place", "content", "reason"),
    [
        ("hr/payroll/a.csv", b"x\n1\n", "undeclared"),
        ("hr/a.csv", b"x\n1\n", "undeclared"),
        ("a.csv", b"x\n1\n", "undeclared"),
        ("hr/staff/deeper/a.csv", b"x\n1\n", "undeclared"),
        ("hr/staff/a.parquet", b"PAR1", "unreadable"),
        ("hr/staff/a.jsonl", b"no json", "unreadable"),
        ("hr/staff/a.jsonl", b"{}", "unreadable"),
        ("hr/staff/a.jsonl.zst", b"no zstd", "unreadable"),
        ("hr/staff/a.ods", b"PK", "unreadable"),
        ("hr/staff/a.csv", b"", "unreadable"),
        ("hr/staff/a.csv", bytes(range(256)) * 9, "unreadable"),
        ("hr/staff/a.csv.gz", b"no gzip", "unreadable"),
        ("hr/staff/a.xlsx", b"no workbook", "unreadable"),
    ],
)
def test_file_that_cannot_be_taken_is_refused_and_kept(settings, place, content, reason):
    path = settings.paths.inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    result = only(run(settings))
    assert (result.result, list(result.reasons)) == ("refused", [reason])
    assert [kept.read_bytes() for kept in refused_files(settings)] == [content]
    assert inbox_files(settings) == []


def test_too_many_bad_rows_refuse_the_file(loaded):
    rows = [staff_row(place) for place in range(20)]
    for place in range(5):
        rows[place]["sex"] = "7"
    put(loaded, STAFF, "s.csv", rows)
    result = only(run(loaded))
    assert result.reasons == {"too_many_refused": 20}
    assert "code 5" in result.message
    assert len(ledger_of(loaded)) == 2
    assert quarantined(loaded) == []


def test_rows_that_only_wait_do_not_count_against_the_threshold(settings):
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    result = only(run(settings))
    assert (result.result, result.accepted_rows, result.reasons) == ("accepted", 0, {"orphan": 10})


def test_mass_deletion_waits_for_a_confirmation_of_exactly_that_file(loaded):
    path = put(loaded, STAFF, "few.csv", [staff_row(place) for place in range(7)])
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    result = only(run(loaded))
    assert result.reasons == {"mass_deletion": 7}
    assert f"--confirm {digits}" in result.message
    assert landed(loaded, "SELECT count(DISTINCT batch_id) FROM hr.staff") == [(1,)]

    other = put(loaded, STAFF, "fewer.csv", [staff_row(place) for place in range(6)])
    assert other.exists()
    report = run(loaded, confirm=[digits])
    assert {file.path.rsplit("/")[-1]: file.result for file in report.files} == {
        "few.csv": "accepted",
        "fewer.csv": "accepted",  # ends one of the seven that are left
    }
    assert refused_files(loaded) == []


def test_a_confirmation_lets_no_other_file_through(loaded):
    path = put(loaded, STAFF, "few.csv", [staff_row(place) for place in range(7)])
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    assert only(run(loaded)).reasons == {"mass_deletion": 7}
    put(loaded, STAFF, "one.csv", [staff_row(1)])
    report = run(loaded, confirm=[digits])
    assert {file.path.rsplit("/")[-1]: file.reasons for file in report.files} == {
        "few.csv": {},
        "one.csv": {"mass_deletion": 1},
    }


@pytest.mark.parametrize("digits", ["0", "0" * 12, "../" * 4])
def test_a_confirmation_of_nothing_refused_is_an_error(loaded, digits):
    path = put(loaded, STAFF, "few.csv", [staff_row(1)])
    with pytest.raises(UsageError):
        run(loaded, confirm=[digits])
    assert path.exists()


def test_snapshot_that_ends_few_keys_lands(loaded):
    put(loaded, STAFF, "eight.csv", [staff_row(place) for place in range(8)])
    assert only(run(loaded)).result == "accepted"


def test_an_older_snapshot_is_judged_by_its_own_predecessor(loaded):
    rows = [staff_row(1) | {"extracted_at": "2000-01-01 00:00:00"}]
    put(loaded, STAFF, "old.csv", rows, extra=("extracted_at",))
    assert only(run(loaded)).result == "accepted"


def test_children_that_come_first_land_when_their_parents_have_come(settings):
    put(settings, PAYMENT, "p.csv", [payment_row(place) for place in range(30)])
    first = only(run(settings))
    assert first.reasons == {"orphan": 30}
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(5)])
    second = run(settings)
    assert only(second).reasons == {"orphan": 5}
    assert second.landed_late == 0
    put(settings, UNIT, "units.csv", UNITS)
    third = run(settings)
    assert third.landed_late == 5 + 15
    assert landed(settings, "SELECT count(*), count(DISTINCT batch_row) FROM fees.payment") == [
        (15, 15)
    ]
    entry = next(entry for entry in ledger_of(settings) if entry["table_name"] == "payment")
    assert (entry["accepted_rows"], entry["refused_rows"], entry["waiting_rows"]) == (15, 15, 15)
    assert [name.rsplit("/")[-1] for name in entry["files"]] == [
        "part-0.parquet",
        "late-1.parquet",
    ]
    assert len(quarantined(settings)) == 15
    assert run(settings).landed_late == 0

    more = [staff_row(place) for place in range(10)]
    put(settings, STAFF, "staff2.csv", more)
    assert run(settings).landed_late == 15
    assert quarantined(settings) == []
    entry = next(entry for entry in ledger_of(settings) if entry["table_name"] == "payment")
    assert (entry["accepted_rows"], entry["refused_rows"], entry["reasons"]) == (30, 0, {})


def test_late_rows_equal_those_that_landed_at_once(settings, tmp_path):
    prompt = load_settings(tmp_path / "prompt")
    prompt.paths.create()
    for home, tables in ((settings, (PAYMENT, STAFF, UNIT)), (prompt, (UNIT, STAFF, PAYMENT))):
        for table in tables:
            rows = {
                "unit": UNITS,
                "staff": [staff_row(place) for place in range(10)],
                "payment": [
                    payment_row(place, paid_at="2026/3/1 8:30", month="202603")
                    for place in range(10)
                ],
            }[table.name]
            path = put(home, table, "a.csv", rows)
            os.utime(path, (1767225600, 1767225600))
            run(home)
    for table in ("hr.unit", "hr.staff", "fees.payment"):
        query = f"SELECT * FROM {table} ORDER BY batch_row"
        assert landed(settings, query) == landed(prompt, query)
        assert landed(prompt, query)


def test_a_unit_below_a_refused_one_waits_with_it(settings):
    rows = [
        {"unit_code": "U0", "unit_name": "学校", "parent_code": "MISSING"},
        {"unit_code": "U1", "unit_name": "学院", "parent_code": "U0"},
        {"unit_code": "U2", "unit_name": "别处", "parent_code": ""},
    ]
    put(settings, UNIT, "units.csv", rows)
    assert only(run(settings)).reasons == {"orphan": 2}
    put(settings, UNIT, "z.csv", [*rows, {"unit_code": "MISSING", "unit_name": "总部"}])
    report = run(settings)
    assert only(report).accepted_rows == 4
    assert report.landed_late == 2


def test_parents_are_taken_before_children_whatever_the_names(settings):
    put(settings, PAYMENT, "a.csv", [payment_row(1)])
    put(settings, STAFF, "b.csv", [staff_row(place) for place in range(10)])
    put(settings, UNIT, "c.csv", UNITS)
    assert [file.table for file in run(settings).files] == ["unit", "staff", "payment"]
    assert quarantined(settings) == []


def test_unfinished_and_linked_files_are_left_alone(settings, tmp_path):
    folder = put(settings, UNIT, "units.csv.part", UNITS).parent
    (folder / ".units.csv").write_text("unit_code\n")
    (folder / "units.tmp").write_text("unit_code\n")
    outside = tmp_path / "outside.csv"
    outside.write_text("unit_code,unit_name,parent_code\nU1,x,\n")
    (folder / "link.csv").symlink_to(outside)
    (settings.paths.inbox / "fees").symlink_to(tmp_path)
    assert run(settings).files == []
    assert len(list(folder.iterdir())) == 4
    assert outside.exists()


def test_one_source_or_table_alone(settings):
    put(settings, UNIT, "u.csv", UNITS)
    put(settings, PAYMENT, "p.csv", [payment_row(1)])
    assert [file.table for file in run(settings, source="fees").files] == ["payment"]
    assert [file.table for file in run(settings, source="hr", table="staff").files] == []
    with pytest.raises(UsageError):
        run(settings, source="nobody")
    with pytest.raises(UsageError):
        run(settings, source="hr", table="nothing")


def test_a_second_ingest_at_the_same_time_is_told_so(settings):
    with (settings.paths.work / "ingest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IngestError, match="Another ingest"):
            run(settings)
    assert run(settings).files == []


def test_everything_written_is_for_its_owner_only(loaded):
    put(loaded, PAYMENT, "p.csv", [payment_row(1), payment_row(2, staff_no="999999")])
    run(loaded)
    for path in loaded.paths.root.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.is_relative_to(loaded.paths.inbox), path
    assert not (loaded.paths.work / "ingest").exists()


def test_ledger_tells_the_state_of_each_table(loaded):
    engine = open_state(loaded)
    with session(engine, read_only=True) as opened:
        statuses = {status.table: status for status in ledger.table_statuses(opened)}
        assert (statuses["staff"].rows, statuses["staff"].batches) == (10, 1)
        assert ledger.latest(opened, "hr", "staff").id == statuses["staff"].last_batch
        assert ledger.latest(opened, "fees", "payment") is None


def test_tables_without_a_batch_are_empty_typed_views(settings):
    found = landed(settings, "SELECT column_name, column_type FROM (DESCRIBE fees.payment)")
    assert dict(found) == {
        "payment_no": "VARCHAR",
        "seq": "INTEGER",
        "staff_no": "VARCHAR",
        "amount": "DECIMAL(14,2)",
        "paid_at": "TIMESTAMP",
        "channel": "VARCHAR",
        "is_final": "BOOLEAN",
        "month": "VARCHAR",
        "source_system": "VARCHAR",
        "extracted_at": "TIMESTAMP",
        "source_updated_at": "TIMESTAMP",
        "is_deleted": "BOOLEAN",
        "batch_id": "VARCHAR",
        "batch_row": "BIGINT",
    }
    assert landed(settings, "SELECT count(*) FROM fees.payment") == [(0,)]


def test_the_contracts_of_the_package_are_the_default(settings):
    folder = settings.paths.inbox / "hr_management" / "org_unit"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("nothing\n1\n")
    assert list(only(ingest(settings)).reasons) == ["structure"]
