"""One number a person within a grant, another in the next: what a grant has in place of person_key.

The key of a grant is derived from one secret of the data home and the grant's id, so that the next
release knows a person by the same number, and so that a leaked file can still be traced when the
grant is long dead (Article 23). Outside this data home nobody can compute it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from warehouse.engine import quote_text
from warehouse.home import Home
from warehouse.secret_file import secret_of

__all__ = ["key_id", "pseudonym_key", "pseudonym_sql", "pseudonyms_of"]

#: Hex digits of the digest that are kept: 60 bits fit a BIGINT.
_DIGITS = 15


def pseudonym_key(home: Home, grant_id: str) -> str:
    """The key of one grant, 64 hex digits."""
    secret = secret_of(home, "grant", loss="the pseudonyms of every grant then change")
    return hmac.new(secret, grant_id.encode(), hashlib.sha256).hexdigest()


def key_id(key: str) -> str:
    """Differs where the key differs and tells nothing of it."""
    return hashlib.sha256(f"id of {key}".encode()).hexdigest()


def pseudonym_sql(key: str, column: str = "person_key") -> str:
    """The pseudonym of a column of person keys, as SQL."""
    digest = f"sha256({quote_text(key)} || cast({column} as varchar))"
    return f"cast('0x' || substr({digest}, 1, {_DIGITS}) as bigint)"


def pseudonyms_of(key: str, people: Iterable[int]) -> dict[int, int]:
    """Pseudonym → person_key: the same numbers as by `pseudonym_sql`."""
    return {
        int(hashlib.sha256(f"{key}{person}".encode()).hexdigest()[:_DIGITS], 16): person
        for person in people
    }
