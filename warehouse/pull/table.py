"""Pulls one table: plan, window, rows, file, watermark, in this order and no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from warehouse.errors import PullError
from warehouse.home import Home
from warehouse.pull.crash import checkpoint
from warehouse.pull.extract import Written, deliver, sweep, table_folder, write_rows
from warehouse.pull.mark import Mark
from warehouse.pull.reading import Database, later
from warehouse.pull.report import TableResult
from warehouse.pull.sources import TableSource
from warehouse.pull.structure import Plan, plan_columns
from warehouse.pull.values import BEIJING, Unfit, beijing_text, read_moment, writer

__all__ = ["pull_table"]

Watermark = datetime | Decimal


def pull_table(
    database: Database,
    declared: TableSource,
    home: Home,
    mark: Mark | None,
    *,
    dry_run: bool = False,
    from_start: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> tuple[TableResult, Mark | None]:
    """Bring one table into the inbox. Raises `PullError`; then nothing has changed.

    `mark` is how far the last pull came. The mark returned is to be kept once this has returned:
    the file then lies in the inbox, synced. Killed before that, the next pull reads the same rows
    again; killed before the mark is kept, it delivers some of them a second time, under the same
    keys. `tick` is called whenever the source has answered.
    """
    started = time.monotonic()
    source, table = database.source, declared.table
    result = TableResult(source.id, table.name, "planned", declared.mode)
    definition = source.definition(declared)
    if mark is not None and mark.definition != definition:
        result.notes.append("its declaration or contract has changed, so everything is read anew")
        mark = None
    with database.reading(declared) as clock:
        tick()
        plan = plan_columns(declared, database.describe(declared))
        tick()
        low = None
        if declared.mode == "incremental" and mark is not None and not from_start:
            low = _low(mark, declared)
        bound = database.low(plan, low)
        statement = database.statement(plan, declared, bound)
        result.since = None if low is None else str(low)
        result.watermark = mark.watermark if mark is not None else None
        result.extracted_at = beijing_text(later(clock, BEIJING - source.offset))
        if dry_run:
            result.rows = database.count(plan, declared, bound)
            result.statement = statement.replace("\\:", ":")
            result.seconds = time.monotonic() - started
            return result, None
        top = _Top(clock, plan, source.offset)
        folder = table_folder(home, source.id, table.name)
        sweep(folder)
        try:
            written = _write(database, declared, plan, statement, bound, folder, result, top, tick)
        except BaseException:
            sweep(folder)
            raise
    try:
        new = _settle(home, mark, definition, written, top, clock, source.offset, result)
    except OSError as error:
        raise _disk(error) from None
    result.seconds = time.monotonic() - started
    return result, new


class _Top:
    """The greatest watermark seen that the source's clock has reached.

    A row dated in the future is delivered, but must not carry the watermark past rows that
    are yet to be written.
    """

    def __init__(self, clock: datetime, plan: Plan, offset: timedelta) -> None:
        self.value: Watermark | None = None
        self._clock = clock
        self._offset = offset
        self._is_moment = plan.watermark is not None and plan.watermark.family in (
            "timestamp",
            "zoned",
            "date",
        )

    def see(self, values: Sequence[Any]) -> None:
        value = values[0]
        if value is None:
            return
        found: Watermark | None
        if self._is_moment:
            found = read_moment(value, self._offset)
            if found is not None and found > self._clock:
                found = self._clock
        else:
            found = Decimal(value)
        if found is not None and (self.value is None or found > self.value):  # type: ignore[operator]
            self.value = found


def _low(mark: Mark, declared: TableSource) -> Watermark | None:
    """Where to begin: the last watermark less the overlap, so that rows that were committed
    late, with an older watermark, are seen."""
    if mark.watermark is None:
        return None
    if isinstance(declared.overlap, timedelta):
        moment = read_moment(mark.watermark, timedelta())
        return None if moment is None else later(moment, -declared.overlap)
    try:
        return Decimal(mark.watermark) - (declared.overlap or 0)
    except InvalidOperation:
        return None


def _write(
    database: Database,
    declared: TableSource,
    plan: Plan,
    statement: str,
    bound: Any,
    folder: Any,
    result: TableResult,
    top: _Top,
    tick: Callable[[], None],
) -> Written:
    source = database.source
    writers = [
        writer(chosen.type, source.offset, declared.deleted_values) for chosen in plan.columns
    ]
    headings = [chosen.target for chosen in plan.columns]
    constants = {"source_system": source.id, "extracted_at": result.extracted_at or ""}
    added = {name: text for name, text in constants.items() if name not in headings}
    try:
        return write_rows(
            folder,
            [*headings, *added],
            list(added.values()),
            database.rows(statement, bound),
            writers,
            top.see if plan.watermark is not None else None,
            lambda rows: tick(),
        )
    except Unfit as error:
        raise PullError(
            "value",
            f"{declared.table.id}: {error.message}",
            next_step="Mend it in the source, or convert the column in a query.",
        ) from None
    except OSError as error:
        raise _disk(error) from None


def _disk(error: OSError) -> PullError:
    return PullError(
        "disk",
        f"The inbox cannot be written: {error.strerror or type(error).__name__}.",
        next_step="Make room, or give the user that runs campus the right to write the inbox.",
    )


def _settle(
    home: Home,
    mark: Mark | None,
    definition: str,
    written: Written,
    top: _Top,
    clock: datetime,
    offset: timedelta,
    result: TableResult,
) -> Mark:
    checkpoint("written")
    new = Mark(
        definition=definition,
        watermark=_later_of(mark, top),
        rows_hash=written.rows_hash,
        content_sha256=written.content_sha256,
        rows=written.rows,
        extracted_at=later(clock, -offset).replace(tzinfo=UTC),
    )
    result.rows = written.rows
    result.watermark = new.watermark
    same = mark is not None and mark.is_landed and mark.rows_hash == written.rows_hash
    if same or (result.mode == "incremental" and written.rows == 0):
        written.path.unlink()
        result.result = "unchanged"
        if mark is not None:
            new = replace(
                new,
                rows_hash=mark.rows_hash,
                content_sha256=mark.content_sha256,
                rows=mark.rows,
            )
    else:
        path = deliver(written, clock)
        result.result = "pulled"
        result.path = str(path.relative_to(home.root))
    checkpoint("delivered")
    return new


def _later_of(mark: Mark | None, top: _Top) -> str | None:
    before = mark.watermark if mark is not None else None
    if top.value is None:
        return before
    if before is not None:
        held = (
            read_moment(before, timedelta()) if isinstance(top.value, datetime) else Decimal(before)
        )
        if held is not None and held > top.value:  # type: ignore[operator]
            return before
    return str(top.value)
