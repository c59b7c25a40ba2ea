"""Runs the gateway on its Unix socket: `python -m warehouse.gateway [--home DIR]`.

The folder of the socket is open to its owner alone, and so is the socket. It never listens on
the network.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import stat
import sys
from pathlib import Path

import uvicorn

from warehouse.errors import CampusError, HomeError
from warehouse.gateway.app import create_app
from warehouse.settings import load_settings

__all__ = ["bind_socket", "main"]


def bind_socket(path: Path) -> socket.socket:
    """A listening Unix socket, 0600 in a folder of 0700; a stale one is replaced.

    Raises `HomeError` where another gateway listens there, where the folder is another's, or
    where something that is no socket lies in the way.
    """
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        raise HomeError(
            f"The folder of the gateway's socket ({folder}) belongs to somebody else.",
            next_step="Choose another with CAMPUS_SOCKET_PATH.",
        )
    folder.chmod(0o700)
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise HomeError(
            f"The gateway cannot listen at {path} ({error.strerror or 'path too long'}).",
            next_step="Choose a shorter path, 107 bytes at most, with CAMPUS_SOCKET_PATH.",
        ) from None
    finally:
        os.umask(before)
    path.chmod(0o600)
    listener.listen(128)
    return listener


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise HomeError(f"{path} is in the way and is no socket.", next_step="Move it away.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise HomeError(
        f"A gateway listens at {path} already.", next_step="End it first, or use that one."
    )


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal ends it. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m warehouse.gateway", description=__doc__)
    parser.add_argument("--home", type=Path, default=None, help="data home; default CAMPUS_HOME")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    os.umask(0o077)
    try:
        settings = load_settings(chosen.home)
        settings.paths.require()
        app = create_app(settings)
        listener = bind_socket(settings.gateway_socket)
    except CampusError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    # uvicorn hands a signal on when it has shut down; end in order then, not by the signal.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    try:
        # No access log: an address may bear what somebody typed.
        server = uvicorn.Server(
            uvicorn.Config(
                app, access_log=False, log_level="warning", server_header=False, lifespan="on"
            )
        )
        server.run(sockets=[listener])
    finally:
        listener.close()
        settings.gateway_socket.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
