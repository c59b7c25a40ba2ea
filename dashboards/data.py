"""The site's only way to data: the gateway's answers, asked for with the reader's ID token.

Nothing that needs a session is kept here: each answer is asked for in the run that shows it, so
that the gateway checks and notes every read before anything is shown. Only public figures are
cached, and they are the same for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import streamlit as st

__all__ = [
    "GatewayAway",
    "GatewayError",
    "NotAdmitted",
    "Refused",
    "SignedOut",
    "add_evidence",
    "application",
    "applications",
    "ask_archive",
    "audit",
    "begin_draft",
    "cancel_sql",
    "care_cases",
    "check_form",
    "close_session",
    "colleague",
    "configure",
    "correction",
    "correction_choices",
    "corrections",
    "corrections_told",
    "decide",
    "delegations",
    "discard_draft",
    "draft",
    "drafts",
    "end_delegation",
    "end_grant",
    "form",
    "gateway_health",
    "gateway_transport",
    "grants",
    "hand_in",
    "hand_in_tables",
    "held_grants",
    "keep_scan",
    "late_deliveries",
    "me",
    "my_archive",
    "my_care",
    "my_items",
    "my_kept",
    "my_page",
    "my_protection",
    "my_transactions",
    "my_uses",
    "name_deputy",
    "open_case",
    "open_session",
    "own_items",
    "public_release",
    "public_statistics",
    "receipt",
    "record_paper",
    "record_paper_undertaking",
    "report_correction",
    "run_sql",
    "save_draft",
    "save_own_item",
    "school_name",
    "sign",
    "sign_off_figures",
    "sign_offs",
    "sign_undertaking",
    "sql_queries",
    "statistics",
    "step_correction",
    "submit_draft",
    "undertakings",
    "units",
    "withdraw",
]

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_SQL_TIMEOUT = httpx.Timeout(120.0, connect=3.0)
_state: dict[str, Any] = {"socket": None, "school": "", "client": None}


class GatewayError(Exception):
    """The gateway's refusal: HTTP status, its code, message and next step, ready to be shown."""

    def __init__(self, status: int, code: str, message: str, next_step: str | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.next_step = next_step


class SignedOut(GatewayError):
    """No session, an ended one, or a token that does not verify."""


class NotAdmitted(SignedOut):
    """The identity provider knows who it is, the college's data do not, or not only one."""


class Refused(GatewayError):
    """Signed in, but policy, the question or a limit says no."""


class GatewayAway(GatewayError):
    """The gateway does not answer, or it may not (no release, audit log not writable)."""


def configure(socket_path: Path | str, school: str) -> None:
    """Tell the site where its gateway listens. Called once, before the first page."""
    if _state["client"] is not None:
        _state["client"].close()
    _state.update(
        socket=str(socket_path),
        school=school,
        client=httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket_path), retries=1),
            base_url="http://gateway",
            timeout=_TIMEOUT,
            trust_env=False,
        ),
    )


def school_name() -> str:
    return _state["school"]


def _call(
    method: str,
    path: str,
    token: str | None = None,
    *,
    timeout: httpx.Timeout | None = None,
    media_type: str | None = None,
    **arguments: Any,
) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if media_type is not None:
        headers["Content-Type"] = media_type
    try:
        answer = _state["client"].request(
            method, path, headers=headers, timeout=timeout or _TIMEOUT, **arguments
        )
        body = answer.json() if answer.content else {}
    except (httpx.HTTPError, ValueError):
        raise GatewayAway(503, "gateway_away", "") from None
    if answer.is_success:
        return body
    body = body if isinstance(body, dict) else {}
    kind = (
        NotAdmitted
        if body.get("error") in ("not_admitted", "nothing_kept")
        else SignedOut
        if answer.status_code == 401
        else GatewayAway
        if answer.status_code >= 500
        else Refused
    )
    raise kind(
        answer.status_code,
        str(body.get("error", "")),
        str(body.get("message", "")),
        body.get("next_step"),
    )


def gateway_transport() -> httpx.AsyncHTTPTransport:
    """A way to the gateway for what is no page."""
    return httpx.AsyncHTTPTransport(uds=_state["socket"])


async def gateway_health() -> tuple[dict[str, Any], int]:
    """State and HTTP status for `/healthz`."""
    try:
        async with httpx.AsyncClient(
            transport=gateway_transport(), timeout=5.0, trust_env=False
        ) as client:
            answer = await client.get("http://gateway/healthz")
            body = answer.json()
    except (httpx.HTTPError, ValueError):
        return {"status": "unavailable", "site": "ok", "gateway": "unreachable"}, 503
    body = body if isinstance(body, dict) else {}
    status = "ok" if answer.is_success else "unavailable"
    known = {key: body[key] for key in ("release", "as_of") if key in body}
    state = {"status": status, "site": "ok", "gateway": body.get("status", status), **known}
    return state, 200 if answer.is_success else 503


