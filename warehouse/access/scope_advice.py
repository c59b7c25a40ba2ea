"""What an application asks for that it may not need, and what would serve as well; pure.

The regulation lets a unit have what its work needs (Article 8); the law asks for the least that
serves (PIPL Article 6) and for a reason with every sensitive column (Article 28).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from warehouse.access.grant_catalogue import column_of
from warehouse.access.grant_scope import PERSON_KEY, WHO, Available, Scope
from warehouse.authority.sensitive import never_granted, sensitive_columns, sensitive_reasons
from warehouse.contracts import load_contracts
from warehouse.governance.content import Content

__all__ = ["IDENTIFIERS", "Suggestion", "least_that_serves", "reason_problems", "sensitive_in"]

#: Columns that name a person to anybody who has a list of the college's people.
IDENTIFIERS = frozenset(
    {
        *("name", "student_no", "staff_no", "person_no", "owner_no", "reader_no", "exam_no"),
        *("id_card_no", "id_card_hash", "account", "card_no", "mailbox", "phone", "address"),
    }
)
#: A term longer than this is worth a question; an extension is one signature round.
_LONG_TERM = timedelta(days=366)


@dataclass(frozen=True)
class Suggestion:
    """One way to ask for less. `code` says which (pages hold the words); `table` and `columns` say
    where; `instead` is what would serve.

    | code | instead |
    |---|---|
    | pseudonym | `person_key`: one number a person within the grant, meaningless elsewhere |
    | no_reason | leave out the sensitive columns, or say why they are needed |
    | birth_date | nothing: the year alone is not published; leave it out if age is not needed |
    | every_column | the columns that the purpose needs |
    | everybody | conditions on who is in the scope |
    | own_college | `{"students": {"college_code": [unit]}}` |
    | shorter_term | the last day a year from the first |
    """

    code: str
    table: str | None = None
    columns: tuple[str, ...] = ()
    instead: Any = field(default=None)


def sensitive_in(columns: Scope) -> dict[str, str]:
    """'dataset.table.column' of each sensitive column (PIPL Article 28) → why it is sensitive.

    What a contract classifies so, what `sensitive.yaml` lists, and identity numbers by their name.
    """
    found = {}
    for table, names in columns.items():
        listed = sensitive_columns()["authority"].get(table, frozenset())
        for name in names:
            if table in never_granted():
                found[f"{table}.{name}"] = never_granted()[table]
            elif name in listed:
                found[f"{table}.{name}"] = sensitive_reasons()[table]
            elif name == "id_card_no" or _classified(table, name):
                column = column_of(table, name)
                title = column.title if column is not None else name
                found[f"{table}.{name}"] = f"敏感个人信息（个人信息保护法第二十八条）：{title}"
    return found


def _classified(table: str, name: str) -> bool:
    return any(
        column.name == name and column.privacy == "sensitive"
        for contract in load_contracts()
        if contract.name == table.partition(".")[2]
        for column in contract.columns
    )


def reason_problems(content: Content) -> list[str]:
    """One line per sensitive column that the form does not say the need of."""
    return [
        f"say why {column} is needed, it is sensitive"
        for column in sensitive_in(content.columns)
        if not content.reasons.get(column, "").strip()
    ]


def least_that_serves(
    content: Content,
    available: Available,
    today: date,
    *,
    colleges: Collection[str] = (),
) -> list[Suggestion]:
    """What could be left out or narrowed, in the order of the form. `colleges` are the codes that
    a student's college may have; a unit that is one of them is asked whether its own would do."""
    found = []
    for table, names in content.columns.items():
        if table in available:
            found += _of_table(content, table, names, available[table])
    found += _of_rows(content, available, colleges)
    first = content.first_day or today
    if content.last_day is not None and content.last_day - first > _LONG_TERM:
        found.append(Suggestion("shorter_term", instead=first + timedelta(days=365)))
    return found


def _of_table(
    content: Content, table: str, names: Sequence[str], has: Collection[str]
) -> list[Suggestion]:
    found = []
    naming = tuple(name for name in names if name in IDENTIFIERS)
    if naming and PERSON_KEY in has:
        found.append(Suggestion("pseudonym", table, naming, PERSON_KEY))
    unexplained = tuple(
        column.rpartition(".")[2]
        for column in sensitive_in({table: names})
        if not content.reasons.get(column, "").strip()
    )
    if unexplained:
        found.append(Suggestion("no_reason", table, unexplained))
    if "birth_date" in names:
        found.append(Suggestion("birth_date", table, ("birth_date",)))
    if set(names) >= set(has) and len(has) > 3:
        found.append(Suggestion("every_column", table))
    return found


def _of_rows(content: Content, available: Available, colleges: Collection[str]) -> list[Suggestion]:
    people = [table for table in content.columns if PERSON_KEY in available.get(table, {})]
    limited = {*content.rows.students, *content.rows.staff, *content.rows.columns}
    if not people or "college_code" in limited:
        return []
    if content.unit in colleges and "college_code" in available.get(WHO["students"], {}):
        return [Suggestion("own_college", instead={"students": {"college_code": [content.unit]}})]
    return [] if limited else [Suggestion("everybody")]
