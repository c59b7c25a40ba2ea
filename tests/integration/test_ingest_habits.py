"""A file's habits change how fast it is read, never what is read."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from ingest_contracts import (
    PAYMENT,
    STAFF,
    UNIT,
    UNITS,
    landed,
    payment_row,
    put,
    quarantined,
    run,
    staff_row,
)

from warehouse.ingest import screening
from warehouse.settings import load_settings

ROWS = 400

WAYS: dict[str, Callable[[int], dict[str, str]]] = {
    "slashes": lambda place: {"paid_at": f"2026/3/{place % 28 + 1} 8:30", "month": "2026/3"},
    "padded": lambda place: {"payment_no": f"P{place:06d}   ", "channel": "现金  "},
    "full width": lambda place: {"payment_no": f"Ｐ{place:06d}", "month": "２０２６-０３"},
    "serials": lambda place: {"paid_at": f"{46000 + place % 300}.5", "month": "202603"},
    "digits": lambda place: {"paid_at": f"202603{place % 28 + 1:02}083000"},
    "chinese": lambda place: {"paid_at": f"2026年3月{place % 28 + 1}日 8:30", "is_final": "是"},
    "separators": lambda place: {"amount": f"{place + 1},000.50", "is_final": "yN"[place % 2]},
    "offsets": lambda place: {"paid_at": "2026-03-01T08:30:00+08:00", "month": "2026-03-01"},
}


@pytest.fixture(autouse=True)
def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files as small as these are otherwise not looked at."""
    monkeypatch.setattr("warehouse.ingest.reading._SMALL", 0)


def taken_in(folder, rows, *, with_habits: bool, monkeypatch: pytest.MonkeyPatch):
    settings = load_settings(folder, threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    run(settings)
    put(settings, PAYMENT, "payments.csv", rows)
    with monkeypatch.context() as patched:
        if not with_habits:
            patched.setattr(screening, "find_habits", lambda *_: {})
        (result,) = run(settings).files
    query = f"SELECT {', '.join(PAYMENT.column_names)} FROM fees.payment ORDER BY batch_row"
    return result, landed(settings, query), quarantined(settings)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_lands_and_the_same_is_refused_as_on_the_patient_path(
    way, tmp_path, monkeypatch
) -> None:
    generator = random.Random(way)
    faults = (
        {"paid_at": "2026/13/41 8:30"},
        {"amount": "1,00.5"},
        {"amount": "0"},
        {"month": "2026-13"},
        {"is_final": "maybe"},
        {"channel": "邮寄"},
        {"payment_no": "   "},
        {"staff_no": "999999"},
    )
    rows = []
    for place in range(ROWS):
        row = payment_row(place) | WAYS[way](place)
        if generator.random() < 0.05:
            row |= generator.choice(faults)
        rows.append(row)
    quick = taken_in(tmp_path / "quick", rows, with_habits=True, monkeypatch=monkeypatch)
    patient = taken_in(tmp_path / "patient", rows, with_habits=False, monkeypatch=monkeypatch)
    assert quick[0].result == patient[0].result == "accepted"
    assert quick[0].reasons == patient[0].reasons
    assert quick[0].refused_rows == patient[0].refused_rows > 0
    assert quick[1] == patient[1]
    assert quick[2] == patient[2]


def test_every_value_in_a_habitual_form_is_counted(tmp_path, monkeypatch) -> None:
    rows = [payment_row(place) | WAYS["slashes"](place) for place in range(ROWS)]
    rows[5]["paid_at"] = "2026年3月6日 8:30"
    rows[6]["paid_at"] = "46000.5"
    settings = load_settings(tmp_path, threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    run(settings)
    put(settings, PAYMENT, "payments.csv", rows)
    looked_at = {}
    screen = screening.screen

    def kept(*arguments, **named):
        looked_at["found"] = screen(*arguments, **named)
        return looked_at["found"]

    monkeypatch.setattr("warehouse.ingest.files.screen", kept)
    run(settings)
    readings = looked_at["found"].readings
    assert readings["forms"]["paid_at"] == {
        "Beijing time": ROWS - 1,
        "Excel serial, Beijing time": 1,
    }
    assert readings["forms"]["month"] == {"YYYY-MM": ROWS}
    assert readings["rows_in_plain_form"] == ROWS - 2, "two rows took the patient path"


def test_an_empty_value_does_not_make_a_row_doubtful(tmp_path) -> None:
    """Rows without a time of payment are as plain as the others; only bad ones are read twice."""
    rows = [payment_row(place, paid_at="", month="") for place in range(ROWS)]
    rows[3]["amount"] = "none"
    settings = load_settings(tmp_path, threads=2)
    settings.paths.create()
    put(settings, UNIT, "units.csv", UNITS)
    put(settings, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    run(settings)
    put(settings, PAYMENT, "payments.csv", rows)
    (result,) = run(settings).files
    assert result.readings["rows_in_plain_form"] == ROWS - 1