def open_session(token: str) -> dict[str, Any]:
    """Open the session of a fresh ID token. A token opens one session ever."""
    return _call("POST", "/v1/session", token, json={"id_token": token})


def close_session(token: str) -> None:
    _call("DELETE", "/v1/session", token)


def me(token: str) -> dict[str, Any]:
    return _call("GET", "/v1/me", token)


def my_page(token: str, page: str) -> dict[str, Any]:
    """The reader's own data for one page. The gateway takes the person from the session."""
    return _call("GET", f"/v1/my/{page}", token)


def my_items(token: str) -> dict[str, Any]:
    """The items of the annexes that concern the reader, and how each stands."""
    return _call("GET", "/v1/my/items", token)


def my_transactions(token: str, month: str) -> dict[str, Any]:
    """The reader's card transactions of a month (`2026-05`)."""
    return _call("GET", "/v1/my/life/transactions", token, params={"month": month})


def my_uses(token: str, **asked: str) -> dict[str, Any]:
    """A page of the uses of the reader's data; each has in `approval` what was approved for it,
    where it rests on an application. Filters: since, before, kind, limit."""
    page = _call("GET", "/v1/my/uses", token, params=asked)
    for use in page["uses"]:
        use["approval"] = page["approvals"].get(use["grant"])
    return page


def my_care(token: str) -> dict[str, Any]:
    """The reader's own mental-health data and who else opened them. Nothing of it is kept."""
    return _call("GET", "/v1/my/care", token)


def my_protection(token: str) -> dict[str, Any]:
    """What protects the reader, whom they answer for, and what follows from being under 18."""
    return _call("GET", "/v1/my/protection", token)


def my_kept(token: str) -> dict[str, Any]:
    """What is still kept of a reader who has left, and until when."""
    return _call("GET", "/v1/my/kept", token)


def care_cases(token: str) -> dict[str, Any]:
    """The open cases of a counsellor, and for how many days one stays open."""
    return _call("GET", "/v1/care", token)


def open_case(token: str, number: str, purpose: str) -> dict[str, Any]:
    """One student's mental-health data, for a purpose that the student will see."""
    return _call("POST", "/v1/care", token, json={"number": number, "purpose": purpose})


def own_items(token: str) -> dict[str, Any]:
    """What the reader keeps up: tables with fields and rows, what is pending, the history."""
    return _call("GET", "/v1/own", token)


def save_own_item(
    token: str,
    table: str,
    record: str,
    kind: str,
    values: Mapping[str, str | None],
    seen: Mapping[str, str | None],
) -> dict[str, Any]:
    """Save one form; `accepted`, or what is wrong by field. 409 where another window was first."""
    body = {
        "table": table, "record": record, "kind": kind, "values": dict(values), "seen": dict(seen),
    }  # fmt: skip
    return _call("POST", "/v1/own/edits", token, json=body)


def my_archive(token: str) -> dict[str, Any]:
    """The reader's last archive, and how many more today."""
    return _call("GET", "/v1/archives", token)


def ask_archive(token: str, *, care: bool) -> dict[str, str]:
    """Begin an archive, with mental-health records or without: its `id`, and the `password`,
    which is said only here."""
    return _call("POST", "/v1/archives", token, json={"care": care})


def hand_in_tables(token: str) -> list[dict[str, Any]]:
    """Tables that the reader's units hand in by page, with their windows and latest files."""
    return _call("GET", "/v1/deliveries", token)["tables"]


def hand_in(token: str, source: str, table: str, content: bytes) -> None:
    path = f"/v1/deliveries/{_segment(source)}/{_segment(table)}"
    _call("POST", path, token, content=content, media_type="application/octet-stream")


def grants(token: str) -> Any:
    return _call("GET", "/v1/grants", token)


def run_sql(token: str, grant: str, statement: str, query: str) -> dict[str, Any]:
    """Run a statement and wait for its rows. `query` is the id, drawn by the caller (32 hex
    digits), by which it is found and cancelled meanwhile."""
    body = {"grant": grant, "sql": statement, "id": query}
    return _call("POST", "/v1/sql", token, json=body, timeout=_SQL_TIMEOUT)


def sql_queries(token: str) -> dict[str, Any]:
    """The reader's own queries that have not ended: state, seconds, progress."""
    return _call("GET", "/v1/sql/queries", token)


def cancel_sql(token: str, query: str) -> None:
    _call("DELETE", f"/v1/sql/queries/{query}", token)


