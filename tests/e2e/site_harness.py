"""What the browser tests stand on: started commands, their logs, and reading a page."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Page

from warehouse.cli.demo_people import DemoAccount
from warehouse.settings import Settings

HERE = Path(__file__).resolve().parent
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Mobile Safari/537.36"
)
CHROMIUM = os.environ.get("CAMPUS_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Running:
    """A started site: its address, how one signs in there, and its logs."""

    address: str
    people: dict[str, DemoAccount]
    sign_in: Callable[[Page, DemoAccount], None]
    logs: list[Path] = field(default_factory=list)

    def log_text(self) -> str:
        return "\n".join(
            log.read_text(encoding="utf-8", errors="replace") for log in self.logs if log.exists()
        )


class Command:
    """A child of the test that is ended at its end."""

    def __init__(self, arguments: list[str], log: Path, *, given: str = "", **more: object) -> None:
        self.log = log
        with log.open("ab") as opened:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=opened, stderr=subprocess.STDOUT, **more
            )
        self.process.stdin.write(given.encode())
        self.process.stdin.close()

    def wait_for(self, ready: Callable[[], bool], seconds: float = 90) -> None:
        limit = time.monotonic() + seconds
        while not ready():
            said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {said}"
            assert time.monotonic() < limit, f"not ready: {said}"
            time.sleep(0.2)

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return httpx.get(url, timeout=3, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    return ask


def serve(settings: Settings, log: Path, *arguments: str, **environment: str) -> Command:
    """`campus serve` over a data home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAMPUS_")}
    return Command(
        [
            sys.executable,
            "-m",
            "warehouse",
            "--home",
            str(settings.paths.root),
            "serve",
            *arguments,
        ],
        log,
        env={**kept, **environment},
    )


def heading(page: Page) -> str:
    """The page's heading, once it is there."""
    found = page.locator(".c-head h1").first
    found.wait_for()
    return found.inner_text()


def settled(page: Page) -> str:
    """All text of the page once it has stopped running and its text has stopped changing: a page
    that moves on to another one, or is drawn piece by piece, is not read half-way."""
    main = page.locator("[data-testid=stMain]")
    before, limit = None, time.monotonic() + 30
    while time.monotonic() < limit:
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        now = main.inner_text()
        if now and now == before and page.locator("[data-testid=stSkeleton]").count() == 0:
            return now
        before = now
        page.wait_for_timeout(200)
    raise AssertionError(f"the page does not come to rest: {page.url}")
