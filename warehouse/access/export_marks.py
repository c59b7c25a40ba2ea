"""The mark of an export: it names grant and recipient and changes no value (Article 23).

Two marks are in a file. The **label** is in plain sight of who looks: metadata of Parquet and XLSX,
unread bytes of Arrow. The **writing** is hidden in text formats, where one value can be written in
two ways that every reader takes for the same: a CSV text with or without quotation marks, a JSON
member with or without a blank after the colon. Which way is decided, cell by cell, by a keyed hash
over the export and the row's own content. It needs no beginning and no order: rows cut out of the
middle or sorted anew still bear it.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
from collections.abc import Sequence
from typing import Any

__all__ = [
    "BITS",
    "csv_text",
    "find_labels",
    "jsonl_text",
    "label_of",
    "mark_of",
    "must_quote",
    "row_bits",
    "with_arrow_label",
]

#: Cells of a row that can bear a bit; those after them do not.
BITS = 256
_LABEL = re.compile(rb"campus-export:([0-9a-z]{1,32}):([0-9a-f]{32})")
_ARROW_END = b"ARROW1"


def mark_of(secret: bytes, export_id: str) -> str:
    """32 hex digits that only who has the secret can make for an export."""
    return hmac.new(secret, f"mark of {export_id}".encode(), hashlib.sha256).hexdigest()[:32]


def label_of(export_id: str, mark: str) -> str:
    """The mark in plain sight."""
    return f"campus-export:{export_id}:{mark}"


def find_labels(content: bytes) -> list[tuple[str, str]]:
    """(export id, mark) of every label in a piece of a file."""
    found = _LABEL.findall(content)
    return list(dict.fromkeys((name.decode(), mark.decode()) for name, mark in found))


def row_bits(mark: str, row: Sequence[str]) -> int:
    """`BITS` bits for a row of texts: bit i says how cell i is written."""
    key = hashlib.sha256(mark.encode()).digest()
    text = "\x1f".join(row).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, key=key, digest_size=BITS // 8).digest(), "little")


def csv_text(
    names: Sequence[str], texts: Sequence[bool], rows: Sequence[Sequence[Any]], mark: str
) -> str:
    """CSV with a heading and empty for null. `texts` says of each column whether it holds text: a
    number in quotation marks is one to some readers and none to others, so it never gets any."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        bits = row_bits(mark, cells)
        written = (
            _quoted(cell) if must_quote(cell) or (text and cell and bits >> place & 1) else cell
            for place, (cell, text) in enumerate(zip(cells, texts, strict=True))
        )
        # A line without a sign would be no row.
        out.write((",".join(written) or '""') + "\n")
    return out.getvalue()


def jsonl_text(names: Sequence[str], rows: Sequence[Sequence[Any]], mark: str) -> str:
    """One JSON object a line."""
    lines = []
    for row in rows:
        cells = [json.dumps(cell, ensure_ascii=False, default=str) for cell in row]
        bits = row_bits(mark, cells)
        members = (
            f"{json.dumps(name, ensure_ascii=False)}:{' ' if bits >> place & 1 else ''}{cell}"
            for place, (name, cell) in enumerate(zip(names, cells, strict=True))
        )
        lines.append("{" + ",".join(members) + "}\n")
    return "".join(lines)


def with_arrow_label(content: bytes, label: str) -> bytes:
    """An Arrow file with a label between its end-of-stream mark and its footer, which no reader
    reads: the footer is found from the end, and names each block by its place before the label."""
    end = len(content) - len(_ARROW_END) - 4
    footer = end - int.from_bytes(content[end : end + 4], "little")
    padded = label.encode()
    padded += b"\0" * (-len(padded) % 8)
    return content[:footer] + padded + content[footer:]


def must_quote(cell: str) -> bool:
    """Whether a CSV cell needs its quotation marks and so cannot bear a bit."""
    return any(sign in cell for sign in ',"\n\r') or cell != cell.strip()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
