"""Files made to do harm, or damaged: refused with a reason, their neighbours unharmed."""

from __future__ import annotations

import gzip
import io
import os
import random
import resource
import socket
import zipfile

import pyarrow
import pyarrow.parquet
import pytest
from delivery_forms import as_csv, as_json_lines, as_parquet, as_xlsx, deliver, packed
from ingest_contracts import STAFF, UNIT, UNITS, landed, put, run, staff_row

from warehouse.errors import FileRefused
from warehouse.ingest.limits import Limits
from warehouse.ingest.reader import Reader
from warehouse.settings import load_settings

# ruff: noqa: E501 - one hostile file a line

ROWS = [staff_row(place) for place in range(12)]
REASONS = {
    "type", "required", "duplicate_key", "code", "orphan", "range", "pattern", "check_digit",
    "cross_column", "structure", "unreadable", "too_many_refused", "mass_deletion", "undeclared",
}  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(
        tmp_path / "home",
        threads=2,
        ingest_unpacked_bytes=8 << 20,
        ingest_reader_memory=3 << 30,
        ingest_reader_seconds=20,
    )
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    return settings


def used(folder) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def bomb_gz(size: int) -> bytes:
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb") as stream:
        for _ in range(size >> 20):
            stream.write(b"0" * (1 << 20))
    return sink.getvalue()


def with_part(content: bytes, part: str, change) -> bytes:
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part else body)
    return sink.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


def absurd_parquet() -> bytes:
    """A run of equal values that says it is very long."""
    sink = io.BytesIO()
    column = pyarrow.DictionaryArray.from_arrays(
        pyarrow.array([0] * 2_000_000, pyarrow.int8()), ["x"]
    )
    table = pyarrow.table(dict.fromkeys(STAFF.column_names, column))
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def hostile() -> dict[str, bytes]:
    book = as_xlsx(STAFF, ROWS)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return {
        "bomb.csv.gz": bomb_gz(12 << 20),
        "bomb.jsonl.zst": packed(b"[" * (12 << 20), "zst"),
        "bomb.xlsx": with_part(book, STRINGS, lambda body: body.replace(b"</sst>", b" " * (12 << 20) + b"</sst>")),
        "entities.xlsx": with_part(book, SHEET, lambda body: ENTITIES + body.partition(b"?>")[2]),
        "deep.xlsx": with_part(book, SHEET, lambda body: body.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 100_000)),
        "far.xlsx": with_part(book, SHEET, lambda body: body.replace(b"</sheetData>", far)),
        "nowhere.xlsx": with_part(book, SHEET, lambda body: body.replace(b'r="A2"', b'r="ZZZ2"')),
        "no-text.xlsx": with_part(book, SHEET, lambda body: body.replace(b"<v>3</v>", b"<v>99999</v>")),
        "short.xlsx": book[: len(book) // 2],
        "short.csv.gz": gzip.compress(as_csv(STAFF, ROWS))[:-20],
        "short.csv.zst": packed(as_csv(STAFF, ROWS), "zst")[:-9],
        "short.parquet": as_parquet(STAFF, ROWS)[:-9],
        "deep.jsonl": b'{"staff_no": ' + b"[" * 200_000 + b"\n",
        "line.jsonl": b'{"staff_no": "' + b"1" * (20 << 20) + b'"}\n',
        "line.csv": b"staff_no" + b"," * (8 << 20),
        "quote.csv": as_csv(STAFF, ROWS) + b'"' + b"x" * (20 << 20),
        "wide.csv": ",".join(f"c{place}" for place in range(50_000)).encode() + b"\n1\n",
        "absurd.parquet": absurd_parquet(),
    }  # fmt: skip


