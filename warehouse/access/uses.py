"""Who used what is held on a person, when, for what, and what was approved for it.

Uses come from two places. Entries of the log that have the person as their subject, or name them
(`audit_person`), are read one by one. Uses of a set that held the person, by query, file or
publication, are counted by day (`people_use`) when they are logged, and read for the versions of
the set that the person was in. Others are told of by unit and role, never by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from warehouse.access.direct_uses import direct_uses
from warehouse.access.use_approvals import Approval, Approvals
from warehouse.access.use_items import items_of_mart
from warehouse.access.use_kinds import AUTOMATIC, Use
from warehouse.governance.appointments import school_day
from warehouse.home import Home
from warehouse.state import session
from warehouse.state.models import AuditEntry
from warehouse.state.uses import EVERYBODY, PeopleMember, PeopleSet, PeopleUse

__all__ = ["MOST", "SUMMARY_DAYS", "Wanted", "all_uses", "uses_of"]

#: Lines of a page at least, where there are as many; a day is never cut in two.
PAGE, MOST = 60, 200
#: Days that the sentence above the list tells of.
SUMMARY_DAYS = 30
_SCHOOL = ZoneInfo("Asia/Shanghai")
_GRANT = "grant:"
#: Days that are looked through first; four times as many each time after that.
_FIRST_LOOK = 1

#: What a line of a set's uses is told apart by, beside the set.
_ALIKE = (
    PeopleUse.day,
    PeopleUse.action,
    PeopleUse.actor_kind,
    PeopleUse.about,
    PeopleUse.result,
)
_SUM = func.sum(PeopleUse.count).label("sum")
_LATEST = func.max(PeopleUse.last_seq).label("latest")


@dataclass(frozen=True)
class Wanted:
    """Which uses: from the day `since` on (None: all), before the day `before` (the next page), of
    one of `KINDS`. Days are the school's."""

    since: date | None = None
    before: date | None = None
    kind: str = "all"
    limit: int = PAGE


def uses_of(
    engine: Engine,
    person_key: int,
    kinds: Collection[str],
    wanted: Wanted,
    *,
    now: datetime,
    home: Home | None = None,
) -> dict[str, Any]:
    """`{"uses", "next", "approvals", "summary"}`, newest day first.

    `uses` are `use_kinds.Use` as mappings, one for everything alike on a day, with how often.
    `next` is the `before` of the following page, null on the last. `approvals` maps the grant of a
    use to what was approved (`Approvals.describe`). `summary` says which units used how much in the
    last `SUMMARY_DAYS`; null on later pages. `kinds` are student, staff: whose items are named.
    """
    with session(engine, read_only=True) as opened:
        reading = _Reading(opened, person_key, kinds, Approvals(opened, kinds, home), now)
        uses, following = reading.page(wanted)
        return {
            "uses": [use.shown() for use in uses],
            "next": following,
            "approvals": reading.approvals.describe({use.grant for use in uses if use.grant}),
            "summary": reading.summary() if wanted.before is None else None,
        }


def all_uses(
    engine: Engine,
    person_key: int,
    kinds: Collection[str],
    *,
    now: datetime,
    home: Home | None = None,
) -> Iterator[dict[str, Any]]:
    """Every use, newest day first, each with what was approved for it in `approval`."""
    before: date | None = None
    while True:
        wanted = Wanted(before=before, limit=MOST)
        page = uses_of(engine, person_key, kinds, wanted, now=now, home=home)
        for use in page["uses"]:
            yield {**use, "approval": page["approvals"].get(use["grant"])}
        before = page["next"]
        if before is None:
            return


