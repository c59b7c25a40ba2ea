"""Microsoft SQL Server, through pymssql (FreeTDS inside its wheel).

Written from the driver's reference and tested without a server (docs/pull.md).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from warehouse.pull.dialects.dialect import Described, Dialect, Failure, first_line, offset_text
from warehouse.pull.sources import Source

__all__ = ["MSSQL", "freetds_configuration"]

#: The driver tells five kinds apart; a NUMBER may be an integer, a bit or a float.
_FAMILIES = {
    1: ("text", "text"), 2: ("bytes", "binary"), 3: ("number", "number"),
    4: ("timestamp", "datetime"), 5: ("decimal", "decimal"),
}  # fmt: skip
_LOGIN = {4060, 18452, 18456, 18470, 18486, 18487, 18488}
_TRANSIENT = {233, 1205, 3960, 10053, 10054, 10060, 10928, 10929, 20002, 20004, 20006, 20009,
              40197, 40501, 40613}  # fmt: skip
_LIMIT = {20003, 1222}
_WRITE = {3906}
_STATEMENT = {102, 156, 195, 201, 207, 208, 209, 229, 230, 262, 319, 1033, 1038, 1087, 2812, 3952,
              4104, 8120, 8155, 8156}  # fmt: skip


def freetds_configuration(source: Source) -> str:
    """FreeTDS takes the rules for certificates from a file only."""
    lines = ["[global]", "tds version = 7.4", "client charset = UTF-8"]
    if source.tls == "off":
        lines.append("encryption = off")
    else:
        lines.append("encryption = require")
    if source.tls in ("verify-ca", "verify-full"):
        lines.append(f"ca file = {source.tls_ca or 'system'}")
        check = "yes" if source.tls == "verify-full" else "no"
        lines.append(f"check certificate hostname = {check}")
    return "\n".join(lines) + "\n"


def _prepare(source: Source, folder: Path) -> None:
    file = folder / "freetds.conf"
    file.write_text(freetds_configuration(source), encoding="utf-8")
    os.environ["FREETDSCONF"] = str(file)


def _url(source: Source, password: str) -> URL:
    return URL.create(
        "mssql+pymssql", source.user, password, source.host, source.port, source.database
    )


def _connect_args(source: Source, password: str) -> dict[str, Any]:
    return {
        "login_timeout": max(1, int(source.connect_seconds)),
        "timeout": max(1, int(source.statement_seconds)),
        "appname": "campus pull",
        "use_datetime2": True,
    }


def _session(source: Source) -> list[str]:
    # NOCOUNT and XACT_ABORT: nothing but the rows comes back, and any error ends the transaction.
    return ["SET NOCOUNT ON", "SET XACT_ABORT ON", "SET DATEFORMAT ymd"]


#: SNAPSHOT where the database allows it, else REPEATABLE READ, which keeps read rows from changing.
_BEGIN = (
    "IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() "
    "AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT "
    "ELSE SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "BEGIN TRANSACTION",
)


def _clock(source: Source) -> str:
    return (
        "SELECT CONVERT(varchar(26), SWITCHOFFSET(SYSDATETIMEOFFSET(), "
        f"'{offset_text(source.offset)}'), 121)"
    )


def _describe(column: tuple[Any, ...]) -> Described:
    code = getattr(column[1], "value", column[1])
    family, name = _FAMILIES.get(int(code), ("other", f"type {code}"))
    return Described(column[0], family, name)


def _failure(error: BaseException) -> Failure:
    number, text = 0, str(error)
    if error.args and isinstance(error.args[0], int):
        number = error.args[0]
        held = error.args[1] if len(error.args) > 1 else ""
        text = held.decode("utf-8", "replace") if isinstance(held, bytes) else str(held)
    elif error.args and isinstance(error.args[0], tuple) and error.args[0]:
        return _failure(type(error)(*error.args[0]))
    # A refused login arrives as 'cannot connect' with the server's own number in the text.
    if any(f"message {found}" in text or f"({found}," in text for found in _LOGIN):
        return Failure(str(number), "login", _said(text))
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
    return Failure(str(number or ""), kind, _said(text))


def _said(text: str) -> str:
    """The first line that says something; the driver begins with numbers."""
    lines = [line for line in text.splitlines() if not line.startswith("DB-Lib error message")]
    return first_line("\n".join(lines) or text)


MSSQL = Dialect(
    name="mssql",
    driver="pymssql",
    package="pymssql",
    port=1433,
    url=_url,
    connect_args=_connect_args,
    session=_session,
    begin=_BEGIN,
    clock=_clock,
    describe=_describe,
    failure=_failure,
    # BEGIN TRANSACTION is ours: the level SNAPSHOT cannot be chosen inside a transaction.
    engine_options={"isolation_level": "AUTOCOMMIT"},
    prepare=_prepare,
    zoned_literal=True,
)
