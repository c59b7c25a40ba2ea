"""Exports on their way out of the site: noted by the gateway first, and only to their reader."""

from __future__ import annotations

import json

import httpx
import pytest
from access_college import CAROL, College, found_college
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboards.exports import Column, ExportPage, ExportTable
from dashboards.exports.route import export_route
from dashboards.exports.shelf import Shelf
from warehouse.governance.appointments import appoint
from warehouse.state import session
from warehouse.state.models import AuditEntry

SECRET = "c" * 48
PAGE = ExportPage(
    "学校数据总览",
    "",
    "/statistics?unit=college:01",
    "R20261121",
    "2026-11-20",
    tables=(ExportTable("主要指标", (Column("name", "指标"),), ({"name": "生师比"},)),),
)


@pytest.fixture
def college(tmp_path) -> College:
    found = found_college(tmp_path)
    appoint(found.audit, CAROL, "leader", actor="command:test", now=found.clock.now)
    return found


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def site(college: College, shelf: Shelf) -> TestClient:
    def transport() -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(college.client.app, raise_app_exceptions=False)

    return TestClient(Starlette(routes=[export_route(transport, SECRET, "学院", shelf=shelf)]))


def token_of(college: College, number: str) -> str:
    return college.sign_in(number)["Authorization"].removeprefix("Bearer ")


def cookie(token: str) -> str:
    made: dict[str, bytes] = {}

    def signed(name: str, value: str) -> bytes:
        return create_signed_value(SECRET, name, value)

    set_cookie_with_chunks(
        lambda name, value: made.update({name: signed(name, value)}),
        signed,
        "_streamlit_user_tokens",
        {"id_token": token},
        cookie_attr_size=100,
    )
    return "; ".join(f"{name}={value.decode()}" for name, value in made.items())


def noted(college: College) -> list[tuple[str, dict]]:
    with session(college.audit.engine, read_only=True) as opened:
        found = opened.execute(
            select(AuditEntry.actor, AuditEntry.detail).where(
                AuditEntry.action == "statistics.export"
            )
        ).all()
    return [(actor, json.loads(detail)) for actor, detail in found]


def lay(shelf: Shelf, token: str, allowed_by: str | None = "overview_statistics") -> str:
    return shelf.put(PAGE, token=token, language="zh", allowed_by=allowed_by)


def test_a_leader_takes_a_page_along_and_the_log_says_which_under_which_filters(
    college: College, site: TestClient, shelf: Shelf
):
    token = token_of(college, "T001")
    name = lay(shelf, token)
    answer = site.get(f"/files/exports/{name}.xlsx", headers={"cookie": cookie(token)})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    ((actor, detail),) = noted(college)
    assert actor.startswith("person:")
    assert detail == {
        "page": "overview_statistics",
        "address": "/statistics?unit=college:01",
        "release": "R20261121",
        "form": "xlsx",
    }


def test_who_may_not_open_the_page_now_gets_no_file(
    college: College, site: TestClient, shelf: Shelf
):
    token = token_of(college, "S001")  # a student
    name = lay(shelf, token)
    answer = site.get(f"/files/exports/{name}.xlsx", headers={"cookie": cookie(token)})
    assert answer.status_code == 403
    assert noted(college) == []


def test_a_session_that_is_over_gets_no_file(college: College, site: TestClient, shelf: Shelf):
    token = token_of(college, "T001")
    name = lay(shelf, token)
    college.client.delete("/v1/session", headers={"Authorization": f"Bearer {token}"})
    answer = site.get(f"/files/exports/{name}.xlsx", headers={"cookie": cookie(token)})
    assert answer.status_code == 401
    assert noted(college) == []


def test_another_reader_and_another_site_find_nothing(
    college: College, site: TestClient, shelf: Shelf
):
    mine, other = token_of(college, "T001"), token_of(college, "S001")
    path = f"/files/exports/{lay(shelf, mine)}.xlsx"
    assert site.get(path, headers={"cookie": cookie(other)}).status_code == 404
    assert site.get(path).status_code == 404
    passing = {"cookie": cookie(mine), "sec-fetch-site": "cross-site"}
    assert site.get(path, headers=passing).status_code == 404
    unknown = path.replace(".xlsx", ".docx")
    assert site.get(unknown, headers={"cookie": cookie(mine)}).status_code == 404
    assert noted(college) == []


def test_public_figures_are_taken_along_without_a_note(
    college: College, site: TestClient, shelf: Shelf
):
    name = lay(shelf, "", allowed_by=None)
    assert site.get(f"/files/exports/{name}.xlsx").status_code == 200
    assert noted(college) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": "nothing"},
        {"form": "docx"},
        {"address": "https://elsewhere"},
        {"address": "//elsewhere"},
        {"address": "/statistics?q=" + "x" * 600},
        {"release": ""},
    ],
)
def test_a_note_names_a_page_an_address_a_release_and_a_form(college: College, wrong):
    said = {
        "page": "overview_statistics",
        "address": "/statistics",
        "release": "r1",
        "form": "pdf",
        **wrong,
    }
    answer = college.client.post(
        "/v1/statistics/exports", json=said, headers=college.sign_in("T001")
    )
    assert answer.status_code == 400
    assert noted(college) == []
