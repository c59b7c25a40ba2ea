"""How the log names whoever did something, and whomever it was about."""

from __future__ import annotations

import getpass

__all__ = ["command", "job", "person"]


def person(person_key: int) -> str:
    """A person, as actor or as subject."""
    return f"person:{person_key}"


def command() -> str:
    """Whoever runs a command on the server: their name at the operating system."""
    return f"command:{getpass.getuser()}"


def job(name: str) -> str:
    """A process that nobody started by hand: `refresh`, `gateway`."""
    return f"job:{name}"
