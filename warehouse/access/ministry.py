"""The ministry's tables out of the current release: how far each is filled, and one as a workbook.

Whole cells are read for the unit that files a table and for nobody else, leaders included: small
cells of graduates or of changes would undo what disclosure control holds back (docs/adr/0020). What
everybody else may see of a return is how many cells have a number and which have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from warehouse.access.policy import Standing, may
from warehouse.access.reader import Cursor, Reader
from warehouse.access.signing import Signing
from warehouse.access.statistics import release_note
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.errors import NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.home import Home
from warehouse.ministry import Figure, Filled, Form, fill_report, fill_return, forms, workbook
from warehouse.ministry.filling import REASONS, Gap, period_of

__all__ = ["Ministry", "files_table", "form_of"]


def form_of(number: str) -> Form:
    """The table of a number (312, 高基312 or bkzl); `NotFound` where there is none."""
    found = forms().get(number.removeprefix("高基"))
    if found is None:
        raise NotFound(
            "There is no such table of the ministry here.",
            next_step="See what there is with: campus ministry list",
        )
    return found


def files_table(standing: Standing, form: Form) -> bool:
    """Whether this person may have the table's numbers: head or officer of the unit that files it.
    The report's are the figures of leaders, so whoever reads those has them too."""
    if form.kind == "report" and may(standing, "statistics.read"):
        return True
    return any(
        held.unit == form.filed_by and held.role in ("unit_head", "unit_officer")
        for held in standing.roles
    )


class Ministry:
    """The tables of the current release. Made for one answer; it keeps nothing."""

    def __init__(self, reader: Reader, signing: Signing, home: Home | None = None) -> None:
        self._reader, self._signing, self._home = reader, signing, home

    def listed(self, year: int | None = None) -> dict[str, Any]:
        """`{"year", "years", "tables", "release"}`; of each table what it is, how it is known, when
        it is due, how many of its cells have a number, and what is missing. No number of a cell.

        Raises `UsageError` for a year that the release has nothing of.
        """
        every, years, chosen, note = self._fill(tuple(forms().values()), year)
        return {
            "year": chosen,
            "years": years,
            "tables": [self._described(filled) for filled in every],
            "release": note,
        }

    def filled(self, number: str, year: int | None = None) -> Filled:
        """One table with its numbers. Whoever calls has asked `files_table`."""
        ((filled,), _years, _chosen, _note) = self._fill((form_of(number),), year)
        return filled

    def workbook(self, number: str, year: int | None = None) -> tuple[str, bytes]:
        """The name and the content of the file of one table."""
        ((filled,), _years, chosen, note) = self._fill((form_of(number),), year)
        content = workbook(filled, unit_name=self._unit_name, release=note["id"])
        prefix = "gaoji" if filled.form.kind == "return" else ""
        return f"{prefix}{filled.form.no}-{chosen}.xlsx", content

    def _fill(
        self, wanted: Sequence[Form], year: int | None
    ) -> tuple[list[Filled], list[int], int, dict[str, Any]]:
        with self._reader.open("authority") as (cursor, release):
            years = _years(cursor)
            as_of = school_day(datetime.fromisoformat(release.manifest["as_of"]))
            chosen = _chosen(year, years, as_of)
            cells = _cells(cursor, chosen)
            signed = _signed(cursor, chosen)
            note = release_note(release)
            delivered = {
                f"{batch['source']}.{batch['table']}" for batch in release.manifest["batches"]
            }
        every = []
        for form in wanted:
            if form.kind == "report":
                every.append(self._report(form, chosen, as_of))
                continue
            own = [row for row in cells if row[0] == form.no]
            every.append(
                fill_return(
                    form,
                    chosen,
                    {(line, column): value for _no, line, _name, _code, column, value in own},
                    {line: (name, code) for _no, line, name, code, _column, _value in own},
                    as_of=as_of,
                    delivered=delivered,
                    owner_of=lambda table: _owners()[table],
                    is_signed=form.no in signed,
                )
            )
        return every, years, chosen, note

    def _report(self, form: Form, year: int, as_of: date) -> Filled:
        wanted = sorted({part.indicator for part in form.parts if part.indicator})
        periods = sorted({period_of(part, year) for part in form.parts})
        with self._reader.open("statistics") as (cursor, _release):
            definitions = {
                row[0]: row
                for row in cursor.execute(
                    "select id, row_code, unit, formula from indicator "
                    "where id in (select unnest(?))",
                    [wanted],
                ).fetchall()
            }
            figures = _figures(cursor, wanted, periods)
        rows = sorted({row_code for _id, row_code, _unit, _formula in definitions.values()})
        # None of the rows is no sheet, not all of them.
        sheets = self._signing.described(rows) if rows else []
        waiting = {(sheet["dataset"], sheet["period"]): _waiting(sheet) for sheet in sheets}
        authority = load_authority(as_of, self._home)

        def owners(indicator: str) -> Sequence[str]:
            found = definitions.get(indicator)
            return authority.dataset(found[1]).owner_ids if found else ()

        def unsigned(indicator: str, period: str) -> Sequence[Gap]:
            found = definitions.get(indicator)
            return waiting.get((found[1], period), ()) if found else ()

        return fill_report(
            form,
            year,
            figures,
            {name: (unit, formula) for name, _row, unit, formula in definitions.values()},
            as_of=as_of,
            unsigned=unsigned,
            owners=owners,
        )

    def _unit_name(self, unit: str) -> str:
        return load_authority(home=self._home).units.get(unit, unit)

    def _described(self, filled: Filled) -> dict[str, Any]:
        form = filled.form
        return {
            "table": form.no,
            "number": form.number,
            "title": form.title,
            "kind": form.kind,
            "sure": form.sure,
            "columns_sure": sorted({column.sure for column in form.columns} | {form.lines_sure}),
            "source": form.source,
            "filed_by": form.filed_by,
            "filed_by_name": self._unit_name(form.filed_by),
            "counted_on": form.counted(filled.year),
            "due": form.due_on(filled.year),
            "due_sure": form.due_sure,
            "state": filled.state,
            "cells": filled.cells,
            "filled": filled.filled,
            "missing": [
                {
                    "cell": gap.cell,
                    "reason": gap.reason,
                    "reason_text": REASONS[gap.reason],
                    "why": gap.why,
                    "unit": gap.unit,
                    "unit_name": self._unit_name(gap.unit) if gap.unit else None,
                }
                for gap in filled.gaps
            ],
        }


