"""Who is in the scope of a grant, what its file then holds, and when it is built anew."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from access_college import ALICE, BOB, College, write_release
from grant_scene import (
    LOANS,
    PEOPLE,
    PSYCH,
    ROOMS,
    STAFF,
    STATUS,
    add_to_release,
    built,
    found_scene,
    rows_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.access.application_desk import check_content
from warehouse.access.grant_files import rebuild
from warehouse.access.grant_people import people_of
from warehouse.access.grant_scope import CONDITIONS, authority_columns, scope_problems
from warehouse.access.scope_advice import least_that_serves, sensitive_in
from warehouse.access.scope_counts import scope_choices, scope_counts
from warehouse.errors import UsageError
from warehouse.governance.content import Content, read_content
from warehouse.governance.protection import protect, unprotect
from warehouse.release.durable import sha256_of
from warehouse.state import session
from warehouse.state.models import GrantBuild

ODD = {"students": {"college_code": ["03"]}}
COLUMNS = {STATUS: ["person_key", "college_code"], LOANS: ["person_key", "title"], ROOMS: ["beds"]}


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> College:
    return found_scene(tmp_path_factory.mktemp("scope"))


@pytest.fixture
def college(tmp_path) -> College:
    return found_scene(tmp_path)


def content(**changes) -> Content:
    return read_content({"unit": "academic_affairs_office", "columns": COLUMNS, **changes})


def people(college: College, path: Path) -> frozenset[int] | None:
    return people_of(college.settings, path.parent.name, path.stem)


def shield(college: College, *keys: int) -> None:
    for key in keys:
        protect(
            college.audit, key, owner_unit="security_office", owner=4001, reason="威胁",
            actor="command:test", now=college.clock.now,
        )  # fmt: skip


def test_scope_is_a_set_of_people_over_every_table_that_has_people(scene: College):
    path = built(scene, scene.grant(columns=COLUMNS, rows=ODD))
    assert people(scene, path) == set(range(1001, 1041, 2))
    assert rows_of(path, f"select distinct college_code from {STATUS}") == [("03",)]
    assert rows_of(path, f"select count(distinct person_key) from {LOANS}") == [(20,)]
    assert rows_of(path, f"select count(*) from {ROOMS}") == [(8,)], "rooms are nobody's"


def test_staff_are_in_the_scope_only_where_they_are_asked_for(scene: College):
    staff = {"staff": {"college_code": ["04"]}}
    only_staff = people(scene, built(scene, scene.grant(columns=COLUMNS, rows=staff)))
    assert only_staff == {2002, 2004, 1040}
    both = people(scene, built(scene, scene.grant(columns=COLUMNS, rows=ODD | staff)))
    assert both == set(range(1001, 1041, 2)) | only_staff
    everybody = built(scene, scene.grant(columns=COLUMNS, rows={}))
    assert people(scene, everybody) == set(range(1001, 1041)) | set(range(2001, 2007))
    assert rows_of(everybody, f"select count(*) from {LOANS} where person_key is null") == [(8,)]


def test_two_grants_hold_each_its_own_people_and_nothing_joins_them(scene: College):
    """Two people, two grants: neither finds the other's rows, by value or by pseudonym."""
    names = {STATUS: ["person_key", "student_no"], LOANS: ["person_key", "reader_no"]}
    rows = {college: {"students": {"college_code": [college]}} for college in ("03", "04")}
    first = built(scene, scene.grant(columns=names, rows=rows["03"], users=[ALICE]))
    second = built(scene, scene.grant(columns=names, rows=rows["04"], users=[BOB]))
    assert b"S1001" in first.read_bytes() and b"S1001" not in second.read_bytes()
    assert b"S1002" in second.read_bytes() and b"S1002" not in first.read_bytes()
    keys = [
        {key for (key,) in rows_of(path, f"select person_key from {STATUS}")}
        for path in (first, second)
    ]
    assert len(keys[0]) == len(keys[1]) == 20 and not keys[0] & keys[1]


