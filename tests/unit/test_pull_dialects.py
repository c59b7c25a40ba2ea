"""Addresses, statements, types and errors of each database, as far as they need no server."""

from __future__ import annotations

import ssl
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import oracledb
import psycopg
import pymssql
import pymysql
import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql
from sqlalchemy.exc import DataError, StatementError
from sqlalchemy.pool import NullPool

from warehouse.contracts import Column, Table
from warehouse.errors import PullError
from warehouse.pull.dialects import DIALECTS, Described
from warehouse.pull.dialects.mssql import freetds_configuration
from warehouse.pull.reading import _explain, open_database, statement_of
from warehouse.pull.sources import Source, TableSource
from warehouse.pull.structure import plan_columns

SECRET = "geheim:密@码/%"
TABLE = Table(
    "hr", "person", "人", "", ("no",), "event", "o", "L3",
    (Column("no", "string", "号"), Column("pay", "decimal(14,2)", "薪"),
     Column("born", "date", "生日"), Column("seen_at", "timestamp", "见"),
     Column("is_in", "bool", "在"), Column("age", "int", "岁")),
)  # fmt: skip
DECLARED = TableSource(TABLE, "hr.person", None, columns={"BH": "no"})
DESCRIBED = [
    Described("BH", "text", "varchar"), Described("PAY", "decimal", "number"),
    Described("BORN", "timestamp", "date"), Described("SEEN_AT", "zoned", "timestamptz"),
    Described("IS_IN", "number", "number"), Described("AGE", "int", "int"),
    Described("EXTRA", "bytes", "blob"),
]  # fmt: skip


def source(dialect: str, **changes: object) -> Source:
    values = {"tables": (DECLARED,), "password_env": "X", "tls": "off"} | changes
    port = values.pop("port", DIALECTS[dialect].port)
    return Source("hr", dialect, "127.0.0.1", port, "campus", "reader", **values)  # type: ignore[arg-type]


def connect_arguments(dialect: str, **changes: object) -> dict:
    """What the driver would be called with, by SQLAlchemy's own dialect."""
    found = source(dialect, **changes)
    kind = DIALECTS[dialect]
    engine = create_engine(kind.url(found, SECRET), poolclass=NullPool, **kind.engine_options)
    positional, keywords = engine.dialect.create_connect_args(engine.url)
    assert not positional
    return {**keywords, **kind.connect_args(found, SECRET)}


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("postgresql", {"host": "127.0.0.1", "port": 5432, "dbname": "campus", "user": "reader",
                        "password": SECRET, "sslmode": "disable", "connect_timeout": 10}),
        ("mysql", {"host": "127.0.0.1", "port": 3306, "database": "campus", "user": "reader",
                   "password": SECRET.encode(), "charset": "utf8mb4", "ssl_disabled": True}),
        ("mssql", {"host": "127.0.0.1:1433", "database": "campus", "user": "reader",
                   "password": SECRET, "login_timeout": 10, "timeout": 300}),
        ("oracle", {"user": "reader", "password": SECRET, "tcp_connect_timeout": 10.0,
                    "retry_count": 0}),
    ],
)  # fmt: skip
def test_driver_is_called_with_what_was_declared(dialect, expected):
    found = connect_arguments(dialect)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(("tls", "protocol"), [("off", "tcp"), ("require", "tcps"),
                                              ("verify-full", "tcps")])  # fmt: skip
