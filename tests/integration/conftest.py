"""Source databases that the tests of pulling share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import source_servers


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