def test_order_of_rows_tells_nothing_of_what_was_not_granted(scene: College):
    columns = {LOANS: ["title", "branch"], STATUS: ["person_key", "grade_year"]}
    path = built(scene, scene.grant(columns=columns, rows={}))
    loans = rows_of(path, f"select title, branch from {LOANS}")
    assert loans == sorted(loans)
    keys = [key for (key,) in rows_of(path, f"select person_key from {STATUS}")]
    assert keys == sorted(keys), "by pseudonym, not by student number"


def test_protected_people_are_left_out_of_every_table_about_people(college: College):
    with_keys = college.grant(columns=COLUMNS, rows=ODD)
    without = college.grant(columns={STATUS: ["student_no"], LOANS: ["reader_no"]}, rows={})
    for grant in (with_keys, without):
        assert 1001 in people(college, built(college, grant))
    shield(college, 1001, 2001)
    for grant in (with_keys, without):
        assert not {1001, 2001} & people(college, built(college, grant)), "at the very next use"
    assert b"S1001" not in built(college, without).read_bytes()
    assert rows_of(built(college, without), f"select count(*) from {STATUS}") == [(39,)]
    unprotect(college.audit, 1001, reason="over", actor="command:test", now=college.clock.now)
    assert 1001 in people(college, built(college, without))


def test_reason_of_a_protection_stands_in_no_log(college: College):
    shield(college, 1001)
    with college.engine.connect() as connection:
        logged = connection.exec_driver_sql("select detail from audit").scalars().all()
    assert not any("威胁" in detail for detail in logged)


def test_unchanged_inputs_link_the_file_of_the_release_before(college: College):
    next_release(college)
    grant = college.grant(columns=COLUMNS, rows=ODD)
    first = built(college, grant)
    next_release(college)
    second = built(college, grant)
    assert second != first and second.samefile(first)
    next_release(college, f"delete from {LOANS} where person_key = 1001")
    third = built(college, grant)
    assert not third.samefile(first)
    shield(college, 1003)
    next_release(college, f"delete from {LOANS} where person_key = 1001")
    assert 1003 not in people(college, built(college, grant))
    with session(college.engine, read_only=True) as opened:
        inputs = [build.inputs_sha256 for build in opened.query(GrantBuild).all()]
    assert len(inputs) == 4 and len(set(inputs)) == 3
    assert rebuild(college.settings, college.engine, college.reader, now=college.clock.now) == []
    assert len(list(first.parent.glob("*.duckdb"))) == 1 and not first.exists()


def test_uses_at_once_build_once(college: College):
    grant = college.grant(columns=COLUMNS, rows=ODD)
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: built(college, grant), range(8)))
    (path,) = paths
    with session(college.engine, read_only=True) as opened:
        build = opened.query(GrantBuild).one()
    assert build.file_sha256 == sha256_of(path) and build.rows[STATUS] == 20
    assert {file.suffix for file in path.parent.iterdir()} == {".duckdb", ".parquet", ".lock"}


def test_person_who_joins_the_scope_is_in_the_next_file(college: College):
    """The granted table is the same to the bit; who is in the scope is not."""
    next_release(college)
    grant = college.grant(columns={LOANS: ["title"]}, rows=ODD)
    first = people(college, built(college, grant))
    next_release(college, f"update {STATUS} set college_code = '03' where person_key = 1002")
    assert people(college, built(college, grant)) == first | {1002}


SERIAL = iter(range(2, 100))


def next_release(college: College, change: str = "select 1") -> None:
    number = next(SERIAL)
    write_release(college.settings, f"202609{number:02}T000000Z-{number:08}")
    add_to_release(college, PEOPLE + change)
    # The real manifest has a hash for each table; here one that stands for its content.
    folder = college.settings.paths.releases / f"202609{number:02}T000000Z-{number:08}"
    manifest = folder / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    names = [STATUS, STAFF, LOANS, ROOMS]
    document["files"]["authority"]["tables"] = {
        name: {
            "content_hash": str(
                rows_of(folder / "authority.duckdb", f"select sum(hash(t)::hugeint) from {name} t")
            )
        }
        for name in names
    }
    manifest.write_text(json.dumps(document), encoding="utf-8")


