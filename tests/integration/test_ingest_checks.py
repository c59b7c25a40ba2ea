"""What becomes of rows: landed, or refused with all their reasons."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pyarrow
import pytest
import xlsxwriter
from ingest_contracts import (
    PAYMENT,
    STAFF,
    STAFF_COLUMNS,
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

from warehouse.settings import load_settings

ALL_STAFF = "SELECT * EXCLUDE (batch_id, extracted_at) FROM hr.staff ORDER BY staff_no"


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "数据 home", threads=2)
    settings.paths.create()
    return settings


@pytest.fixture
def with_units(settings):
    put(settings, UNIT, "units.csv", UNITS)
    assert run(settings).files[0].accepted_rows == 2
    return settings


def only(report):
    (result,) = report.files
    return result


def test_clean_file_lands_whole_and_typed(with_units):
    path = put(with_units, STAFF, "教职工 [1].csv", [staff_row(1), staff_row(2)])
    result = only(run(with_units))
    assert (result.result, result.accepted_rows, result.refused_rows) == ("accepted", 2, 0)
    assert not path.exists()
    assert quarantined(with_units) == []
    rows = landed(
        with_units,
        "SELECT staff_no, birth_date::VARCHAR, source_system, is_deleted, batch_row, batch_id "
        "FROM hr.staff ORDER BY 1",
    )
    assert rows == [
        ("100001", "1980-01-01", "hr", False, 1, result.batch),
        ("100002", "1980-01-01", "hr", False, 2, result.batch),
    ]


REASONS = {
    "type": {"birth_date": "1980-02-30"},
    "required": {"name": " "},
    "code": {"sex": "7"},
    "orphan": {"unit_code": "U9"},
    "pattern": {"staff_no": "12345A"},
    "check_digit": {"id_card_no": "990000198001011235"},
    "cross_column": {"joined_date": "1970-01-01"},
}


@pytest.mark.parametrize("reason", REASONS)
def test_each_fault_of_a_row_has_its_reason(with_units, reason):
    rows = [staff_row(place) for place in range(10)]
    rows[4] |= REASONS[reason]
    put(with_units, STAFF, "staff.csv", rows)
    result = only(run(with_units))
    assert result.reasons == {reason: 1}
    assert (result.accepted_rows, result.refused_rows) == (9, 1)
    assert quarantined(with_units) == [("staff", 5, [reason])]


def test_range_and_rounding_are_refused(settings):
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    rows = [payment_row(place) for place in range(20)]
    rows[3]["seq"] = 100
    rows[4]["amount"] = "0.00"
    rows[5]["amount"] = "2.999"
    rows[6]["amount"] = "1_000"
    put(settings, PAYMENT, "p.csv", rows)
    result = run(settings).files[-1]
    assert result.reasons == {"range": 2, "type": 2}
    assert result.accepted_rows == 16


def test_a_row_bears_all_its_reasons(with_units):
    rows = [staff_row(place) for place in range(10)]
    rows[0] |= {"staff_no": "1", "name": "", "sex": "x", "birth_date": "??", "unit_code": "U9"}
    put(with_units, STAFF, "staff.csv", rows)
    result = only(run(with_units))
    assert result.refused_rows == 1
    assert quarantined(with_units) == [
        ("staff", 1, ["type", "required", "code", "orphan", "pattern"])
    ]


def test_every_row_of_a_key_that_comes_twice_is_refused(with_units):
    rows = [staff_row(place) for place in range(20)]
    rows[7]["staff_no"] = rows[2]["staff_no"]
    rows[9]["staff_no"] = " " + rows[2]["staff_no"]  # the same once tidied
    put(with_units, STAFF, "staff.csv", rows)
    result = only(run(with_units))
    assert result.reasons == {"duplicate_key": 3}
    assert [place for _, place, _ in quarantined(with_units)] == [3, 8, 10]


def test_a_key_that_landed_before_is_replaced_not_refused(settings):
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    put(settings, PAYMENT, "1.csv", [payment_row(1)])
    put(settings, PAYMENT, "2.csv", [payment_row(1, amount="7.00")])
    report = run(settings)
    assert [file.accepted_rows for file in report.files] == [2, 10, 1, 1]
    assert landed(settings, "SELECT amount FROM fees.payment ORDER BY 1") == [
        (Decimal("2.50"),),
        (Decimal("7.00"),),
    ]


def test_foreign_document_needs_no_check_digit(with_units):
    put(with_units, STAFF, "s.csv", [staff_row(1, id_doc_type="A", id_card_no="E1234567")])
    assert only(run(with_units)).refused_rows == 0


def test_beijing_time_lands_as_utc(settings):
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    rows = [
        payment_row(1) | {"extracted_at": "2026-03-02 01:00:00"},
        payment_row(2, paid_at="2026-03-01T00:30:00Z") | {"extracted_at": "2026-03-02 03:00:00"},
        payment_row(3) | {"extracted_at": ""},
    ]
    path = put(settings, PAYMENT, "p.csv", rows, extra=("extracted_at",))
    import os

    os.utime(path, (1767225600, 1767225600))  # 2026-01-01T00:00:00Z
    run(settings)
    found = landed(settings, "SELECT paid_at, extracted_at FROM fees.payment ORDER BY batch_row")
    at = datetime(2026, 3, 1, 0, 30)
    assert found == [
        (at, datetime(2026, 3, 1, 17)),
        (at, datetime(2026, 3, 1, 19)),
        (at, datetime(2026, 1, 1)),
    ]
    entry = next(entry for entry in ledger_of(settings) if entry["table_name"] == "payment")
    assert entry["extracted_at"] == datetime(2026, 3, 1, 19, tzinfo=UTC)


def clean_staff(tmp_path):
    """What the plain delivery of thirty staff looks like once landed."""
    settings = load_settings(tmp_path / "clean")
    settings.paths.create()
    put(settings, UNIT, "u.csv", UNITS)
    put(settings, STAFF, "s.csv", [staff_row(place) for place in range(30)])
    run(settings)
    return landed(settings, ALL_STAFF)


def messy_row(place):
    row = staff_row(place)
    row["sex"] = {"1": "男", "2": "女性"}[row["sex"]]
    row["id_doc_type"] = "居民身份证"
    row["birth_date"] = ["1980/1/1", "1980年1月1日", "19800101", "1980.1.1", "29221"][place % 5]
    row["staff_no"] = "".join(chr(ord(digit) + 0xFEE0) for digit in row["staff_no"]) + " "
    row["name"] = "　" + row["name"]
    return row


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"encoding": "gb18030", "titles": True, "separator": "\t"},
        {"encoding": "utf-8-sig", "separator": ";"},
        {"encoding": "utf-16", "separator": "|", "titles": True},
    ],
)
def test_other_spellings_land_as_the_clean_file_does(with_units, tmp_path, options):
    put(with_units, STAFF, "messy.csv", [messy_row(place) for place in range(30)], **options)
    result = only(run(with_units))
    assert (result.accepted_rows, result.refused_rows) == (30, 0)
    assert landed(with_units, ALL_STAFF) == clean_staff(tmp_path)
    readings = next(e for e in ledger_of(with_units) if e["table_name"] == "staff")["readings"]
    assert readings["forms"]["birth_date"]["Excel serial"] == 6
    assert readings["forms"]["sex"] == {"label": 30}


def test_gb18030_behind_a_long_ascii_beginning_is_found(with_units, tmp_path):
    rows = [staff_row(place, name=f"Tester {place:0500d}") for place in range(4000)]
    rows[-1]["name"] = "测试者"
    put(with_units, STAFF, "s.csv", rows, encoding="gb18030")
    assert only(run(with_units)).accepted_rows == 4000
    assert landed(with_units, "SELECT name FROM hr.staff WHERE batch_row = 4000") == [("测试者",)]


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_packed_file_lands_as_the_clean_file_does(with_units, tmp_path, codec):
    path = put(with_units, STAFF, "s.csv", [staff_row(place) for place in range(30)])
    packed = path.with_suffix({"gzip": ".csv.gz", "zstd": ".csv.zst"}[codec])
    with pyarrow.CompressedOutputStream(pyarrow.OSFile(str(packed), "wb"), codec) as sink:
        sink.write(path.read_bytes())
    path.unlink()
    assert only(run(with_units)).accepted_rows == 30
    assert landed(with_units, ALL_STAFF) == clean_staff(tmp_path)


def test_workbook_lands_as_the_clean_file_does(with_units, tmp_path):
    path = with_units.paths.inbox / "hr" / "staff" / "staff.xlsx"
    path.parent.mkdir(parents=True)
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("说明").write(0, 0, "填表说明")
    sheet = book.add_worksheet("数据")
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_row(0, 0, [STAFF.column(name).title for name in STAFF_COLUMNS])
    for place in range(30):
        for column, (name, value) in enumerate(staff_row(place).items()):
            if name.endswith("_date"):
                sheet.write_datetime(place + 1, column, datetime.fromisoformat(value), day)
            elif name == "staff_no":
                sheet.write_number(place + 1, column, int(value))
            else:
                sheet.write_string(place + 1, column, value)
    book.close()
    result = only(run(with_units))
    assert (result.accepted_rows, result.refused_rows) == (30, 0), result
    assert landed(with_units, ALL_STAFF) == clean_staff(tmp_path)


def test_record_of_wrong_length_is_refused_alone(with_units):
    path = put(with_units, STAFF, "s.csv", [staff_row(place) for place in range(10)])
    lines = path.read_text().splitlines()
    lines[3] += ",zu viel"
    lines[5] = lines[5].rsplit(",", 2)[0]
    path.write_text("\n".join(lines) + "\n")
    result = only(run(with_units))
    assert result.accepted_rows == 8
    assert quarantined(with_units) == [("staff", 3, ["type"]), ("staff", 5, ["type"])]


def test_quoted_separators_and_line_breaks_do_not_shift_row_numbers(with_units):
    rows = [staff_row(place, name=f'测,试"者\n{place}') for place in range(10)]
    rows[8]["sex"] = "7"
    put(with_units, STAFF, "s.csv", rows)
    assert only(run(with_units)).accepted_rows == 9
    assert [place for _, place, _ in quarantined(with_units)] == [9]


def test_row_numbers_hold_in_a_file_read_by_several_threads(settings):
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    count = 600_000
    put(
        settings,
        PAYMENT,
        "p.csv",
        [payment_row(place, amount="x" if place % 1000 == 7 else "1.00") for place in range(count)],
    )
    result = run(settings).files[-1]
    assert result.reasons == {"type": 600}
    (wrong,) = landed(
        settings,
        "SELECT count(*) FROM fees.payment WHERE batch_row <> substr(payment_no, 2)::INT + 1",
    )
    assert wrong == (0,)
    assert [place for _, place, _ in quarantined(settings)] == list(range(8, count, 1000))


def test_quarantine_keeps_the_text_that_came(with_units):
    rows = [staff_row(place) for place in range(10)]
    rows[2]["birth_date"] = " 1980-13-01"
    put(with_units, STAFF, "s.csv", rows)
    run(with_units)
    (path,) = with_units.paths.quarantine.glob("hr/staff/batch=*.parquet")
    found = duckdb.execute(f"SELECT birth_date, name, extracted_at FROM '{path}'").fetchall()
    assert found == [(" 1980-13-01", "测试者2", None)]


def test_no_report_holds_a_value(with_units, capfd, caplog):
    rows = [staff_row(place) for place in range(30)]
    for row in rows:
        row |= {"birth_date": "天书", "id_card_no": "990000198001011235"}
    put(with_units, STAFF, "bad.csv", rows)
    rows = [staff_row(place, sex="绝密") for place in range(3)] + [
        staff_row(place) for place in range(40, 60)
    ]
    put(with_units, STAFF, "some.csv", rows)
    path = put(with_units, STAFF, "broken.csv", [staff_row(place) for place in range(3)])
    path.write_bytes(path.read_bytes() + '"未完,李秘密\n'.encode())
    headless = put(with_units, STAFF, "headless.csv", [staff_row(place) for place in range(3)])
    headless.write_text("\n".join(headless.read_text().splitlines()[1:]))
    report = run(with_units)
    printed = capfd.readouterr()
    told = (
        json.dumps(report.to_json(), ensure_ascii=False)
        + str(ledger_of(with_units))
        + caplog.text
        + printed.out
        + printed.err
    )
    for value in ("天书", "990000198001", "绝密", "测试者", "李秘密", "1000"):
        assert value not in told, value
