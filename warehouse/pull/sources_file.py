"""Reads `sources.toml` of the data home and finds every problem in it at once."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from warehouse.contracts.model import TECHNICAL_COLUMNS, Contracts, Table
from warehouse.errors import SourcesError
from warehouse.home import Home
from warehouse.pull.dialects import DIALECTS
from warehouse.pull.sources import Source, Sources, TableSource

__all__ = ["load_sources", "sources_file"]

_TLS = ("off", "require", "verify-ca", "verify-full")
_SOURCE_KEYS = (
    "dialect", "host", "port", "database", "user", "password_env", "password_file", "tls",
    "tls_ca", "connect_seconds", "statement_seconds", "total_seconds", "attempts", "timezone",
    "tables",
)  # fmt: skip
_TABLE_KEYS = (
    "from", "query", "mode", "watermark", "overlap", "deleted_flag", "deleted_values", "columns",
)  # fmt: skip
_RELATION = re.compile(r"[^\W\d][\w$#]*(\.[^\W\d][\w$#]*){0,2}")
_SPAN = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")
_IN_CLEAR = ("password", "passwd", "pwd", "secret", "url", "dsn", "token")


def sources_file(home: Home) -> Path:
    return home.sources_file


def load_sources(home: Home, contracts: Contracts) -> Sources:
    """The declared sources. Raises `SourcesError` with every problem, each with its key.

    Secrets are not read here: one that is missing fails its own source only.
    """
    file = sources_file(home)
    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            document = tomllib.loads(stream.read().decode())
    except FileNotFoundError:
        raise SourcesError(
            file.name, ["is missing in the data home; docs/pull.md shows one"]
        ) from None
    except OSError as error:
        raise SourcesError(file.name, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise SourcesError(file.name, ["is not UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        # The text behind the place may be a value of the file; the place alone is enough.
        place = re.search(r"\(at .*\)$", str(error))
        raise SourcesError(file.name, [f"is not TOML {place[0] if place else ''}"]) from None
    if mode & stat.S_IWOTH:
        # Whoever may write it may send the passwords to a server of their own.
        raise SourcesError(file.name, [f"may be changed by everybody; run: chmod o-w '{file}'"])
    reader = _Reader(home, contracts)
    sources = reader.read(document)
    if reader.problems:
        raise SourcesError(file.name, reader.problems)
    return Sources(file, *sources)


class _Reader:
    """Collects problems; what it returns is of use only where there are none."""

    def __init__(self, home: Home, contracts: Contracts) -> None:
        self.home = home
        self.contracts = contracts
        self.problems: list[str] = []

    def say(self, key: str, what: str) -> None:
        self.problems.append(f"{key}: {what}")

    def read(self, document: Mapping[str, Any]) -> tuple[tuple[Source, ...], int]:
        self._known("", document, ("parallel", "sources"))
        parallel = int(self._number("", document, "parallel", 4, 1, 32))
        declared = document.get("sources")
        if not isinstance(declared, dict) or not declared:
            self.say("sources", "holds no source; write at least one [sources.<source>]")
            return (), parallel
        return tuple(self._source(id, declared[id]) for id in declared), parallel

    def _source(self, id: str, values: Any) -> Source:
        key = f"sources.{id}"
        tables = {table.name: table for table in self.contracts if table.source == id}
        if not isinstance(values, dict):
            self.say(key, "must be a table")
            values = {}
        if not tables:
            self.say(key, "no contract declares this source")
        self._known(key, values, _SOURCE_KEYS)
        dialect = self._choice(key, values, "dialect", tuple(DIALECTS), None)
        port = DIALECTS[dialect].port if dialect in DIALECTS else 1
        secrets = [name for name in ("password_env", "password_file") if name in values]
        if len(secrets) != 1:
            self.say(key, "name exactly one of password_env and password_file")
        file = self._text(key, values, "password_file", "")
        authority = self._text(key, values, "tls_ca", "")
        if authority and not (self.home.root / authority).is_file():
            self.say(f"{key}.tls_ca", "there is no such file")
        declared = values.get("tables")
        if not isinstance(declared, dict) or not declared:
            self.say(f"{key}.tables", "holds no table")
            declared = {}
        return Source(
            id=id,
            dialect=dialect,
            host=self._text(key, values, "host"),
            port=int(self._number(key, values, "port", port, 1, 65535)),
            database=self._text(key, values, "database"),
            user=self._text(key, values, "user"),
            tables=tuple(
                found
                for name in declared
                if (found := self._table(f"{key}.tables.{name}", name, declared[name], tables))
            ),
            password_env=self._text(key, values, "password_env", "") or None,
            password_file=self.home.root / file if file else None,
            tls=self._choice(key, values, "tls", _TLS, "verify-full"),
            tls_ca=self.home.root / authority if authority else None,
            connect_seconds=self._number(key, values, "connect_seconds", 10, 1, 600),
            statement_seconds=self._number(key, values, "statement_seconds", 300, 1, 86400),
            total_seconds=self._number(key, values, "total_seconds", 3600, 1, 7 * 86400),
            attempts=int(self._number(key, values, "attempts", 3, 1, 10)),
            offset=self._offset(key, values),
        )

    def _table(
        self, key: str, name: str, values: Any, tables: Mapping[str, Table]
    ) -> TableSource | None:
        table = tables.get(name)
        if not isinstance(values, dict):
            self.say(key, "must be a table")
            return None
        self._known(key, values, _TABLE_KEYS)
        if table is None:
            if tables:
                self.say(key, f"no contract declares this table; known: {', '.join(tables)}")
            return None
        if len([given for given in ("from", "query") if given in values]) != 1:
            self.say(key, "name exactly one of from (a table or view) and query")
        relation = self._text(key, values, "from", "")
        if relation and not _RELATION.fullmatch(relation):
            self.say(f"{key}.from", "must be a plain name such as hr.staff; use query for others")
        query = self._text(key, values, "query", "").strip().rstrip(";").rstrip()
        if query and not re.match(r"(?is)(\s|--[^\n]*\n|/\*.*?\*/|\()*(select|with)\b", query):
            self.say(f"{key}.query", "must be one SELECT")
        mode = self._choice(key, values, "mode", ("full", "incremental"), "full")
        if mode == "incremental" and table.kind == "snapshot":
            self.say(
                f"{key}.mode",
                "must be full: the contract says snapshot, so whatever an extract leaves out ends",
            )
        watermark = self._text(key, values, "watermark", "") or None
        overlap = self._overlap(key, values)
        if mode == "incremental":
            for wanted in ("watermark", "overlap"):
                if wanted not in values:
                    self.say(f"{key}.{wanted}", "is needed where mode is incremental")
        else:
            for unused in ("watermark", "overlap"):
                if unused in values:
                    self.say(f"{key}.{unused}", "is of use only where mode is incremental")
        flag = self._text(key, values, "deleted_flag", "") or None
        meanings = self._texts(key, values, "deleted_values")
        if meanings and not flag:
            self.say(f"{key}.deleted_values", "is of use only beside deleted_flag")
        return TableSource(
            table=table,
            relation=relation or None,
            query=query or None,
            mode=mode,
            watermark=watermark,
            overlap=overlap,
            deleted_flag=flag,
            deleted_values=meanings,
            columns=self._columns(f"{key}.columns", values.get("columns", {}), table, flag),
        )

    def _columns(self, key: str, values: Any, table: Table, flag: str | None) -> Mapping[str, str]:
        if not isinstance(values, dict):
            self.say(key, 'must map source columns to contract columns, such as XM = "name"')
            return {}
        known = (*table.column_names, *TECHNICAL_COLUMNS)
        taken: dict[str, str] = {"is_deleted": "deleted_flag"} if flag else {}
        for column, target in values.items():
            place = f"{key}.{column}"
            if target not in known:
                self.say(place, f"{table.id} has no column of the name given")
            elif target == "extracted_at":
                self.say(place, "extracted_at is the source's clock; it cannot be mapped")
            elif target in taken:
                self.say(place, f"{target} is filled already, from {taken[target]}")
            else:
                taken[target] = column
        return {column: str(target) for column, target in values.items()}

    def _known(self, key: str, values: Mapping[str, Any], keys: Iterable[str]) -> None:
        for name in values:
            if name in keys:
                continue
            place = f"{key}.{name}" if key else name
            if name.lower() in _IN_CLEAR:
                self.say(place, "no secret in clear here: use password_env or password_file")
            else:
                self.say(place, f"is unknown; known: {', '.join(keys)}")

    def _text(
        self, key: str, values: Mapping[str, Any], name: str, default: str | None = None
    ) -> str:
        value = values.get(name, default)
        if value is None:
            self.say(f"{key}.{name}", "is missing")
        elif not isinstance(value, str) or (not value.strip() and default is None):
            self.say(f"{key}.{name}", "must be a text")
        else:
            return value
        return ""

    def _texts(self, key: str, values: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value = values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.say(f"{key}.{name}", 'must be a list of texts, such as ["D", "9"]')
            return ()
        return tuple(value)

    def _choice(
        self,
        key: str,
        values: Mapping[str, Any],
        name: str,
        choices: tuple[str, ...],
        default: str | None,
    ) -> str:
        value = values.get(name, default)
        if value not in choices:
            self.say(f"{key}.{name}", f"must be one of {', '.join(choices)}")
            return choices[0]
        return str(value)

    def _number(
        self,
        key: str,
        values: Mapping[str, Any],
        name: str,
        default: float,
        low: float,
        high: float,
    ) -> float:
        value = values.get(name, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            self.say(f"{key}.{name}".lstrip("."), f"must be a number from {low} to {high}")
            return default
        return value

    def _overlap(self, key: str, values: Mapping[str, Any]) -> timedelta | int | None:
        value = values.get("overlap")
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        if isinstance(value, str) and (found := _SPAN.fullmatch(value)):
            return timedelta(**{_UNITS[found[2]]: int(found[1])})
        self.say(f"{key}.overlap", 'must be a span such as "2h" ("30s", "15m", "1d") or a number')
        return None

    def _offset(self, key: str, values: Mapping[str, Any]) -> timedelta:
        value = values.get("timezone", "+08:00")
        found = _OFFSET.fullmatch(value) if isinstance(value, str) else None
        if found is None or int(found[2]) > 14:
            self.say(f"{key}.timezone", 'must be an offset such as "+08:00"')
            return timedelta(hours=8)
        span = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return -span if found[1] == "-" else span
