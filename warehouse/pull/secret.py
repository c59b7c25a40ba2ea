"""A source's password, from the environment or a file. It leaves this module only to a driver."""

from __future__ import annotations

import os
import stat

from warehouse.errors import PullError
from warehouse.pull.sources import Source

__all__ = ["read_secret"]


def read_secret(source: Source) -> str:
    """The password. Raises `PullError` (secret) that says where it was looked for."""
    if source.password_env is not None:
        value = os.environ.get(source.password_env, "")
        if not value:
            raise PullError(
                "secret",
                f"{source.id}: the environment has no {source.password_env}.",
                next_step=f"Set {source.password_env} for the user and job that runs campus.",
            )
        return value
    file = source.password_file
    assert file is not None  # load_sources lets no source through without either
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise PullError(
            "secret",
            f"{source.id}: the secret file {file} cannot be read ({error.strerror}).",
            next_step="Write the password into it, with mode 0600, for the user that runs campus.",
        ) from None
    with os.fdopen(descriptor, encoding="utf-8", errors="replace") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o037:
            raise PullError(
                "secret",
                f"{source.id}: the secret file {file} may be read by everybody or changed by "
                f"others (mode {stat.S_IMODE(found.st_mode):04o}).",
                next_step=f"Run: chmod 600 '{file}', and change the password if it was exposed.",
            )
        value = stream.read(4096).rstrip("\r\n")
    if not value:
        raise PullError(
            "secret",
            f"{source.id}: the secret file {file} is empty.",
            next_step="Write the password into it.",
        )
    return value
