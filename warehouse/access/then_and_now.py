"""As reported then: an earlier release or a day beside the current one, and one figure's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from warehouse.access.comparison import Reading, at_day, compare, reasons
from warehouse.access.figure_reading import Selection, Visible, read_figures
from warehouse.access.past_releases import PastReleases, Then, published_at
from warehouse.access.reader import Cursor
from warehouse.access.signing import read_sheets, state_of
from warehouse.access.statistics import release_note
from warehouse.authority import load_authority
from warehouse.errors import NotFound
from warehouse.governance.appointments import school_day
from warehouse.governance.signatures import Sheet, sign_offs
from warehouse.release import Release
from warehouse.state import session

__all__ = ["choices", "story", "then_and_now"]

_BEIJING = ZoneInfo("Asia/Shanghai")
#: So many times a figure may have changed before the story leaves older ones out.
_LONGEST_STORY = 12


def choices(past: PastReleases) -> dict[str, Any]:
    """What can stand beside now: `releases` (id, published_at UTC, current), newest first, and
    `days` that the current release's closed figures speak of, newest first."""
    ids = past.ids()
    with past.open(ids[0]) as (cursor, release):
        days = cursor.execute(
            "select as_of_date, count(distinct indicator) from indicator_value "
            "where level = 'school' and as_of_date < ? group by 1 order by 1 desc",
            [school_day(release.as_of)],
        ).fetchall()
        note = release_note(release)
    return {
        "releases": [
            {"id": name, "published_at": published_at(name), "current": name == ids[0]}
            for name in ids
        ],
        "days": [{"day": day, "indicators": count} for day, count in days],
        "release": note,
    }


def then_and_now(
    past: PastReleases, engine: Engine, then: Then, wanted: Selection, visible: Visible
) -> dict[str, Any]:
    """The selected figures as reported then, beside now's.

    `then` says which release that was; null where none had been published on the day asked for:
    the figures are then those for that day as known now. `figures` as `comparison.compare` has
    them, `indicators` as defined now (or then, where no longer), `definitions_then` those that were
    defined otherwise, `sign_offs_then` dataset → period → how the owner units stood.
    """
    ids = past.ids()
    found = past.find(then, ids)
    with past.open(ids[0]) as (cursor, release):
        now = read_figures(cursor, release, wanted, visible)
        note = release_note(release)
    document: dict[str, Any] = {"release": note, "then": None, "day": then.day}
    if found is None:
        return {
            **document,
            "figures": at_day(now, then.day),
            "indicators": _defined(now),
            "definitions_then": {},
            "sign_offs_then": {},
        }
    with past.open(found) as (cursor, release):
        earlier = read_figures(cursor, release, wanted, visible)
        note_then = release_note(release)
        sheets = read_sheets(cursor, release.manifest)
    until = _end_of(then.day) if then.day else _replaced_at(ids, found)
    with session(engine, read_only=True) as opened:
        stood = sign_offs(opened, sheets, until=until)
    words: dict[str, dict[str, str]] = {}
    for (dataset, period), units in stood.items():
        words.setdefault(dataset, {})[period] = state_of(units)
    figures = compare(earlier, now)
    return {
        **document,
        "then": note_then,
        "figures": figures,
        "indicators": _defined(now, earlier),
        "definitions_then": _otherwise_defined(earlier, figures),
        "sign_offs_then": words,
    }


