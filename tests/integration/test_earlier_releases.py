"""What a build takes from the releases before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.landed_rows import settings_in
from warehouse.engine import open_work
from warehouse.errors import SettingsError
from warehouse.release.earlier import create_suppressed_cells
from warehouse.settings import Settings, load_settings

OLDER, NEWER = "20261101T000000Z-00000001", "20261120T000000Z-00000002"


def _publish(settings: Settings, release: str, unit: str, *, marked: bool = True) -> None:
    folder = settings.paths.releases / release
    folder.mkdir(parents=True)
    for audience in ("public", "statistics"):
        connection = open_work(folder / f"{audience}.duckdb")
        mark = ", is_suppressed boolean" if marked else ""
        connection.execute(
            "create table indicator_value (indicator varchar, period varchar, level varchar, "
            f"unit varchar, value double{mark})"
        )
        rows = [("i", "2025", "college", unit, None, True)] if marked else []
        rows += [("i", "2025", "college", "shown", 9.0, False)] if marked else []
        for row in rows:
            connection.execute("insert into indicator_value values (?, ?, ?, ?, ?, ?)", list(row))
        connection.close()
    manifest = {"published_at": "2026-11-20T00:00:00+00:00", "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _cells(settings: Settings) -> list[tuple[str, ...]]:
    connection = open_work()
    try:
        create_suppressed_cells(connection, settings)
        create_suppressed_cells(connection, settings)  # a second build in the same file
        return connection.execute(
            "select audience, indicator, period, level, unit "
            "from earlier.suppressed_cell order by audience"
        ).fetchall()
    finally:
        connection.close()


def test_the_newest_release_hands_on_its_suppressed_cells_even_if_withdrawn(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert _cells(settings) == []
    _publish(settings, OLDER, "C1")
    _publish(settings, NEWER, "C2")
    settings.paths.current_release.write_text(OLDER + "\n", encoding="utf-8")
    assert _cells(settings) == [
        ("public", "i", "2025", "college", "C2"),
        ("statistics", "i", "2025", "college", "C2"),
    ]


def test_a_damaged_release_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    _publish(settings, OLDER, "C1")
    _publish(settings, NEWER, "C2")
    (settings.paths.releases / NEWER / "public.duckdb").write_bytes(b"no database")
    assert [(cell[0], cell[4]) for cell in _cells(settings)] == [
        ("public", "C1"),
        ("statistics", "C2"),
    ]


def test_a_release_without_the_mark_hands_on_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    _publish(settings, OLDER, "C1", marked=False)
    assert _cells(settings) == []


@pytest.mark.parametrize(
    ("name", "least"), [("public_minimum_cell", 10), ("statistics_minimum_cell", 5)]
)
def test_thresholds_go_upward_only(tmp_path: Path, name: str, least: int) -> None:
    assert getattr(load_settings(tmp_path, **{name: least + 5}), name) == least + 5
    with pytest.raises(SettingsError, match=name):
        load_settings(tmp_path, **{name: least - 1})
