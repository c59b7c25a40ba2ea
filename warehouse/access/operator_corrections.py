"""Corrections at the command line: what the pages do, for who works on the server.

A step is taken in the name of a person by their number, with the roles held now; who entered it
stands beside in the log.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from warehouse.access.correction_desk import CorrectionDesk
from warehouse.access.desk import Desk
from warehouse.access.policy import Standing
from warehouse.access.sessions import standing_of
from warehouse.access.unit_heads import heads_by_unit
from warehouse.audit import audited_read, person
from warehouse.errors import NotFound
from warehouse.governance.correction import Clock, State
from warehouse.governance.correction_record import list_corrections
from warehouse.governance.corrections import take_step
from warehouse.state import session
from warehouse.state.corrections import Correction

__all__ = ["correction_step", "corrections_listed", "describe_correction"]


def corrections_listed(
    desk: Desk, *, unit: str | None = None, only_late: bool = False, only_open: bool = False
) -> list[dict[str, Any]]:
    """All of them, newest first, without whose they are."""

    def read() -> list[dict[str, Any]]:
        with session(desk.engine, read_only=True) as opened:
            found = list_corrections(opened, units=None if unit is None else [unit])
            reader = _reader(desk, opened)
            return [
                line
                for line in (reader.line(row, state) for row, state in found)
                if (line["late"] or not only_late) and (line["waits_for"] or not only_open)
            ]

    return audited_read(
        desk.audit, desk.actor, "correction.list", read,
        detail={"unit": unit} if unit else {}, result=lambda rows: {"rows": len(rows)},
    )  # fmt: skip


def describe_correction(desk: Desk, correction_id: str) -> dict[str, Any]:
    """One of them whole, with the number of whose it is unless they are protected. Raises
    `NotFound` for an unknown one."""
    with session(desk.engine, read_only=True) as opened:
        row = _row(opened, correction_id)

        def read() -> dict[str, Any]:
            return _reader(desk, opened).shown(row)

        found = audited_read(
            desk.audit, desk.actor, "correction.read", read, subject=person(row.person_key),
            detail={"correction": row.id, "purpose": "correction"},
            result=lambda document: {"status": document["status"]},
        )  # fmt: skip
    del found["may"]
    return {**found, "number": found.pop("person")["number"]}


def correction_step(
    desk: Desk,
    correction_id: str,
    kind: str,
    number: str,
    *,
    reason: str = "",
    expected: date | None = None,
) -> State:
    """Take a step for the person with that number. Raises `Forbidden` where it is not theirs,
    `Conflict` where it does not follow."""
    who = desk.person(number)
    standing = standing_of(desk.engine, desk.reader, who, desk.now)
    with session(desk.engine, read_only=True) as opened:
        row = _row(opened, correction_id)
        reader = CorrectionDesk(opened, desk.reader, desk.settings.paths, standing, desk.now)
        reader.require_step(row, kind)
        seq = reader.line_of(row)["seq"]
    state, _recorded = take_step(
        desk.audit,
        desk.settings.paths,
        correction_id,
        kind,
        who.person_key,
        seq=seq,
        clock=Clock(
            desk.settings.correction_acknowledge_days, desk.settings.correction_decide_days
        ),
        recorded_by=desk.actor,
        reason=reason,
        expected=expected,
        head_by_hr=heads_by_unit(desk.reader).get(row.unit_code),
        now=desk.now,
    )
    return state


def _row(opened: Any, correction_id: str) -> Correction:
    row = opened.get(Correction, correction_id)
    if row is None:
        raise NotFound("There is no such correction.", next_step="See: campus correction list")
    return row


def _reader(desk: Desk, opened: Any) -> CorrectionDesk:
    """Reads as nobody in particular: whoever is protected is so from the command line too."""
    return CorrectionDesk(opened, desk.reader, desk.settings.paths, Standing(0), desk.now)
