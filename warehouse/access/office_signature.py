"""How a message of the office system proves that it is one: HMAC-SHA256 over all that matters.

Pure. A message is signed over method, path, time, nonce and the sha256 of its body, so that no part
of it can be exchanged. Two keys may be valid at once, for the days in which one replaces the other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.errors import NotSignedIn, SettingsError
from warehouse.settings import Settings

__all__ = [
    "HEADERS",
    "OfficeMessage",
    "office_keys",
    "read_message",
    "sign_message",
    "verify_message",
]

#: Each must stand in a message once.
HEADERS = ("x-campus-timestamp", "x-campus-nonce", "x-campus-signature")
_VERSION = "campus-oa-v1"
_SKEW = timedelta(minutes=5)
_SHORTEST_KEY = 32
_MOST_KEYS = 2
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_SEE = "See docs/governance.md, Office system."


@dataclass(frozen=True)
class OfficeMessage:
    """A message as it came; `timestamp` is seconds since 1970 in UTC, as text."""

    method: str
    path: str
    timestamp: str
    nonce: str
    signature: str
    body: bytes

    @property
    def digest(self) -> str:
        """Sha256 of what is asked: where it goes and what it says, whenever it is said."""
        asked = f"{self.method}\n{self.path}\n{hashlib.sha256(self.body).hexdigest()}"
        return hashlib.sha256(asked.encode()).hexdigest()


def office_keys(settings: Settings) -> list[bytes]:
    """The keys of the setting `oa_key`, one a line; none where the office system is not joined.

    Raises `SettingsError` for a key that is too short and for more than two.
    """
    if settings.oa_key is None:
        return []
    keys = [key.encode() for key in settings.oa_key.get_secret_value().split()]
    if not keys or len(keys) > _MOST_KEYS or any(len(key) < _SHORTEST_KEY for key in keys):
        raise SettingsError(
            f"oa_key must hold one key of at least {_SHORTEST_KEY} bytes, or two while the keys "
            "change, each on a line of its own.",
            next_step="Make one with: openssl rand -hex 32",
        )
    return keys


def sign_message(
    key: bytes, method: str, path: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """The signature, in hexadecimal."""
    signed = "\n".join((_VERSION, method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()


def read_message(
    method: str, path: str, headers: Mapping[str, Sequence[str]], body: bytes
) -> OfficeMessage:
    """Put a message together. `headers` gives every value of each of `HEADERS`.

    Raises `NotSignedIn` where one is missing, stands twice, or has not its form.
    """
    found = []
    for name, form in zip(HEADERS, (_TIMESTAMP, _NONCE, _SIGNATURE), strict=True):
        values = headers.get(name, ())
        if len(values) != 1 or not form.fullmatch(values[0]):
            raise NotSignedIn(
                f"The header {name} must be there once and have its form.", next_step=_SEE
            )
        found.append(values[0])
    timestamp, nonce, signature = found
    return OfficeMessage(method, path, timestamp, nonce, signature, body)


def verify_message(message: OfficeMessage, keys: Sequence[bytes], now: datetime) -> None:
    """Raise `NotSignedIn` unless one of the keys signed this very message within five minutes.

    The signature is looked at before the time, so that nobody without a key learns our clock.
    """
    # Every key is tried, whether an earlier one fits or not: how long it takes tells nothing.
    fits = [
        hmac.compare_digest(
            sign_message(
                key, message.method, message.path, message.timestamp, message.nonce, message.body
            ),
            message.signature,
        )
        for key in keys
    ]
    if not any(fits):
        raise NotSignedIn(
            "The signature does not fit this message under any key that is valid here.",
            next_step=f"Sign method, path, time, nonce and body exactly as they are sent. {_SEE}",
        )
    if abs(int(message.timestamp) - now.timestamp()) > _SKEW.total_seconds():
        raise NotSignedIn(
            "The message was not signed within five minutes of now.",
            next_step="Set the sender's clock by NTP and sign again; the nonce may stay the same.",
        )
