"""What was it as reported last October, and what may anybody know: both pages in a browser, at
desktop and phone width, light and dark, and their figures against the releases."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator

import duckdb
import pytest
from earlier_scene import FIRST, REASON, make_a_past
from page_checks import sideways, violations
from site_harness import Running, settled

from dashboards import formats
from warehouse.release import current
from warehouse.settings import Settings, load_settings

_LOOKS = [(False, False), (False, True), (True, False), (True, True)]


@pytest.fixture(scope="module")
def home(college: Settings, people, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the college that has published before."""
    copy = load_settings(tmp_path_factory.mktemp("past") / "学院 past")
    shutil.copytree(college.paths.root, copy.paths.root)
    make_a_past(copy)
    return copy


@pytest.fixture(scope="module")
def site(home: Settings, serve_home) -> Iterator[Running]:
    with serve_home(home) as running:
        yield running


def figure(home: Settings, release: str, where: str, audience: str = "statistics") -> float:
    """A value as a release holds it, from a copy: the product reads the file itself."""
    file = home.paths.releases / release / f"{audience}.duckdb"
    copy = home.paths.root / f"{release}.{audience}.copy"
    shutil.copyfile(file, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        row = connection.execute(f"select value from indicator_value where {where}").fetchone()
    copy.unlink()
    return row[0]


_RATIO = "indicator = 'student_teacher_ratio' and period = '2025' and level = 'school'"


@pytest.mark.parametrize(("phone", "dark"), _LOOKS)
def test_what_was_reported_last_october_is_on_the_first_screen(site, home, enter, axe, phone, dark):
    page = enter(site, "leader", "/statistics", phone=phone, dark=dark)
    begun = time.monotonic()
    page.goto(f"{site.address}/earlier")
    said = settled(page)
    assert time.monotonic() - begun < 60
    then, now = (
        formats.figure(figure(home, release, _RATIO), "比值（x:1）")
        for release in (FIRST, current(home).id)
    )
    assert then != now
    assert f"当时公布 {then}，现在 {now}" in said
    assert REASON in said
    assert "10月31日公布的" in page.locator(".st-key-then input").first.input_value()
    assert violations(page, axe) == []
    assert sideways(page) <= 0
    page.locator(".st-key-story summary").first.click()
    told = settled(page)
    assert "第一次公布" in told and "签认" in told
    assert violations(page, axe) == [] and sideways(page) <= 0


def test_the_address_opens_the_same_comparison_and_english_is_english(site, enter):
    page = enter(site, "leader", "/statistics")
    page.goto(
        f"{site.address}/earlier?then=2025-12-31&unit=school&indicator=students_enrolled"
        "&year=2024&lang=en"
    )
    said = settled(page)
    assert "Defined otherwise now (formula)" in said or "unchanged since" in said
    assert "Defined then as: 在读学生人数" in said or "unchanged since" in said
    assert re.search("then=2025-12-31", page.url)
    page.goto(f"{site.address}/earlier?then=2024-10-15")
    assert "还没有发布过数据" in settled(page) or "Nothing had been published" in settled(page)


def test_nobody_else_opens_it(site, enter):
    page = enter(site, "student_a", "/overview")
    page.goto(f"{site.address}/earlier")
    assert "你不能打开这一页" in settled(page)


@pytest.mark.parametrize(("phone", "dark"), _LOOKS)
def test_anybody_reads_public_figures_with_their_definition(
    site, home, open_context, axe, phone, dark
):
    page = open_context(phone=phone, dark=dark).new_page()
    page.goto(f"{site.address}/public")
    said = settled(page)
    release = current(home).id
    where = "indicator = 'students_enrolled' and level = 'school'"
    students = figure(home, release, f"{where} order by as_of_date desc", "public")
    assert formats.figure(students, "人") in said
    for part in ("定义、出处和签认", "责任单位：", "出处：", "学籍状态"):
        assert part in said
    assert "签认" in said
    assert violations(page, axe) == []
    assert sideways(page) <= 0
