"""The site as one ASGI application: `python -m dashboards.server --port 8501`.

The site holds no data and opens no file of the data home. It shows what the gateway answers to
the ID token of the person at the browser. Settings come from the environment (`CAMPUS_…`);
`campus serve` hands over exactly those that the site needs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboards import data, faults
from dashboards.asgi import PageMiddleware
from dashboards.compression import CompressedStatic
from dashboards.configuration import SiteConfiguration, site_configuration
from dashboards.exports.route import export_route
from dashboards.files import file_routes
from dashboards.office import office_route
from dashboards.theme import streamlit_options
from dashboards.uploads import UploadGuard
from warehouse.errors import SettingsError
from warehouse.settings import load_settings

__all__ = ["build_app", "main"]

SCRIPT = Path(__file__).resolve().parent / "app.py"


def provider_secrets(configuration: SiteConfiguration) -> dict[str, Any]:
    """The `auth` section that Streamlit's own sign-in reads.

    An empty `prompt` gives true single sign-on; the ID token is exposed because it is the
    credential of every gateway call. Nothing else of the provider's answer is kept.
    """
    return {
        "auth": {
            "redirect_uri": f"{configuration.public_url}/oauth2callback",
            "cookie_secret": configuration.cookie_secret,
            "client_id": configuration.client_id,
            "client_secret": configuration.client_secret,
            "server_metadata_url": configuration.issuer.rstrip("/")
            + "/.well-known/openid-configuration",
            "client_kwargs": {"prompt": "", "scope": configuration.scope},
            "expose_tokens": "id",
        }
    }


async def health(request: Request) -> JSONResponse:
    """Whether the site and the gateway behind it answer; 503 when the gateway does not."""
    state, status = await data.gateway_health()
    return JSONResponse(state, status_code=status, headers={"Cache-Control": "no-store"})


def build_app(configuration: SiteConfiguration) -> st.App:
    """The site for one configuration. One per process: Streamlit's options are global."""
    faults.keep_values_out_of_logs()
    data.configure(configuration.socket_path, configuration.school_name)
    return st.App(
        SCRIPT,
        secrets=provider_secrets(configuration),
        routes=[
            Route("/healthz", health),
            *file_routes(data.gateway_transport, configuration.cookie_secret),
            export_route(
                data.gateway_transport, configuration.cookie_secret, configuration.school_name
            ),
            office_route(data.gateway_transport),
        ],
        middleware=[
            Middleware(
                PageMiddleware,
                https=configuration.https,
                session_seconds=configuration.session_seconds,
                title=configuration.school_name,
            ),
            Middleware(CompressedStatic),
            Middleware(UploadGuard, cookie_secret=configuration.cookie_secret),
        ],
    )


def main() -> None:
    """Serve until stopped. Exit code 2 when a setting is missing or unsafe."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--demo", action="store_true", help="allow the demo cookie secret")
    arguments = parser.parse_args()
    try:
        configuration = site_configuration(
            load_settings(), host=arguments.host, port=arguments.port, demo=arguments.demo
        )
    except SettingsError as error:
        parser.exit(2, f"{error}\n")
    build_app(configuration).run(
        config=streamlit_options(address=arguments.host, port=arguments.port)
    )


if __name__ == "__main__":
    main()
