"""Tables of *who has used my data*: whom a set held, from when to when, and who is named where.

A set is whoever a grant's file holds (`grant:<id>`) or a release knows (`everybody`). It gets a
version when its people change, and a person's membership is a span of versions: of 20,000 people
one row each, then a row only for who comes or goes. They outlive the grant's file.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from warehouse.state.models import Base, UTCDateTime

__all__ = ["EVERYBODY", "AuditPerson", "PeopleMember", "PeopleSet", "PeopleUse", "PeopleVersion"]

#: The set of everybody whom a release knows.
EVERYBODY = "everybody"


class PeopleSet(Base):
    """A set of people by its name, which is the subject of entries in the log."""

    __tablename__ = "people_set"

    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    "grant:<id> or everybody"


class PeopleVersion(Base):
    """Who was in a set since `made_at`. Append-only; equal people make no new version."""

    __tablename__ = "people_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    set_no: Mapped[int] = mapped_column(ForeignKey("people_set.no"))
    release: Mapped[str] = mapped_column(String(40))
    "The release in which the set had these people first."
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sha256: Mapped[str] = mapped_column(String(64))
    "Over the keys in order, each as eight bytes."
    people: Mapped[int] = mapped_column(BigInteger)
    entered: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_people_version_set", "set_no", "id"),)


class PeopleMember(Base):
    """A person was in every version of the set from `since` on, before `until` (None: still is)."""

    __tablename__ = "people_member"

    person_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    set_no: Mapped[int] = mapped_column(ForeignKey("people_set.no"), primary_key=True)
    since: Mapped[int] = mapped_column(Integer, primary_key=True)
    until: Mapped[int | None] = mapped_column(Integer, default=None)

    __table_args__ = (
        Index(
            "ix_people_member_now",
            "set_no",
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        {"sqlite_with_rowid": False},  # stored by person, as it is read
    )


class PeopleUse(Base):
    """How often a set was used in one way on one day of the school: written with the entries of the
    log that it counts, so that a person's uses are read without reading the log of everybody."""

    __tablename__ = "people_use"

    set_no: Mapped[int] = mapped_column(ForeignKey("people_set.no"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    "Whom the set held when it was used."
    action: Mapped[str] = mapped_column(String(48), primary_key=True)
    actor_kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    "person | command | job"
    about: Mapped[str] = mapped_column(String(64), primary_key=True)
    "What of it: the format of an export, the name of a mart; empty where the action says all."
    result: Mapped[str] = mapped_column(String(16), primary_key=True)
    "As the log says: noted, served, failed, stopped, cancelled."
    count: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(Integer)
    "The latest entry of the log that it counts."

    __table_args__ = ({"sqlite_with_rowid": False},)


class AuditPerson(Base):
    """A person whom an entry of the log concerns beside its subject. Append-only."""

    __tablename__ = "audit_person"

    person_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    "Of the entry: the log refers to nothing and is referred to by nothing."

    __table_args__ = ({"sqlite_with_rowid": False},)
