"""The mark of an export changes no value and is found again in what is left of a file."""

from __future__ import annotations

import csv
import io
import json

import polars
import pytest

from warehouse.access.confined import QueryResult
from warehouse.access.export_marks import find_labels, mark_of
from warehouse.access.result_files import FORMATS, result_file
from warehouse.access.trace import _by_writing
from warehouse.access.trace_reading import number_shape, read_piece
from warehouse.state.models import Export

COLUMNS = [
    {"name": "no", "type": "VARCHAR"},
    {"name": "term", "type": "VARCHAR"},
    {"name": "score", "type": "DECIMAL(5,2)"},
    {"name": "day", "type": "DATE"},
]
SPECIAL = ['a "b"', "c,d", "e\nf", " g ", "", None, "学号", "1.0"]
ROWS = [[f"S{i:04}", f"T{i % 3}", f"{i % 100}.50", "2026-01-10"] for i in range(300)] + [
    [text, text, None, None] for text in SPECIAL
]
RESULT = QueryResult(COLUMNS, ROWS, None, 0.1)
EXPORTS = {f"x{number}": mark_of(b"secret", f"x{number}") for number in range(50)}


def written(form: str, export: str = "x7") -> bytes:
    return result_file(RESULT, form, export, EXPORTS[export])


def accused(content: bytes) -> list[str]:
    """The exports whose way of writing a piece of text bears."""
    exports = [Export(id=x, grant_id="g", format="csv", mark=m) for x, m in EXPORTS.items()]
    return sorted(one.export.id for one in _by_writing(read_piece(content), exports) if one.export)


def test_marked_csv_reads_as_an_unmarked_one_does():
    plain = io.StringIO()
    csv.writer(plain, lineterminator="\n").writerows(
        [[c["name"] for c in COLUMNS], *[["" if v is None else v for v in row] for row in ROWS]]
    )
    rows = [
        list(csv.reader(io.StringIO(t, newline="")))
        for t in (plain.getvalue(), written("csv").decode())
    ]
    assert rows[0] == rows[1]
    frame = polars.read_csv(written("csv"))
    assert frame["score"].dtype == polars.Float64, "a number is never put in quotation marks"


def test_marked_json_lines_hold_the_values():
    lines = [json.loads(line) for line in written("jsonl").decode().splitlines()]
    assert lines[0] == {"no": "S0000", "term": "T0", "score": "0.50", "day": "2026-01-10"}
    assert [line["no"] for line in lines[300:]] == SPECIAL


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_binary_formats_bear_a_label_and_the_values(form: str):
    content = written(form)
    assert read_piece(content).labels == [("x7", EXPORTS["x7"])]
    read = {"parquet": polars.read_parquet, "arrow": polars.read_ipc, "xlsx": polars.read_excel}
    options = {"drop_empty_rows": False} if form == "xlsx" else {}
    frame = read[form](io.BytesIO(content), **options)
    assert frame.columns == ["no", "term", "score", "day"] and frame.height == len(ROWS)


@pytest.mark.parametrize("form", FORMATS)
def test_two_copies_differ_and_one_is_always_the_same(form: str):
    assert written(form) != written(form, "x8")
    if form != "xlsx":  # a workbook notes the moment it was made
        assert written(form) == written(form)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize(
    "cut",
    [
        lambda text: text,
        lambda text: text[len(text) // 3 : len(text) // 2],
        lambda text: "\n".join(sorted(text.split("\n"), reverse=True)),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text[1000:2500] + "\ufffd" * 20 + text[4000:5000],
    ],
    ids=["whole", "middle", "sorted", "line ends", "damaged"],
)
def test_a_piece_of_text_names_its_export_and_no_other(form: str, cut):
    assert accused(cut(written(form).decode()).encode()) == ["x7"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_put_together_from_two_copies_names_both(form: str):
    first, second = written(form).split(b"\n"), written(form, "x8").split(b"\n")
    assert accused(b"\n".join(first[1:150] + second[150:])) == ["x7", "x8"]


def test_what_is_written_anew_or_too_short_names_nobody():
    anew = io.StringIO()
    csv.writer(anew).writerows(csv.reader(io.StringIO(written("csv").decode())))
    assert accused(anew.getvalue().encode()) == []
    assert accused(b"\n".join(written("csv").split(b"\n")[5:8])) == []


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_a_damaged_file_is_read_as_far_as_it_goes(form: str):
    content = written(form)
    piece = read_piece(content[len(content) // 4 :])
    assert piece.rows == []
    if form == "parquet":  # its label lies at its end
        assert piece.labels == [("x7", EXPORTS["x7"])]
    assert find_labels(content[:50]) == []


def test_a_workbook_without_its_end_still_shows_its_label():
    content = written("xlsx")
    assert read_piece(content[: content.rfind(b"PK\x05\x06")]).labels == [("x7", EXPORTS["x7"])]


def test_a_workbook_keeps_every_digit_of_a_long_number():
    number = 1012345678901234567
    result = QueryResult([{"name": "person_key", "type": "BIGINT"}], [[number], [5]], None, 0.1)
    content = result_file(result, "xlsx", "x7", EXPORTS["x7"])
    assert polars.read_excel(io.BytesIO(content))["person_key"].to_list() == [str(number), "5"]
    assert number_shape(number) in read_piece(content).numbers


def test_a_number_that_a_spreadsheet_has_rounded_keeps_its_shape():
    number = 1012345678901234567
    for text in (str(number), "1012345678901230000", "1.01234567890123E+18"):
        piece = read_piece(f"a,b\n{text},x\n".encode())
        assert piece.numbers == {number_shape(number)}
