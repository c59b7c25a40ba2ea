"""The build against the same SQL alone, and a day's refresh against the full one.

    python bench/build.py                            20,000 students, 4 years: the targets' size
    python bench/build.py --students 2000 --years 2  quick
    python bench/build.py --models 20                the slowest nodes of both builds too

A full refresh is `campus ingest`, `build` and `publish` on an empty data home; the day's one is the
same after `campus simulate --delta`. Baseline of the build: the compiled SQL of its models, one
after another in the order in which they ran, as tables and views like there, with the same threads
and memory limit, from the same landed data and seeds; nothing is checked, judged or forced to the
disk by name. Each run is a process of its own. Times vary on a shared machine: compare ratios, of
wall time and of processor time. What was simulated is kept in the work folder.

Targets: the build at most 3 times its SQL; the day's refresh at most a quarter of the full one.
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
from typing import Any

from ingest import fresh_home, simulated

from warehouse import transform
from warehouse.engine import open_work, quote, quote_text
from warehouse.release.durable import clone
from warehouse.settings import load_settings

STEPS = ("ingest", "build", "publish")
TIMES_THE_SQL, SHARE_OF_FULL = 3, 0.25


def run_ingest(home: Path) -> dict[str, Any]:
    from warehouse.ingest import ingest

    report = ingest(load_settings(home))
    landed = sum(file.accepted_rows for file in report.files)
    return {"rows": landed + report.landed_late}


def run_build(home: Path) -> dict[str, Any]:
    """Build a candidate; what dbt ran is left beside it for the baseline."""
    from warehouse.release import build

    results = []
    build_models = transform.build_models

    def recording(*arguments: Any, **options: Any) -> transform.BuildResult:
        results.append(build_models(*arguments, **options))
        return results[-1]

    transform.build_models = recording
    settings = load_settings(home)
    candidate = build(settings)
    (result,) = results
    models = [node.name for node in result.nodes if node.kind == "model"]
    described = {node["name"]: node for node in result.manifest["nodes"].values()}
    recorded = [
        {
            "schema": described[name]["schema"],
            "table": described[name]["alias"],
            "sql": result.compiled[name],
        }
        for name in models
    ]
    (home / "recorded.json").write_text(json.dumps(recorded), encoding="utf-8")
    slowest = sorted(result.nodes, key=lambda node: -node.seconds)
    return {
        "size": candidate.file.stat().st_size,
        "nodes": [[round(node.seconds, 1), node.kind, node.name] for node in slowest],
        "unchanged": sum(node.message == "unchanged" for node in result.nodes),
        "kinds": {
            kind: round(sum(node.seconds for node in result.nodes if node.kind == kind), 1)
            for kind in ("model", "test", "seed")
        },
    }


def run_publish(home: Path) -> dict[str, Any]:
    from warehouse.release import publish

    release = publish(load_settings(home))
    return {"size": sum(entry["bytes"] for entry in release.manifest["files"].values())}


def lay_bare(home: Path, folder: Path) -> None:
    """A copy of the candidate with its landed data and seeds, without the models."""
    file = folder / "warehouse.duckdb"
    file.unlink(missing_ok=True)
    clone(home / "work" / "candidate" / "warehouse.duckdb", file)
    recorded = json.loads((home / "recorded.json").read_text(encoding="utf-8"))
    schemas = sorted({model["schema"] for model in recorded})
    with open_work(file) as connection:
        for model in recorded:
            kind = connection.execute(
                "select lower(replace(table_type, 'BASE ', '')) from information_schema.tables "
                "where table_schema = ? and table_name = ?",
                [model["schema"], model["table"]],
            ).fetchone()
            (model["kind"],) = kind
        for schema in schemas:
            connection.execute(f"drop schema {quote(schema)} cascade")
            connection.execute(f"create schema {quote(schema)}")
        connection.execute("checkpoint")
    (folder / "recorded.json").write_text(json.dumps(recorded), encoding="utf-8")


def run_sql(home: Path) -> dict[str, Any]:
    """Every model as a table or a view, with the profile that dbt is given."""
    folder = home.with_name("bare")
    settings = load_settings(home)
    recorded = json.loads((folder / "recorded.json").read_text(encoding="utf-8"))
    with open_work(
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        temp_directory=folder / "spill",
    ) as connection:
        connection.execute(
            f"attach {quote_text(folder / 'warehouse.duckdb')} as warehouse "
            "(recovery_mode no_wal_writes)"
        )
        connection.execute("use warehouse")
        for model in recorded:
            name = f"warehouse.{quote(model['schema'])}.{quote(model['table'])}"
            connection.execute(f"create {model['kind']} {name} as {model['sql']}")
        connection.execute("checkpoint warehouse")
    return {"size": (folder / "warehouse.duckdb").stat().st_size}


RUNS = {"ingest": run_ingest, "build": run_build, "publish": run_publish, "sql": run_sql}


def measure(what: str, home: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, "--home", str(home)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def one(what: str, home: Path) -> None:
    began = time.monotonic()
    result = RUNS[what](home)
    result["wall"] = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    result["peak"] = max(used.ru_maxrss, children.ru_maxrss) / 1024
    result["cpu"] = used.ru_utime + used.ru_stime + children.ru_utime + children.ru_stime
    result["load"] = os.getloadavg()[0]
    print(json.dumps(result))


def compare(college: Path, folder: Path, models: int, keep: bool) -> None:
    home = fresh_home(folder, college / "inbox")
    full = {}
    for step in STEPS:
        full[step] = _show(step, measure(step, home))
        if step == "build":
            _show_nodes(full[step], models)
            bare = folder / "bare"
            shutil.rmtree(bare, ignore_errors=True)
            bare.mkdir()
            lay_bare(home, bare)
            alone = _show("its SQL alone", measure("sql", home))
            shutil.rmtree(bare)
    print(f"{full['ingest']['rows']:,} rows landed")
    for kind in ("wall", "cpu"):
        ratio = full["build"][kind] / alone[kind]
        print(f"build / its SQL alone: {ratio:.2f} {kind} (target {TIMES_THE_SQL})")
    shutil.copyfile(college / "simulation.json", home / "simulation.json")
    campus = [sys.executable, "-m", "warehouse", "--home", str(home)]
    subprocess.run([*campus, "simulate", "--delta"], check=True, stdout=subprocess.DEVNULL)
    day = {}
    for step in STEPS:
        day[step] = _show(f"{step}, a day on", measure(step, home))
    _show_nodes(day["build"], models)
    print(f"{day['ingest']['rows']:,} rows landed")
    for kind in ("wall", "cpu"):
        ratio = sum(step[kind] for step in day.values()) / sum(step[kind] for step in full.values())
        print(f"a day's refresh / full refresh: {ratio:.2f} {kind} (target {SHARE_OF_FULL})")
    if not keep:
        shutil.rmtree(home)


def _show(name: str, result: dict[str, Any]) -> dict[str, Any]:
    size = f", {result['size'] / 1e9:.2f} GB" if "size" in result else ""
    print(
        f"{name:18} {result['wall']:7.1f} s {result['cpu']:7.1f} s cpu {result['peak']:6.0f} MB, "
        f"load {result['load']:.0f}{size}",
        flush=True,
    )
    return result


def _show_nodes(result: dict[str, Any], models: int) -> None:
    kinds = ", ".join(f"{kind}s {seconds} s" for kind, seconds in result["kinds"].items())
    print(f"    {kinds}; {result['unchanged']} of {len(result['nodes'])} nodes left as they were")
    for seconds, kind, name in result["nodes"][:models]:
        print(f"    {seconds:7.1f} s {kind} {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--staff", type=int)
    parser.add_argument("--years", type=int, default=4)
    parser.add_argument(
        "--models", type=int, default=0, help="how many of the slowest nodes to show"
    )
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-build")
    parser.add_argument("--keep", action="store_true", help="keep the data home")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.home)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    staff = options.staff or max(30, options.students * 6 // 100)
    inbox = simulated(options.work, options.students, staff, options.years)
    compare(inbox.parent, options.work, options.models, options.keep)


if __name__ == "__main__":
    main()
