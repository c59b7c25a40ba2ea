"""The signature of the office system's messages, against a vector and against tampering."""

from __future__ import annotations

import io
import re
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warehouse.access.office_signature import (
    HEADERS,
    OfficeMessage,
    office_keys,
    read_message,
    sign_message,
    verify_message,
)
from warehouse.errors import NotSignedIn, SettingsError
from warehouse.settings import load_settings

KEY = b"0123456789abcdef0123456789abcdef"
NOW = datetime.fromtimestamp(1796000000, UTC)
#: As in docs/governance.md, computed there with openssl.
VECTOR = OfficeMessage(
    "POST",
    "/oa/v1/undertakings",
    "1796000000",
    "n-0000000000000001",
    "0b8b714b459b09b9d29dfa0469f99e14440ef9e396fe4596410168611008ca37",
    b'{"signer":"T001","text_sha256":"00"}',
)


DOCUMENTATION = Path(__file__).parents[2] / "docs" / "governance.md"


def headers(message: OfficeMessage) -> dict[str, list[str]]:
    return dict(
        zip(HEADERS, ([message.timestamp], [message.nonce], [message.signature]), strict=True)
    )


def test_the_vector_of_the_documentation_holds():
    verify_message(VECTOR, [KEY], NOW)
    described = DOCUMENTATION.read_text(encoding="utf-8")
    for part in (KEY, VECTOR.timestamp, VECTOR.nonce, VECTOR.body, VECTOR.signature):
        assert f"`{part.decode() if isinstance(part, bytes) else part}`" in described


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/oa/v1/applications"},
        {"path": "/oa/v1/undertakings/"},
        {"timestamp": "1796000001"},
        {"nonce": "n-0000000000000002"},
        {"body": VECTOR.body + b" "},
        {"body": b""},
        {"signature": "0" * 64},
    ],
)
def test_nothing_of_a_message_can_be_exchanged(change):
    with pytest.raises(NotSignedIn, match="does not fit"):
        verify_message(replace(VECTOR, **change), [KEY], NOW)


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_a_message_is_good_for_five_minutes_either_way(seconds):
    verify_message(VECTOR, [KEY], NOW + timedelta(seconds=300 if seconds > 0 else -300))
    with pytest.raises(NotSignedIn, match="within five minutes"):
        verify_message(VECTOR, [KEY], NOW + timedelta(seconds=seconds))


def test_while_keys_change_either_of_two_is_good_and_afterwards_one():
    other = b"f" * 32
    new = replace(
        VECTOR,
        signature=sign_message(
            other, VECTOR.method, VECTOR.path, VECTOR.timestamp, VECTOR.nonce, VECTOR.body
        ),
    )
    for message in (VECTOR, new):
        verify_message(message, [KEY, other], NOW)
    with pytest.raises(NotSignedIn):
        verify_message(VECTOR, [other], NOW)
    with pytest.raises(NotSignedIn):
        verify_message(VECTOR, [], NOW)


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("values", [[], ["", ""], [""], ["x y"], ["é" * 64], ["1\n"], ["1" * 65]])
def test_each_header_is_there_once_and_well_formed(name, values):
    with pytest.raises(NotSignedIn, match=name):
        read_message("GET", "/", {**headers(VECTOR), name: values}, b"")
    twice = [*headers(VECTOR)[name], *headers(VECTOR)[name]]
    with pytest.raises(NotSignedIn, match=name):
        read_message("GET", "/", {**headers(VECTOR), name: twice}, b"")


@pytest.mark.parametrize("key", ["", "short", "a" * 31, " ".join(["a" * 32] * 3), f"{'a' * 32} b"])
def test_a_weak_key_or_too_many_are_refused_at_the_start(tmp_path, key):
    with pytest.raises(SettingsError, match="at least 32 bytes"):
        office_keys(load_settings(tmp_path, oa_key=key))


def test_keys_come_from_the_file_of_secrets_one_a_line(tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "oa_key").write_text(f"{'a' * 32}\n{'b' * 40}\n")
    assert office_keys(load_settings(tmp_path)) == [b"a" * 32, b"b" * 40]
    assert office_keys(load_settings(tmp_path / "other")) == []


def test_the_example_of_the_documentation_signs_what_is_taken(monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    sent: list[urllib.request.Request] = []

    def opened(request: urllib.request.Request) -> io.StringIO:
        sent.append(request)
        return io.StringIO("{}")

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    names = {"key": KEY.decode()}
    exec(example, names)
    names["send"]("https://data.test", KEY.decode(), "POST", "/oa/v1/undertakings", {"a": "工"})
    assert [one.get_method() for one in sent] == ["GET", "POST"]
    for request in sent:
        given = {name.lower(): [value] for name, value in request.header_items()}
        body = request.data or b""
        message = read_message(request.get_method(), request.selector, given, body)
        verify_message(message, [KEY], datetime.now(UTC))