def test_hostile_files_are_refused_and_their_neighbours_land(settings):
    files = hostile()
    for name, content in files.items():
        deliver(settings, STAFF, name, content)
    put(settings, STAFF, "zz good.csv", ROWS)
    before = used(settings.paths.root)
    report = run(settings)
    outcome = {file.path.rpartition("/")[2]: file for file in report.files if file.table == "staff"}
    assert report.failed == {}
    assert outcome.pop("zz good.csv").accepted_rows == 12
    assert {name: file.result for name, file in outcome.items()} == dict.fromkeys(files, "refused")
    assert {reason for file in outcome.values() for reason in file.reasons} <= {
        "unreadable",
        "structure",
        "too_many_refused",
    }
    assert "document type" in outcome["entities.xlsx"].message
    assert "larger than" in outcome["bomb.csv.gz"].message
    assert used(settings.paths.root) < before + (4 << 20)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_600_000


def test_names_made_to_do_harm_are_only_names(settings):
    folder = settings.paths.inbox / "hr" / "staff"
    folder.mkdir(parents=True)
    names = [
        "-rf.csv", "a\nb.csv", "\u202egnp.csv", "x..csv", "a'; DROP TABLE x; --.csv",
        "%00.csv", "*.csv", "{a,b}[1].csv", "\\..\\..\\x.csv", "é" * 125 + ".csv", "x" * 251 + ".csv",
    ]  # fmt: skip
    raw = [name.encode() for name in names] + [b"\xff\xfe\x80.csv", b"\xb2\xe2.parquet"]
    for number, name in enumerate(raw):
        content = as_csv(STAFF, [staff_row(place) for place in range(12 + number)])
        with open(os.path.join(os.fsencode(folder), name), "wb") as stream:  # noqa: PTH118, PTH123
            stream.write(content)
    report = run(settings)
    results = [file.result for file in report.files if file.table == "staff"]
    assert sorted(set(results)) == ["accepted", "refused"]  # the last is no Parquet
    refused = [file.path for file in report.files if file.result == "refused"]
    assert (refused, report.failed) == (["inbox/hr/staff/__.parquet"], {})
    for file in report.files:
        assert file.path.isprintable(), file.path
    assert os.listdir(folder) == []  # noqa: PTH208
    assert [path.parent.name for path in settings.paths.quarantine.rglob("*.parquet")] == [
        "refused"
    ]


def test_a_hostile_name_of_a_refused_file_fits_where_it_is_kept(settings):
    folder = settings.paths.inbox / "hr" / ("表" * 80)
    folder.mkdir(parents=True)
    (folder / ("档" * 83 + ".csv")).write_bytes(b"x\n1\n")
    assert run(settings).files[-1].reasons == {"undeclared": 0}
    (kept,) = settings.paths.quarantine.glob("*/*/refused/*")
    assert kept.read_bytes() == b"x\n1\n"


def test_what_is_no_file_is_left_alone_and_named(settings):
    folder = settings.paths.inbox / "hr" / "staff"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "passwd.csv").symlink_to("/etc/passwd")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/s.csv")
        os.close(here)
        put(settings, STAFF, "good.csv", ROWS)
        report = run(settings)
    assert report.files[-1].accepted_rows == 12
    assert report.left_alone == [
        f"inbox/hr/staff/{name}.csv" for name in ("loop", "passwd", "pipe", "s")
    ]
    assert len(list(folder.iterdir())) == 4


def test_a_file_that_changes_or_vanishes_while_it_is_read_is_left_for_the_next_run(
    settings, monkeypatch
):
    from warehouse.ingest import files

    path = put(settings, STAFF, "a.csv", ROWS)
    gone = put(settings, STAFF, "b.csv", ROWS[:11])
    put(settings, STAFF, "c.csv", ROWS[:10])
    read = files.read_file

    def touched(reader, place, *rest):
        if place == path:
            place.write_bytes(b"something else")
        if place == gone:
            place.unlink()
        return read(reader, place, *rest)

    monkeypatch.setattr(files, "read_file", touched)
    report = run(settings)
    assert report.unsettled == ["inbox/hr/staff/a.csv", "inbox/hr/staff/b.csv"]
    assert report.files[-1].accepted_rows == 10
    assert path.read_bytes() == b"something else"


