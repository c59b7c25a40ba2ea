"""The annexes are dated: a change is an entry with its own day of effect, never an edit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from warehouse.authority import authority_changes, issued_authority, load_authority
from warehouse.authority.conflicts import find_conflicts
from warehouse.authority.history import history_of
from warehouse.errors import AuthorityError
from warehouse.home import Home

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)
DECIDED = "校政字〔2026〕101号"


def home_with(folder: Path, *entries: str) -> Home:
    home = Home(folder)
    listed = "".join(f"  - {{{entry}}}\n" for entry in entries)
    home.authority_file.write_text(f"changes:\n{listed}", encoding="utf-8")
    return home


def entry(words: str, effective: str = "2027-01-01", document: str = DECIDED) -> str:
    return f'effective: {effective}, document: "{document}", {words}'


def test_the_package_changes_nothing_and_a_home_without_a_file_neither(tmp_path: Path) -> None:
    assert authority_changes() == ()
    assert load_authority(AFTER, Home(tmp_path)) == issued_authority() == load_authority()


def test_an_owner_changes_on_the_day_of_effect_and_not_before(tmp_path: Path) -> None:
    home = home_with(tmp_path, entry("change: owner, row: A2-08, owners: [hr_office]"))
    assert load_authority(BEFORE, home).dataset("A2-08").owner_ids == ("organization_department",)
    assert load_authority(AFTER, home).dataset("A2-08").owner_ids == ("hr_office",)
    assert load_authority(AFTER).dataset("A2-08").owner_ids == ("organization_department",)


def test_a_day_is_a_day_at_the_college(tmp_path: Path) -> None:
    home = home_with(tmp_path, entry("change: owner, row: S01, owners: [library]"))

    def owner(moment: datetime) -> str:
        return load_authority(moment, home).systems[0].owner_id

    assert owner(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == "hr_office"
    assert owner(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "library"
    assert owner(datetime(2026, 12, 31, 16, 0)) == "library"


def test_a_decision_of_the_leading_group_settles_a_contradiction(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        entry("change: owner, row: A2-08, owners: [hr_office]"),
        entry("change: deadline, row: A3-24, deadline: 合同签订 1周内"),
        entry("change: owner, row: A2-16, owners: [development_planning_office]"),
    )

    def kinds(day: date) -> list[str]:
        return [conflict.kind for conflict in find_conflicts(load_authority(day, home))]

    for kind in ("owned_twice", "no_deadline", "several_owners"):
        assert kinds(AFTER).count(kind) == kinds(BEFORE).count(kind) - 1


def test_units_are_renamed_and_new_ones_answer_for_new_rows(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        entry("change: unit, unit: hr_office, name: 人力资源处"),
        entry("change: unit, unit: alumni_office, name: 校友办公室"),
        entry(
            "change: row, row: A2-24, id: alumni_data, name: 校友信息数据, owners: [alumni_office]"
        ),
        entry("change: row, row: S21, id: alumni_system, name: 校友系统, owners: [alumni_office]"),
    )
    then = load_authority(AFTER, home)
    assert then.unit_title("hr_office") == "人力资源处"
    assert then.unit_id("人力资源处") == "hr_office"
    assert then.dataset("alumni_data").owner_ids == ("alumni_office",)
    assert then.systems[-1].code == "S21"
    assert "A2-24" not in load_authority(BEFORE, home).row_codes
    assert "A2-24" in then.row_codes


def test_entries_take_effect_by_date_and_within_a_day_by_order(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        entry("change: owner, row: A2-08, owners: [library]", "2028-01-01"),
        entry("change: owner, row: A2-08, owners: [hr_office]"),
        entry("change: owner, row: A2-08, owners: [labor_union]"),
    )
    owners = [
        load_authority(date(year, 6, 1), home).dataset("A2-08").owner_ids for year in (2027, 2028)
    ]
    assert owners == [("labor_union",), ("library",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("change: owner, row: A2-99, owners: [library]", "no row A2-99"),
        ("change: owner, row: A2-08, owners: [nobody]", "no unit nobody"),
        ("change: owner, row: A3-01, owners: [library, hr_office]", "one unit"),
        ("change: owner, row: A2-08, owners: []", "owners must be a list"),
        ("change: owner, row: A2-08, owners: [library], color: red", "color is not known"),
        ("change: owner, owners: [library]", "row is missing"),
        ("change: swap, row: A2-08", "change must be one of"),
        ("change: row, row: A2-08, id: x_y, name: 甲, owners: [library]", "there already"),
        ("change: row, row: A3-41, id: x_y, name: 甲, owners: [library]", "a new row is"),
        ("change: row, row: A2-24, id: 'X; drop', name: 甲, owners: [library]", "an id is made"),
        ("change: deadline, row: A2-08, deadline: 每年", "no item A2-08"),
        ("change: unit, unit: 'A B', name: 甲", "a unit's id"),
        ("change: unit, unit: hr_office, name: ''", "name must be a text"),
    ],
)
def test_a_wrong_entry_is_told_at_once_even_before_its_day(
    tmp_path: Path, words: str, told: str
) -> None:
    home = home_with(
        tmp_path, entry("change: unit, unit: hr_office, name: 人力资源处"), entry(words)
    )
    with pytest.raises(AuthorityError, match=told) as caught:
        load_authority(BEFORE, home)
    assert caught.value.problems[0].startswith("authority.yaml, entry 2: ")


@pytest.mark.parametrize(
    "text", ["changes: [", "owners: []", "- a", "changes: {}", "changes: [7]", "changes: [{}]"]
)
def test_a_file_that_is_no_list_of_changes_is_refused(tmp_path: Path, text: str) -> None:
    home = Home(tmp_path)
    home.authority_file.write_text(text, encoding="utf-8")
    with pytest.raises(AuthorityError):
        load_authority(AFTER, home)


def test_a_date_must_be_one_and_lie_after_the_annexes(tmp_path: Path) -> None:
    for effective, told in (("soon", "no date"), ("2019-07-04", "before the annexes")):
        home = home_with(tmp_path, entry("change: owner, row: A2-08, owners: [library]", effective))
        with pytest.raises(AuthorityError, match=told):
            load_authority(AFTER, home)


def test_the_history_of_a_row_goes_from_the_annexes_to_what_is_to_come(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        entry("change: owner, row: A2-08, owners: [hr_office]", "2026-09-01"),
        entry("change: unit, unit: hr_office, name: 人力资源处"),
        entry("change: owner, row: A2-08, owners: [hr_office, library]", "2027-09-01"),
    )
    changes = authority_changes(home)
    rows = history_of("A2-08", issued_authority(), changes, BEFORE)
    assert [(row.effective, row.document, row.in_force) for row in rows] == [
        (date(2019, 7, 5), "校政字〔2019〕92号", True),
        (date(2026, 9, 1), DECIDED, True),
        (date(2027, 9, 1), DECIDED, False),
    ]
    assert [row.what for row in rows] == [
        "教职工职务信息数据，责任单位：组织部",
        "责任单位：人事处",
        "责任单位：人力资源处、图书馆",
    ]
    windows = home_with(tmp_path, entry("change: window, row: A3-34, window: 权限长期开放"))
    [_, opened] = history_of("A3-34", issued_authority(), authority_changes(windows), BEFORE)
    assert opened.what == "修改权限：权限长期开放"
    [issued, renamed] = history_of("hr_office", issued_authority(), changes, BEFORE)
    assert (issued.what, renamed.what) == ("名称：人事处", "名称：人力资源处")
    assert "合同起日" in history_of("A3-24", issued_authority(), changes, BEFORE)[0].what
    with pytest.raises(KeyError):
        history_of("A2-99", issued_authority(), changes, BEFORE)


def test_the_examples_in_the_package_are_read_as_they_stand(tmp_path: Path) -> None:
    package = Path(__file__).parents[2] / "warehouse" / "authority" / "changes.yaml"
    lines = package.read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ").removeprefix("#") for line in lines]
    example = shown[shown.index("changes:") : shown.index("changes: []")]
    home = Home(tmp_path)
    home.authority_file.write_text("\n".join(example), encoding="utf-8")
    assert [change.kind for change in authority_changes(home)] == [
        "owner",
        "unit",
        "deadline",
        "window",
        "row",
    ]
    then = load_authority(date(2027, 3, 1), home)
    assert then.dataset("A2-24").title == "校友信息数据"
    assert then.item("A3-24").deadline == "合同签订 1周内"
