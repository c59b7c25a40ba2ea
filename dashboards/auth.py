"""Who is at the browser, as far as the site may know: the gateway says, the site asks.

Each run of a page asks the gateway anew, so that a sign-out in another tab, a disabled person or
a changed role ends or changes what is shown at the next click.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from dashboards import data
from dashboards.figures import Figures, read_figures

__all__ = [
    "Visit",
    "begin_visit",
    "current_visit",
    "forget_own_data",
    "late_deliveries",
    "own_cases",
    "own_data",
    "own_items",
    "own_transactions",
    "sign_in",
    "sign_out",
    "statistics",
]

_VISIT = "_visit"
_OPENED = "_opened_for"
_OWN = "_own_data"
_OWN_LIST = "_own_list"
_OWN_MONTH = "_own_transactions"
_STATISTICS = "_statistics"
#: Answers on statistics that one browser session keeps, and for how many seconds.
_ANSWERS, _MINUTE = 12, 60.0


@dataclass(frozen=True)
class Visit:
    """One run of one page.

    `state` is anonymous, signed_in, ended (there was a session and it is over), refused (signed
    in at the provider, but not let in here) or away (the gateway does not answer).
    """

    state: Literal["anonymous", "signed_in", "ended", "refused", "away"]
    token: str = ""
    me: dict[str, Any] = field(default_factory=dict)
    error: data.GatewayError | None = None

    @property
    def pages(self) -> frozenset[str]:
        return frozenset(self.me.get("pages", ()))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(str(role.get("role")) for role in self.me.get("roles", ()))

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self.me.get("person", {}).get("kinds", ()))


def begin_visit() -> Visit:
    """Ask the gateway who this is. Called once per run by the router, before anything shows."""
    visit = _ask()
    if visit.state != "signed_in":
        forget_own_data()
    st.session_state[_VISIT] = visit
    return visit


def current_visit() -> Visit:
    """The visit of this run."""
    return st.session_state[_VISIT]


def _ask() -> Visit:
    if not st.user.get("is_logged_in"):
        return Visit("anonymous")
    token = st.user.tokens.get("id", "")
    if not token:
        return Visit("ended")
    digest = hashlib.sha256(token.encode()).hexdigest()
    if st.session_state.get(_OPENED) != digest:
        forget_own_data()
    try:
        try:
            who = data.me(token)
        except data.SignedOut:
            if st.session_state.get(_OPENED) == digest:
                raise
            # A fresh token. One that already had its session is refused here, for good.
            data.open_session(token)
            who = data.me(token)
        st.session_state[_OPENED] = digest
    except data.NotAdmitted as error:
        return Visit("refused", token, error=error)
    except data.SignedOut as error:
        return Visit("ended", token, error=error)
    except data.GatewayAway as error:
        return Visit("away", token, error=error)
    except data.GatewayError as error:
        return Visit("refused", token, error=error)
    return Visit("signed_in", token, who)


def own_data(visit: Visit, page: str) -> dict[str, Any]:
    """The reader's data for one page, kept in this browser session for as long as release and
    token stay, so that a filter does not read (and audit) it again. `begin_visit` has checked
    the session before in every run."""
    return _own(visit, page, lambda: data.my_page(visit.token, page))


def own_cases(visit: Visit) -> dict[str, Any]:
    """A counsellor's list of cases, kept likewise: each look is told to every student on it."""
    return _own(visit, "care", lambda: data.care_cases(visit.token))


def _own(
    visit: Visit, what: str, read: Callable[[], dict[str, Any]], place: str = _OWN
) -> dict[str, Any]:
    key = (visit.token, visit.me["release"]["id"], what)
    kept = st.session_state.setdefault(place, {})
    if key not in kept:
        kept.clear()
        kept[key] = read()
    return kept[key]


def own_items(visit: Visit) -> list[dict[str, Any]]:
    """The items that concern the reader, kept beside the page of which they are a part."""
    return _own(visit, "items", lambda: data.my_items(visit.token), _OWN_LIST)["items"]


def own_transactions(visit: Visit, month: str) -> dict[str, Any]:
    """The reader's card transactions of a month, kept beside the page of which they are a part."""
    return _own(visit, month, lambda: data.my_transactions(visit.token, month), _OWN_MONTH)


def statistics(visit: Visit, **query: str) -> Figures:
    """Statistics as the reader's roles open them, kept in this browser session for a minute as long
    as release, token and roles stay: pressing a filter reads nothing again, and what units sign
    meanwhile shows soon. `begin_visit` has checked the session before in every run."""
    return _statistics(
        visit, ("statistics", *sorted(query.items())), lambda: data.statistics(visit.token, **query)
    )


def late_deliveries(visit: Visit) -> list[dict[str, Any]]:
    """Deliveries that are late, with the indicators that rest on them, kept likewise."""
    return _statistics(visit, ("late",), lambda: data.late_deliveries(visit.token))


def _statistics(visit: Visit, what: tuple[Any, ...], read: Callable[[], Any]) -> Any:
    reader = (visit.token, visit.me["release"]["id"], str(visit.me.get("roles")))
    kept = st.session_state.setdefault(_STATISTICS, {})
    now = time.monotonic()
    if kept.get("reader") != reader or len(kept) > _ANSWERS:
        kept.clear()
        kept["reader"] = reader
    if what not in kept or now - kept[what][0] > _MINUTE:
        answer = read()
        kept[what] = (now, read_figures(answer) if isinstance(answer, dict) else answer)
    return kept[what][1]


def forget_own_data() -> None:
    st.session_state.pop(_STATISTICS, None)
    st.session_state.pop(_OWN, None)
    st.session_state.pop(_OWN_LIST, None)
    st.session_state.pop(_OWN_MONTH, None)
    st.session_state.pop("_own_items", None)
    st.session_state.pop("_archive_password", None)
    st.session_state.pop("query_run", None)  # a query on its way, or one that nobody saw the end of


def sign_in() -> None:
    """Go to the identity provider."""
    st.login()


def sign_out() -> None:
    """End the session at the gateway, in every tab, then the browser's."""
    token = current_visit().token
    forget_own_data()
    if token:
        # Where it is over already, the browser's part still ends. Where the gateway did not end it,
        # other tabs and copies of the cookie would stay in: then nobody is told they are out.
        with contextlib.suppress(data.SignedOut):
            data.close_session(token)
    st.session_state.pop(_OPENED, None)
    st.logout()
