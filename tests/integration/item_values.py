"""People of whom exactly one landed value changes, so that one can see where it arrives.

Every landed column that an item of annex 3 or 4 names (in the contracts) gets a person of its own.
All of them have a row in every landed table of their kind, with values made from the contract; in
a second state each person's column holds another value. What differs between the two states on a
person comes from that one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.integration.landed_rows import Rows
from tests.item_lists import item_holders
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Column, Table

__all__ = ["ANNEXES", "CASES", "Case", "landed", "named_columns"]

Place = tuple[str, str]  # landed table (source/name) and column

#: The kinds of people whose items are followed, by the annex.
ANNEXES = ("A3-", "A4-")

#: Landed tables without a subject of their own: the column that says whose row it is.
SUBJECTS = {
    "research_management/research_output": None,
    "research_management/research_output_author": "staff_no",
}
#: A column that only a person of the other kind has filled.
OF_STUDENTS = {("research_management/research_output_author", "student_no")}
#: What must stay as it is for the row to count at all, or cannot be made from the contract.
VALUES: Mapping[Place, Any] = {
    ("research_management/research_output_author", "student_no"): None,
    ("academic_affairs/teaching_class", "term_code"): "2025-2026-1",
    ("hr_management/staff_basic", "id_doc_type"): "1",
    ("student_affairs/student_status", "id_doc_type"): "1",
    ("student_affairs/student_status", "entry_date"): "2010-09-01",
    # What is not yet, so that the other value, which is past, shows in what holds at as-of.
    ("student_affairs/student_discipline", "revoked_date"): "2027-01-02",
    ("student_affairs/student_cadre", "end_date"): "2027-01-02",
    ("student_affairs/student_aid", "paid_date"): "2027-01-02",
    ("tuition_collection/fee_bill", "standard_amount"): 20,
}
#: Tables whose rows are of several items: the column that tells, and per value the row's items.
VARIANTS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "student_affairs/student_award": (
        "record_type",
        {"荣誉": ("A4-06",), "奖学金": ("A4-07",), "科技成果": ("A4-08",)},
    ),
    "student_affairs/student_aid": (
        "record_type",
        {"困难补助": ("A4-09",), "助学金": ("A4-15",), "贷款": ("A4-18",), "困难认定": ("A4-09",)},
    ),
    "student_affairs/student_activity": (
        "activity_type",
        {"社会实践": ("A4-11",), "社团": ("A4-12",), "志愿服务": ("A4-16",)},
    ),
}
#: Which student a candidate became: the item's own table knows the candidate alone.
_LINKS = {"student": ("freshman_onboarding/freshman_registration", "student_no")}

#: Tables that others refer to: two rows each, the second for the changed value.
_PARENTS: Rows = {
    "hr_management/org_unit": [
        {"unit_code": "201", "unit_name": "甲学院", "unit_type": "1"},
        {"unit_code": "202", "unit_name": "乙学院", "unit_type": "1"},
    ],
    "academic_affairs/major": [
        {"major_code": "M1", "major_name": "专业一", "college_code": "201"},
        {"major_code": "M2", "major_name": "专业二", "college_code": "202"},
    ],
    "academic_affairs/course": [
        {"course_code": "K1", "course_name": "课一", "unit_code": "201", "credits": 3},
        {"course_code": "K2", "course_name": "课二", "unit_code": "202", "credits": 2},
    ],
    "library_management/library_item": [
        {"barcode": "L1", "title": "书一"},
        {"barcode": "L2", "title": "书二"},
    ],
}
_PARENT_KEYS = {
    "org_unit.unit_code": ("201", "202"),
    "major.major_code": ("M1", "M2"),
    "course.course_code": ("K1", "K2"),
    "library_item.barcode": ("L1", "L2"),
    "staff_basic.staff_no": ("W000", "W001"),
    "student_status.student_no": ("Z000", "Z001"),
}
#: Parents that every person has one of, so that nobody's value shows on anybody else.
_OWN_PARENTS = {
    "teaching_class.class_no": "academic_affairs/teaching_class",
    "research_output.output_no": "research_management/research_output",
    "fee_bill.bill_no": "tuition_collection/fee_bill",
}
_BASIC = {"staff": "hr_management/staff_basic", "student": "student_affairs/student_status"}
_NUMBERS = {"staff": "staff_no", "student": "student_no"}
_CONTRACTS = load_contracts()
_TABLES = {table.id: table for table in _CONTRACTS}


@dataclass(frozen=True)
class Case:
    """One landed column (of a row of `variant`), the person on whom it changes and the items that
    name it. `kind` is that of the person's number."""

    table: str
    column: str
    variant: str | None
    items: frozenset[str]
    kind: str
    number: str

    @property
    def place(self) -> str:
        return f"{self.table}.{self.column}" + (f" ({self.variant})" if self.variant else "")

    @property
    def changes_the_number(self) -> bool:
        """The person then needs another number to be known by: a student who became staff."""
        return self.table == _BASIC[self.kind] and self.column == _NUMBERS[self.kind]


def named_columns(item: str) -> list[Place]:
    """The landed tables and columns that the contracts name for the item."""
    return [(table.id, column) for table, columns in _CONTRACTS.holders(item) for column in columns]


def _next(values: list[str], value: str) -> str:
    return values[(values.index(value) + 1) % len(values)]


