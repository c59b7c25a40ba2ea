"""dbt inside this process: its profile, its options, and the file it must let go of.

dbt's prints and logs are switched off, since they may quote values; its profile and target lie in
the data home, since the project may be read-only.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from warehouse.engine import EngineError, describe_error
from warehouse.errors import TransformError
from warehouse.settings import Settings

__all__ = ["read_project", "run_dbt", "write_docs"]

#: Threads do not make the build faster; one keeps the order of writes, and so the file, the same.
_THREADS = 1


def read_project(database: Path, settings: Settings, *, folder: Path | None = None) -> Any:
    """dbt's manifest of the project, for `run_dbt`. The file is not looked at: it may not be whole
    yet.

    dbt reads the whole project again when a variable is another one. No file depends on the day
    until its SQL is compiled, so the day is told to the build alone.
    """
    folder = folder or settings.paths.work / "dbt"
    _write_profile(folder, database, settings)
    return _invoke(None, ["parse", *_options(folder, settings)])


def run_dbt(
    database: Path,
    settings: Settings,
    *,
    as_of: datetime,
    select: Sequence[str] = (),
    unit_tests: bool = False,
    checks: bool = True,
    folder: Path | None = None,
    keep_marks: bool = False,
    manifest: Any = None,
) -> tuple[Any, list[Any]]:
    """Parse and build: dbt's manifest and the results in the order the nodes ran.

    `manifest` is that of `read_project`, where the project was read before. `keep_marks` is the
    variable of that name (macros/engine/marks.sql). `folder` is where dbt's own files go, so that a
    second run does not meet the first. The file is written and closed on return, also after an
    error. Raises `TransformError` where dbt could not run at all.
    """
    folder = folder or settings.paths.work / "dbt"
    options = _options(folder, settings, as_of=as_of, keep_marks=keep_marks)
    # A check runs only where all that it reads was selected.
    narrowed = ("--select", *select, "--indirect-selection", "cautious") if select else ()
    # Pages are named in the project, but there is nothing of them to build.
    narrowed = (*narrowed, "--exclude-resource-type", "exposure")
    if not unit_tests:
        narrowed = (*narrowed, "--exclude-resource-type", "unit_test")
    if not checks:
        narrowed = (*narrowed, "--exclude-resource-type", "test")
    try:
        if manifest is None:
            manifest = read_project(database, settings, folder=folder)
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


def write_docs(database: Path, settings: Settings) -> Path:
    """dbt's documentation of the project over a working file, as one static page; its path."""
    folder = settings.paths.work / "dbt-docs"
    _write_profile(folder, database, settings, read_only=True)
    options = _options(folder, settings)
    options.remove("--no-write-json")
    try:
        _invoke(None, ["docs", "generate", "--static", *options])
    finally:
        with contextlib.suppress(EngineError):
            _release_file()
    return folder / "target" / "static_index.html"


def _write_profile(
    folder: Path, database: Path, settings: Settings, *, read_only: bool = False
) -> None:
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
                **(
                    {"read_only": True}
                    if read_only
                    else {"options": {"recovery_mode": "no_wal_writes"}}
                ),
            }
        ],
        "config_options": {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "memory_limit": settings.memory_limit,
            "threads": str(settings.threads),
            "preserve_insertion_order": "false",
            # By default a transaction of 16 MB compresses what it wrote before the next one begins,
            # with one thread; at the end all threads do so. Larger ones must not fill the memory.
            "checkpoint_threshold": "64MB",
            "enable_external_file_cache": "false",  # see engine.open_work
            "temp_directory": str(folder / "spill"),
        },
        "settings": {"TimeZone": "UTC"},
    }
    profile = {"campus": {"target": "work", "outputs": {"work": target}}}
    (folder / "profiles.yml").write_text(
        yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8"
    )


def _options(
    folder: Path, settings: Settings, *, as_of: datetime | None = None, keep_marks: bool = False
) -> list[str]:
    variables = {
        "school_name": settings.school_name,
        "public_minimum_cell": settings.public_minimum_cell,
        "statistics_minimum_cell": settings.statistics_minimum_cell,
        "class_minimum_cell": settings.class_minimum_cell,
    }
    if as_of is not None:
        moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
        variables["keep_marks"] = keep_marks
        variables["as_of"] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
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
