"""Unpacks .gz and .zst into a plain file, within limits."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import zlib
from pathlib import Path
from typing import BinaryIO

from warehouse.ingest.limits import Limits, TooMuch, unreadable

__all__ = ["NO_SPACE", "Meter", "compression_of", "require_space", "unpack"]

#: Faults of this machine, not of the file.
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_CHUNK = 4 << 20
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


def compression_of(name: str) -> str | None:
    """gzip, zstd or None, by the end of a file's name."""
    return _COMPRESSIONS.get(os.path.splitext(name.lower())[1])  # noqa: PTH122 - a name, no path


class Meter:
    """Counts what is unpacked and raises `TooMuch` before it fills disk or memory."""

    def __init__(self, limits: Limits, packed: int, folder: Path | None = None) -> None:
        self._limits, self._packed, self._folder = limits, max(packed, 1), folder
        self.total = 0

    def add(self, size: int) -> None:
        self.total += size
        if self.total > self._limits.unpacked:
            raise TooMuch(f"unpacked it is larger than {self._limits.unpacked:,} bytes")
        if self.total > self._limits.ratio_from and self.total > self._limits.ratio * self._packed:
            raise TooMuch(f"it unpacks to more than {self._limits.ratio} times its size")
        if self._folder is not None:
            require_space(self._folder, self._limits)


def require_space(folder: Path, limits: Limits) -> None:
    """Raise `OSError` (no space) while some is still left for everybody else."""
    if shutil.disk_usage(folder).free < limits.free_disk:
        raise OSError(errno.ENOSPC, "Less disk space is free than ingest_free_bytes asks for")


def unpack(path: Path, compression: str, target: Path, limits: Limits) -> int:
    """Write the plain content to `target`; return its size. Raises `FileRefused` (unreadable)."""
    meter = Meter(limits, path.stat().st_size, target.parent)
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as sink, _open(path, compression) as stream:
            while chunk := stream.read(_CHUNK):
                meter.add(len(chunk))
                sink.write(chunk)
    except TooMuch as limit:
        target.unlink()
        raise unreadable(str(limit)) from None
    except (OSError, EOFError, zlib.error) as error:
        if getattr(error, "errno", None) in NO_SPACE:
            raise
        raise unreadable("the archive is damaged or breaks off") from None
    return meter.total


def _open(path: Path, compression: str) -> BinaryIO:
    if compression == "gzip":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    import pyarrow

    return pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd")
