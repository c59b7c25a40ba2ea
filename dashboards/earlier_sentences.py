"""The sentences of 往期数据: when then was, what the figure was, and why it is another one now.

Pure; `today` is the day that relative dates count from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboards import formats
from dashboards.earlier_figures import Pair
from dashboards.figures import Cell
from dashboards.text_earlier import EARLIER

__all__ = ["answer", "figure_of", "moment_name", "period_name", "why"]


def _say(key: str, language: str, **values: object) -> str:
    return EARLIER[key][language == "en"].format(**values)


def relative_day(day: str | date, today: date, language: str) -> str:
    """`10月31日`, `去年10月31日`, `前年10月31日`, else with its year."""
    when = formats.from_iso_date(day)
    if when is None:
        return formats.MISSING
    back = today.year - when.year
    if language != "zh" or back not in (0, 1, 2):
        return formats.day(when, date(1, 1, 1) if language != "zh" else today, language)
    within = formats.day(when, when, language)
    key = ("moment.this_year", "moment.last_year", "moment.before_last")[back]
    return _say(key, language, day=within)


def moment_name(moment: str, choices: Mapping[str, Any], today: date, language: str = "zh") -> str:
    """A choice of then in words: `去年10月31日公布的`, with the hour where a day had several."""
    releases = {one["id"]: one["published_at"] for one in choices.get("releases", ())}
    if moment not in releases:
        days = sorted(_local_day(one) for one in releases.values())
        key = "was_current" if days and moment >= days[0] else "unpublished"
        return _say(f"moment.{key}", language, day=relative_day(moment, today, language))
    published = releases[moment]
    day = _local_day(published)
    name = relative_day(day, today, language)
    if sum(_local_day(one) == day for one in releases.values()) > 1:
        hour = formats.from_iso_moment(published).astimezone(formats.BEIJING)
        name += f" {hour:%H:%M} "
    return _say("moment.published", language, day=name).strip()


def _local_day(moment: str) -> str:
    found = formats.from_iso_moment(moment)
    return found.astimezone(formats.BEIJING).date().isoformat() if found else ""


def period_name(cell: Cell, language: str = "zh") -> str:
    """`2025年`, `2025–26 学年`; a running count has its day, for it is looked back on."""
    if len(cell.period.split("-")) == 3:
        return formats.day(cell.period, date(1, 1, 1), language)
    return formats.year_name(cell.period, language)


def figure_of(cell: Cell | None, unit: str, language: str = "zh") -> str:
    """The figure as text; says so where it is held back, `—` where there is none."""
    if cell is None:
        return formats.MISSING
    if cell.is_suppressed:
        return _say("why.suppressed", language)
    return formats.figure(cell.value, unit, language)


def answer(
    pair: Pair, indicator: Mapping[str, Any], name: str, unit: str, language: str = "zh"
) -> str:
    """The whole answer in one sentence, without its reason."""
    measure = indicator["unit"]
    then, now = (figure_of(cell, measure, language) for cell in (pair.then, pair.now))
    common = {"unit": unit, "indicator": name, "period": period_name(pair.shown, language)}
    if pair.state == "suppressed":
        return _say("earlier.answer_held", language, **common)
    if pair.then and pair.now and _is_other_period(pair):
        return _say(
            "earlier.answer_day",
            language,
            unit=unit,
            indicator=name,
            period_then=period_name(pair.then, language),
            period_now=period_name(pair.now, language),
            then=then,
            now=now,
        )
    key = "answer_same" if pair.state == "same" else "answer"
    return _say(f"earlier.{key}", language, **common, then=then, now=now)


def _is_other_period(pair: Pair) -> bool:
    return any(reason["kind"] == "other_day" for reason in pair.reasons)


def why(pair: Pair, indicator: Mapping[str, Any], today: date, language: str = "zh") -> str:
    """The reasons in one line, such as `去年3月2日更正：补录转专业学生` or `没有变化`."""
    if pair.state == "suppressed":
        return _say("why.suppressed", language)
    said = [_reason(pair, reason, today, language) for reason in pair.reasons]
    if pair.state == "same":
        said.append(_say("why.same", language))
    if pair.waiting is not None:
        said.append(_waiting(pair.waiting, indicator, language))
    return ("；" if language == "zh" else "; ").join(said)


def _reason(pair: Pair, reason: Mapping[str, Any], today: date, language: str) -> str:
    kind = reason["kind"]
    if kind == "correction":
        day = relative_day(reason["on"], today, language)
        return _say("why.correction", language, day=day, reason=reason["reason"])
    comma = "、" if language == "zh" else ", "
    if kind == "definition":
        what = comma.join(_say(f"definition.{name}", language) for name in reason["what"])
        return _say("why.definition", language, what=what)
    if kind == "late":
        tables = [table.get("title") or table["table"] for table in reason["tables"]]
        if language != "zh":
            tables = [table["table"] for table in reason["tables"]]
        return _say("why.late", language, tables=comma.join(tables[:3]))
    if kind == "running" and pair.now is None:
        return _say("why.running_gone", language)
    return _say(f"why.{kind}", language)


def _waiting(waiting: Mapping[str, Any], indicator: Mapping[str, Any], language: str) -> str:
    if waiting.get("computed") is None:
        return _say("why.waiting_restricted", language)
    value = formats.figure(waiting["computed"], indicator["unit"], language)
    return _say("why.waiting", language, value=value)
