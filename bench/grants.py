"""Building a grant's file against the same SQL alone, and what an unchanged release costs.

    python bench/grants.py                       12 million rows of 40,000 students
    python bench/grants.py --rows 1000000        quick

The grant asks for the pseudonymous person, three columns and the students of every second college.
Baseline: the one statement somebody would write for that (`create table … as select`), pseudonyms
computed once a person, rows in the order the grant has them, into a fresh file with the same
threads and memory limit. *Unsorted* is the same without the order, which the grant cannot do
without: the source's order tells of columns that were not granted. Each run is a process of its
own. Times vary on a shared machine: compare ratios.

Target: a build at most as long as its SQL takes, hashing and forcing to the disk included (ratio
about 1); a release with unchanged inputs next to nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warehouse.access.grant_files import grant_file
from warehouse.access.grant_scope import WHO
from warehouse.access.grant_verification import verify_grant
from warehouse.access.pseudonyms import pseudonym_key, pseudonym_sql
from warehouse.engine import open_work, quote_text
from warehouse.release import ReleaseReader
from warehouse.release.durable import sha256_of
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Grant

TABLE = "student_academic_data.course_selection"
COLUMNS = ["person_key", "course_code", "college_code", "selected_at"]
GRANT, STUDENTS = "g-bench", 40_000
COLLEGES = [f"{code:02}" for code in range(0, 20, 2)]


def prepare(home: Path, rows: int) -> None:
    """A data home with one release of a large table, sorted by student number as real ones are,
    and one grant over it."""
    settings = load_settings(home)
    settings.paths.create()
    source = home / "authority.duckdb"
    connection = open_work(source, threads=2, memory_limit=settings.memory_limit)
    connection.execute(
        f"""
        create schema student_enrollment_data;
        create table {WHO["students"]} as
            select (1000 + i)::bigint as person_key, 'S' || i as student_no,
                lpad((i % 20)::varchar, 2, '0') as college_code from range({STUDENTS}) t(i);
        create schema student_academic_data;
        create table {TABLE} as
            select (1000 + i // greatest({rows} // {STUDENTS}, 1) % {STUDENTS})::bigint
                as person_key, 'S' || (i // greatest({rows} // {STUDENTS}, 1)) as student_no,
                lpad((i % 20)::varchar, 2, '0') as college_code,
                'C' || (hash(i) % 4000) as course_code,
                timestamp '2020-01-01' + to_seconds((hash(i * 3) % 100000000)::bigint)
                    as selected_at
            from range({rows}) t(i) order by student_no;
        """
    )
    connection.close()
    release(settings, source, "20260901T000000Z-00000001")
    engine = open_state(settings)
    now = datetime.now(UTC)
    with session(engine) as opened:
        opened.add(
            Grant(
                id=GRANT, unit_code="bench", purpose="management", purpose_text="bench",
                columns={TABLE: COLUMNS}, people=[], channels=["sql"], returns=[], limits={},
                rows={"students": {"college_code": COLLEGES}, "staff": {}, "columns": {}},
                valid_from=now, expires_at=now + timedelta(days=1), created_by="bench",
                created_at=now,
            )
        )  # fmt: skip
    engine.dispose()


def release(settings: Settings, source: Path, release_id: str) -> None:
    folder = settings.paths.releases / release_id
    folder.mkdir()
    (folder / "authority.duckdb").hardlink_to(source)
    manifest = {
        "id": release_id,
        "simulated": True,
        "files": {"authority": {"path": "authority.duckdb", "sha256": sha256_of(source)}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    settings.paths.current_release.write_text(release_id + "\n")


def run_grant(home: Path) -> dict[str, Any]:
    settings = load_settings(home)
    engine, reader = open_state(settings), ReleaseReader(settings)
    now = datetime.now(UTC)
    with session(engine, read_only=True) as opened:
        grant = opened.get_one(Grant, GRANT)
    found: dict[str, Any] = {}
    for name, step in (
        ("build", lambda: grant_file(settings, engine, reader, grant, now=now)),
        ("next use", lambda: grant_file(settings, engine, reader, grant, now=now)),
        ("verify", lambda: verify_grant(settings, engine, reader, grant, now=now)),
    ):
        began = time.perf_counter()
        result = step()
        found[name] = time.perf_counter() - began
    assert result.result == "ok", result.problems
    found["rows"] = result.rows[TABLE]
    release(settings, home / "authority.duckdb", "20260902T000000Z-00000002")
    began = time.perf_counter()
    path, _ = grant_file(settings, engine, reader, grant, now=now)
    found["unchanged release"] = time.perf_counter() - began
    found["bytes"] = path.stat().st_size
    reader.close()
    engine.dispose()
    shutil.rmtree(path.parent)
    shutil.rmtree(settings.paths.releases / "20260902T000000Z-00000002")
    settings.paths.current_release.write_text("20260901T000000Z-00000001\n")
    return found


def run_sql(home: Path, *, ordered: bool) -> dict[str, Any]:
    """The statement alone, with the same result."""
    settings = load_settings(home)
    target = home / "bare.duckdb"
    key = pseudonym_key(settings.paths, GRANT)
    codes = ", ".join(map(quote_text, COLLEGES))
    others = ", ".join(f"t.{name}" for name in COLUMNS[1:])
    began = time.perf_counter()
    connection = open_work(target, memory_limit=settings.memory_limit, threads=settings.threads)
    connection.execute(f"attach {quote_text(home / 'authority.duckdb')} as a (read_only)")
    connection.execute(
        f"""
        create table granted as
        with people as (
            select person_key, {pseudonym_sql(key)} as pseudonym from a.{WHO["students"]}
            where college_code in ({codes})
        )
        select p.pseudonym as person_key, {others}
        from a.{TABLE} as t inner join people as p on t.person_key = p.person_key
        """
        + (f"order by p.pseudonym, hash({others})" if ordered else "")
    )
    connection.close()
    seconds = time.perf_counter() - began
    target.unlink()
    return {"sql": seconds}


def once(step: str, home: Path) -> dict[str, Any]:
    """One run in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", step, "--home", str(home)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=12_000_000)
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--home", type=Path, help="data home of a step")
    words.add_argument("--step", choices=("grant", "sql", "unsorted"))
    given = words.parse_args()
    if given.step:
        steps = {"grant": run_grant, "sql": lambda h: run_sql(h, ordered=True)}
        step = steps.get(given.step, lambda h: run_sql(h, ordered=False))
        print(json.dumps(step(given.home)))
        return
    with tempfile.TemporaryDirectory(prefix="campus-bench-") as folder:
        home = Path(folder) / "home"
        prepare(home, given.rows)
        runs: dict[str, list[dict[str, Any]]] = {"grant": [], "sql": [], "unsorted": []}
        for _ in range(given.runs):
            for step, results in runs.items():
                results.append(once(step, home))
    best = {step: min(run.get("build", run.get("sql", 0)) for run in runs[step]) for step in runs}
    last = min(runs["grant"], key=lambda run: run["build"])
    print(f"{last['rows']:,} rows granted of {given.rows:,}, file {last['bytes'] >> 20} MB")
    print(f"build {best['grant']:.2f} s · its SQL {best['sql']:.2f} s · "
          f"unsorted {best['unsorted']:.2f} s")  # fmt: skip
    print(f"build / its SQL: {best['grant'] / best['sql']:.2f}")
    print(f"build / unsorted: {best['grant'] / best['unsorted']:.2f}")
    for name in ("next use", "unchanged release", "verify"):
        print(f"{name}: {last[name]:.3f} s ({last[name] / best['sql']:.3f} of the SQL)")


if __name__ == "__main__":
    main()
