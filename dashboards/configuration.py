"""What the site needs to know before it starts, and what it refuses to start with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from warehouse.errors import SettingsError
from warehouse.settings import DEMO_COOKIE_SECRET, Settings

__all__ = ["SiteConfiguration", "is_loopback", "site_configuration"]

_SHORTEST_SECRET = 32


@dataclass(frozen=True)
class SiteConfiguration:
    """`public_url` is the address browsers use, without a path or closing slash."""

    school_name: str
    socket_path: Path
    public_url: str
    issuer: str
    client_id: str
    client_secret: str
    cookie_secret: str
    session_seconds: int
    scope: str = "openid profile"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")


def is_loopback(host: str | None) -> bool:
    """Whether only this machine can reach `host`."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def site_configuration(
    settings: Settings, *, host: str, port: int, demo: bool = False
) -> SiteConfiguration:
    """Check the settings and put them together.

    Raises `SettingsError` naming every setting that is missing or unsafe: no provider, a short
    or demo cookie secret, a public address without https that others than this machine reach.
    """
    problems: list[str] = []
    for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "cookie_secret"):
        if not getattr(settings, name):
            problems.append(f"{name} is not set")
    secret = settings.cookie_secret.get_secret_value() if settings.cookie_secret else ""
    if secret == DEMO_COOKIE_SECRET and not demo:
        problems.append("cookie_secret is the demo's, which anybody can read")
    elif secret and len(secret) < _SHORTEST_SECRET:
        problems.append(f"cookie_secret is shorter than {_SHORTEST_SECRET} characters")
    public_url = (settings.public_url or f"http://{host}:{port}").rstrip("/")
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        problems.append("public_url must be scheme://host[:port] without a path")
    elif parts.scheme == "http" and not is_loopback(parts.hostname):
        problems.append("public_url must be https, since others than this machine reach it")
    if settings.public_url is None and not is_loopback(host):
        problems.append("public_url is not set, though the site listens beyond this machine")
    if demo and not (is_loopback(host) and is_loopback(parts.hostname)):
        problems.append("the demo runs on this machine's loopback address only")
    if problems:
        raise SettingsError(
            "The site cannot start: " + "; ".join(problems) + ".",
            next_step="See docs/single-sign-on.md, or try: campus serve --demo",
        )
    return SiteConfiguration(
        school_name=settings.school_name,
        socket_path=settings.gateway_socket,
        public_url=public_url,
        issuer=str(settings.oidc_issuer),
        client_id=str(settings.oidc_client_id),
        client_secret=settings.oidc_client_secret.get_secret_value(),  # type: ignore[union-attr]
        cookie_secret=secret,
        session_seconds=settings.session_seconds,
    )
