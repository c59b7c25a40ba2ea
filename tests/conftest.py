"""The synthetic college that integration and end-to-end tests share, built once a session."""

from __future__ import annotations

import time
from datetime import date

import pytest

from warehouse.settings import Settings, load_settings

#: The day the test college is seen from. Nothing in it may depend on today.
AS_OF = date(2026, 11, 20)

#: Files that build colleges of their own, or need the site's, or sum up what such tests saw; about
#: half of the time of all tests.
_WHOLE_COLLEGE = (
    "test_mess.py",
    "test_site_my_data_axe.py",
    "test_site_people.py",
    "test_site_running.py",
)

_build_seconds: list[float] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests need Chromium; they fail rather than vanish where there is none."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
        if "college" in getattr(item, "fixturenames", ()) or item.path.name in _WHOLE_COLLEGE:
            item.add_marker(pytest.mark.whole_college)


@pytest.fixture(scope="session")
def college(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """1,000 students and 100 staff over two years: simulated, ingested, built, published.

    The path holds a space and Chinese characters on purpose. Tests may change state (roles,
    grants, sessions), never the lake or a release.
    """
    from warehouse.release import refresh
    from warehouse.simulate import simulate

    settings = load_settings(tmp_path_factory.mktemp("campus") / "学院 data")
    settings.paths.create()
    started = time.process_time()
    simulate(settings.paths, students=1000, staff=100, years=2, seed=7, as_of=AS_OF)
    report = refresh(settings)
    assert report.release is not None, report
    _build_seconds.append(time.process_time() - started)
    return settings


@pytest.fixture
def college_seconds(college: Settings) -> float:
    """Processor seconds that building the college took. Not the clock's: machines are shared."""
    return _build_seconds[0]
