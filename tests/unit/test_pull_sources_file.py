"""sources.toml: every problem at once, with its key, and no secret in any of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse.contracts import Column, Contracts, Source, Table
from warehouse.errors import PullError, SourcesError
from warehouse.home import Home
from warehouse.pull.secret import read_secret
from warehouse.pull.sources_file import load_sources

_COLUMNS = (Column("no", "string", "号"), Column("name", "string", "名"))
CONTRACTS = Contracts(
    (
        Source(
            "hr", "S01", "人事", "hr_office",
            (
                Table("hr", "person", "人", "", ("no",), "snapshot", "o", "L3", _COLUMNS),
                Table("hr", "move", "动", "", ("no",), "event", "o", "L3", _COLUMNS),
            ),
        ),
    )
)  # fmt: skip

GOOD = """
[sources.hr]
dialect = "oracle"
host = "hr.example.edu.cn"
database = "HRDB"
user = "reader"
password_env = "HR_PASSWORD"

[sources.hr.tables.person]
from = "人事.V_STAFF"
columns = { "工号" = "no", XM = "name", GXSJ = "source_updated_at" }

[sources.hr.tables.move]
query = "SELECT * FROM moves;"
mode = "incremental"
watermark = "id"
overlap = 500
deleted_flag = "sc"
deleted_values = ["D"]
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def problems(home: Home, text: str) -> list[str]:
    (home.root / "sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load_sources(home, CONTRACTS)
    assert caught.value.exit_code == 2 and caught.value.next_step
    return list(caught.value.problems)


def test_good_file_is_read_with_its_defaults(home):
    (home.root / "sources.toml").write_text(GOOD, encoding="utf-8")
    (source,) = load_sources(home, CONTRACTS).sources
    assert (source.port, source.tls, source.attempts) == (1521, "verify-full", 3)
    assert source.offset == timedelta(hours=8)
    person, move = source.tables
    assert person.relation == "人事.V_STAFF"
    assert (move.query, move.overlap) == ("SELECT * FROM moves", 500)


def test_a_file_that_everybody_may_change_is_not_followed(home):
    file = home.root / "sources.toml"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0o666)
    assert problems(home, GOOD) == [f"may be changed by everybody; run: chmod o-w '{file}'"]
    file.chmod(0o664)
    assert load_sources(home, CONTRACTS).sources


def test_all_problems_are_said_at_once_with_their_keys(home):
    found = problems(
        home,
        """
        parallel = 0
        colour = "red"
        [sources.finance]
        dialect = "db2"
        host = "h"
        port = 70000
        database = ""
        user = "u"
        tls = "maybe"
        timezone = "Asia/Shanghai"
        [sources.hr]
        dialect = "mysql"
        database = "d"
        user = "u"
        password_env = "A"
        password_file = "b"
        tls_ca = "nowhere.pem"
        [sources.hr.tables.person]
        from = "a b"
        mode = "incremental"
        watermark = "t"
        overlap = "soon"
        columns = { A = "no", B = "no", C = "salary", D = "extracted_at" }
        [sources.hr.tables.move]
        query = "DELETE FROM moves"
        from = "moves"
        overlap = "1h"
        deleted_values = ["D"]
        [sources.hr.tables.unknown]
        from = "x"
        """,
    )
    keys = [problem.partition(": ")[0] for problem in found]
    for key in (
        "parallel", "colour", "sources.finance", "sources.finance.dialect",
        "sources.finance.port", "sources.finance.database", "sources.finance.tls",
        "sources.finance.timezone", "sources.finance.tables", "sources.hr.host", "sources.hr",
        "sources.hr.tls_ca", "sources.hr.tables.person.from", "sources.hr.tables.person.mode",
        "sources.hr.tables.person.overlap", "sources.hr.tables.person.columns.B",
        "sources.hr.tables.person.columns.C", "sources.hr.tables.person.columns.D",
        "sources.hr.tables.move.query", "sources.hr.tables.move",
        "sources.hr.tables.move.overlap", "sources.hr.tables.move.deleted_values",
        "sources.hr.tables.unknown",
    ):  # fmt: skip
        assert key in keys, (key, found)
    assert len(keys) == len(set(found))


def test_secret_in_clear_is_a_problem_that_does_not_repeat_it(home):
    said = problems(home, GOOD.replace("password_env = ", 'password = "geheim"\nuser_id = '))
    assert any("sources.hr.password" in line and "password_env" in line for line in said)
    assert "geheim" not in " ".join(said)


def test_broken_toml_tells_the_place_and_not_the_text(home):
    (said,) = problems(home, 'a = 1\npassword = "geheim\n')
    assert "line 2" in said and "geheim" not in said


def test_missing_file_points_at_the_document(home):
    with pytest.raises(SourcesError, match=r"docs/pull\.md"):
        load_sources(home, CONTRACTS)


def secret_source(home: Home, **changes: object):
    (home.root / "sources.toml").write_text(
        GOOD.replace('password_env = "HR_PASSWORD"', 'password_file = "secret"'), encoding="utf-8"
    )
    return load_sources(home, CONTRACTS).sources[0]


@pytest.mark.parametrize(("mode", "fits"), [(0o600, True), (0o440, True), (0o644, False),
                                            (0o660, False), (0o604, False)])  # fmt: skip
def test_secret_file_must_be_closed_to_others(home, mode, fits):
    file = home.root / "secret"
    file.write_text("geheim\n")
    file.chmod(mode)
    if fits:
        assert read_secret(secret_source(home)) == "geheim"
        return
    with pytest.raises(PullError, match="secret file") as caught:
        read_secret(secret_source(home))
    assert "chmod 600" in str(caught.value) and "geheim" not in str(caught.value)


def test_missing_secret_names_where_it_was_looked_for(home, monkeypatch):
    with pytest.raises(PullError, match="cannot be read"):
        read_secret(secret_source(home))
    (home.root / "sources.toml").write_text(GOOD, encoding="utf-8")
    source = load_sources(home, CONTRACTS).sources[0]
    monkeypatch.delenv("HR_PASSWORD", raising=False)
    with pytest.raises(PullError, match="HR_PASSWORD"):
        read_secret(source)
    monkeypatch.setenv("HR_PASSWORD", "geheim")
    assert read_secret(source) == "geheim"
