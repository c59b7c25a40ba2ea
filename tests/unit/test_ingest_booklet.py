"""Rows of a workbook are as high as their text, and a rule's advice points at its columns."""

from __future__ import annotations

from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.ingest.advice import Adviser
from warehouse.ingest.booklet import height_of, width_of


def test_a_row_is_as_high_as_the_longest_of_its_cells() -> None:
    one = height_of([("短", 10)])
    assert height_of([("短", 10), ("一二三四五六七八九十", 10)]) == 3 * one
    assert height_of([("1. 甲\n2. 乙", 40)]) == 2 * one
    assert height_of([("", 10)]) == height_of([]) == one
    assert height_of([("字" * 9_000, 10)]) == 409


def test_a_chinese_sign_is_twice_as_wide() -> None:
    assert width_of(["abcdef"], 1) == width_of(["甲乙丙"], 1)


def test_a_rule_speaks_of_the_columns_of_its_own_row() -> None:
    contracts = load_contracts()
    fitness = Adviser(
        contracts.table("form_sports_college", "student_fitness_test"), contracts, load_authority()
    )
    assert fitness.rule_columns("grade_matches_score") == ("total_score", "fitness_grade")
    assert fitness.rule_columns("no_such_rule") == ()
    for table in contracts:
        adviser = Adviser(table, contracts, load_authority())
        for rule in table.rules:
            assert adviser.rule_columns(rule.id), (table.id, rule.id)
