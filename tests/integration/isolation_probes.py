"""What a test of isolation must know of each address: whose ids its path takes, what its body is.

An address that is not described here fails `test_every_address_is_probed`: whoever adds a route
says with it how another's data could be asked for through it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance_people import FORM
from starlette.routing import Route

import warehouse.gateway
from warehouse.access.policy import MY_PAGES
from warehouse.gateway.guard import PERSON_PARAMETERS

__all__ = ["BODIES", "NO_SESSION", "Belongings", "Probe", "asked_names", "governed", "probes"]

#: Open to anybody, or to the office system's key: no session, nobody's data.
NO_SESSION = ("/healthz", "/v1/public/", "/oa/")


@dataclass(frozen=True)
class Belongings:
    """Whose data they are: what tells them apart, and every id by which they could be asked for.

    `ids` is path parameter → ids; `marks` stand in nobody else's answer, `names` only where the
    other's exact number was given.
    """

    person_key: int
    number: str
    marks: tuple[str, ...]
    names: tuple[str, ...]
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What a field of a body could name them by."""
        known = [self.number, str(self.person_key)]
        telling = [listed[0] for listed in self.ids.values() if listed and len(listed[0]) > 4]
        return tuple(dict.fromkeys([*known, *telling]))


@dataclass(frozen=True)
class Probe:
    """A request that asks for another's data."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.query or ''} {self.body or ''}"


#: Path parameters that name no thing of one person.
PATHS: dict[str, tuple[str, ...]] = {
    "page": (*MY_PAGES, "uses", "care", "kept", "protection", "person"),
    "source": ("form_colleges",),
    "table": ("staff_academic_affiliation",),
}
#: POST → a body that would pass from its owner. `{…}` is replaced by an id of the other's.
BODIES: dict[str, Any] = {
    "/v1/session": {"id_token": "{number}"},
    "/v1/care": {"number": "{number}", "purpose": "session"},
    "/v1/sign-offs": dict.fromkeys(
        ("dataset", "period", "unit", "decision", "reason", "content"), "x"
    ),
    "/v1/sql": {"grant": "{grant}", "sql": "select * from course_grade", "id": "0" * 32},
    "/v1/form/check": {"content": {**FORM, "users": ["{number}"]}},
    "/v1/drafts": {"draft": "{draft}", "version": 1, "content": FORM},
    "/v1/drafts/begin": {"application": "{application}", "grant": "{grant}"},
    "/v1/drafts/submit": {"draft": "{draft}", "version": 1, "application": "{application}"},
    "/v1/applications/{application}/decision": {
        "decision": "return", "reason": "x", "stage": "unit_head", "content_sha256": "0",
    },
    "/v1/applications/{application}/withdrawal": {"reason": "x"},
    "/v1/undertakings": {
        "role": "", "unit": "", "application": "{application}", "party": "person",
        "text_sha256": "0",
    },
    "/v1/grants/{grant}/revocation": {"reason": "x"},
    "/v1/grants/{grant}/return": {"reason": "x"},
    "/v1/attachments": {},
    "/v1/applications/{application}/paper": {
        "number": "{number}", "stage": "unit_head", "content_sha256": "0", "decision": "approve",
        "reason": "", "attachment": "{digest}",
    },
    "/v1/undertakings/paper": {
        "application": "{application}", "party": "vendor", "number": "{number}",
        "content_sha256": "0", "attachment": "{digest}",
    },
    "/v1/own/edits": {
        "table": "staff_contact", "record": "", "kind": "set", "values": {"staff_no": "{number}"},
        "seen": {},
    },
    "/v1/archives": {"care": True},
    "/v1/statistics/exports": {
        "page": "overview_statistics", "address": "/statistics", "release": "x", "form": "pdf",
    },
    "/v1/deliveries/{source}/{table}": {},
    "/v1/corrections": {
        "kind": "value", "table": "student", "item": "A4-01", "row": "0" * 64, "column": "name",
        "wanted": "x", "reason": "x", "reference": "0" * 32,
    },
    "/v1/corrections/{correction}/evidence": {},
    "/v1/corrections/{correction}/acknowledgement": {"seq": 1},
    "/v1/corrections/{correction}/corrected": {"seq": 1, "reason": "", "expected": "2026-12-31"},
    "/v1/corrections/{correction}/refusal": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/contest": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/withdrawal": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/decision": {"seq": 1, "decision": "uphold", "reason": "x"},
    "/v1/delegations": {
        "role": "unit_head", "unit": "", "number": "{number}", "until": "2026-12-31",
    },
}  # fmt: skip


def governed(routes: list[Any]) -> list[tuple[str, Route]]:
    """(method, route) of every address that needs a session."""
    return [
        (method, route)
        for route in routes
        if isinstance(route, Route) and not route.path.startswith(NO_SESSION)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def asked_names() -> frozenset[str]:
    """Every query parameter that some route takes, read from its source, and every name that tries
    to say whose data is wanted."""
    found = set(PERSON_PARAMETERS)
    for file in Path(warehouse.gateway.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "parameters"
            ):
                found |= {a.value for a in node.args[1:] if isinstance(a, ast.Constant)}
    return frozenset(found)


def probes(method: str, route: Route, whose: Belongings, *, deep: bool) -> Iterator[Probe]:
    """Every request to one address that names the other in the path, with the body as it is
    declared; `deep`: also in a query parameter of any name, and in any field of the body."""
    writes = method in ("POST", "PUT", "PATCH")
    for number, path in enumerate(_paths(route, whose)):
        body = _filled(BODIES[route.path], whose) if writes else None
        yield Probe(method, path, body=body)
        if not deep or number:
            continue
        if writes:
            yield from (Probe(method, path, body=other) for other in _bodies(body, whose))
        # What changes something looks at its parameters as what reads does: a few stand for all.
        names = asked_names() if method == "GET" else ("person_key", "student_no", "scope")
        for name in sorted(names):
            is_key = "key" in name or name in ("id", "as", "subject", "person", "before")
            yield Probe(
                method, path, {name: str(whose.person_key) if is_key else whose.number}, body
            )


def _paths(route: Route, whose: Belongings) -> list[str]:
    found = [route.path]
    for name in route.param_convertors:
        values = PATHS.get(name) or whose.ids[name]
        spelled = ("{" + name + "}", "{" + name + ":int}")
        longer = []
        for path in found:
            written = next(one for one in spelled if one in path)
            longer += [path.replace(written, value) for value in values]
        found = longer
    return found


def _bodies(first: Any, whose: Belongings) -> Iterator[Any]:
    for place in _text_places(first):
        for identifier in whose.identifiers:
            other = copy.deepcopy(first)
            at = other
            for step in place[:-1]:
                at = at[step]
            if at[place[-1]] != identifier:
                at[place[-1]] = identifier
                yield other


def _filled(value: Any, whose: Belongings) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, whose) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, whose) for part in value]
    if isinstance(value, str) and value.startswith("{"):
        name = value.strip("{}")
        return whose.number if name == "number" else (*whose.ids.get(name, ()), "x")[0]
    return value


def _text_places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _text_places(part, (*at, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _text_places(part, (*at, number))
    elif isinstance(value, str) and at:
        yield at
