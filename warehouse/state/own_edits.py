"""What staff changed of the items that are theirs to keep up, and the extracts made of it.

The values are the person's own and stand here only until, and as proof of what, the person said:
sealed with a key of the data home (`sealed_texts`), so that the database alone tells none of them.
Rows are added and never changed; only a purge removes them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from warehouse.state.models import Base, UTCDateTime

__all__ = ["OwnEdit", "OwnEditRefusal", "OwnExtract"]


class OwnEdit(Base):
    """One saved form. `at` grows with each edit of the same record, and lies behind the version
    that the person saw."""

    __tablename__ = "own_edit"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    number: Mapped[str] = mapped_column(String(32))
    "The staff number whose row it is."
    table_name: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(String(64))
    "Key of the row: the staff number, or the number of a record."
    kind: Mapped[str] = mapped_column(String(8))
    "set | remove"
    simulated: Mapped[bool] = mapped_column(Boolean)
    "Made in a demo, where everybody is made up."
    sealed: Mapped[str] = mapped_column(Text)
    '{"values": the whole row as it was saved, "before": what the changed fields held}'

    __table_args__ = (Index("ix_own_edit_record", "table_name", "record", "at"),)


class OwnEditRefusal(Base):
    """An edit that the contract's checks refused when its extract was made."""

    __tablename__ = "own_edit_refusal"

    edit_id: Mapped[str] = mapped_column(ForeignKey("own_edit.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)
    '{"columns": {name: [reason codes]}, "rules": [names of rules]}'


class OwnExtract(Base):
    """An extract made of edits, noted before its file enters the inbox. Whether it has landed is
    for the ledger to say: it is the batch of that id."""

    __tablename__ = "own_extract"

    batch_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    edits: Mapped[list[str]] = mapped_column(JSON)
    "Ids of the edits that its rows hold."
