"""Two relations row by row, column by column: what one has and the other has not."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.engine import Connection, quote

__all__ = ["Difference", "compare"]


@dataclass(frozen=True)
class Difference:
    """`rows` of the first relation; `types` are columns whose name or type is not the other's;
    `missing` rows are in the first one only, `surplus` ones in the second only, each as often as
    it is."""

    rows: int
    types: tuple[str, ...]
    missing: int
    surplus: int

    @property
    def found(self) -> bool:
        return bool(self.types or self.missing or self.surplus)


def compare(connection: Connection, expected: str, built: str) -> Difference:
    """Compare two relations, given as SQL that may stand behind `from`.

    Columns are matched by name; null equals null, doubles must agree to the last bit. Where the
    columns are not the same ones, no row is compared.
    """
    types = [
        {
            name: kind
            for name, kind, *_ in connection.execute(f"describe from {relation}").fetchall()
        }
        for relation in (expected, built)
    ]
    differing = sorted(set(types[0].items()) ^ set(types[1].items()))
    if set(types[0]) != set(types[1]):
        return Difference(_count(connection, expected), _told(differing), 0, 0)
    columns = ", ".join(quote(name) for name in types[0])
    one, other = (f"select {columns} from {relation}" for relation in (expected, built))
    return Difference(
        rows=_count(connection, expected),
        types=_told(differing),
        missing=_count(connection, f"({one} except all {other})"),
        surplus=_count(connection, f"({other} except all {one})"),
    )


def _told(differing: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{name} {kind}" for name, kind in differing)


def _count(connection: Connection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return int(row[0])