@dataclass(frozen=True)
class _Reading:
    opened: Session
    person_key: int
    kinds: Collection[str]
    approvals: Approvals
    now: datetime

    @property
    def today(self) -> date:
        return school_day(self.now)

    def page(self, wanted: Wanted) -> tuple[list[Use], date | None]:
        """Whole days, newest first, and the first day of the next page."""
        upper = min(wanted.before or date.max, self.today + timedelta(days=2))
        floor = max(wanted.since or date.min, self._first_day())
        found: list[Use] = []
        look = _FIRST_LOOK
        while upper > floor and len(found) < wanted.limit:
            lower = max(floor, upper - timedelta(days=look))
            found += self.between(lower, upper, wanted.kind)
            upper, look = lower, look * 4
        found.sort(key=lambda use: (use.day, use.last_seq), reverse=True)
        if len(found) <= wanted.limit:
            return found, upper if upper > floor else None
        last = found[wanted.limit - 1].day
        kept = [use for use in found if use.day >= last]
        more = len(kept) < len(found) or upper > floor
        return kept, last if more else None

    def between(self, lower: date, upper: date, kind: str) -> list[Use]:
        """All uses of those days, `upper` not included."""
        found = [*direct_uses(self.opened, self.person_key, lower, upper, kind)]
        found = [use if use.unit is None else self._with_unit(use) for use in found]
        if kind != "self":
            found += self._of_sets(lower, upper, kind)
        return [use for use in found if kind in ("all", use.kind)]

    def summary(self) -> dict[str, Any]:
        """`{"days", "count", "units": [{"unit", "unit_name", "count"}]}`, the most frequent first,
        of what others did. Uses that are not told yet are not counted."""
        since = self.today - timedelta(days=SUMMARY_DAYS - 1)
        counts: dict[str | None, int] = {}
        rows = self.opened.execute(
            self._select(
                since, self.today + timedelta(days=1), "others", func.sum(PeopleUse.count)
            ).group_by(PeopleSet.name)
        ).all()
        told = self._told(name for name, _count in rows)
        for name, count in rows:
            if name in told:
                approval = told[name]
                unit = approval.unit if approval is not None else None
                counts[unit] = counts.get(unit, 0) + int(count)
        for use in direct_uses(
            self.opened, self.person_key, since, self.today + timedelta(days=1), "others"
        ):
            if use.kind == "others":
                counts[use.unit] = counts.get(use.unit, 0) + use.count
        units = sorted(
            ((unit, count) for unit, count in counts.items() if unit is not None),
            key=lambda pair: (-pair[1], pair[0]),
        )
        return {
            "days": SUMMARY_DAYS,
            "count": sum(counts.values()),
            "units": [
                {"unit": unit, "unit_name": self.approvals.unit_name(unit), "count": count}
                for unit, count in units
            ],
        }

    def _of_sets(self, lower: date, upper: date, kind: str) -> Iterator[Use]:
        rows = self.opened.execute(
            self._select(lower, upper, kind, *_ALIKE, _SUM, _LATEST).group_by(
                PeopleSet.name, *_ALIKE
            )
        ).all()
        told = self._told({row.name for row in rows})
        for row in rows:
            if row.name in told:
                yield self._use(row, told[row.name])

    def _select(self, lower: date, upper: date, kind: str, *what: Any) -> Select[Any]:
        """The uses of sets in the versions that held the person, with the name of each set."""
        query = (
            select(PeopleSet.name, *what)
            .select_from(PeopleMember)
            .join(PeopleUse, PeopleUse.set_no == PeopleMember.set_no)
            .join(PeopleSet, PeopleSet.no == PeopleMember.set_no)
            .where(
                PeopleMember.person_key == self.person_key,
                PeopleUse.day >= lower,
                PeopleUse.day < upper,
                PeopleUse.version >= PeopleMember.since,
                or_(PeopleMember.until.is_(None), PeopleUse.version < PeopleMember.until),
                PeopleUse.result != "refused",  # the statement was not run
            )
        )
        if kind == "others":
            query = query.where(PeopleUse.action.not_in(AUTOMATIC), PeopleUse.actor_kind != "job")
        elif kind == "automatic":
            query = query.where(or_(PeopleUse.action.in_(AUTOMATIC), PeopleUse.actor_kind == "job"))
        return query

    def _told(self, names: Iterable[str]) -> Mapping[str, Approval | None]:
        """Set → its approval, None where it is no grant's; without those not to be told yet."""
        known = set(names)
        grants = {name.removeprefix(_GRANT) for name in known if name.startswith(_GRANT)}
        found: dict[str, Approval | None] = {
            f"{_GRANT}{grant}": approval
            for grant, approval in self.approvals.of(grants).items()
            if approval.is_told(self.today)
        }
        return found | ({EVERYBODY: None} if EVERYBODY in known else {})

    def _use(self, row: Row[Any], approval: Approval | None) -> Use:
        automatic = row.action in AUTOMATIC or row.actor_kind == "job"
        use = Use(
            day=row.day,
            kind="automatic" if automatic else "others",
            who={"person": "person", "command": "operator"}.get(row.actor_kind, "job"),
            action=row.action,
            about=row.about,
            result=row.result,
            count=int(row.sum),
            last_seq=row.latest,
        )
        if approval is None:
            items = items_of_mart(row.about, self.kinds) if row.action == "mart.read" else []
            return use.of(items=tuple((item["code"], item["name"]) for item in items))
        return self._with_unit(
            use.of(
                unit=approval.unit,
                role="analyst" if row.actor_kind == "person" else None,
                grant=approval.grant,
                application=approval.application,
                purpose=approval.purpose,
                silent_until=approval.silence_of(row.day),
            )
        )

    def _with_unit(self, use: Use) -> Use:
        return use.of(unit_name=self.approvals.unit_name(str(use.unit)))

    def _first_day(self) -> date:
        first = self.opened.scalar(select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))
        return school_day(datetime.fromisoformat(first)) if first else self.today
