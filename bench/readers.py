"""Leaders who read a release's statistics through the gateway, alone or all at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

from signed_in import Gateway, settings_of, write_key

from warehouse.audit import Audit, head_file
from warehouse.engine import open_release
from warehouse.governance.appointments import appoint
from warehouse.state import open_state

__all__ = ["alone", "appointed", "at_once"]


def appointed(home: Path, count: int) -> list[str]:
    """Make leaders of that many people of the current release; their numbers."""
    settings = settings_of(home)
    settings.paths.create()
    write_key(home)
    release = settings.paths.current_release.read_text(encoding="utf-8").strip()
    with open_release(settings.paths.releases / release / "personal.duckdb") as connection:
        people = connection.execute(
            "select person_key, min(number) from person_number where valid_to is null "
            "group by person_key having count(*) = 1 order by person_key limit ?",
            [count],
        ).fetchall()
    assert len(people) == count, f"the release has only {len(people)} people"
    engine = open_state(settings)
    audit = Audit(engine, head_file(settings.paths))
    for person_key, _ in people:
        appoint(audit, person_key, "leader", actor="command:bench")
    engine.dispose()
    return [number for _, number in people]


async def alone(gateway: Gateway, path: str, rounds: int) -> tuple[bytes, list[float]]:
    """One reader who asks again and again: the answer, and seconds for each but the first."""
    line, token = gateway.lines[0], gateway.tokens[0]
    waits = []
    for _ in range(rounds + 1):
        status, body, seconds = await line.ask("GET", path, token)
        assert status == 200, (status, body[:200])
        waits.append(seconds)
    return body, waits[1:]


async def at_once(gateway: Gateway, paths: list[str], rounds: int) -> list[float]:
    """Everybody opens a page at the same moment: seconds until the last of its answers is there,
    for each reader and round. A page's addresses are asked for one after the other."""

    async def opened(place: int) -> float:
        total = 0.0
        for path in paths:
            line, token = gateway.lines[place], gateway.tokens[place]
            status, body, seconds = await line.ask("GET", path, token)
            assert status == 200, (status, body[:200])
            total += seconds
        return total

    waits: list[float] = []
    for _ in range(rounds):
        waits += await asyncio.gather(*map(opened, range(len(gateway.lines))))
    return waits
