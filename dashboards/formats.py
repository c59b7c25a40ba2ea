"""Figures, dates and spans of time as sentences show them, in Chinese or English.

Every function is pure and takes None for "missing", which shows as `—`. Moments are UTC and
show in Beijing time. No figure is ever shortened to K or M.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

__all__ = [
    "BEIJING",
    "MISSING",
    "count",
    "day",
    "day_of",
    "deadline",
    "difference",
    "figure",
    "figure_parts",
    "from_iso_date",
    "from_iso_moment",
    "greeting",
    "kind_of",
    "moment",
    "money",
    "month",
    "number",
    "reading_day",
    "share",
    "term",
    "term_mark",
    "weekday",
    "year_name",
]

BEIJING = ZoneInfo("Asia/Shanghai")
MISSING = "—"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Units that follow a figure, Chinese → English; money and shares have rules of their own.
_UNITS = {
    "人": "people",
    "个": "",
    "门": "courses",
    "门次": "courses",
    "册": "volumes",
    "册/生": "volumes per student",
    "册/人": "volumes per student",
    "平方米/生": "m² per student",
}


def from_iso_date(value: str | date | None) -> date | None:
    """A calendar day from JSON; None stays None."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10])


def from_iso_moment(value: str | datetime | None) -> datetime | None:
    """A moment from JSON. One without a zone is UTC, as the warehouse stores it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """`13,482`, `3.42`: as many places as asked for, rounded half up.

    Without `places`, whole numbers show none and others at most two.
    """
    if value is None:
        return MISSING
    exact = Decimal(str(value))
    if places is None:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        text = f"{rounded:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


def count(value: float | None, unit: str, language: str = "zh") -> str:
    """`13,482 人`."""
    if value is None:
        return MISSING
    word = unit if language == "zh" else _UNITS.get(unit, unit)
    return f"{number(value, 0)} {word}".rstrip()


def money(value: float | Decimal | None, language: str = "zh", *, per: float | None = None) -> str:
    """`400.00 元`, `1,264.0 万元`, `3.21 亿元`; English keeps whole yuan: `¥12,640,000`.

    `per` names the amount whose size chooses the unit, so that a table keeps one unit.
    """
    if value is None:
        return MISSING
    exact, size = Decimal(str(value)), abs(Decimal(str(value if per is None else per)))
    if language != "zh":
        sign = "-" if exact < 0 else ""
        return f"{sign}¥{number(abs(exact), 0 if size >= 10_000 else 2)}"
    if size >= 100_000_000:
        return f"{number(exact / 100_000_000, 2)} 亿元"
    if size >= 10_000:
        return f"{number(exact / 10_000, 1)} 万元"
    return f"{number(exact, 2)} 元"


def share(value: float | None, places: int = 1) -> str:
    """A value in percent: `91.3%`."""
    return MISSING if value is None else f"{number(value, places)}%"


def kind_of(unit: str) -> str:
    """How figures of a unit are written: `share`, `ratio`, `money` or `count`."""
    if "%" in unit or "％" in unit or unit == "百分比":
        return "share"
    if unit.startswith("比值") or ":1" in unit:
        return "ratio"
    if unit.startswith("元"):
        return "money"
    return "count"


def figure_parts(value: float | None, unit: str, language: str = "zh") -> tuple[str, str]:
    """A figure and the unit shown small behind it; the unit is empty where the figure says it."""
    if value is None:
        return MISSING, ""
    kind = kind_of(unit)
    if kind == "share":
        return share(value), ""
    if kind == "ratio":
        return f"{number(value, 1)} : 1", ""
    if kind == "money":
        # "元/人·月" shows as 元: the name says per whom, and a card has no room.
        head, _, tail = money(value, language).partition(" ")
        return head, tail
    word = unit if language == "zh" else _UNITS.get(unit, unit)
    places = 0 if float(value).is_integer() and "/" not in unit else 2
    if unit in {"人", "个", "门", "门次"}:
        places = 0 if float(value).is_integer() else 1
    return number(value, places), word


def figure(value: float | None, unit: str, language: str = "zh") -> str:
    """An indicator's value with its unit: `13,482 人`, `91.3%`, `18.6 : 1`, `1,264.0 万元`."""
    head, tail = figure_parts(value, unit, language)
    return f"{head} {tail}".rstrip()


def difference(now: float | None, before: float | None, unit: str, language: str = "zh") -> str:
    """What changed, signed: `+2.1 百分点`, `+0.4`, `-128 人`; empty when either is missing."""
    if now is None or before is None:
        return ""
    change = Decimal(str(now)) - Decimal(str(before))
    kind = kind_of(unit)
    if kind == "share":
        text = f"{number(abs(change), 1)} {'百分点' if language == 'zh' else 'pp'}"
    elif kind == "ratio":
        text = number(abs(change), 1)
    elif kind == "money":
        text = money(abs(change), language)
    else:
        text = figure(abs(float(change)), unit.split("/")[0], language)
    if not any(digit in text for digit in "123456789"):
        return "±0"
    return ("+" if change > 0 else "-") + text


