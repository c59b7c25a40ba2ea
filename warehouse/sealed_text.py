"""Texts that the state database holds and cannot tell: AES-256-GCM under a key of the data home."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from warehouse.errors import StateError
from warehouse.home import Home
from warehouse.secret_file import secret_of

__all__ = ["Sealer"]

_NONCE = 12


class Sealer:
    """Seals and opens texts of one use, each bound to what it belongs to (`about`): a text that
    was moved to another row does not open."""

    def __init__(self, home: Home, use: str, *, loss: str) -> None:
        self._key = AESGCM(secret_of(home, use, loss=loss))

    def seal(self, text: str, about: str) -> str:
        nonce = os.urandom(_NONCE)
        sealed = self._key.encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, sealed: str, about: str) -> str:
        """The text. `StateError` where the key is another one, or the row was changed."""
        try:
            whole = base64.b64decode(sealed, validate=True)
            return self._key.decrypt(whole[:_NONCE], whole[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):
            raise StateError(
                "A sealed text of the state database does not open.",
                next_step="Put secrets/ back from the backup that belongs to this database.",
            ) from None
