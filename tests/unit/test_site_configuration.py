"""What the site refuses to start with."""

import pytest

from dashboards.configuration import is_loopback, site_configuration
from dashboards.server import provider_secrets
from warehouse.errors import SettingsError
from warehouse.settings import DEMO_COOKIE_SECRET, Settings

GOOD = {
    "oidc_issuer": "https://sso.example.edu.cn",
    "oidc_client_id": "campus",
    "oidc_client_secret": "s",
    "cookie_secret": "x" * 40,
    "public_url": "https://data.example.edu.cn",
}


def _checked(host="0.0.0.0", demo=False, **changes):
    given = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return site_configuration(Settings(**given), host=host, port=8501, demo=demo)


def test_a_whole_configuration_is_taken():
    configuration = _checked()
    assert configuration.https
    auth = provider_secrets(configuration)["auth"]
    assert auth["redirect_uri"] == "https://data.example.edu.cn/oauth2callback"
    assert auth["server_metadata_url"].endswith("edu.cn/.well-known/openid-configuration")
    assert auth["client_kwargs"]["prompt"] == ""
    assert auth["expose_tokens"] == "id"


@pytest.mark.parametrize(
    "changes",
    [
        {"oidc_issuer": None},
        {"oidc_client_secret": None},
        {"cookie_secret": None},
        {"cookie_secret": "short"},
        {"cookie_secret": DEMO_COOKIE_SECRET},
        {"public_url": "http://data.example.edu.cn"},
        {"public_url": "https://data.example.edu.cn/path"},
        {"public_url": "data.example.edu.cn"},
        {"public_url": None},
        {"demo": True},
    ],
)
def test_an_unsafe_configuration_is_refused_without_naming_secrets(changes):
    with pytest.raises(SettingsError) as refusal:
        _checked(**changes)
    for secret in (GOOD["cookie_secret"], DEMO_COOKIE_SECRET, "short"):
        assert secret not in str(refusal.value).replace("shorter", "")


def test_all_problems_are_named_at_once():
    with pytest.raises(SettingsError) as refusal:
        _checked(oidc_issuer=None, oidc_client_id=None, cookie_secret=None)
    for name in ("oidc_issuer", "oidc_client_id", "cookie_secret"):
        assert name in str(refusal.value)


def test_plain_http_is_for_this_machine_alone():
    configuration = _checked(host="127.0.0.1", public_url=None)
    assert configuration.public_url == "http://127.0.0.1:8501"
    assert not configuration.https


def test_the_demo_secret_is_for_the_demo_alone():
    made = _checked(host="127.0.0.1", demo=True, public_url=None, cookie_secret=DEMO_COOKIE_SECRET)
    assert made.cookie_secret == DEMO_COOKIE_SECRET


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        (None, False),
    ],
)
def test_loopback_is_told_from_the_rest(host, inside):
    assert is_loopback(host) is inside
