"""What the office system says was applied for, against what was submitted, signed and granted here.

The extract S11 data_use_application is the office system's own list. It is compared and reported,
and nothing follows from it by itself: an approval that stands only there makes no grant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from warehouse.access.desk import Desk
from warehouse.audit import audited_read
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Contracts
from warehouse.engine import open_work
from warehouse.governance.applications import list_applications
from warehouse.governance.appointments import school_day
from warehouse.governance.grants import expires_at, grant_events, state_of
from warehouse.governance.undertakings import signed_parties
from warehouse.ingest.landed import create_landed_views
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = [
    "DIFFERENCES",
    "HubApplication",
    "OfficeApplication",
    "Reconciled",
    "compare",
    "office_applications",
    "reconcile",
]

SOURCE, TABLE = "office_oa", "data_use_application"
PREFIX = "oa:"

#: What may differ → what to do about it.
DIFFERENCES = {
    "only_there": "submit it here as well; what is not submitted here is not considered",
    "approved_there_only": "have it signed here too; an approval in the office system is no grant",
    "only_here": "ask the office system for the process; its extract may be late",
    "term_differs": "apply for an extension, or have the office system's record mended",
    "pledge_there_only": "have the undertaking signed here; without it the grant is shut",
    "expired_there": "revoke the grant, or have its term mended in the office system",
}


@dataclass(frozen=True)
class OfficeApplication:
    """A row of the extract; `expires` is the last day as the office system has it."""

    application_no: str
    approved: date | None
    expires: date | None
    pledge_signed: bool


@dataclass(frozen=True)
class HubApplication:
    """An application that came from the office system. `last_day` is that of its grant where there
    is one, extensions included, else of what it asks; `pledged` says that its unit, or the person
    where it binds none, has signed the undertaking."""

    application_no: str
    application: str
    status: str
    last_day: date | None
    pledged: bool
    grant: str | None = None
    grant_state: str | None = None


@dataclass(frozen=True)
class Reconciled:
    """One application by its number there. `differences` are words of `DIFFERENCES`, empty where
    both agree; `expired` says that its term there is over."""

    application_no: str
    application: str | None
    status: str | None
    grant: str | None
    grant_state: str | None
    approved: date | None
    expires: date | None
    expired: bool
    differences: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"differences": list(self.differences)}


def compare(
    there: Iterable[OfficeApplication], here: Iterable[HubApplication], today: date
) -> list[Reconciled]:
    """Both lists side by side, by number; pure. What is over there and unknown here is listed
    without a difference: nothing can be had from it any more."""
    office = {one.application_no: one for one in there}
    hub = {one.application_no: one for one in here}
    found = []
    for number in sorted(office.keys() | hub.keys()):
        one, ours = office.get(number), hub.get(number)
        expired = one is not None and one.expires is not None and one.expires < today
        found.append(
            Reconciled(
                application_no=number,
                application=ours.application if ours else None,
                status=ours.status if ours else None,
                grant=ours.grant if ours else None,
                grant_state=ours.grant_state if ours else None,
                approved=one.approved if one else None,
                expires=one.expires if one else None,
                expired=expired,
                differences=tuple(_differences(one, ours, expired)),
            )
        )
    return found


def _differences(
    there: OfficeApplication | None, here: HubApplication | None, expired: bool
) -> list[str]:
    if there is None:
        return ["only_here"]
    if here is None:
        if expired:
            return []
        return ["only_there", *(["approved_there_only"] if there.approved else [])]
    found = []
    if there.approved and here.status != "authorised" and not expired:
        found.append("approved_there_only")
    if here.status == "authorised" and there.approved and there.expires != here.last_day:
        found.append("term_differs")
    if there.pledge_signed and not here.pledged and not expired:
        found.append("pledge_there_only")
    if expired and here.grant_state == "live":
        found.append("expired_there")
    return found


def office_applications(desk: Desk) -> list[OfficeApplication]:
    """The latest row of each application that the office system delivered, by number."""
    contracts = load_contracts()
    table = contracts.table(SOURCE, TABLE)
    source = next(one for one in contracts.sources if one.id == SOURCE)
    alone = Contracts((replace(source, tables=(table,)),))
    connection = open_work(threads=1)
    try:
        with session(desk.engine, read_only=True) as opened:
            create_landed_views(connection, alone, opened, desk.settings.paths)
            rows = connection.execute(_LATEST).fetchall()
    finally:
        connection.close()
    return [OfficeApplication(*row) for row in rows]


#: As the models choose the version in force (macro latest_rows).
_LATEST = f"""
select application_no, approved_date, expires_date, coalesce(pledge_signed, false)
from (
    select *, row_number() over (
        partition by application_no
        order by coalesce(source_updated_at, extracted_at) desc, extracted_at desc,
            batch_id desc, batch_row desc
    ) as version_rank
    from {SOURCE}.{TABLE}
)
where version_rank = 1 and not coalesce(is_deleted, false)
order by application_no
"""


def hub_applications(desk: Desk) -> list[HubApplication]:
    """The applications here that bear a number of the office system."""
    found = []
    with session(desk.engine, read_only=True) as opened:
        granted = {one.application_id: one for one in opened.scalars(select(Grant))}
        for row, state in list_applications(opened):
            if not (row.reference or "").startswith(PREFIX):
                continue
            grant = granted.get(row.id)
            last_day = state.content.last_day
            if grant is not None:
                until = expires_at(grant, grant_events(opened, grant.id))
                last_day = school_day(until - timedelta(seconds=1))
            parties = {one.party for one in signed_parties(opened, row.id, state.content_sha256)}
            binds = "unit" if state.content.kind == "unit" else "person"
            found.append(
                HubApplication(
                    application_no=str(row.reference).removeprefix(PREFIX),
                    application=row.id,
                    status=state.status,
                    last_day=last_day,
                    pledged=binds in parties,
                    grant=grant.id if grant is not None else None,
                    grant_state=state_of(opened, grant, desk.now) if grant is not None else None,
                )
            )
    return found


def reconcile(desk: Desk) -> list[Reconciled]:
    """Compare now and note it in the log. Reads only."""
    return audited_read(
        desk.audit,
        desk.actor,
        "application.reconcile",
        lambda: compare(office_applications(desk), hub_applications(desk), school_day(desk.now)),
        result=lambda rows: {
            "rows": len(rows),
            "differences": sum(bool(row.differences) for row in rows),
        },
    )
