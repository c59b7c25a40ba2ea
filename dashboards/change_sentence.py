"""The change of a figure in one sentence: how much, from what, and which unit drove it.

Pure. No word of it says whether the change is good; that depends on the indicator and its target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dashboards import formats
from dashboards.drivers import Change, Part
from dashboards.figures import Cell, Scope
from dashboards.text_change import CHANGE, COUNTED

__all__ = ["change_sentence"]

#: A name of what is counted is said as the formula has it up to this many signs.
_LONGEST_NAME = 12


def change_sentence(change: Change, indicator: Mapping[str, Any], language: str = "zh") -> str:
    """`比上年升高 0.6：折合学生增加 320 人，教师减少 4 人；信息学院贡献最大（+0.4）`, without a
    full stop. Where the two figures do not compare it says why."""
    if change.state != "told":
        period = formats.year_name(change.now.period, language)
        return _say(f"change.{change.state}", language, period=period)
    head = _head(change, indicator, language)
    line = _line(change, indicator, language)
    unit = _unit(change, indicator, language)
    if line:
        head += _say("change.colon", language) + _say("change.comma", language).join(line)
    return _say("change.semicolon", language).join([head, unit] if unit else [head])


def _say(key: str, language: str, **values: object) -> str:
    return CHANGE[key][language == "en"].format(**values)


def _head(change: Change, indicator: Mapping[str, Any], language: str) -> str:
    than = _than(change.before, change.now, language)
    much = _signed(change.difference, indicator, language)
    if much == "±0":
        return _say("change.same", language, than=than)
    counted = change.now.denominator is None
    word = ("more" if counted else "rose") if much[0] == "+" else "fewer" if counted else "fell"
    return _say(f"change.{word}", language, than=than, much=much[1:])


def _than(before: Cell, now: Cell, language: str) -> str:
    """Names the period before, unless it is just the year before."""
    if int(now.period[:4]) - int(before.period[:4]) != 1:
        period = formats.year_name(before.period, language)
        return _say("change.period", language, period=period)
    is_academic = len(before.period.split("-")) == 2
    return _say("change.academic_year" if is_academic else "change.year", language)


def _signed(value: float | None, indicator: Mapping[str, Any], language: str) -> str:
    return formats.difference(value, 0.0, indicator["unit"], language)


def _line(change: Change, indicator: Mapping[str, Any], language: str) -> list[str]:
    """What changed above and below the line of a ratio, each in its own unit."""
    if change.numerator is None or change.denominator is None:
        return []
    if change.numerator == 0 == change.denominator:
        return []
    names = _counted(indicator["formula"])
    differences = (change.numerator, change.denominator)
    sides = zip(("numerator", "denominator"), names, differences, strict=True)
    return [_count_change(side, name, much, language) for side, name, much in sides]


def _count_change(side: str, name: str, much: float, language: str) -> str:
    word_zh, word_en, unit = COUNTED.get(name, (name, "", ""))
    what = word_zh if language == "zh" else word_en
    what = what or _say(f"change.{side}", language)
    size = abs(much)
    if unit == "元":
        text = formats.money(size, language)
    else:
        text = f"{formats.number(size)} {unit if language == 'zh' else ''}".rstrip()
    if not any(digit in text for digit in "123456789"):
        return _say("change.counted_same", language, what=what)
    word = "counted_more" if much > 0 else "counted_fewer"
    return _say(f"change.{word}", language, what=what, much=text)


def _counted(formula: str) -> tuple[str, str]:
    """What a formula `X ÷ Y × 100，…` counts above and below the line; empty where it has no short
    name for it."""
    above, _, below = re.split(r"[；，]", formula, maxsplit=1)[0].partition(" ÷ ")
    below = below.split(" × ")[0]
    return _short_name(above.strip()), _short_name(below.strip())


def _short_name(name: str) -> str:
    is_short = len(name) <= _LONGEST_NAME and name[:1] not in "Σ("
    return name if name in COUNTED or is_short else ""


def _unit(change: Change, indicator: Mapping[str, Any], language: str) -> str:
    """Which unit inside drove it; empty where none can be told."""
    said = [
        (part, text)
        for part in change.parts
        if (text := _signed(part.contribution, indicator, language)) != "±0"
    ]
    total = _signed(change.difference, indicator, language)
    if not said:
        return ""
    if total == "±0":
        return _offset(said, language)
    along = [(part, text) for part, text in said if text[0] == total[0]]
    rest, rest_text = change.rest or 0.0, _signed(change.rest, indicator, language)
    largest = abs(along[0][0].contribution) if along else 0.0
    if rest_text[:1] == total[0] and abs(rest) > largest:
        return _say("change.most_rest", language, much=rest_text)
    if not along:
        return ""
    part, text = along[0]
    if len(change.parts) == 1:
        key = "change.of_it"
    else:
        key = "change.most_shown" if change.held_back or change.unknown else "change.most"
    return _say(key, language, unit=_name(part.scope), much=text)


def _offset(said: list[tuple[Part, str]], language: str) -> str:
    """Two units that moved against each other while the whole stood still."""
    up = next((one for one in said if one[1][0] == "+"), None)
    down = next((one for one in said if one[1][0] == "-"), None)
    if up is None or down is None:
        return ""
    return _say(
        "change.offset",
        language,
        up=_name(up[0].scope),
        much=up[1],
        down=_name(down[0].scope),
        less=down[1],
    )


def _name(scope: Scope) -> str:
    return scope.name or scope.unit
