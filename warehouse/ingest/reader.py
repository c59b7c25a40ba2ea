"""The process that reads what only native code or an unpacker can read.

XLSX, Parquet, JSON Lines and archives are read by a child with limits on memory, processor time
and file size; it leaves a plain file of text columns behind. A file that crashes it, or makes it
ask for too much, is refused, and the next file gets a new child. Why: docs/adr/0008.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from warehouse.errors import FileRefused, IngestError
from warehouse.ingest.limits import Limits, unreadable

__all__ = ["Reader"]

_LONGEST_ANSWER = 4 << 20


class Reader:
    """One child for as many files as it survives; it starts with the first need."""

    def __init__(self, limits: Limits, *, memory_limit: str = "768MB", threads: int = 2) -> None:
        self.limits = limits
        self._engine = {"memory_limit": memory_limit, "threads": threads}
        self._child: subprocess.Popen[bytes] | None = None
        self._said: BinaryIO | None = None

    def read(self, kind: str, path: Path, work: Path, **arguments: Any) -> dict[str, Any]:
        """What the child found. Raises `FileRefused` as it says, or for its sudden end.

        The job goes to the child pickled; the answer comes back as JSON, because what a hostile
        file may have turned the child into is not to be unpickled.
        """
        child = self._start(work)
        job = (kind, path, work, arguments)
        try:
            assert child.stdin is not None
            child.stdin.write(base64.b64encode(pickle.dumps(job)) + b"\n")
            child.stdin.flush()
            line = self._answer()
            answer = json.loads(line) if line else None
        except (BrokenPipeError, ValueError):
            answer = None
        if not isinstance(answer, dict):
            raise unreadable(self._why_it_ended())
        if (refused := answer.get("refused")) is not None:
            raise FileRefused(
                refused["reason"],
                refused["message"],
                row_count=refused["row_count"],
                next_step=refused["next_step"],
            )
        if "failed" in answer:
            raise IngestError(
                f"A file could not be read for want of disk space ({answer['failed']}).",
                next_step="Free disk space, then run this again.",
            )
        return answer

    def close(self) -> None:
        if self._child is None:
            return
        if self._child.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.close()
        self._child.kill()
        self._child.wait()
        if self._said is not None:
            self._said.close()
        self._child = self._said = None

    def _start(self, work: Path) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        options = base64.b64encode(pickle.dumps((self.limits, self._engine))).decode()
        kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
        reading, writing = os.pipe()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "warehouse.ingest.reader_child", str(writing), options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(writing,),
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in kept if name in os.environ}
            | {"PYTHONPATH": os.pathsep.join(map(str, _import_path())), "PYTHONSAFEPATH": "1"},
        )
        os.close(writing)
        self._said = os.fdopen(reading, "rb", buffering=0)
        return self._child

    def _answer(self) -> bytes:
        """One line; empty at the child's end, or when it takes ten times the time it may."""
        assert self._said is not None
        found = bytearray()
        while not found.endswith(b"\n") and len(found) < _LONGEST_ANSWER:
            ready, _, _ = select.select([self._said], [], [], 10 * self.limits.seconds)
            if not ready:
                return b""
            piece = self._said.read(1 << 16)
            if not piece:
                return b""
            found += piece
        return bytes(found)

    def _why_it_ended(self) -> str:
        child = self._child
        try:
            code = child.wait(timeout=1) if child is not None else None
        except subprocess.TimeoutExpired:
            code = None
        self.close()
        if code == -signal.SIGXCPU:
            return "reading it takes more processor time than ingest_reader_seconds allows"
        return "it makes the reader fail; it is damaged, or asks for more memory than is allowed"


def _import_path() -> list[Path]:
    """Where the child finds this package, wherever it is started from."""
    return [Path(__file__).resolve().parents[2]]
