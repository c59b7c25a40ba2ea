"""Tables of the state database: what happened and who may do what. Never people's data.

Times are UTC. JSON columns hold lists and mappings of plain values. `audit` is append-only:
triggers of the first migration refuse every change and removal.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "Appointment",
    "AuditEntry",
    "Base",
    "Batch",
    "Delivery",
    "DisabledPerson",
    "FigureSignature",
    "Grant",
    "IdentityBinding",
    "PullMark",
    "PullRun",
    "SignInSession",
]


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: stored as naive UTC, handed out with its zone. Naive input is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Batch(Base):
    """The ledger: one row per accepted delivery. A batch without a row here does not exist,
    whatever lies in the lake; a batch with a row here is whole."""

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    "First 32 hex digits of sha256 over source, table and content."
    source: Mapped[str] = mapped_column(String(64))
    table_name: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    extracted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    "Latest extracted_at of its rows, or the file's time where it brings none."
    source_system: Mapped[str | None] = mapped_column(String(64), default=None)
    "What the file says it came from; the simulator writes 'simulator'."
    contract_version: Mapped[str] = mapped_column(String(32))
    accepted_rows: Mapped[int] = mapped_column(BigInteger)
    refused_rows: Mapped[int] = mapped_column(BigInteger)
    "Rows still in quarantine, those that wait for a parent included."
    waiting_rows: Mapped[int] = mapped_column(BigInteger, default=0)
    "Rows in quarantine for a missing parent alone."
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    readings: Mapped[dict[str, Any]] = mapped_column(JSON)
    "What was read as what: encoding, separator, headings, forms of dates and codes."
    files: Mapped[list[str]] = mapped_column(JSON)
    "Parquet files of the lake, relative to the data home, in the order they landed."

    __table_args__ = (Index("ix_batch_table", "source", "table_name", "extracted_at"),)


class Delivery(Base):
    """One row per file that was looked at, whatever became of it: the owner unit's report."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    path: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(64))
    table_name: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    result: Mapped[str] = mapped_column(String(16))
    "accepted | duplicate | refused"
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batch.id"), default=None)
    accepted_rows: Mapped[int] = mapped_column(BigInteger, default=0)
    refused_rows: Mapped[int] = mapped_column(BigInteger, default=0)
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(Text, default="")


class IdentityBinding(Base):
    """(issuer, claim value) belongs to a person for a span of time, so that a number given out
    again does not open its predecessor's record."""

    __tablename__ = "identity_binding"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    issuer: Mapped[str] = mapped_column(Text)
    claim_value: Mapped[str] = mapped_column(String(128))
    person_key: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)

    __table_args__ = (Index("ix_identity", "issuer", "claim_value"),)


class DisabledPerson(Base):
    """A person who may not sign in for a span of time."""

    __tablename__ = "disabled_person"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(128))


class SignInSession(Base):
    """A session lives here, not in the browser. It is found by the hash of the ID token that
    opened it; a token opens one session only, so an ended one cannot be opened again."""

    __tablename__ = "sign_in_session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    issuer: Mapped[str] = mapped_column(Text)
    claim_value: Mapped[str] = mapped_column(String(128))
    provider_session: Mapped[str | None] = mapped_column(String(255), default=None, index=True)
    "The provider's `sid`, for back-channel sign-out."
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    end_reason: Mapped[str | None] = mapped_column(String(32), default=None)