def _cases() -> Iterator[Case]:
    named: dict[Place, set[str]] = {}
    for holder in item_holders():
        if holder["item"].startswith(ANNEXES):
            for place in named_columns(holder["item"]):
                named.setdefault(place, set()).add(holder["item"])
    counted = {"staff": 10, "student": 10}
    for (table, column), items in named.items():
        teller, variants = VARIANTS.get(table, (None, {None: tuple(items)}))
        for variant, of_variant in variants.items():
            told = items & set(of_variant)
            if column == teller:
                told |= items & set(variants[_next(list(variants), variant)])
            if told:
                student = min(items).startswith("A4") or (table, column) in OF_STUDENTS
                kind = "student" if student else "staff"
                counted[kind] += 1
                number = f"{'Z' if student else 'W'}{counted[kind]:03}"
                yield Case(table, column, variant, frozenset(told), kind, number)


CASES = tuple(_cases())
#: Who a changed reference points at, by the first letter of the numbers of their kind.
_SPARE_OF = {"W": "W001", "Z": "Z001"}
_SPARE = (("staff", "W000"), ("staff", "W001"), ("student", "Z000"), ("student", "Z001"))


def landed(*, changed: bool) -> Rows:
    """The rows of one state; `changed` gives every case its other value."""
    rows = {table: list(parents) for table, parents in _PARENTS.items()}
    for kind, number in _SPARE:
        for table in _own_tables(kind):
            rows.setdefault(table, []).append(_row(_TABLES[table], number))
    for case in CASES:
        for table in _tables_of(case):
            row = _row(_TABLES[table], case.number, case, changed=changed)
            rows.setdefault(table, []).append(row)
        if case.changes_the_number:
            rows.setdefault(_BASIC["student"], []).append(_twin(case.number))
    return rows


def _own_tables(kind: str) -> set[str]:
    """Who the person is, and the parents that every person has one of."""
    parents = {
        parent
        for parent in _OWN_PARENTS.values()
        if _subject(_TABLES[parent]) in (None, _NUMBERS[kind])
    }
    links = {_LINKS[kind][0]} if kind in _LINKS else set()
    return {_BASIC[kind], *parents, *links}


def _tables_of(case: Case) -> list[str]:
    """Every table of the person's kind; nothing else is filed under a number that changes."""
    if case.changes_the_number:
        return [case.table]
    of_kind = {other.table for other in CASES if other.kind == case.kind}
    return sorted(_own_tables(case.kind) | of_kind)


def _subject(table: Table) -> str | None:
    return SUBJECTS.get(table.id, table.subject_key)


def _row(
    table: Table, number: str, case: Case | None = None, *, changed: bool = False
) -> dict[str, Any]:
    here = case is not None and case.table == table.id
    changing = case.column if changed and here else None
    row = {
        column.name: _value(table, column, number, column.name == changing)
        for column in table.columns
    }
    if (table.id, "student_no") in OF_STUDENTS and case is not None and case.kind == "student":
        row |= {
            "staff_no": None,
            "student_no": _SPARE_OF["Z"] if changing == "student_no" else number,
        }
    if table.id in VARIANTS:
        teller, variants = VARIANTS[table.id]
        shown = case.variant if here and case.variant else next(iter(variants))
        row[teller] = _next(list(variants), shown) if changing == teller else shown
    return row


def _value(table: Table, column: Column, number: str, other: bool) -> Any:
    """What the contract allows in the column: one value, or another where `other`."""
    spare = _SPARE_OF[number[0]]
    if column.name == _subject(table):
        own_number = f"{number}X" if table.id in _BASIC.values() else spare
        return own_number if other else number
    if (table.id, column.name) in _LINKS.values():
        return number
    if not other and (table.id, column.name) in VALUES:
        return VALUES[table.id, column.name]
    if column.foreign_key in _OWN_PARENTS:
        return f"{spare if other else number}-1"
    if column.foreign_key in _PARENT_KEYS:
        return _PARENT_KEYS[column.foreign_key][other]
    if _OWN_PARENTS.get(f"{table.name}.{column.name}") == table.id:
        return f"{number}-{2 if other else 1}"
    if column.code_table:
        return sorted(_CONTRACTS.code_tables[column.code_table])[other]
    if column.allowed:
        return column.allowed[other]
    return _plain(column, number, other)


def _plain(column: Column, number: str, other: bool) -> Any:
    kind = column.sql_type.partition("(")[0]
    if column.name == "academic_year":
        return "2021-2022" if other else "2020-2021"
    if column.type == "month":
        return "2021-02" if other else "2020-01"
    return {
        "VARCHAR": f"{column.name} {number}{' *' if other else ''}",
        "INTEGER": 2 if other else 1,
        "BIGINT": 2 if other else 1,
        "DECIMAL": 11 if other else 10,
        "BOOLEAN": bool(other),
        "DATE": "2021-03-04" if other else "2020-01-02",
        "TIMESTAMP": "2021-03-04 05:00:00" if other else "2020-01-02 03:00:00",
    }[kind]


def _twin(number: str) -> dict[str, Any]:
    """The student that this member of staff was: document, name and birth date agree."""
    known = _row(_TABLES[_BASIC["staff"]], number)
    row = _row(_TABLES[_BASIC["student"]], f"Z{number}")
    return row | {name: known[name] for name in ("name", "birth_date", "id_doc_type", "id_card_no")}
