"""What `campus serve` hands to its children."""

import pytest

from warehouse.cli.serve import ensure_cookie_secret, gateway_environment, site_environment
from warehouse.settings import DEMO_COOKIE_SECRET, Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(
        home=tmp_path / "学院 data",
        oidc_issuer="https://sso.example.edu.cn",
        oidc_client_id="campus",
        oidc_client_secret="provider-secret",
        cookie_secret="c" * 40,
    )


def test_the_site_learns_no_place_where_data_lie(settings):
    given = site_environment(settings, None)
    assert not any(str(settings.paths.root) in value for value in given.values())
    assert "CAMPUS_STATE_URL" not in given


def test_the_gateway_gets_no_secret_of_the_browsers_side(settings, monkeypatch):
    monkeypatch.setenv("CAMPUS_COOKIE_SECRET", "c" * 40)
    monkeypatch.setenv("CAMPUS_OIDC_CLIENT_SECRET", "provider-secret")
    monkeypatch.setenv("CAMPUS_SQL_ROWS", "77")
    given = gateway_environment(settings, None)
    assert given["CAMPUS_SQL_ROWS"] == "77"
    assert not {"c" * 40, "provider-secret"} & set(given.values())


def test_the_demo_uses_its_own_provider_and_secret_whatever_is_set(settings, monkeypatch):
    monkeypatch.setenv("CAMPUS_OIDC_ISSUER", "https://sso.example.edu.cn")
    issuer = "http://127.0.0.1:8502"
    site, gateway = site_environment(settings, issuer), gateway_environment(settings, issuer)
    assert site["CAMPUS_OIDC_ISSUER"] == gateway["CAMPUS_OIDC_ISSUER"] == issuer
    assert site["CAMPUS_OIDC_CLIENT_ID"] == gateway["CAMPUS_OIDC_CLIENT_ID"]
    assert site["CAMPUS_COOKIE_SECRET"] == DEMO_COOKIE_SECRET
    assert "provider-secret" not in site.values()
    assert gateway["CAMPUS_DEMO"] == "true"
    assert "CAMPUS_DEMO" not in gateway_environment(settings, None)


def test_the_first_start_makes_a_cookie_secret_that_stays(tmp_path):
    bare = Settings(home=tmp_path / "home")
    bare.paths.create()
    first = ensure_cookie_secret(bare)
    file = bare.paths.secrets / "cookie_secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first.cookie_secret.get_secret_value()) >= 48
    again = ensure_cookie_secret(Settings(home=tmp_path / "home"))
    assert again.cookie_secret == first.cookie_secret
