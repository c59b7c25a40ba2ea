"""A source that is down, slow, changed or wrong is named, and delays nobody else."""

from __future__ import annotations

import contextlib
import fcntl
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
import tds_listener
from pull_sources import (
    CONTRACTS,
    declare,
    entry,
    entry_table,
    make_home,
    only,
    read,
    run,
    source,
)
from source_servers import SECRET, make_certificates
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.contracts import Contracts, Source
from warehouse.pull import pull
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry, PullMark, PullRun

ROW = "INSERT INTO entry VALUES ('1', 1, NULL, true, 1, '2026-03-01 08:00:00', NULL)"
_PERSON = '[sources.{id}.tables.entry]\nfrom = "entry"\n'


@pytest.fixture
def settings(tmp_path):
    return make_home(tmp_path)


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Accepts every connection and never says a word."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        held = []

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    held.append(listener.accept()[0])

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            thread.join()
            for connection in held:
                connection.close()


def copies(*ids: str) -> Contracts:
    """Contracts in which several sources hold the table of fees."""
    from dataclasses import replace

    (table,) = [item for item in CONTRACTS if item.name == "entry"]
    return Contracts(tuple(Source(id, id, id, "o", (replace(table, source=id),)) for id in ids))


def everything_kept(settings) -> bytes:
    return b"".join(
        path.read_bytes()
        for path in settings.paths.root.rglob("*")
        if path.is_file() and path.parent != settings.paths.secrets
    )


def test_source_that_is_down_or_hangs_delays_nobody_else(settings, postgresql):
    postgresql.run(*entry_table(postgresql), ROW)
    ids = ("down", "pg_hangs", "my_hangs", "ora_hangs", "ms_hangs", "good")
    lines: list[str] = []
    landed_after: dict[str, float] = {}

    def watch_command_lines() -> None:
        while not done.wait(0.3):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    lines.append(" ".join(child.cmdline()))

    with silent_server() as port:
        declare(
            settings,
            source(None, "down", _PERSON.format(id="down"), attempts=2),
            *(
                source(None, id, _PERSON.format(id=id), dialect=dialect, port=port,
                       connect_seconds=1)
                for id, dialect in (("pg_hangs", "postgresql"), ("my_hangs", "mysql"),
                                    ("ora_hangs", "oracle"), ("ms_hangs", "mssql"))
            ),
            source(postgresql, "good", _PERSON.format(id="good")),
            parallel=6,
        )  # fmt: skip
        done = threading.Event()
        watcher = threading.Thread(target=watch_command_lines)
        watcher.start()
        begun = time.monotonic()
        try:
            report = pull(
                settings,
                contracts=copies(*ids),
                progress=lambda place, *_: landed_after.setdefault(place, time.monotonic() - begun),
            )
        finally:
            done.set()
            watcher.join()
    assert [result.source for result in report.tables] == list(ids)
    by = {result.source: result for result in report.tables}
    assert by["good"].result == "pulled"
    assert (by["down"].reason, by["down"].attempts) == ("unreachable", 2)
    assert "campus pull down" in by["down"].next_step
    for id in ids[1:5]:
        assert by[id].reason in ("silent", "unreachable"), by[id]
        assert f"127.0.0.1:{port}" in by[id].message and by[id].next_step
        assert landed_after[f"{id}/entry"] - landed_after["good/entry"] < 30
    assert {by["ora_hangs"].reason, by["my_hangs"].reason} == {"silent"}
    assert lines and not any(SECRET in line for line in lines), "the secret is in a process list"
    assert SECRET not in json.dumps(report.to_json(), ensure_ascii=False)


def test_refused_login_is_not_tried_again_and_shows_no_secret(settings, server):
    wrong = "falsch-geheim-0815"
    (settings.paths.secrets / "reader").write_text(wrong)
    declare(settings, source(server, "fees", entry(), attempts=3))
    failed = only(run(settings))
    assert (failed.reason, failed.attempts) == ("login", 1), failed
    assert "campus_reader" in failed.message and "locked" in failed.next_step
    assert wrong not in repr(failed)
    assert wrong.encode() not in everything_kept(settings)


