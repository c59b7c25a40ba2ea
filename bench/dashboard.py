"""A leader's page through the gateway, against the same statements on PostgreSQL over card rows.

    python bench/dashboard.py                20 million card rows, 50 readers at once
    python bench/dashboard.py --small        a million, one round
    python bench/dashboard.py --home H       made of that data home, which is only read
    python bench/dashboard.py --readers 200  more readers

The card rows are those of a small college's people, each of whom is there many times over
(`card_rows`), in one file of DuckDB and in a PostgreSQL of its own on loopback (`card_server`:
covering indexes, frozen, vacuumed and analysed, 4 GB of shared buffers), both with two processors.

*Over the rows*: the statements behind the figures of the card, word for word as the receipts of the
release show them, and three that charts of a canteen are drawn by, on both engines. The days that
some read are a view of the card rows on both.

*Through the gateway*: the same figures as a page gets them, `GET /v1/statistics` over the gateway's
Unix socket with session, policy and audit, from a release in which these figures are what the
statements give. On PostgreSQL the same statements: there is no answer but over the rows. The last
line is of a PostgreSQL in which somebody keeps the figures as a table with an index, asked directly
by one who needs no session and leaves no trace; it has no target.

*At once*: leaders who are all signed in open a page in the same moment, again and again: who they
are (`/v1/me`), and then what the page asks for.

Rows of both sides are compared; where they differ nothing is reported. Times vary on a shared
machine: compare ratios. Targets: a figure through the gateway at least 15 times as fast; 50 readers
at once wait less than a second at the 95th percentile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from card_rows import CARD, Statement, card_tables, day_view, make_cards, published, statements
from card_server import load, postgresql
from person import small_release
from readers import alone, appointed, at_once
from signed_in import Gateway, serve, settings_of

from warehouse.engine import Connection, open_work

TIMES, SECONDS = 15.0, 1.0
#: What of an answer's rows the statements compute.
_FIGURE = ("indicator", "period", "level", "unit", "parent_unit", "numerator", "denominator",
           "value", "as_of_date")  # fmt: skip
_LEVELS = "level=school,college,major"
PAGES = {
    "all figures": ["/v1/me", f"/v1/statistics?{_LEVELS}"],
    "a receipt": ["/v1/me", "/v1/statistics/receipt?indicator=meal_spend_per_student_month"],
}


def timed(run: Callable[[], list[tuple[Any, ...]]], rounds: int) -> tuple[list[Any], list[float]]:
    """Rows, and seconds of each round after a first one that fills caches."""
    waits = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        rows = run()
        waits.append(time.perf_counter() - begun)
    return rows, waits[1:]


def same(one: Iterable[Sequence[Any]], other: Iterable[Sequence[Any]]) -> bool:
    """Whether two results hold the same rows, in whatever order; sums of doubles to nine digits."""
    pairs = zip(_ordered(one), _ordered(other), strict=False)
    lengths = len(list(one)) == len(list(other))
    return lengths and all(
        len(left) == len(right) and all(map(_equal, left, right)) for left, right in pairs
    )


def _ordered(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    plain = [[_plain(value) for value in row] for row in rows]
    # Keys are text and whole numbers; what is measured is not compared to sort.
    return sorted(
        plain,
        key=lambda row: [
            str(int(value)) if isinstance(value, float) and value.is_integer() else
            "" if isinstance(value, float) else str(value)
            for value in row
        ],
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, int | Decimal) else value


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def middle(waits: Sequence[float]) -> float:
    return sorted(waits)[len(waits) // 2]


def nearly_all(waits: Sequence[float]) -> float:
    """The 95th percentile; of few rounds the slowest."""
    return sorted(waits)[min(len(waits) - 1, len(waits) * 95 // 100)]


def _print_heading(name: str, fast: str) -> None:
    columns = " ".join(f"{each:>10}" for each in ("PostgreSQL", "p95", fast, "p95"))
    print(f"{f'{name}, ms':<30} {columns} {'ratio':>9}", flush=True)


def _print(name: str, slow: Sequence[float], fast: Sequence[float]) -> float:
    ratio = middle(slow) / middle(fast)
    parts = [1e3 * each(side) for side in (slow, fast) for each in (middle, nearly_all)]
    columns = " ".join(f"{part:>10,.1f}" for part in parts)
    print(f"{name:<30} {columns} {ratio:>9,.1f}", flush=True)
    return ratio


def over_rows(
    listed: Sequence[Statement], server: psycopg.Connection, cards: Connection, rounds: int
) -> dict[str, tuple[list[Any], list[float]]]:
    """Every statement on both engines; what PostgreSQL gave and took, by the statement's name."""
    _print_heading("over the rows", "DuckDB")
    given = {}
    for statement in listed:
        slow = timed(lambda sql=statement.sql: server.execute(sql).fetchall(), rounds)
        fast = timed(lambda sql=statement.sql: cards.execute(sql).fetchall(), rounds)
        if not same(slow[0], fast[0]):
            raise SystemExit(f"{statement.name}: the engines give different rows")
        _print(statement.name, slow[1], fast[1])
        given[statement.name] = slow
    return given


