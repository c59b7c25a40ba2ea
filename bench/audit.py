"""How many entries a second the audit log takes, and what the chain costs over bare inserts.

    python bench/audit.py                                     SQLite, in a temporary folder
    python bench/audit.py --folder DIR                        … on the disk that is to be judged
    python bench/audit.py --state-url postgresql+psycopg://…  an empty database of a server
    python bench/audit.py --verify 1000000                    also: writes so many, verifies them

Each line: so many threads append one entry at a time and wait for each to be committed. `bare` is
one thread that inserts the same rows, already hashed, in transactions as large as the log's were
on average; `ratio` is the log's time per entry over the bare one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, MetaData, event, insert, select

from warehouse.audit import Audit, head_file
from warehouse.audit.chain import canonical
from warehouse.audit.entry import Draft, append, claim
from warehouse.audit.reading import verify
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state
from warehouse.state.models import AuditEntry

WRITERS = (1, 8, 64)


@contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """Counts commits meanwhile."""
    commits = [0]

    def count(_connection: object) -> None:
        commits[0] += 1

    event.listen(engine, "commit", count)
    try:
        yield commits
    finally:
        event.remove(engine, "commit", count)


def append_for(audit: Audit, writers: int, seconds: float) -> tuple[int, float, list[float]]:
    """Entries written, seconds taken, and the time each caller waited, in order of size."""
    waits: list[list[float]] = [[] for _ in range(writers)]
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        while (begun := time.perf_counter()) < end:
            audit.event(
                f"person:{number}",
                "personal.read",
                subject=f"person:{number}",
                detail={"page": "my_overview", "purpose": "own_data", "rows": 12},
            )
            waits[number].append(time.perf_counter() - begun)

    begun = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    return sum(map(len, waits)), taken, sorted(wait for each in waits for wait in each)


def insert_bare(engine: Engine, entries: int, group: int) -> float:
    """Seconds to insert the newest `entries` rows of the log again, into a table like it."""
    table = AuditEntry.__table__
    with engine.begin() as connection:
        wanted = select(table).order_by(table.c.seq.desc()).limit(entries)
        rows = [dict(row) for row in connection.execute(wanted).mappings()]
        bare = table.to_metadata(MetaData(), name="bare")
        for index in bare.indexes:
            index.name = f"bare_{index.name}"
        bare.drop(connection, checkfirst=True)
        bare.create(connection)
    statement = insert(bare)
    begun = time.perf_counter()
    for first in range(0, len(rows), group):
        with engine.begin() as connection:
            connection.execute(statement, rows[first : first + group])
    return time.perf_counter() - begun


def measure(engine: Engine, heads: Path, seconds: float) -> None:
    audit = Audit(engine, heads)
    audit.event("job:bench", "bench.begin")
    for writers in WRITERS:
        with counted(engine) as commits:
            entries, taken, waits = append_for(audit, writers, seconds)
        group = max(1, round(entries / commits[0]))
        bare = insert_bare(engine, entries, group)
        print(
            f"{engine.dialect.name:<10} {writers:>3} writers {entries / taken:>8.0f} entries/s  "
            f"wait p50 {waits[len(waits) // 2] * 1e3:>6.2f} ms  "
            f"p99 {waits[len(waits) * 99 // 100] * 1e3:>6.2f} ms  group {group:>3}  "
            f"bare {entries / bare:>8.0f} rows/s  ratio {taken / bare:.2f}",
            flush=True,
        )


def write_many(engine: Engine, heads: Path, entries: int) -> None:
    """Fill the log in large transactions, heads noted."""
    for first in range(0, entries, 5_000):
        drafts = [
            Draft.of(
                f"person:{number % 20_000}",
                "personal.read",
                subject=f"person:{number % 20_000}",
                detail={"page": "my_overview", "purpose": "own_data", "rows": number % 97},
            )
            for number in range(first, min(first + 5_000, entries))
        ]
        with engine.begin() as connection:
            claim(connection)
            written = append(connection, datetime.now(UTC), drafts)
        with heads.open("a", encoding="utf-8") as file:
            file.writelines(canonical(asdict(head)) + "\n" for head in written)


def verify_alone(home: Path, state_url: str | None) -> tuple[int, bool, float, float]:
    """Entries, whether they are whole, seconds, and MiB that the process grew by meanwhile."""
    settings = load_settings(home, state_url=state_url)
    engine = open_state(settings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    report = verify(engine, head_file(settings.paths))
    taken = time.perf_counter() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    engine.dispose()
    return report.entries, report.whole, taken, grown


def measure_verify(engine: Engine, settings: Settings, entries: int) -> None:
    write_many(engine, head_file(settings.paths), entries)
    # A process of its own: what was written must not count as memory of the verification.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found, whole, taken, grown = pool.apply(
            verify_alone, (settings.paths.root, settings.state_url)
        )
    print(
        f"{engine.dialect.name:<10} verified {found} entries in {taken:.1f} s "
        f"({found / taken:.0f}/s), whole: {whole}, memory +{grown:.0f} MiB",
        flush=True,
    )
    if not whole:
        sys.exit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the SQLite file is put")
    parser.add_argument("--state-url", help="a database of a server, empty")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--verify", type=int, default=0, metavar="ENTRIES")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        settings = load_settings(Path(folder) / "home", state_url=chosen.state_url)
        settings.paths.create()
        engine = open_state(settings)
        measure(engine, head_file(settings.paths), chosen.seconds)
        if chosen.verify:
            measure_verify(engine, settings, chosen.verify)
        engine.dispose()


if __name__ == "__main__":
    main()
