"""The models' documentation is one page that needs nothing else, served on this machine only."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from warehouse.errors import HomeError
from warehouse.lineage import build_pages, serve_pages
from warehouse.settings import Settings, load_settings


def test_pages_show_models_owners_and_readers_and_fetch_nothing(college: Settings, tmp_path: Path):
    page = build_pages(college, tmp_path / "lineage.html").read_text(encoding="utf-8")
    written = json.dumps("人事处")[1:-1]  # the page's data are JSON in ASCII
    for known in ("fct_enrolment", "stg_hr_management__staff_basic", "page_statistics", written):
        assert known in page
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']https?:", page) == []


def test_pages_are_served_at_one_address_only(college: Settings):
    with serve_pages(college, 0) as address:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address) as answer:
            assert "fct_enrolment" in answer.read().decode()
        with pytest.raises(HTTPError, match="404"):
            urlopen(address + "../state.db")


def test_without_a_build_there_is_nothing_to_document(tmp_path: Path):
    settings = load_settings(tmp_path)
    settings.paths.create()
    with pytest.raises(HomeError, match="working file"):
        build_pages(settings)