def test_tls_is_used_and_the_servers_certificate_checked(settings, server):
    asked = (
        "(SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid())"
        if server.dialect == "postgresql"
        else "(SELECT variable_value FROM information_schema.session_status "
        "WHERE variable_name = 'Ssl_version')"
    )
    query = (
        f"SELECT {asked} AS entry_no, 1.0 AS amount, CAST(NULL AS date) AS paid_at, "
        "CAST(NULL AS char(4)) AS is_final, 1 AS seq"
    )
    tables = f'[sources.fees.tables.entry]\nquery = "{query}"'

    def pulled(**options):
        declare(settings, source(server, "fees", tables, **options))
        return only(run(settings))

    trusted = {"tls": "verify-full", "tls_ca": str(server.folder / "ca.pem")}
    assert read(settings, pulled(**trusted))[0]["entry_no"].startswith("TLSv1")
    strange = pulled(tls="verify-ca", tls_ca=str(server.folder / "other.pem"))
    assert strange.reason == "unreachable" and "TLS" in strange.next_step, strange
    # The certificate is for 127.0.0.1: another name of the same machine is not it.
    assert pulled(**trusted, host="localhost").reason == "unreachable"
    assert read(settings, pulled(tls="require", host="localhost"))[0]["entry_no"].startswith("TLS")


def test_server_without_tls_gets_no_login(settings):
    """A MariaDB greeting that offers no TLS, as somebody in between would send it."""
    body = (
        b"\x0a10.11.0\0" + b"\1\0\0\0" + b"saltsalt\0" + b"\xff\xf7" + b"\x2d\x02\0"
        + b"\x0f\x80\x15" + b"\0" * 10 + b"saltsaltsalt\0" + b"mysql_native_password\0"
    )  # fmt: skip
    heard: list[bytes] = []

    def greet(listener: socket.socket) -> None:
        connection = listener.accept()[0]
        connection.settimeout(10)
        connection.sendall(len(body).to_bytes(3, "little") + b"\0" + body)
        with contextlib.suppress(OSError):
            heard.append(connection.recv(4096))
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        declare(
            settings,
            source(None, "fees", entry(), dialect="mariadb", port=port, tls="require"),
        )
        failed = only(run(settings))
        thread.join(20)
    assert failed.result == "failed" and "SSL" in failed.message, failed
    assert heard in ([b""], [b"\1\0\0\1\1"]), "neither name nor password was sent"


@pytest.mark.parametrize(
    ("tls", "authority", "host", "is_trusted"),
    [
        ("verify-full", "ca.pem", "127.0.0.1", True),
        ("verify-full", "other.pem", "127.0.0.1", False),
        ("verify-full", "ca.pem", "localhost", False),
        ("verify-ca", "ca.pem", "localhost", True),
        ("require", None, "localhost", True),
    ],
)
def test_oracle_gets_no_word_before_its_certificate_is_checked(
    settings, tmp_path, tls, authority, host, is_trusted
):
    """A listener with TLS that hears the first packet and hangs up."""
    make_certificates(tmp_path, {})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    heard = []

    def listen(listener: socket.socket) -> None:
        connection = listener.accept()[0]
        connection.settimeout(10)
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
            heard.append(tls.recv(4096))
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, args=(listener,))
        thread.start()
        options = {"tls_ca": str(tmp_path / authority)} if authority else {}
        port = listener.getsockname()[1]
        declare(
            settings,
            source(
                None, "fees", entry(), dialect="oracle", host=host, port=port, tls=tls, **options
            ),
        )
        failed = only(run(settings))
        thread.join(20)
    assert failed.result == "failed"
    assert any(heard) == is_trusted, (failed, heard)


