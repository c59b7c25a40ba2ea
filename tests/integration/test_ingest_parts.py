"""A snapshot in several files: held until whole, then one batch."""

from __future__ import annotations

import os

import pytest
from delivery_forms import as_csv, as_json_lines, as_xlsx, deliver
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

from warehouse.ingest.parts import part_of
from warehouse.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "home", threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    return settings


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("x-part1of3.csv", ("x", 1, 3)),
        ("x_1of3.xlsx", ("x", 1, 3)),
        ("X Part 2 of 3.csv.gz", ("x", 2, 3)),
        ("x（第1份，共3份）.csv", ("x", 1, 3)),
        ("x（第２份，共３份）.csv", ("x", 2, 3)),
        ("教职工第3部分共3部分.jsonl.zst", ("教职工", 3, 3)),
        ("x.csv", None),
        ("x-part4of3.csv", None),
        ("x-part1of1.csv", None),
        ("x-part1.csv", None),
        ("proof3.csv", None),
        ("2of3.csv", None),
    ],
)
def test_a_name_says_which_part_it_is(name, part):
    assert part_of(name) == part


def test_parts_of_a_snapshot_are_held_until_all_have_come(settings):
    rows = [staff_row(place) for place in range(30)]
    rows[25]["sex"] = "x"
    deliver(settings, STAFF, "s-part1of3.csv", as_csv(STAFF, rows[:10], encoding="gb18030"))
    late = deliver(settings, STAFF, "s-part3of3.jsonl", as_json_lines(STAFF, rows[20:]))
    report = run(settings)
    assert [file.table for file in report.files] == ["unit"]
    (held,) = report.waiting
    assert (held.parts, held.missing, held.twice, held.late) == (3, (2,), (), False)
    assert held.paths == ("inbox/hr/staff/s-part1of3.csv", "inbox/hr/staff/s-part3of3.jsonl")
    for path in late.parent.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert run(settings).waiting[0].late

    deliver(settings, STAFF, "s-part2of3.xlsx", as_xlsx(STAFF, rows[10:20], titles=True))
    report = run(settings)
    (result,) = report.files
    assert (result.accepted_rows, result.reasons, report.waiting) == (29, {"code": 1}, [])
    assert quarantined(settings) == [("staff", 26, ["code"])]
    assert landed(settings, "SELECT count(*), min(staff_no), max(batch_row) FROM hr.staff") == [
        (29, "100000", 30)
    ]
    assert list(late.parent.iterdir()) == []
    assert [part["format"] for part in ledger_of(settings)[0]["readings"]["parts"]] == [
        "csv",
        "xlsx",
        "jsonl",
    ]

    for number, part in enumerate((rows[:10], rows[10:20], rows[20:]), 1):
        deliver(settings, STAFF, f"t_{number}of3.csv", as_csv(STAFF, part))
    again = run(settings)
    assert again.files[0].result == "accepted"  # other bytes, so another batch
    assert list(late.parent.iterdir()) == []


def test_a_key_in_two_parts_is_a_duplicate_and_a_bad_part_refuses_all(settings):
    rows = [staff_row(place) for place in range(20)]
    deliver(settings, STAFF, "s-1of2.csv", as_csv(STAFF, rows))
    deliver(settings, STAFF, "s-2of2.csv", as_csv(STAFF, [staff_row(19), staff_row(20)]))
    assert run(settings).files[-1].reasons == {"duplicate_key": 2}
    deliver(settings, STAFF, "s-1of2.csv", as_csv(STAFF, rows[:10]))
    deliver(settings, STAFF, "s-2of2.xlsx", b"no workbook")
    assert run(settings).files[-1].reasons == {"unreadable": 0}
    kept = sorted(path.name[13:] for path in settings.paths.quarantine.glob("hr/staff/refused/*"))
    assert kept == ["s-1of2.csv", "s-2of2.xlsx"]


def test_two_files_for_one_part_are_held_and_named(settings):
    deliver(settings, STAFF, "s-1of2.csv", as_csv(STAFF, [staff_row(1)]))
    deliver(settings, STAFF, "s-1of2.jsonl", as_json_lines(STAFF, [staff_row(2)]))
    deliver(settings, STAFF, "s-2of2.csv", as_csv(STAFF, [staff_row(3)]))
    (held,) = run(settings).waiting
    assert (held.missing, held.twice) == ((), (1,))


def test_a_part_of_an_event_table_is_a_file_and_the_same_file_twice_lands_once(settings):
    put(settings, STAFF, "s.csv", [staff_row(place) for place in range(10)])
    content = as_csv(PAYMENT, [payment_row(1)])
    deliver(settings, PAYMENT, "p-1of2.csv", content)
    deliver(settings, PAYMENT, "p.csv", content)
    results = [file.result for file in run(settings).files if file.table == "payment"]
    assert results == ["accepted", "duplicate"]
