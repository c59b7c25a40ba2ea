"""Statements that try to get out of a grant, class by class: each is refused clearly or harmless,
with its process gone, nothing written, nothing disclosed and everybody else undisturbed."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from attack_statements import ATTACKS
from confined_sql import Bench, confined_bench, neighbour

CLASSES = list(dict.fromkeys(attack.kind for attack in ATTACKS))
#: Classes whose statements end by a limit; theirs is short.
USES_TOO_MUCH = ("memory", "time")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with confined_bench(tmp_path_factory.mktemp("attacks"), sql_seconds=5.0) as found:
        yield found


@pytest.fixture(scope="module")
def hurried(tmp_path_factory):
    with confined_bench(tmp_path_factory.mktemp("hurried"), sql_seconds=0.8) as found:
        yield found


def test_the_corpus_is_what_it_should_be():
    assert len(CLASSES) == 16
    statements = [attack.sql for attack in ATTACKS]
    assert len(statements) == len(set(statements)) >= 150


@pytest.mark.slow
@pytest.mark.parametrize("kind", CLASSES)
def test_attack_ends_in_a_refusal_or_is_harmless(kind: str, bench: Bench, hurried: Bench):
    found = hurried if kind in USES_TOO_MUCH else bench
    wrong = []
    with neighbour(bench) as answered:
        for attack in ATTACKS:
            if attack.kind == kind:
                end = found.attack(attack.sql)
                if end not in attack.ends:
                    wrong.append(f"{end}, not {'|'.join(attack.ends)}: {attack.sql[:200]!r}")
        bench.ask_beside()
    assert not wrong, "\n".join(wrong)
    if kind in USES_TOO_MUCH:
        assert answered, "the neighbour was not heard once"
        assert max(answered) < 5, "the neighbour had to wait"


def _with_an_address(sql: str) -> str:
    """A plan in which the first number is an address, as no SQL text can have it."""
    plan = json.loads(duckdb.sql(f"select json_serialize_sql('{sql}')").fetchone()[0])

    def walk(node):
        if isinstance(node, dict):
            if node.get("class") == "CONSTANT":
                node["value"] = {
                    "type": {"id": "POINTER", "type_info": None},
                    "is_null": False,
                    "value": 94_000_000_000_000,
                }
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(plan)
    escaped = json.dumps(plan).replace("'", "''")
    return f"select * from json_execute_serialized_sql('{escaped}')"


@pytest.mark.parametrize(
    "sql", ["select * from pandas_scan(1)", "select * from arrow_scan(1, 2, 3)"]
)
def test_address_in_a_serialized_plan_kills_no_more_than_its_process(bench: Bench, sql: str):
    assert bench.attack(_with_an_address(sql)) == "engine"
    bench.ask_beside()


def test_process_has_no_environment_and_nothing_but_its_socket(bench: Bench, monkeypatch):
    monkeypatch.setenv("CAMPUS_COOKIE_SECRET", "leaked")
    process = bench.pool.take()
    try:
        about = Path(f"/proc/{process.pid}")
        environment = (about / "environ").read_bytes()
        assert b"leaked" not in environment and b"CAMPUS" not in environment
        descriptors = {one.name: str(one.readlink()) for one in (about / "fd").iterdir()}
        assert descriptors.pop("0").startswith("socket:")
        assert {descriptors.pop("1"), descriptors.pop("2")} == {"/dev/null"}
        assert not [name for name in descriptors.values() if "grants" in name or "state" in name]
        assert str((about / "cwd").readlink()).endswith("(deleted)")
    finally:
        process.end()
