"""The secret under which ID numbers are hashed wherever they need not stand in plain.

It is made once for a data home and lies in `secrets/identity.key` (mode 0600). It reaches dbt as a
one-row table of the working file, never as a variable or the environment: both would stand in
compiled SQL, logs or manifests. Losing it changes every hash of the next release, so it belongs
into the backup of the data home; whoever has it can test guesses, so it belongs nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from contextlib import suppress

from warehouse.engine import Connection
from warehouse.errors import HomeError
from warehouse.home import Home

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
    path = home.secrets / "identity.key"
    home.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole under another name first: two builds then agree on one key, and a killed
        # one leaves no half of it.
        draft = path.with_name(f"identity.{secrets.token_hex(4)}.draft")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise HomeError(f"{path} may be read by others.", next_step=f"Run: chmod 600 '{path}'")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise HomeError(
            f"{path} does not hold the 64 hex digits that campus wrote.",
            next_step="Put it back from the backup of the data home. Removing it makes a new key; "
            "all hashes of ID numbers then change.",
        )
    return secret
