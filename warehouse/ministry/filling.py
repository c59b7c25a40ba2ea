"""Fills a table from what a release says, and lists what is missing. Pure: data in, data out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from warehouse.ministry.forms import Column, Form, Part

__all__ = [
    "REASONS",
    "Figure",
    "Filled",
    "Gap",
    "Row",
    "fill_report",
    "fill_return",
    "period_of",
    "unfilled",
]

#: Why a cell is missing, in the words of whoever files it.
REASONS = {
    "layout_unknown": "表式不在手，列未知，不填",
    "no_source_column": "来源没有这一列",
    "not_delivered": "来源尚未报送",
    "not_covered": "统计时点没有数据",
    "not_reached": "未到统计时点",
    "suppressed": "按保密要求隐去",
    "no_value": "分母为零，没有值",
    "sensitive": "敏感信息，不在汇总中列出",
    "unsigned": "已填，责任单位尚未签发",
}
#: Reasons under which there is a number all the same.
_FILLED = ("unsigned",)


@dataclass(frozen=True)
class Gap:
    """What is missing: the cell in words, one of `REASONS`, why, and the id of the unit that could
    supply it (None: nobody can)."""

    cell: str
    reason: str
    unit: str | None
    why: str = ""


@dataclass(frozen=True)
class Row:
    """A line as it is filed: its name, a national code where it has one, and a number for each
    heading; None is a missing one. `notes` are words beside a line of the report."""

    title: str
    code: str | None
    values: tuple[float | None, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A table for one year. `cells` counts what it asks for as far as its lines are known,
    `filled` what has a number."""

    form: Form
    year: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    cells: int
    filled: int

    @property
    def state(self) -> str:
        """unfilled, partly or filled."""
        if not self.filled:
            return "unfilled"
        missing = any(gap.reason not in _FILLED for gap in self.gaps)
        return "partly" if missing else "filled"


@dataclass(frozen=True)
class Figure:
    """A figure as leaders see it; a suppressed one has no numbers."""

    value: float | None
    numerator: float | None
    unit_name: str
    is_suppressed: bool


def unfilled(form: Form, year: int, reason: str, unit: str | None, why: str = "") -> Filled:
    """A table of which nothing is filled."""
    gap = Gap("整表", reason, unit, why)
    return Filled(form, year, (), (), (gap,), 0, 0)


def fill_return(
    form: Form,
    year: int,
    cells: Mapping[tuple[str, str], float],
    names: Mapping[str, tuple[str, str | None]],
    *,
    as_of: date,
    delivered: Iterable[str],
    owner_of: Callable[[str], str],
    is_signed: bool,
) -> Filled:
    """One 高基 table. `cells` is (line, column) → number; `names` is line → name and national code,
    of lines that come with the data. `as_of` is the day the data reach, `delivered` the landed
    tables ('system.table') of the release, `owner_of` the unit that delivers one.

    A column without any cell is missing; in one that has some, an absent cell is a zero.
    """
    if form.unfilled:
        return unfilled(form, year, form.unfilled, form.unit, form.why)
    if as_of < form.counted(year):
        return unfilled(form, year, "not_reached", None)
    known = set(delivered)
    present = {column for _line, column in cells}
    gaps, shown = [], []
    for column in form.columns:
        gap = _gap(column, known, present, owner_of)
        shown.append(gap is None)
        if gap is not None:
            gaps.append(gap)
    lines = _lines(form, names)
    rows = tuple(
        Row(
            title,
            code,
            tuple(
                cells.get((line, column.id or ""), 0.0) if there else None
                for column, there in zip(form.columns, shown, strict=True)
            ),
        )
        for line, title, code in lines
    )
    if cells and not is_signed:
        gaps.append(Gap("整表", "unsigned", form.filed_by))
    return Filled(
        form,
        year,
        tuple(column.title for column in form.columns),
        rows,
        tuple(gaps),
        len(rows) * len(form.columns),
        len(rows) * sum(shown),
    )


