"""When a file is refused whole although its rows could be read."""

from __future__ import annotations

__all__ = ["ends_too_many", "refuses_too_many"]


def refuses_too_many(total: int, refused: int, waiting: int, refuse_above: float) -> bool:
    """Whether more than the share `refuse_above` of `total` rows is refused.

    `waiting` of the `refused` rows lack nothing but a parent: they are not the file's fault.
    """
    return total > 0 and (refused - waiting) > refuse_above * total


def ends_too_many(before: int, ended: int, end_above: float) -> bool:
    """Whether a snapshot ends more than the share `end_above` of the `before` keys."""
    return before > 0 and ended > end_above * before
