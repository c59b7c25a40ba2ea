"""The chain alone: which damage it finds, and which entry it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from warehouse.audit.chain import FIRST, Head, Link, canonical, link_hash, verify_links


def chain(length: int) -> list[Link]:
    links, previous = [], FIRST
    for seq in range(1, length + 1):
        fields = {
            "seq": seq,
            "at": f"2026-09-10T00:00:{seq:02}.000Z",
            "actor": f"person:{seq % 3}",
            "action": "personal.read",
            "phase": "event",
            "intent_seq": None,
            "subject": f"person:{seq % 3}",
            "detail": canonical({"page": "my_overview", "n": seq}),
            "previous_hash": previous,
        }
        previous = link_hash(**fields)
        links.append(Link(**fields, hash=previous))
    return links


def heads(links: list[Link]) -> list[Head]:
    return [Head(link.seq, link.hash) for link in links]


def test_untouched_chain_is_whole():
    links = chain(20)
    report = verify_links(links, heads(links))
    assert report.whole and (report.entries, report.heads) == (20, 20)
    assert report.last_hash == links[-1].hash


def test_empty_log_is_whole():
    assert verify_links([], []).whole


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "person:9"},
        {"action": "session.open"},
        {"subject": None},
        {"detail": "{}"},
        {"at": "2026-09-10T00:00:00.000Z"},
        {"phase": "intent"},
        {"intent_seq": 3},
        {"hash": "0" * 64},
    ],
    ids=str,
)
def test_changed_entry_is_named(change):
    links = chain(10)
    links[4] = replace(links[4], **change)
    assert verify_links(links, []).broken_seq == 5


@pytest.mark.parametrize("place", [0, 4, 8])
def test_removed_entry_is_named(place: int):
    links = chain(10)
    del links[place]
    assert verify_links(links, []).broken_seq == place + 1


def test_swapped_entries_are_named():
    links = chain(10)
    links[3], links[6] = replace(links[6], seq=4), replace(links[3], seq=7)
    assert verify_links(links, []).broken_seq == 4


def test_removed_tail_is_found_by_the_heads_alone():
    links = chain(10)
    assert verify_links(links[:7], []).whole, "the chain itself cannot know"
    assert verify_links(links[:7], heads(links)).broken_seq == 8


def test_emptied_log_is_found_by_the_heads():
    assert verify_links([], heads(chain(3))).broken_seq == 1


def test_rewritten_chain_is_found_by_the_heads():
    links, rewritten = chain(10), []
    previous = links[4].hash
    for link in links[5:]:
        changed = replace(link, actor="person:7", previous_hash=previous)
        fields = {name: getattr(changed, name) for name in changed.__dataclass_fields__}
        fields.pop("hash")
        previous = link_hash(**fields)
        rewritten.append(replace(changed, hash=previous))
    forged = links[:5] + rewritten
    assert verify_links(forged, []).whole, "a chain computed anew fits itself"
    assert verify_links(forged, heads(links)).broken_seq == 6


def test_tail_removed_and_written_anew_is_found():
    links = chain(10)
    other = chain(7)
    noted = [*heads(links), Head(8, "f" * 64)]
    assert verify_links(links, noted).broken_seq == 8
    assert verify_links(other, heads(links)).broken_seq == 8


def test_heads_may_be_missing_and_a_little_out_of_order():
    links = chain(600)
    noted = heads(links)
    noted[10], noted[60] = noted[60], noted[10]
    del noted[200:220]
    report = verify_links(links, noted)
    assert report.whole and report.heads == 580


def test_canonical_json_has_one_spelling():
    assert canonical({"b": 1, "a": "学"}) == '{"a":"学","b":1}'
