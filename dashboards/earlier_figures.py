"""Then and now as 往期数据 needs them: which moments there are, and which figures belong together.

Pure: it sorts what the gateway compared, and compares nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards import formats
from dashboards.figures import Cell, Figures, Scope

__all__ = [
    "Pair",
    "figures_now",
    "first_moment",
    "moments",
    "newest",
    "read_pairs",
    "up_to_year",
    "years",
]

#: Of more releases than these only the last of each month is offered.
_FEW = 12


@dataclass(frozen=True)
class Pair:
    """A figure then and now. `state`: same, changed, suppressed, then_only, now_only. `difference`
    is null unless both have a value; `waiting` is what a correction would publish."""

    indicator: str
    scope: Scope
    then: Cell | None
    now: Cell | None
    state: str
    difference: float | None
    reasons: Sequence[Mapping[str, Any]]
    waiting: Mapping[str, Any] | None

    @property
    def shown(self) -> Cell:
        """The cell that names the period: then's, or now's where there is none."""
        cell = self.then or self.now
        assert cell is not None
        return cell

    @property
    def year(self) -> str:
        return self.shown.period[:4]


def read_pairs(answer: Mapping[str, Any]) -> list[Pair]:
    """The figures of `/v1/statistics/then`, in its order."""
    return [_pair(figure) for figure in answer.get("figures", ())]


def _pair(figure: Mapping[str, Any]) -> Pair:
    scope = Scope(
        figure["level"], str(figure["unit"]), figure.get("unit_name") or "",
        figure.get("parent_unit"),
    )  # fmt: skip
    then, now = (_cell(figure["indicator"], scope, figure[side]) for side in ("then", "now"))
    return Pair(
        figure["indicator"],
        scope,
        then,
        now,
        figure["state"],
        figure["difference"],
        figure["reasons"],
        figure.get("waiting"),
    )


def _cell(indicator: str, scope: Scope, side: Mapping[str, Any] | None) -> Cell | None:
    if side is None:
        return None
    return Cell(
        indicator,
        str(side["period"]),
        scope,
        side["value"],
        side["numerator"],
        side["denominator"],
        side["as_of_date"],
        bool(side["is_suppressed"]),
    )


def years(pairs: Sequence[Pair]) -> list[str]:
    """Years of which there was a figure then, oldest first; of now's where there was none at
    all."""
    found = {pair.year for pair in pairs if pair.then is not None}
    return sorted(found or {pair.year for pair in pairs})


def up_to_year(pairs: Sequence[Pair], year: str | None) -> dict[tuple[str, str], Pair]:
    """Indicator and unit (`school`, `college:201`) → its latest figure of then up to a year, None:
    of any. Where a year has several, such as a census and a running count, the latest that both
    then and now have; where there was none then, now's."""
    found: dict[tuple[str, str], Pair] = {}
    for pair in sorted(pairs, key=_rank):
        if year is None or pair.year <= year:
            found[pair.indicator, pair.scope.key] = pair
    return found


def _rank(pair: Pair) -> tuple[bool, str, bool, str]:
    is_both = pair.then is not None and pair.now is not None
    return pair.then is not None, pair.year, is_both, str(pair.shown.as_of_date or "")


def newest(pairs: Sequence[Pair], indicator: str, scope: str) -> Cell | None:
    """The newest figure of now."""
    cells = [
        pair.now
        for pair in pairs
        if (pair.indicator, pair.scope.key) == (indicator, scope) and pair.now is not None
    ]
    return max(cells, key=lambda cell: str(cell.as_of_date or ""), default=None)


def figures_now(pairs: Sequence[Pair], answer: Mapping[str, Any]) -> Figures:
    """Now's figures as the receipt reads them; a census gives way to the running count of its
    year."""
    cells = sorted(
        (pair.now for pair in pairs if pair.now is not None),
        key=lambda cell: str(cell.as_of_date or ""),
    )
    return Figures(
        tuple(answer["indicators"]),
        {(cell.indicator, cell.scope.key, cell.period[:4]): cell for cell in cells},
        {cell.scope.key: cell.scope for cell in cells},
        answer.get("sign_offs") or {},
    )


def moments(choices: Mapping[str, Any], asked: str | None = None) -> list[str]:
    """What can be chosen as then, newest first: earlier releases by id, of many the last of each
    month, then days before the first release of which there are figures. What is `asked` for in the
    address is among them, if it is a day or an earlier release."""
    earlier = [one for one in choices.get("releases", ()) if not one["current"]]
    offered = earlier if len(earlier) <= _FEW else _last_of_months(earlier)
    found = [one["id"] for one in offered]
    first = min((_day(one["published_at"]) for one in choices.get("releases", ())), default="")
    found += [one["day"] for one in choices.get("days", ()) if one["day"] < first]
    if asked and asked not in found and (_is_day(asked) or asked in {one["id"] for one in earlier}):
        found.append(asked)
    return found


def first_moment(options: Sequence[str], choices: Mapping[str, Any]) -> str | None:
    """What is shown before anybody chose: the release, else the day, nearest to a year before the
    current release."""
    current = next((one for one in choices.get("releases", ()) if one["current"]), None)
    if current is None or not options:
        return None
    today = date.fromisoformat(_day(current["published_at"]))
    published = {one["id"]: _day(one["published_at"]) for one in choices["releases"]}
    releases = [option for option in options if option in published]

    def distance(option: str) -> int:
        return abs((today - date.fromisoformat(published.get(option, option))).days - 365)

    return min(releases or options, key=distance)


def _last_of_months(releases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """`releases` are newest first."""
    months: dict[str, Mapping[str, Any]] = {}
    for one in releases:
        months.setdefault(_day(one["published_at"])[:7], one)
    return list(months.values())


def _day(moment: str) -> str:
    """The Beijing day of a moment, ISO."""
    found = formats.from_iso_moment(moment)
    return found.astimezone(formats.BEIJING).date().isoformat() if found else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
