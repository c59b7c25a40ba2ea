"""A landed value that changes arrives in exactly the items that name it, on its person."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.item_values import ANNEXES, CASES, Case, landed, named_columns
from tests.integration.landed_rows import land, settings_in
from tests.item_lists import item_holders
from warehouse.engine import open_work, quote
from warehouse.settings import Settings
from warehouse.transform import BuildResult, build_models

pytestmark = pytest.mark.slow

PERSONAL = Path(__file__).parents[2] / "dbt_project/models/published/personal"
AS_OF = datetime(2026, 11, 19, 18, tzinfo=UTC)
#: What shows a value beside its item: names, numbers and their span, the unit of the latest post.
BESIDE = {
    "hr_management/staff_basic.name": {"person.display_name"},
    "hr_management/staff_basic.staff_no": {"person_number.number"},
    "hr_management/staff_basic.joined_school_date": {
        "person_number.valid_from",
        "person_number.valid_to",
    },
    "hr_management/staff_position_record.unit_code": {
        "staff.unit_code",
        "staff.unit_name",
        "staff.college_code",
    },
    "student_affairs/student_status.name": {"person.display_name"},
    "student_affairs/student_status.entry_date": {"person_number.valid_from"},
}

Place = tuple[str, str]  # personal table and column
Shown = dict[Place, list[str]]  # its values on one person, sorted

#: Summary → the personal tables it is made of: it shows what one of them shows, and nothing else.
SUMS_UP = {
    path.stem.removeprefix("personal__"): set(
        re.findall(r"ref\('personal__(\w+)'\)", path.read_text(encoding="utf-8"))
    )
    for path in PERSONAL.glob("personal__overview*.sql")
}

HELD: dict[str, set[Place]] = {
    holder["item"]: {
        (table["table"], column) for table in holder["tables"] for column in table["columns"]
    }
    for holder in item_holders()
}


def _shown(settings: Settings) -> dict[int, Shown]:
    """Person key → what the personal tables hold."""
    people: dict[int, Shown] = defaultdict(lambda: defaultdict(list))
    connection = open_work(settings.paths.warehouse_file, read_only=True)
    try:
        tables = connection.execute(
            "select table_name from information_schema.columns "
            "where table_schema = 'personal' and column_name = 'person_key'"
        ).fetchall()
        for (table,) in tables:
            found = connection.execute(f"from personal.{quote(table)}")
            names = [column[0] for column in found.description]
            for values in found.fetchall():
                row = dict(zip(names, values, strict=True))
                shown = people[row.pop("person_key")]
                row.pop("updated_at", None)
                for column, value in row.items():
                    shown[table, column].append(str(value))
    finally:
        connection.close()
    return {
        person: {place: sorted(values) for place, values in shown.items()}
        for person, shown in people.items()
    }


def _keys(settings: Settings) -> dict[str, int]:
    connection = open_work(settings.paths.warehouse_file, read_only=True)
    try:
        return dict(
            connection.execute("select number, person_key from personal.person_number").fetchall()
        )
    finally:
        connection.close()


def _build_again(settings: Settings, first: BuildResult) -> None:
    """The tables anew from the SQL that dbt compiled: the views are over the landed rows anyway."""
    nodes = {node["name"]: node for node in first.manifest["nodes"].values()}
    connection = open_work(settings.paths.warehouse_file)
    try:
        land(landed(changed=True))(connection)
        tables = {
            (schema, table)
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables "
                "where table_type = 'BASE TABLE'"
            ).fetchall()
        }
        connection.execute("begin")
        for built in first.nodes:  # in the order in which dbt built them
            node = nodes[built.name] if built.kind == "model" else {}
            if (node.get("schema"), node.get("alias")) in tables:
                name = f"{quote(node['schema'])}.{quote(node['alias'])}"
                sql = first.compiled[built.name]
                connection.execute(f"create or replace table {name} as ({sql}\n)")
        connection.execute("commit")
    finally:
        connection.close()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[Case, set[Place]]:
    """Case → the personal columns that differ on its person after its one value changed."""
    settings = settings_in(tmp_path_factory.mktemp("items 项"))
    result = build_models(
        settings.paths.warehouse_file,
        settings,
        as_of=AS_OF,
        prepare=land(landed(changed=False)),
        select=("+path:models/published/personal",),
    )
    assert result.failed == ()
    before, keys = _shown(settings), _keys(settings)
    _build_again(settings, result)
    after = _shown(settings)
    differing = {}
    for case in CASES:
        one, other = before[keys[case.number]], after[keys[case.number]]
        differing[case] = {
            place for place in one.keys() | other.keys() if one.get(place) != other.get(place)
        }
    return differing


def test_every_column_that_an_item_names_has_a_person() -> None:
    places = {(case.table, case.column) for case in CASES}
    for holder in item_holders():
        if holder["item"].startswith(ANNEXES):
            assert set(named_columns(holder["item"])) <= places
    assert len({case.number for case in CASES}) == len(CASES) > 100


@pytest.mark.parametrize("item", sorted(code for code in HELD if code.startswith(ANNEXES)))
def test_a_changed_value_arrives_in_exactly_the_items_that_name_it(
    changed: dict[Case, set[Place]], item: str
) -> None:
    named = [case for case in CASES if item in case.items]
    assert named
    arrived = {
        case.place: {other for other, held in HELD.items() if held & changed[case]}
        for case in named
    }
    assert arrived == {case.place: set(case.items) for case in named}


@pytest.mark.parametrize("item", sorted(code for code in HELD if code.startswith(ANNEXES)))
def test_every_holder_of_an_item_shows_one_of_its_values(
    changed: dict[Case, set[Place]], item: str
) -> None:
    shown = set().union(*(changed[case] for case in CASES if item in case.items))
    assert HELD[item] - shown == set()


def test_a_value_shows_in_no_other_table_of_the_person(changed: dict[Case, set[Place]]) -> None:
    beside = {}
    for case in CASES:
        own = {table for item in case.items for table, _ in HELD[item]}
        told_of = {table for table, _ in changed[case]}
        others = {
            f"{table}.{column}"
            for table, column in changed[case]
            if table not in own and not SUMS_UP.get(table, set()) & told_of
        }
        if others:
            beside[case.place] = others
    wrong = {
        place: (sorted(beside.get(place, ())), sorted(BESIDE.get(place, ())))
        for place in beside | BESIDE
        if beside.get(place) != BESIDE.get(place)
    }
    assert not wrong, f"(shown, expected) by landed column: {wrong}"