def test_oracle_is_asked_for_the_service_by_name_over_what_was_declared(tls, protocol):
    found = connect_arguments("oracle", tls=tls)
    known = oracledb.ConnectParams(tcp_connect_timeout=found["tcp_connect_timeout"])
    known.parse_connect_string(found["dsn"])
    assert (known.protocol, known.host, known.port) == (protocol, "127.0.0.1", 1521)
    assert (known.service_name, known.tcp_connect_timeout) == ("campus", 10.0)


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "oracle"])
@pytest.mark.parametrize(
    ("tls", "mode", "names"),
    [
        ("require", ssl.CERT_NONE, False),
        ("verify-ca", ssl.CERT_REQUIRED, False),
        ("verify-full", ssl.CERT_REQUIRED, True),
    ],
)
def test_tls_checks_as_much_as_was_declared(dialect, tls, mode, names):
    found = connect_arguments(dialect, tls=tls)
    context = found.get("ssl") or found["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (mode, names)


def test_tls_of_postgresql_trusts_the_systems_authorities_or_the_named_one():
    assert connect_arguments("postgresql", tls="verify-full")["sslrootcert"] == "system"
    named = connect_arguments("postgresql", tls="verify-ca", tls_ca=Path("/ca.pem"))
    assert (named["sslmode"], named["sslrootcert"]) == ("verify-ca", "/ca.pem")


@pytest.mark.parametrize(
    ("tls", "lines"),
    [
        ("off", ["encryption = off"]),
        ("require", ["encryption = require"]),
        ("verify-ca", ["ca file = /ca.pem", "check certificate hostname = no"]),
        ("verify-full", ["encryption = require", "check certificate hostname = yes"]),
    ],
)
def test_tls_of_sql_server_is_written_for_freetds(tls, lines):
    text = freetds_configuration(source("mssql", tls=tls, tls_ca=Path("/ca.pem")))
    assert set(lines) <= set(text.splitlines())
    assert ("ca file" in text) == tls.startswith("verify")


@pytest.mark.parametrize(
    ("dialect", "quoted"),
    [
        (postgresql.dialect(), '"BH"'),
        (mysql.dialect(), "`BH`"),
        (oracle.dialect(), '"BH"'),
        (mssql.dialect(), "[BH]"),
    ],
)
def test_statement_names_its_columns_as_the_database_quotes_them(dialect, quoted):
    declared = TableSource(
        TABLE, None, "SELECT * FROM p -- all", "incremental", "SEEN_AT", timedelta(hours=1),
        columns={"BH": "no"},
    )  # fmt: skip
    plan = plan_columns(declared, DESCRIBED)
    statement = statement_of(dialect.identifier_preparer, plan, declared, "x")
    assert statement.startswith(f"SELECT q.{quoted}, ")
    assert "-- all\n) q WHERE" in statement and statement.endswith(" IS NULL")
    assert "EXTRA" not in statement
    assert "WHERE" not in statement_of(dialect.identifier_preparer, plan, declared, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("postgresql", []),
        ("mariadb", ["CONSISTENT SNAPSHOT", "READ ONLY"]),
        ("mysql", ["CONSISTENT SNAPSHOT", "READ ONLY"]),
        ("oracle", ["SET TRANSACTION READ ONLY"]),
        ("mssql", ["SNAPSHOT", "BEGIN TRANSACTION"]),
    ],
)
def test_transaction_is_consistent_and_reads_only(name, words):
    dialect = DIALECTS[name]
    begin = " ".join(dialect.begin)
    assert all(word in begin for word in words)
    if not words:
        assert dialect.engine_options["isolation_level"] == "REPEATABLE READ"
        assert dialect.engine_options["execution_options"] == {"postgresql_readonly": True}
    if name != "mssql":
        assert any("+08:00" in line for line in dialect.session(source(name)))
    else:
        assert "'+08:00'" in dialect.clock(source(name))


def _oracle(type_code, precision=None, scale=None):
    return ("C", type_code, None, None, precision, scale, True)


@pytest.mark.parametrize(
    ("dialect", "column", "family"),
    [
        ("oracle", _oracle(oracledb.DB_TYPE_NUMBER, 10, 0), "int"),
        ("oracle", _oracle(oracledb.DB_TYPE_NUMBER, 14, 2), "decimal"),
        ("oracle", _oracle(oracledb.DB_TYPE_NUMBER, 0, -127), "decimal"),
        ("oracle", _oracle(oracledb.DB_TYPE_BINARY_DOUBLE), "float"),
        ("oracle", _oracle(oracledb.DB_TYPE_DATE), "timestamp"),
        ("oracle", _oracle(oracledb.DB_TYPE_TIMESTAMP_TZ), "zoned"),
        ("oracle", _oracle(oracledb.DB_TYPE_NVARCHAR), "text"),
        ("oracle", _oracle(oracledb.DB_TYPE_CLOB), "text"),
        ("oracle", _oracle(oracledb.DB_TYPE_BLOB), "bytes"),
        ("oracle", _oracle(oracledb.DB_TYPE_RAW), "bytes"),
        ("mssql", ("c", pymssql.STRING, *[None] * 5), "text"),
        ("mssql", ("c", pymssql.BINARY, *[None] * 5), "bytes"),
        ("mssql", ("c", pymssql.NUMBER, *[None] * 5), "number"),
        ("mssql", ("c", pymssql.DATETIME, *[None] * 5), "timestamp"),
        ("mssql", ("c", pymssql.DECIMAL, *[None] * 5), "decimal"),
        ("mysql", ("c", pymysql.constants.FIELD_TYPE.NEWDECIMAL, *[None] * 5), "decimal"),
        ("mysql", ("c", pymysql.constants.FIELD_TYPE.DOUBLE, *[None] * 5), "float"),
        ("mariadb", ("c", pymysql.constants.FIELD_TYPE.VAR_STRING, *[None] * 5), "text"),
        ("postgresql", ("c", 1700, *[None] * 5), "decimal"),
        ("postgresql", ("c", 1184, *[None] * 5), "zoned"),
        ("postgresql", ("c", 17, *[None] * 5), "bytes"),
        ("postgresql", ("c", 1009, *[None] * 5), "other"),
        ("postgresql", ("c", 999999, *[None] * 5), "text"),
    ],
)
def test_type_of_the_driver_is_known_for_what_it_holds(dialect, column, family):
    assert DIALECTS[dialect].describe(column).family == family