class Appointment(Base):
    """A role held by a person, school-wide or for one unit, for a span of days."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    role: Mapped[str] = mapped_column(String(32))
    "leader | analyst | unit_officer | working_group | leading_group | auditor"
    unit_code: Mapped[str | None] = mapped_column(String(32), default=None)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date, default=None)
    "Last day of the appointment; None while it lasts."
    appointed_by: Mapped[str] = mapped_column(String(128))
    appointed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Grant(Base):
    """What a unit was granted. `columns` maps 'schema.table' of the authority file to column
    names; `row_filter` maps a column of those tables to the values that are let through."""

    __tablename__ = "grant"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    "teaching | research | management | legal_case (Article 22)"
    purpose_text: Mapped[str] = mapped_column(Text)
    columns: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    row_filter: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    people: Mapped[list[int]] = mapped_column(JSON)
    "person_key of each person who may use it."
    channels: Mapped[list[str]] = mapped_column(JSON)
    "sql | file | interface"
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    revoked_reason: Mapped[str | None] = mapped_column(Text, default=None)
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AuditEntry(Base):
    """One link of the chain. `hash` covers every other field and `previous_hash`."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    "ISO 8601 in UTC; kept as text so that the hash covers exactly what is stored."
    actor: Mapped[str] = mapped_column(String(64))
    "person:<key>, command:<operating-system user>, job:<name> or anonymous"
    action: Mapped[str] = mapped_column(String(48))
    "session.open, session.end, personal.read, statistics.read, sql.run, role.appoint, …"
    phase: Mapped[str] = mapped_column(String(8))
    "intent | outcome | event"
    intent_seq: Mapped[int | None] = mapped_column(Integer, default=None)
    "For an outcome: the intent it closes."
    subject: Mapped[str | None] = mapped_column(String(64), default=None)
    "Whose data: person:<key>, or null for statistics."
    detail: Mapped[str] = mapped_column(Text, default="{}")
    "Canonical JSON: page, items, grant, purpose, release, row count, result. Never values."
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("hash"), Index("ix_audit_subject", "subject"))


class PullMark(Base):
    """How far a table was pulled from its source database. One row per table."""

    __tablename__ = "pull_mark"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(64), primary_key=True)
    definition_sha256: Mapped[str] = mapped_column(String(64))
    "What was selected from where; a mark counts for that only."
    watermark: Mapped[str | None] = mapped_column(Text, default=None)
    "Greatest value seen, a number or a moment in the source's own zone; null for full pulls."
    rows_hash: Mapped[str] = mapped_column(String(64))
    "Over the rows of the last file, in any order, without the time of the extract."
    content_sha256: Mapped[str] = mapped_column(String(64))
    "Of the last file, as the ledger names a batch's content."
    rows: Mapped[int] = mapped_column(BigInteger)
    extracted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    "By the source's clock: when these rows were last seen, delivered again or not."


class PullRun(Base):
    """One row per table and attempt to pull it, whatever became of it."""

    __tablename__ = "pull_run"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[str] = mapped_column(String(64))
    table_name: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(16))
    "pulled | unchanged | failed"
    reason: Mapped[str | None] = mapped_column(String(32), default=None)
    rows: Mapped[int | None] = mapped_column(BigInteger, default=None)
    path: Mapped[str | None] = mapped_column(Text, default=None)
    message: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float] = mapped_column(Float)

    __table_args__ = (Index("ix_pull_run_table", "source", "table_name", "at"),)


class FigureSignature(Base):
    """An owner unit's word on the figures of one dataset and period. Rows are only ever added;
    a unit's latest one counts, and only for the figures it was given for."""

    __tablename__ = "figure_signature"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    dataset: Mapped[str] = mapped_column(String(16))
    "Row of annex 2: A2-16 … A2-23."
    period: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(64))
    "Id of the owner unit in the annexes."
    decision: Mapped[str] = mapped_column(String(16))
    "signed | rejected"
    reason: Mapped[str] = mapped_column(Text, default="")
    content_sha256: Mapped[str] = mapped_column(String(64))
    "Over definitions and values of the period as they were released."
    release: Mapped[str] = mapped_column(String(64))
    person_key: Mapped[int] = mapped_column(BigInteger)
    "The unit's officer who signed."
    recorded_by: Mapped[str] = mapped_column(String(64))
    "Who entered it: that person, or the command that took it from paper."

    __table_args__ = (Index("ix_figure_signature", "dataset", "period", "unit"),)
