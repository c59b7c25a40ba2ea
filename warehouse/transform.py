"""Runs the dbt project in this process and says what came of it.

dbt's own prints and logs are switched off: an engine's message may quote a value it could not
read. What is worth keeping is cleaned and written to `transform.log` in the data home.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from warehouse.engine import Connection, EngineError, describe_error, open_work
from warehouse.errors import TransformError
from warehouse.settings import Settings

__all__ = ["BuildResult", "NodeResult", "build_models"]

#: Threads do not make the build faster; one keeps the order of writes, and so the file, the same.
_THREADS = 1


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
    like dbt's manifest.json, the name, schema, alias, description and meta of each model."""

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
) -> BuildResult:
    """Build every model and run every check in `database`, a file named warehouse.duckdb.

    `prepare` gets a connection first and makes the landed views, dbt's sources. `as_of` is "now"
    for every model. `select` narrows the run in dbt's own words. Failed nodes are returned, not
    raised. The file is closed and free for others on return. Raises `TransformError` where dbt
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
    finally:
        connection.close()
    folder = settings.paths.work / "dbt"
    _write_profile(folder, database, settings)
    manifest, results = _run_dbt(_options(folder, settings, as_of), select)
    nodes = tuple(_node_result(result, manifest) for result in results)
    nodes = _name_broken_checks(database, nodes, results)
    _write_log(settings.paths.logs / "transform.log", nodes)
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


def _write_profile(folder: Path, database: Path, settings: Settings) -> None:
    """dbt's profile, beside its target folder and never in the project."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = {
        "type": "duckdb",
        "path": ":memory:",
        "database": "warehouse",
        "schema": "main",
        "threads": _THREADS,
        # Every statement of dbt is a transaction, and each would wait for the disk. A build that
        # does not reach its end is thrown away, so the log protects nothing here; what was built
        # is written by the checkpoint at the end.
        "attach": [
            {
                "path": str(database),
                "alias": "warehouse",
                "options": {"recovery_mode": "no_wal_writes"},
            }
        ],
        "config_options": {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "memory_limit": settings.memory_limit,
            "threads": str(settings.threads),
            "preserve_insertion_order": "false",
            "temp_directory": str(folder / "spill"),
        },
        "settings": {"TimeZone": "UTC"},
    }
    profile = {"campus": {"target": "work", "outputs": {"work": target}}}
    (folder / "profiles.yml").write_text(
        yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8"
    )


def _options(folder: Path, settings: Settings, as_of: datetime) -> list[str]:
    moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    variables = {
        "as_of": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "school_name": settings.school_name,
        "public_minimum_cell": settings.public_minimum_cell,
    }
    return [
        *("--project-dir", str(settings.project_folder.absolute())),
        *("--profiles-dir", str(folder)),
        *("--target-path", str(folder / "target")),
        *("--log-path", str(folder / "log")),
        *("--log-level", "none", "--log-level-file", "none"),
        *("--vars", json.dumps(variables, ensure_ascii=False)),
        "--quiet",
        "--no-print",
        "--no-use-colors",
        "--no-write-json",
        "--no-version-check",
        "--no-send-anonymous-usage-stats",
    ]


def _run_dbt(options: Sequence[str], select: Sequence[str]) -> tuple[Any, list[Any]]:
    """Parse and build: dbt's manifest and the results in the order the nodes ran."""
    # A check runs only where all that it reads was selected.
    narrowed = ("--select", *select, "--indirect-selection", "cautious") if select else ()
    try:
        manifest = _invoke(None, ["parse", *options])
        results = list(_invoke(manifest, ["build", *options, *narrowed]).results)
    except BaseException:
        with contextlib.suppress(EngineError):
            _release_file()
        raise
    try:
        _release_file()
    except EngineError as error:
        raise TransformError(
            f"What was built could not be written: {describe_error(error)}",
            next_step="Check free disk space with: campus doctor",
        ) from None
    return manifest, results


def _invoke(manifest: Any, arguments: Sequence[str]) -> Any:
    from dbt.cli.main import dbtRunner

    outcome = dbtRunner(manifest=manifest).invoke(list(arguments))
    if outcome.exception is None and outcome.result is not None:
        return outcome.result
    # Whatever stops dbt as a whole is about the project or the file, not about a row.
    told = str(outcome.exception or f"dbt {arguments[0]} gave no result")
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    raise TransformError(
        "dbt could not run: " + " ".join(lines[:6]),
        next_step="Check the installation with: campus doctor",
    ) from None


def _release_file() -> None:
    """Write what was built and let go of the file: dbt-duckdb would keep it open as long as this
    process lives, and nobody else could open it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections, reset_adapters

    cleanup_connections()
    environment = DuckDBConnectionManager._ENV
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()
    connection = getattr(environment, "conn", None)
    if connection is None:
        return
    environment.conn = None
    try:
        connection.execute("checkpoint warehouse")
    finally:
        connection.close()


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
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return " ".join(describe_error(Exception(line)) for line in lines[:2])


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
