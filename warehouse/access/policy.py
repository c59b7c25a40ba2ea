"""Who may do what: pure, table-driven, and *no* unless a row here says yes.

Roles come from the registry (`governance.appointments`); kinds (student, staff) from the person's
numbers in the current release. A grant is a second, separate condition for `sql.run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from warehouse.errors import Forbidden
from warehouse.governance.appointments import ROLES

__all__ = [
    "ACTIONS",
    "KINDS",
    "MY_PAGES",
    "PAGES",
    "ROLES",
    "HeldRole",
    "Standing",
    "allowed_pages",
    "may",
    "require",
]


KINDS = ("student", "staff")

#: Action → the roles and kinds that may do it.
ACTIONS: dict[str, frozenset[str]] = {
    "statistics.read": frozenset({"leader", "working_group", "leading_group", "auditor"}),
    "my.overview": frozenset({"student", "staff"}),
    "my.study": frozenset({"student"}),
    "my.work": frozenset({"staff"}),
    "my.life": frozenset({"student", "staff"}),
    "my.basics": frozenset({"student", "staff"}),
    "my.record": frozenset({"student", "staff"}),
    "my.uses": frozenset({"student", "staff"}),
    "grants.list": frozenset({"analyst"}),
    "sql.run": frozenset({"analyst"}),
    "figures.sign": frozenset({"unit_officer"}),
    "audit.read": frozenset({"auditor"}),
    "attachments.add": frozenset({"working_group", "unit_officer"}),
}

#: Page of the site, in the order of its navigation → the action it needs.
PAGES: dict[str, str] = {
    "overview_statistics": "statistics.read",
    "my_overview": "my.overview",
    "my_study": "my.study",
    "my_work": "my.work",
    "my_life": "my.life",
    "my_basics": "my.basics",
    "my_uses": "my.uses",
    "sql_bench": "sql.run",
    "figures_sign": "figures.sign",
}

#: Pages of my data that show tables, by the name in their address.
MY_PAGES = ("overview", "study", "life", "work", "basics", "record")


@dataclass(frozen=True)
class HeldRole:
    """A role held today; `unit` None means school-wide. `principal_key` is for whom, where the
    person holds it by delegation."""

    role: str
    unit: str | None = None
    principal_key: int | None = None


@dataclass(frozen=True)
class Standing:
    """Who is asking: a person of this release with kinds and roles, as of this very moment."""

    person_key: int
    kinds: frozenset[str] = frozenset()
    roles: tuple[HeldRole, ...] = field(default=())

    @property
    def names(self) -> frozenset[str]:
        known = {held.role for held in self.roles if held.role in ROLES}
        return frozenset(known | (self.kinds & frozenset(KINDS)))


def may(standing: Standing, action: str) -> bool:
    """Whether policy allows the action. An action that has no row is allowed to nobody."""
    return bool(ACTIONS.get(action, frozenset()) & standing.names)


def require(standing: Standing, action: str) -> None:
    """Raise `Forbidden` unless policy allows the action."""
    if may(standing, action):
        return
    allowed: Iterable[str] = sorted(ACTIONS.get(action, ()))
    raise Forbidden(
        f"{action} is not open to you.",
        next_step=(
            f"It needs one of: {', '.join(allowed)}. Ask the working group for an appointment."
            if allowed
            else None
        ),
    )


def allowed_pages(standing: Standing) -> list[str]:
    """Names of the pages this person may open, in the order of the navigation."""
    return [page for page, action in PAGES.items() if may(standing, action)]
