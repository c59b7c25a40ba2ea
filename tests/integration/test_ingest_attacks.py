"""Attacks on the intake that go around a single reader: words, races, sizes, values."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import time
import zipfile
from types import SimpleNamespace

import pytest
from delivery_forms import as_csv, as_xlsx, deliver
from ingest_contracts import (
    CONTRACTS,
    PAYMENT,
    STAFF,
    UNIT,
    UNITS,
    payment_row,
    put,
    run,
    staff_row,
)
from test_ingest_hostile import SHEET, with_part

from warehouse.cli import release, shell
from warehouse.contracts import Contracts, Rule
from warehouse.errors import FileRefused
from warehouse.ingest import files, ingest, landing, outbox
from warehouse.ingest import run as run_module
from warehouse.ingest.inbox import fingerprint
from warehouse.ingest.limits import Limits, TooMuch
from warehouse.ingest.report import FileResult, IngestReport
from warehouse.ingest.returned_book import _Csv
from warehouse.ingest.textfile import _records, open_text_file
from warehouse.ingest.xlsx import Workbook
from warehouse.settings import load_settings

ROWS = [staff_row(place) for place in range(12)]
STYLES = "xl/styles.xml"
PERSON = "测试者O'Brien\n乙"


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "home", threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    return settings


def by_name(report):
    return {file.path.rpartition("/")[2]: file for file in report.files if file.table != "unit"}


def test_what_no_database_stores_and_no_terminal_prints_stops_nobody(settings):
    for folder in (b"\xb2\xe2/x", b"hr/\xb2\xe2", b"hr"):
        place = os.path.join(os.fsencode(settings.paths.inbox), folder)  # noqa: PTH118
        os.makedirs(place, exist_ok=True)  # noqa: PTH103
        with open(os.path.join(place, b"a.csv"), "wb") as stream:  # noqa: PTH118, PTH123
            stream.write(b"x\n1\n")
    more = {name: {**row, name: "1"} for name, row in zip(("\ud800", "\0"), ROWS, strict=False)}
    for number, row in enumerate(more.values()):
        deliver(settings, STAFF, f"key{number}.jsonl", json.dumps(row).encode() + b"\n")
    book = as_xlsx(STAFF, [row | {"joined_date": "2010-09-01"} for row in ROWS])
    extra = b'<c r="Z1" t="inlineStr"><is><t>_xD800__x001B_[2J</t></is></c></row>'
    book = with_part(book, SHEET, lambda body: body.replace(b"</row>", extra, 1))
    deliver(settings, STAFF, "heading.xlsx", book)
    text = as_csv(STAFF, ROWS)
    deliver(settings, STAFF, "escape.csv", text.replace(b"\n", b",\x1b[2J\x00\n", 1))
    put(settings, STAFF, "zz good.csv", ROWS)
    report = run(settings)
    assert report.failed == {}
    assert by_name(report).pop("zz good.csv").accepted_rows == 12
    refused = [file for file in report.files if file.result == "refused"]
    assert len(refused) == 7
    for file in refused:
        assert file.message.isprintable(), file.message


def test_an_error_nobody_foresaw_is_told_without_its_words(settings, monkeypatch):
    read = files.read_file

    def broken(reader, place, *rest):
        if place.name == "a.csv":
            raise ValueError(PERSON)
        return read(reader, place, *rest)

    monkeypatch.setattr(files, "read_file", broken)
    put(settings, STAFF, "a.csv", ROWS[:11])
    put(settings, STAFF, "b.csv", ROWS)
    report = run(settings)
    assert by_name(report)["b.csv"].accepted_rows == 12
    ((path, said),) = report.failed.items()
    assert path == "inbox/hr/staff/a.csv"
    assert said.startswith("ValueError at ") and "测试者" not in said


def test_a_record_without_end_is_not_gathered_in_memory(tmp_path):
    path = tmp_path / "endless.csv"
    path.write_bytes(as_csv(STAFF, ROWS) + b'"\n",' * 300_000)
    limits = Limits(field=1 << 16)
    with pytest.raises(csv.Error, match="too long"):
        list(_records(open_text_file(path, STAFF, limits), limits))
    whole = tmp_path / "whole.csv"
    whole.write_bytes(as_csv(STAFF, ROWS * 2_000))
    assert whole.stat().st_size > 16 * limits.field
    assert len(list(_records(open_text_file(whole, STAFF, limits), limits))) == 24_000


def quick(work) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_a_workbook_cannot_make_patterns_run_for_hours(tmp_path):
    path = tmp_path / "a.xlsx"
    book = as_xlsx(STAFF, ROWS)
    path.write_bytes(
        with_part(book, SHEET, lambda body: body.replace(b"</worksheet>", b"<mergeCell " * 60_000))
    )
    with Workbook(path, Limits()) as opened:
        assert quick(lambda: opened.merges(opened.sheets[0])) < 2
    code = b'<numFmts><numFmt numFmtId="200" formatCode="' + b"[" * 60_000 + b'"/></numFmts><fonts'
    path.write_bytes(with_part(book, STYLES, lambda body: body.replace(b"<fonts", code, 1)))
    assert quick(lambda: Workbook(path, Limits())) < 2


def test_a_workbook_is_neither_one_endless_token_nor_packed_in_other_ways(tmp_path):
    path = tmp_path / "a.xlsx"
    book = as_xlsx(STAFF, ROWS)
    comment = b"<!--" + b"x" * (24 << 20) + b"--><sheetData>"
    path.write_bytes(with_part(book, SHEET, lambda body: body.replace(b"<sheetData>", comment)))
    with Workbook(path, Limits()) as opened, pytest.raises(TooMuch, match="longer than"):
        list(opened.rows(opened.sheets[0]))
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_BZIP2) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(sink.getvalue())
    with pytest.raises(FileRefused, match="packed in a way"):
        Workbook(path, Limits())


def test_values_at_the_ends_of_calendar_and_numbers_are_rows_not_failures(settings):
    rule = Rule("sum", "seq + seq * 23860929 > 0 AND paid_at + INTERVAL 9 HOUR > paid_at", "过大")
    table = dataclasses.replace(PAYMENT, rules=(rule,), refuse_above=1.0)
    hr, fees = CONTRACTS.sources
    contracts = Contracts((hr, dataclasses.replace(fees, tables=(table,))), CONTRACTS.code_tables)
    rows = [payment_row(place, staff_no=None) for place in range(12)]
    rows[3] |= {"paid_at": "290309-12-22 (BC) 00:00:00"}
    rows[4] |= {"paid_at": "294247-01-10 04:00:54"}
    rows[5] |= {"seq": "90"}
    put(settings, table, "a.csv", rows)
    report = ingest(settings, contracts=contracts)
    assert report.failed == {}
    file = by_name(report)["a.csv"]
    assert (file.accepted_rows, file.reasons) == (9, {"type": 2, "cross_column": 1})


def test_a_value_that_ends_every_computation_refuses_its_file(settings):
    rules = tuple(Rule(f"r{n}", f"seq + seq * 23860929 > {n}", "过大") for n in range(2))
    table = dataclasses.replace(PAYMENT, rules=rules, refuse_above=1.0)
    hr, fees = CONTRACTS.sources
    contracts = Contracts((hr, dataclasses.replace(fees, tables=(table,))), CONTRACTS.code_tables)
    rows = [payment_row(place, staff_no=None) for place in range(12)]
    put(settings, table, "good.csv", rows)
    put(settings, table, "bad.csv", [*rows[:5], rows[5] | {"seq": "90"}])
    report = ingest(settings, contracts=contracts)
    assert report.failed == {}
    assert by_name(report)["bad.csv"].reasons == {"unreadable": 0}
    assert by_name(report)["good.csv"].accepted_rows == 12


def test_what_took_the_place_of_a_settled_file_is_not_removed(settings, monkeypatch):
    path = put(settings, STAFF, "a.csv", ROWS)
    passed = []

    def replaced(name):
        passed.append(name)
        if name == "recorded" and passed.count(name) == 2:  # behind the units
            fresh = path.with_name("b.part")
            fresh.write_bytes(b"the next delivery")
            fresh.replace(path)

    monkeypatch.setattr(landing, "checkpoint", replaced)
    report = run(settings)
    assert by_name(report)["a.csv"].accepted_rows == 12
    assert path.read_bytes() == b"the next delivery"


def test_a_file_exchanged_while_it_is_read_and_put_back_does_not_land(settings, monkeypatch):
    path = put(settings, STAFF, "a.csv", ROWS)
    other = settings.paths.root / "elsewhere.csv"
    other.write_bytes(as_csv(STAFF, ROWS[:11]))
    read = files.read_file

    def exchanged(reader, place, *rest):
        aside = place.with_name("aside.part")
        if place != path:
            return read(reader, place, *rest)
        place.rename(aside)
        place.symlink_to(other)
        try:
            return read(reader, place, *rest)
        finally:
            aside.replace(place)

    monkeypatch.setattr(files, "read_file", exchanged)
    report = run(settings)
    assert (report.unsettled, by_name(report)) == (["inbox/hr/staff/a.csv"], {})


def test_what_took_a_files_place_before_it_was_read_fails_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(OSError, match="no regular file"):
        fingerprint(tmp_path / "pipe.csv")


def test_a_workbook_that_cannot_be_made_keeps_no_other_back(settings, monkeypatch):
    write = outbox.write_returned

    def broken(path, about, table, *rest, **more):
        if table.name == "staff":
            raise ValueError(PERSON)
        write(path, about, table, *rest, **more)

    monkeypatch.setattr(outbox, "write_returned", broken)
    put(settings, STAFF, "a.csv", [*ROWS, staff_row(50, sex="9")])
    payments = [payment_row(place) for place in range(40)]
    put(settings, PAYMENT, "p.csv", [*payments, payment_row(40, channel="x")])
    report = run(settings)
    ((path, said),) = report.unreturned.items()
    assert path.startswith("outbox/hr_office/hr-staff-") and report.refused_whole
    assert said.startswith("ValueError at ") and "测试者" not in said
    assert by_name(report)["p.csv"].refused_rows == 1
    assert by_name(report)["p.csv"].returned
    monkeypatch.undo()
    assert run(settings).unreturned == {}
    assert (settings.paths.root / path).is_file()


def test_no_text_of_the_twin_in_csv_becomes_a_formula(tmp_path):
    texts = ("=1+1", " =1+1", "\n=1+1", "x\r=1+1,y", "\uff1d1+1", "-5", None, "甲")
    with _Csv(tmp_path / "a.csv", [f"c{place}" for place in range(8)], True) as sheet:
        sheet.write(texts, "类型不符", "请改")
    content = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert row[:6] == ["\t=1+1", "\t =1+1", "\t\n=1+1", "x\r=1+1,y", "\t\uff1d1+1", "\t-5"]
    assert '"x\r=1+1,y"' in content


def test_what_looks_like_markup_is_printed_as_it_is(capsys):
    shell.print_rows(("file",), [("[/x] [bold]y.csv",)])
    assert "[/x] [bold]y.csv" in capsys.readouterr().out
    with shell.progress("a") as bar:
        bar.update(0, description="[/x]")
        bar.refresh()
    file = FileResult("inbox/[/x].csv", "", "", None, "refused", message="unknown: [/y]")
    kept = SimpleNamespace(id="r1")
    release._tell_refresh(
        SimpleNamespace(ingest=IngestReport([file]), result="unchanged", release=kept)
    )
    assert "inbox/[/x].csv: unknown: [/y]" in capsys.readouterr().err


def test_a_copied_workbook_goes_through_no_link_that_lies_there(settings, tmp_path):
    payments = [payment_row(place, staff_no=None) for place in range(40)]
    put(settings, PAYMENT, "p.csv", [*payments, payment_row(40, staff_no=None, channel="x")])
    name = by_name(run(settings))["p.csv"].returned.rpartition("/")[2]
    out, aside = tmp_path / "out", tmp_path / "aside"
    out.mkdir()
    aside.touch(mode=0o666)
    target = out / name
    target.symlink_to(aside)
    run_module._copy_anew(next(settings.paths.outbox.glob(f"*/{name}")), target)
    assert aside.read_bytes() == b"" and not target.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o600
    assert zipfile.is_zipfile(target)
