"""Kept answers: one read for many, and never one scope's answer for another's question."""

from __future__ import annotations

import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from warehouse.gateway.kept_answers import KeptAnswers, KeptPart, Question, tagged

ALL = Question("statistics", "r1", "all", ("figures",))
DEAN = Question("statistics", "r1", ("college:03",), ("figures",))


def part(mark: str, size: int = 0) -> KeptPart:
    return KeptPart.of({"values": [mark + "x" * size]}, 1)


def request(*tags: str) -> Request:
    headers = [(b"if-none-match", tag.encode()) for tag in tags]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


@given(st.lists(st.tuples(*[st.sampled_from("ab")] * 4), max_size=40), st.integers(0, 200))
def test_every_difference_of_a_question_has_an_answer_of_its_own(asked, room):
    kept = KeptAnswers(room)
    for audience, release, scope, parameter in asked:
        mark = f"{audience}{release}{scope}{parameter}"
        question = Question(audience, release, scope, (parameter,))
        assert kept.part(question, lambda mark=mark: part(mark)).text == part(mark).text


def test_the_second_reader_of_a_scope_costs_no_read():
    kept, reads = KeptAnswers(), []
    for question in (ALL, DEAN, ALL, DEAN):
        kept.part(question, lambda q=question: reads.append(q) or part(str(q.scope)))
    assert reads == [ALL, DEAN]


def test_many_at_once_wait_for_one_read_and_other_scopes_do_not():
    kept, reads, begin = KeptAnswers(), [], threading.Event()

    def slow() -> KeptPart:
        reads.append(1)
        assert begin.wait(10)
        return part("all")

    found: list[bytes] = []
    readers = [
        threading.Thread(target=lambda: found.append(kept.part(ALL, slow).text)) for _ in range(20)
    ]
    for reader in readers:
        reader.start()
    while not reads:
        time.sleep(0.001)
    assert kept.part(DEAN, lambda: part("dean")).text == part("dean").text
    begin.set()
    for reader in readers:
        reader.join()
    assert (len(reads), set(found), len(found)) == (1, {part("all").text}, 20)


def test_a_failed_read_is_kept_by_nobody():
    kept = KeptAnswers()

    def fail() -> KeptPart:
        raise KeyError("no such indicator")

    for _ in range(2):
        with pytest.raises(KeyError):
            kept.part(ALL, fail)
    assert kept.part(ALL, lambda: part("all")).text == part("all").text


def test_a_new_release_lets_go_of_the_old_one_of_its_audience():
    kept, reads = KeptAnswers(), []
    public = Question("public", "r1", "all", ())
    later = Question("statistics", "r2", "all", ("figures",))
    for question in (ALL, public, later, public, ALL):
        kept.part(question, lambda q=question: reads.append(q) or part(q.release))
    assert reads == [ALL, public, later, ALL]


def test_what_was_asked_for_longest_ago_leaves_first():
    room = 2 * len(part("a", 100).text)
    kept, reads = KeptAnswers(room), []
    for name in "abacba":
        question = Question("statistics", "r1", "all", (name,))
        kept.part(question, lambda n=name: reads.append(n) or part(n, 100))
    assert reads == ["a", "b", "c", "b", "a"]


def test_an_answer_larger_than_the_room_is_given_and_not_kept():
    kept, reads = KeptAnswers(room=10), []
    for _ in range(2):
        given = kept.part(ALL, lambda: reads.append(1) or part("all", 100))
        assert given == part("all", 100)
    assert len(reads) == 2


def test_the_answer_is_one_object_of_what_is_kept_and_what_is_not():
    answer = tagged(request(), part("值"), {"sign_offs": {"A2-17": {"2025": "signed"}}})
    assert json.loads(answer.body) == {
        "values": ["值"],
        "sign_offs": {"A2-17": {"2025": "signed"}},
    }
    assert json.loads(tagged(request(), part("值"), {}).body) == {"values": ["值"]}
    assert answer.headers["cache-control"] == "private, no-cache"


def test_who_names_the_tag_of_the_same_answer_gets_no_body():
    rest = {"release": {"id": "r1"}}
    tag = tagged(request(), part("a"), rest).headers["etag"]
    for named in ((tag,), (f"W/{tag}",), ('"other"', tag), (f'"other", {tag}',)):
        same = tagged(request(*named), part("a"), rest)
        assert (same.status_code, same.body, same.headers["etag"]) == (304, b"", tag)
    assert tagged(request(tag), part("b"), rest).status_code == 200
    assert tagged(request(tag), part("a"), {"release": {"id": "r2"}}).status_code == 200
    assert tagged(request("*"), part("a"), rest).status_code == 200


def test_there_is_no_empty_part():
    with pytest.raises(ValueError, match="members"):
        KeptPart.of({}, 0)
