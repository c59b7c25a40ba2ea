"""Secrets of a data home: `secrets/<use>.key`, made at the first use, mode 0600.

They belong into the backup of the data home and nowhere else.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress

from warehouse.errors import HomeError
from warehouse.home import Home

__all__ = ["secret_of"]


def secret_of(home: Home, use: str, *, loss: str) -> bytes:
    """32 bytes, made where there are none. `loss` says what a new secret would change.

    Raises `HomeError` where others may read the file or it is damaged.
    """
    path = home.secrets / f"{use}.key"
    home.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole under another name first: two processes then agree on one secret, and a
        # killed one leaves no half of it.
        draft = path.with_name(f"{use}.{secrets.token_hex(4)}.draft")
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
            f"{loss}.",
        )
    return secret
