"""The one place that opens DuckDB. Modes, limits and extensions are decided here and nowhere else.

| mode | used by | may |
|---|---|---|
| `open_work` | ingest, build, grants | read and write one file (or memory), read the lake |
| `open_release` | gateway | read one released file; no file system, no configuration change |
| `prepare_confined`, `confine` | the SQL child process | read one grant file; nothing else at all |
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.errors import ReleaseError

__all__ = [
    "ENGINE_VERSION",
    "TEXT_ERRORS",
    "VALUE_ERRORS",
    "Connection",
    "EngineError",
    "ErrorParts",
    "confine",
    "describe_error",
    "open_release",
    "open_work",
    "prepare_confined",
    "quote",
    "quote_text",
    "read_error",
    "statement_kinds",
    "syntax_error",
]

#: The names by which the rest of the package speaks of DuckDB, so that it need not import it.
Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
ENGINE_VERSION = duckdb.__version__
#: Errors that speak of a file's text, not of disk, memory or our SQL.
TEXT_ERRORS = (duckdb.InvalidInputException, duckdb.ConversionException)
#: Errors over a value that no number or day can hold.
VALUE_ERRORS = (duckdb.ConversionException, duckdb.OutOfRangeException)

_NO_EXTENSIONS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}

_one_at_a_time = threading.Lock()


def quote(identifier: str) -> str:
    """An SQL identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def quote_text(value: str | Path) -> str:
    """An SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def open_work(
    path: Path | None = None,
    *,
    memory_limit: str = "768MB",
    threads: int = 2,
    temp_directory: Path | None = None,
    read_only: bool = False,
) -> duckdb.DuckDBPyConnection:
    """A connection that may write. `path` None means a database in memory.

    Insertion order is not kept, which lets DuckDB stream large tables in little memory: who
    needs an order says `order by`. `temp_directory` is where it spills; None means beside `path`.
    """
    config = {
        **_NO_EXTENSIONS,
        "memory_limit": memory_limit,
        "threads": str(threads),
        "preserve_insertion_order": "false",
        # Under load the cache handed out blocks of a file that had been written anew under the same
        # name (DuckDB 1.5.5); the operating system caches files well enough.
        "enable_external_file_cache": "false",
    }
    if temp_directory is not None:
        config["temp_directory"] = str(temp_directory)
    connection = duckdb.connect(
        ":memory:" if path is None else str(path), read_only=read_only, config=config
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


#: What a plan for few rows needs of the optimizer: conditions and columns down to the scan, and no
#: sort of what a limit leaves out. All else is worth its time over millions of rows, and is a
#: quarter of a statement that reads a few.
_FOR_FEW_ROWS = ("filter_pushdown", "unused_columns", "top_n")


def open_release(
    path: Path, *, threads: int = 2, memory_limit: str = "2GB", few_rows: bool = False
) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one released file. Take a `cursor()` of it per request.

    `few_rows` is for a file of which each statement reads one person's rows: many readers at once
    then take one thread each, and plans are made for little data.
    """
    if not path.is_file():
        raise ReleaseError(
            f"The released file {path.name} of {path.parent.name} is missing.",
            next_step="Publish again with: campus refresh",
        )
    config = {**_NO_EXTENSIONS, "threads": str(threads), "memory_limit": memory_limit}
    with _one_at_a_time:
        connection = duckdb.connect(str(path), read_only=True, config=config)
        # Opened a second time in one process, a file is the same instance, closed already.
        locked = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
        if locked == (True,):
            return connection
        connection.execute("SET GLOBAL TimeZone = 'UTC'")  # GLOBAL, or its cursors do not have it
        if few_rows:  # not in `config`: the file may be open already, with the same one only
            connection.execute("SET threads = 1")
            connection.execute(f"SET GLOBAL disabled_optimizers = '{_not_for_few(connection)}'")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET lock_configuration = true")
    return connection


def _not_for_few(connection: Connection) -> str:
    rows = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    return ",".join(name for (name,) in rows if name not in _FOR_FEW_ROWS)


