"""Archives that people asked for: everything held on them, to take along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from warehouse.state.models import Base, UTCDateTime

__all__ = ["PersonalArchive"]


class PersonalArchive(Base):
    """One request. The file lies in the data home under its id; its password is kept nowhere."""

    __tablename__ = "personal_archive"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_key: Mapped[int] = mapped_column(BigInteger, index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    "preparing | ready | failed | interrupted | replaced | expired"
    steps_done: Mapped[int] = mapped_column(Integer, default=0)
    steps: Mapped[int] = mapped_column(Integer, default=0)
    release: Mapped[str | None] = mapped_column(String(40), default=None)
    bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    content_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=None)
    "When it was fetched last."
