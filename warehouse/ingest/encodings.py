"""Which encoding a text is in, by its first bytes."""

from __future__ import annotations

import codecs

from warehouse.ingest.limits import unreadable

__all__ = ["encoding_of", "name_of_encoding"]


def encoding_of(head: bytes, *, whole: bool) -> str:
    """A codec of Python. `whole` says that `head` is the whole file.

    What is ASCII so far counts as UTF-8 and may turn out to be GB18030 further down. Raises
    `FileRefused` (unreadable) where it is no text.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(b"\x84\x31\x95\x33"):  # the byte-order mark in GB18030
        return "gb18030"
    odd, even = head[1:4096:2], head[0:4096:2]
    if odd.count(0) * 2 > len(odd):
        return "utf-16-le"
    if even.count(0) * 2 > len(even):
        return "utf-16-be"
    if b"\0" in head[:4096]:
        raise unreadable("it is not text")
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        return name
    raise unreadable("its text is neither UTF-8, UTF-16 nor GB18030")


def name_of_encoding(encoding: str) -> str:
    """As a report says it."""
    return {"utf-8-sig": "UTF-8 with BOM"}.get(encoding, encoding.upper())
