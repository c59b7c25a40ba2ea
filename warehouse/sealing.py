"""What people write about their own data, sealed; and marks by which a value is known again.

The state database holds nothing of what the sources hold about people. A person's words quote just
that, so they are kept as JWE (AES-256-GCM, RFC 7516) under a key of the data home; a value is kept
as an HMAC, which tells equal from different and nothing else to whoever lacks the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from warehouse.errors import StateError
from warehouse.home import Home
from warehouse.secret_file import secret_of

__all__ = ["mark_of", "seal", "unseal"]

_HEADER = {"alg": "dir", "enc": "A256GCM"}
_LOSS = "what people wrote in corrections can then not be read any more"


def seal(home: Home, document: Mapping[str, Any]) -> str:
    """The document as text that only this data home can read."""
    content = json.dumps(document, ensure_ascii=False).encode()
    return jwe.encrypt_compact(_HEADER, content, OctKey.import_key(_key(home, b"words")))


def unseal(home: Home, text: str) -> dict[str, Any]:
    """What `seal` was given. Raises `StateError` where the key is another."""
    try:
        opened = jwe.decrypt_compact(text, OctKey.import_key(_key(home, b"words")))
        return json.loads(opened.plaintext or b"")
    except (JoseError, ValueError):
        raise StateError(
            "What was written in a correction cannot be read: it was sealed with another key.",
            next_step="Put secrets/correction.key back from the backup of the data home.",
        ) from None


def mark_of(home: Home, *parts: object) -> str:
    """64 hex digits, equal for equal parts in this data home. Parts are told apart by their kind:
    the text '1' is not the number 1, and null is no empty text."""
    content = json.dumps([[type(part).__name__, str(part)] for part in parts], ensure_ascii=False)
    return hmac.new(_key(home, b"marks"), content.encode(), hashlib.sha256).hexdigest()


def _key(home: Home, use: bytes) -> bytes:
    return hmac.new(secret_of(home, "correction", loss=_LOSS), use, hashlib.sha256).digest()
