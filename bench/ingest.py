"""Ingest against DuckDB's bare typed read of the same files.

    python bench/ingest.py                            20,000 students, 4 years: the targets' size
    python bench/ingest.py --students 2000 --years 2  quick; with --messy the largest files
                                                      as GB18030, written untidily
    python bench/ingest.py --rows 20000000            one file of card transactions, no more

Baseline: `CREATE TABLE … AS FROM read_csv(typed columns)` into a database file, file after file,
same threads and memory limit; nothing is checked there. For the untidy files the baseline reads the
tidy UTF-8 ones, since DuckDB alone reads neither the encoding nor the forms; the accepted rows of
both must be equal. Each run is a process of its own. Times vary on a shared machine: compare
ratios, of wall time and of processor time. What was simulated is kept in the work folder.

Targets: 1.6 for the whole delivery, 4 for untidy files, peak memory at most 1 GB whatever the size,
two seconds for a second ingest with nothing new.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote_text
from warehouse.home import Home
from warehouse.settings import load_settings

#: Untidy files are made of the tables above this size; small ones would only blur the ratio.
UNTIDY_ABOVE = 20_000_000
AS_OF = "2026-11-20"


def simulated(work: Path, students: int, staff: int, years: int) -> Path:
    """The inbox of a college of that size; made once."""
    home = work / f"college-{students}-{staff}-{years}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        arguments = ["simulate", "--students", str(students), "--staff", str(staff)]
        arguments += ["--years", str(years), "--as-of", AS_OF]
        subprocess.run([*_campus(home), *arguments], check=True, stdout=subprocess.DEVNULL)
        (home / "made").touch()
    return home / "inbox"


def one_large_file(work: Path, rows: int) -> Path:
    """An inbox with card transactions only, whose parents lie in a second inbox beside it."""
    inbox = work / f"rows-{rows}" / "inbox"
    if not inbox.exists():
        from large_file import make_inbox

        make_inbox(inbox.with_name("inbox.new"), rows)
        inbox.with_name("inbox.new").rename(inbox)
    return inbox


def untidy(inbox: Path) -> tuple[Path, Path]:
    """Inboxes of the largest files: as they are, and written as an older system would."""
    tidy, messy = inbox.with_name("inbox-largest"), inbox.with_name("inbox-untidy")
    if not messy.exists():
        shutil.rmtree(tidy, ignore_errors=True)
        making = messy.with_name("inbox-untidy.new")
        shutil.rmtree(making, ignore_errors=True)
        for path in sorted(inbox.rglob("*.csv")):
            place = path.relative_to(inbox)
            if path.stat().st_size < UNTIDY_ABOVE:
                continue
            (tidy / place).parent.mkdir(parents=True, exist_ok=True)
            os.link(path, tidy / place)
            (making / place).parent.mkdir(parents=True, exist_ok=True)
            _write_untidily(path, making / place)
        making.rename(messy)
    return tidy, messy


def _write_untidily(path: Path, target: Path) -> None:
    """GB18030, Chinese headings, every date and time with slashes, blanks behind a tenth of the
    first column's values, full-width digits in a hundredth."""
    table = load_contracts().table(path.parent.parent.name, path.parent.name)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    titles = {column.name: column.title for column in table.columns}
    with (
        path.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="gb18030", newline="") as out,
    ):
        rows = csv.reader(source)
        writer = csv.writer(out, lineterminator="\r\n")
        names = next(rows)
        dated = [
            number
            for number, name in enumerate(names)
            if name in table.column_names and table.column(name).type in ("date", "timestamp")
        ]
        writer.writerow([titles.get(name, name) for name in names])
        for number, row in enumerate(rows):
            for place in dated:
                row[place] = row[place].replace("-", "/")
            if number % 10 == 0:
                row[0] += "  "
            if number % 100 == 0:
                row[0] = row[0].translate(wide)
            writer.writerow(row)


def run_bare(inbox: Path, folder: Path) -> dict[str, Any]:
    """Every CSV file into a table of its own, typed as its contract says."""
    settings = load_settings(folder)
    contracts = load_contracts()
    path = folder / "bare.duckdb"
    path.unlink(missing_ok=True)
    rows = 0
    with open_work(
        path,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=folder / "spill",
    ) as connection:
        for number, file in enumerate(sorted(inbox.rglob("*.csv"))):
            table = contracts.table(file.parent.parent.name, file.parent.name)
            with file.open(encoding="utf-8", newline="") as opened:
                names = next(csv.reader(opened))
            types = {column.name: column.sql_type for column in table.columns}
            types |= {"extracted_at": "TIMESTAMP", "source_updated_at": "TIMESTAMP"}
            columns = ", ".join(
                f"{quote_text(name)}: {quote_text(types.get(name, 'VARCHAR'))}" for name in names
            )
            (count,) = connection.execute(
                f"CREATE TABLE t{number} AS FROM read_csv({quote_text(file)}, "
                f"columns = {{{columns}}}, auto_detect = false, header = true, delim = ',', "
                "quote = '\"', escape = '\"')"
            ).fetchone()
            rows += count
    path.unlink()
    return {"rows": rows}


