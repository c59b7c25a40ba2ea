"""The secret under which ID numbers are hashed: one for a data home, whole, and nobody else's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from warehouse.engine import open_work
from warehouse.errors import HomeError
from warehouse.home import Home
from warehouse.identity_key import create_identity_key, key_mark


def _keys(home: Home) -> list[tuple[str, str]]:
    with open_work() as connection:
        connection.execute("attach ':memory:' as w; use w")
        create_identity_key(connection, home)
        return connection.execute("select inner_key, outer_key from hub.identity_key").fetchall()


def test_a_home_has_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    home = Home(tmp_path / "数据")
    [(inner, outer)] = _keys(home)
    file = home.secrets / "identity.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in home.secrets.iterdir()] == ["identity.key"]
    assert inner != outer and file.read_text(encoding="ascii") not in (inner, outer)
    assert _keys(home) == [(inner, outer)]


def test_another_home_has_another_key_and_another_mark(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    assert _keys(one) != _keys(other)
    assert key_mark(one) == key_mark(one) != key_mark(other)
    assert key_mark(one) not in _keys(one)[0]


@pytest.mark.parametrize("content", ["", "zz", "ab" * 31])
def test_a_damaged_key_is_never_taken_for_one(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path)
    _keys(home)
    (home.secrets / "identity.key").write_text(content, encoding="ascii")
    with pytest.raises(HomeError, match="backup"):
        _keys(home)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    _keys(home)
    (home.secrets / "identity.key").chmod(0o644)
    with pytest.raises(HomeError, match="chmod 600"):
        _keys(home)
