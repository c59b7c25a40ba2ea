"""Who may do what: pure, table-driven, and *no* unless a row here says yes.

Roles come from the registry (`governance.appointments`); kinds (student, staff) from the person's
numbers in the current release. A grant is a second, separate condition for `sql.run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from warehouse.errors import Forbidden
from warehouse.governance.appointments import ROLES, SIGNING_ROLES

__all__ = [
    "ACTIONS",
    "CHANGES",
    "KINDS",
    "MY_PAGES",
    "PAGES",
    "ROLES",
    "TOPICS",
    "HeldRole",
    "Standing",
    "allowed_pages",
    "may",
    "require",
]


#: counsellor: on record for somebody's open case in this release (`access.care`).
#: former_student, former_staff: who has left; of theirs all is shown that is still kept.
#: guarded: protected, answering for somebody's protection, or under eighteen.
KINDS = ("student", "staff", "counsellor", "former_student", "former_staff", "guarded")
_STUDENTS = frozenset({"student", "former_student"})
_STAFF = frozenset({"staff", "former_staff"})
_ANYBODY = _STUDENTS | _STAFF

#: Action → the roles and kinds that may do it.
ACTIONS: dict[str, frozenset[str]] = {
    # A head sees the school and the own unit only, see `access.statistics_reach`.
    "statistics.read": frozenset(
        {"leader", "working_group", "leading_group", "auditor", "unit_head"}
    ),
    "briefings.read": frozenset({"leader", "working_group", "leading_group", "auditor"}),
    "my.overview": _ANYBODY,
    "my.study": _STUDENTS,
    "my.work": _STAFF,
    "my.life": _ANYBODY,
    "my.basics": _ANYBODY,
    "my.record": _ANYBODY,
    "my.uses": _ANYBODY,
    "my.care": _STUDENTS,
    "my.protection": frozenset({"guarded"}),
    "my.kept": frozenset({"former_student", "former_staff"}),
    "care.read": frozenset({"counsellor"}),
    "own.read": frozenset({"staff"}),
    "own.edit": frozenset({"staff"}),
    "archive.own": _ANYBODY,
    "deliveries.hand_in": frozenset({"unit_officer"}),
    "grants.list": frozenset({"analyst"}),
    "sql.run": frozenset({"analyst"}),
    "figures.sign": frozenset({"unit_officer"}),
    # Where the tables stand; their numbers are for the unit that files them (access.ministry).
    "ministry.read": frozenset(
        {"leader", "working_group", "leading_group", "auditor", "unit_head", "unit_officer"}
    ),
    "applications.own": frozenset({"student", "staff"}),
    "applications.apply": frozenset({"student", "staff"}),
    "applications.decide": frozenset(SIGNING_ROLES),
    "applications.read_all": frozenset({"working_group", "leading_group", "auditor"}),
    "grants.own": frozenset({"student", "staff"}),
    "grants.give_back": frozenset({"student", "staff"}),
    "grants.read_all": frozenset({"working_group", "leading_group", "auditor"}),
    "grants.revoke": frozenset({"working_group"}),
    "undertakings.own": frozenset({"student", "staff"}),
    "undertakings.sign_role": frozenset({"student", "staff"}),
    "undertakings.sign": frozenset({"student", "staff"}),
    "units.read_all": frozenset({"leader", "working_group", "leading_group", "auditor"}),
    "units.read": frozenset(
        {"leader", "working_group", "leading_group", "auditor"}
        | {"supervising_leader", "unit_head", "unit_officer"}
    ),
    "audit.read": frozenset({"auditor"}),
    "corrections.own": _ANYBODY,
    "corrections.report": _ANYBODY,
    "corrections.read": frozenset({"unit_officer", "unit_head", "working_group", "auditor"}),
    "corrections.oversee": frozenset({"working_group", "auditor"}),
    "corrections.handle": frozenset({"unit_officer", "unit_head"}),
    "corrections.decide": frozenset({"working_group"}),
    "attachments.add": frozenset({"working_group", "unit_officer"}),
    "papers.record": frozenset({"working_group"}),
    "roles.delegate": frozenset(SIGNING_ROLES),
}

#: What changes something. An auditor does none of it, whatever else the person is; the words of
#: their own role are signed all the same (`undertakings.sign_role`), or the role never begins.
CHANGES = frozenset(
    {
        "own.edit",
        "deliveries.hand_in",
        "figures.sign",
        "applications.apply",
        "applications.decide",
        "grants.give_back",
        "grants.revoke",
        "undertakings.sign",
        "attachments.add",
        "papers.record",
        "corrections.report",
        "corrections.handle",
        "corrections.decide",
        "roles.delegate",
    }
)

#: Pages of the statistics datasets, annex 2 rows 16 to 23.
TOPICS = (
    "topic_school",
    "topic_people",
    "topic_rooms",
    "topic_assets",
    "topic_research",
    "topic_finance",
    "topic_teaching",
    "topic_life",
)

#: Page of the site, in the order of its navigation → the action it needs.
PAGES: dict[str, str] = {
    "overview_statistics": "statistics.read",
    **dict.fromkeys(TOPICS, "statistics.read"),
    "earlier_figures": "statistics.read",
    "briefings": "briefings.read",
    "my_overview": "my.overview",
    "my_study": "my.study",
    "my_work": "my.work",
    "my_life": "my.life",
    "my_basics": "my.basics",
    "my_care": "my.care",
    "my_uses": "my.uses",
    "my_tickets": "corrections.own",
    "my_protection": "my.protection",
    "my_kept": "my.kept",
    "my_downloads": "archive.own",
    "care": "care.read",
    "my_applications": "applications.own",
    "application_form": "applications.apply",
    "inbox": "applications.decide",
    "sql_bench": "sql.run",
    "figures_sign": "figures.sign",
    "ministry": "ministry.read",
    "issues": "corrections.read",
    "hand_in": "deliveries.hand_in",
    "governance_desk": "applications.read_all",
    "audit_log": "audit.read",
    "units": "units.read",
}

#: Pages of my data that show tables, by the name in their address. `my_care` has an address of its
#: own, so that nothing that reads pages in bulk opens it.
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
    if action in CHANGES and "auditor" in standing.names:
        return False
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
