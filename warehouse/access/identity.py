"""Verifies an OIDC ID token on our side: the site's word is never enough.

Signature by the provider's published keys, then issuer, audience, authorised party and times.
Only asymmetric algorithms are accepted, so neither `none` nor a public key used as an HMAC
secret gets through. joserfc is the library Authlib 1.9 itself stands on (`authlib.jose` is
deprecated in its favour).
"""

from __future__ import annotations

import ipaddress
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from warehouse.errors import NotSignedIn, SettingsError
from warehouse.settings import Settings

__all__ = ["ALGORITHMS", "Identity", "TokenVerifier", "fetch_json"]

ALGORITHMS = ("RS256", "ES256", "PS256")
LEEWAY = 60
MAX_TOKEN = 16 << 10
MAX_DOCUMENT = 1 << 20
_KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
_RETRY = "Sign in again."


@dataclass(frozen=True)
class Identity:
    """What a verified token says. `claim_value` is the staff or student number."""

    issuer: str
    claim_value: str
    provider_session: str | None


def fetch_json(url: str) -> Mapping[str, Any]:
    """GET a JSON object; no redirects, five seconds at most, a megabyte at most."""
    limit = httpx.Timeout(5.0, connect=3.0)
    with (
        httpx.Client(timeout=limit, follow_redirects=False, trust_env=False) as client,
        client.stream("GET", url) as answer,
    ):
        answer.raise_for_status()
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > MAX_DOCUMENT:
                raise ValueError("the provider's document is too long")
    document = json.loads(bytes(body))
    if not isinstance(document, dict):
        raise ValueError("the provider's document is not an object")
    return document


