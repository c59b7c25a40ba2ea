"""Pulling from real PostgreSQL and MariaDB servers: what lands is what the source holds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from pull_sources import (
    CONTRACTS,
    INCREMENTAL,
    declare,
    entry,
    entry_table,
    land,
    make_home,
    only,
    read,
    run,
    source,
)

from warehouse.ingest import ingest
from warehouse.pull.sources_file import load_sources

PERSON = """
[sources.hr.tables.person]
from = "staff"
columns = { gh = "no_such" }
"""


@pytest.fixture
def settings(tmp_path):
    return make_home(tmp_path)


def rows_of(*values: str) -> str:
    return "INSERT INTO entry VALUES " + ", ".join(f"({value})" for value in values)


def new_entries(server, *values: str) -> None:
    server.run(*entry_table(server), rows_of(*values))


def test_full_pull_lands_exactly_what_the_source_holds(settings, server):
    backslash = "\\\\" if server.dialect == "mariadb" else "\\"
    server.run(
        "DROP TABLE IF EXISTS staff",
        "CREATE TABLE staff (gh varchar(20) PRIMARY KEY, xm varchar(50), bz text, rx date, x int)",
        "INSERT INTO staff VALUES "
        f"('0001', '欧阳㐂𠮷', 'a,\"b\"\n第二行;|\t{backslash}''x'' 100%%', '1000-01-01', 1), "
        "('0002', '', '', '9999-12-31', 1), (' 003', NULL, NULL, NULL, 1), "
        "('0004', '甲', ':low :x', '2024-02-29', 1), ('0005', '乙', 'x', NULL, 1)".replace(
            "%%", "%"
        ),
    )
    tables = (
        '[sources.hr.tables.person]\nfrom = "staff"\n'
        'columns = { gh = "person_no", xm = "name", bz = "remark", rx = "joined_date" }\n'
    )
    declare(settings, source(server, "hr", tables))
    first = only(run(settings))
    assert (first.result, first.rows, first.mode) == ("pulled", 5, "full"), first
    text = (settings.paths.root / first.path).read_text(encoding="utf-8")
    assert '\n0002,"","",9999-12-31,' in text, "an empty text is not null"
    assert "\n 003,,,,hr," in text, "null is not an empty text"
    assert read(settings, first)[1] == {
        "person_no": "0001",
        "name": "欧阳㐂𠮷",
        "remark": "a,\"b\"\n第二行;|\t\\'x' 100%",
        "joined_date": "1000-01-01",
    }
    query = "SELECT person_no, name, joined_date::VARCHAR FROM hr.person ORDER BY 1"
    landed = land(settings, query)
    assert landed == [
        ("0001", "欧阳㐂𠮷", "1000-01-01"),
        ("0002", None, "9999-12-31"),
        ("0004", "甲", "2024-02-29"),
        ("0005", "乙", None),
        ("003", None, None),
    ]

    again = only(run(settings))
    assert (again.result, again.path) == ("unchanged", None)
    assert again.extracted_at > first.extracted_at

    server.run("DELETE FROM staff WHERE gh = '0004'")
    shorter = only(run(settings))
    assert (shorter.result, shorter.rows) == ("pulled", 4)
    server.run("INSERT INTO staff VALUES ('0004', '甲', ':low :x', '2024-02-29', 1)")
    land(settings, query)
    back = only(run(settings))
    assert back.result == "pulled", "a state that returns is delivered again"


def test_numbers_times_and_truths_arrive_exactly(settings, server):
    new_entries(
        server,
        "'1', 12345678901234.1234, '2026-03-01 08:30:00', true, -2147483648, NULL, NULL",
        "'2', 0.1000, '1988-07-01 00:00:00', false, 2147483647, NULL, NULL",
        "'3', -0.0001, NULL, NULL, NULL, NULL, NULL",
    )
    declare(settings, source(server, "fees", entry(), timezone="+00:00"))
    rows = read(settings, only(run(settings)))
    assert [row["amount"] for row in rows] == ["12345678901234.1234", "0.1000", "-0.0001"]
    assert [row["seq"] for row in rows] == ["-2147483648", "2147483647", ""]
    assert [row["is_final"] for row in rows] == ["true", "false", ""]
    # The servers' clocks are UTC's here, so the same wall time is eight hours later in Beijing:
    # also in a summer when Beijing's clocks were set forward, since files carry plain +08.
    assert [row["paid_at"] for row in rows] == [
        "2026-03-01 16:30:00",
        "1988-07-01 08:00:00",
        "",
    ]


def test_moment_with_an_offset_is_beijing_time_whatever_the_session(settings, postgresql):
    query = (
        "SELECT n::text AS entry_no, 1.5 AS amount, t AS paid_at, NULL::boolean AS is_final, "
        "NULL::int AS seq FROM (VALUES (1, '1988-07-01 00:00:00.25+00'::timestamptz), "
        "(2, '1900-01-01 00:00:00+00'), (3, 'infinity'), (4, NULL), (5, NULL)) v(n, t)"
    )
    declare(
        settings, source(postgresql, "fees", f"[sources.fees.tables.entry]\nquery = '''{query}'''")
    )
    rows = read(settings, only(run(settings)))
    assert [row["paid_at"] for row in rows] == [
        "1988-07-01 08:00:00.25",
        "1900-01-01 08:00:00",
        "infinity",
        "",
        "",
    ]
    report = ingest(settings, contracts=CONTRACTS)
    assert (report.files[0].accepted_rows, report.files[0].reasons) == (4, {"type": 1})


def test_transaction_is_repeatable_and_read_only(settings, server):
    asked = (
        "current_setting('transaction_isolation'), current_setting('transaction_read_only')"
        if server.dialect == "postgresql"
        else "lower(replace(@@tx_isolation, '-', ' ')), @@tx_read_only"
    )
    level, read_only = (
        asked.rsplit(", ", 1) if server.dialect != "postgresql" else asked.split(", ")
    )
    query = f"SELECT '1' AS person_no, {level} AS name, {read_only} AS remark, NULL AS joined_date"
    if server.dialect == "postgresql":
        query = query.replace("NULL AS", "NULL::date AS")
    declare(settings, source(server, "hr", f'[sources.hr.tables.person]\nquery = """{query}"""'))
    (row,) = read(settings, only(run(settings)))
    assert row["name"] == "repeatable read"
    assert row["remark"] in ("on", "1")


def test_late_commit_is_seen_by_the_next_pull(settings, server):
    new_entries(
        server,
        "'1', 1, NULL, true, 1, '2026-03-01 08:00:00', 'N'",
        "'2', 2, NULL, true, 1, '2026-03-01 09:00:00', 'N'",
        "'3', 3, NULL, true, 1, NULL, 'N'",
    )
    flag = 'deleted_flag = "gone"\ndeleted_values = ["Y"]\n'
    declare(settings, source(server, "fees", entry(f"{INCREMENTAL}\n{flag}")))
    late = server.connect()  # begins before the pull, commits behind it
    with late.cursor() as cursor:
        cursor.execute(rows_of("'late', 4, NULL, true, 1, '2026-03-01 08:30:00', 'N'"))
        first = only(run(settings))
        assert (first.rows, first.since, first.watermark) == (3, None, "2026-03-01 09:00:00")
        late.commit()
    late.close()
    second = only(run(settings))
    assert second.since == "2026-03-01 08:00:00"
    assert "late" in [row["entry_no"] for row in read(settings, second)]

    # A row dated in the future comes, but does not carry the watermark past the source's clock;
    # one that was deleted comes with its mark.
    server.run(
        rows_of("'future', 5, NULL, true, 1, '2037-01-01 00:00:00', 'N'"),
        "UPDATE entry SET gone = 'Y', changed_at = '2026-03-01 10:00:00' WHERE entry_no = '1'",
    )
    third = only(run(settings))
    found = {row["entry_no"]: row["is_deleted"] for row in read(settings, third)}
    assert found == {"1": "true", "2": "false", "3": "false", "late": "false", "future": "false"}
    assert third.watermark <= third.extracted_at, "the source's clock bounds the watermark"
    server.run("DELETE FROM entry WHERE entry_no = 'future'")
    counted = land(settings, "SELECT count(DISTINCT entry_no) FROM fees.entry")
    assert counted == [(5,)]


def test_idle_source_brings_no_file_and_stays_fresh(settings, postgresql):
    new_entries(
        postgresql,
        "'1', 1, NULL, true, 1, '2026-03-01 08:00:00', NULL",
        "'2', 1, NULL, true, 1, '2026-03-01 18:00:00', NULL",
    )
    declare(settings, source(postgresql, "fees", entry(INCREMENTAL)))
    assert only(run(settings)).rows == 2
    assert only(run(settings)).rows == 1, "the overlap is read again"
    land(settings, "SELECT 1")
    idle = only(run(settings))
    assert (idle.result, idle.path, idle.rows) == ("unchanged", None, 1)
    whole = only(run(settings, from_start=True))
    assert (whole.rows, whole.since) == (2, None)


def test_increasing_number_is_a_watermark_too(settings, server):
    new_entries(server, *(f"'{n}', 1, NULL, true, {n}, NULL, NULL" for n in range(1, 21)))
    number = 'mode = "incremental"\nwatermark = "seq"\noverlap = 5'
    declare(settings, source(server, "fees", entry(number)))
    assert only(run(settings)).watermark == "20"
    server.run(rows_of("'21', 1, NULL, true, 21, NULL, NULL"))
    planned = only(run(settings, "fees/entry", dry_run=True))
    assert (planned.result, planned.rows, planned.since) == ("planned", 7, "15")
    assert planned.statement and not planned.path
    second = only(run(settings, "fees"))
    assert (second.rows, second.watermark) == (7, "21")

    # Another declaration means other rows: the old watermark says nothing about them.
    declare(
        settings, source(server, "fees", entry(number + '\ncolumns = { is_final = "is_final" }'))
    )
    renewed = only(run(settings))
    assert (renewed.rows, renewed.since) == (21, None)
    assert "read anew" in renewed.notes[0]


_PROGRAM = """
import sys
from pull_sources import run
from warehouse.settings import load_settings
run(load_settings(sys.argv[1]))  # without the guard that multiprocessing asks of programs
"""


@pytest.mark.parametrize("place", ["written", "delivered", "keeping", "kept"])
def test_killed_anywhere_nothing_is_lost_and_nothing_doubled(settings, postgresql, tmp_path, place):
    new_entries(
        postgresql, *(f"'{n}', {n}, NULL, true, 1, '2026-03-01 08:00:00', NULL" for n in range(9))
    )
    declare(settings, source(postgresql, "fees", entry(INCREMENTAL)))
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[2]}",
        "CAMPUS_CRASH_AT": f"pull_{place}",
    }
    subprocess.run([sys.executable, program, settings.paths.root], env=environment, timeout=60)
    landed = settings.paths.inbox / "fees" / "entry"
    assert len(list(landed.glob("pull-*.csv"))) == (place != "written")
    postgresql.run(rows_of("'new', 1, NULL, true, 1, '2026-03-01 08:10:00', NULL"))
    result = only(run(settings))
    assert result.since == ("2026-03-01 07:00:00" if place == "kept" else None)
    assert not list(landed.glob(".*")), "what the killed pull was writing is swept"
    current = (
        "SELECT count(*), count(DISTINCT entry_no), sum(amount) FROM (SELECT *, row_number() OVER "
        "(PARTITION BY entry_no ORDER BY extracted_at DESC) AS n FROM fees.entry) WHERE n = 1"
    )
    assert land(settings, current) == [(10, 10, 37)]


def _peak_of_children(call) -> int:
    """Greatest resident size, in bytes, of any process that `call` starts."""
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            for child in psutil.Process().children(recursive=True):
                try:
                    if "forkserver" in " ".join(child.cmdline()):
                        peak = max(peak, child.memory_info().rss)
                except psutil.NoSuchProcess:
                    pass

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        call()
    finally:
        done.set()
        watcher.join()
    return peak


@pytest.mark.slow
def test_memory_does_not_grow_with_the_table(settings, server):
    """A million rows from PostgreSQL, 200,000 from MariaDB, against 10,000."""
    many = 1_000_000 if server.dialect == "postgresql" else 200_000

    def declared(rows: int) -> str:
        series = (
            f"(SELECT g AS n FROM generate_series(1, {rows}) g) s"
            if server.dialect == "postgresql"
            else f"(SELECT seq AS n FROM seq_1_to_{rows}) s"
        )
        query = (
            "SELECT concat('E', n) AS entry_no, CAST(n AS decimal(18,4)) / 4 AS amount, "
            "CAST('2026-03-01 08:30:00' AS TIMESTAMP_TYPE) AS paid_at, n % 2 = 0 AS is_final, "
            f"n AS seq FROM {series}"
        ).replace("TIMESTAMP_TYPE", "timestamp" if server.dialect == "postgresql" else "datetime")
        return source(server, "fees", f'[sources.fees.tables.entry]\nquery = "{query}"')

    peaks = []
    for rows in (10_000, many):
        declare(settings, declared(rows))
        results = []
        peaks.append(_peak_of_children(lambda found=results: found.append(only(run(settings)))))
        assert (results[0].result, results[0].rows) == ("pulled", rows), results
    assert 0 < peaks[1] < peaks[0] + (48 << 20), [peak >> 20 for peak in peaks]
    last = sum(1 for _ in (settings.paths.root / results[0].path).open(encoding="utf-8"))
    assert last == many + 1


def test_sources_file_of_the_document_is_a_good_one(settings):
    """docs/pull.md shows a whole file; it must load against the contracts in force."""
    from warehouse.contracts import load_contracts

    page = (Path(__file__).parents[2] / "docs" / "pull.md").read_text(encoding="utf-8")
    shown = page.split("```toml", 1)[1].split("```", 1)[0]
    (settings.paths.root / "campus-ca.pem").touch()
    (settings.paths.root / "sources.toml").write_text(shown, encoding="utf-8")
    sources = load_sources(settings.paths, load_contracts())
    assert {item.dialect for item in sources.sources} >= {"postgresql", "mysql", "oracle", "mssql"}
