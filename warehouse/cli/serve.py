"""`campus serve`: gateway and site as two processes that live and end together."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import signal
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_rows, settings_of
from warehouse.errors import UsageError
from warehouse.settings import DEMO_COOKIE_SECRET, Settings, load_settings

__all__ = ["ensure_cookie_secret", "gateway_environment", "register", "site_environment"]

_DEMO_CLIENT = "campus-demo"
#: Settings that the gateway never needs: they belong to the browser's side.
_SITE_ONLY = ("CAMPUS_COOKIE_SECRET", "CAMPUS_OIDC_CLIENT_SECRET")


def register(app: typer.Typer) -> None:
    @app.command()
    def serve(
        context: typer.Context,
        demo: Annotated[
            bool, typer.Option("--demo", help="Sign in by a click as one person per role.")
        ] = False,
        host: Annotated[str, typer.Option(help="Address the site listens on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the site.")] = 8501,
        provider_port: Annotated[
            int | None, typer.Option(help="Port of the demo's identity provider; default: next.")
        ] = None,
    ) -> None:
        """Run the gateway and the site until Ctrl-C.

        --demo signs anybody in as anybody, so it takes only simulated data and only listens on
        this machine. Without it, an identity provider must be set: docs/single-sign-on.md

        Example: campus serve --demo
        """
        settings = settings_of(context)
        settings.paths.require()
        if demo:
            _require_loopback(host)
        else:
            settings = ensure_cookie_secret(settings)
        _run(settings, host, port, (provider_port or port + 1) if demo else None)


def _run(settings: Settings, host: str, port: int, provider_port: int | None) -> None:
    from warehouse.cli.children import Children, answers

    demo = provider_port is not None
    accounts = []
    if demo:
        from warehouse.cli.demo_people import bind_former, prepare_demo

        accounts = prepare_demo(settings)
        accounts += bind_former(settings, f"http://127.0.0.1:{provider_port}")
    children = Children(settings.paths.logs)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, children.stop)
    try:
        issuer = None
        if demo:
            issuer = f"http://127.0.0.1:{provider_port}"
            shown = json.dumps([account.shown() for account in accounts], ensure_ascii=False)
            children.start(
                "provider",
                ["dashboards.demo_provider", "--port", str(provider_port)],
                {},
                given=shown.encode(),
            )
            children.wait("provider", answers(f"{issuer}/.well-known/openid-configuration"))
        children.start(
            "gateway",
            ["warehouse.gateway", "--home", str(settings.paths.root)],
            gateway_environment(settings, issuer),
        )
        arguments = ["dashboards.server", "--host", host, "--port", str(port)]
        children.start(
            "site",
            [*arguments, "--demo"] if demo else arguments,
            site_environment(settings, issuer),
        )
        # The site's health asks the gateway, so one answer stands for both.
        shown_host = f"[{host}]" if ":" in host else host
        reached = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(shown_host, shown_host)  # noqa: S104
        children.wait("site", answers(f"http://{reached}:{port}/healthz"))
        typer.echo(settings.public_url or f"http://{reached}:{port}")
        if demo:
            print_rows(
                ("role", "account", "name", "of"),
                ((a.title, a.number, a.name, a.about) for a in accounts),
            )
        err.print("Ctrl-C ends it.", highlight=False)
        children.watch()
    finally:
        children.end()


def _require_loopback(host: str) -> None:
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise UsageError(
            "The demo listens on this machine only.", next_step="Leave --host out with --demo."
        )


def ensure_cookie_secret(settings: Settings) -> Settings:
    """The settings with a cookie secret; without one, a random one is made and kept in the data
    home, so that people stay signed in over restarts. The demo's is refused by the site."""
    if settings.cookie_secret is not None:
        return settings
    folder = settings.paths.secrets
    folder.mkdir(exist_ok=True, mode=0o700)
    file = folder / "cookie_secret"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(48))
            opened.flush()
            os.fsync(opened.fileno())
        err.print(f"✓ a cookie secret was made: {file}", highlight=False)
    return load_settings(settings.paths.root)


def gateway_environment(settings: Settings, demo_issuer: str | None) -> dict[str, str]:
    """What the gateway gets: our own variables without the browser's secrets; all else it reads
    in the data home. A demo replaces the identity provider, whatever is set."""
    given = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("CAMPUS_") and name not in _SITE_ONLY
    }
    given["CAMPUS_HOME"] = str(settings.paths.root)
    given["CAMPUS_SOCKET_PATH"] = str(settings.gateway_socket)
    if demo_issuer is not None:
        given["CAMPUS_OIDC_ISSUER"] = demo_issuer
        given["CAMPUS_OIDC_CLIENT_ID"] = _DEMO_CLIENT
        given["CAMPUS_OIDC_PERSON_CLAIM"] = "sub"
        given["CAMPUS_DEMO"] = "true"
    return given


def site_environment(settings: Settings, demo_issuer: str | None) -> dict[str, str]:
    """All the site gets. Its home is the folder of the socket: it has no business in the data
    home and opens nothing there."""
    given: dict[str, str | None] = {
        "CAMPUS_HOME": str(settings.gateway_socket.parent),
        "CAMPUS_SOCKET_PATH": str(settings.gateway_socket),
        "CAMPUS_SCHOOL_NAME": settings.school_name,
        "CAMPUS_SESSION_SECONDS": str(settings.session_seconds),
    }
    if demo_issuer is not None:
        given |= {
            "CAMPUS_OIDC_ISSUER": demo_issuer,
            "CAMPUS_OIDC_CLIENT_ID": _DEMO_CLIENT,
            "CAMPUS_OIDC_CLIENT_SECRET": "none-in-the-demo",
            "CAMPUS_COOKIE_SECRET": DEMO_COOKIE_SECRET,
        }
    else:
        client, cookie = settings.oidc_client_secret, settings.cookie_secret
        given |= {
            "CAMPUS_OIDC_ISSUER": settings.oidc_issuer,
            "CAMPUS_OIDC_CLIENT_ID": settings.oidc_client_id,
            "CAMPUS_OIDC_CLIENT_SECRET": client.get_secret_value() if client else None,
            "CAMPUS_COOKIE_SECRET": cookie.get_secret_value() if cookie else None,
            "CAMPUS_PUBLIC_URL": settings.public_url,
        }
    return {name: value for name, value in given.items() if value is not None}
