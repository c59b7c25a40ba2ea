"""Every indicator has its page, and in front of it stands what belongs there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dashboards.components.parts import apart
from dashboards.pages import by_address
from dashboards.text import TEXT
from dashboards.topics import TOPICS, Topic, topic_of_row
from warehouse.access import policy

SEED = Path(__file__).resolve().parents[2] / "dbt_project/seeds/indicator.csv"
INDICATORS = {row["id"]: row for row in csv.DictReader(SEED.open(encoding="utf-8"))}


def test_every_dataset_of_the_statistics_has_its_topic():
    assert {row["row_code"] for row in INDICATORS.values()} == {t.row for t in TOPICS.values()}
    assert len(TOPICS) == 8
    assert topic_of_row("A2-17") is TOPICS["topic-people"] and topic_of_row(None) is None


def test_the_gateway_knows_every_topic():
    assert {topic.allowed_by for topic in TOPICS.values()} == set(policy.TOPICS)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=list(TOPICS))
def test_what_stands_in_front_belongs_to_the_dataset(topic: Topic):
    named = [*topic.lead, *(name for _, names in topic.groups for name in names)]
    assert {INDICATORS[name]["row_code"] for name in named} == {topic.row}
    assert len(set(topic.lead)) == len(topic.lead) == 6


@pytest.mark.parametrize("topic", TOPICS.values(), ids=list(TOPICS))
def test_figures_side_by_side_are_of_one_measure(topic: Topic):
    for key, names in topic.groups:
        assert key in TEXT
        assert len({INDICATORS[name]["unit"] for name in names}) == 1, key


@pytest.mark.parametrize("topic", TOPICS.values(), ids=list(TOPICS))
def test_a_topic_is_a_page_with_a_name(topic: Topic):
    page = by_address(topic.address)
    assert page.text in TEXT and page.group == "page.topics"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["社团人次（文艺）", "社团人次（体育）"], ["文艺", "体育"]),
        (["Clubs: arts", "Clubs: sports"], ["arts", "sports"]),
        (["社团人次（文艺）", "讲座场次（体育）"], ["社团人次（文艺）", "讲座场次（体育）"]),
        (["社团人次", "社团人次（体育）"], ["社团人次", "社团人次（体育）"]),
        (["社团人次（文艺）"], ["社团人次（文艺）"]),
    ],
)
def test_bars_side_by_side_are_called_by_what_tells_them_apart(names, shown):
    assert apart(names) == shown
