"""What lies in the inbox, who works on it, and what a file is: its content."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.contracts.model import Contracts
from warehouse.errors import IngestError
from warehouse.home import Home

__all__ = [
    "InboxFile",
    "Signature",
    "find_files",
    "find_others",
    "fingerprint",
    "hold_inbox",
    "plain",
    "shown",
]

Signature = tuple[int, int, int, int]
_UNFINISHED = (".part", ".tmp")
_DEEPEST = 20


def plain(text: str) -> str:
    """The text with _ for what does not print, turns the direction of writing, or is no character
    at all."""
    return "".join(
        "_" if unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029" else letter
        for letter in text
    )


def shown(name: str, longest: int = 200) -> str:
    """A name or path as it may be printed, stored and used again: `plain`, and too long a name
    loses its middle (in bytes, as file systems count)."""
    head, slash, last = plain(name).rpartition("/")
    if len(last.encode()) > longest:
        end = last.encode()[-longest // 3 :].decode(errors="ignore")
        start = last.encode()[: longest - len(end.encode()) - 3].decode(errors="ignore")
        last = f"{start}…{end}"
    return head + slash + last


@dataclass(frozen=True)
class InboxFile:
    """A regular file in the inbox. `source` and `table` are its folders, empty where it lies
    too high; `declared` says that a contract names them and the file lies right there."""

    path: Path
    source: str
    table: str
    declared: bool

    def signature(self) -> Signature:
        """Inode, size, time of the content's change, and time of any change: the same file,
        untouched, has the same signature. The last one only the kernel sets; it tells of a file
        that was moved away and back while something else lay in its place."""
        found = self.path.lstat()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@contextmanager
def hold_inbox(home: Home) -> Iterator[None]:
    """Hold the inbox alone. Raises `IngestError` while another ingest works on it.

    The lock is the kernel's and ends with the process, however that ends.
    """
    home.work.mkdir(exist_ok=True, mode=0o700)
    descriptor = os.open(home.work / "ingest.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IngestError(
                "Another ingest is working on this data home.",
                next_step="Wait until it has ended, then run this again.",
            ) from None
        yield
    finally:
        os.close(descriptor)


def find_files(
    home: Home, contracts: Contracts, source: str | None = None, table: str | None = None
) -> list[InboxFile]:
    """Files to take in: tables behind their parents, inside a table by name, undeclared last.

    Hidden files and those that end in .part or .tmp are still being written and are left
    alone; links are never followed.
    """
    order = {item.id: place for place, item in enumerate(contracts.parents_first())}
    found = []
    for path in _walk(home.inbox):
        parts = path.relative_to(home.inbox).parts
        in_source = parts[0] if len(parts) > 1 else ""
        in_table = parts[1] if len(parts) > 2 else ""
        if (source and in_source != source) or (table and in_table != table):
            continue
        declared = len(parts) == 3 and f"{in_source}/{in_table}" in order
        found.append(InboxFile(path, in_source, in_table, declared))
    last = len(order)
    found.sort(
        key=lambda file: (
            order.get(f"{file.source}/{file.table}", last) if file.declared else last,
            str(file.path),
        )
    )
    return found


def find_others(home: Home) -> list[str]:
    """What lies in the inbox and is left alone for good: links, devices, sockets, pipes, and
    folders that may not be opened. Paths relative to the data home, as they may be shown."""
    others: list[Path] = []
    for _ in _walk(home.inbox, others=others):
        pass
    return sorted(shown(str(path.relative_to(home.root))) for path in others)


def _walk(folder: Path, depth: int = 0, others: list[Path] | None = None) -> Iterator[Path]:
    others = [] if others is None else others
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        others.append(folder)
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
            yield from _walk(path, depth + 1, others)
        elif entry.is_file(follow_symlinks=False) and os.access(folder, os.W_OK | os.X_OK):
            yield path
        else:
            others.append(path)


def fingerprint(path: Path) -> str:
    """sha256 over the bytes of a regular file, in hexadecimal. Never follows a link,
    nor waits for what took its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "This is no regular file")
        return hashlib.file_digest(stream, "sha256").hexdigest()
