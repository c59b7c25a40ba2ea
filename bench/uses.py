"""How long a person's record of uses takes, with a million entries and hundreds of grants.

    python bench/uses.py                         1,000,000 entries, 500 grants × 60 releases
    python bench/uses.py --entries N --grants N --releases N --people N

The person is in every second grant; of each grant twenty people come or go with every release. Half
of the entries are the people's own reads, half are queries, files and exports of the grants. Each
line is the median of some reads: `bare` is one query by the same index over the rows that the
answer is made of, without making anything of them, and `ratio` the time over the bare one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from warehouse.access.uses import Wanted, uses_of
from warehouse.settings import load_settings
from warehouse.state import open_state
from warehouse.state.models import AuditEntry, Grant
from warehouse.state.uses import PeopleMember, PeopleSet, PeopleUse, PeopleVersion

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
#: A key as the hub makes them: 53 bits.
ME = 4_503_599_627_370_111
READS = 9
Row = dict[str, Any]


def _many(connection: Connection, model: Any, rows: Iterable[Row]) -> None:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == 20_000:
            connection.execute(insert(model), part)
            part.clear()
    if part:
        connection.execute(insert(model), part)


def _moment(number: int, entries: int, days: int) -> datetime:
    return NOW - timedelta(days=days) + number * timedelta(days=days) / entries


def _entries(count: int, days: int, people: list[int], grants: int) -> Iterator[Row]:
    draw = random.Random(1)
    for number in range(1, count + 1):
        at = _moment(number, count, days).isoformat(timespec="milliseconds")
        half = number % 4 < 2
        subject = (
            f"person:{ME if number % 500 < 2 else draw.choice(people)}"
            if half
            else f"grant:g{draw.randrange(grants)}"
        )
        phase = "outcome" if number % 2 else "intent"
        yield {
            "seq": number,
            "at": at.replace("+00:00", "Z"),
            "actor": subject if half else "person:7",
            "action": "personal.read" if half else "sql.run",
            "phase": phase,
            "intent_seq": number - 1 if phase == "outcome" else None,
            "subject": subject,
            "detail": '{"page":"my_overview","purpose":"own_data"}',
            "previous_hash": "0" * 64,
            "hash": f"{number:064x}",
        }


def _grants(count: int) -> Iterator[Row]:
    units = ("academic_affairs_office", "library", "student_affairs_office", "hr_office")
    for number in range(count):
        yield {
            "id": f"g{number}",
            "unit_code": units[number % len(units)],
            "purpose": "management",
            "purpose_text": "学风分析",
            "columns": {"student_academic_data.course_grade": ["student_no", "total_score"]},
            "rows": {},
            "people": [7],
            "channels": ["sql"],
            "returns": [],
            "limits": {},
            "valid_from": NOW - timedelta(days=90),
            "expires_at": NOW + timedelta(days=90),
            "created_by": "bench",
            "created_at": NOW - timedelta(days=90),
        }


def _sets(connection: Connection, grants: int, releases: int, people: list[int], most: int) -> None:
    """Versions and spans: each release, ten of a set leave it and ten come."""
    draw, members, versions, uses = random.Random(2), [], [], []
    today, version = date(2026, 11, 29), 0
    for no in range(1, grants + 1):
        start = draw.sample(people, draw.randrange(most // 10, most))
        held = dict.fromkeys([*start, *([ME] if no % 2 else [])], version + 1)
        for release in range(releases):
            version += 1
            day = today - timedelta(days=releases - 1 - release)
            if release:
                for gone in draw.sample(sorted(held.keys() - {ME}), 10):
                    members.append((gone, no, held.pop(gone), version))
                for came in draw.sample(people, 10):
                    held.setdefault(came, version)
            versions.append((version, no, f"r{release}", NOW, "0" * 64, len(held), 10, 10))
            for action in ("grant.build", "sql.run", "grant.export"):
                uses.append((no, day, version, action, "person", "", "served", 3, version))
        members += [(key, no, since, None) for key, since in held.items()]
    members.sort(key=lambda row: row[:3])
    for model, rows in (
        (PeopleSet, [(no, f"grant:g{no - 1}") for no in range(1, grants + 1)]),
        (PeopleVersion, versions),
        (PeopleMember, members),
        (PeopleUse, uses),
    ):
        names = [column.name for column in model.__table__.columns]
        _many(connection, model, (dict(zip(names, row, strict=True)) for row in rows))
    print(f"{len(members):,} spans of membership, {len(versions):,} versions, {len(uses):,} counts")


def _median(read: Callable[[], Any]) -> float:
    times = []
    for _ in range(READS):
        begun = time.perf_counter()
        read()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--entries", type=int, default=1_000_000)
    asked.add_argument("--grants", type=int, default=500)
    asked.add_argument("--releases", type=int, default=60)
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--most", type=int, default=4_000, help="people in a grant at most")
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        settings = load_settings(Path(folder) / "home")
        settings.paths.create()
        engine = open_state(settings)
        draw = random.Random(0)
        people = [draw.randrange(1, 2**52) for _ in range(given.people)]
        with engine.begin() as connection:
            _many(connection, Grant, _grants(given.grants))
            _sets(connection, given.grants, given.releases, people, given.most)
            _many(
                connection,
                AuditEntry,
                _entries(given.entries, given.releases, people, given.grants),
            )
        size = settings.paths.state_file.stat().st_size
        print(f"{given.entries:,} entries, {given.grants} grants, state {size >> 20} MB")
        _measure(engine, given.releases)
        engine.dispose()


def _measure(engine: Any, days: int) -> None:
    def page(**wanted: Any) -> dict[str, Any]:
        return uses_of(engine, ME, {"student"}, Wanted(**wanted), now=NOW)

    month = date(2026, 11, 29) - timedelta(days=29)
    middle = date(2026, 11, 29) - timedelta(days=days // 2)

    def bare() -> None:
        """The rows behind the first page: the sets that hold the person, their counts of a month,
        and the entries about the person."""
        with engine.connect() as connection:
            connection.execute(
                select(PeopleUse.__table__)
                .join(PeopleMember.__table__, PeopleMember.set_no == PeopleUse.set_no)
                .where(
                    PeopleMember.person_key == ME, PeopleMember.until.is_(None),
                    PeopleUse.day >= month,
                )
            ).fetchall()  # fmt: skip
            connection.execute(
                select(AuditEntry.__table__).where(AuditEntry.subject == f"person:{ME}")
            ).fetchall()

    base = _median(bare)
    print(f"{'bare':<28}{base * 1000:8.1f} ms")
    for name, read in (
        ("first page, others", lambda: page(kind="others", since=month)),
        ("first page, everything", lambda: page(since=month)),
        ("first page, all years", lambda: page()),
        ("own reads", lambda: page(kind="self")),
        ("a later page", lambda: page(before=middle)),
    ):
        found = _median(read)
        print(f"{name:<28}{found * 1000:8.1f} ms   ratio {found / base:5.2f}")


if __name__ == "__main__":
    main()