def _gap(
    column: Column, delivered: set[str], present: set[str], owner_of: Callable[[str], str]
) -> Gap | None:
    if column.id is None:
        assert column.missing is not None
        return Gap(column.title, column.missing, column.unit, column.why)
    absent = [table for table in column.tables if table not in delivered]
    if absent:
        return Gap(column.title, "not_delivered", owner_of(absent[0]), "、".join(absent))
    if column.id not in present:
        return Gap(column.title, "not_covered", None)
    return None


def _lines(
    form: Form, names: Mapping[str, tuple[str, str | None]]
) -> Sequence[tuple[str, str, str | None]]:
    """(id, title, code): the table's own lines, or those of the data in the order of their codes,
    whoever belongs nowhere last."""
    if form.lines is not None:
        return [(line.id, line.title, None) for line in form.lines]
    nowhere = {line for line in names if line == "unassigned"}
    listed = sorted(set(names) - nowhere, key=lambda line: (names[line][1] or line, line))
    return [
        *((line, names[line][0] or line, names[line][1]) for line in listed),
        *((line, "未归属", None) for line in sorted(nowhere)),
    ]


def period_of(part: Part, year: int) -> str:
    """The period of an indicator that the report of a year takes."""
    return {
        "census": str(year),
        "study": f"{year - 1}-{year}",
        "fiscal": str(year - 1),
        "cohort": str(year),
    }[part.period]


def fill_report(
    form: Form,
    year: int,
    figures: Mapping[tuple[str, str], Mapping[str, Figure]],
    measures: Mapping[str, tuple[str, str]],
    *,
    as_of: date,
    unsigned: Callable[[str, str], Sequence[Gap]],
    owners: Callable[[str], Sequence[str]],
) -> Filled:
    """The supporting data. `figures` is (indicator, period) → unit → figure, with school among the
    units and the others majors; `measures` is indicator → unit of measure and formula. `unsigned`
    gives a gap for each unit that has not signed the figures of an indicator and period, `owners`
    the units that answer for an indicator.
    """
    rows: list[Row] = []
    gaps: list[Gap] = []
    waiting: dict[Gap, None] = {}
    for part in form.parts:
        cell = f"{part.item} {part.item_title}/{part.label}"
        if part.indicator is None:
            rows.append(_report_row(part, "全校", "", None, "", ""))
            gaps.append(Gap(cell, part.missing or "no_source_column", part.unit, part.why))
            continue
        period = period_of(part, year)
        measure, formula = measures.get(part.indicator, ("", ""))
        found = figures.get((part.indicator, period), {})
        wanted = [unit for unit in found if unit == "school" or part.majors]
        first_owner = next(iter(owners(part.indicator)), None)
        if "school" not in found:
            reached = as_of >= form.counted(year)
            reason = "not_covered" if reached else "not_reached"
            rows.append(_report_row(part, "全校", period, None, part.measure or measure, formula))
            gaps.append(Gap(cell, reason, first_owner if reached else None))
        for unit in sorted(wanted, key=lambda unit: (unit != "school", unit)):
            figure = found[unit]
            where = "全校" if unit == "school" else figure.unit_name
            value = figure.numerator if part.show == "numerator" else figure.value
            rows.append(_report_row(part, where, period, value, part.measure or measure, formula))
            if figure.is_suppressed:
                gaps.append(Gap(f"{cell}/{where}", "suppressed", None))
            elif value is None:
                gaps.append(Gap(f"{cell}/{where}", "no_value", first_owner))
        if "school" in found:
            waiting.update(dict.fromkeys(unsigned(part.indicator, period)))
    filled = sum(row.values[0] is not None for row in rows)
    return Filled(form, year, ("数值",), tuple(rows), (*gaps, *waiting), len(rows), filled)


def _report_row(
    part: Part, where: str, period: str, value: float | None, measure: str, formula: str
) -> Row:
    notes = (str(part.item), part.item_title, where, period, measure, formula)
    return Row(part.label, None, (value,), notes)
