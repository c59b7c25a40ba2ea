"""Builds a candidate: a copy of the working file in which dbt runs, judged before it counts.

The published state is never touched here. A candidate that fails is removed; one that passes is
described by `candidate.json`, written last, so that a killed build leaves no candidate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from warehouse.audit import Audit, command, head_file
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.dbt_process import read_project
from warehouse.engine import open_work, quote, quote_text
from warehouse.errors import AuditUnavailable, CampusError, ReleaseError
from warehouse.home import Home
from warehouse.ingest.landed import create_landed_views
from warehouse.marks import read_sums
from warehouse.months import kept_by_month
from warehouse.release import pointer
from warehouse.release.audience import Audience, audiences
from warehouse.release.audit import checks_of, judge_checks, judge_tables
from warehouse.release.census import lay_out, read_kept
from warehouse.release.contents import published_tables
from warehouse.release.crash import checkpoint
from warehouse.release.durable import clone, force_file, force_folder, remove_tree, replace_text
from warehouse.release.earlier import create_suppressed_cells
from warehouse.release.fingerprint import Inputs, gather_inputs
from warehouse.release.models import BuiltModels, receipts, run_models, table_facts
from warehouse.settings import Settings
from warehouse.state import open_state, session

__all__ = ["Candidate", "build_candidate", "discard", "gather", "load_candidate"]


@dataclass(frozen=True)
class Candidate:
    """A built and judged state that waits for publication. `draft` becomes the manifest."""

    file: Path
    draft: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        return self.draft["fingerprint"]

    @property
    def contents(self) -> Mapping[str, Mapping[str, Any]]:
        """By audience, what the audit found of each table; empty where the file is not, to the
        byte count and the moment, the one that was audited."""
        found = self.draft.get("audited", {})
        return found.get("contents", {}) if found.get("mark") == _mark(self.file) else {}

    @property
    def before(self) -> str | None:
        """The release whose kept figures it was built on."""
        return self.draft.get("before")


def _mark(file: Path) -> list[int]:
    """Changes whenever somebody writes to the file."""
    found = file.stat()
    return [found.st_size, found.st_mtime_ns]


def _folder(home: Home) -> Path:
    return home.work / "candidate"


def load_candidate(home: Home) -> Candidate | None:
    """The candidate that waits, if there is one that is whole."""
    file = _folder(home) / "warehouse.duckdb"
    description = _folder(home) / "candidate.json"
    if not file.is_file() or not description.is_file():
        return None
    return Candidate(file, json.loads(description.read_text(encoding="utf-8")))


def discard(home: Home) -> None:
    """Remove the candidate, whole or not."""
    remove_tree(_folder(home))


def gather(settings: Settings) -> Inputs:
    """What a release made now would be made from."""
    engine = open_state(settings)
    try:
        with session(engine, read_only=True) as opened:
            return gather_inputs(opened, settings, load_contracts())
    finally:
        engine.dispose()


def build_candidate(
    settings: Settings,
    *,
    full: bool = False,
    progress: Callable[[str], None] | None = None,
    actor: str | None = None,
) -> Candidate:
    """Build and judge a candidate from the ledger as it is now.

    `full` starts from an empty working file. `actor` is who the audit log names, by default
    whoever runs the command; it notes what came of the build. Raises `ReleaseError` that names
    every failed check and its responsible unit; nothing is left behind then. The caller holds the
    release lock.
    """
    home = settings.paths
    discard(home)
    _folder(home).mkdir(mode=0o700)
    file = _folder(home) / "warehouse.duckdb"
    engine = open_state(settings)
    try:
        copied = home.warehouse_file.is_file() and not full
        manifest = _copy_and_read(settings, file) if copied else None
        checkpoint("build:copied")
        # One read transaction from the first look at the ledger to the last: the fingerprint and
        # the landed views then speak of the same batches.
        with session(engine, read_only=True) as opened:
            candidate = _build(settings, opened, file, manifest, progress)
        _note(Audit(engine, head_file(home)), actor, full, candidate)
    except BaseException as error:
        discard(home)
        if isinstance(error, CampusError) and not isinstance(error, AuditUnavailable):
            _note(Audit(engine, head_file(home)), actor, full, None)
        raise
    finally:
        engine.dispose()
    checkpoint("build:drafted")
    return candidate


def _copy_and_read(settings: Settings, file: Path) -> Any:
    """Copy the working file; meanwhile dbt is loaded and reads the project, seconds of it."""
    with ThreadPoolExecutor(1) as beside:
        copied = beside.submit(clone, settings.paths.warehouse_file, file)
        manifest = read_project(file, settings)
        copied.result()
    return manifest


def _note(audit: Audit, actor: str | None, full: bool, candidate: Candidate | None) -> None:
    """Tell the log of a build. One that was killed has changed nothing and is not told of."""
    detail: dict[str, Any] = {"result": "refused", "full": full}
    if candidate is not None:
        detail["result"] = "passed"
        detail["fingerprint"] = candidate.fingerprint
        detail["batches"] = len(candidate.draft["batches"])
    audit.event(actor or command(), "release.build", detail=detail)


def _build(
    settings: Settings,
    opened: Session,
    file: Path,
    manifest: Any,
    progress: Callable[[str], None] | None,
) -> Candidate:
    home, contracts = settings.paths, load_contracts()
    inputs = gather_inputs(opened, settings, contracts)
    authority = load_authority(inputs.as_of, home)
    readers = audiences(authority)
    kept = read_kept(opened, pointer.pointed_id(home))

    def prepare(connection: Any) -> None:
        create_landed_views(connection, contracts, opened, home)
        lay_out(connection, kept)
        create_suppressed_cells(connection, settings)

    if progress:
        progress("Build the models and run the checks")
    built = run_models(file, settings, as_of=inputs.as_of, prepare=prepare, manifest=manifest)
    checkpoint("build:built")
    checks = checks_of(built.nodes, built.owner)
    problems = judge_checks(checks)
    contents: dict[str, dict[str, Any]] = {}
    if not problems:
        if progress:
            progress("Audit the candidate")
        _drop_orphans(file, readers, built)
        problems, contents = _judge_file(settings, file, readers, built)
    if problems:
        raise ReleaseError(
            f"The candidate may not be published, {len(problems)} problem(s):\n"
            + "\n".join(f"- {problem}" for problem in problems),
            next_step="The current release stays. Have the responsible unit deliver again, or "
            "mend the model; then run: campus refresh",
        )
    _close_cleanly(file)
    draft = {
        "fingerprint": inputs.fingerprint,
        "as_of": inputs.as_of.isoformat(),
        "before": kept.head,
        "corrections": kept.pending,
        "simulated": inputs.simulated,
        "batches": list(inputs.batches),
        "contracts": inputs.contracts,
        "tests": [check.to_json() for check in checks if check.kind in ("test", "unit_test")],
        "sql": receipts(built, readers),
        "only_for": built.only_for,
        "sorts": built.sorts,
        "days": built.days,
        "owners": {dataset.code: list(dataset.owner_ids) for dataset in authority.datasets},
        "audited": {"mark": _mark(file), "contents": contents},
        "tables": {
            audience.name: table_facts(built, audience, inputs.batches) for audience in readers
        },
    }
    replace_text(file.with_name("candidate.json"), json.dumps(draft, ensure_ascii=False))
    return Candidate(file, draft)


def _drop_orphans(file: Path, readers: Sequence[Audience], built: BuiltModels) -> None:
    """A table whose model is gone must not live on in the copy, nor one left half made."""
    wanted = {(fact.schema, fact.table) for fact in built.facts.values()}
    connection = open_work(file)
    try:
        for audience in readers:
            for schema in audience.schemas:
                connection.execute(f"create schema if not exists {quote(schema)}")
                for name, kind in connection.execute(
                    "select table_name, if(table_type = 'VIEW', 'view', 'table') "
                    "from information_schema.tables where table_schema = ?",
                    [schema],
                ).fetchall():
                    if (schema, name) not in wanted:
                        connection.execute(f"drop {kind} {quote(schema)}.{quote(name)}")
    finally:
        connection.close()


def _judge_file(
    settings: Settings, file: Path, readers: Sequence[Audience], built: BuiltModels
) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """What forbids publication, and by audience rows, content hash and months of each table."""
    problems: list[str] = []
    contents = {}
    connection = open_work(
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        temp_directory=file.parent / "spill",
    )
    try:
        connection.execute(f"attach {quote_text(file)} as warehouse")
        sums = read_sums(connection)
        counted = {
            f"{fact.schema}.{fact.table}": sums[model]
            for model, fact in built.facts.items()
            if model in sums
        }
        by_month = {
            f"{fact.schema}.{fact.table}": kept_by_month(
                connection, f"warehouse.{quote(fact.schema)}.{quote(fact.table)}", fact.of_growing
            )
            for fact in built.facts.values()
            if fact.of_growing
        }
        for audience in readers:
            tables = published_tables(
                connection,
                audience,
                built.sorts,
                days=built.days,
                counted=counted,
                by_month=by_month,
            )
            problems += judge_tables(audience, tables)
            contents[audience.name] = {
                f"{table.schema}.{table.name}": (table.rows, table.content_hash, table.months)
                for table in tables
            }
    finally:
        connection.close()
    return problems, contents


def _close_cleanly(file: Path) -> None:
    connection = open_work(file)
    connection.execute("checkpoint")
    connection.close()
    if file.with_name(file.name + ".wal").exists():
        raise ReleaseError(
            "The candidate was not closed cleanly.", next_step="Run: campus build --full"
        )
    file.chmod(0o600)
    force_file(file)
    force_folder(file.parent)
