"""The file of an archive: a ZIP with AES-256 around what is read and what machines read.

Names and sizes inside such a ZIP are open to anybody, and a table's name alone may tell something
of a person. So the machine-readable files lie in a ZIP of their own inside it.
"""

from __future__ import annotations

import io
import os
import secrets
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyzipper

from warehouse.access.archive_content import Record, csv_file, json_file, paper_data, readme
from warehouse.access.personal_fields import TableWords
from warehouse.papers import typeset

__all__ = ["draw_password", "write_archive"]

#: Nothing that is mistaken for something else, in small letters: it is typed on a phone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS = 4, 5


def draw_password() -> str:
    """20 characters of 31, in four groups: 99 bits, since the format's key derivation is weak."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def write_archive(
    target: Path,
    record: Record,
    words: Mapping[str, TableWords],
    password: str,
    *,
    step: Callable[[], None] = lambda: None,
) -> None:
    """Write the archive as a new file that only its owner may read. `step` is called after the
    readable form and after the whole. Raises `PaperError` where nothing can be printed."""
    paper = typeset("personal_record", paper_data(record, words), now=record.made_at)
    step()
    explained = readme(record, words)
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        with pyzipper.AESZipFile(
            stream, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as whole:
            whole.setpassword(password.encode("ascii"))
            whole.setencryption(pyzipper.WZ_AES, nbits=256)
            whole.writestr("README.txt", explained)
            whole.writestr("my-data.pdf", paper)
            whole.writestr("machine-readable.zip", _machine_readable(record, words, explained))
        stream.flush()
        os.fsync(stream.fileno())
    step()


def _machine_readable(record: Record, words: Mapping[str, TableWords], explained: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression=zipfile.ZIP_DEFLATED) as inner:
        inner.writestr("README.txt", explained)
        inner.writestr("data.json", json_file(record, words))
        for name, table in record.tables.items():
            columns = [column["name"] for column in table["columns"]]
            inner.writestr(f"csv/{name}.csv", csv_file(table["rows"], columns))
        for name, rows in (
            ("uses", record.uses),
            ("own_edits", record.edits),
            ("corrections", record.corrections),
            ("items", record.items),
        ):
            if rows:
                columns = list(dict.fromkeys(key for row in rows for key in row))
                inner.writestr(f"csv/{name}.csv", csv_file(rows, columns))
    return sink.getvalue()
