"""The gateway as its own process: on its socket, for its owner, and nowhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from access_college import CLIENT, ISSUER, found_college

from warehouse.errors import HomeError
from warehouse.gateway.__main__ import bind_socket


def test_socket_and_its_folder_are_the_owners_alone(tmp_path: Path):
    path = tmp_path / "run" / "gateway.sock"
    listener = bind_socket(path)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    listener.close()


def test_stale_socket_is_replaced_and_a_live_one_is_not(tmp_path: Path):
    path = tmp_path / "run" / "gateway.sock"
    bind_socket(path).close()
    assert path.exists()
    second = bind_socket(path)
    with pytest.raises(HomeError, match="already"):
        bind_socket(path)
    second.close()


def test_file_in_the_way_is_left_alone(tmp_path: Path):
    path = tmp_path / "gateway.sock"
    path.write_text("mine")
    with pytest.raises(HomeError):
        bind_socket(path)
    assert path.read_text() == "mine"


def test_too_long_a_path_is_explained(tmp_path: Path):
    with pytest.raises(HomeError, match="shorter"):
        bind_socket(tmp_path / ("x" * 120) / "gateway.sock")


def test_process_serves_on_the_socket_and_leaves_no_trace(tmp_path: Path):
    college = found_college(tmp_path)
    path = tmp_path / "s" / "g.sock"
    environment = {
        **os.environ,
        "CAMPUS_SOCKET_PATH": str(path),
        "CAMPUS_OIDC_ISSUER": ISSUER,
        "CAMPUS_OIDC_CLIENT_ID": CLIENT,
    }
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.gateway", "--home", str(college.settings.paths.root)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://gateway") as client:
            _wait(client, process)
            assert client.get("/v1/public/release").json()["simulated"] is True
            assert client.get("/v1/me", params={"student_no": "S001"}).status_code == 401
        assert _listening_on_network(process.pid) == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) in {0, -signal.SIGTERM}
    finally:
        process.kill()
        process.wait()
        log.close()
    assert not path.exists()
    assert "S001" not in (tmp_path / "log").read_text()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the gateway ended"
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the gateway does not answer")


def _listening_on_network(pid: int) -> list[str]:
    held = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            held.add(str(entry.readlink()))
        except OSError:
            continue
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if f"socket:[{fields[9]}]" in held:
                found.append(line)
    return found


def test_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 424242)
    with pytest.raises(HomeError, match="somebody else"):
        bind_socket(tmp_path / "run" / "gateway.sock")


def test_unix_sockets_are_what_is_bound(tmp_path: Path):
    listener = bind_socket(tmp_path / "run" / "g.sock")
    assert listener.family == socket.AF_UNIX
    listener.close()