@pytest.mark.parametrize(
    ("tls", "authority", "host", "has_tls", "is_trusted"),
    [
        ("verify-full", "ca.pem", "127.0.0.1", True, True),
        ("verify-full", "other.pem", "127.0.0.1", True, False),
        ("verify-full", "ca.pem", "localhost", True, False),
        ("verify-ca", "ca.pem", "localhost", True, True),
        ("require", None, "127.0.0.1", True, True),
        ("require", None, "127.0.0.1", False, False),
        ("off", None, "127.0.0.1", False, True),
    ],
)
def test_sql_server_gets_no_login_before_its_certificate_is_checked(
    settings, tmp_path, tls, authority, host, has_tls, is_trusted
):
    make_certificates(tmp_path, {})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # TDS 7 ends its handshake inside packets
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = (listener, context if has_tls else None, heard)
        thread = threading.Thread(target=tds_listener.listen, args=arguments)
        thread.start()
        options = {"tls_ca": str(tmp_path / authority)} if authority else {}
        port = listener.getsockname()[1]
        declare(
            settings,
            source(
                None, "fees", entry(), dialect="mssql", host=host, port=port, tls=tls, **options
            ),
        )
        failed = only(run(settings))
        thread.join(20)
    assert failed.result == "failed"
    logins = [said for said in heard if said[:1] == b"\x10"]
    assert bool(logins) == is_trusted, (failed, heard)


def test_changed_structure_stops_its_table_only(settings, server):
    server.run(
        "DROP TABLE IF EXISTS entry",
        "CREATE TABLE entry (entry_no varchar(9), amount double precision, paid_at varchar(30), "
        "is_final boolean, seq_ int)",
    )
    declare(
        settings,
        source(
            server, "fees", entry('mode = "incremental"\nwatermark = "gone_at"\noverlap = "1h"')
        ),
    )
    failed = only(run(settings))
    assert failed.reason == "structure"
    for words in ("fees/entry", "seq is missing", "gone_at (watermark) is missing",
                  "amount is", "decimal(18,4)"):  # fmt: skip
        assert words in failed.message
    assert "Article 7" in failed.next_step
    assert not list(settings.paths.inbox.rglob("*.csv"))


def test_query_that_writes_is_refused_by_the_server(settings, server):
    server.run(*entry_table(server), ROW)
    if server.dialect == "postgresql":
        server.run(
            "CREATE OR REPLACE FUNCTION sly() RETURNS text LANGUAGE sql AS "
            "$$ DELETE FROM entry RETURNING entry_no $$"
        )
    else:
        server.run(
            "DROP FUNCTION IF EXISTS sly",
            "CREATE FUNCTION sly() RETURNS varchar(9) MODIFIES SQL DATA BEGIN "
            "DELETE FROM entry; RETURN '9'; END",
        )
    query = (
        "SELECT sly() AS entry_no, amount, paid_at, is_final, seq FROM "
        "(SELECT 1.0 AS amount, CAST(NULL AS date) AS paid_at, 1 AS is_final, 1 AS seq) s"
    )
    if server.dialect == "postgresql":
        query = query.replace("1 AS is_final", "true AS is_final")
    declare(settings, source(server, "fees", f'[sources.fees.tables.entry]\nquery = "{query}"'))
    failed = only(run(settings))
    assert failed.reason == "statement"
    assert "tries to change the source" in failed.message
    declare(settings, source(server, "fees", entry()))
    assert read(settings, only(run(settings))), "nothing was deleted"


def test_error_that_may_quote_a_value_is_told_without_it(settings, postgresql):
    query = (
        "SELECT 'n' AS entry_no, CAST(v AS numeric) AS amount, NULL::date AS paid_at, "
        "true AS is_final, 1 AS seq FROM (VALUES ('张三的工资')) s(v)"
    )
    declare(settings, source(postgresql, "fees", f'[sources.fees.tables.entry]\nquery = "{query}"'))
    failed = only(run(settings))
    assert failed.reason == "statement" and "22P02" in failed.message
    assert "张三" not in repr(failed)
    declare(settings, source(postgresql, "fees", entry(table="nowhere")))
    assert "nowhere" in only(run(settings)).message


def test_bytes_are_refused_by_row_and_column(settings, mariadb):
    """A BLOB looks like a text until its values come."""
    mariadb.run(
        "DROP TABLE IF EXISTS entry",
        "CREATE TABLE entry (entry_no blob, amount decimal(9,2), paid_at datetime, "
        "is_final bit(1), seq int)",
        "INSERT INTO entry VALUES ('geheimes', 1, NULL, b'1', 1)",
    )
    declare(settings, source(mariadb, "fees", entry()))
    failed = only(run(settings))
    assert failed.reason == "value"
    assert "Row 1" in failed.message and "entry_no" in failed.message
    assert "geheimes" not in repr(failed)
    assert not list(settings.paths.inbox.rglob("*.*"))
    mariadb.run("ALTER TABLE entry MODIFY entry_no text")
    assert read(settings, only(run(settings)))[0]["is_final"] == "true"