values = st.lists(st.sampled_from(["03", "04", "05"]), min_size=1, max_size=2)
scopes = st.fixed_dictionaries(
    {
        "students": st.fixed_dictionaries(
            {},
            optional={
                "college_code": values,
                "grade_year": st.lists(st.sampled_from(["2023", "2024"]), min_size=1, max_size=1),
                "current_status": st.just(["01"]),
            },
        ),
        "staff": st.fixed_dictionaries({}, optional={"college_code": values}),
    }
)
chosen = st.fixed_dictionaries(
    {},
    optional={
        STATUS: st.lists(
            st.sampled_from(["person_key", "student_no", "grade_year", "college_code"]),
            min_size=1, max_size=3, unique=True,
        ),
        LOANS: st.lists(
            st.sampled_from(["person_key", "reader_no", "title"]),
            min_size=1, max_size=3, unique=True,
        ),
        STAFF: st.just(["staff_no"]),
        ROOMS: st.just(["beds"]),
    },
).filter(bool)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=scopes, columns=chosen)
def test_a_file_holds_exactly_the_columns_and_people_of_its_scope(scene: College, rows, columns):
    path = built(scene, scene.grant(columns=columns, rows=rows))
    held = {}
    for table, name in rows_of(
        path,
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where not internal order by column_index",
    ):
        held.setdefault(table, []).append(name)
    assert held == columns
    expected = expected_people(rows)
    found = people(scene, path)
    assert found <= expected
    for table, number in ((STATUS, "student_no"), (LOANS, "reader_no"), (STAFF, "staff_no")):
        if number in columns.get(table, ()):
            numbers = {value[1:] for (value,) in rows_of(path, f"select {number} from {table}")}
            keys = {1040 if n == "2006" else int(n) for n in numbers if n.isdigit()}
            no_bounds = not rows["students"] and not rows["staff"]
            assert no_bounds or keys <= expected, "a row of nobody in the scope"


def expected_people(rows) -> set[int]:
    """The rule said again, in another language than the code's."""
    students, staff = rows["students"], rows["staff"]
    everybody = not students and not staff
    found = set()
    for key in range(1001, 1041):
        row = {
            "college_code": "03" if key % 2 else "04",
            "grade_year": str(2023 + key // 10 % 2),
            "current_status": "07" if key % 13 == 0 else "01",
        }
        if everybody or (students and all(row[c] in v for c, v in students.items())):
            found.add(key)
    for number in range(2001, 2007):
        code = "03" if number % 2 else "04"
        if everybody or (staff and all(code in v for v in staff.values())):
            found.add(1040 if number == 2006 else number)
    return found | ({2006} if everybody else set())


# What the form is told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"rows": {"students": {"name": ["x"]}}}, "students cannot be chosen by name"),
        ({"rows": {"staff": {"college_code": []}}}, "limited to no value"),
        ({"rows": {"staff": {"on_post_status": ["1"]}}}, "has no column on_post_status"),
        ({"columns": {PSYCH: ["person_key"]}}, "never granted"),
        ({"columns": {STATUS: ["id_card_no"]}}, f"say why {STATUS}.id_card_no is needed"),
    ],
    ids=str,
)
def test_what_cannot_be_granted_is_said_before_anybody_signs(scene: College, changes, named: str):
    with pytest.raises(UsageError, match=named):
        check_content(scene.reader, content(**changes), ALICE)


def test_thousands_of_unknown_tables_are_refused_at_once():
    """A form of 128 KB holds 4000 of them; a like one was looked for of each, for minutes."""
    known = {f"dataset_{number % 20}.table_{number}": {"a": "bigint"} for number in range(200)}
    wanted = {f"dataset_{number % 20}.tabel_{number}": ["a"] for number in range(4000)}
    began = time.process_time()
    problems = scope_problems(known, wanted, {})
    assert time.process_time() - began < 2
    assert len(problems) == 4000 and "did you mean" in problems[0]
    assert sum(map(len, problems)) < 300_000
    with pytest.raises(UsageError, match="columns"):
        read_content({"unit": "x", "columns": wanted})


