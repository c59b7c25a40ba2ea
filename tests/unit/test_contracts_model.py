"""Contracts as loaded: what other parts rely on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from warehouse.authority import load_authority
from warehouse.contracts import load_code_tables, load_contracts
from warehouse.contracts.compare import compare, unannounced
from warehouse.contracts.model import Contracts, Table


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts()


def changed(contracts: Contracts, table_id: str, **overrides: object) -> Contracts:
    """The same contracts with one table replaced."""
    sources = tuple(
        replace(
            source,
            tables=tuple(
                replace(table, **overrides) if table.id == table_id else table  # type: ignore[arg-type]
                for table in source.tables
            ),
        )
        for source in contracts.sources
    )
    return Contracts(sources, contracts.code_tables)


def with_column(table: Table, name: str, **overrides: object) -> tuple:
    return tuple(
        replace(column, **overrides) if column.name == name else column  # type: ignore[arg-type]
        for column in table.columns
    )


def test_every_table_of_twenty_systems_and_ten_forms_is_declared(contracts: Contracts) -> None:
    systems = [f"S{number:02}" for number in range(1, 21)]
    forms = [f"F{number:02}" for number in range(1, 11)]
    assert [source.code for source in contracts.sources] == systems + forms
    assert len(list(contracts)) == 101
    # 912 as first designed, and the date of the document that awards a title
    assert sum(len(table.columns) for table in contracts) == 913


def test_every_item_of_annexes_3_and_4_has_a_table(contracts: Contracts) -> None:
    assert [item.code for item in load_authority().items if not contracts.holders(item.code)] == []


def test_no_state_secret_can_be_delivered_by_the_office_system(contracts: Contracts) -> None:
    column = contracts.table("office_oa", "oa_document").column("secrecy")
    assert (column.code_table, column.pattern) == ("document_secrecy", "^(GK|XZ)$")


def test_divisions_that_were_abolished_are_still_codes(contracts: Contracts) -> None:
    divisions = contracts.code_tables["administrative_division"]
    assert divisions["410102"] == "河南省郑州市中原区"
    assert divisions["510200"] == "四川省重庆市", "a province-level city since 1997"
    assert all(re.fullmatch(r"[1-8]\d{5}", code) for code in divisions)
    assert len(divisions) > 6_800


def test_leading_zeros_of_codes_survive_loading(contracts: Contracts) -> None:
    assert contracts.code_tables["ethnicity"]["01"] == "汉族"
    assert all(
        isinstance(code, str) and isinstance(label, str)
        for table in load_code_tables().values()
        for code, label in table.codes.items()
    )
    assert len(contracts.code_tables) == 126


def test_a_composite_key_keeps_its_order(contracts: Contracts) -> None:
    table = contracts.table("academic_affairs", "course_grade")
    assert table.key == ("student_no", "class_no", "exam_nature")


def test_cadence_and_retention_come_from_the_service_level(contracts: Contracts) -> None:
    assert contracts.table("property_management", "building").cadence == "on_change"
    loan = contracts.table("library_management", "library_loan")
    assert loan.cadence == "daily"
    assert "归还后 3 年" in loan.retention


def test_what_no_source_gives_is_marked_as_ours(contracts: Contracts) -> None:
    for table in contracts:
        assert "待数据责任单位确认" in table.legal_basis
        assert "待数据责任单位确认" in table.retention


def test_check_digit_binds_only_resident_identity_cards(contracts: Contracts) -> None:
    column = contracts.table("hr_management", "staff_basic").column("id_card_no")
    assert (column.check_digit, column.check_digit_when) == ("GB 11643", "id_doc_type = '1'")
    assert column.privacy == "sensitive"


def test_every_foreign_key_of_the_declared_tables_resolves(contracts: Contracts) -> None:
    for table in contracts:
        for column in table.columns:
            if column.foreign_key:
                parent = contracts.parent(table, column.foreign_key)
                assert parent is not None and parent[1] in parent[0].key


def test_parents_come_before_their_children(contracts: Contracts) -> None:
    order = [table.id for table in contracts.parents_first()]
    assert len(order) == len(set(order)) == len(list(contracts))
    for table in contracts:
        for column in table.columns:
            if column.foreign_key:
                parent, _ = contracts.parent(table, column.foreign_key)  # type: ignore[misc]
                assert parent is table or order.index(parent.id) < order.index(table.id)


def test_an_item_is_held_by_its_named_columns_or_else_by_the_whole_row(
    contracts: Contracts,
) -> None:
    [(table, columns)] = contracts.holders("A3-05")
    assert (table.name, columns) == ("staff_basic", ("id_doc_type", "id_card_no"))
    [(table, columns)] = contracts.holders("A4-25")
    assert table.name == "library_loan"
    assert "loan_id" in columns and "reader_no" not in columns
    assert [table.name for table, _ in contracts.holders("A3-36")] == [
        "research_output",
        "research_output_author",
    ]


def test_every_item_column_stands_in_a_table_that_feeds_it(contracts: Contracts) -> None:
    authority = load_authority()
    held = {item.code for item in authority.items if contracts.holders(item.code)}
    fed = {feed for table in contracts for feed in table.feeds if not feed.startswith("A2")}
    assert held == fed


def test_the_same_contracts_differ_in_nothing(contracts: Contracts) -> None:
    assert compare(contracts, contracts) == []


def test_a_removed_column_is_a_breaking_change_of_structure(contracts: Contracts) -> None:
    table = contracts.table("hr_management", "org_unit")
    after = changed(contracts, table.id, columns=table.columns[:-1])
    [change] = compare(contracts, after)
    assert (change.what, change.kind, change.breaking) == ("column removed", "structure", True)
    [change] = compare(after, contracts)
    assert (change.what, change.kind, change.breaking) == ("column added", "structure", True)


def test_a_retyped_column_is_a_breaking_change_of_structure(contracts: Contracts) -> None:
    table = contracts.table("hr_management", "org_unit")
    after = changed(contracts, table.id, columns=with_column(table, "sort_no", type="string"))
    [change] = compare(contracts, after)
    assert (change.place, change.breaking) == ("hr_management/org_unit.sort_no", True)


@pytest.mark.parametrize(
    ("overrides", "breaking"),
    [
        ({"maximum": 6}, True),
        ({"maximum": 8}, False),
        ({"minimum": 2}, True),
        ({"minimum": None}, False),
        ({"required": True}, True),
    ],
)
def test_only_a_tighter_check_breaks_deliveries(
    contracts: Contracts, overrides: dict[str, object], breaking: bool
) -> None:
    table = contracts.table("academic_affairs", "teaching_class")
    after = changed(contracts, table.id, columns=with_column(table, "weekday", **overrides))
    [change] = compare(contracts, after)
    assert (change.kind, change.breaking) == ("check", breaking)


def test_a_breaking_change_needs_a_higher_first_number(contracts: Contracts) -> None:
    table = contracts.table("hr_management", "org_unit")
    after = changed(contracts, table.id, columns=table.columns[:-1])
    assert unannounced(contracts, after) == ["hr_management"]
    raised = Contracts(tuple(replace(s, version="2.0.0") for s in after.sources), {})
    assert unannounced(contracts, raised) == []
