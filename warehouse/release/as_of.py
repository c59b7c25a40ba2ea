"""A mart as it was known on a day: rebuilt from the lake without what was extracted later.

That is transaction time. Which row of a mart was valid on a day is another question; the columns
valid_from and valid_to answer it within any state of knowledge.
"""

from __future__ import annotations

import difflib
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from warehouse.contracts import load_contracts
from warehouse.engine import quote
from warehouse.errors import ReleaseError, TransformError, UsageError
from warehouse.home import Home
from warehouse.ingest.landed import create_landed_views
from warehouse.release.durable import remove_tree
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import Batch
from warehouse.transform import BuildResult, build_models

__all__ = ["Rebuilt", "end_of_day", "model_named", "rebuilt"]

_BEIJING = ZoneInfo("Asia/Shanghai")
_LAYERS = ("marts", "published")


@dataclass(frozen=True)
class Rebuilt:
    """`relation` (quoted) in `file` holds the model; both are gone when the block ends."""

    model: str
    relation: str
    file: Path
    folder: Path
    as_of: datetime


def end_of_day(day: date) -> datetime:
    """The last second of a day at the college, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time(), _BEIJING)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def model_named(project: Path, name: str) -> str:
    """The mart or published model of that name; `personal.student` is `personal__student`.

    Raises `UsageError` with the nearest names where there is none.
    """
    known = {file.stem for layer in _LAYERS for file in (project / "models" / layer).rglob("*.sql")}
    wanted = name.strip().replace(".", "__")
    if wanted in known:
        return wanted
    near = difflib.get_close_matches(wanted, sorted(known), 3)
    raise UsageError(
        "There is no mart or published table of that name.",
        next_step=f"Did you mean {', '.join(near)}?"
        if near
        else "See docs/models.md, and dbt_project/models/marts.",
    )


@contextmanager
def rebuilt(settings: Settings, name: str, day: date) -> Iterator[Rebuilt]:
    """Rebuild one mart, with all it is made of, from what was extracted up to the end of `day`.

    Published figures of closed periods are not put in: what comes out is computed from what was
    known. One at a time in a data home; it disturbs neither the daily job nor a reader. Raises
    `UsageError` for an unknown name or a day before the first extraction, `TransformError` where
    the models could not be built.
    """
    model = model_named(settings.project_folder, name)
    with _scratch(settings.paths) as folder:
        file = folder / "warehouse.duckdb"
        result = _build(settings, file, model, end_of_day(day))
        node = next(n for n in result.manifest["nodes"].values() if n["name"] == model)
        yield Rebuilt(
            model,
            f"{quote(node['schema'])}.{quote(node['alias'])}",
            file,
            folder,
            end_of_day(day),
        )


def _build(settings: Settings, file: Path, model: str, moment: datetime) -> BuildResult:
    contracts = load_contracts()
    engine = open_state(settings)
    try:
        with session(engine, read_only=True) as opened:
            first = opened.scalar(select(func.min(Batch.extracted_at)))
            if first is None or first > moment:
                raise UsageError(
                    "Nothing had been extracted by that day.",
                    next_step="Name a later day; see what is loaded with: campus status",
                )
            result = build_models(
                file,
                settings,
                as_of=moment,
                prepare=lambda connection: create_landed_views(
                    connection, contracts, opened, settings.paths, until=moment
                ),
                select=[f"+{model}"],
                checks=False,
                scratch=file.parent,
            )
    finally:
        engine.dispose()
    broken = [node for node in result.nodes if node.status in ("error", "skipped")]
    if broken:
        raise TransformError(
            f"{model} could not be rebuilt: {broken[0].name}: {broken[0].message}",
            next_step="Check that the current release builds with: campus build",
        )
    return result


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """A folder of its own below the work folder, removed at the end; what a killed run left goes
    first, since it holds people's data."""
    home.require()
    folder = home.work / "as-of"
    path = home.work / "as-of.lock"
    with path.open("a") as lock:
        path.chmod(0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(
                "Another mart is being rebuilt in this data home.",
                next_step="Wait until it is done, then run the command again.",
            ) from None
        remove_tree(folder)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            remove_tree(folder)
