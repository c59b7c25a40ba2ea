"""An ingest killed at any moment and run again ends as one that was never disturbed."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from ingest_contracts import (
    PAYMENT,
    STAFF,
    UNIT,
    UNITS,
    ledger_of,
    payment_row,
    put,
    run,
    staff_row,
)

from warehouse.ingest.crash import CRASH_POINTS, CRASH_VARIABLE
from warehouse.settings import Settings, load_settings

_PROGRAM = """
import sys
from ingest_contracts import run
from warehouse.settings import load_settings
run(load_settings(sys.argv[1], threads=2))
"""


def deliver(settings: Settings) -> None:
    """Files that pass every step: landing, refused rows, a refused file, late rows."""
    put(settings, UNIT, "units.csv", UNITS)
    staff = [staff_row(place) for place in range(40)]
    staff[3]["sex"] = "7"
    put(settings, STAFF, "staff.csv", staff)
    put(settings, STAFF, "wrong.csv", staff, extra=("salary",))
    put(settings, PAYMENT, "1.csv", [payment_row(place) for place in range(50)])
    bad = [payment_row(place, amount="?" if place == 9 else "5.00") for place in range(50, 90)]
    put(settings, PAYMENT, "2.csv", bad)
    stamp(settings)


def stamp(settings: Settings) -> None:
    """Same file times in every home, since extracted_at comes from them."""
    for path in settings.paths.inbox.rglob("*.csv"):
        os.utime(path, (1767225600, 1767225600))


def new_home(folder: Path) -> Settings:
    """A home in which payments already wait for the staff that `deliver` brings."""
    settings = load_settings(folder, threads=2)
    settings.paths.create()
    waiting = [payment_row(place) for place in range(200, 230)]
    waiting += [payment_row(place, staff_no="900000") for place in range(230, 232)]
    put(settings, PAYMENT, "0.csv", waiting)
    stamp(settings)
    run(settings)
    deliver(settings)
    return settings


def start(settings: Settings, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(settings.paths.root)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def content(settings: Settings) -> dict[str, object]:
    """Everything that lasts: ledger, lake, quarantine, inbox, and that nothing else lies about."""
    home = settings.paths
    files: dict[str, object] = {}
    for root in (home.lake, home.quarantine, home.inbox, home.work):
        for path in sorted(root.rglob("*")):
            if path.is_dir():
                continue
            name = str(path.relative_to(home.root))
            if path.suffix == ".parquet":
                files[name] = duckdb.execute(
                    f"SELECT * FROM read_parquet('{path}') ORDER BY ALL"
                ).fetchall()
            else:
                files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    returned = sorted(str(path.relative_to(home.outbox)) for path in home.outbox.rglob("*"))
    return {"ledger": ledger_of(settings), "files": files, "returned": returned}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    settings = new_home(tmp_path_factory.mktemp("undisturbed") / "家 home")
    run(settings)
    found = content(settings)
    assert any("late-1" in name for name in found["files"])
    assert any("/refused/" in name for name in found["files"])
    assert any(name.startswith("finance_office/") for name in found["returned"])
    assert sum("/batch=" in name and name.startswith("quar") for name in found["files"]) == 4
    return found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return new_home(tmp_path_factory.mktemp("prepared") / "家 home")


def copy_of(prepared: Settings, folder: Path) -> Settings:
    shutil.copytree(prepared.paths.root, folder, copy_function=shutil.copy2)
    return load_settings(folder, threads=2)


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_killed_twice_at_a_named_point_and_run_again(tmp_path, prepared, undisturbed, point):
    settings = copy_of(prepared, tmp_path / "家 home")
    assert start(settings, **{CRASH_VARIABLE: point}).wait(60) == -signal.SIGKILL
    start(settings, **{CRASH_VARIABLE: point}).wait(60)
    run(settings)
    assert content(settings) == undisturbed


@pytest.mark.slow
def test_killed_at_random_moments_and_run_again(tmp_path, prepared, undisturbed):
    dice = random.Random(7)
    begun = time.monotonic()
    assert start(copy_of(prepared, tmp_path / "probe")).wait(60) == 0
    span = time.monotonic() - begun
    killed = 0
    for attempt in range(6):
        settings = copy_of(prepared, tmp_path / f"家 {attempt}")
        for _ in range(2):
            process = start(settings)
            time.sleep(dice.uniform(0.3, 0.9) * span)
            process.kill()
            killed += process.wait(60) == -signal.SIGKILL
        run(settings)
        assert content(settings) == undisturbed, attempt
    assert killed >= 4
