"""The gateway in a process of its own, people who are signed in to it, and their connections.

What serves is the gateway's own application behind its Unix socket, audit on; only the identity
provider is a key in the data home. Its script says how it is started: `script --serve HOME`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from warehouse.access.identity import TokenVerifier
from warehouse.gateway.__main__ import bind_socket
from warehouse.gateway.app import create_app
from warehouse.settings import Settings, load_settings

__all__ = ["Gateway", "Line", "serve", "settings_of", "write_key"]

_ISSUER, _CLIENT = "http://127.0.0.1:9/sso", "campus-site"


def settings_of(home: Path) -> Settings:
    return load_settings(home, state_url=None, oidc_issuer=_ISSUER, oidc_client_id=_CLIENT)


def write_key(home: Path) -> None:
    """A new key of the identity provider."""
    key = RSAKey.generate_key(2048, private=True)
    (home / "key.pem").write_bytes(key.as_pem(private=True))


def _read_key(home: Path) -> RSAKey:
    return RSAKey.import_key((home / "key.pem").read_text(encoding="utf-8"), {"kid": "bench"})


def serve(home: Path, around: Callable[[Any], Any] = lambda app: app) -> None:
    """The gateway of one home, until it is ended. `around` wraps its ASGI application."""
    import uvicorn

    settings = settings_of(home)
    key = _read_key(home)

    def fetch(url: str) -> dict[str, Any]:
        if url.endswith("/.well-known/openid-configuration"):
            return {"issuer": _ISSUER, "jwks_uri": f"{_ISSUER}/jwks"}
        return {"keys": [key.as_dict(private=False)]}

    app = around(create_app(settings, verifier=TokenVerifier(settings, fetch=fetch)))
    config = uvicorn.Config(app, access_log=False, log_level="error", timeout_keep_alive=600)
    uvicorn.Server(config).run(sockets=[bind_socket(settings.gateway_socket)])


class Gateway:
    """A gateway process and the people signed in to it, each on a connection of their own:
    `lines` and `tokens` in the order of `numbers`."""

    def __init__(self, home: Path, numbers: Iterable[str], script: str) -> None:
        self._socket = settings_of(home).gateway_socket
        self._process = subprocess.Popen([sys.executable, script, "--serve", str(home)])
        key = _read_key(home)
        now = int(time.time())
        self.tokens = []
        for turn, number in enumerate(numbers):
            claims = {"iss": _ISSUER, "aud": _CLIENT, "sub": number, "iat": now}
            claims |= {"exp": now + 7200, "jti": str(turn)}
            header = {"alg": "RS256", "kid": "bench"}
            self.tokens.append(jwt.encode(header, claims, key, algorithms=["RS256"]))

    async def begin(self) -> None:
        while True:
            try:
                await Line.to(self._socket)
                break
            except OSError:
                if self._process.poll() is not None:
                    raise SystemExit("The gateway did not start.") from None
                await asyncio.sleep(0.1)
        self.lines = []
        for token in self.tokens:  # one after the other: few may wait to be let in
            self.lines.append(line := await Line.to(self._socket))
            body = json.dumps({"id_token": token}).encode()
            status, answer, _ = await line.ask("POST", "/v1/session", token, body=body)
            assert status == 200, answer

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()


class Line:
    """A connection that is kept: a client of as little work as can be, for it shares the cores."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, path: Path) -> Line:
        return cls(*await asyncio.open_unix_connection(str(path), limit=1 << 26))

    async def ask(
        self,
        method: str,
        path: str,
        token: str,
        *,
        body: bytes = b"",
        headers: tuple[str, ...] = (),
    ) -> tuple[int, bytes, float]:
        """Status, body, and seconds to its last byte. `headers` are lines without their end."""
        head = "\r\n".join(
            [
                f"{method} {path} HTTP/1.1",
                "Host: gateway",
                f"Authorization: Bearer {token}",
                "Content-Type: application/json",
                f"Content-Length: {len(body)}",
                *headers,
                "\r\n",
            ]
        )
        begun = time.perf_counter()
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(answer.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        content = await self._reader.readexactly(length)
        return int(answer.split(" ", 2)[1]), content, time.perf_counter() - begun
