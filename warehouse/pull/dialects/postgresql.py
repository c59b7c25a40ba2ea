"""PostgreSQL, through psycopg 3."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL

from warehouse.pull.dialects.dialect import Described, Dialect, Failure, first_line, offset_text
from warehouse.pull.sources import Source

__all__ = ["POSTGRESQL"]

#: Built-in types by OID (pg_type); what is not listed prints as text.
_FAMILIES = {
    16: "bool", 17: "bytes", 20: "int", 21: "int", 23: "int", 26: "int", 700: "float",
    701: "float", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "zoned", 1186: "time",
    1266: "time", 1700: "decimal",
}  # fmt: skip
#: Handed over as the server prints them: faster, and 'infinity', years before Christ and
#: behind 9999 reach the quarantine as a row instead of ending the pull.
_AS_TEXT = ("date", "timestamp", "timestamptz", "time", "timetz", "interval", "json", "jsonb")
_TRANSIENT = ("starting up", "shutting down", "too many", "remaining connection slots",
              "closed the connection", "connection reset", "timeout expired")  # fmt: skip
_LOGIN = ("authentication failed", "no password supplied", "pg_hba.conf", "not permitted to log in")


def _url(source: Source, password: str) -> URL:
    return URL.create(
        "postgresql+psycopg", source.user, password, source.host, source.port, source.database
    )


def _connect_args(source: Source, password: str) -> dict[str, Any]:
    milliseconds = int(source.statement_seconds * 1000)
    tls = {"sslmode": "disable" if source.tls == "off" else source.tls}
    if source.tls_ca:
        tls["sslrootcert"] = str(source.tls_ca)
    elif source.tls == "verify-full":
        tls["sslrootcert"] = "system"
    return {
        **tls,
        "connect_timeout": max(2, int(source.connect_seconds)),
        "application_name": "campus pull",
        "client_encoding": "utf8",
        "tcp_user_timeout": milliseconds,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
    }


def _session(source: Source) -> list[str]:
    # A fixed offset, not a place: summers of 1986 to 1991 had another hour in Shanghai.
    return [
        f"SET TIME ZONE INTERVAL '{offset_text(source.offset)}' HOUR TO MINUTE",
        "SET datestyle = 'ISO, YMD'",
        "SET intervalstyle = 'postgres'",
    ]


def _configure(connection: Any) -> None:
    from psycopg.types.string import TextLoader

    for name in _AS_TEXT:
        connection.adapters.register_loader(name, TextLoader)


def _describe(column: tuple[Any, ...]) -> Described:
    from psycopg import adapters

    known = adapters.types.get(column[1])
    name = known.name if known else f"type {column[1]}"
    if known is not None and known.oid != column[1]:
        return Described(column[0], "other", f"{name}[]")
    return Described(column[0], _FAMILIES.get(column[1], "text"), name)


def _failure(error: BaseException) -> Failure:
    from psycopg import DataError

    code = getattr(error, "sqlstate", None) or ""
    text = first_line(str(error))
    if code.startswith("28") or (not code and any(word in text for word in _LOGIN)):
        kind = "login"
    elif code == "57014":
        kind = "limit"
    elif code == "25006":
        kind = "write"
    elif code[:2] in ("08", "53", "57", "40") or (
        not code and any(word in text for word in _TRANSIENT)
    ):
        kind = "transient"
    elif code[:2] in ("42", "3D", "3F", "0A") or not (code or isinstance(error, DataError)):
        # Without a code it is the driver that speaks; of data it quotes what it cannot load.
        kind = "statement"
    else:
        kind = "other"
    return Failure(code, kind, text)


POSTGRESQL = Dialect(
    name="postgresql",
    driver="psycopg",
    package="psycopg",
    port=5432,
    url=_url,
    connect_args=_connect_args,
    session=_session,
    begin=(),
    clock=lambda source: "SELECT localtimestamp",
    describe=_describe,
    failure=_failure,
    engine_options={
        "isolation_level": "REPEATABLE READ",
        "execution_options": {"postgresql_readonly": True},
    },
    configure=_configure,
)
