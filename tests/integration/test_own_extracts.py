"""What staff say themselves becomes an extract: whole, once, whatever happens beside it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import own_scene as scene
import pytest
from own_scene import CONTACT, DAY, FAMILY, HONOR, PEOPLE, contact, current, deliver, run, say
from sqlalchemy import select

from warehouse.contracts.model import Contracts
from warehouse.errors import StateError
from warehouse.ingest.crash import CRASH_VARIABLE, OWN_CRASH_POINTS
from warehouse.ingest.own_edits import edit_sealer, open_edit
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry, Batch
from warehouse.state.own_edits import OwnEdit, OwnEditRefusal, OwnExtract

FIRST, SECOND = PEOPLE[0], PEOPLE[1]
LATER = DAY + timedelta(days=3)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return scene.found(tmp_path)


def held(settings: Settings, kind: type) -> list:
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        rows = list(opened.scalars(select(kind)))
    engine.dispose()
    return rows


def test_an_edit_lands_as_a_whole_snapshot_that_ends_nobody(home: Settings):
    before = current(home, CONTACT)
    edit = say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001", home_phone="0371-1234")
    report = run(home)
    assert [(file.table, file.result, file.refused_rows) for file in report.files] == [
        ("staff_contact", "accepted", 0)
    ]
    after = current(home, CONTACT)
    assert set(after) == set(PEOPLE)
    assert after[FIRST]["mobile_phone"] == "15400000001"
    assert after[FIRST]["home_phone"] == "0371-1234"
    assert after[FIRST]["email"] == before[FIRST]["email"]
    assert after[FIRST]["updated_at"] == LATER.replace(tzinfo=None)
    for number in PEOPLE[1:]:
        assert {n: after[number][n] for n in CONTACT.column_names} == {
            n: before[number][n] for n in CONTACT.column_names
        }
    (extract,) = held(home, OwnExtract)
    assert extract.edits == [edit.id]
    assert extract.batch_id in {batch.id for batch in held(home, Batch)}
    assert run(home).files == []


def test_two_people_at_once_both_land(home: Settings):
    say(home, CONTACT, FIRST, LATER, office_phone="0371-1111")
    say(home, CONTACT, SECOND, LATER, office_phone="0371-2222")
    say(home, CONTACT, SECOND, LATER + timedelta(seconds=1), email="b@staff.example.edu")
    assert len(run(home).files) == 1
    after = current(home, CONTACT)
    assert after[FIRST]["office_phone"] == "0371-1111"
    assert after[SECOND]["office_phone"] == "0371-2222"
    assert after[SECOND]["email"] == "b@staff.example.edu"


def test_of_a_file_delivered_at_the_same_time_the_newer_row_wins_and_new_rows_stay(home: Settings):
    say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001")
    say(home, CONTACT, SECOND, LATER, mobile_phone="15400000002")
    rows = [contact(number) for number in PEOPLE if number not in (SECOND,)]
    rows.append(contact(SECOND, LATER + timedelta(hours=1), mobile_phone="15499999999"))
    deliver(home, CONTACT, rows[:-2] + rows[-1:] + rows[-2:-1], LATER + timedelta(days=1))
    run(home)
    after = current(home, CONTACT)
    assert set(after) == set(PEOPLE)
    assert after[FIRST]["mobile_phone"] == "15400000001"  # the file repeats what was before
    assert after[SECOND]["mobile_phone"] == "15499999999"


def test_a_delivery_that_was_made_earlier_and_comes_late_keeps_its_new_people(home: Settings):
    say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001")
    run(home)
    newcomer = "100020"
    deliver(home, scene.STAFF, [{"staff_no": n} for n in [*PEOPLE, newcomer]], LATER)
    made = DAY + timedelta(days=1)
    deliver(home, CONTACT, [contact(n) for n in [*PEOPLE, newcomer]], made)
    run(home)
    after = current(home, CONTACT)
    assert set(after) == {*PEOPLE, newcomer}
    assert after[FIRST]["mobile_phone"] == "15400000001"


def test_a_row_that_does_not_say_when_does_not_undo_an_edit(home: Settings):
    say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001")
    rows = [contact(number, updated_at="") for number in PEOPLE]
    deliver(home, CONTACT, rows, LATER + timedelta(days=1))
    run(home)
    assert current(home, CONTACT)[FIRST]["mobile_phone"] == "15400000001"


def test_whom_a_later_delivery_leaves_out_stays_out(home: Settings):
    say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001")
    run(home)
    deliver(home, CONTACT, [contact(n) for n in PEOPLE[1:]], LATER + timedelta(days=1))
    run(home)
    assert set(current(home, CONTACT)) == set(PEOPLE[1:])


def test_the_first_who_say_something_found_the_table(home: Settings):
    say(home, FAMILY, FIRST, LATER, marital_status="未婚", consent_recorded="否")
    run(home)
    row = current(home, FAMILY)[FIRST]
    assert (row["marital_status"], row["consent_recorded"]) == ("10", False)


def test_a_record_is_added_changed_and_taken_out(home: Settings):
    deliver(home, HONOR, [{"record_no": "R1", "staff_no": SECOND, "honor_name": "先进"}], DAY)
    run(home)
    whole = {"honor_name": "优秀教师", "level": None}
    say(home, HONOR, "B1", LATER, number=FIRST, **whole)
    run(home)
    assert current(home, HONOR)["B1"]["honor_name"] == "优秀教师"
    say(home, HONOR, "B1", LATER + timedelta(1), number=FIRST, whole=whole, award_date="2026-9-10")
    run(home)
    assert str(current(home, HONOR)["B1"]["award_date"]) == "2026-09-10"
    assert current(home, HONOR)["B1"]["honor_name"] == "优秀教师"
    say(home, HONOR, "B1", LATER + timedelta(2), number=FIRST, kind="remove", whole=whole)
    run(home)
    assert set(current(home, HONOR)) == {"R1"}
    assert run(home).files == []


def test_an_edit_that_no_longer_passes_comes_back_and_the_others_land(home: Settings):
    wrong = say(home, CONTACT, FIRST, LATER, office_phone="0371-777")
    say(home, CONTACT, FIRST, LATER + timedelta(seconds=1), email="a@staff.example.edu")
    say(home, CONTACT, SECOND, LATER, mobile_phone="15400000002")
    columns = tuple(
        dataclasses.replace(c, pattern=r"^0371-\d{8}$") if c.name == "office_phone" else c
        for c in CONTACT.columns
    )
    stricter = dataclasses.replace(
        scene.FORM,
        tables=(dataclasses.replace(CONTACT, columns=columns), *scene.FORM.tables[1:]),
    )
    real = scene.CONTRACTS
    run(home, Contracts((real.sources[0], stricter), real.code_tables, real.old_codes))
    after = current(home, CONTACT)
    assert after[FIRST]["office_phone"] == "0371-00000000"
    assert after[FIRST]["email"] == "a@staff.example.edu"
    assert after[SECOND]["mobile_phone"] == "15400000002"
    (refusal,) = held(home, OwnEditRefusal)
    assert refusal.edit_id == wrong.id
    assert refusal.reasons == {"columns": {"office_phone": ["pattern"]}, "rules": []}


def test_no_value_is_in_the_log_the_state_or_a_log_file(home: Settings):
    say(home, CONTACT, FIRST, LATER, current_address="某处秘密巷")
    run(home)
    noted = held(home, AuditEntry)
    assert {"own.deliver", "delivery.receive"} <= {entry.action for entry in noted}
    assert not any("秘密巷" in entry.detail for entry in noted)
    assert "秘密巷" not in held(home, OwnEdit)[0].sealed
    assert "秘密巷".encode() not in home.paths.state_file.read_bytes()
    for file in home.paths.logs.iterdir():
        assert "秘密巷" not in file.read_text(encoding="utf-8")


def test_an_edit_that_was_tampered_with_does_not_open(home: Settings):
    say(home, CONTACT, FIRST, LATER, office_phone="0371-1111")
    (row,) = held(home, OwnEdit)
    row.number = SECOND
    with pytest.raises(StateError, match="does not open"):
        open_edit(edit_sealer(home.paths), row)


_PROGRAM = """
import sys
import own_scene
from warehouse.settings import load_settings
own_scene.run(load_settings(sys.argv[1], threads=2))
"""


@pytest.mark.parametrize("point", OWN_CRASH_POINTS)
def test_killed_between_noting_and_landing_it_ends_as_if_undisturbed(
    home: Settings, tmp_path: Path, point: str
):
    say(home, CONTACT, FIRST, LATER, mobile_phone="15400000001")
    undisturbed = scene.load_settings(tmp_path / "other", threads=2)
    shutil.copytree(home.paths.root, undisturbed.paths.root)
    run(undisturbed)
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(home.paths.root)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), CRASH_VARIABLE: point},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    run(home)
    assert [b.id for b in held(home, Batch)] == [b.id for b in held(undisturbed, Batch)]
    assert current(home, CONTACT) == current(undisturbed, CONTACT)
    assert len(held(home, OwnExtract)) == 1
    left = home.paths.inbox / CONTACT.source / CONTACT.name
    assert list(left.iterdir()) == []
    assert run(home).files == []
