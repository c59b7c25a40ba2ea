"""Files and the office system's messages on their way through the site, with the gateway behind."""

from __future__ import annotations

import json

import httpx
import pytest
from access_college import CAROL, College, found_college
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboards.asgi import PageMiddleware
from dashboards.files import file_routes, id_token
from dashboards.office import MOST_BODY, office_route
from warehouse.access.office_signature import sign_message
from warehouse.governance.attachments import store_attachment

SECRET = "c" * 48
KEY = "k" * 40
PDF = b"%PDF-1.7 scanned"


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path, oa_key=KEY)


@pytest.fixture
def site(college: College) -> TestClient:
    def transport() -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(college.client.app, raise_app_exceptions=False)

    app = Starlette(routes=[*file_routes(transport, SECRET), office_route(transport)])
    wrapped = PageMiddleware(app, https=False, session_seconds=3600, title="学院")
    return TestClient(wrapped, base_url="http://site")


def cookies(token: str, *, secret: str = SECRET, room: int = 100) -> dict[str, str]:
    """The cookies as Streamlit's own sign-in sets them; `room` is what attributes take."""
    made: dict[str, str] = {}

    def signed(name: str, value: str) -> bytes:
        return create_signed_value(secret, name, value)

    set_cookie_with_chunks(
        lambda name, value: made.update({name: signed(name, value).decode()}),
        signed,
        "_streamlit_user_tokens",
        {"id_token": token, "access_token": "a" * 200},
        cookie_attr_size=room,
    )
    return made


def scan(college: College, by: str) -> str:
    return store_attachment(college.audit, college.settings.paths, PDF, actor=by)


def get(site: TestClient, path: str, jar: dict[str, str], **headers: str):
    cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
    return site.get(path, headers={"cookie": cookie, **headers})


@pytest.mark.parametrize("room", [100, 3500])
def test_a_reader_fetches_a_file_with_the_sign_in_cookie_whole_or_in_pieces(
    college: College, site: TestClient, room
):
    token = college.sign_in("T001")["Authorization"].removeprefix("Bearer ")
    jar = cookies(token, room=room)
    assert (len(jar) > 1) == (room == 3500)
    digest = scan(college, f"person:{CAROL}")
    answer = get(site, f"/files/attachments/{digest}", jar)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_a_file_of_others_is_not_there(college: College, site: TestClient):
    token = college.sign_in("S001")["Authorization"].removeprefix("Bearer ")
    digest = scan(college, f"person:{CAROL}")
    answer = get(site, f"/files/attachments/{digest}", cookies(token))
    assert answer.status_code == 404
    assert "没有这个文件" in answer.text and "%PDF" not in answer.text


def test_signing_out_in_another_tab_closes_the_way(college: College, site: TestClient):
    header = college.sign_in("T001")
    jar = cookies(header["Authorization"].removeprefix("Bearer "))
    path = f"/files/attachments/{scan(college, f'person:{CAROL}')}"
    assert get(site, path, jar).status_code == 200
    college.client.delete("/v1/session", headers=header)
    assert get(site, path, jar).status_code == 401


def test_a_cookie_that_is_forged_cut_or_missing_opens_nothing(college: College, site: TestClient):
    token = college.sign_in("T001")["Authorization"].removeprefix("Bearer ")
    path = f"/files/attachments/{scan(college, f'person:{CAROL}')}"
    whole = cookies(token, room=3500)
    name = "_streamlit_user_tokens"
    tries = [
        {},
        cookies(token, secret="d" * 48),
        {name: json.dumps({"id_token": token})},
        {f"{name}_1": whole[f"{name}_1"]},
        {key: value for key, value in whole.items() if key != f"{name}_2"},
        {**whole, f"{name}_1": whole[f"{name}_2"]},
        # A value signed for another cookie does not stand in for this one.
        {
            name: create_signed_value(
                SECRET, "_streamlit_user", json.dumps({"id_token": token})
            ).decode()
        },
    ]
    for jar in tries:
        assert get(site, path, jar).status_code == 401, jar
    assert get(site, path, whole, **{"sec-fetch-site": "cross-site"}).status_code == 401
    assert id_token({name: "é中"}, SECRET) is None


