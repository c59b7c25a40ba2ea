"""What the site adds around Streamlit's web server."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboards.asgi import PageMiddleware, local_target

PAGE = '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head></html>'


def _client(*, https=False, signs_in=True):
    async def page(request):
        seen.append(request.headers.get("accept-encoding"))
        return HTMLResponse(PAGE, headers={"etag": '"x"', "last-modified": "then"})

    async def callback(request):
        answer = RedirectResponse("/", status_code=302)
        if signs_in:
            answer.set_cookie("_streamlit_user", "signed", max_age=2592000, httponly=True)
        return answer

    async def logout(request):
        answer = RedirectResponse("/", status_code=302)
        answer.delete_cookie("_streamlit_user")
        return answer

    async def asset(request):
        return PlainTextResponse("body{}")

    seen = []
    app = Starlette(
        routes=[
            Route("/oauth2callback", callback),
            Route("/auth/logout", logout),
            Route("/static/app.css", asset),
            Route("/{path:path}", page),
        ]
    )
    wrapped = PageMiddleware(app, https=https, session_seconds=3600, title="学院 <1>")
    client = TestClient(
        wrapped, base_url="https://site" if https else "http://site", follow_redirects=False
    )
    client.seen = seen
    return client


def test_a_page_says_that_it_is_chinese_and_whose_it_is():
    client = _client()
    answer = client.get("/study", headers={"accept-encoding": "gzip"})
    assert '<html lang="zh-CN">' in answer.text
    assert "<title>学院 &lt;1></title>" in answer.text
    assert len(answer.content) == int(answer.headers["content-length"])
    assert "etag" not in answer.headers
    assert client.seen == [None]


def test_the_english_page_says_so():
    assert '<html lang="en">' in _client().get("/study?lang=en").text


def test_the_wanted_page_is_reached_after_signing_in_once():
    client = _client()
    client.get("/statistics?unit=college:201&year=2025")
    after = client.get("/oauth2callback?state=1")
    assert after.headers["location"] == "/statistics?unit=college:201&year=2025"
    assert client.get("/oauth2callback?state=2").headers["location"] == "/"


def test_a_failed_sign_in_and_signing_out_go_home():
    client = _client(signs_in=False)
    client.get("/study")
    assert client.get("/oauth2callback?error=x").headers["location"] == "/"
    client = _client()
    client.get("/study")
    client.get("/auth/logout")
    assert client.get("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/study/../../x",
        "/a/b",
        "/study?next=//evil\r\nSet-Cookie: a=b",
        "/study#x",
        "/学习",
        "/study\n",
        "/study?a=b\n",
        "",
        None,
        "/" + "a" * 65,
    ],
)
def test_only_a_page_of_this_site_is_returned_to(address):
    assert local_target(address) is None


def test_an_address_below_a_page_leads_home():
    answer = _client().get("/basics/20230101", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


def test_streamlits_own_look_for_its_base_is_left_alone():
    assert _client().get("/basics/_stcore/health", headers={"accept": "*/*"}).status_code == 200


def test_a_forged_cookie_cannot_lead_elsewhere():
    client = _client()
    client.cookies.set("campus_wanted", "%2F%2Fevil.example")
    assert client.get("/oauth2callback").headers["location"] == "/"


def test_sign_in_cookies_are_secure_and_end_with_the_session():
    secure = _client(https=True).get("/oauth2callback").headers["set-cookie"]
    assert "Max-Age=3600" in secure
    assert secure.endswith("Secure")
    assert "HttpOnly" in secure
    plain = _client().get("/oauth2callback").headers["set-cookie"]
    assert "Secure" not in plain


def test_a_cookie_that_is_removed_stays_removed():
    assert "Max-Age=0" in _client().get("/auth/logout").headers["set-cookie"]


def test_every_answer_forbids_sniffing_and_framing_and_pages_load_nothing_from_elsewhere():
    client = _client(https=True)
    page, asset = client.get("/study"), client.get("/static/app.css")
    for answer in (page, asset):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["strict-transport-security"]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "http" not in page.headers["content-security-policy"]
    assert asset.text == "body{}"
