"""The secret under which ID numbers are hashed wherever they need not stand in plain.

It is made once for a data home and lies in `secrets/identity.key` (mode 0600). It reaches dbt as a
one-row table of the working file, never as a variable or the environment: both would stand in
compiled SQL, logs or manifests. Losing it changes every hash of the next release, so it belongs
into the backup of the data home; whoever has it can test guesses, so it belongs nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac

from warehouse.engine import Connection
from warehouse.home import Home
from warehouse.secret_file import secret_of

__all__ = ["create_identity_key", "key_mark"]


def create_identity_key(connection: Connection, home: Home) -> None:
    """Put the key of `home` into the working file as "hub"."identity_key": inner_key, outer_key."""
    secret = _secret(home)
    connection.execute("create schema if not exists hub")
    connection.execute(
        "create or replace table hub.identity_key(inner_key varchar, outer_key varchar)"
    )
    connection.execute(
        "insert into hub.identity_key values (?, ?)",
        [_derived(secret, "inner"), _derived(secret, "outer")],
    )


def key_mark(home: Home) -> str:
    """A text that differs where the key differs and tells nothing of it, for the fingerprint: a
    new key is a new content."""
    return _derived(_secret(home), "mark")


def _derived(secret: bytes, use: str) -> str:
    return hmac.new(secret, use.encode("ascii"), hashlib.sha256).hexdigest()


def _secret(home: Home) -> bytes:
    """The key of the data home, made where it has none. Raises `HomeError` where others may read
    it or it is damaged."""
    return secret_of(home, "identity", loss="all hashes of ID numbers then change")
