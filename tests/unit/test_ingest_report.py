"""What an ingest says of a file in one line."""

from __future__ import annotations

from warehouse.ingest.report import summarise


def test_plain_forms_are_not_told() -> None:
    plain = {"name": {"as it stands": 5}, "area": {"number": 4, "unreadable": 1}}
    readings = {"format": "csv", "encoding": "UTF-8", "title_lines": 0, "forms": plain}
    assert summarise(readings) == ""
    readings["forms"] = {**plain, "sex": {"label": 5}, "born": {"YYYY/M/D": 2, "YYYY-MM-DD": 3}}
    assert summarise(readings) == "csv, UTF-8, YYYY/M/D 2, label 5"
