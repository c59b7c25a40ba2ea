"""Ingest of a large extract against DuckDB's bare typed read of the same file.

    python bench/ingest.py --rows 3000000      quick
    python bench/ingest.py                     20 million card transactions, as the targets say

Baseline: `CREATE TABLE … AS FROM read_csv(typed columns)` into a database file, same threads and
memory limit; nothing is checked there. For comparison also into memory, where nothing is made to
last. Each runs in a process of its own. Targets: ratio at most 1.6 against the database file,
peak memory of the ingest process at most 1 GB. Times vary on a shared machine; compare ratios,
of wall time and of processor time. The CSV and the parent tables are made once per work folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote, quote_text
from warehouse.settings import load_settings

SOURCE, TABLE = "student_meal_card", "meal_transaction"
STUDENTS, MERCHANTS = 20_000, 120


def make_csv(path: Path, rows: int) -> None:
    """Card transactions whose parents all exist, numbered in order, with two percent top-ups."""
    with open_work(memory_limit="2GB") as connection:
        connection.execute(
            f"""COPY (
            SELECT 'T' || lpad(i::VARCHAR, 11, '0') AS transaction_no,
              'C' || lpad((hash(i) % {STUDENTS})::VARCHAR, 7, '0') AS card_no,
              '2024' || lpad((hash(i) % {STUDENTS})::VARCHAR, 6, '0') AS student_no,
              CASE WHEN i % 50 = 0 THEN '充值' ELSE '消费' END AS transaction_type,
              (1 + hash(i + 1) % 3000 / 100)::DECIMAL(14, 2) AS amount,
              (hash(i + 2) % 50000 / 100)::DECIMAL(14, 2) AS balance_after,
              'M' || lpad((hash(i + 3) % {MERCHANTS})::VARCHAR, 3, '0') AS merchant_no,
              'P' || lpad((hash(i + 3) % 400)::VARCHAR, 4, '0') AS pos_no,
              TIMESTAMP '2025-09-01 06:30:00' + to_seconds(i) AS traded_at,
              ['早', '中', '晚', '夜宵'][1 + (hash(i + 4) % 4)::INT] AS meal_period
            FROM range({rows}) AS t(i)) TO {quote_text(path)} (HEADER)"""
        )


def add_parents(home: Path) -> None:
    """Put the keys that the transactions refer to where `ingest` looks: into ledger and lake."""
    from datetime import UTC, datetime

    from warehouse.state import open_state, session
    from warehouse.state.models import Batch

    settings = load_settings(home)
    settings.paths.create()
    contracts = load_contracts()
    keys = {
        ("student_affairs", "student_status", "student_no"): f"'2024' || lpad(i::VARCHAR, 6, '0') "
        f"FROM range({STUDENTS}) AS t(i)",
        (SOURCE, "meal_account", "card_no"): f"'C' || lpad(i::VARCHAR, 7, '0') "
        f"FROM range({STUDENTS}) AS t(i)",
        (SOURCE, "meal_merchant", "merchant_no"): f"'M' || lpad(i::VARCHAR, 3, '0') "
        f"FROM range({MERCHANTS}) AS t(i)",
    }
    engine = open_state(settings)
    with open_work() as connection, session(engine) as opened:
        for number, ((source, table, key), rows) in enumerate(keys.items()):
            batch = f"{number:032x}"
            part = settings.paths.lake / source / table / f"batch={batch}" / "part-0.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            columns = ", ".join(
                f"NULL::{column.sql_type} AS {quote(column.name)}"
                for column in contracts.table(source, table).columns
                if column.name != key
            )
            connection.execute(
                f"COPY (SELECT {columns}, {rows.replace(' FROM', f' AS {key} FROM')}) "
                f"TO {quote_text(part)} (FORMAT parquet)"
            )
            moment = datetime(2025, 9, 1, tzinfo=UTC)
            opened.add(
                Batch(
                    id=batch,
                    source=source,
                    table_name=table,
                    content_sha256=batch * 2,
                    file_name="bench",
                    received_at=moment,
                    extracted_at=moment,
                    contract_version="1",
                    accepted_rows=STUDENTS,
                    refused_rows=0,
                    waiting_rows=0,
                    reasons={},
                    readings={},
                    files=[str(part.relative_to(settings.paths.root))],
                )
            )
    engine.dispose()


def run_baseline(csv: Path, target: str) -> None:
    columns = ", ".join(
        f"{quote_text(column.name)}: {quote_text(column.sql_type)}"
        for column in load_contracts().table(SOURCE, TABLE).columns
    )
    settings = load_settings(csv.parent)
    path = None if target == "memory" else csv.parent / "baseline.duckdb"
    if path:
        path.unlink(missing_ok=True)
    with open_work(
        path,
        threads=settings.threads,
        memory_limit=settings.memory_limit if path else "8GB",
        temp_directory=csv.parent / "spill",
    ) as connection:
        connection.execute(
            f"CREATE TABLE t AS FROM read_csv({quote_text(csv)}, columns = {{{columns}}}, "
            "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"')"
        )


def run_ingest(csv: Path) -> None:
    from warehouse.ingest import ingest

    report = ingest(load_settings(csv.parent / "home"))
    (file,) = report.files
    assert file.refused_rows == 0 and file.accepted_rows > 0, file


def measure(csv: Path, what: str) -> dict[str, float]:
    """Wall seconds, processor seconds and peak MB of one run in a process of its own."""
    if what == "ingest":
        home = csv.parent / "home"
        shutil.rmtree(home, ignore_errors=True)
        add_parents(home)
        place = home / "inbox" / SOURCE / TABLE / "transactions.csv"
        place.parent.mkdir(parents=True)
        os.link(csv, place)
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, "--csv", str(csv)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def one(csv: Path, what: str) -> None:
    began = time.monotonic()
    run_ingest(csv) if what == "ingest" else run_baseline(csv, what)
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-ingest")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the best counts")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--csv", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.csv, options.one)
        return
    folder = options.work / str(options.rows)
    folder.mkdir(parents=True, exist_ok=True)
    csv = folder / "transactions.csv"
    if not csv.exists():
        make_csv(csv.with_suffix(".new"), options.rows)
        csv.with_suffix(".new").rename(csv)
    print(f"{options.rows:,} rows, {csv.stat().st_size / 1e9:.2f} GB")
    best: dict[str, dict[str, float]] = {}
    for _ in range(options.repeat):
        for what in ("file", "memory", "ingest"):
            found = measure(csv, what)
            if what not in best or found["wall"] < best[what]["wall"]:
                best[what] = found
    for what, found in best.items():
        print(
            f"{what:8} {found['wall']:7.1f} s  {found['cpu']:7.1f} s cpu  {found['peak']:6.0f} MB"
        )
    for base in ("file", "memory"):
        wall = best["ingest"]["wall"] / best[base]["wall"]
        cpu = best["ingest"]["cpu"] / best[base]["cpu"]
        target = " (target 1.6)" if base == "file" else ""
        print(f"ingest / bare read into {base}: {wall:.2f} wall, {cpu:.2f} cpu{target}")
    print(f"peak of ingest: {best['ingest']['peak']:.0f} MB (target 1024)")


if __name__ == "__main__":
    main()
