"""Who may read an application, its papers and its scans; pure.

Who takes part in it, who acts on it, and who watches. An application names people, and a scan may
bear an identity number, so being of the same unit is not enough for a scan.
"""

from __future__ import annotations

from warehouse.access.policy import HeldRole, Standing
from warehouse.governance.application import State
from warehouse.state.models import Undertaking

__all__ = ["acts_on_application", "may_read_application", "may_read_undertaking", "named_in"]

#: School-wide roles that read every application.
_EVERYWHERE = frozenset({"working_group", "leading_group", "auditor"})
#: Roles for a unit that read its applications; those that sign at a stage.
_OF_UNIT = frozenset({"unit_head", "supervising_leader", "unit_officer"})
_SIGNING_FOR_UNIT = frozenset({"unit_head", "supervising_leader"})


def named_in(state: State) -> set[int]:
    """Whom an application names as who asks or who is to use the data. Who signed did so in an
    office, which is on record with the step."""
    return {state.applicant_key, *state.content.users}


def may_read_application(standing: Standing, state: State) -> bool:
    """The applicant, the named users, whoever signed, the applying unit's head, school leader and
    officer, both groups, and the auditor. A request of a court or the police is for who entered
    it, the groups and the auditor alone: its letter may forbid to speak of it."""
    roles = standing.roles
    if _holds(roles, _EVERYWHERE):
        return True
    key = standing.person_key
    if state.content.kind == "legal_case":
        return key == state.applicant_key
    if key in {
        state.applicant_key,
        *state.content.users,
        *(step.person_key for step in state.steps),
    }:
        return True
    return _holds(roles, _OF_UNIT, state.content.unit)


def acts_on_application(standing: Standing, state: State) -> bool:
    """Whoever may read its scans: its applicant, those who sign it, and the auditor."""
    roles = standing.roles
    if _holds(roles, _EVERYWHERE) or standing.person_key == state.applicant_key:
        return True
    if state.content.kind == "legal_case":
        return False
    return _holds(roles, _SIGNING_FOR_UNIT, state.content.unit)


def may_read_undertaking(standing: Standing, undertaking: Undertaking) -> bool:
    """Who signed it, who is bound by it, the head of the unit it binds, the groups, the auditor."""
    roles, key = standing.roles, standing.person_key
    if _holds(roles, _EVERYWHERE) or key in (undertaking.person_key, undertaking.signer_key):
        return True
    return undertaking.party == "unit" and _holds(
        roles, frozenset({"unit_head"}), undertaking.unit_code
    )


def _holds(roles: tuple[HeldRole, ...], wanted: frozenset[str], unit: str | None = None) -> bool:
    return any(held.role in wanted and (unit is None or held.unit == unit) for held in roles)
