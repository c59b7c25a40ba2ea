"""Whoever is not signed in reads the public file and nothing beside it (Article 20)."""

from __future__ import annotations

import pytest
from access_college import College, found_college
from release_fakes import FakeWarehouse, deliver, make_home

from warehouse.release import reader, refresh
from warehouse.release.figure_sheets import sheets_of

PUBLIC = ("/v1/public/statistics", "/v1/public/release")


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def test_the_public_routes_open_the_public_file_and_no_other(college, monkeypatch):
    opened: list[str] = []
    open_release = reader.open_release

    def noting(file, **more):
        opened.append(file.name)
        return open_release(file, **more)

    monkeypatch.setattr(reader, "open_release", noting)
    for path in PUBLIC:
        assert college.client.get(path).status_code == 200
    assert opened == ["public.duckdb"]


def test_public_figures_say_who_signed_though_every_other_file_is_gone(college):
    folder = college.settings.paths.releases / college.reader.release().id
    for file in folder.glob("*.duckdb"):
        if file.name != "public.duckdb":
            file.unlink()
    for path in PUBLIC:
        assert college.client.get(path).status_code == 200
    document = college.client.get(PUBLIC[0]).json()
    assert document["sign_offs"]["A2-17"] == {"2025": "unsigned", "2026-09-01": "running"}


def test_every_public_address_is_tried_here(college):
    paths = {route.path for route in college.client.app.routes}
    assert {path for path in paths if path.startswith("/v1/public/")} == set(PUBLIC)


def test_a_manifest_tells_the_sheets_of_its_figures(tmp_path):
    settings = make_home(tmp_path)
    deliver(settings, 40)
    with FakeWarehouse().installed():
        release = refresh(settings).release
    assert sheets_of(release.manifest) == []  # the fake's figures lack the columns of a sheet
    assert sheets_of({}) is None