@pytest.mark.parametrize(
    "path",
    [
        "/files/attachments/../../v1/me",
        "/files/attachments/..%2f..%2fme",
        "/files/applications/a%2fb/paper.pdf",
        "/files/undertakings/x/paper.pdf",
        "/files/v1/me",
    ],
)
def test_the_way_leads_to_files_alone(college: College, site: TestClient, path):
    token = college.sign_in("T001")["Authorization"].removeprefix("Bearer ")
    assert get(site, path, cookies(token)).status_code == 404


def test_a_sign_in_the_address_cuts_nothing_off():
    """`#` would have made the print of an application its page, with all that it holds."""
    asked = []

    def gateway(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return httpx.Response(404)

    app = Starlette(routes=file_routes(lambda: httpx.MockTransport(gateway), SECRET))
    for path in ("/files/applications/SQ1%23/paper.pdf", "/files/attachments/a%3Fb"):
        assert get(TestClient(app), path, cookies("t")).status_code == 404
    assert asked == [b"/v1/applications/SQ1%23/paper.pdf", b"/v1/attachments/a%3Fb"]


def test_a_gateway_that_does_not_answer_is_said_in_words():
    class Away(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            raise httpx.ConnectError("gone")

    app = Starlette(routes=[*file_routes(Away, SECRET), office_route(Away)])
    site = TestClient(app)
    assert get(site, "/files/attachments/x", cookies("t")).status_code == 503
    assert site.post("/oa/v1/applications", content=b"{}").status_code == 503


def message(college: College, path: str, body: bytes = b"", method: str = "GET", **changes):
    timestamp, nonce = (
        str(int(college.clock.seconds())),
        changes.get("nonce", "nonce-of-the-site-1"),
    )
    signature = sign_message(KEY.encode(), method, path, timestamp, nonce, body)
    return [
        ("x-campus-timestamp", timestamp),
        ("x-campus-nonce", nonce),
        ("x-campus-signature", signature),
    ]


def test_the_office_systems_messages_pass_unchanged(college: College, site: TestClient):
    path = "/oa/v1/applications/OA-1"
    answer = site.get(path, headers=message(college, path))
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert answer.headers["cache-control"] == "no-store"
    twice = [*message(college, path), ("x-campus-nonce", "nonce-of-the-site-1")]
    assert site.get(path, headers=twice).status_code == 401
    assert site.get(f"{path}?a=b", headers=message(college, path)).status_code == 400
    body = b'{"process": "OA-1"}'
    signed = message(college, "/oa/v1/applications", body, "POST")
    answer = site.post("/oa/v1/applications", content=body, headers=signed)
    assert (answer.status_code, answer.json()["error"]) == (400, "refused")
    # Sent as another spelling of the address, it is another message.
    assert site.get("/oa/v1/%61pplications/OA-1", headers=message(college, path)).status_code == 401
    assert site.post(path, content=b" " * (MOST_BODY + 1)).status_code == 413


def test_no_credential_of_a_browser_reaches_the_office_systems_address(college, site):
    token = college.sign_in("T001")["Authorization"]
    answer = site.get("/oa/v1/../../v1/me", headers={"authorization": token})
    assert answer.status_code == 404


def test_a_table_of_the_ministry_comes_as_a_workbook_to_whom_the_gateway_lets_have_it(
    college: College, site: TestClient
):
    college.appoint(CAROL, "leader")
    jar = cookies(college.sign_in("T001")["Authorization"].removeprefix("Bearer "))
    answer = get(site, "/files/ministry/bkzl-2026.xlsx", jar)
    assert answer.status_code == 200 and answer.content.startswith(b"PK")
    assert answer.headers["content-disposition"] == 'attachment; filename="bkzl-2026.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    assert get(site, "/files/ministry/312-2026.xlsx", jar).status_code == 403
    assert get(site, "/files/ministry/bkzl-2026.xlsx", {}).status_code == 401