def test_columns_are_matched_and_faults_are_said_together():
    assert [chosen.target for chosen in plan_columns(DECLARED, DESCRIBED).columns] == list(
        TABLE.column_names
    )
    wrong = [
        Described("BH", "float", "double precision"), Described("PAY", "float", "real"),
        Described("born", "bool", "boolean"), Described("IS_IN", "text", "text"),
        Described("seen_at", "int", "bigint"), Described("SEEN_AT ", "text", "text"),
    ]  # fmt: skip
    with pytest.raises(PullError, match="Article 7") as caught:
        plan_columns(DECLARED, wrong)
    said = caught.value.message
    for words in ("BH (for no) is double precision", "pay is real", "decimal(14,2)",
                  "born is boolean", "seen_at is bigint", "age is missing"):  # fmt: skip
        assert words in said
    assert "is_in" not in said.lower()


def test_watermark_and_overlap_must_be_of_one_kind():
    for watermark, overlap in (("AGE", timedelta(hours=1)), ("SEEN_AT", 5), ("EXTRA", 5)):
        declared = TableSource(
            TABLE, "t", None, "incremental", watermark, overlap, columns={"BH": "no"}
        )
        with pytest.raises(PullError, match="watermark"):
            plan_columns(declared, DESCRIBED)


class _OracleError:
    def __init__(self, code: str) -> None:
        self.full_code, self.message = code, f"{code}: words"


@pytest.mark.parametrize(
    ("dialect", "error", "kind"),
    [
        ("mysql", pymysql.err.OperationalError(1045, "Access denied"), "login"),
        ("mysql", pymysql.err.OperationalError(2013, "Lost connection"), "transient"),
        ("mysql", pymysql.err.ProgrammingError(1146, "no table"), "statement"),
        ("mariadb", pymysql.err.OperationalError(1969, "max_statement_time"), "limit"),
        ("mariadb", pymysql.err.InternalError(1792, "read only"), "write"),
        ("mysql", pymysql.err.DataError(1292, "Incorrect value: '张三'"), "other"),
        ("oracle", oracledb.DatabaseError(_OracleError("ORA-01017")), "login"),
        ("oracle", oracledb.DatabaseError(_OracleError("ORA-00942")), "statement"),
        ("oracle", oracledb.DatabaseError(_OracleError("ORA-03113")), "transient"),
        ("oracle", oracledb.DatabaseError(_OracleError("DPY-6005")), "transient"),
        ("oracle", oracledb.DatabaseError(_OracleError("DPY-4024")), "limit"),
        ("oracle", oracledb.DatabaseError(_OracleError("ORA-01456")), "write"),
        ("mssql", pymssql.OperationalError(18456, b"Login failed"), "login"),
        ("mssql", pymssql.OperationalError((20009, b"TDS server unavailable")), "transient"),
        ("mssql", pymssql.ProgrammingError(208, b"Invalid object name"), "statement"),
        ("mssql", pymssql.OperationalError(20003, b"timed out"), "limit"),
        ("mssql", pymssql.ProgrammingError(229, b"SELECT permission denied"), "statement"),
        ("oracle", oracledb.DatabaseError(_OracleError("ORA-01722")), "other"),
    ],
)
def test_error_of_the_driver_is_known_for_what_it_means(dialect, error, kind):
    assert DIALECTS[dialect].failure(error).kind == kind


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_source_that_is_down_is_said_to_be_so_whatever_it_is(dialect):
    with (
        pytest.raises(PullError, match=r"nobody answers at \w+ 127\.0\.0\.1:1/campus") as caught,
        open_database(source(dialect, port=1, connect_seconds=2.0), SECRET),
    ):
        pass
    assert caught.value.reason == "unreachable" and caught.value.retry
    assert SECRET not in str(caught.value)


def test_bound_is_written_as_the_database_compares_it():
    from datetime import datetime

    from warehouse.pull.reading import Database
    from warehouse.pull.structure import Plan

    moment = datetime(2026, 3, 1, 8, 30)
    zoned = Plan((), Described("t", "zoned", "datetimeoffset"))
    day = Plan((), Described("t", "date", "date"))
    number = Plan((), Described("n", "decimal", "number"))
    server = Database(source("mssql"), None)  # type: ignore[arg-type]
    assert server.low(zoned, moment) == "2026-03-01 08:30:00 +08:00"
    assert server.low(day, moment) == moment.date()
    assert server.low(number, Decimal("7")) == 7
    assert server.low(number, Decimal("7.5")) == Decimal("7.5")
    assert Database(source("oracle"), None).low(zoned, moment) == moment  # type: ignore[arg-type]


def test_what_driver_or_sqlalchemy_say_of_a_value_is_left_out():
    said = "can't parse date '测试者'"
    for error in (
        DataError("SELECT 1", None, psycopg.DataError(said)),
        StatementError(said, "SELECT 1", None, ValueError(said)),
    ):
        told = _explain(error, source("postgresql"), "hr/person")
        assert "测试者" not in str(told) and told.reason == "statement"
