"""What a refusal of the gateway says on a Chinese page, and on an English one."""

import pytest

from dashboards.components import refusals
from dashboards.data import Refused

STALE = Refused(409, "conflict", "It has been decided.", "Open it again.")
TYPO = Refused(400, "query_failed", "There is no column “grde”.", "Did you mean grade?")
NEW = Refused(418, "teapot", "Short and stout.", None)


@pytest.fixture
def tongue(monkeypatch):
    def speak(language):
        monkeypatch.setattr(refusals, "language", lambda: language)
        monkeypatch.setattr("dashboards.text.language", lambda: language)

    return speak


def test_a_chinese_page_says_a_known_refusal_in_chinese_alone(tongue):
    tongue("zh")
    assert "刷新" in refusals.said(STALE)
    assert "Open it again" not in refusals.said(STALE)


def test_what_is_wrong_with_a_statement_stands_below_the_sentence(tongue):
    tongue("zh")
    first, second = refusals.said(TYPO).split("\n")
    assert first.startswith("语句没有运行成功")
    assert second == "There is no column “grde”. Did you mean grade?"


def test_an_unknown_refusal_keeps_the_gateways_words(tongue):
    tongue("zh")
    assert refusals.said(NEW).startswith("没有办成")
    assert "Short and stout." in refusals.said(NEW)


def test_an_english_page_says_what_the_gateway_said(tongue):
    tongue("en")
    assert refusals.said(STALE) == "It has been decided. Open it again."