def prepare_confined(
    *, memory_limit: int, threads: int = 1, rows: int = 0
) -> duckdb.DuckDBPyConnection:
    """What of a disposable SQL process's connection can be made before its query comes: an empty
    database in memory, with Python's imports for each of DuckDB's types done.

    With `rows` (16 bytes each) it also fills a table and drops it: the allocator holds on to that
    memory, and a query that reads as much finds it there instead of asking the kernel page by page.
    Nothing spills: without a folder for it, memory that runs short is said to be just that. Errors
    come as JSON (`read_error`).
    """
    config = {
        **_NO_EXTENSIONS,
        "threads": str(threads),
        "memory_limit": f"{memory_limit // (1 << 20)}MB",
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    connection.execute("SET errors_as_json = true")
    connection.execute("SET enable_progress_bar = true")  # or no progress is counted
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute(
        "SELECT now(), localtime, current_date, localtimestamp, interval 1 day, uuid(), "
        "'1'::bignum, 1::decimal(9, 2), 1::hugeint, 1::float, ''::blob, '1'::bit, '{}'::json, [1], "
        "{'a': 1}, map {'a': 1}, 'a'::enum('a'), null, '10:00:00+08'::timetz, "
        "union_value(a := 1), array_value(1)"
    ).fetchall()
    if rows:
        connection.execute(f"CREATE TABLE room AS SELECT range, range FROM range({rows:d})")
        connection.execute("DROP TABLE room")
    return connection


def confine(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the file and close the connection of `prepare_confined` to everything else.

    The order matters (docs/adr/0002): limits of the process are set by the caller before this,
    then the file is attached read-only, external access off, replacement scans off, the local
    file system disabled (otherwise COPY could overwrite the open file), and last the
    configuration locked.
    """
    connection.execute(f"ATTACH {quote_text(path)} AS granted_data (READ_ONLY)")
    connection.execute("USE granted_data")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
    connection.execute("SET lock_configuration = true")


def statement_kinds(sql: str) -> list[str] | None:
    """Kinds of the statements in a text (SELECT, EXPLAIN, COPY, …); None where it does not parse.

    DuckDB's own parser decides, not a second one that might read the text differently.
    """
    try:
        return [statement.type.name for statement in duckdb.extract_statements(sql)]
    except (duckdb.Error, UnicodeError, RuntimeError):
        return None


@dataclass(frozen=True)
class ErrorParts:
    """An error of a confined connection or of the parser, taken apart.

    `kind` is DuckDB's word (Binder, Catalog, Conversion, …), `position` the place in the
    statement from 0 (in characters for a syntax error, in bytes for others), `missing` what kind
    of thing `name` is not the name of (Column, Table, Scalar Function, …), `candidates` names
    that are like it.
    """

    kind: str
    message: str
    position: int | None = None
    missing: str | None = None
    name: str = ""
    candidates: tuple[str, ...] = ()


def read_error(text: str) -> ErrorParts:
    """Take the text of an error apart; where it is not JSON, kind and message are all."""
    heading, _, body = text.partition(": ")
    try:
        parts = json.loads(body)
        kind, message = str(parts["exception_type"]), str(parts["exception_message"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ErrorParts(heading.removesuffix(" Error"), body or text)
    position = str(parts.get("position", ""))
    column = parts.get("error_subtype") == "COLUMN_NOT_FOUND"
    return ErrorParts(
        kind=kind,
        message=message,
        position=int(position) if position.isdecimal() and len(position) < 9 else None,
        missing="Column" if column else parts.get("type"),
        name=str(parts.get("name", "")),
        candidates=tuple(str(parts["candidates"]).split(",")) if parts.get("candidates") else (),
    )


def syntax_error(sql: str) -> ErrorParts | None:
    """Why a text does not parse; None where it does."""
    connection = duckdb.connect(":memory:", config={**_NO_EXTENSIONS, "threads": "1"})
    try:
        connection.execute("SET errors_as_json = true")
        connection.extract_statements(sql)
    except (duckdb.Error, UnicodeError, RuntimeError) as error:
        return read_error(str(error))
    finally:
        connection.close()
    return None


#: From the first quotation mark to the last: DuckDB quotes a value as it stands, so that one that
#: holds an apostrophe or a line break ends nowhere in particular.
_QUOTED = re.compile(r"['\"].*['\"]|['\"].*", re.DOTALL)
#: The piece of the statement that stands below the message.
_EXCERPT = re.compile(r"\n\s*\n\s*LINE \d+:.*", re.DOTALL)
_NUMBER = re.compile(r"\d{4,}")


def describe_error(error: Exception, lines: int = 1) -> str:
    """DuckDB's message without any value: its conversion errors quote what they could not read.

    Keeps the first line (or more, joined by a blank), with `…` for whatever stands between the
    first and the last quotation mark, and for long numbers.
    """
    text = _QUOTED.sub("…", _EXCERPT.sub("", str(error).strip()))
    kept = [line.strip() for line in text.splitlines() if line.strip()][:lines]
    return _NUMBER.sub("…", " ".join(kept)) or type(error).__name__
