"""The form in which a file habitually writes a column, so that the quick pass can read it too.

One system writes all its dates as 2019/7/5, another pads every value with blanks. Each such value
would take the patient path, some ten times slower. A look at the first rows finds what is usual in
a column; the quick pass then reads that one form exactly as the patient path would, and whatever
stands otherwise still goes there. So a habit changes how fast a file is read, never what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest import forms
from warehouse.ingest.checks import code_meanings, delivered_column, in_list
from warehouse.ingest.patient import read_patiently

__all__ = ["Habit", "count_forms", "find_habits", "is_clean", "typed_value"]

#: Rows looked at, and the share of them that makes a habit.
_SAMPLE = 2048
_LEAST_ROWS = 256
_SHARE = 0.05
#: Longer code tables are joined, row by row, on the patient path.
_MOST_CODES = 200


@dataclass(frozen=True)
class Habit:
    """`when` is SQL true where the column's text is in the form, `value` what it then means.
    `counts` names, for the report, the forms and the SQL over the value that tells them apart."""

    when: str
    value: str
    counts: tuple[tuple[str, str], ...]


def is_clean(contracts: Contracts, column: Column, text: str, value: str) -> str:
    """SQL true where `text` surely is the plain form of `value`, a code of its table included."""
    if (meanings := code_meanings(contracts, column)) is not None:
        return in_list(text, sorted(set(meanings.values())))
    return forms.clean(column, text, value)


def typed_value(column: Column, text: str, habit: Habit | None) -> str:
    """SQL of the value the quick pass gives `text`."""
    return habit.value if habit else forms.plain_value(column, text)


def find_habits(
    connection: Connection,
    sample: str,
    columns: tuple[str, ...],
    table: Table,
    contracts: Contracts,
    work: Path,
) -> dict[str, Habit]:
    """Habits by column name; empty where the file is tidy.

    `sample` is SQL with the text columns c0, c1, … of the first rows.
    """
    described = [delivered_column(table, name) for name in columns]
    texts = ", ".join(f"c{position}" for position in range(len(columns)))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE looked_at AS SELECT {texts} FROM ({sample}) LIMIT {_SAMPLE}"
    )
    untidy = _untidy_columns(connection, described, contracts)
    if not untidy:
        return {}
    found = read_patiently(
        connection,
        f"SELECT rowid AS batch_row, false AS ragged, [{texts}] AS raw FROM looked_at",
        columns,
        table,
        contracts,
        work / "looked-at.parquet",
    )
    habits = {}
    for position, column in enumerate(described):
        if position in untidy:
            counted = found.forms.get(column.name, {})
            if habit := _habit(connection, contracts, column, position, counted):
                habits[column.name] = habit
    return habits


def _untidy_columns(
    connection: Connection, described: list[Column], contracts: Contracts
) -> set[int]:
    """Positions of columns in which more than a few values are not in plain form."""
    typed = ", ".join(
        f"{forms.plain_value(column, f'c{position}')} AS v{position}"
        for position, column in enumerate(described)
    )
    clean = ", ".join(
        f"avg((c{position} IS NOT NULL AND NOT coalesce("
        f"{is_clean(contracts, column, f'c{position}', f'v{position}')}, false))::INTEGER)"
        for position, column in enumerate(described)
    )
    rows, *shares = connection.execute(
        f"SELECT count(*), {clean} FROM (SELECT *, {typed} FROM looked_at)"
    ).fetchone()
    if rows < _LEAST_ROWS:
        return set()
    return {position for position, share in enumerate(shares) if share > _SHARE}


def _habit(
    connection: Connection,
    contracts: Contracts,
    column: Column,
    position: int,
    counted: Mapping[str, int],
) -> Habit | None:
    original = f"c{position}"
    tidied = forms.tidy(column, original)
    (padded,) = connection.execute(
        f"SELECT coalesce(avg(({tidied} IS DISTINCT FROM {original})::INTEGER), 0) FROM looked_at"
    ).fetchone()
    text = tidied if padded > _SHARE else original
    meanings = code_meanings(contracts, column)
    if meanings is not None:
        return _labels(meanings, text) if len(meanings) <= _MOST_CODES else None
    if not counted:
        return None
    usual = max(counted, key=lambda form: counted[form])
    if column.type == "bool":
        return _words(counted, text)
    if column.type == "timestamp" and usual == "Beijing time":
        return _local_time(connection, text)
    if column.type in ("string", "text"):
        return Habit(f"{text} IS NOT NULL", text, (("tidied", "true"),))
    if column.type == "int" or column.type.startswith("decimal"):
        choices = forms.numbers(column, text)
        when = " OR ".join(f"({condition})" for _, condition, _ in choices)
        names = " or ".join(name for name, _, _ in choices)
        return Habit(when, choices[0][2], ((names, "true"),))
    for name, when, value in forms.choices(column, text):
        if name == usual:
            return Habit(when, value, ((name, "true"),))
    return None


def _labels(meanings: Mapping[str, str], text: str) -> Habit:
    pairs = " ".join(
        f"WHEN {quote_text(written)} THEN {quote_text(code)}" for written, code in meanings.items()
    )
    return Habit(
        in_list(text, list(meanings)), f"CASE {text} {pairs} END", (("code or label", "true"),)
    )


def _words(counted: Mapping[str, int], text: str) -> Habit | None:
    """The one word for yes and the one for no that the file uses."""
    yes = [word for word in counted if word in forms.TRUE_WORDS]
    no = [word for word in counted if word in forms.FALSE_WORDS]
    if len(yes) > 1 or len(no) > 1:
        return None
    counts = [(word, "{value}") for word in yes] + [(word, "NOT {value}") for word in no]
    words = in_list(f"lower({text})", [*yes, *no])
    return Habit(words, in_list(f"lower({text})", yes) if yes else "false", tuple(counts))


def _local_time(connection: Connection, text: str) -> Habit | None:
    """Local times with dashes or slashes; the few other ways are left to the patient path."""
    when = (
        f"regexp_full_match({text}, "
        r"'\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]+\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?')"
    )
    (share,) = connection.execute(
        f"SELECT avg(({when})::INTEGER) FROM looked_at WHERE {text} IS NOT NULL"
    ).fetchone()
    if not share or share < 1 - _SHARE:
        return None
    value = f"TRY(try_cast(replace({text}, '/', '-') AS TIMESTAMP) - {forms.BEIJING})"
    return Habit(when, value, (("Beijing time", "true"),))


def count_forms(
    connection: Connection, habits: Mapping[str, Habit], relation: str
) -> dict[str, dict[str, int]]:
    """How often each habit was met, by column and form, over rows of the quick pass."""
    places = [
        (name, form, condition.format(value=quote(name)))
        for name, habit in habits.items()
        for form, condition in habit.counts
    ]
    counts = connection.execute(
        "SELECT "
        + ", ".join(
            f"count(*) FILTER ({quote(name)} IS NOT NULL AND ({condition}))"
            for name, _, condition in places
        )
        + f" FROM ({relation})"
    ).fetchone()
    found: dict[str, dict[str, int]] = {}
    for (name, form, _), count in zip(places, counts, strict=True):
        if count:
            found.setdefault(name, {})[form] = count
    return found
