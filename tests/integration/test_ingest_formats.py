"""Parquet, JSON Lines, archives and workbooks as people make them."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow
import pytest
import xlsxwriter
from delivery_forms import as_csv, as_json_lines, as_parquet, as_xlsx, deliver, packed
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

from warehouse.settings import load_settings

STAFF_ROWS = [staff_row(place) for place in range(12)]
ALL_STAFF = "SELECT * EXCLUDE (batch_id, extracted_at, batch_row) FROM hr.staff ORDER BY staff_no"


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "数据 home", threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    return settings


@pytest.fixture
def with_staff(settings):
    put(settings, STAFF, "staff.csv", STAFF_ROWS)
    return settings


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    settings = load_settings(tmp_path_factory.mktemp("expected"), threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", STAFF_ROWS)
    run(settings)
    return landed(settings, ALL_STAFF)


def last(report):
    return report.files[-1]


def readings(settings, table):
    return [entry["readings"] for entry in ledger_of(settings) if entry["table_name"] == table][-1]


WRITERS = {
    "csv": as_csv,
    "csv gb18030": lambda *a, **k: as_csv(*a, encoding="gb18030", **k),
    "csv utf-16-be": lambda *a, **k: as_csv(*a, encoding="utf-16-be", bom=b"\xfe\xff", **k),
    "csv utf-16-le": lambda *a, **k: as_csv(*a, encoding="utf-16-le", **k),
    "csv utf-8 BOM": lambda *a, **k: as_csv(*a, encoding="utf-8-sig", **k),
    "csv CR": lambda *a, **k: as_csv(*a, line_end="\r", **k),
    "csv CRLF": lambda *a, **k: as_csv(*a, line_end="\r\n", **k),
    "csv sep": lambda *a, **k: as_csv(*a, above="sep=;\r\n", separator=";", line_end="\r\n", **k),
    "csv title": lambda *a, **k: as_csv(*a, above="教职工花名册\n\n2026年3月,,,\n", **k),
    "csv quoted title": lambda *a, **k: as_csv(*a, above='"教职工\n花名册",,,,,,,\n', **k),
    "jsonl": as_json_lines,
    "jsonl gb18030": lambda *a, **k: as_json_lines(*a, encoding="gb18030", **k),
    "parquet": as_parquet,
    "xlsx": as_xlsx,
    "xlsx title": lambda *a, **k: as_xlsx(
        *a, above=("教职工花名册", "", "单位：人事处"), left=2,
        below=("", "说明：以上为在职人员", "制表：人事处"), **k),
}  # fmt: skip


@pytest.mark.parametrize(
    ("writer", "compression"),
    [
        *((writer, None) for writer in WRITERS),
        ("csv gb18030", "gz"),
        ("csv", "zst"),
        ("jsonl", "gz"),
        ("parquet", "zst"),
        ("xlsx title", "gz"),
    ],
)
def test_same_rows_land_whatever_the_form(settings, expected, writer, compression):
    content = packed(WRITERS[writer](STAFF, STAFF_ROWS, titles=True), compression)
    suffix = writer.partition(" ")[0] + (f".{compression}" if compression else "")
    deliver(settings, STAFF, f"教职工.{suffix}", content)
    result = last(run(settings))
    assert (result.result, result.accepted_rows, result.reasons) == ("accepted", 12, {}), result
    assert landed(settings, ALL_STAFF) == expected
    assert not (settings.paths.work / "ingest").exists()


def test_typed_parquet_lands_its_exact_values(with_staff):
    rows = [
        payment_row(place, seq=1, amount=Decimal("9876543210.05"),
                    paid_at=datetime(2026, 3, 1, 8, 30, 0, 123456), is_final=place % 2 == 0,
                    month=date(2026, 3, 1))
        for place in range(4)
    ]  # fmt: skip
    types = {
        "seq": pyarrow.int64(),
        "amount": pyarrow.decimal128(14, 2),
        "paid_at": pyarrow.timestamp("us"),
        "is_final": pyarrow.bool_(),
        "month": pyarrow.date32(),
    }
    deliver(with_staff, PAYMENT, "p.parquet", as_parquet(PAYMENT, rows, types=types))
    assert last(run(with_staff)).reasons == {}
    assert landed(with_staff, "SELECT DISTINCT amount, paid_at, month FROM fees.payment") == [
        (Decimal("9876543210.05"), datetime(2026, 3, 1, 0, 30, 0, 123456), "2026-03")
    ]
    assert landed(with_staff, "SELECT count(*) FROM fees.payment WHERE is_final") == [(2,)]


def test_a_moment_with_zone_is_that_moment(with_staff):
    rows = [payment_row(1, paid_at=datetime(2026, 3, 1, 0, 30))]
    types = {"paid_at": pyarrow.timestamp("us", "UTC")}
    deliver(with_staff, PAYMENT, "p.parquet", as_parquet(PAYMENT, rows, types=types))
    run(with_staff)
    assert landed(with_staff, "SELECT paid_at FROM fees.payment") == [
        (datetime(2026, 3, 1, 0, 30),)
    ]


def test_a_binary_fraction_is_taken_only_where_it_is_exact(with_staff):
    amounts = [1.1, 2.25, 1234567.89, *range(3, 20), 2.999]
    rows = [payment_row(place, amount=float(amount)) for place, amount in enumerate(amounts)]
    types = {"amount": pyarrow.float64()}
    deliver(with_staff, PAYMENT, "p.parquet", as_parquet(PAYMENT, rows, types=types))
    assert last(run(with_staff)).reasons == {"type": 1}
    assert landed(with_staff, "SELECT amount FROM fees.payment ORDER BY amount")[:2] == [
        (Decimal("1.10"),),
        (Decimal("2.25"),),
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pyarrow.list_(pyarrow.string()), ["现金"]),
        (pyarrow.struct([("a", pyarrow.string())]), {"a": "现金"}),
        (pyarrow.binary(), b"x"),
        (pyarrow.float64(), 1.0),
        (pyarrow.bool_(), True),
    ],
)
def test_a_parquet_type_that_cannot_mean_text_is_a_change_of_structure(with_staff, kind, value):
    rows = [payment_row(place, channel=value) for place in range(3)]
    deliver(with_staff, PAYMENT, "p.parquet", as_parquet(PAYMENT, rows, types={"channel": kind}))
    result = last(run(with_staff))
    assert result.reasons == {"structure": 3}
    assert "channel" in result.message


def test_json_keeps_digits_and_refuses_what_is_nested(with_staff):
    rows = [payment_row(place) | {"seq": 1, "is_final": None} for place in range(20)]
    rows[0] |= {"amount": 12345678901.12, "is_final": True}
    rows[1] |= {"channel": ["现金"]}
    del rows[2]["month"]
    content = as_json_lines(PAYMENT, rows).replace(b"12345678901.12", b"12345678901.120")
    deliver(with_staff, PAYMENT, "p.jsonl", content + b'{"payment_no": "P9", broken\n')
    result = last(run(with_staff))
    assert result.reasons == {"type": 2, "required": 1, "code": 1}
    assert result.accepted_rows == 19
    assert landed(with_staff, "SELECT max(amount), count(month) FROM fees.payment") == [
        (Decimal("12345678901.12"), 18)
    ]


def test_json_with_an_unknown_or_nowhere_given_key_is_a_change_of_structure(with_staff):
    rows = [payment_row(place) | {"tip": 1} for place in range(3)]
    for row in rows:
        del row["channel"]
    named = "".join(json.dumps(row) + "\n" for row in rows).encode()
    deliver(with_staff, PAYMENT, "p.jsonl", named)
    result = last(run(with_staff))
    assert result.reasons == {"structure": 3}
    assert "unknown: tip" in result.message
    assert "missing: channel" in result.message


def workbook(write, **options) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, **options}) as book:
        write(book)
    return sink.getvalue()


def fill(sheet, rows, columns, top=0):
    sheet.write_row(top, 0, columns)
    for number, row in enumerate(rows, top + 1):
        for place, name in enumerate(columns):
            if row[name] != "":
                sheet.write(number, place, row[name])


@pytest.mark.parametrize("date1904", [False, True])
def test_cells_mean_what_the_sheet_shows(with_staff, date1904):
    rows = [payment_row(place, amount=1.1, seq="１") for place in range(10)]

    def write(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy/m/d h:mm"})
        fill(sheet, rows, list(PAYMENT.column_names))
        moment = datetime(2026, 3, 1, 8, 30)
        for number in range(1, 11):
            sheet.write_datetime(number, 4, moment, day)
        serial = 44620.5 if date1904 else 46082.5
        sheet.write_number(9, 4, serial)
        sheet.write_string(10, 4, str(serial))
        sheet.write_boolean(1, 6, True)
        sheet.write_formula(2, 3, "=1+1", None, 2)
        sheet.set_row(3, None, None, {"hidden": True})

    deliver(with_staff, PAYMENT, "p.xlsx", workbook(write, date_1904=date1904))
    result = last(run(with_staff))
    assert (result.accepted_rows, result.reasons) == (10, {})
    moments = landed(with_staff, "SELECT paid_at, count(*) FROM fees.payment GROUP BY 1 ORDER BY 1")
    assert moments == [(datetime(2026, 3, 1, 0, 30), 8), (datetime(2026, 3, 1, 4, 0), 2)]
    assert landed(
        with_staff, "SELECT amount FROM fees.payment WHERE batch_row <= 2 ORDER BY 1"
    ) == [
        (Decimal("1.10"),),
        (Decimal("2.00"),),
    ]
    said = readings(with_staff, "payment")
    assert said.get("date_system", 1900) == (1904 if date1904 else 1900)


def test_what_a_sheet_no_longer_knows_is_refused(settings):
    rows = [staff_row(place) for place in range(30)]

    def write(book):
        sheet = book.add_worksheet()
        fill(sheet, rows, list(STAFF.column_names))
        sheet.write_number(1, 0, 42, book.add_format({"num_format": "000000"}))
        sheet.write_number(2, 5, float(rows[1]["id_card_no"][:17] + "0"))
        sheet.write_formula(3, 1, "=NA()", None, "#N/A")
        sheet.write_formula(4, 3, "=NA()", None, "#N/A")

    deliver(settings, STAFF, "s.xlsx", workbook(write))
    run(settings)
    assert quarantined(settings) == [
        ("staff", 1, ["pattern"]),
        ("staff", 2, ["type", "check_digit"]),
        ("staff", 3, ["type"]),
        ("staff", 4, ["type"]),
    ]


def test_a_cell_merged_over_rows_stands_for_each(settings):
    def write(book):
        sheet = book.add_worksheet()
        fill(sheet, [row | {"unit_code": ""} for row in STAFF_ROWS], list(STAFF.column_names))
        sheet.merge_range(1, 6, 12, 6, "U1")
        sheet.write(14, 0, "说明：U1 为学院")

    deliver(settings, STAFF, "s.xlsx", workbook(write))
    assert last(run(settings)).accepted_rows == 12
    assert landed(settings, "SELECT count(*) FROM hr.staff WHERE unit_code = 'U1'") == [(12,)]
    said = readings(settings, "staff")
    assert (said["cells_of_merged_blocks"], said["note_lines"]) == (11, 1)


def test_the_sheet_is_chosen_by_its_headings_and_two_are_refused(settings):
    def write(book, twice=False):
        book.add_worksheet("封面").write(0, 0, "教职工花名册")
        sheet = book.add_worksheet("数据")
        sheet.hide() if not twice else None
        columns = ["职工号（6位）", "姓　名", "性\n别", "出生日期*", "id_doc_type", "身份证号 ",
                   "部门", "来校日期"]  # fmt: skip
        for target in [sheet, *([book.add_worksheet("副本")] if twice else [])]:
            target.write_row(0, 0, columns)
            for number, row in enumerate(STAFF_ROWS, 1):
                target.write_row(number, 0, list(row.values()))

    deliver(settings, STAFF, "a.xlsx", workbook(write))
    assert last(run(settings)).accepted_rows == 12
    said = readings(settings, "staff")
    assert (said["sheet"], said["sheet_is_hidden"], said["tidied_headings"]) == (2, True, 4)
    deliver(settings, STAFF, "b.xlsx", workbook(lambda book: write(book, twice=True)))
    result = last(run(settings))
    assert list(result.reasons) == ["structure"]
    assert "2, 3" in result.message


def test_cells_beside_the_table_are_a_change_of_structure(settings):
    def write(book):
        sheet = book.add_worksheet()
        fill(sheet, STAFF_ROWS, list(STAFF.column_names))
        sheet.write(3, 10, "外部备注")

    deliver(settings, STAFF, "s.xlsx", workbook(write))
    assert last(run(settings)).reasons == {"structure": 12}
