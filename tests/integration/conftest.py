"""Servers that tests share: source databases of the pull, and PostgreSQL as state database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import source_servers
import state_servers


@pytest.fixture(scope="session")
def postgresql() -> Iterator[source_servers.Server]:
    with source_servers.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[source_servers.Server]:
    with source_servers.mariadb() as server:
        yield server


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> source_servers.Server:
    """Each of the two, with the tables of a test gone afterwards."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The setting `state_url` of an empty state database, on each engine."""
    if request.param == "sqlite":
        yield None
        return
    with state_servers.empty_database(request.getfixturevalue("postgresql")) as url:
        yield url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test of these modules runs on both engines; the module itself need not know."""
    if metafunc.module.__name__ in state_servers.ON_BOTH:
        metafunc.parametrize("state_on", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def state_on(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The state database of every data home that a test opens, as an administrator sets it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield
        return
    with state_servers.migrated_database(request.getfixturevalue("postgresql")) as url:
        monkeypatch.setenv("CAMPUS_STATE_URL", url)
        yield
