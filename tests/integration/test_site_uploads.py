"""Nobody sends the site a file who is not signed in at this browser."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from test_site_files import SECRET, cookies

from dashboards.uploads import UploadGuard

UPLOAD = "/_stcore/upload_file/session/file"


@pytest.fixture
def site() -> TestClient:
    async def taken(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS"]
    app = Starlette(routes=[Route("/{path:path}", taken, methods=methods)])
    return TestClient(UploadGuard(app, cookie_secret=SECRET), base_url="http://site")


def header(jar: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}


def test_who_is_signed_in_sends_a_file(site: TestClient):
    answer = site.put(UPLOAD, content=b"x" * 5, headers=header(cookies("token")))
    assert (answer.status_code, answer.text) == (200, "5")


@pytest.mark.parametrize("jar", [{}, cookies("token", secret="d" * 48), cookies("")])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("path", [UPLOAD, "/page" + UPLOAD])
def test_nobody_else_does(site: TestClient, jar: dict[str, str], method: str, path: str):
    answer = site.request(method, path, content=b"x", headers=header(jar))
    assert answer.status_code == 401 and "登录" in answer.text


def test_everything_else_passes(site: TestClient):
    assert site.options(UPLOAD).status_code == 200
    assert site.post("/oa/v1/message", content=b"x").text == "1"
