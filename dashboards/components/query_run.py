"""A query in the background of its page: asked for in a thread, watched and cancelled from there.

The answer belongs to one browser session and is shown by one run of the page; nothing is kept.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import markup
from dashboards.text import say

__all__ = ["QueryRun", "watch"]

#: Most queries answer within this; those show no progress.
_QUICK = 0.5


class QueryRun:
    """One statement over one grant, on its way."""

    def __init__(self, token: str, grant: str, statement: str) -> None:
        self.id, self.grant, self._token = secrets.token_hex(16), grant, token
        self._started, self._over = time.monotonic(), threading.Event()
        self._answer: dict[str, Any] | None = None
        self._error: Exception | None = None
        threading.Thread(target=self._ask, args=(statement,), daemon=True).start()

    def _ask(self, statement: str) -> None:
        try:
            self._answer = data.run_sql(self._token, self.grant, statement, self.id)
        except Exception as error:  # whatever it is, it is raised where the answer is asked for
            self._error = error
        finally:
            self._over.set()

    def belongs_to(self, token: str, grant: str) -> bool:
        return (self._token, self.grant) == (token, grant)

    def wait(self, seconds: float = _QUICK) -> bool:
        """Whether it has ended, now or within so many seconds."""
        return self._over.wait(seconds)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def answer(self) -> dict[str, Any]:
        """What it ended in; raises the gateway's refusal."""
        if self._error is not None:
            raise self._error
        assert self._answer is not None
        return self._answer

    def progress(self) -> dict[str, Any]:
        """State and percent as the gateway tells them; empty where it does not."""
        try:
            queries = data.sql_queries(self._token)["queries"]
        except data.GatewayError:
            return {}
        return next((query for query in queries if query["id"] == self.id), {})

    def cancel(self) -> None:
        """Once it has ended by itself there is nothing to cancel."""
        with contextlib.suppress(data.GatewayError):
            data.cancel_sql(self._token, self.id)


@st.fragment(run_every=0.5)
def watch(run: QueryRun) -> None:
    """Progress and a button to cancel, until the query has ended; then the page runs again."""
    if run.wait(0):
        st.rerun()
    known = run.progress()
    percent = known.get("progress")
    state = "waiting" if known.get("state") == "waiting" else "running"
    st.progress(
        (percent or 0) / 100,
        text=say(f"sql.{state}", seconds=formats.number(run.seconds, 0)),
    )
    st.button(say("sql.cancel"), key="cancel", icon=":material/stop:", on_click=run.cancel)
    if percent is None:
        st.html(markup.note(say("sql.no_progress")))
