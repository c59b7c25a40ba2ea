"""A PostgreSQL server of its own, on loopback, with the card rows and what a careful administrator
gives them: covering indexes on what the statements filter and group by, statistics, memory.

It runs as an unprivileged user in a folder of its own and is ended, and the folder removed, by
whoever started it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from warehouse.engine import open_work, quote, quote_text

__all__ = ["SETTINGS", "load", "postgresql"]

#: For two processors and 16 GB or more of memory; the rest is the server's default.
SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "default_statistics_target": "500",
    "max_wal_size": "16GB",
    # Loading ten times faster; no statement that is measured writes.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
}
_AT_CANTEENS = "where transaction_type = '消费' and merchant_kind = '餐饮'"
_CARD = "intermediate.int_life__meal_transaction"
#: Each statement finds all it reads of a card row in one of them, in the order in which it groups.
_INDEXES = (
    f"create index on {_CARD} (student_no, trade_date) "
    f"include (amount, meal_period, person_key) {_AT_CANTEENS}",
    f"create index on {_CARD} (canteen, meal_period, trade_date) include (amount) {_AT_CANTEENS}",
    f"create index on {_CARD} (traded_at) include (amount) {_AT_CANTEENS}",
    "create index on intermediate.int_people__student_history (student_no, valid_from, valid_to) "
    "include (college_code, major_code)",
    "create index on intermediate.int_statistics__student_census (period, student_no) "
    "include (college_code, major_code, on_date)",
    "create index on staging.stg_student_affairs__student_dorm_stay "
    "(student_no, check_in_date, check_out_date)",
)
#: Names of types in the statements that PostgreSQL spells otherwise.
_TYPES = ("create domain string as text", "create domain double as double precision")
_SPELLED = {"DOUBLE": "double precision", "TIMESTAMP": "timestamp", "VARCHAR": "text"}
_LOADED_AT_ONCE = 2_500_000


@contextmanager
def postgresql(folder: Path) -> Iterator[psycopg.Connection]:
    """A new server with an empty database `warehouse`, which the statements name, as its owner."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    who = _unprivileged()
    if who:
        os.chown(folder, who["user"], who["group"])
    port = _free_port()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    started: dict[str, Any] = {"cwd": folder, "env": environment, **who}
    data = str(folder / "data")
    subprocess.run(
        [_program("initdb"), "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, **started,
    )  # fmt: skip
    command = [_program("postgres"), "-D", data, "-p", str(port)]
    own = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **SETTINGS}
    for name, value in own.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **started)
    try:
        with _connected(port, "postgres", process, folder / "log") as first:
            first.execute("create database warehouse")
        with _connected(port, "warehouse", process, folder / "log") as connection:
            yield connection
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _connected(
    port: int, database: str, process: subprocess.Popen[bytes], log: Path
) -> psycopg.Connection:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            return psycopg.connect(
                host="127.0.0.1", port=port, user="owner", dbname=database, sslmode="disable",
                autocommit=True,
            )  # fmt: skip
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def load(
    connection: psycopg.Connection, cards: Path, tables: Sequence[str], view: str, folder: Path
) -> None:
    """The tables of the file `cards` in the order in which they lie there, indexed and analysed.
    `folder` is the server's, which may read what lies there."""
    for statement in _TYPES:
        connection.execute(statement)
    with open_work(cards, read_only=True, memory_limit="2GB") as source:
        source.execute("set preserve_insertion_order = true")
        for table in tables:
            schema, _ = table.split(".")
            columns = source.execute(f"describe {table}").fetchall()
            spelled = ", ".join(
                f"{quote(name)} {_SPELLED.get(kind, kind)}" for name, kind, *_ in columns
            )
            ((rows,),) = source.execute(f"select count(*) from {table}").fetchall()
            connection.execute(f"create schema if not exists {schema}")
            with connection.transaction():  # a table made in the transaction is loaded frozen
                connection.execute(f"create table {table} ({spelled})")
                for begin in range(0, max(rows, 1), _LOADED_AT_ONCE):
                    part = folder / "part.csv"
                    source.execute(
                        f"copy (from {table} limit {_LOADED_AT_ONCE} offset {begin}) "
                        f"to {quote_text(part)} (format csv, header false)"
                    )
                    part.chmod(0o644)
                    connection.execute(f"copy {table} from {quote_text(part)} (format csv, freeze)")
                    part.unlink()
    for statement in (*_INDEXES, view, "vacuum analyze"):
        connection.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise SystemExit(f"{name} is missing; run scripts/test-prerequisites.sh")
    return program


def _unprivileged() -> dict[str, Any]:
    """How to start a program as somebody who is not root: the server refuses to run as root."""
    if os.getuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known["postgres" if "postgres" in known else "nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