def test_a_reader_that_dies_is_replaced(tmp_path):
    good, bad = tmp_path / "good.gz", tmp_path / "bad.gz"
    good.write_bytes(gzip.compress(b"a,b\n"))
    bad.write_bytes(bomb_gz(4 << 20))
    reader = Reader(Limits(unpacked=1 << 30, ratio=10_000, free_disk=0, seconds=30))
    arguments = {"compression": "gzip", "name": "out"}
    try:
        assert reader.read("unpack", good, tmp_path, **arguments) == {"size": 4}
        for signal in (11, 9):
            os.kill(reader._child.pid, signal)
            reader._child.poll = lambda: None  # as if it had died while it read
            with pytest.raises(FileRefused):
                reader.read("unpack", good, tmp_path, **arguments)
            assert reader.read("unpack", good, tmp_path, **arguments) == {"size": 4}
        small = Reader(Limits(unpacked=1 << 20, free_disk=0))
        with pytest.raises(FileRefused, match="larger than"):
            small.read("unpack", bad, tmp_path, **arguments)
        small.close()
    finally:
        reader.close()


def originals() -> dict[str, bytes]:
    text = as_csv(STAFF, ROWS, titles=True)
    return {
        "csv": text,
        "utf16.csv": as_csv(STAFF, ROWS, encoding="utf-16"),
        "gb.csv": as_csv(STAFF, ROWS, titles=True, encoding="gb18030"),
        "xlsx": as_xlsx(STAFF, ROWS, above=("名册",)),
        "parquet": as_parquet(STAFF, ROWS),
        "jsonl": as_json_lines(STAFF, ROWS),
        "csv.gz": gzip.compress(text),
        "csv.zst": packed(text, "zst"),
    }


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, cut off, doubled, put in."""
    body = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 40))):
        if not body:
            break
        place = rng.randrange(len(body))
        what = rng.randrange(5)
        if what == 0:
            body[place] = rng.randrange(256)
        elif what == 1:
            del body[place : place + rng.randrange(1, 64)]
        elif what == 2:
            body[place:place] = rng.randbytes(rng.randrange(1, 16))
        elif what == 3:
            body[place:place] = body[place : place + rng.randrange(1, 400)]
        else:
            body[place] ^= 1 << rng.randrange(8)
    return bytes(body)


def fuzz(settings, seed: int, cases: int) -> dict[str, int]:
    """Deliver mutated files beside good ones; what became of them, counted."""
    rng = random.Random(seed)
    kinds = originals()
    for number in range(cases):
        kind = rng.choice(sorted(kinds))
        content = mutated(kinds[kind], rng)
        deliver(settings, STAFF, f"m{number:05d}.{kind}", content)
    neighbour = [staff_row(place) for place in range(13)]
    put(settings, STAFF, "zz.csv", neighbour)
    report = run(settings)
    assert report.failed == {}, report.failed
    assert report.unsettled == []
    files = [file for file in report.files if file.table == "staff"]
    assert len(files) == cases + 1
    assert files[-1].result == "accepted"
    assert files[-1].accepted_rows == 13
    for file in files:
        assert set(file.reasons) <= REASONS, file
        assert file.result != "refused" or len(file.reasons) == 1
    counted: dict[str, int] = {}
    for file in files:
        what = file.result if file.result != "refused" else next(iter(file.reasons))
        counted[what] = counted.get(what, 0) + 1
    return counted


def test_mutated_files_end_accepted_or_refused_and_the_neighbour_lands(settings):
    before = used(settings.paths.root)
    counted = fuzz(settings, 20260301, 48)
    assert {"accepted", "unreadable", "structure"} <= set(counted)
    assert used(settings.paths.root) < before + (4 << 20)
    assert landed(settings, "SELECT count(DISTINCT staff_no) >= 13 FROM hr.staff") == [(True,)]
