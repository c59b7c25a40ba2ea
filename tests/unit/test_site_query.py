"""The query page over a gateway of a few functions: progress, cancelling, result, refusal."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import auth, data

PAGE = Path(__file__).parents[2] / "dashboards" / "app_pages" / "query.py"
GRANT = {
    "id": "g1",
    "unit_name": "教务处",
    "purpose": "management",
    "expires_at": "2030-01-01T00:00:00Z",
    "tables": [{"name": "d.t", "columns": [{"name": "n", "type": "BIGINT"}]}],
}


class Gateway:
    """Answers when it is let go, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[tuple[str, ...]] = []
        self.cancelled: list[str] = []
        self.progress: float | None = 42.0
        self.refusal: data.GatewayError | None = None

    def run_sql(self, token: str, grant: str, statement: str, query: str):
        self.asked.append((token, grant, statement, query))
        assert self.go.wait(20)
        if self.refusal is not None:
            raise self.refusal
        return {
            "columns": [{"name": "n", "type": "BIGINT"}],
            "rows": [[7]],
            "row_count": 1,
            "truncated": False,
            "seconds": 0.1,
        }

    def sql_queries(self, token: str):
        query = self.asked[-1][3]
        return {"queries": [{"id": query, "state": "running", "progress": self.progress}]}

    def cancel_sql(self, token: str, query: str) -> None:
        self.cancelled.append(query)
        self.refusal = data.Refused(409, "query_cancelled", "The query was cancelled.")
        self.go.set()


@pytest.fixture
def gateway(monkeypatch) -> Gateway:
    gateway = Gateway()
    for name in ("run_sql", "sql_queries", "cancel_sql"):
        monkeypatch.setattr(data, name, getattr(gateway, name))
    monkeypatch.setattr(data, "grants", lambda token: {"grants": [GRANT]})
    yield gateway
    gateway.go.set()


@pytest.fixture
def page(gateway: Gateway) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["_visit"] = auth.Visit(
        "signed_in", token="token", me={"pages": ["sql_bench"], "release": {}}
    )
    return page.run()


def ask(page: AppTest, statement: str = "select 1") -> AppTest:
    page.text_area(key="statement").set_value(statement)
    next(button for button in page.button if button.form_id).click()
    page.run()
    assert not page.exception
    return page


def test_result_is_shown_once_it_is_there_and_by_one_run_only(page: AppTest, gateway: Gateway):
    gateway.go.set()
    ask(page)
    assert gateway.asked[0][:3] == ("token", "g1", "select 1")
    page.run()
    shown = [list(frame.value["n"]) for frame in page.dataframe]
    assert shown in ([[7]], []), "with a slow thread the first run only shows that it runs"
    page.run()
    assert "query_run" not in page.session_state and not page.dataframe, "nothing is kept"


def test_query_on_its_way_shows_progress_and_is_cancelled(page: AppTest, gateway: Gateway):
    ask(page)
    assert not page.dataframe
    page.button(key="cancel").click().run()
    assert gateway.cancelled == [gateway.asked[0][3]]
    page.run()
    assert not page.exception and not page.dataframe and not page.error
    assert "query_run" not in page.session_state


def test_next_statement_cancels_the_one_before(page: AppTest, gateway: Gateway):
    ask(page)
    first = gateway.asked[0][3]
    ask(page, "select 2")
    assert gateway.cancelled == [first]
    assert [asked[2] for asked in gateway.asked] == ["select 1", "select 2"]


def test_refusal_is_shown_with_its_next_step(page: AppTest, gateway: Gateway):
    gateway.refusal = data.Refused(400, "query_failed", "There is no column x.", "Did you mean y?")
    gateway.go.set()
    ask(page)
    if not page.error:
        page.run()
    assert "There is no column x." in page.error[0].value
    assert "Did you mean y?" in page.error[0].value


def test_query_of_somebody_else_in_the_same_browser_is_not_shown(page: AppTest, gateway: Gateway):
    ask(page)
    gateway.go.set()
    page.session_state["_visit"] = auth.Visit(
        "signed_in", token="another", me={"pages": ["sql_bench"], "release": {}}
    )
    page.run()
    assert not page.dataframe and "query_run" not in page.session_state
