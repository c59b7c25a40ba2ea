"""A use as it is told, and how uses are told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

__all__ = ["AUTOMATIC", "KINDS", "Use"]

#: What is asked for: everything, what others did, what oneself did, what ran by itself.
KINDS = ("all", "others", "self", "automatic")
#: Actions by which nobody looks at a person, whoever set them off: files are made, figures counted,
#: mails sent.
AUTOMATIC = ("grant.build", "notice.send", "release.publish", "release.rollback")


@dataclass(frozen=True)
class Use:
    """Everything alike on one `day`, and how often.

    `who` is self, person, operator (a command on the server), job or unknown; `unit` and `role` say
    more of a person where the log does. `about` is a page, a format or a mart. `items` are (code,
    name) where the use itself tells them; of a grant they stand with what was approved.
    `silent_until` is the last day on which it was not told by law.
    """

    day: date
    kind: str
    who: str
    action: str
    about: str = ""
    result: str = "served"
    count: int = 1
    last_seq: int = 0
    unit: str | None = None
    unit_name: str | None = None
    role: str | None = None
    grant: str | None = None
    application: str | None = None
    purpose: str | None = None
    silent_until: date | None = None
    items: tuple[tuple[str | None, str], ...] = ()

    def of(self, **more: Any) -> Use:
        return replace(self, **more)

    def alike(self) -> tuple[Any, ...]:
        """Equal for uses that are one line."""
        return tuple(value for name, value in vars(self).items() if name not in _AMOUNTS)

    def and_more(self, other: Use) -> Use:
        """Both, as one line."""
        return replace(
            self,
            count=self.count + other.count,
            last_seq=max(self.last_seq, other.last_seq),
        )

    def shown(self) -> dict[str, Any]:
        found = dict(vars(self))
        found["items"] = [{"code": code, "name": name} for code, name in self.items]
        del found["last_seq"]
        return found


_AMOUNTS = frozenset({"count", "last_seq"})
