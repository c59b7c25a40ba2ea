"""Builds the models of the dbt project and says what came of it.

An engine's message may quote a value it could not read, so every message is cleaned before it is
handed on or written to `transform.log` in the data home.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.contracts import load_contracts
from warehouse.dbt_process import run_dbt
from warehouse.earlier import make_missing
from warehouse.engine import Connection, EngineError, describe_error, open_work
from warehouse.errors import TransformError
from warehouse.hub_tables import create_hub_tables
from warehouse.marks import mark_sources
from warehouse.settings import Settings

__all__ = ["BuildResult", "NodeResult", "build_models"]


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node.

    `kind` is model, seed, test or unit_test; `status` success, warn, fail, error or skipped;
    `severity` that of a test (error or warn), error for everything else. `failures` is the number
    of broken checks of a test, None for a node that is no test. `message` holds no value.
    `attached_model` is the model a test is about.
    """

    name: str
    kind: str
    status: str
    severity: str
    failures: int | None
    message: str
    description: str
    attached_model: str | None
    seconds: float


@dataclass(frozen=True)
class BuildResult:
    """The nodes in the order they ran; `compiled` is model name → SQL; `manifest` holds, shaped
    like dbt's manifest.json, the name, schema, alias, description and meta of each model, and what
    it depends on."""

    nodes: tuple[NodeResult, ...]
    compiled: Mapping[str, str] = field(repr=False)
    seconds: float
    manifest: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def failed(self) -> tuple[NodeResult, ...]:
        """Nodes that forbid publication: errors, and failures of severity error."""
        return tuple(
            node
            for node in self.nodes
            if node.status == "error" or (node.status == "fail" and node.severity == "error")
        )


def build_models(
    database: Path,
    settings: Settings,
    *,
    as_of: datetime,
    prepare: Callable[[Connection], None],
    select: Sequence[str] = (),
    unit_tests: bool = False,
    checks: bool = True,
    scratch: Path | None = None,
    keep_marks: bool = False,
    manifest: Any = None,
) -> BuildResult:
    """Build every model and run every check in `database`, a file named warehouse.duckdb.

    `prepare` gets a connection first and makes the landed views, dbt's sources. `as_of` is "now"
    for every model. `select` narrows the run in dbt's own words. `unit_tests` runs those of the
    models too: they judge the project and not the data, and cost a quarter of a build. `checks`
    False leaves the tests of the data out. `scratch` is a folder for dbt's files and the log, for a
    run beside the daily one. `keep_marks` leaves out what is made of the same as the time before in
    this file, and notes what each node was made of for the next time. `manifest` is the project as
    `dbt_process.read_project` read it; without it it is read here. Failed nodes are returned,
    not raised. The file is closed and free for others on return. Raises `TransformError` where dbt
    could not run at all.
    """
    if database.stem != "warehouse":
        raise TransformError(
            f"The working file must be called warehouse.duckdb, not {database.name}.",
            next_step="Views hold the file's name; rename the file.",
        )
    started = time.monotonic()
    connection = open_work(database, memory_limit=settings.memory_limit, threads=settings.threads)
    try:
        prepare(connection)
        create_hub_tables(connection, settings.paths, as_of)
        make_missing(connection)
        if keep_marks:
            mark_sources(connection, settings.project_folder, _source_schemas())
    finally:
        connection.close()
    manifest, results = run_dbt(
        database,
        settings,
        as_of=as_of,
        select=select,
        unit_tests=unit_tests,
        checks=checks,
        folder=scratch / "dbt" if scratch else None,
        keep_marks=keep_marks,
        manifest=manifest,
    )
    nodes = tuple(_node_result(result, manifest) for result in results)
    nodes = _name_broken_checks(database, nodes, results)
    _write_log((scratch or settings.paths.logs) / "transform.log", nodes)
    return BuildResult(
        nodes=nodes,
        compiled={
            result.node.name: result.node.compiled_code
            for result in results
            if str(result.node.resource_type) == "model" and result.node.compiled_code
        },
        seconds=time.monotonic() - started,
        manifest={"nodes": {key: _described(node) for key, node in manifest.nodes.items()}},
    )


def _source_schemas() -> set[str]:
    return {table.source for table in load_contracts()} | {"hub", "earlier"}


def _node_result(result: Any, manifest: Any) -> NodeResult:
    node = result.node
    kind = str(node.resource_type)
    status = str(result.status)
    return NodeResult(
        name=node.name,
        kind=kind,
        status="success" if status == "pass" else status,
        severity=str(node.config.severity).lower() if kind == "test" else "error",
        failures=result.failures if kind in ("test", "unit_test") else None,
        message=_clean(result.message or ""),
        description=(_declared(node, kind, manifest).description or "").strip(),
        attached_model=_attached_model(node, kind),
        seconds=result.execution_time,
    )


def _declared(node: Any, kind: str, manifest: Any) -> Any:
    """The node as its YAML declares it; what dbt runs of a unit test has lost its description."""
    return manifest.unit_tests.get(node.unique_id, node) if kind == "unit_test" else node


def _attached_model(node: Any, kind: str) -> str | None:
    if kind == "unit_test":
        return node.unique_id.split(".")[2]  # unit_test.<project>.<model>.<name>
    if kind == "test" and getattr(node, "attached_node", None):
        return node.attached_node.split(".")[-1]
    return None


def _clean(message: str) -> str:
    """dbt's message in one line, without values: what failed and the engine's first words."""
    return describe_error(Exception(message), lines=2)


def _name_broken_checks(
    database: Path, nodes: tuple[NodeResult, ...], results: Sequence[Any]
) -> tuple[NodeResult, ...]:
    """Put the names of the broken checks and their row counts into the messages: dbt itself only
    says how many there are. A combined check returns names and counts, never a row."""
    broken = {
        result.node.name: result.node.compiled_code
        for node, result in zip(nodes, results, strict=True)
        if node.kind == "test" and node.status in ("fail", "warn")
    }
    if not broken:
        return nodes
    named = {}
    connection = open_work(database, read_only=True)
    try:
        for name, sql in broken.items():
            with contextlib.suppress(EngineError):
                found = connection.execute(
                    f"select check_name, failing from ({sql}) order by check_name"
                ).fetchall()
                named[name] = "; ".join(f"{check}: {rows} row(s)" for check, rows in found)
    finally:
        connection.close()
    return tuple(
        NodeResult(**{**vars(node), "message": named[node.name]}) if node.name in named else node
        for node in nodes
    )


def _described(node: Any) -> dict[str, Any]:
    return {
        "name": node.name,
        "resource_type": str(node.resource_type),
        "schema": node.schema,
        "alias": getattr(node, "alias", node.name),
        "description": node.description or "",
        "meta": dict(getattr(node.config, "meta", None) or {}),
        "depends_on": list(getattr(getattr(node, "depends_on", None), "nodes", ())),
    }


def _write_log(file: Path, nodes: Sequence[NodeResult]) -> None:
    """One line per node of the last run."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    file.write_text(
        "".join(
            f"{at} {node.status:8} {node.seconds:7.2f}s {node.kind} {node.name} {node.message}\n"
            for node in nodes
        ),
        encoding="utf-8",
    )
    file.chmod(0o600)