def test_statement_and_whole_pull_have_their_limits(settings, postgresql):
    query = (
        "SELECT pg_sleep(60)::text AS entry_no, 1.0 AS amount, NULL::date AS paid_at, "
        "true AS is_final, 1 AS seq"
    )
    tables = f'[sources.fees.tables.entry]\nquery = "{query}"'
    declare(settings, source(postgresql, "fees", tables, statement_seconds=1))
    failed = only(run(settings))
    assert failed.reason == "silent" and "limit" in failed.message
    declare(settings, source(postgresql, "fees", tables, total_seconds=3, attempts=5))
    begun = time.monotonic()
    failed = only(run(settings))
    assert time.monotonic() - begun < 20
    assert failed.reason == "silent" and "3 s" in failed.message


def test_two_pulls_of_one_source_do_not_meet(settings, postgresql):
    declare(settings, source(postgresql, "fees", entry()))
    with (settings.paths.work / "pull-fees.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert only(run(settings)).reason == "busy"


def test_every_attempt_is_kept_and_a_failure_moves_no_mark(settings, postgresql):
    postgresql.run(*entry_table(postgresql), ROW)
    declare(settings, source(postgresql, "fees", entry()))
    assert only(run(settings)).result == "pulled"
    declare(settings, source(None, "fees", entry()))
    assert only(run(settings)).result == "failed"
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        runs = opened.query(PullRun).order_by(PullRun.id).all()
        assert [(item.result, item.reason, item.rows) for item in runs] == [
            ("pulled", None, 1),
            ("failed", "unreachable", None),
        ]
        (mark,) = opened.query(PullMark).all()
        assert (mark.table_name, mark.rows) == ("entry", 1)
        told = opened.query(AuditEntry).where(AuditEntry.action == "pull.run")
        noted = [json.loads(entry.detail) for entry in told.order_by(AuditEntry.seq)]
    engine.dispose()
    assert [(item["table"], item["result"], item["reason"], item["rows"]) for item in noted] == [
        ("entry", "pulled", None, 1),
        ("entry", "failed", "unreachable", None),
    ]


UNIT = """
[sources.hr_management.tables.org_unit]
query = '''SELECT 'U1' AS unit_code'''
"""


def invoke(settings, *arguments: str):
    return CliRunner().invoke(build_app(), ["--home", str(settings.paths.root), *arguments])


def test_command_ends_with_1_and_names_each_failure(settings):
    declare(settings, source(None, "hr_management", UNIT))
    result = invoke(settings, "pull", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["tables"][0]["reason"] == "unreachable"
    assert "not pulled: hr_management (org_unit)" in result.stderr
    assert "→ Check that the database runs" in result.stderr
    assert SECRET not in result.output


def test_wrong_file_ends_with_2_and_lists_everything(settings):
    declare(settings, source(None, "hr_management", UNIT, port=0, tls="no"))
    found = invoke(settings, "pull").exception
    assert found.exit_code == 2 and len(found.problems) == 2
    declare(settings, source(None, "hr_management", UNIT))
    unknown = invoke(settings, "pull", "finance").exception
    assert unknown.exit_code == 2 and "hr_management" in unknown.next_step


def test_doctor_tells_drivers_file_and_secrets(settings):
    declare(settings, source(None, "hr_management", UNIT))
    found = {row["subject"]: row for row in json.loads(invoke(settings, "doctor", "--json").stdout)}
    assert found["psycopg"]["level"] == "ok" and found["oracledb"]["level"] == "ok"
    assert found["sources.toml"]["message"] == "1 source(s), 1 table(s)"
    (settings.paths.secrets / "reader").chmod(0o644)
    declare(settings, source(None, "hr_management", UNIT))
    found = {row["subject"]: row for row in json.loads(invoke(settings, "doctor", "--json").stdout)}
    assert found["secret of hr_management"]["level"] == "problem"
    declare(settings, "[sources.hr_management]\n")
    found = {row["subject"]: row for row in json.loads(invoke(settings, "doctor", "--json").stdout)}
    assert found["sources.toml"]["level"] == "problem"
