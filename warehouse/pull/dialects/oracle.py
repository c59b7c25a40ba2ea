"""Oracle Database, through python-oracledb in its thin mode (no client libraries).

Written from the driver's reference and tested without a server (docs/pull.md).
"""

from __future__ import annotations

import re
from pathlib import Path
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

__all__ = ["ORACLE"]

_FAMILIES = {
    "DB_TYPE_BINARY_DOUBLE": "float", "DB_TYPE_BINARY_FLOAT": "float",
    "DB_TYPE_BINARY_INTEGER": "int", "DB_TYPE_BOOLEAN": "bool", "DB_TYPE_BFILE": "bytes",
    "DB_TYPE_BLOB": "bytes", "DB_TYPE_RAW": "bytes", "DB_TYPE_LONG_RAW": "bytes",
    "DB_TYPE_CHAR": "text", "DB_TYPE_CLOB": "text", "DB_TYPE_LONG": "text",
    "DB_TYPE_LONG_NVARCHAR": "text", "DB_TYPE_NCHAR": "text", "DB_TYPE_NCLOB": "text",
    "DB_TYPE_NVARCHAR": "text", "DB_TYPE_VARCHAR": "text", "DB_TYPE_ROWID": "text",
    "DB_TYPE_UROWID": "text", "DB_TYPE_XMLTYPE": "text",
    # Oracle's DATE holds a time of day; at midnight it is written as a date.
    "DB_TYPE_DATE": "timestamp", "DB_TYPE_TIMESTAMP": "timestamp",
    # The driver hands both out as the session's local time, which `session` sets.
    "DB_TYPE_TIMESTAMP_LTZ": "timestamp", "DB_TYPE_TIMESTAMP_TZ": "zoned",
    "DB_TYPE_INTERVAL_DS": "time", "DB_TYPE_INTERVAL_YM": "other",
}  # fmt: skip
_LOGIN = {1005, 1017, 1045, 28000, 28001, 28002, 28009}
_TRANSIENT = {28, 1033, 1034, 1089, 1555, 3113, 3114, 3135, 12153, 12170, 12516, 12519, 12520,
              12528, 12537, 12541, 12543, 12545, 12547, 12560, 12570, 12571}  # fmt: skip
_LIMIT = {1013, 40, 3136}
_WRITE = {1456, 16000, 14551}
_STATEMENT = {900, 903, 904, 906, 907, 911, 918, 923, 933, 936, 942, 955, 1031, 2289,
              12505, 12514}  # fmt: skip


def _url(source: Source, password: str) -> URL:
    return URL.create(
        "oracle+oracledb",
        source.user,
        password,
        source.host,
        source.port,
        None,
        {"service_name": source.database},
    )


def _connect_args(source: Source, password: str) -> dict[str, Any]:
    tls: dict[str, Any] = {}
    if source.tls != "off":
        tls = {
            "ssl_context": tls_context(source),
            "ssl_server_dn_match": source.tls == "verify-full",
        }
    host = f"[{source.host}]" if ":" in source.host else source.host
    protocol = "tcp" if source.tls == "off" else "tcps"
    return {
        **tls,
        # In place of the address that SQLAlchemy makes: that one names TCP, and an address
        # outweighs the argument `protocol`, so that TLS would silently not be used.
        "dsn": f"{protocol}://{host}:{source.port}/{source.database}",
        "tcp_connect_timeout": float(source.connect_seconds),
        "retry_count": 0,
        "expire_time": 1,
    }


def _prepare(source: Source, folder: Path) -> None:
    import oracledb

    oracledb.defaults.fetch_decimals = True
    oracledb.defaults.fetch_lobs = False


def _session(source: Source) -> list[str]:
    return [f"ALTER SESSION SET TIME_ZONE = '{offset_text(source.offset)}'"]


def _describe(column: tuple[Any, ...]) -> Described:
    name, type_code, *_, scale, _nullable = column[:7]
    label = getattr(type_code, "name", str(type_code))
    family = _FAMILIES.get(label, "other")
    if label == "DB_TYPE_NUMBER":
        # Without a declared precision (0 here) any number may stand there.
        family = "int" if scale == 0 and column[4] else "decimal"
    return Described(name, family, label.removeprefix("DB_TYPE_").lower())


def _failure(error: BaseException) -> Failure:
    held = error.args[0] if error.args else error
    full = getattr(held, "full_code", "") or ""
    text = first_line(getattr(held, "message", "") or str(error))
    if not full and (found := re.match(r"(ORA|DPY)-\d+", text)):
        full = found[0]
    number = int(full[4:]) if full.startswith("ORA-") and full[4:].isdigit() else -1
    kind = "other"
    for name, numbers in (
        ("statement", _STATEMENT),
        ("login", _LOGIN),
        ("transient", _TRANSIENT),
        ("limit", _LIMIT),
        ("write", _WRITE),
    ):
        if number in numbers:
            kind = name
    if full.startswith(("DPY-6", "DPY-4011", "DPY-1001")):
        kind = "transient"
    elif full == "DPY-4024":
        kind = "limit"
    return Failure(full, kind, text)


ORACLE = Dialect(
    name="oracle",
    driver="oracledb",
    package="oracledb",
    port=1521,
    url=_url,
    connect_args=_connect_args,
    session=_session,
    begin=("SET TRANSACTION READ ONLY",),
    clock=lambda source: "SELECT localtimestamp FROM dual",
    describe=_describe,
    failure=_failure,
    engine_options={},
    prepare=_prepare,
)
