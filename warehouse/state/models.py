"""Tables of the state database: what happened and who may do what.

Nothing of what the sources hold about people stands here. An application holds what its form
asks for: purpose, terms, and the vendor's and the unit's contacts.

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
    "Application",
    "ApplicationDraft",
    "ApplicationEvent",
    "Appointment",
    "Attachment",
    "AuditEntry",
    "Base",
    "Batch",
    "CensusFigure",
    "CensusRelease",
    "Delivery",
    "DisabledPerson",
    "Export",
    "FigureCorrection",
    "FigureSignature",
    "Grant",
    "GrantBuild",
    "GrantEvent",
    "IdentityBinding",
    "Incident",
    "IncidentEvent",
    "Notice",
    "OfficeMessage",
    "Protection",
    "PullMark",
    "PullRun",
    "ReturnReceipt",
    "SignInSession",
    "SignedText",
    "Undertaking",
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
    """A role held by a person, school-wide or for one unit, for a span of days.

    With `delegated_from` the person acts for the holder of that appointment, as long as both last.
    """

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    role: Mapped[str] = mapped_column(String(32))
    "One of `governance.appointments.ROLES`."
    unit_code: Mapped[str | None] = mapped_column(String(32), default=None)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date, default=None)
    "Last day of the appointment; None while it lasts."
    appointed_by: Mapped[str] = mapped_column(String(128))
    appointed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delegated_from: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), default=None)


class Attachment(Base):
    """A scanned form in the data home's `attachments/`, found by the sha256 of its content."""

    __tablename__ = "attachment"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(64))


class ApplicationDraft(Base):
    """What somebody has filled in so far. `version` counts its savings, so that of two open tabs
    the later does not silently undo the other."""

    __tablename__ = "application_draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), default=None)
    "The returned application that this draft is to be submitted for again."


class Application(Base):
    """An application for data (Article 8, annex 5). What became of it is in its events."""

    __tablename__ = "application"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    applicant_key: Mapped[int] = mapped_column(BigInteger, index=True)
    "The person who submitted it."
    channel: Mapped[str] = mapped_column(String(8))
    "site | command | oa | paper"
    reference: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    "oa:<process> or draft:<id> it was made from: nothing is submitted twice from one."
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApplicationEvent(Base):
    """One step of an application. (application, seq) is unique: two steps that were both decided
    on the same state cannot both be written. Append-only."""

    __tablename__ = "application_event"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    "submitted | approved | returned | rejected | withdrawn | authorised"
    stage: Mapped[str | None] = mapped_column(String(24), default=None)
    person_key: Mapped[int] = mapped_column(BigInteger)
    "Whose step it is."
    principal_key: Mapped[int | None] = mapped_column(BigInteger, default=None)
    "For whom, where the person acted by delegation."
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    "The form, with a submission."
    content_sha256: Mapped[str] = mapped_column(String(64))
    "What was submitted or signed."
    reason: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(String(8))
    attachment: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), default=None)
    recorded_by: Mapped[str] = mapped_column(String(64))
    "person:<key>, command:<user> or oa."


class SignedText(Base):
    """A text that somebody put their name to, kept word for word."""

    __tablename__ = "signed_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Undertaking(Base):
    """A signed confidentiality undertaking (Article 8, Article 18, annex 6).

    For a role (`role` set) or for an application (`application_id` set); by a person, by a unit
    (signed by its head) or by a vendor.
    """

    __tablename__ = "undertaking"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    party: Mapped[str] = mapped_column(String(8))
    "person | unit | vendor"
    person_key: Mapped[int | None] = mapped_column(BigInteger, index=True, default=None)
    "Who is bound, where the party is a person."
    unit_code: Mapped[str | None] = mapped_column(String(32), default=None)
    vendor: Mapped[str | None] = mapped_column(String(128), default=None)
    role: Mapped[str | None] = mapped_column(String(32), default=None)
    application_id: Mapped[str | None] = mapped_column(
        ForeignKey("application.id"), index=True, default=None
    )
    text_sha256: Mapped[str] = mapped_column(ForeignKey("signed_text.sha256"))
    content_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    "What the application asked for when it was signed."
    signer_key: Mapped[int | None] = mapped_column(BigInteger, default=None)
    "Who signed; null for a vendor, whose signature is on paper."
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    channel: Mapped[str] = mapped_column(String(8))
    attachment: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), default=None)
    recorded_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    end_reason: Mapped[str] = mapped_column(Text, default="")


class Grant(Base):
    """What was approved with an application, word for word; what became of it is in its events.

    `columns` maps 'schema.table' of the authority file to column names. `rows` has `students` and
    `staff` (conditions on who is in the scope) and `columns` (conditions on the tables' rows), each
    mapping a column to the values that are let through.
    """

    __tablename__ = "grant"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str | None] = mapped_column(
        ForeignKey("application.id"), unique=True, default=None
    )
    "Null for grants of before applications were kept here: they are never live."
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    unit_code: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    "teaching | research | management | legal_case (Article 22)"
    purpose_text: Mapped[str] = mapped_column(Text)
    columns: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    rows: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(JSON)
    people: Mapped[list[int]] = mapped_column(JSON)
    "person_key of each person who may use it."
    channels: Mapped[list[str]] = mapped_column(JSON)
    "sql | file | interface"
    returns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    "Return items: name, every (once | month | term | year), first_due."
    limits: Mapped[dict[str, int | None]] = mapped_column(JSON, default=dict)
    "rows_per_day and exports_per_day of each user; null or left out: no limit of the grant's own."
    vendor: Mapped[str | None] = mapped_column(String(128), default=None)
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    "As approved first; an extension is an event."
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class GrantEvent(Base):
    """One change of a grant after it was authorised. Append-only."""

    __tablename__ = "grant_event"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grant.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    "extended | revoked | frozen | released | shut | reopened"
    until: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    "New end of the term, for an extension."
    cause: Mapped[str | None] = mapped_column(String(64), default=None)
    "incident:<id>, application:<id> or release:<id>."
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(64))