async def through_gateway(
    gateway: Gateway,
    listed: Sequence[Statement],
    given: dict[str, tuple[list[Any], list[float]]],
    server: psycopg.Connection,
    rounds: int,
) -> float:
    """The least ratio of the figures that the gateway answers with."""
    _print_heading("through the gateway", "gateway")
    ratios = []
    figures = [statement for statement in listed if statement.figures]
    for statement in figures:
        path = f"/v1/statistics?{_LEVELS}&indicator={','.join(statement.figures)}"
        body, waits = await alone(gateway, path, rounds)
        rows = [[row[name] for name in _FIGURE] for row in json.loads(body)["values"]]
        kept, slow = given[statement.name]
        if not same(rows, [row[: len(_FIGURE)] for row in kept]):
            raise SystemExit(f"{statement.name}: the gateway gives other figures than PostgreSQL")
        ratios.append(_print(statement.name, slow, waits))
    path = f"/v1/statistics?{_LEVELS}&indicator={','.join(s.figures[0] for s in figures)}"
    _, waits = await alone(gateway, path, rounds)
    together = [sum(each) for each in zip(*(given[s.name][1] for s in figures), strict=True)]
    ratios.append(_print("all of them", together, waits))
    _, kept_table = timed(
        lambda: server.execute(
            f"select {', '.join(_FIGURE)} from kept_figure where indicator = any(%s) "
            "order by indicator, level, unit, period",
            [[statement.figures[0] for statement in figures]],
        ).fetchall(),
        rounds,
    )
    _print("… kept as a table there", kept_table, waits)
    return min(ratios)


def keep_figures(
    server: psycopg.Connection, given: dict[str, tuple[list[Any], list[float]]]
) -> None:
    """The figures as a table with an index."""
    kinds = (
        "text, text, text, text, text, double precision, double precision, double precision, date"
    )
    columns = ", ".join(f"{n} {kind}" for n, kind in zip(_FIGURE, kinds.split(", "), strict=True))
    server.execute(f"create table kept_figure ({columns})")
    marks = ", ".join(["%s"] * len(_FIGURE))
    with server.cursor() as cursor:
        for rows, _ in given.values():
            if rows and len(rows[0]) > len(_FIGURE):
                cursor.executemany(
                    f"insert into kept_figure values ({marks})",
                    [row[: len(_FIGURE)] for row in rows],
                )
    server.execute("create index on kept_figure (indicator, level, unit, period)")
    server.execute("vacuum analyze kept_figure")


async def readers(gateway: Gateway, count: int, rounds: int) -> float:
    """The slowest page's 95th percentile, in seconds."""
    print(f"{f'{count} readers at once, ms':<30} {'p50':>10} {'p95':>10}")
    slowest = 0.0
    for name, paths in PAGES.items():
        waits = (await at_once(gateway, paths, rounds + 1))[count:]
        print(f"{name:<30} {1e3 * middle(waits):>10,.1f} {1e3 * nearly_all(waits):>10,.1f}")
        slowest = max(slowest, nearly_all(waits))
    return slowest


def compare(work: Path, source: Path, chosen: argparse.Namespace) -> int:
    home, folder = work / "home", work / "server"
    release = source / "releases" / (source / "releases" / "current").read_text().strip()
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    cards = work / "warehouse.duckdb"
    listed = statements(manifest)
    begun = time.monotonic()
    rows = make_cards(source / "work" / "warehouse.duckdb", cards, manifest, chosen.rows)
    settings = settings_of(home)
    settings.paths.create()
    published(release, cards, settings)
    numbers = appointed(home, chosen.readers)
    print(
        f"{rows:,} card rows, {cards.stat().st_size / 1e9:.2f} GB as a file of DuckDB", flush=True
    )
    with postgresql(folder) as server:
        load(server, cards, card_tables(manifest), day_view(), folder)
        ((size, table, version),) = server.execute(
            "select pg_database_size('warehouse'), pg_table_size(%s::regclass), "
            "current_setting('server_version')",
            [CARD],
        ).fetchall()
        print(
            f"PostgreSQL {version}: {size / 1e9:.2f} GB with indexes, the card's table "
            f"{table / 1e9:.2f} GB; made and loaded in {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        with open_work(cards, read_only=True, memory_limit="4GB", temp_directory=work) as opened:
            given = over_rows(listed, server, opened, chosen.rounds)
        keep_figures(server, given)
        return asyncio.run(with_gateway(home, numbers, listed, given, server, chosen))


async def with_gateway(home, numbers, listed, given, server, chosen) -> int:  # type: ignore[no-untyped-def]
    gateway = Gateway(home, numbers, __file__)
    try:
        await gateway.begin()
        ratio = await through_gateway(gateway, listed, given, server, 50 * chosen.rounds)
        slowest = await readers(gateway, chosen.readers, 2 * chosen.rounds)
    finally:
        gateway.end()
    met = {True: "met", False: "missed"}
    print(
        f"targets: at least {TIMES:.0f} times as fast: {met[ratio >= TIMES]} ({ratio:,.0f}); "
        f"{chosen.readers} at once within {SECONDS:.0f} s: {met[slowest < SECONDS]}"
    )
    return 0 if ratio >= TIMES and slowest < SECONDS else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--small", action="store_true", help="a million rows, one round")
    parser.add_argument("--home", type=Path, help="data home whose working file is enlarged")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "campus-bench")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ.pop("CAMPUS_STATE_URL", None)
    if chosen.serve:
        serve(chosen.serve)
        return 0
    if chosen.small:
        chosen.rows, chosen.rounds = 1_000_000, 1
    source = chosen.home or small_release(chosen.work).parent
    work = chosen.work / "dashboard"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        return compare(work, source, chosen)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
