"""An open source database: one read-only, consistent transaction a table, rows in a stream."""

from __future__ import annotations

import importlib
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from warehouse.errors import PullError
from warehouse.pull.dialects import DIALECTS, Described, Failure
from warehouse.pull.dialects.dialect import offset_text
from warehouse.pull.drivers import INSTALL
from warehouse.pull.sources import Source, TableSource
from warehouse.pull.structure import Plan
from warehouse.pull.values import read_moment

__all__ = ["Database", "open_database", "statement_of"]

#: Rows in memory at a time.
_CHUNK = 2000


class Database:
    """A connection to one source. Every method raises `PullError`, free of values and secrets."""

    def __init__(self, source: Source, connection: Connection) -> None:
        self.source = source
        self.dialect = DIALECTS[source.dialect]
        self.connection = connection

    @contextmanager
    def reading(self, table: TableSource) -> Iterator[datetime]:
        """A transaction for one table. Gives the source's clock, in its own zone: read before
        the snapshot is taken, so that nothing committed later is taken for seen."""
        try:
            with self.connection.begin():
                clock = self.connection.execute(text(self.dialect.clock(self.source))).scalar()
            moment = read_moment(clock, self.source.offset)
            if moment is None:
                raise PullError(
                    "statement", f"{self.source.id}: the source's clock cannot be read."
                )
            transaction = self.connection.begin()
            try:
                for statement in self.dialect.begin:
                    self.connection.exec_driver_sql(statement)
                yield moment
            finally:
                self._roll_back(transaction)
        except SQLAlchemyError as error:
            raise self._explained(error, table) from None

    def _roll_back(self, transaction: Any) -> None:
        try:
            if self.dialect.name == "mssql":
                self.connection.exec_driver_sql("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION")
            transaction.rollback()
        except SQLAlchemyError:
            self.connection.invalidate()

    def describe(self, table: TableSource) -> list[Described]:
        """The columns of what a table is pulled from."""
        result = self.connection.execute(text(_escaped(f"SELECT * FROM {table.sql} q WHERE 1 = 0")))
        described = [self.dialect.describe(tuple(column)) for column in result.cursor.description]
        result.close()
        return described

    def count(self, plan: Plan, table: TableSource, low: Any) -> int:
        preparer = self.connection.dialect.identifier_preparer
        counted = text("SELECT count(*)" + _from(preparer, plan, table, low))
        return int(self.connection.execute(counted, _parameters(low)).scalar() or 0)

    def rows(self, statement: str, low: Any) -> Iterator[Sequence[Sequence[Any]]]:
        """Chunks of rows, through a cursor that stays on the server."""
        streaming = self.connection.execution_options(
            stream_results=True, max_row_buffer=_CHUNK, yield_per=_CHUNK
        )
        result = streaming.execute(text(statement), _parameters(low))
        try:
            yield from result.partitions(_CHUNK)
        finally:
            result.close()

    def low(self, plan: Plan, value: datetime | Decimal | None) -> Any:
        """A lower bound in the form in which the database compares it."""
        if value is None or plan.watermark is None:
            return value
        if isinstance(value, datetime):
            if self.dialect.zoned_literal and plan.watermark.family == "zoned":
                return f"{value.isoformat(' ')} {offset_text(self.source.offset)}"
            return value.date() if plan.watermark.family == "date" else value
        return int(value) if value == value.to_integral_value() else value

    def statement(self, plan: Plan, table: TableSource, low: Any) -> str:
        return statement_of(self.connection.dialect.identifier_preparer, plan, table, low)

    def _explained(self, error: SQLAlchemyError, table: TableSource) -> PullError:
        return _explain(error, self.source, f"{self.source.id}/{table.table.name}")


def statement_of(preparer: Any, plan: Plan, table: TableSource, low: Any) -> str:
    """The SELECT of a pull. A row without a watermark is never left out."""
    names = [chosen.source.name for chosen in plan.columns]
    if plan.watermark is not None:
        names.append(plan.watermark.name)
    listed = ", ".join(f"q.{preparer.quote_identifier(name)}" for name in names)
    return _escaped(f"SELECT {listed}") + _from(preparer, plan, table, low)


def _from(preparer: Any, plan: Plan, table: TableSource, low: Any) -> str:
    statement = _escaped(f" FROM {table.sql} q")
    if low is not None and plan.watermark is not None:
        name = _escaped(f"q.{preparer.quote_identifier(plan.watermark.name)}")
        statement += f" WHERE {name} >= :low OR {name} IS NULL"
    return statement


def _escaped(sql: str) -> str:
    """SQL in which no colon is taken for a parameter."""
    return sql.replace(":", "\\:")


def _parameters(low: Any) -> dict[str, Any]:
    return {} if low is None else {"low": low}


