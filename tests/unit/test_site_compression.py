"""Scripts and styles go out compressed, once each, and nothing else changes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from dashboards import compression
from dashboards.compression import CompressedStatic

SCRIPT = b"const answer = 42;\n" * 500


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "app.abc123.js").write_bytes(SCRIPT)
    (tmp_path / "small.js").write_bytes(b"1")
    (tmp_path / "picture.png").write_bytes(SCRIPT)
    app = Starlette(routes=[Mount("/static", StaticFiles(directory=tmp_path))])
    return TestClient(CompressedStatic(app))


def test_a_script_is_compressed_and_the_same(client: TestClient) -> None:
    answer = client.get("/static/app.abc123.js", headers={"accept-encoding": "br, gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < len(SCRIPT) // 4
    assert answer.content == SCRIPT


def test_it_is_compressed_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    compress = gzip.compress

    def counted(body: bytes, level: int) -> bytes:
        calls.append(len(body))
        return compress(body, level)

    monkeypatch.setattr(compression.gzip, "compress", counted)
    for path in ("app.abc123.js", "app.abc123.js", "%2E/app.abc123.js"):
        client.get(f"/static/{path}", headers={"accept-encoding": "gzip"})
    assert calls == [len(SCRIPT)]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("app.abc123.js", {"accept-encoding": "identity"}),
        ("app.abc123.js", {"accept-encoding": "gzip;q=0"}),
        ("app.abc123.js", {"accept-encoding": "gzip", "range": "bytes=0-9"}),
        ("picture.png", {"accept-encoding": "gzip"}),
        ("small.js", {"accept-encoding": "gzip"}),
        ("missing.js", {"accept-encoding": "gzip"}),
    ],
)
def test_everything_else_passes_as_it_is(client: TestClient, path: str, headers: dict) -> None:
    assert "content-encoding" not in client.get(f"/static/{path}", headers=headers).headers


def test_a_browser_that_has_it_is_not_sent_it_again(client: TestClient) -> None:
    wants = {"accept-encoding": "gzip"}
    first = client.get("/static/app.abc123.js", headers=wants)
    tag = first.headers["etag"]
    again = client.get("/static/app.abc123.js", headers={**wants, "if-none-match": tag})
    assert tag.startswith("W/") and (again.status_code, again.content) == (304, b"")


def test_streamlits_largest_start_script_shrinks_to_less_than_half() -> None:
    scripts = Path(streamlit.__file__).parent / "static"
    name = max(scripts.rglob("index.*.js"), key=lambda file: file.stat().st_size)
    app = Starlette(routes=[Mount("/static", StaticFiles(directory=name.parent))])
    answer = TestClient(CompressedStatic(app)).get(
        f"/static/{name.name}", headers={"accept-encoding": "gzip"}
    )
    assert int(answer.headers["content-length"]) < name.stat().st_size / 2
