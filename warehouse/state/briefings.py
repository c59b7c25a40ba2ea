"""Monthly briefings: which were made of which release, and to whom each went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from warehouse.state.models import Base, UTCDateTime

__all__ = ["Briefing", "BriefingMail"]


class Briefing(Base):
    """One briefing. The file lies in the data home as `briefings/<month>_<release>.pdf`."""

    __tablename__ = "briefing"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    "`2026-11`: of the day, at the college, that the data reach."
    release: Mapped[str] = mapped_column(String(40), primary_key=True)
    as_of: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Integer)
    content_sha256: Mapped[str] = mapped_column(String(64))


class BriefingMail(Base):
    """One briefing to one address. A row without `sent_at` and without a `problem` was handed to
    the server by a sender that did not live to say so: it is never sent again."""

    __tablename__ = "briefing_mail"
    __table_args__ = (
        ForeignKeyConstraint(["month", "release"], ["briefing.month", "briefing.release"]),
    )

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    release: Mapped[str] = mapped_column(String(40), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    problem: Mapped[str] = mapped_column(Text, default="")