@contextmanager
def open_database(source: Source, password: str) -> Iterator[Database]:
    """Connect and make the session read-only. Raises `PullError` that names what to do."""
    dialect = DIALECTS[source.dialect]
    try:
        importlib.import_module(dialect.driver)
    except ImportError:
        raise PullError(
            "driver",
            f"{source.id}: the driver {dialect.package} is not installed.",
            next_step=INSTALL,
        ) from None
    with tempfile.TemporaryDirectory(prefix="campus-pull-") as folder:
        dialect.prepare(source, Path(folder))
        try:
            engine = _engine(source, password)
            connection = engine.connect()
        except (SQLAlchemyError, OSError, ValueError) as error:
            raise _not_connected(error, source, password) from None
        try:
            yield Database(source, connection)
        finally:
            try:
                connection.close()
            except SQLAlchemyError:
                connection.invalidate()
            engine.dispose()


def _engine(source: Source, password: str) -> Engine:
    dialect = DIALECTS[source.dialect]
    engine = create_engine(
        dialect.url(source, password),
        connect_args=dialect.connect_args(source, password),
        poolclass=NullPool,
        hide_parameters=True,
        **dialect.engine_options,
    )

    @event.listens_for(engine, "connect")
    def configure(raw: Any, _record: Any) -> None:
        dialect.configure(raw)
        cursor = raw.cursor()
        for statement in dialect.session(source):
            cursor.execute(statement)
        cursor.close()
        raw.commit()

    return engine


def _nobody_there(source: Source) -> str | None:
    """Why no connection can be made at all, or None where somebody listens.

    Asked only when the driver has failed: MySQL counts connections that say nothing, and shuts
    out a machine that made too many.
    """
    try:
        socket.create_connection((source.host, source.port), source.connect_seconds).close()
    except OSError as error:
        return error.strerror or (
            "no answer" if isinstance(error, TimeoutError) else "no such host"
        )
    return None


def _not_connected(error: BaseException, source: Source, password: str) -> PullError:
    failure = _failure_of(error, source)
    if not isinstance(error, DBAPIError):
        failure = Failure("", failure.kind, type(error).__name__)  # its words may quote a secret
    # What a server says at sign-in is about user, host and database, not about data.
    said = failure.text.replace(password, "***") if password else failure.text
    if failure.kind == "login":
        return PullError(
            "login",
            f"{source.id}: {source.address} refuses the user {source.user} "
            f"({failure.code or 'no code'}: {said}).",
            next_step="Check user, secret and rights. It is not tried again, so that no account "
            "is locked.",
        )
    if (why := _nobody_there(source)) is not None:
        return PullError(
            "unreachable",
            f"{source.id}: nobody answers at {source.address} ({why}).",
            next_step="Check that the database runs, host and port in sources.toml, and the "
            "firewall; then: campus pull " + source.id,
            retry=True,
        )
    return PullError(
        "unreachable",
        f"{source.id}: no connection to {source.address} ({failure.code or 'no code'}: {said}).",
        next_step="Check database and TLS in sources.toml with whoever runs the source.",
        retry=failure.kind == "transient",
    )


def _failure_of(error: BaseException, source: Source) -> Failure:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return DIALECTS[source.dialect].failure(cause)


def _explain(error: SQLAlchemyError, source: Source, place: str) -> PullError:
    """A database's error without the database's words, where they may quote a value."""
    failure = _failure_of(error, source)
    if not isinstance(error, DBAPIError):  # of SQLAlchemy's own making, over whatever value
        failure = Failure("", "other", "")
    code = f"{source.dialect} {failure.code}" if failure.code else type(error).__name__
    if failure.kind == "write":
        return PullError(
            "statement",
            f"{place}: the query tries to change the source ({code}); nothing was changed.",
            next_step="Write a query that only reads.",
        )
    if failure.kind == "limit":
        return PullError(
            "silent",
            f"{place}: the statement took longer than its limit ({code}).",
            next_step="Raise statement_seconds, pull incrementally, or give the source an index.",
            retry=True,
        )
    lost = failure.kind == "transient" or getattr(error, "connection_invalidated", False)
    if lost:
        return PullError(
            "unreachable",
            f"{place}: the connection was lost ({code}).",
            next_step="Run again: campus pull " + place,
            retry=True,
        )
    if failure.kind == "statement":
        return PullError(
            "statement",
            f"{place}: the source does not run the statement ({code}: {failure.text}).",
            next_step="Mend from or query in sources.toml, or ask for the right to read.",
        )
    return PullError(
        "statement",
        f"{place}: the source ended the statement ({code}; its words are left out, they may quote "
        "data).",
        next_step="Run the query by hand on the source to see why.",
    )


def later(moment: datetime, span: timedelta) -> datetime:
    """`moment` plus `span`, or the end of the calendar."""
    try:
        return moment + span
    except OverflowError:
        return datetime.min if span < timedelta() else datetime.max
