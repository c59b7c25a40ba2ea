"""How much a user may take under a grant in a day of the school, counted from what was logged.

Nothing is counted twice or kept beside the log: rows are those that the outcomes of governed reads
note (`taken`, where a row that packs many values counts as many), exports those that were
registered.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from warehouse.errors import QueryLimit
from warehouse.governance.appointments import school_day
from warehouse.governance.terms import begins_on
from warehouse.state.models import AuditEntry, Export, Grant

__all__ = ["check_limits", "used_today"]

#: Actions of the log that hand out rows of a grant.
_DELIVERIES = ("sql.run",)


def check_limits(
    session: Session,
    grant: Grant,
    person_key: int,
    now: datetime,
    *,
    rows: int = 0,
    exports: int = 0,
) -> None:
    """Raise `QueryLimit` where the user has taken all of today's share, or would with `rows` and
    `exports` more."""
    limits = grant.limits or {}
    most_rows, most_exports = limits.get("rows_per_day"), limits.get("exports_per_day")
    if most_rows is None and most_exports is None:
        return
    used = used_today(session, grant.id, person_key, now)
    for word, most, taken, more in (
        ("rows", most_rows, used[0], rows),
        ("exports", most_exports, used[1], exports),
    ):
        # Without an amount the question is whether anything may be taken at all; an export is
        # not asked about by who only reads.
        wanted = max(more, 1) if word == "rows" else more
        if most is not None and taken + wanted > most:
            raise QueryLimit(
                f"The grant {grant.id} allows {most} {word} a day; you have taken {taken}.",
                next_step="Ask for less, or go on tomorrow. The unit may apply for more.",
            )


def used_today(session: Session, grant_id: str, person_key: int, now: datetime) -> tuple[int, int]:
    """(rows, exports) that a user has taken under a grant since midnight at the school."""
    midnight = begins_on(school_day(now)).astimezone(UTC)
    since = midnight.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    intent, outcome = aliased(AuditEntry), aliased(AuditEntry)
    found = session.execute(
        select(intent.actor, intent.detail, outcome.detail)
        .join(outcome, outcome.intent_seq == intent.seq)
        .where(
            outcome.action.in_(_DELIVERIES),
            outcome.at >= since,
            outcome.phase == "outcome",
            intent.detail.contains(json.dumps(grant_id)),
        )
    ).all()
    user, rows = f"person:{person_key}", 0
    for actor, asked, ended in found:
        about = json.loads(asked)
        if about.get("grant") == grant_id and about.get("on_behalf_of", actor) == user:
            served = json.loads(ended)
            rows += served.get("taken", served.get("rows", 0))
    exports = session.scalar(
        select(func.count())
        .select_from(Export)
        .where(Export.grant_id == grant_id, Export.person_key == person_key, Export.at >= midnight)
    )
    return rows, exports or 0
