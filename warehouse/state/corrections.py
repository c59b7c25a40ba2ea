"""Tables of corrections: what a person says is wrong, what became of it, and who was told.

No value of the warehouse stands here. What was shown is kept as a keyed hash, so that the closing
can be judged; what people wrote is sealed with a key of the data home.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from warehouse.state.models import Base, UTCDateTime

__all__ = ["Correction", "CorrectionEvent", "CorrectionTold"]


class Correction(Base):
    """*This is wrong* (Article 21): one place in one table of the personal file. Append-only."""

    __tablename__ = "correction"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    "Whose data it is, and who reported it."
    kind: Mapped[str] = mapped_column(String(8))
    "value: a column is wrong | row: a row should not be there | missing: one is not there"
    unit_code: Mapped[str] = mapped_column(String(32), index=True)
    "The one unit that answers for the item on the day of the report."
    item_code: Mapped[str | None] = mapped_column(String(8), default=None)
    "Row of annex 3 or 4; null for what feeds no item."
    table_name: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    source_table: Mapped[str] = mapped_column(String(64))
    "What the unit delivers it with."
    column_name: Mapped[str | None] = mapped_column(String(64), default=None)
    "Null where the row as a whole is meant."
    row_mark: Mapped[str] = mapped_column(String(64))
    "Keyed hash over what identifies the row; empty for a missing one."
    value_mark: Mapped[str] = mapped_column(String(64))
    "Keyed hash over what was shown there."
    alike: Mapped[int] = mapped_column(Integer)
    "How many rows of the person showed that there; of a missing one, how many rows there were."
    wanted_mark: Mapped[str | None] = mapped_column(String(64), default=None)
    "Keyed hash over what is right, read as that column's kind; null where it cannot be read so."
    words: Mapped[str] = mapped_column(Text)
    "Sealed: what is right, and why."
    release: Mapped[str] = mapped_column(String(40))
    "The release that the person saw."
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    "Drawn by the form: the same one twice (a double click) is one report."
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CorrectionEvent(Base):
    """One step. (correction, seq) is unique: of two steps decided on the same state the second
    fails. Append-only."""

    __tablename__ = "correction_event"

    correction_id: Mapped[str] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    "One of `governance.correction.KINDS`."
    person_key: Mapped[int | None] = mapped_column(BigInteger, default=None)
    "Whose step it is; null for the job after a publication."
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    "Day of the school by which the next step is due, fixed when this one was written."
    words: Mapped[str] = mapped_column(Text, default="")
    "Sealed: the reason."
    outcome: Mapped[str | None] = mapped_column(String(8), default=None)
    "Of a closing: as_asked | other | gone."
    release: Mapped[str | None] = mapped_column(String(40), default=None)
    "Of a closing: the release that showed it."
    attachment: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), default=None)
    recorded_by: Mapped[str] = mapped_column(String(64))
    "person:<key>, command:<user> or job:correction.check."

    __table_args__ = (Index("ix_correction_event_attachment", "attachment"),)


class CorrectionTold(Base):
    """A unit that had the old value under a grant was told that it changed. Append-only."""

    __tablename__ = "correction_told"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    correction_id: Mapped[str] = mapped_column(ForeignKey("correction.id"))
    grant_id: Mapped[str] = mapped_column(ForeignKey("grant.id"))
    unit_code: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    sure: Mapped[int] = mapped_column(Integer)
    "1 where whom its files held is on record, 0 where the grant's scope was asked today."

    __table_args__ = (UniqueConstraint("correction_id", "grant_id"),)