def public_release() -> dict[str, Any]:
    return _call("GET", "/v1/public/release")


@st.cache_data(max_entries=4, ttl=60, show_spinner=False)  # what units sign comes between releases
def _public_statistics(release: str) -> dict[str, Any]:
    return _call("GET", "/v1/public/statistics")


def public_statistics(release: str) -> dict[str, Any]:
    """The public figures of a release: the same for everybody, so one copy serves all."""
    return _public_statistics(release)


def statistics(token: str, **query: str) -> dict[str, Any]:
    """Statistics that the reader's roles may see."""
    return _call("GET", "/v1/statistics", token, params=query)


def late_deliveries(token: str) -> list[dict[str, Any]]:
    """Deliveries that are late and on which figures rest that the reader may see."""
    return _call("GET", "/v1/statistics/late", token)["late"]


def receipt(token: str, indicator: str) -> dict[str, Any]:
    """Definition, owners, batches, checks and SQL behind one indicator."""
    return _call("GET", "/v1/statistics/receipt", token, params={"indicator": indicator})


def sign_offs(token: str) -> dict[str, Any]:
    """The sheets of figures that the reader's units answer for."""
    return _call("GET", "/v1/sign-offs", token)


def sign_off_figures(token: str, dataset: str, period: str) -> dict[str, Any]:
    """The figures of one sheet and the `content` that a signature is bound to."""
    query = {"dataset": dataset, "period": period}
    return _call("GET", "/v1/sign-offs/figures", token, params=query)


def sign(token: str, **said: str) -> dict[str, Any]:
    """Sign or reject a sheet: dataset, period, unit, decision, reason, content."""
    return _call("POST", "/v1/sign-offs", token, json=said)


def form(token: str) -> dict[str, Any]:
    """What can be applied for, and for which units the reader may."""
    return _call("GET", "/v1/form", token)


def check_form(token: str, content: dict[str, Any]) -> dict[str, Any]:
    """Problems, proposals, choices and counts of a form as it stands."""
    return _call("POST", "/v1/form/check", token, json={"content": content})


def colleague(token: str, number: str) -> dict[str, Any]:
    """Name and unit behind an exact number."""
    return _call("GET", "/v1/colleagues", token, params={"number": number})


def drafts(token: str) -> list[dict[str, Any]]:
    return _call("GET", "/v1/drafts", token)["drafts"]


def draft(token: str, draft_id: str) -> dict[str, Any]:
    return _call("GET", f"/v1/drafts/{_segment(draft_id)}", token)


def save_draft(
    token: str, draft_id: str | None, version: int, content: dict[str, Any]
) -> dict[str, Any]:
    """Save a form; `version` is the one that was open. 409 where another window saved it."""
    body = {"draft": draft_id or "", "version": version, "content": content}
    return _call("POST", "/v1/drafts", token, json=body)


def begin_draft(token: str, *, application: str = "", grant: str = "") -> dict[str, Any]:
    """A draft filled in from an application that came back, or to lengthen a grant."""
    return _call(
        "POST", "/v1/drafts/begin", token, json={"application": application, "grant": grant}
    )


def discard_draft(token: str, draft_id: str) -> None:
    _call("DELETE", f"/v1/drafts/{_segment(draft_id)}", token)


def submit_draft(token: str, draft: dict[str, Any]) -> str:
    """Submit a draft as it was shown; the id of the application, the same for every click."""
    body = {
        "draft": draft["id"],
        "version": draft["version"],
        "application": draft["application"] or "",
    }
    return _call("POST", "/v1/drafts/submit", token, json=body)["application"]


def applications(token: str, scope: str) -> list[dict[str, Any]]:
    """Lines of a list: mine, named, unit, waiting or all."""
    return _call("GET", "/v1/applications", token, params={"scope": scope})["applications"]


def application(token: str, application_id: str) -> dict[str, Any]:
    return _call("GET", f"/v1/applications/{_segment(application_id)}", token)


def decide(token: str, seen: dict[str, Any], decision: str, reason: str) -> dict[str, Any]:
    """Sign, return or reject an application as it was seen."""
    body = {
        "decision": decision,
        "reason": reason,
        "stage": seen["stage"] or "",
        "content_sha256": seen["content_sha256"],
    }
    path = f"/v1/applications/{_segment(seen['id'])}/decision"
    return _call("POST", path, token, json=body)


def withdraw(token: str, application_id: str, reason: str) -> None:
    path = f"/v1/applications/{_segment(application_id)}/withdrawal"
    _call("POST", path, token, json={"reason": reason})


def undertakings(token: str) -> dict[str, Any]:
    """Those that wait for the reader, with their words, and those that were signed."""
    return _call("GET", "/v1/undertakings", token)


