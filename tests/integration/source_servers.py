"""Real PostgreSQL and MariaDB servers of the system's packages, for one test session.

They run as an unprivileged user, in temporary folders, on ports of loopback that were free, and
are ended by the session that started them.
"""

from __future__ import annotations

import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pymysql
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SECRET = "geheim-密码-4711"
"Password of the reading user; no output of anything may hold it."
READER = "campus_reader"


@dataclass(frozen=True)
class Server:
    """`run` executes statements as the owner of the data."""

    dialect: str
    port: int
    folder: Path

    def connect(self) -> Any:
        if self.dialect == "postgresql":
            return psycopg.connect(
                host="127.0.0.1", port=self.port, user="owner", dbname="campus", sslmode="disable"
            )
        return pymysql.connect(
            unix_socket=str(self.folder / "s"), user="owner", database="campus", charset="utf8mb4"
        )

    def run(self, *statements: str) -> None:
        connection = self.connect()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.commit()
        connection.close()


def make_certificates(folder: Path, who: dict[str, Any]) -> None:
    """ca.pem, server.pem and server.key of an authority that exists for one test session, and
    other.pem of one that signed nothing. The server's name is 127.0.0.1."""
    for name in ("ca", "other"):
        key, certificate = _certificate(f"test authority {name}", None)
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        if name == "ca":
            server_key, server = _certificate("127.0.0.1", (key, certificate))
    (folder / "server.pem").write_bytes(server.public_bytes(Encoding.PEM))
    private = folder / "server.key"
    private.touch(mode=0o600)
    private.write_bytes(
        server_key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    if who:
        os.chown(private, who["user"], who["group"])


def _certificate(name: str, issuer: Any) -> Any:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        address = x509.IPAddress(ipaddress.ip_address(name))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _program(name: str, *places: str) -> str:
    for place in places:
        found = sorted(Path("/").glob(f"{place}/{name}"))
        if found:
            return str(found[-1])
    found_there = shutil.which(name)
    assert found_there, f"{name} is missing; run scripts/test-prerequisites.sh"
    return found_there


def _unprivileged(*names: str) -> dict[str, Any]:
    """How to start a program as somebody who is not root."""
    if os.getuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in (*names, "nobody") if name in known)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _folder(who: dict[str, Any]) -> Iterator[Path]:
    # Not below pytest's folder, which only root may enter; short, for the socket's name.
    folder = Path(tempfile.mkdtemp(prefix="campus-db-", dir="/tmp"))
    if who:
        os.chown(folder, who["user"], who["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            server.connect().close()
            return
        except (psycopg.OperationalError, pymysql.err.OperationalError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def _running(
    command: list[str], who: dict[str, Any], server: Server, stop: signal.Signals
) -> Iterator[None]:
    log = server.folder / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdout=sink, stderr=sink, cwd=server.folder, env=_environment(server), **who
        )
    try:
        _wait(server, process, log)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(server: Server) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(server.folder), "LC_ALL": "C.UTF-8"}


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Server]:
    """`durable` forces commits to the disk, as a server that is in use does."""
    places = ("usr/lib/postgresql/*/bin",)
    who = _unprivileged("postgres")
    with _folder(who) as folder:
        server = Server("postgresql", free_port(), folder)
        make_certificates(folder, who)
        subprocess.run(
            [_program("initdb", *places), "-D", folder / "data", "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, env=_environment(server), **who,
        )  # fmt: skip
        (folder / "data" / "pg_hba.conf").write_text(
            f"host all {READER} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        )
        command = [
            _program("postgres", *places), "-D", str(folder / "data"), "-p", str(server.port),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", f"fsync={'on' if durable else 'off'}", "-c", "shared_buffers=32MB",
            "-c", "timezone=UTC",
            "-c", "ssl=on", "-c", f"ssl_cert_file={folder / 'server.pem'}",
            "-c", f"ssl_key_file={folder / 'server.key'}",
        ]  # fmt: skip
        # The owner's database does not exist yet: waiting asks for 'campus', so make it first.
        with _running_until_asked(command, who, server):
            yield server


@contextmanager
def _running_until_asked(command: list[str], who: dict[str, Any], server: Server) -> Iterator[None]:
    maker = _First(server.dialect, server.port, server.folder)
    with _running(command, who, maker, signal.SIGINT):
        with maker.connect() as connection:
            connection.autocommit = True
            for statement in (
                "CREATE ROLE owner SUPERUSER LOGIN",
                "CREATE DATABASE campus OWNER owner",
                f"CREATE ROLE {READER} LOGIN PASSWORD '{SECRET}'",
            ):
                connection.execute(statement)
        server.run(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {READER}")
        yield


class _First(Server):
    """The new server as its superuser."""

    def connect(self) -> Any:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", sslmode="disable"
        )


@contextmanager
def mariadb() -> Iterator[Server]:
    who = _unprivileged("mysql", "postgres")
    with _folder(who) as folder:
        server = Server("mariadb", free_port(), folder)
        make_certificates(folder, who)
        begin = folder / "begin.sql"
        begin.write_text(
            "CREATE DATABASE campus CHARACTER SET utf8mb4;\n"
            "CREATE USER owner@localhost IDENTIFIED BY '';\n"
            "GRANT ALL ON *.* TO owner@localhost;\n"
            f"CREATE USER {READER}@'127.0.0.1' IDENTIFIED BY '{SECRET}';\n"
            f"GRANT ALL ON campus.* TO {READER}@'127.0.0.1';\n",
            encoding="utf-8",
        )
        subprocess.run(
            [_program("mariadb-install-db", "usr/bin"), "--no-defaults",
             f"--datadir={folder / 'data'}", "--auth-root-authentication-method=normal",
             "--skip-test-db", "--skip-name-resolve"],
            check=True, capture_output=True, cwd=folder, env=_environment(server), **who,
        )  # fmt: skip
        command = [
            _program("mariadbd", "usr/sbin"), "--no-defaults", f"--datadir={folder / 'data'}",
            f"--port={server.port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}", f"--init-file={begin}", "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
            "--character-set-server=utf8mb4", "--skip-log-bin", "--default-time-zone=+00:00",
            f"--ssl-cert={folder / 'server.pem'}", f"--ssl-key={folder / 'server.key'}",
        ]  # fmt: skip
        with _running(command, who, server, signal.SIGTERM):
            yield server
