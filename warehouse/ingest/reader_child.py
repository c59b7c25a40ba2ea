"""Runs in a process of its own: reads one delivered file after another (see `reader`)."""

from __future__ import annotations

import base64
import json
import os
import pickle
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse.errors import FileRefused
from warehouse.ingest.limits import Limits, TooMuch, unreadable
from warehouse.ingest.unpacking import NO_SPACE

__all__ = ["main"]


def main() -> None:
    """Answer jobs from standard input on the descriptor named by the first argument."""
    descriptor, options = int(sys.argv[1]), sys.argv[2]
    limits, engine = pickle.loads(base64.b64decode(options))  # noqa: S301 - from the parent
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.unpacked, limits.unpacked))
    answers = os.fdopen(descriptor, "wb", buffering=0)
    for line in sys.stdin.buffer:
        kind, path, work, arguments = pickle.loads(base64.b64decode(line))  # noqa: S301
        _allow_time(limits)
        answer = _judge(_job(kind), path, work, limits, engine, arguments)
        answers.write(json.dumps(answer).encode() + b"\n")


def _allow_time(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _job(kind: str) -> Callable[..., dict[str, Any]]:
    if kind == "parquet":
        from warehouse.ingest.parquetfile import read_parquet

        return read_parquet
    if kind == "jsonl":
        from warehouse.ingest.jsonlines import read_json_lines

        return read_json_lines
    if kind == "xlsx":
        from warehouse.ingest.workbook import read_workbook

        return read_workbook
    return _unpack


def _unpack(
    path: Path, work: Path, limits: Limits, engine: dict[str, Any], *, compression: str, name: str
) -> dict[str, Any]:
    from warehouse.ingest.unpacking import unpack

    return {"size": unpack(path, compression, work / name, limits)}


def _judge(
    job: Callable[..., dict[str, Any]],
    path: Path,
    work: Path,
    limits: Limits,
    engine: dict[str, Any],
    arguments: dict[str, Any],
) -> dict[str, Any]:
    """The job's answer, or why there is none; never a value of the file."""
    try:
        return job(path, work, limits, engine, **arguments)
    except FileRefused as refusal:
        found = refusal
    except TooMuch as limit:
        found = unreadable(str(limit))
    except MemoryError:
        found = unreadable("reading it takes more memory than ingest_reader_memory allows")
    except Exception as error:  # whatever a library raises over a damaged file
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return {"failed": type(error).__name__}
        found = unreadable(f"it is damaged ({type(error).__name__})")
    return {
        "refused": {
            "reason": found.reason,
            "message": found.message,
            "row_count": found.row_count,
            "next_step": found.next_step,
        }
    }


if __name__ == "__main__":
    main()