def day(value: str | date | None, today: date, language: str = "zh") -> str:
    """`11月20日` within the reader's year, else `2025年11月20日`; English `20 Nov 2025`."""
    when = from_iso_date(value)
    if when is None:
        return MISSING
    if language == "zh":
        text = f"{when.month}月{when.day}日"
        return text if when.year == today.year else f"{when.year}年{text}"
    text = f"{when.day} {_MONTHS[when.month - 1]}"
    return text if when.year == today.year else f"{text} {when.year}"


def month(value: str | date | None, language: str = "zh") -> str:
    """`2024年9月`, `Sep 2024`."""
    when = from_iso_date(value + "-01" if isinstance(value, str) and len(value) == 7 else value)
    if when is None:
        return MISSING
    if language == "zh":
        return f"{when.year}年{when.month}月"
    return f"{_MONTHS[when.month - 1]} {when.year}"


def moment(value: str | datetime | None, today: date, language: str = "zh") -> str:
    """`11月20日 02:10` in Beijing time."""
    when = from_iso_moment(value)
    if when is None:
        return MISSING
    local = when.astimezone(BEIJING)
    return f"{day(local.date(), today, language)} {local:%H:%M}"


def day_of(value: str | datetime | None, today: date, language: str = "zh") -> str:
    """The Beijing day of a moment: `11月20日`."""
    when = from_iso_moment(value)
    if when is None:
        return MISSING
    return day(when.astimezone(BEIJING).date(), today, language)


def last_day(value: str | datetime | None, today: date, language: str = "zh") -> str:
    """The last Beijing day before a moment at which something ends."""
    when = from_iso_moment(value)
    return day_of(when - timedelta(seconds=1) if when else None, today, language)


def weekday(value: date | int, language: str = "zh") -> str:
    """`周三` for a date or for 1 (Monday) to 7 (Sunday)."""
    index = (value.isoweekday() if isinstance(value, date) else int(value)) - 1
    return f"周{_WEEKDAYS[index]}" if language == "zh" else _WEEKDAYS_EN[index]


def deadline(value: str | date | None, today: date, language: str = "zh") -> str:
    """Relative, then absolute: `3 天后（11月25日）`, `逾期 6 天（11月14日）`."""
    when = from_iso_date(value)
    if when is None:
        return MISSING
    left = (when - today).days
    absolute = day(when, today, language)
    if language == "zh":
        relative = "今天" if left == 0 else f"{left} 天后" if left > 0 else f"逾期 {-left} 天"
        return f"{relative}（{absolute}）"
    relative = "today" if left == 0 else f"in {left} days" if left > 0 else f"{-left} days overdue"
    return f"{relative} ({absolute})"


def term(code: str | None, language: str = "zh") -> str:
    """`2025-2026-1` → `2025–26 学年第一学期`; an unknown form is shown as it is."""
    if not code:
        return MISSING
    parts = code.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return code
    years = f"{parts[0]}–{parts[1][-2:]}"
    if language == "zh":
        ordinal = {"1": "第一", "2": "第二", "3": "第三"}.get(parts[2], f"第 {parts[2]} ")
        return f"{years} 学年{ordinal}学期"
    return f"{years} term {parts[2]}"


def term_mark(code: str) -> str:
    """`2025-2026-1` → `25–26 ①`, short enough for a chart's axis; an unknown form as it is."""
    years, _, part = code.rpartition("-")
    return f"{years[2:4]}–{years[-2:]} {'①②③'[int(part) - 1]}" if part in ("1", "2", "3") else code


def year_name(period: str | None, language: str = "zh", *, running: bool = False) -> str:
    """A period of an indicator: `2025` → `2025年`, `2025-2026` → `2025–26 学年`, and the
    running `2026-11-20` → `2026年至今`. `running` says so of a year that is not over."""
    if not period:
        return MISSING
    parts = period.split("-")
    if running or len(parts) == 3:
        name = year_name(parts[0] if len(parts) == 3 else period, language)
        return f"{name}至今" if language == "zh" else f"{name} to date"
    if len(parts) == 2 and len(parts[1]) == 4:
        return f"{parts[0]}–{parts[1][-2:]}" + (" 学年" if language == "zh" else "")
    return f"{period}年" if language == "zh" else period


def reading_day(as_of: str | datetime | None, now: datetime) -> date:
    """The day relative dates count from: today, unless the release lies in the future or is
    older than a month. Then it is the release's day, for an old release must not call
    everything overdue."""
    today = now.astimezone(BEIJING).date()
    released = from_iso_moment(as_of)
    if released is None:
        return today
    release_day = released.astimezone(BEIJING).date()
    if release_day > today or today - release_day > timedelta(days=31):
        return release_day
    return today


def greeting(now: datetime, language: str = "zh") -> str:
    """`上午好`, by the hour in Beijing."""
    hour = now.astimezone(BEIJING).hour
    index = 0 if 5 <= hour < 12 else 1 if 12 <= hour < 18 else 2
    zh = ("上午好", "下午好", "晚上好")
    en = ("Good morning", "Good afternoon", "Good evening")
    return (zh if language == "zh" else en)[index]