def test_sensitive_column_with_a_reason_may_be_asked_for(scene: College):
    column = f"{STATUS}.id_card_no"
    asked = content(columns={STATUS: ["id_card_no"]}, reasons={column: "学籍电子注册"})
    check_content(scene.reader, asked, ALICE)
    assert column in sensitive_in(asked.columns)


def test_counts_are_live_and_small_ones_are_not_told(scene: College):
    asked = content(rows=ODD)
    exact = scope_counts(scene.reader, asked, exact=True)
    assert exact["people"] == {"students": 20, "all": 20}
    assert exact["tables"] == {STATUS: 20, LOANS: 192, ROOMS: 8}, "8 loans are nobody's"
    assert scope_counts(scene.reader, asked, exact=True, protected=[1001])["people"]["all"] == 19
    told = scope_counts(scene.reader, asked, protected=[1001])
    assert told["people"] == {"students": 20, "all": 20}, "rounded: one more or less is not seen"
    few = content(rows={"students": {"current_status": ["07"], "college_code": ["03"]}})
    assert scope_counts(scene.reader, few)["people"] == {"students": None, "all": None}


def test_nobody_is_picked_out_by_counting_rows(scene: College):
    """Seven whose grade is known and one whose is not: rounding would tell the eighth's."""
    seven = [f"S{key}" for key in range(1021, 1028)]
    for number, exact in (("S1001", 8), ("S1011", 7)):  # of 2023, and of 2024
        rows = {"columns": {"student_no": [*seven, number], "grade_year": ["2023"]}}
        asked = content(columns={STATUS: ["person_key"]}, rows=rows)
        assert scope_counts(scene.reader, asked, exact=True)["tables"] == {STATUS: exact}
        assert scope_counts(scene.reader, asked)["tables"] == {}
    coarse = content(columns={STATUS: ["person_key"]}, rows={"columns": {"college_code": ["03"]}})
    assert scope_counts(scene.reader, coarse)["tables"] == {STATUS: 20}


def test_a_value_with_a_question_mark_is_counted_as_what_it_is(scene: College):
    asked = content(rows={"columns": {}, "students": {"college_code": ["03?", "03"]}})
    assert scope_counts(scene.reader, asked, exact=True)["people"]["students"] == 20


def test_choices_tell_nothing_of_protected_people(scene: College):
    """Else the count by value and the count of the scope would differ by them."""
    hidden = [key for key in range(1001, 1041) if key % 2 and key < 1011]
    found = scope_choices(scene.reader, "students", "college_code", protected=hidden, exact=True)
    assert {one["value"]: one["people"] for one in found} == {"03": 15, "04": 20}


def test_choices_have_labels_and_counts(scene: College):
    found = {one["value"]: one for one in scope_choices(scene.reader, "students", "college_code")}
    assert found["03"] == {"value": "03", "label": "信息工程学院", "people": 20}
    assert found["04"]["label"] is None
    statuses = scope_choices(scene.reader, "students", "current_status")
    assert {one["value"] for one in statuses} == {"01", "07"}
    assert all(one["label"] for one in statuses) and statuses[1]["people"] is None
    assert scope_choices(scene.reader, "staff", CONDITIONS["staff"][2]) == []
    with pytest.raises(UsageError):
        scope_choices(scene.reader, "students", "name")


def test_the_least_that_serves_is_proposed(scene: College):
    from datetime import date

    today, available = date(2026, 9, 10), authority_columns(scene.reader)
    asked = content(
        unit="03",
        columns={STATUS: ["person_key", "name", "id_card_no", "birth_date"]},
        last_day="2028-09-01",
    )
    found = {one.code: one for one in least_that_serves(asked, available, today, colleges=["03"])}
    assert set(found) == {"pseudonym", "no_reason", "birth_date", "own_college", "shorter_term"}
    assert found["pseudonym"].columns == ("name", "id_card_no")
    assert found["own_college"].instead == {"students": {"college_code": ["03"]}}
    assert found["shorter_term"].instead == date(2027, 9, 10)
    modest = content(columns={STATUS: ["person_key", "grade_year"]}, rows=ODD)
    assert least_that_serves(modest, available, today) == []