class TokenVerifier:
    """Verifies tokens of the one configured provider, whose keys it keeps for a while.

    `fetch` gets a JSON document, `clock` gives seconds since 1970. The keys are fetched anew
    after `keep_seconds`, and for an unknown key id at most every `refetch_seconds`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        fetch: Callable[[str], Mapping[str, Any]] = fetch_json,
        clock: Callable[[], float] = time.time,
        keep_seconds: float = 3600,
        refetch_seconds: float = 30,
    ) -> None:
        if not settings.oidc_issuer or not settings.oidc_client_id:
            raise SettingsError(
                "No identity provider is set.",
                next_step="Set oidc_issuer and oidc_client_id (CAMPUS_OIDC_ISSUER, …).",
            )
        self._issuer = settings.oidc_issuer
        self._client = settings.oidc_client_id
        self._claim = settings.oidc_person_claim
        self._fetch, self._clock = fetch, clock
        self._keep, self._refetch = keep_seconds, refetch_seconds
        self._keys: dict[str | None, list[Any]] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._turn = threading.Lock()
        _require_safe(self._issuer)

    def verify(self, token: str) -> Identity:
        """The identity in a token, or `NotSignedIn` with the reason and no part of the token."""
        if not isinstance(token, str) or not token or len(token) > MAX_TOKEN:
            raise _refused("the token is missing or too long")
        claims = self._verified_claims(token)
        self._check_claims(claims)
        value = claims.get(self._claim)
        if not isinstance(value, str) or not value.strip() or len(value) > 128:
            raise NotSignedIn(
                f"The sign-in token has no usable claim {self._claim!r}.",
                next_step="The working group must set oidc_person_claim to the claim that "
                "holds the staff or student number.",
            )
        provider_session = claims.get("sid")
        return Identity(
            issuer=self._issuer,
            claim_value=value.strip(),
            provider_session=provider_session if isinstance(provider_session, str) else None,
        )

    def _verified_claims(self, token: str) -> Mapping[str, Any]:
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
        except (JoseError, ValueError, TypeError, AttributeError):
            raise _refused("it is not a signed token") from None
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS or "crit" in header:
            raise _refused("its algorithm is not accepted")
        if key_id is not None and not isinstance(key_id, str):
            raise _refused("its key id is malformed")
        for key in self._candidates(key_id, algorithm):
            try:
                signed = jws.deserialize_compact(token, key, algorithms=[algorithm])
            except (JoseError, ValueError, TypeError):
                continue
            return _claims_of(signed.payload)
        raise _refused("its signature does not verify")

    def _candidates(self, key_id: str | None, algorithm: str) -> list[Any]:
        """Keys that may have signed: the one named, or each fitting one where none is named."""
        with self._turn:
            now = self._clock()
            stale = now - self._fetched_at >= self._keep
            unknown = key_id is not None and key_id not in self._keys
            if (stale or unknown) and now - self._tried_at >= self._refetch:
                self._tried_at = now
                self._load(now)
            keys = self._keys
        if not keys:
            raise _unreachable("no keys")
        named = [keys.get(key_id, [])] if key_id is not None else list(keys.values())
        return [key for group in named for key in group if _fits(key, algorithm)]

    def _load(self, now: float) -> None:
        try:
            found = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self._issuer:
                raise ValueError("the provider names another issuer")
            address = str(found["jwks_uri"])
            _require_safe(address)
            published = self._fetch(address)
            keys: dict[str | None, list[Any]] = {}
            for raw in published["keys"]:
                for key in _public_key(raw):
                    keys.setdefault(key.kid, []).append(key)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, SettingsError) as error:
            if self._keys and now - self._fetched_at < 24 * self._keep:
                return  # the provider is away for a moment; its keys of today still hold
            raise _unreachable(type(error).__name__) from None
        self._keys, self._fetched_at = keys, now

    def _check_claims(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        if claims.get("iss") != self._issuer:
            raise _refused("it comes from another issuer")
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(audiences, list) or self._client not in audiences:
            raise _refused("it is meant for another site")
        party = claims.get("azp")
        if (party is not None and party != self._client) or (len(audiences) > 1 and party is None):
            raise _refused("it was given to another site")
        expires, issued = _moment(claims, "exp"), _moment(claims, "iat")
        if expires is None or issued is None:
            raise _refused("its times are missing")
        if expires + LEEWAY <= now:
            raise _refused("it has expired")
        if issued - LEEWAY > now:
            raise _refused("it comes from the future")
        begins = _moment(claims, "nbf")
        if "nbf" in claims and (begins is None or begins - LEEWAY > now):
            raise _refused("it is not valid yet")


def _refused(reason: str) -> NotSignedIn:
    return NotSignedIn(f"The sign-in token is refused: {reason}.", next_step=_RETRY)


def _unreachable(kind: str) -> NotSignedIn:
    return NotSignedIn(
        f"The identity provider does not answer as it should ({kind}).",
        next_step="Try again in a minute; the working group can check it with: campus doctor",
    )


def _claims_of(payload: bytes) -> Mapping[str, Any]:
    try:
        claims = json.loads(payload)
    except ValueError:
        claims = None
    if not isinstance(claims, dict):
        raise _refused("it holds no claims")
    return claims


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _public_key(raw: Any) -> list[Any]:
    """The key as a list of one; none where it is not a public signing key of a kind we take."""
    if not isinstance(raw, dict) or raw.get("kty") not in {"RSA", "EC"}:
        return []
    if raw.get("use", "sig") != "sig":
        return []
    try:
        key = KeySet.import_key_set({"keys": [raw]}).keys[0]
    except (JoseError, ValueError, KeyError, TypeError):
        return []
    return [key]


def _fits(key: Any, algorithm: str) -> bool:
    return key.key_type == _KEY_TYPES[algorithm] and key.get("alg") in (None, algorithm)


def _require_safe(address: str) -> None:
    """https anywhere; plain http only to this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _is_loopback(parts.hostname):
        return
    raise SettingsError(
        "The identity provider must be reached over https.",
        next_step="Set oidc_issuer to an https address (http is for loopback only).",
    )


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