def run_ingest(home: Path) -> dict[str, Any]:
    from warehouse.ingest import ingest

    report = ingest(load_settings(home))
    refused = sum(file.refused_rows for file in report.files)
    waiting = [file for file in report.files if file.result != "accepted"]
    assert not waiting, waiting[:3]
    landed = sum(file.accepted_rows for file in report.files)
    return {"rows": landed + report.landed_late, "refused": refused}


def measure(what: str, folder: Path, inbox: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, "--work", str(folder), "--inbox", str(inbox)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def fresh_home(folder: Path, inbox: Path, *, parents: Path | None = None) -> Path:
    """A data home with hard links of the inbox; `parents` are landed before the clock starts."""
    home = Home(folder / "home")
    shutil.rmtree(home.root, ignore_errors=True)
    home.create()
    for source in filter(None, (parents, inbox)):
        shutil.rmtree(home.inbox)
        shutil.copytree(source, home.inbox, copy_function=os.link)
        if source is parents:
            subprocess.run([*_campus(home.root), "ingest"], check=True, stdout=subprocess.DEVNULL)
    return home.root


def second_ingest(home: Path) -> float:
    began = time.monotonic()
    subprocess.run([*_campus(home), "ingest"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _campus(home: Path) -> list[str]:
    return [sys.executable, "-m", "warehouse", "--home", str(home)]


def compare(folder: Path, bare: Path, inbox: Path, target: float, parents: Path | None) -> None:
    size = sum(path.stat().st_size for path in inbox.rglob("*.csv"))
    found = {"bare read": measure("bare", folder, bare)}
    home = fresh_home(folder, inbox, parents=parents)
    found["ingest"] = measure("ingest", folder, inbox)
    rows = {name: result["rows"] for name, result in found.items()}
    print(f"{rows['ingest']:,} rows, {size / 1e9:.2f} GB, refused {found['ingest']['refused']}")
    if rows["bare read"] != rows["ingest"]:
        raise SystemExit(f"the accepted rows differ: {rows}")
    for name, result in found.items():
        print(
            f"{name:10} {result['wall']:7.1f} s {result['cpu']:7.1f} s cpu {result['peak']:6.0f} MB"
        )
    for kind in ("wall", "cpu"):
        ratio = found["ingest"][kind] / found["bare read"][kind]
        print(f"ingest / bare read: {ratio:.2f} {kind} (target {target})")
    print(f"second ingest, nothing new: {second_ingest(home):.2f} s (target 2)")
    shutil.rmtree(home)


def one(what: str, folder: Path, inbox: Path) -> None:
    began = time.monotonic()
    result = run_bare(inbox, folder) if what == "bare" else run_ingest(folder / "home")
    result["wall"] = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    result["peak"] = max(used.ru_maxrss, children.ru_maxrss) / 1024
    result["cpu"] = used.ru_utime + used.ru_stime + children.ru_utime + children.ru_stime
    print(json.dumps(result))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--staff", type=int)
    parser.add_argument("--years", type=int, default=4)
    parser.add_argument("--rows", type=int, help="one large file instead of a college")
    parser.add_argument("--messy", action="store_true", help="the largest files, untidy")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-ingest")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--inbox", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.work, options.inbox)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    if options.rows:
        inbox = one_large_file(options.work, options.rows)
        compare(options.work, inbox, inbox, 1.6, inbox.with_name("parents"))
        return
    staff = options.staff or max(30, options.students * 6 // 100)
    inbox = simulated(options.work, options.students, staff, options.years)
    if options.messy:
        tidy, messy = untidy(inbox)
        # What the large files refer to is landed first, and not timed.
        compare(options.work, tidy, messy, 4, _without(inbox, tidy))
    else:
        compare(options.work, inbox, inbox, 1.6, None)


def _without(inbox: Path, left_out: Path) -> Path:
    """An inbox of the files that are not in the other."""
    rest = inbox.with_name("inbox-rest")
    shutil.rmtree(rest, ignore_errors=True)
    shutil.copytree(inbox, rest, copy_function=os.link)
    for path in left_out.rglob("*.csv"):
        (rest / path.relative_to(left_out)).unlink()
    return rest


if __name__ == "__main__":
    main()
