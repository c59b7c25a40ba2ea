"""A running site over the shared college, a browser, and people who sign in.

Two providers take turns: the demo's own, and a certified one under Node. Every process writes
into a file, so that a test can look for what must not be there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from site_harness import (
    CHROMIUM,
    HERE,
    PHONE,
    QUIET,
    Command,
    Running,
    answers,
    free_port,
    heading,
    serve,
)

from warehouse.cli.demo_people import DemoAccount, bind_former, prepare_demo
from warehouse.release import current
from warehouse.settings import Settings, load_settings

# Machines that run tests are shared: a page that needs ten seconds there is slow, not wrong.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def people(college: Settings) -> dict[str, DemoAccount]:
    """The demo's accounts by role; the analyst has a grant."""
    return {account.role: account for account in prepare_demo(college)}


@contextmanager
def serving_demo(home: Settings, people: dict[str, DemoAccount], log: Path) -> Iterator[Running]:
    """`campus serve --demo`, ended at the end."""
    port, provider_port = free_port(), free_port()
    command = serve(home, log, "--demo", "--port", str(port), "--provider-port", str(provider_port))
    address = f"http://127.0.0.1:{port}"

    def sign_in(page: Page, account: DemoAccount) -> None:
        page.locator(f"button[name=sub][value='{account.number}']").click()

    try:
        command.wait_for(answers(f"{address}/healthz"))
        logs = [home.paths.logs / f"{name}.log" for name in ("provider", "gateway", "site")]
        left = bind_former(home, f"http://127.0.0.1:{provider_port}")
        known = people | {account.role: account for account in left}
        yield Running(address, known, sign_in, [log, *logs])
    finally:
        assert command.end() == 0


@pytest.fixture(scope="session")
def demo(
    college: Settings, people: dict[str, DemoAccount], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The demo over the shared college."""
    with serving_demo(college, people, tmp_path_factory.mktemp("demo") / "serve.log") as running:
        yield running


@pytest.fixture(scope="module")
def copied_demo(
    college: Settings, people: dict[str, DemoAccount], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The demo over a copy, for what the college's next refresh would take in."""
    place = tmp_path_factory.mktemp("copied")
    home = load_settings(place / "学院 copy")
    shutil.copytree(college.paths.root, home.paths.root)
    with serving_demo(home, people, place / "serve.log") as running:
        yield running


@pytest.fixture(scope="session")
def certified(
    college: Settings, people: dict[str, DemoAccount], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """`campus serve` as in production, with a certified provider whose subject is not the
    person number."""
    folder = HERE / "oidc"
    if not (folder / "node_modules" / "oidc-provider").is_dir():
        subprocess.run(
            ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    port, provider_port = free_port(), free_port()
    place = tmp_path_factory.mktemp("certified")
    address, issuer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{provider_port}"
    given = {
        "port": provider_port,
        "clientId": "campus-site",
        "clientSecret": "a-secret-between-site-and-provider",
        "redirectUris": [f"{address}/oauth2callback"],
        "claim": "employee_number",
        "accounts": [
            {"sub": f"u-{n}-{account.role}", "number": account.number, "name": account.name}
            for n, account in enumerate(people.values())
        ]
        + [{"sub": "u-stranger", "number": "0000000000", "name": "外人"}],
    }
    provider = Command(
        ["node", "provider.mjs"], place / "provider.log", given=json.dumps(given), cwd=folder
    )
    command = None

    def sign_in(page: Page, account: DemoAccount) -> None:
        page.locator("input[name=number]").fill(account.number)
        page.locator("button[type=submit]").click()

    try:
        provider.wait_for(answers(f"{issuer}/.well-known/openid-configuration"))
        command = serve(
            college,
            place / "serve.log",
            "--port",
            str(port),
            CAMPUS_OIDC_ISSUER=issuer,
            CAMPUS_OIDC_CLIENT_ID="campus-site",
            CAMPUS_OIDC_CLIENT_SECRET="a-secret-between-site-and-provider",
            CAMPUS_OIDC_PERSON_CLAIM="employee_number",
            CAMPUS_SOCKET_PATH=str(place / "gateway" / "g.sock"),
        )
        command.wait_for(answers(f"{address}/healthz"))
        logs = [college.paths.logs / f"{name}.log" for name in ("gateway", "site")]
        yield Running(
            address, people, sign_in, [place / "provider.log", place / "serve.log", *logs]
        )
    finally:
        if command is not None:
            assert command.end() == 0
        provider.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """One context per person; all are closed at the end of the test."""
    opened: list[BrowserContext] = []

    def make(*, phone: bool = False, dark: bool = False) -> BrowserContext:
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = chromium.new_context(
            viewport=size,
            locale="zh-CN",
            color_scheme="dark" if dark else "light",
            **({"user_agent": PHONE, "has_touch": True, "is_mobile": True} if phone else {}),
        )
        context.set_default_timeout(30_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def enter(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Open a page of a site as somebody: through the button, the provider, and back."""

    def entered(site: Running, role: str, path: str = "/overview", **look: bool) -> Page:
        page = open_context(**look).new_page()
        page.goto(site.address + path)
        page.locator(".st-key-sign_in button").click()
        site.sign_in(page, site.people[role])
        page.wait_for_url(re.compile(re.escape(site.address) + r"/(?!oauth2callback|auth)\w+"))
        heading(page)
        return page

    return entered


@pytest.fixture(scope="session")
def axe() -> str:
    source = HERE / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        subprocess.run(
            ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=HERE / "axe",
            check=True,
            capture_output=True,
        )
    return source.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def personal(
    college: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was released of people, to know what each person must and must not see. A copy: a test
    may look where the product may not, and one process may open a file in one way only."""
    copy = tmp_path_factory.mktemp("personal") / "personal.duckdb"
    shutil.copyfile(current(college).file("personal"), copy)
    connection = duckdb.connect(str(copy), read_only=True)
    yield connection
    connection.close()