def sign_undertaking(token: str, words: dict[str, Any]) -> dict[str, Any]:
    """Put the reader's name under the words as they were shown."""
    said = {name: words[name] or "" for name in ("role", "unit", "application", "party")}
    return _call(
        "POST", "/v1/undertakings", token, json={**said, "text_sha256": words["text_sha256"]}
    )


def keep_scan(token: str, content: bytes, media_type: str) -> str:
    """Keep a scan; the sha256 by which a signature on paper names it."""
    kept = _call("POST", "/v1/attachments", token, content=content, media_type=media_type)
    return kept["attachment"]


def record_paper(
    token: str, seen: dict[str, Any], number: str, decision: str, reason: str, scan: str
) -> dict[str, Any]:
    """Enter what the person with that number decided on paper about an application as it was
    seen."""
    body = {
        "number": number,
        "stage": seen["stage"] or "",
        "content_sha256": seen["content_sha256"],
        "decision": decision,
        "reason": reason,
        "attachment": scan,
    }
    return _call("POST", f"/v1/applications/{_segment(seen['id'])}/paper", token, json=body)


def record_paper_undertaking(
    token: str, seen: dict[str, Any], party: str, number: str, scan: str
) -> dict[str, Any]:
    """Enter an undertaking for an application that a person, the unit's head or the vendor
    (without number) signed on paper."""
    body = {
        "application": seen["id"],
        "party": party,
        "number": number,
        "content_sha256": seen["content_sha256"],
        "attachment": scan,
    }
    return _call("POST", "/v1/undertakings/paper", token, json=body)


def delegations(token: str) -> dict[str, Any]:
    """Roles of the reader that sign, their deputies, and whom they stand in for."""
    return _call("GET", "/v1/delegations", token)


def name_deputy(token: str, role: str, unit: str | None, number: str, until: str) -> None:
    body = {"role": role, "unit": unit or "", "number": number, "until": until}
    _call("POST", "/v1/delegations", token, json=body)


def end_delegation(token: str, delegation_id: int) -> None:
    _call("DELETE", f"/v1/delegations/{delegation_id}", token)


def held_grants(token: str, scope: str) -> list[dict[str, Any]]:
    """Grants with their state: mine, unit or all."""
    return _call("GET", "/v1/grants/held", token, params={"scope": scope})["grants"]


def end_grant(token: str, grant_id: str, how: str, reason: str) -> None:
    """End a grant at once: `how` is revocation (the working group) or return (its unit)."""
    _call("POST", f"/v1/grants/{_segment(grant_id)}/{how}", token, json={"reason": reason})


def correction_choices(token: str, table: str) -> dict[str, Any]:
    """Items, rows and columns of one table of the reader's own data that can be wrong."""
    return _call("GET", "/v1/corrections/choices", token, params={"table": table})


def report_correction(token: str, report: dict[str, str]) -> str:
    """Report a place of the reader's own data; returns the id."""
    return _call("POST", "/v1/corrections", token, json=report)["correction"]


def add_evidence(token: str, correction_id: str, content: bytes, media_type: str) -> None:
    path = f"/v1/corrections/{_segment(correction_id)}/evidence"
    _call("POST", path, token, content=content, media_type=media_type)


def corrections(token: str, scope: str) -> list[dict[str, Any]]:
    """mine, unit or group."""
    return _call("GET", "/v1/corrections", token, params={"scope": scope})["corrections"]


def correction(token: str, correction_id: str) -> dict[str, Any]:
    return _call("GET", f"/v1/corrections/{_segment(correction_id)}", token)


def corrections_told(token: str) -> list[dict[str, Any]]:
    """Values that changed under grants of the reader's units."""
    return _call("GET", "/v1/corrections/told", token)["told"]


def step_correction(token: str, seen: dict[str, Any], step: str, **words: str) -> None:
    """Take a step on a correction as it was seen; `step` is the last part of its address."""
    path = f"/v1/corrections/{_segment(seen['id'])}/{step}"
    _call("POST", path, token, json={"seq": seen["seq"], **words})


def units(token: str) -> list[dict[str, Any]]:
    """Units with heads, contacts and what they lack."""
    return _call("GET", "/v1/units", token)["units"]


def audit(token: str, **asked: str) -> dict[str, Any]:
    """A page of the audit log, newest first: `entries` and `next`, the `before` of the page that
    follows. Filters: since, until, action, grant."""
    return _call("GET", "/v1/audit", token, params=asked)


def _segment(value: str) -> str:
    """An id as one segment of a path, whatever stands in the address of the page."""
    return quote(value, safe="") if value.strip(".") else "-"
