"""The whole way of an edit on a whole college: saved, taken in, built, published, shown."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.access.own_edit import Wish, save_edit
from warehouse.access.own_items import OwnItems, read_own_items
from warehouse.audit import Audit, head_file
from warehouse.release import current, refresh
from warehouse.release.reader import ReleaseReader
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state


class Office:
    """One home as the gateway sees it."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.engine = settings, open_state(settings)
        self.reader = ReleaseReader(settings)
        self.audit = Audit(self.engine, head_file(settings.paths))
        self.now = datetime.now(UTC)

    def close(self) -> None:
        self.reader.close()
        self.engine.dispose()

    def staff(self) -> list[int]:
        """Two people with a contact row and an honour of their own."""
        with self.reader.open("personal") as (cursor, _release):
            rows = cursor.execute(
                "select distinct person_key from staff_contact join staff_honor using (person_key) "
                "join person_number using (person_key) where valid_to is null and kind = 'staff' "
                "order by 1 limit 2"
            ).fetchall()
        return [row[0] for row in rows]

    def items(self, person_key: int) -> OwnItems:
        with self.reader.open("personal") as (cursor, release):
            batches = frozenset(batch["id"] for batch in release.manifest["batches"])
            return read_own_items(
                cursor, batches, self.engine, self.settings.paths, person_key, self.now.date()
            )

    def rows(self, person_key: int, table: str) -> list[dict]:
        document = self.items(person_key).document()
        return next(t for t in document["tables"] if t["table"] == table)["rows"]

    def save(self, person_key: int, table: str, record: str, seen: dict, **changed) -> None:
        told = save_edit(
            self.audit,
            self.settings.paths,
            self.items(person_key),
            Wish(table, record, "set", {**seen, **changed}, seen),
            person_key=person_key,
            simulated=True,
            now=self.now,
        )
        assert told["accepted"], told


@pytest.fixture
def office(college: Settings, tmp_path: Path):
    settings = load_settings(tmp_path / "学院 copy")
    shutil.copytree(college.paths.root, settings.paths.root)
    made = Office(settings)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.whole_college
def test_an_edit_goes_the_whole_way_and_is_pending_until_it_is_published(office: Office):
    one, other = office.staff()
    (contact,) = office.rows(one, "staff_contact")
    untouched = office.rows(other, "staff_contact")
    office.save(one, "staff_contact", "", contact["values"], mobile_phone="15400000123")
    (honor, *_) = office.rows(other, "staff_honor")
    office.save(other, "staff_honor", honor["record"], honor["values"], awarding_body="例示单位")
    office.save(other, "staff_honor", "", dict.fromkeys(honor["values"]), honor_name="优秀教师")
    assert office.rows(one, "staff_contact")[0]["state"] == "pending"

    report = refresh(office.settings)
    assert report.result == "published"
    assert {file.table: file.result for file in report.ingest.files} == {
        "staff_contact": "accepted",
        "staff_honor": "accepted",
    }
    (now,) = office.rows(one, "staff_contact")
    assert (now["state"], now["shown"]) == ("published", {})
    assert now["values"] == contact["values"] | {"mobile_phone": "15400000123"}
    assert office.rows(other, "staff_contact") == untouched
    honors = {row["values"]["honor_name"]: row for row in office.rows(other, "staff_honor")}
    assert honors["优秀教师"]["state"] == "published"
    assert honors[honor["values"]["honor_name"]]["values"]["awarding_body"] == "例示单位"
    assert [line["state"] for line in office.items(other).document()["history"]] == [
        "published",
        "published",
    ]
    assert current(office.settings).manifest["simulated"] is True  # made in a demo
    assert refresh(office.settings).result == "unchanged"