def _waiting(sheet: Mapping[str, Any]) -> list[Gap]:
    """A gap for each unit that has not signed the sheet."""
    return [
        Gap(
            f"{sheet['name']} {sheet['period']}",
            "unsigned",
            unit["unit"],
            "时期尚未结束" if unit["state"] == "running" else "",
        )
        for unit in sheet["units"]
        if unit["state"] != "signed"
    ]


@cache
def _owners() -> Mapping[str, str]:
    return {f"{table.id.replace('/', '.')}": table.owner_unit for table in load_contracts()}


def _schemas(cursor: Cursor, table: str) -> list[str]:
    found = cursor.execute(
        "select table_schema from information_schema.tables "
        "where table_name = ? and table_schema like 'school%' order by table_schema",
        [table],
    ).fetchall()
    return [schema for (schema,) in found]


def _years(cursor: Cursor) -> list[int]:
    years: set[int] = set()
    for schema in _schemas(cursor, "ministry_cell"):
        rows = cursor.execute(f'select distinct return_year from "{schema}".ministry_cell')
        years |= {year for (year,) in rows.fetchall()}
    return sorted(years, reverse=True)


def _chosen(year: int | None, years: Sequence[int], as_of: date) -> int:
    if year is None:
        return years[0] if years else as_of.year
    if year not in {*years, as_of.year}:
        listed = ", ".join(str(known) for known in years) or str(as_of.year)
        raise UsageError("The release has no tables of that year.", next_step=f"It has: {listed}.")
    return year


def _cells(cursor: Cursor, year: int) -> list[tuple[Any, ...]]:
    """(table, line, line's name, line's code, column, value) of one year."""
    found: list[tuple[Any, ...]] = []
    for schema in _schemas(cursor, "ministry_cell"):
        found += cursor.execute(
            "select table_no, line, line_name, line_code, column_id, value "
            f'from "{schema}".ministry_cell where return_year = ?',
            [year],
        ).fetchall()
    return found


def _signed(cursor: Cursor, year: int) -> set[str]:
    """Tables of which every line of the return of that year is signed (事业统计报表签发)."""
    states: dict[str, bool] = {}
    for schema in _schemas(cursor, "statistics_return"):
        for code, every in cursor.execute(
            "select return_code, bool_and(signed_at is not null) "
            f'from "{schema}".statistics_return where year = ? group by return_code',
            [year],
        ).fetchall():
            number = code.removeprefix("高基")
            states[number] = states.get(number, True) and every
    return {number for number, every in states.items() if every}


def _figures(
    cursor: Cursor, indicators: Sequence[str], periods: Sequence[str]
) -> dict[tuple[str, str], dict[str, Figure]]:
    cursor.execute(
        "select * from indicator_value where level in ('school', 'major') "
        "and indicator in (select unnest(?)) and period in (select unnest(?))",
        [list(indicators), list(periods)],
    )
    names = [column[0] for column in cursor.description]
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        found.setdefault((row["indicator"], row["period"]), {})[row["unit"]] = Figure(
            row["value"], row["numerator"], row["unit_name"], bool(row.get("is_suppressed"))
        )
    return found