def story(
    past: PastReleases,
    engine: Engine,
    indicator: str,
    period: str,
    place: tuple[str, str],
    visible: Visible,
) -> dict[str, Any]:
    """What releases said of one figure, each time it became another one, newest first.

    An entry: the release `since` which it was so, published_at (UTC), as_of, formula, the figure's
    value, numerator, denominator and is_suppressed; `reasons` why it was no longer what the entry
    below says; `signed`, how each owner unit stood while it was. `older` says that more would
    follow, `waiting` what a correction would publish now. A figure that is suppressed now shows no
    earlier number. Raises `NotFound` where the current release has no such figure.
    """
    ids = past.ids()
    wanted = Selection(*place, indicator=indicator, period=period)

    def read(release_id: str) -> _Said:
        with past.open(release_id) as (cursor, release):
            reading = read_figures(cursor, release, wanted, visible)
            return _Said(reading, _sheets_of(cursor, release, reading, indicator, period))

    entries: list[dict[str, Any]] = []
    first: Reading | None = None
    waiting, is_held = None, False
    definition: Mapping[str, Any] = {}
    at: str | None = ids[0]
    while at is not None and len(entries) <= _LONGEST_STORY:
        said = read(at)
        row = said.row
        if first is not None:
            entries[-1]["reasons"] = reasons(said.reading, first, indicator, row, first.rows[0])
        if row is None:
            break
        if not entries:
            definition, is_held = said.reading.indicators[indicator], bool(row.get("is_suppressed"))
            waiting = None if is_held else _waiting(said.reading, place)
        since = min(str(row.get("release") or at), at)
        begun = read(since) if since != at and since in ids else said
        first = begun.reading if begun.row is not None else said.reading
        entries.append(
            {
                "since": since,
                "published_at": published_at(since),
                "as_of": first.as_of,
                "formula": first.indicators[indicator].get("formula"),
                **_numbers(row, is_held),
                "reasons": [],
                "signed": _stands(engine, said.sheets, _replaced_at(ids, at)),
            }
        )
        at = next((name for name in ids if name < since), None)
    if not entries:
        raise NotFound(
            "The current release has no figure of that indicator, period and unit.",
            next_step="See the periods with: campus indicator values INDICATOR",
        )
    return {
        "indicator": dict(definition),
        "period": period,
        "level": place[0],
        "unit": place[1],
        "entries": entries[:_LONGEST_STORY],
        "older": len(entries) > _LONGEST_STORY,
        "waiting": waiting,
    }


@dataclass(frozen=True)
class _Said:
    """What one release said of one figure, and the sheet that its owner units sign."""

    reading: Reading
    sheets: Sequence[Sheet]

    @property
    def row(self) -> Mapping[str, Any] | None:
        return self.reading.rows[0] if self.reading.rows else None


def _sheets_of(
    cursor: Cursor, release: Release, reading: Reading, indicator: str, period: str
) -> list[Sheet]:
    row_code = reading.indicators.get(indicator, {}).get("row_code")
    return [
        sheet
        for sheet in read_sheets(cursor, release.manifest)
        if (sheet.dataset, sheet.period) == (row_code, period)
    ]


def _stands(
    engine: Engine, sheets: Sequence[Sheet], until: datetime | None
) -> list[dict[str, Any]]:
    """Each owner unit with its name, and how it stood at a moment."""
    authority = load_authority()
    with session(engine, read_only=True) as opened:
        found = sign_offs(opened, sheets, until=until)
    return [
        {
            "unit": one.unit,
            "name": authority.unit_title(one.unit),
            "state": one.state,
            "at": one.at,
            "reason": one.reason,
        }
        for units in found.values()
        for one in units
    ]


def _numbers(row: Mapping[str, Any], is_held: bool) -> dict[str, Any]:
    is_held = is_held or bool(row.get("is_suppressed"))
    shown = {
        name: None if is_held else row.get(name) for name in ("value", "numerator", "denominator")
    }
    return {**shown, "is_suppressed": is_held}


def _waiting(reading: Reading, place: tuple[str, str]) -> dict[str, Any] | None:
    level, unit = place
    for row in reading.waiting:
        if (row["period"], row["level"], str(row["unit"])) == (
            reading.rows[0]["period"], level, unit,
        ):  # fmt: skip
            return {"difference": row["difference"], "computed": row["computed_value"]}
    return None


def _defined(now: Reading, earlier: Reading | None = None) -> list[Mapping[str, Any]]:
    """Definitions of the indicators that have a figure, by id: those of now where there is one."""
    held = {row["indicator"] for row in (*now.rows, *(earlier.rows if earlier else ()))}
    known = {**(earlier.indicators if earlier else {}), **now.indicators}
    return [known[name] for name in sorted(held) if name in known]


def _otherwise_defined(earlier: Reading, figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The earlier formula and unit of the indicators that are defined otherwise now."""
    changed = {
        figure["indicator"]
        for figure in figures
        if any(reason["kind"] == "definition" for reason in figure["reasons"])
    }
    return {
        name: {part: earlier.indicators[name].get(part) for part in ("name", "formula", "unit")}
        for name in sorted(changed & earlier.indicators.keys())
    }


def _replaced_at(ids: Sequence[str], release_id: str) -> datetime | None:
    """When the next release took its place; None of the current one. `ids` are newest first."""
    newer = [name for name in ids if name > release_id]
    return published_at(newer[-1]) if newer else None


def _end_of(day: date) -> datetime:
    """The end of a day at the college (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), _BEIJING).astimezone(UTC)
