"""MySQL and MariaDB, through PyMySQL."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import URL

from warehouse.pull.dialects.dialect import (
    Described,
    Dialect,
    Failure,
    first_line,
    offset_text,
    tls_context,
)
from warehouse.pull.sources import Source

__all__ = ["MARIADB", "MYSQL"]

#: Types of the wire protocol. 249 to 254 are texts or bytes: the value tells.
_FAMILIES = {
    0: ("decimal", "decimal"), 1: ("int", "tinyint"), 2: ("int", "smallint"), 3: ("int", "int"),
    4: ("float", "float"), 5: ("float", "double"), 7: ("timestamp", "timestamp"),
    8: ("int", "bigint"), 9: ("int", "mediumint"), 10: ("date", "date"), 11: ("time", "time"),
    12: ("timestamp", "datetime"), 13: ("int", "year"), 14: ("date", "date"), 16: ("bit", "bit"),
    246: ("decimal", "decimal"), 255: ("bytes", "geometry"),
}  # fmt: skip
_LOGIN = {1044, 1045, 1130, 1131, 1251, 1698, 3118, 3159, 4151}
_TRANSIENT = {1040, 1053, 1203, 1205, 1213, 1927, 2002, 2003, 2006, 2013, 2014}
_LIMIT = {1317, 1969, 3024}
_WRITE = {1290, 1792, 1836}
_STATEMENT = {
    1046, 1049, 1052, 1054, 1060, 1064, 1103, 1109, 1142, 1143, 1146, 1227, 1248, 1305, 1356, 1370,
}  # fmt: skip


def _url(source: Source, password: str) -> URL:
    return URL.create(
        "mysql+pymysql",
        source.user,
        None,
        source.host,
        source.port,
        source.database,
        {"charset": "utf8mb4"},
    )


def _connect_args(source: Source, password: str) -> dict[str, Any]:
    tls = {"ssl_disabled": True} if source.tls == "off" else {"ssl": tls_context(source)}
    return {
        **tls,
        "connect_timeout": max(1, int(source.connect_seconds)),
        # For each answer, the greeting included.
        "read_timeout": int(source.statement_seconds),
        "write_timeout": int(source.statement_seconds),
        "local_infile": False,
        "program_name": "campus pull",
        # As bytes: a text would have to be Latin-1.
        "password": password.encode(),
    }


def _session(source: Source) -> list[str]:
    return [
        f"SET SESSION time_zone = '{offset_text(source.offset)}'",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SET SESSION TRANSACTION READ ONLY",
        # A slow disk of ours must not make the server give up on us.
        "SET SESSION net_write_timeout = 600",
    ]


def _mysql_session(source: Source) -> list[str]:
    limit = int(source.total_seconds * 1000)
    return [*_session(source), f"SET SESSION max_execution_time = {limit}"]


def _mariadb_session(source: Source) -> list[str]:
    return [*_session(source), f"SET SESSION max_statement_time = {int(source.total_seconds)}"]


def _describe(column: tuple[Any, ...]) -> Described:
    family, name = _FAMILIES.get(column[1], ("text", "text"))
    return Described(column[0], family, name)


def _failure(error: BaseException) -> Failure:
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    text = first_line(str(error.args[1])) if number and len(error.args) > 1 else ""
    kind = "other"
    for name, numbers in (
        ("login", _LOGIN),
        ("transient", _TRANSIENT),
        ("limit", _LIMIT),
        ("write", _WRITE),
        ("statement", _STATEMENT),
    ):
        if number in numbers:
            kind = name
    return Failure(str(number or ""), kind, text)


MYSQL = Dialect(
    name="mysql",
    driver="pymysql",
    package="pymysql",
    port=3306,
    url=_url,
    connect_args=_connect_args,
    session=_mysql_session,
    begin=("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",),
    clock=lambda source: "SELECT now(6)",
    describe=_describe,
    failure=_failure,
    engine_options={},
)
MARIADB = dataclasses.replace(MYSQL, name="mariadb", session=_mariadb_session)
