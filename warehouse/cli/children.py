"""Processes that `campus serve` starts, watches and ends together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx

from warehouse.errors import CampusError

__all__ = ["Children", "answers", "inherited_environment"]

#: What any child needs of the parent's environment; all else is given by name or not at all.
_INHERITED = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def inherited_environment() -> dict[str, str]:
    """The few variables of this process that a child gets."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def answers(url: str) -> Callable[[], bool]:
    """A test for `Children.wait`: whether the address answers with success."""

    def ask() -> bool:
        try:
            return httpx.get(url, timeout=2.0, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    return ask


def _end_with_parent() -> None:
    # A parent that is killed cannot end its children; the kernel does. Linux only, else no harm.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


class Children:
    """Starts children, waits until they are ready, and ends all when one ends or on a signal.

    Each writes into its own file `<name>.log` in `logs`, readable by the owner alone.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        given: bytes = b"",
    ) -> None:
        """Start `python -m …`; `given` is what it reads from standard input."""
        self._logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.log(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env={**inherited_environment(), **environment},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the parent, which ends its children in order.
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self._running[name] = child
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(given)  # type: ignore[union-attr]
            child.stdin.close()  # type: ignore[union-attr]

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def wait(self, name: str, ready: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Return once `ready` says yes. Raises `CampusError` when a child ends or time is up."""
        limit = time.monotonic() + seconds
        while not ready():
            if self._stopping:
                return
            self._check()
            if time.monotonic() > limit:
                raise CampusError(
                    f"The {name} did not answer within {seconds:.0f} s.",
                    next_step=f"Look into {self.log(name)}",
                )
            time.sleep(0.15)

    def watch(self) -> None:
        """Return when a signal came. Raises `CampusError` when a child ends by itself."""
        while not self._stopping:
            self._check()
            time.sleep(0.3)

    def stop(self, *_signal: object) -> None:
        """Ask `wait` and `watch` to return; also a signal handler."""
        self._stopping = True

    def end(self, *, seconds: float = 10.0) -> None:
        """End all children, the last started first; kill what does not end in time."""
        for child in reversed(self._running.values()):
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        limit = time.monotonic() + seconds
        for child in self._running.values():
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._running.clear()

    def _check(self) -> None:
        for name, child in self._running.items():
            if child.poll() is not None:
                raise CampusError(
                    f"The {name} ended with exit code {child.returncode}.{self._last_words(name)}",
                    next_step=f"Look into {self.log(name)}",
                )

    def _last_words(self, name: str) -> str:
        lines = self.log(name).read_text(encoding="utf-8", errors="replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        return f" It said: {said[-1][:400]}" if said else ""
