"""The sheets that owner units sign: which figures they hold, and where each unit stands."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.reader import Cursor, Reader
from warehouse.authority import load_authority
from warehouse.errors import NotFound
from warehouse.governance.appointments import school_day
from warehouse.governance.signatures import Sheet, SignOff, last_word, sign_offs
from warehouse.home import Home
from warehouse.release.figure_sheets import FigureSheet, sheets_in, sheets_of
from warehouse.state import session

__all__ = ["Signing", "read_sheets", "state_of"]


def read_sheets(cursor: Cursor, manifest: Mapping[str, Any]) -> list[Sheet]:
    """Every dataset and period that the statistics file holds figures of, newest period first.

    A period is closed when its last day lies before the day the data reach.
    """
    told = sheets_of(manifest)
    return _sheets(sheets_in(cursor) if told is None else told, manifest)


def _sheets(told: Sequence[FigureSheet], manifest: Mapping[str, Any]) -> list[Sheet]:
    as_of = datetime.fromisoformat(manifest["as_of"])
    reached = school_day(as_of)
    # Who answers is whoever answered as of the data, as the release says it.
    owners = manifest.get("owners") or {
        dataset.code: dataset.owner_ids for dataset in load_authority(as_of).datasets
    }
    return [
        Sheet(dataset, period, content, tuple(owners[dataset]), _is_over(until, reached))
        for dataset, period, until, content in told
    ]


def _is_over(until: date | None, reached: date) -> bool:
    return until is not None and until < reached


def state_of(units: Sequence[SignOff]) -> str:
    """One word for a sheet: rejected before changed before unsigned; signed only if all have."""
    states = {one.state for one in units}
    return next(
        (word for word in ("running", "rejected", "changed", "unsigned") if word in states),
        "signed" if states else "unsigned",
    )


class Signing:
    """Sheets and sign-offs of the current release. Sheets are read once a release."""

    def __init__(self, engine: Engine, reader: Reader, home: Home | None = None) -> None:
        self._engine, self._reader, self._home = engine, reader, home
        self._held: tuple[str, list[Sheet]] | None = None
        self._judged: tuple[tuple[str, int], dict[str, dict[str, str]]] | None = None
        self._turn = threading.Lock()

    def sheets(self) -> tuple[str, list[Sheet]]:
        """The release's id and its sheets."""
        with self._reader.open("statistics") as (cursor, release), self._turn:
            if self._held is None or self._held[0] != release.id:
                self._held = (release.id, read_sheets(cursor, release.manifest))
            return self._held

    def sheet(self, dataset: str, period: str) -> tuple[str, Sheet]:
        """The release's id and one sheet; `NotFound` where there is none."""
        release, sheets = self.sheets()
        for sheet in sheets:
            if (sheet.dataset, sheet.period) == (dataset, period):
                return release, sheet
        raise NotFound(
            "The current release has no figures of that dataset and period.",
            next_step="See what there is with: campus indicator signatures",
        )

    def described(self, datasets: Sequence[str] = ()) -> list[dict[str, Any]]:
        """One entry a sheet: dataset, name, period, state, content and units, each with id, name,
        state, at, reason and the release it spoke of. All, or those of the datasets named."""
        authority = load_authority(home=self._home)
        _release, sheets = self.sheets()
        wanted = [sheet for sheet in sheets if not datasets or sheet.dataset in datasets]
        with session(self._engine, read_only=True) as opened:
            found = sign_offs(opened, wanted)
        entries = []
        for sheet in wanted:
            units = found[sheet.dataset, sheet.period]
            entries.append(
                {
                    "dataset": sheet.dataset,
                    "name": authority.dataset(sheet.dataset).title,
                    "period": sheet.period,
                    "state": state_of(units),
                    "content": sheet.content,
                    "units": [
                        {
                            "unit": one.unit,
                            "name": authority.unit_title(one.unit),
                            "state": one.state,
                            "at": one.at,
                            "reason": one.reason,
                            "release": one.release,
                        }
                        for one in units
                    ],
                }
            )
        return entries

    def told_states(self, manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """As `states`, from a release's manifest alone: no file with figures is opened. Empty of a
        release whose manifest does not tell."""
        sheets = _sheets(sheets_of(manifest) or [], manifest)
        with session(self._engine, read_only=True) as opened:
            found = sign_offs(opened, sheets)
        words: dict[str, dict[str, str]] = {}
        for (dataset, period), units in found.items():
            words.setdefault(dataset, {})[period] = state_of(units)
        return words

    def states(self) -> dict[str, dict[str, str]]:
        """Dataset → period → its one word, for pages that show many figures. Judged anew when a
        unit has said something, or the release is another; do not change what is handed back."""
        release, sheets = self.sheets()
        with session(self._engine, read_only=True) as opened:
            known = release, last_word(opened)
            if self._judged is None or self._judged[0] != known:
                words: dict[str, dict[str, str]] = {}
                for (dataset, period), units in sign_offs(opened, sheets).items():
                    words.setdefault(dataset, {})[period] = state_of(units)
                self._judged = known, words
            return self._judged[1]
