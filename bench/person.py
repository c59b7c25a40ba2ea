"""My data: how page reads grow with the card's rows, and what reading costs when everybody looks.

    python bench/person.py            1 and 100 million card rows of 2,000 people
    python bench/person.py --small    50,000 and 5 million of 200 people: a few minutes
    python bench/person.py --home H   made of the release of that data home, which is only read

Both releases are made of a small real one (`person_college`): the same people, half of them
students and half of them staff, with the same rows, but for the card, whose history is a hundred
times as long. What is measured is the gateway's own application in a process of its own, behind its
Unix socket, audit on: session, policy, intent, read, outcome, JSON.

*Growth*: one reader asks for all pages of my data of some people, for their items, which are a part
of basics with an address of its own, and for the card transactions of a month, the two gateways
taking turns; the sum over pages of the median over people, large over small.

*At once*: a hundred people who are all signed in and may open a page ask for it in the same moment,
again and again. Baseline: the same routes, session, policy and audit in the same process, where the
read alone is replaced by a document that was read before and kept, for each person their own: the
same bytes leave. The JSON of both is written anew each time. Rounds of both take turns in one run.
The ratio is of the 95th percentiles of the time from question to last byte, and the page with the
highest one counts.

Times vary on a shared machine: compare ratios. Targets: growth at most 1.3, at once at most 2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from ingest import simulated
from person_college import enlarge
from signed_in import Gateway, serve, settings_of, write_key

from warehouse.access.policy import MY_PAGES
from warehouse.gateway import personal_routes, transaction_routes

GROWTH, AT_ONCE = 1.3, 2.0
TOGETHER = 100
#: Students and staff take turns, so that a hundred of each are signed in.
SIGNED_IN = 2 * TOGETHER
ADDRESSES = (*MY_PAGES, "items", "life/transactions?month={month}")
#: What reads for them.
READS = ((personal_routes, "_read"), (personal_routes, "_items"), (transaction_routes, "_read"))


def serve_reads(home: Path) -> None:
    """The gateway of one home. `X-Constant: 1` has the read answered from what was read before."""
    kept, constant = {}, [False]

    def read_or_kept(read: Any, found: Any, view: Any, *asked: Any) -> dict[str, Any]:
        known = read, view.person.person_key, asked
        if not constant[0] or known not in kept:
            kept[known] = read(found, view, *asked)
        return kept[known]

    for routes, name in READS:
        setattr(routes, name, partial(read_or_kept, getattr(routes, name)))

    def switched(app: Any) -> Any:
        async def switch(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                constant[0] = (b"x-constant", b"1") in scope["headers"]
            await app(scope, receive, send)

        return switch

    serve(home, switched)


def signed_in(home: Path) -> Gateway:
    return Gateway(home, [f"P{number}" for number in range(SIGNED_IN)], __file__)


async def month_of(gateway: Gateway) -> str:
    """A month in which everybody used the card, the latest that is over."""
    _, body, _ = await gateway.lines[0].ask("GET", "/v1/my/life", gateway.tokens[0])
    return json.loads(body)["tables"]["meal_month"]["rows"][1]["month"]


async def growth(small: Gateway, large: Gateway, month: str, rounds: int) -> float:
    """Seconds for a page by page and side; prints them and hands the ratio of the sums back."""
    taken: dict[str, tuple[list[float], list[float]]] = {}
    for turn in range(rounds + 1):  # the first opens files and fills caches
        for person in range(10):
            for address in ADDRESSES:
                for side, gateway in enumerate((small, large)):
                    line, token = gateway.lines[person], gateway.tokens[person]
                    path = "/v1/my/" + address.format(month=month)
                    status, _, seconds = await line.ask("GET", path, token)
                    if status == 403:  # no page of this person's
                        continue
                    assert status == 200, status
                    if turn:
                        taken.setdefault(_name(address), ([], []))[side].append(seconds)
    sums = [0.0, 0.0]
    for page, sides in taken.items():
        middle = [statistics.median(side) for side in sides]
        sums = [total + each for total, each in zip(sums, middle, strict=True)]
        _print(page, middle)
    _print("all pages", sums)
    return sums[1] / sums[0]


def _name(address: str) -> str:
    return "a month" if "?" in address else address


def _print(name: str, pair: list[float]) -> None:
    before, after = (1e3 * seconds for seconds in pair)
    print(f"{name:<12} {before:>9.2f} ms {after:>9.2f} ms  ratio {after / before:.2f}", flush=True)


async def at_once(gateway: Gateway, address: str, month: str, rounds: int) -> float:
    """A hundred questions at the same moment, constants and reads taking turns."""
    path = "/v1/my/" + address.format(month=month)
    signed_in = zip(gateway.lines, gateway.tokens, strict=True)
    people = [each for each in signed_in if (await each[0].ask("GET", path, each[1]))[0] == 200]
    people = people[:TOGETHER]
    assert len(people) == TOGETHER, f"{len(people)} people may open {address}"
    waits: tuple[list[float], list[float]] = ([], [])
    for turn in range(-1, rounds):
        for side in (0, 1) if turn % 2 else (1, 0):
            which = (f"X-Constant: {int(side == 0)}",)
            asked = [line.ask("GET", path, token, headers=which) for line, token in people]
            answers = await asyncio.gather(*asked)
            assert {status for status, _, _ in answers} == {200}
            if turn >= 0:
                waits[side].extend(seconds for _, _, seconds in answers)
    ends = [sorted(side)[len(side) * 95 // 100] for side in waits]
    _print(_name(address), ends)
    return ends[1] / ends[0]


def prepared(work: Path, source: Path, people: int, rows: int) -> Path:
    home = work / f"person-{people}-{rows}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        settings = settings_of(home)
        settings.paths.create()
        release = source / (source / "current").read_text(encoding="utf-8").strip()
        enlarge(release, settings, people=people, card_rows=rows)
        (home / "made").touch()
    write_key(home)
    return home


def small_release(work: Path) -> Path:
    """The releases of a college that is simulated and published once."""
    inbox = simulated(work, 400, 60, 3)
    home = inbox.parent
    if not (home / "releases" / "current").exists():
        refresh = [sys.executable, "-m", "warehouse", "--home", str(home), "refresh"]
        subprocess.run(refresh, check=True, stdout=subprocess.DEVNULL)
    return home / "releases"


async def compare(homes: list[Path], chosen: argparse.Namespace) -> int:
    small, large = map(signed_in, homes)
    try:
        await small.begin()
        await large.begin()
        month = await month_of(small)
        print(f"{'':<12} {chosen.rows[0]:>12,} {chosen.rows[1]:>12,} card rows")
        grown = await growth(small, large, month, chosen.rounds)
        print(f"{'p95':<12} {'constants':>12} {'read':>12} {TOGETHER} people at once")
        slower = max([await at_once(large, a, month, chosen.rounds * 2) for a in ADDRESSES])
    finally:
        small.end()
        large.end()
    print(
        f"targets: growth at most {GROWTH}: {'met' if grown <= GROWTH else 'missed'}; "
        f"at once at most {AT_ONCE}: {'met' if slower <= AT_ONCE else 'missed'}"
    )
    return 0 if grown <= GROWTH and slower <= AT_ONCE else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs=2, default=[1_000_000, 100_000_000])
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument(
        "--small", action="store_true", help="50,000 and 5 million rows, 200 people"
    )
    parser.add_argument("--home", type=Path, help="data home whose release is enlarged")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "campus-bench")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ.pop("CAMPUS_STATE_URL", None)
    if chosen.serve:
        serve_reads(chosen.serve)
        return 0
    if chosen.small:
        chosen.rows, chosen.people = [50_000, 5_000_000], SIGNED_IN
    source = chosen.home / "releases" if chosen.home else small_release(chosen.work)
    homes = [prepared(chosen.work, source, chosen.people, rows) for rows in chosen.rows]
    return asyncio.run(compare(homes, chosen))


if __name__ == "__main__":
    sys.exit(main())
