"""A file that leaves under a grant: marked, registered, logged, in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from warehouse.access.export_marks import mark_of
from warehouse.access.granted_sql import GrantedQuery
from warehouse.access.people_sets import set_of_grant
from warehouse.access.result_files import result_file
from warehouse.audit import of_sets
from warehouse.errors import NotFound
from warehouse.governance.grant_limits import check_limits
from warehouse.governance.journal import Journal
from warehouse.home import Home
from warehouse.secret_file import secret_of
from warehouse.state.models import Export, Grant

__all__ = ["export_result", "export_secret"]


def export_secret(home: Home) -> bytes:
    """What marks are keyed with."""
    return secret_of(home, "export", loss="no copy made before can be traced by its mark")


def export_result(
    journal: Journal,
    home: Home,
    query: GrantedQuery,
    form: str,
    *,
    grant_id: str,
    person_key: int,
    actor: str,
    now: datetime,
) -> bytes:
    """The result of a query as a file of this grant for this person.

    The caller has run the query under the grant. Raises `QueryLimit` where the grant's number of
    exports a day is used up.
    """
    secret, result = export_secret(home), query.result
    with journal.transaction() as entry:
        grant = entry.session.get(Grant, grant_id, with_for_update=True)
        if grant is None:
            raise NotFound("You hold no such grant.")
        check_limits(entry.session, grant, person_key, now, exports=1)
        export_id = f"x{secrets.token_hex(8)}"
        mark = mark_of(secret, export_id)
        content = result_file(result, form, export_id, mark)
        entry.session.add(
            Export(
                id=export_id,
                at=now,
                grant_id=grant_id,
                person_key=person_key,
                release=query.release.id,
                format=form,
                rows=len(result.rows),
                content_sha256=hashlib.sha256(content).hexdigest(),
                mark=mark,
            )
        )
        entry.record(
            actor,
            "grant.export",
            subject=set_of_grant(grant_id),
            detail={
                "grant": grant_id,
                "export": export_id,
                "for": f"person:{person_key}",
                "format": form,
                "release": query.release.id,
                "rows": len(result.rows),
            },
            concern=of_sets(query.versions, about=form),
        )
    return content
