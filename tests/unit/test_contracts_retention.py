"""Retention: the words of the contracts and the span that is read out of them."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from warehouse.contracts.retention import PERMANENT, Retention, read_retention

ODCS = Path(__file__).resolve().parents[2] / "warehouse" / "contracts" / "odcs"


def promises():
    for file in sorted(ODCS.glob("*.odcs.yaml")):
        for promise in yaml.safe_load(file.read_text(encoding="utf-8"))["slaProperties"]:
            if promise["property"] == "retention":
                yield pytest.param(promise, id=f"{file.stem}.{promise['element']}")


@pytest.mark.parametrize("promise", list(promises()))
def test_words_and_value_of_a_contract_agree(promise):
    read = read_retention(promise["description"])
    assert read is not None
    if promise["element"] == "admission_record":
        assert read.is_permanent, "who was admitted and came has it in the student record"
    elif promise["value"] == "长期":
        assert read.is_permanent
    else:
        assert (read.amount, read.unit) == (int(promise["value"]), promise["unit"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("毕业或离校后 5 年（本校拟定）", Retention(5, "y", "leaving")),
        ("毕业或离校后 10 年；贷款至结清后 10 年", Retention(10, "y", "leaving")),
        ("统计日后 180 天（网络安全法：不少于六个月）", Retention(180, "d", "row")),
        ("办结后 6 个月", Retention(6, "m", "row")),
        ("5 y", Retention(5, "y", "row")),
        ("随学籍档案长期保存（不少于 50 年）", PERMANENT),
        ("录取后 5 年；报到者随学籍", PERMANENT),
        ("待定", None),
        ("", None),
    ],
)
def test_words_are_read(text, expected):
    assert read_retention(text) == expected


@pytest.mark.parametrize(
    ("retention", "day", "end"),
    [
        (Retention(1, "y"), date(2026, 7, 1), date(2027, 7, 1)),
        (Retention(1, "y"), date(2024, 2, 29), date(2025, 3, 1)),
        (Retention(4, "y"), date(2024, 2, 29), date(2028, 2, 29)),
        (Retention(1, "m"), date(2026, 1, 31), date(2026, 3, 1)),
        (Retention(1, "m"), date(2026, 12, 5), date(2027, 1, 5)),
        (Retention(1, "m"), date(2026, 3, 31), date(2026, 5, 1)),
        (Retention(180, "d"), date(2026, 1, 1), date(2026, 6, 30)),
        (PERMANENT, date(2026, 1, 1), None),
    ],
    ids=str,
)
def test_a_span_ends_on_a_day(retention, day, end):
    assert retention.ends_after(day) == end
