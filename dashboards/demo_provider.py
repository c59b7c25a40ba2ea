"""The demo's identity provider: one button per account, no passwords, this machine only.

`python -m dashboards.demo_provider --port 8502` reads the accounts as JSON from standard input:
`[{"number": …, "name": …, "role": …, "about": …}]`. Never to be used where real data is.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from datetime import timedelta

from werkzeug.serving import WSGIRequestHandler, make_server

__all__ = ["build_provider", "main"]

_BASE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>统一身份认证（演示）</title><style>
:root{color-scheme:light dark}
body{margin:0;background:light-dark(#F2F5F7,#141B20);color:light-dark(#12181D,#E6ECEF);
font:16px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}
main{max-width:34rem;margin:6vh auto;padding:1.5rem;background:light-dark(#fff,#1F282E);
border:1px solid light-dark(#D5DCE1,#36424A);border-radius:.5rem}
h1{font-size:1.375rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem;color:light-dark(#4A565D,#B9C4CA)}
button{display:flex;width:100%;gap:.75rem;align-items:baseline;text-align:left;margin:.5rem 0;
padding:.6rem .9rem;min-height:2.75rem;font:inherit;color:inherit;cursor:pointer;
background:transparent;border:1px solid light-dark(#D5DCE1,#36424A);border-radius:.5rem}
button:hover,button:focus-visible{border-color:light-dark(#1B5E8C,#7DB9E3)}
button b{min-width:8rem}button span{color:light-dark(#4A565D,#B9C4CA);font-size:.875rem}
</style><main>{% block content %}{{ content }}{% endblock %}</main></html>"""

_CHOICE = """{% extends "_base.html" %}{% block content %}
<h1>统一身份认证（演示）</h1><p>这里都是模拟的人，没有密码。选择以谁的身份登录。</p>
<form method="post" aria-label="选择账号">{% for account in accounts %}
<button type="submit" name="sub" value="{{ account.number }}"><b>{{ account.role }}</b>
<span>{{ account.name }} · {{ account.number }}
{%- if account.about %} · {{ account.about }}{% endif %}</span></button>{% endfor %}</form>
<form method="post"><button type="submit" name="action" value="deny">返回，不登录</button></form>
{% endblock %}"""

_END = """{% extends "_base.html" %}{% block content %}<h1>退出登录</h1>
<p>数据中心的会话已经结束。</p><form method="post" action="{{ end_session_confirm_url }}">
<button type="submit" autofocus>继续</button>
{% if redirect_uri %}<input type="hidden" name="redirect_uri" value="{{ redirect_uri }}">{% endif %}
</form>{% endblock %}"""

_DONE = """{% extends "_base.html" %}{% block content %}<h1>已退出</h1>{% endblock %}"""


class _QuietHandler(WSGIRequestHandler):
    """Addresses carry codes and tokens: none of them belongs into a log."""

    def log_request(self, *_: object) -> None:
        return


def build_provider(accounts: list[dict[str, str]], *, hours: float = 8.0):
    """A Flask application that signs in the given accounts by a click."""
    from jinja2 import ChoiceLoader, DictLoader
    from oidc_provider_mock import User, app

    provider = app(
        user_claims=[
            User(sub=account["number"], claims={"name": account["name"]}) for account in accounts
        ],
        access_token_max_age=timedelta(hours=hours),
        issue_refresh_token=False,
    )
    provider.debug = False
    # The package wraps itself in a debugger that shows source and values on errors.
    provider.wsgi_app = provider.wsgi_app.app
    provider.jinja_loader = ChoiceLoader(
        [
            DictLoader(
                {
                    "_base.html": _BASE,
                    "authorization_form.html": _CHOICE,
                    "end_session_form.html": _END,
                    "end_session_confirm.html": _DONE,
                }
            ),
            provider.jinja_loader,
        ]
    )
    provider.context_processor(lambda: {"accounts": accounts})
    known = {account["number"] for account in accounts}

    @provider.before_request
    def only_known_accounts():
        import flask

        chosen = flask.request.form.get("sub")
        if flask.request.path == "/oauth2/authorize" and chosen is not None and chosen not in known:
            flask.abort(403)
        if flask.request.path.startswith(("/users", "/oauth2/clients")):
            flask.abort(404)

    return provider


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.demo_provider")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.basicConfig(level=logging.ERROR)
    accounts = json.load(sys.stdin)
    server = make_server(
        "127.0.0.1",
        arguments.port,
        build_provider(accounts),
        threaded=True,
        request_handler=_QuietHandler,
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
