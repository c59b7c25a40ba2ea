"""One kind of database: how to reach it, read it consistently, and understand its errors."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from warehouse.pull.sources import Source

__all__ = ["Described", "Dialect", "Failure", "first_line", "offset_text", "tls_context"]


@dataclass(frozen=True)
class Described:
    """A column of a result. `family` is text, int, decimal, number (exact or not, the values
    tell), float, bool, bit, date, timestamp, zoned (a timestamp with its offset), time, bytes or
    other. `type_name` is what the database calls the type, as far as the driver tells."""

    name: str
    family: str
    type_name: str


@dataclass(frozen=True)
class Failure:
    """A driver's error. `kind` is login, transient (the same may succeed in a moment), limit
    (a time limit ended it), write (a read-only transaction refused a change), statement (about
    the SQL text itself, so its message holds nothing of the data) or other."""

    code: str
    kind: str
    text: str


@dataclass(frozen=True)
class Dialect:
    """`prepare` runs in the pulling process before the driver opens anything. `session` are
    statements for a new connection, `begin` those that open a read-only, consistent
    transaction; `clock` reads the local time of the source, as `Source.offset` has it."""

    name: str
    driver: str
    package: str
    port: int
    url: Callable[[Source, str], URL]
    connect_args: Callable[[Source, str], dict[str, Any]]
    session: Callable[[Source], list[str]]
    begin: tuple[str, ...]
    clock: Callable[[Source], str]
    describe: Callable[[tuple[Any, ...]], Described]
    failure: Callable[[BaseException], Failure]
    engine_options: Mapping[str, Any]
    prepare: Callable[[Source, Path], None] = lambda source, folder: None
    configure: Callable[[Any], None] = lambda connection: None
    zoned_literal: bool = False
    "A moment compared with a zoned column must be written with its offset."


def offset_text(offset: timedelta) -> str:
    """An offset as SQL and ISO 8601 write it: +08:00."""
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def tls_context(source: Source) -> ssl.SSLContext:
    """A client's TLS settings for the drivers that take Python's own."""
    context = ssl.create_default_context(cafile=source.tls_ca and str(source.tls_ca))
    # Certificates of database servers are often made by hand, without every extension.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if source.tls != "verify-full":
        context.check_hostname = False
    if source.tls == "require":
        context.verify_mode = ssl.CERT_NONE
    return context


def first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0].strip() if lines else ""
