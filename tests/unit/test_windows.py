"""When an item of annex 3 may be changed by hand, as its note says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from warehouse.authority import issued_authority, load_authority
from warehouse.authority.windows import Window, read_window
from warehouse.errors import AuthorityError
from warehouse.home import Home

WINTER = Window((12, 1))


def test_the_annex_states_one_window_by_month_and_the_rest_are_always_open():
    found = {item.code: read_window(item.note) for item in issued_authority().items}
    stated = {code: window for code, window in found.items() if window is not None}
    assert stated.pop("A3-34") == WINTER
    assert set(stated.values()) == {Window()}
    assert {f"A3-{n}" for n in (18, 19, 20, 21, 27, 28, 29, 37, 38, 39, 40)} == set(stated)


@pytest.mark.parametrize(
    ("day", "opens", "last"),
    [
        (date(2026, 11, 30), date(2026, 12, 1), None),
        (date(2026, 12, 1), None, date(2027, 1, 31)),
        (date(2027, 1, 31), None, date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 12, 1), None),
    ],
)
def test_a_window_over_the_turn_of_the_year(day: date, opens: date | None, last: date | None):
    assert WINTER.is_open(day) is (opens is None)
    assert WINTER.opens_on(day) == opens
    assert WINTER.last_day(day) == last


def test_a_window_within_a_year():
    spring = read_window("权限开放时间 3月至 5月")
    assert spring == Window((3, 5))
    assert [spring.is_open(date(2026, month, 15)) for month in (2, 3, 5, 6)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert spring.opens_on(date(2026, 6, 1)) == date(2027, 3, 1)
    assert spring.last_day(date(2026, 4, 1)) == date(2026, 5, 31)


@pytest.mark.parametrize("note", ["", "系统数据转换", "权限开放时间 冬季", "权限开放时间 0月—13月"])
def test_other_notes_state_no_window(note: str):
    assert read_window(note) is None


def test_a_window_changes_by_date_and_a_wrong_one_is_told(tmp_path: Path):
    home = Home(tmp_path)
    words = "effective: 2027-01-01, change: window, row: A3-34, document: 校政字"
    home.authority_file.write_text(f"changes:\n  - {{{words}, window: 权限开放时间 6月—7月}}\n")
    for day, months in ((date(2026, 12, 31), (12, 1)), (date(2027, 1, 1), (6, 7))):
        assert read_window(load_authority(day, home).item("A3-34").note) == Window(months)
    home.authority_file.write_text(f"changes:\n  - {{{words}, window: 夏天}}\n")
    with pytest.raises(AuthorityError, match="12月—1月"):
        load_authority(date(2027, 1, 1), home)
