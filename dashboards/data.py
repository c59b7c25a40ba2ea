"""The site's only way to data: the gateway's answers, asked for with the reader's ID token.

Nothing that needs a session is kept here: each answer is asked for in the run that shows it, so
that the gateway checks and notes every read before anything is shown. Only public figures are
cached, and they are the same for everybody.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import streamlit as st

__all__ = [
    "GatewayAway",
    "GatewayError",
    "NotAdmitted",
    "Refused",
    "SignedOut",
    "cancel_sql",
    "close_session",
    "configure",
    "gateway_health",
    "gateway_transport",
    "grants",
    "me",
    "my_page",
    "my_uses",
    "open_session",
    "public_release",
    "public_statistics",
    "receipt",
    "run_sql",
    "school_name",
    "sign",
    "sign_off_figures",
    "sign_offs",
    "sql_queries",
    "statistics",
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
    **arguments: Any,
) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
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
        if body.get("error") == "not_admitted"
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


def my_uses(token: str) -> dict[str, Any]:
    return _call("GET", "/v1/my/uses", token)


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
