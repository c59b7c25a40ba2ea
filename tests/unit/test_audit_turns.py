"""Who writes when: alone at once, together when others wait, and never with another's fault."""

from __future__ import annotations

import threading
import time

import pytest

from warehouse.audit.entry import Draft
from warehouse.audit.turns import Turns


class Disk:
    """Takes a while for a group, and keeps what it was given."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.groups: list[list[int]] = []
        self.seconds = seconds
        self.busy = threading.Lock()

    def __call__(self, items: list[int]) -> list[int]:
        assert self.busy.acquire(blocking=False), "two wrote at once"
        try:
            time.sleep(self.seconds)
            if -1 in items:
                raise OSError("full")
            self.groups.append(items)
            return [item * 10 for item in items]
        finally:
            self.busy.release()


def together(turns: Turns[int, int], items: range) -> dict[int, object]:
    found: dict[int, object] = {}

    def add(item: int) -> None:
        try:
            found[item] = turns.together(item)
        except OSError as error:
            found[item] = error

    threads = [threading.Thread(target=add, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return found


def test_lone_caller_writes_at_once_in_its_own_thread():
    writers: list[int] = []

    def write(items: list[int]) -> list[int]:
        writers.append(threading.get_ident())
        return items

    turns: Turns[int, int] = Turns(write)
    assert [turns.together(item) for item in range(3)] == [0, 1, 2]
    assert writers == [threading.get_ident()] * 3


def test_those_who_wait_are_written_together_and_each_gets_its_own_result():
    disk = Disk(0.05)
    assert together(Turns(disk), range(40)) == {item: item * 10 for item in range(40)}
    assert sorted(item for group in disk.groups for item in group) == list(range(40))
    assert len(disk.groups) < 10


def test_a_group_is_bounded():
    disk = Disk(0.1)
    turns: Turns[int, int] = Turns(disk)
    turns.MOST = 7  # type: ignore[misc]
    together(turns, range(40))
    assert max(map(len, disk.groups)) <= 7


def test_failure_reaches_everyone_of_its_group_and_the_next_go_on():
    disk = Disk(0.05)
    turns: Turns[int, int] = Turns(disk)
    found = together(turns, range(-1, 20))
    assert isinstance(found[-1], OSError)
    assert turns.together(3) == 30
    written = {item for group in disk.groups for item in group}
    assert {item for item, result in found.items() if not isinstance(result, OSError)} <= written


def test_transactions_and_groups_take_turns_and_never_meet():
    disk = Disk(0.001)
    turns: Turns[int, int] = Turns(disk)
    done = {"alone": 0, "together": 0}
    end = time.monotonic() + 1.0

    def alone() -> None:
        while time.monotonic() < end:
            with turns.alone():
                assert disk.busy.acquire(blocking=False)
                time.sleep(0.001)
                disk.busy.release()
            done["alone"] += 1

    def add() -> None:
        while time.monotonic() < end:
            turns.together(1)
            done["together"] += 1

    threads = [threading.Thread(target=work) for work in (alone, add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert min(done.values()) > 20, done


def test_block_that_fails_gives_its_turn_back():
    turns: Turns[int, int] = Turns(Disk())
    with pytest.raises(RuntimeError), turns.alone():
        raise RuntimeError
    assert turns.together(1) == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": "person:" + "1" * 80},
        {"action": "a" * 49},
        {"subject": "person:\0"},
        {"detail": {"file": "\udcff"}},
        {"detail": {"when": object()}},
    ],
    ids=["long actor", "long action", "no text", "half a surrogate", "no JSON"],
)
def test_entry_that_the_table_cannot_hold_is_refused_before_it_joins_a_group(wrong):
    fields = {"actor": "person:1", "action": "x", **wrong}
    with pytest.raises((ValueError, TypeError)):
        Draft.of(**fields)