class GrantBuild(Base):
    """A file that was built for a grant from a release: what went in and what came out."""

    __tablename__ = "grant_build"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grant.id"), primary_key=True)
    release: Mapped[str] = mapped_column(String(40), primary_key=True)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    "Over approved content, the tables' content in the release, and the people in the scope."
    protected_sha256: Mapped[str] = mapped_column(String(64))
    "Over who was protected: with somebody more or fewer the file is built anew at its next use."
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_mark: Mapped[str] = mapped_column(String(64))
    "Size and time of the file whose content was last hashed: while they stand it is not again."
    rows: Mapped[dict[str, int]] = mapped_column(JSON)
    people: Mapped[int] = mapped_column(BigInteger)
    "How many people the file holds rows of."
    people_version: Mapped[int | None] = mapped_column(Integer, default=None)
    "Which they are (`state.uses.PeopleVersion`); null for files of before that was kept."
    built_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seconds: Mapped[float] = mapped_column(Float)


class Protection(Base):
    """A person whom searches, lists and grants leave out for a span of time, on somebody's word."""

    __tablename__ = "protection"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    owner_unit: Mapped[str] = mapped_column(String(32))
    "The unit that answers for the flag."
    owner_key: Mapped[int | None] = mapped_column(BigInteger, default=None, index=True)
    "Who answers for it there; None for one of before owners were named."
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))


class ReturnReceipt(Base):
    """Derived data that a consumer unit sent back (Article 8)."""

    __tablename__ = "return_receipt"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grant.id"), index=True)
    item: Mapped[str] = mapped_column(String(128))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    content_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[str] = mapped_column(Text)
    "Relative to the data home."
    by: Mapped[str] = mapped_column(String(64))


class Notice(Base):
    """A mail that is due to a person: written with the event that caused it, sent afterwards.
    The address is looked up when it is sent."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    "Ids and stages that its text is made of."
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    "Nobody sends it before: a sender moves this to take it."
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[str] = mapped_column(Text, default="")


class OfficeMessage(Base):
    """A signed message of the office system that was taken: the same one again gets its answer
    again, and its nonce is refused for any other."""

    __tablename__ = "office_message"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    body_sha256: Mapped[str] = mapped_column(String(64))
    "Over method, path and the body's sha256: everything that was asked."
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    "status and document; empty until it was carried out."


class Incident(Base):
    """A suspected leak (Article 23)."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    title: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[str] = mapped_column(String(64))


class IncidentEvent(Base):
    """What was found and done: noted | froze | released | closed. Append-only."""

    __tablename__ = "incident_event"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("grant.id"), default=None)
    text: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(64))


class Export(Base):
    """A file that left under a grant: whose copy it is, by its content and by its mark."""

    __tablename__ = "export"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grant.id"), index=True)
    person_key: Mapped[int] = mapped_column(BigInteger)
    release: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(16))
    rows: Mapped[int] = mapped_column(BigInteger)
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    mark: Mapped[str] = mapped_column(String(64), index=True)


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

    __table_args__ = (
        UniqueConstraint("hash"),
        Index("ix_audit_subject", "subject"),
        Index("ix_audit_action", "action", "at"),
    )


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


class CensusRelease(Base):
    """One row per release that was made, whether it kept figures or not: its place in the line of
    releases. `before` is the release whose kept figures it was built on, null for the first."""

    __tablename__ = "census_release"

    release: Mapped[str] = mapped_column(String(40), primary_key=True)
    before: Mapped[str | None] = mapped_column(String(40), default=None)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    corrections: Mapped[list[int]] = mapped_column(JSON)
    "Ids of the figure corrections that this release carried out."


class CensusFigure(Base):
    """A figure of a closed period as `release` published it first, or anew after a correction.
    The raw figure: disclosure control comes after it. Append-only."""

    __tablename__ = "census_figure"

    release: Mapped[str] = mapped_column(ForeignKey("census_release.release"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(32), primary_key=True)
    level: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit_name: Mapped[str] = mapped_column(Text)
    parent_unit: Mapped[str | None] = mapped_column(String(64), default=None)
    numerator: Mapped[float | None] = mapped_column(Float(53), default=None)
    denominator: Mapped[float | None] = mapped_column(Float(53), default=None)
    value: Mapped[float | None] = mapped_column(Float(53), default=None)
    as_of_date: Mapped[date] = mapped_column(Date)
    smallest_group: Mapped[int | None] = mapped_column(BigInteger, default=None)


class FigureCorrection(Base):
    """The decision that a closed period of an indicator is to be published as computed now."""

    __tablename__ = "figure_correction"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    indicator: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    "Published beside the figures, so it names nobody."
    by: Mapped[str] = mapped_column(String(64))
    "person:<key> who decided, or command:<operating-system user>."


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
