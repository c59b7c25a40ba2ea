"""Makes a mess of a clean delivery: forms, faults of rows and of files, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

import polars as pl

from warehouse.contracts.model import Contracts, Table
from warehouse.engine import Connection, open_work
from warehouse.home import Home
from warehouse.simulate.mess import file_faults
from warehouse.simulate.mess.consignment import (
    Alteration,
    Consignment,
    delivered_rows,
    read_clean,
)
from warehouse.simulate.mess.crossing import Crossing
from warehouse.simulate.mess.dressing import dress
from warehouse.simulate.mess.foretelling import Foreteller
from warehouse.simulate.mess.judging import judge, reader_s_values
from warehouse.simulate.mess.mending import write_mended
from warehouse.simulate.mess.record import write_record
from warehouse.simulate.mess.row_faults import FAULTS, Workbench, another_s_parent, contradictions
from warehouse.simulate.mess.writing import recode, write_bytes, written
from warehouse.simulate.plan import Plan

__all__ = ["make_mess"]

#: Files above this are not looked into: they come in another encoding or packed, no more.
_LOOKED_INTO = 24_000_000
#: How much of what a contract bears is used up by faults of rows.
_SHARE_OF_THRESHOLD = 0.4
_MOST_FAULTS = 14
_TRIES = 40

#: Faults that few tables can have: some of these get them before chance decides.
_RARE: dict[str, Callable[[Table], bool]] = {
    "another_s_parent": lambda table: bool(table.parent_rules),
    "wrong_check_digit": lambda table: any(column.check_digit for column in table.columns),
}

Staged = Sequence[tuple[Path, Path]]


def make_mess(
    home: Home, plan: Plan, contracts: Contracts, staged: Staged, folder: Path
) -> list[tuple[Path, Path]]:
    """Turn the clean files (where they are, where they go) into those of the mess.

    Returns the same pairs for the mess; what its units deliver afterwards and `mess.json` go to
    the data home's `mess/`. `folder` takes the new files until they are delivered.
    Deterministic in the plan's seed.
    """
    files = _consign(staged, contracts)
    rng = plan.rng("mess")
    file_faults.choose_whole_faults(files, contracts, rng)
    dress(files, contracts, rng)
    bench = Workbench(rng, contracts, _parent_keys(files, contracts))
    delivery: list[tuple[Path, Path]] = []
    with open_work() as connection:
        connection.execute("SET preserve_insertion_order = true")
        crossing = Crossing(connection, contracts, files)
        _fault_rows(connection, crossing, bench, files)
        for file in files:
            file_faults.break_off(file)
            _judge(connection, crossing, contracts, file)
            file.pieces = _pieces(file)
            delivery += _write(file, contracts, folder)
        foreteller = Foreteller(connection, contracts)
        expected = [foreteller.take(file, piece) for file, piece in foreteller.in_order(files)]
        foreteller.land_waiting()
    mended = write_mended(home, files, expected)
    write_record(home, plan, files, expected, mended)
    return delivery


def _consign(staged: Staged, contracts: Contracts) -> list[Consignment]:
    tables = {(table.source, table.name): table for table in contracts}
    files = []
    for clean, target in sorted(staged, key=lambda pair: str(pair[1])):
        table = tables[target.parent.parent.name, target.parent.name]
        with clean.open("rb") as lines:
            rows = sum(chunk.count(b"\n") for chunk in iter(lambda: lines.read(1 << 22), b"")) - 1
        files.append(Consignment(clean, target, table, rows, clean.stat().st_size))
    return files


def _parent_keys(
    files: list[Consignment], contracts: Contracts
) -> dict[tuple[str, str], frozenset[str]]:
    """Every value of a column that a reference may name, over all files."""
    wanted: dict[str, set[str]] = {}
    for table in contracts:
        for reference in table.references:
            if parent := contracts.parent_table(table, reference.to):
                wanted.setdefault(parent.id, set()).update(reference.match)
    keys: dict[tuple[str, str], set[str]] = {
        (table, name): set() for table, names in wanted.items() for name in names
    }
    for file in files:
        if names := sorted(wanted.get(file.table.id, ())):
            frame = read_clean(file.clean, names)
            for name in names:
                keys[file.table.id, name].update(frame[name].drop_nulls().unique().to_list())
    return {place: frozenset(found) for place, found in keys.items()}


def _bearable(file: Consignment) -> int:
    """How many rows may be bad without the whole file being refused."""
    share = file.table.refuse_above
    if file.is_snapshot:
        share = min(share, file.table.end_above)
    return min(_MOST_FAULTS, int(file.rows * share * _SHARE_OF_THRESHOLD))


def _fault_rows(
    connection: Connection, crossing: Crossing, bench: Workbench, files: list[Consignment]
) -> None:
    """Give files faults of several kinds; each kind its first files before any chance."""
    open_files = [
        file
        for file in files
        if (file.whole is None or file.whole == "delivered_twice")
        and file.size <= _LOOKED_INTO
        and _bearable(file) >= 1
    ]
    kinds = [*FAULTS, "contradiction", "another_s_parent", "twice", "several"]
    chosen: dict[int, list[str]] = {place: [] for place in range(len(open_files))}
    for kind, place in zip(
        cycle(kinds), bench.rng.permutation(len(open_files)).tolist(), strict=False
    ):
        chosen[place].append(kind)
    for kind, possible in _RARE.items():
        places = [place for place, file in enumerate(open_files) if possible(file.table)]
        for place in bench.rng.permutation(places).tolist()[:3]:
            chosen[place].insert(0, kind)
    for place, file in enumerate(open_files):
        more = bench.rng.choice(len(kinds), size=min(4, _bearable(file)), replace=False)
        _fault_file(
            connection, crossing, bench, file, [*chosen[place], *(kinds[number] for number in more)]
        )
    _persist(bench, files)


def _fault_file(
    connection: Connection,
    crossing: Crossing,
    bench: Workbench,
    file: Consignment,
    kinds: list[str],
) -> None:
    frame = read_clean(file.clean)
    budget = _bearable(file)
    free = bench.rng.permutation(file.rows)[: max(_TRIES, 4 * budget)].tolist()
    rows = {row: frame.row(row, named=True) for row in free}
    left = budget
    for kind in dict.fromkeys(kinds):
        for _ in range(max(1, budget // max(1, len(kinds)))):
            if left < (2 if kind == "twice" else 1) or not free:
                return
            made = _fault_one(connection, crossing, bench, file, kind, free, rows)
            left -= 2 * made if kind == "twice" else made


def _fault_one(
    connection: Connection,
    crossing: Crossing,
    bench: Workbench,
    file: Consignment,
    kind: str,
    free: list[int],
    rows: dict[int, dict[str, str | None]],
) -> int:
    """Give one of the free rows a fault of this kind; return how many it got: 0 or 1."""
    if kind == "twice":
        row = free.pop()
        alteration = file.alter(row)
        alteration.copied = True
        alteration.faults.append("twice")
        return 1
    if kind == "contradiction":
        return _contradict(connection, bench, file, free, rows)
    if kind == "another_s_parent":
        return _confuse(crossing, bench, file, free, rows)
    names = [kind]
    if kind == "several":
        names = [list(FAULTS)[number] for number in bench.rng.permutation(len(FAULTS))[:4]]
    for row in free[:_TRIES]:
        made: dict[str, tuple[str | None, str | None]] = {}
        faults = []
        for name in names:
            changes = FAULTS[name][1](bench, file.table, rows[row])
            if changes and not made.keys() & changes.keys():
                made |= changes
                faults.append(name)
        if len(faults) < (2 if kind == "several" else 1):
            continue
        alteration = file.alter(row)
        alteration.changes = made
        alteration.faults += faults
        free.remove(row)
        return 1
    return 0


def _contradict(
    connection: Connection,
    bench: Workbench,
    file: Consignment,
    free: list[int],
    rows: dict[int, dict[str, str | None]],
) -> int:
    if not any(rule.kind == "cross_column" for rule in file.table.rules):
        return 0
    tried = free[:_TRIES]
    proposals = contradictions(bench, file.table, [rows[row] for row in tried])
    changed = [
        Alteration(row, ["contradiction"], changes)
        for row, changes in zip(tried, proposals, strict=True)
    ]
    verdicts = judge(connection, bench.contracts, file.table, [rows[row] for row in tried], changed)
    for alteration, reasons in zip(changed, verdicts, strict=True):
        if reasons == {"cross_column"}:
            file.alterations[alteration.row] = alteration
            free.remove(alteration.row)
            return 1
    return 0


def _confuse(
    crossing: Crossing,
    bench: Workbench,
    file: Consignment,
    free: list[int],
    rows: dict[int, dict[str, str | None]],
) -> int:
    """Let a row name a parent that is there but not its own."""
    tried = free[:_TRIES]
    changed = [
        Alteration(row, ["another_s_parent"], changes)
        for row in tried
        if (changes := another_s_parent(bench, file.table, rows[row], list(rows.values())))
    ]
    values = [reader_s_values(rows[one.row], one) for one in changed]
    for alteration, crossed in zip(
        changed, crossing.disagreements(file.table, values), strict=True
    ):
        if crossed:
            file.alterations[alteration.row] = alteration
            free.remove(alteration.row)
            return 1
    return 0


def _persist(bench: Workbench, files: list[Consignment]) -> None:
    """A wrong identity number that nobody sees stands in every snapshot: that person never
    lands, and whatever refers to the person waits."""
    for table in {file.table.id: file.table for file in files}.values():
        column = next((one.name for one in table.columns if one.check_digit), None)
        if column is None or table.kind != "snapshot" or len(table.key) != 1:
            continue
        shown = [file for file in files if file.table is table and file.size <= _LOOKED_INTO]
        last = read_clean(shown[-1].clean, [table.key[0], column])
        holders = last.filter(
            pl.col(column).str.contains(r"^\d{17}[\dX]$")
            & ~pl.col(table.key[0]).is_in(_named_in_snapshots(bench.contracts, files, table))
        )
        if holders.is_empty():
            continue
        key, number = holders.row(int(bench.rng.integers(len(holders))))
        wrong = number[:-1] + next(digit for digit in "0123456789X" if digit != number[-1])
        for file in shown:
            if file.whole not in (None, "lost_half", "delivered_twice"):
                continue
            found = read_clean(file.clean, [table.key[0]])[table.key[0]].index_of(key)
            if found is not None:
                alteration = file.alter(found)
                alteration.copied = False
                alteration.faults = ["wrong_check_digit"]
                alteration.changes = {column: (wrong, wrong)}


def _named_in_snapshots(contracts: Contracts, files: list[Consignment], table: Table) -> list[str]:
    """Keys that rows of other snapshots name, such as counsellors: too much hangs on them."""
    named: set[str] = set()
    for file in files:
        columns = [
            reference.columns[0]
            for reference in file.table.references
            if (parent := contracts.parent_table(file.table, reference.to))
            and parent.id == table.id
        ]
        if file.is_snapshot and columns:
            frame = read_clean(file.clean, columns)
            for column in columns:
                named.update(frame[column].drop_nulls().unique().to_list())
    return sorted(named)


def _judge(
    connection: Connection, crossing: Crossing, contracts: Contracts, file: Consignment
) -> None:
    """Set what the values of the altered rows give."""
    if not file.alterations:
        return
    frame = read_clean(file.clean)
    changed = list(file.alterations.values())
    rows = [frame.row(alteration.row, named=True) for alteration in changed]
    values = [reader_s_values(row, one) for row, one in zip(rows, changed, strict=True)]
    verdicts = judge(connection, contracts, file.table, rows, changed)
    disagreements = crossing.disagreements(file.table, values)
    for alteration, reasons, crossed in zip(changed, verdicts, disagreements, strict=True):
        alteration.reasons = frozenset(reasons)
        alteration.crossed = frozenset(crossed)
        if (
            not reasons
            and not crossed
            and not alteration.copied
            and "nobody_s_child" not in alteration.faults
        ):
            del file.alterations[alteration.row]


def _pieces(file: Consignment) -> list[file_faults.Piece]:
    pieces = file_faults.pieces_of(file)
    for piece in pieces:
        piece.order = piece.order + [row for row in piece.order if _is_copied(file, row)]
    return pieces


def _is_copied(file: Consignment, row: int) -> bool:
    alteration = file.alterations.get(row)
    return alteration is not None and alteration.copied


def _write(file: Consignment, contracts: Contracts, folder: Path) -> list[tuple[Path, Path]]:
    delivery = []
    for piece in file.pieces:
        paths = [piece.path, *piece.others]
        runs = file_faults.split(piece.order, len(paths))
        for path, run in zip(paths, runs, strict=True):
            place = folder / path.parent.name / path.name
            if file.size > _LOOKED_INTO:
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                recode(file.clean, place, file.table, file.form)
            else:
                write_bytes(place, _content(file, run, contracts))
            delivery.append((place, path))
    return delivery


def _content(file: Consignment, rows: list[int], contracts: Contracts) -> bytes:
    frame = delivered_rows(read_clean(file.clean), file, rows, as_written=True)
    frame, renamed = file_faults.reshaped(frame, file)
    content = written(frame, file.table, contracts, file.form, renamed)
    return file_faults.damaged(content, file)
