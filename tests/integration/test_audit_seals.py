"""The daily seal: what a log computed anew, heads included, cannot get past."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from release_fakes import FakeWarehouse, deliver
from sqlalchemy import Engine, select, text
from state_servers import without_triggers
from typer.testing import CliRunner

from warehouse.audit import Audit, head_file
from warehouse.audit.chain import canonical, link_hash
from warehouse.audit.reading import verify
from warehouse.audit.seals import read_seals, seal_log, seals_of
from warehouse.cli.main import build_app
from warehouse.errors import SealError, SettingsError
from warehouse.release import refresh
from warehouse.release.diagnosis import diagnose
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry

DAY = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "另一台 machine"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path, place: Path, state_url: str | None) -> Settings:
    made = load_settings(tmp_path / "学院 home", state_url=state_url, audit_seal_dir=place)
    made.paths.create()
    return made


@pytest.fixture
def engine(settings: Settings):
    opened = open_state(settings)
    yield opened
    opened.dispose()


@pytest.fixture
def audit(engine: Engine, settings: Settings) -> Audit:
    return Audit(engine, head_file(settings.paths))


def live(audit: Audit, settings: Settings, place: Path, days: int, each: int = 5) -> None:
    """So many days, each with entries and its seal at the end."""
    for day in range(days):
        for number in range(each):
            audit.event(f"person:{number}", "personal.read", detail={"day": day})
        now = DAY + timedelta(days=day)
        _, is_new = seal_log(audit, settings.paths, place, "job:test", clock=lambda now=now: now)
        assert is_new


def forge(engine: Engine, settings: Settings, since: int, actor: str = "person:9") -> None:
    """Rewrite the log from an entry on: chain and head file are computed anew and fit."""
    with session(engine, read_only=True) as opened:
        rows = opened.execute(select(AuditEntry.__table__).order_by(AuditEntry.seq)).mappings()
        links = [dict(row) for row in rows]
    statements, heads = [], []
    previous = links[since - 2]["hash"] if since > 1 else "0" * 64
    for link in links:
        if link["seq"] >= since:
            if link["seq"] == since:
                link["actor"] = actor
            del link["hash"]
            link["previous_hash"] = previous
            previous = link_hash(**link)
            statements.append(
                f"update audit set actor = '{link['actor']}', hash = '{previous}', "
                f"previous_hash = '{link['previous_hash']}' where seq = {link['seq']}"
            )
            link["hash"] = previous
        heads.append(canonical({"seq": link["seq"], "hash": link["hash"]}))
    without_triggers(engine, *statements)
    head_file(settings.paths).write_text("\n".join(heads) + "\n")


def campus(settings: Settings, *arguments: str, code: int = 0) -> str:
    folder = settings.audit_seal_dir
    environment = {
        "CAMPUS_AUDIT_SEAL_DIR": str(folder) if folder else None,
        "CAMPUS_STATE_URL": settings.state_url,
    }
    words = ["--home", str(settings.paths.root), *arguments]
    ended = CliRunner().invoke(build_app(), words, env=environment)
    found = getattr(ended.exception, "exit_code", ended.exit_code)
    assert found == code, (ended.output, ended.exception)
    return ended.stdout


def test_seals_agree_with_an_untouched_log(audit, engine, settings, place):
    live(audit, settings, place, 3)
    seals = seals_of(engine, settings.paths, place)
    assert [seal.date for seal in seals] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert [seal.entries for seal in seals] == [5, 11, 17]  # each sealing is an entry too
    report = verify(engine, head_file(settings.paths), seals)
    assert report.whole and (report.seals, report.sealed_until) == (3, "2026-11-22")


@pytest.mark.parametrize(
    ("since", "day", "after"),
    [
        (1, "2026-11-20", "from the beginning on"),
        (5, "2026-11-20", "from the beginning on"),
        (6, "2026-11-21", "after the seal of 2026-11-20"),
        (17, "2026-11-22", "after the seal of 2026-11-21"),
    ],
)
def test_log_rewritten_with_its_head_file_is_found_and_the_day_is_said(
    audit, engine, settings, place, since, day, after
):
    live(audit, settings, place, 3)
    forge(engine, settings, since)
    assert verify(engine, head_file(settings.paths)).whole, "chain and heads alone cannot know"
    said = json.loads(campus(settings, "audit", "verify", "--json", code=1))
    assert said["whole"] is False and day in said["problem"] and after in said["problem"]


def test_what_came_after_the_last_seal_is_not_covered_yet(audit, engine, settings, place):
    live(audit, settings, place, 2)
    forge(engine, settings, 12)
    report = verify(engine, head_file(settings.paths), read_seals(place))
    assert report.whole and report.sealed_until == "2026-11-21"


def test_removed_tail_is_found_by_the_seal_alone(audit, engine, settings, place):
    live(audit, settings, place, 2)
    without_triggers(engine, "delete from audit where seq > 7")
    head_file(settings.paths).unlink()
    report = verify(engine, head_file(settings.paths), read_seals(place))
    assert report.broken_seq == 8 and "2026-11-21" in report.problem


def test_rewritten_log_is_not_sealed_again(audit, engine, settings, place):
    live(audit, settings, place, 2)
    forge(engine, settings, 3)
    later = DAY + timedelta(days=2)
    with pytest.raises(SealError, match="differs from the seal of 2026-11-21"):
        seal_log(audit, settings.paths, place, "job:test", clock=lambda: later)
    assert len(read_seals(place)) == 2


def test_a_day_has_one_seal_and_it_is_never_overwritten(audit, engine, settings, place):
    live(audit, settings, place, 1)
    (path,) = place.iterdir()
    before = path.read_bytes(), path.stat().st_mtime_ns
    audit.event("person:1", "personal.read")
    again, is_new = seal_log(audit, settings.paths, place, "job:test", clock=lambda: DAY)
    assert not is_new and again.entries == 5
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0
    with session(engine, read_only=True) as opened:
        told = opened.query(AuditEntry).where(AuditEntry.action == "audit.seal").all()
    assert len(told) == 1


@pytest.mark.parametrize("damage", ["changed", "removed", "emptied", "renamed"])
def test_seal_that_was_touched_is_named_by_its_day(audit, engine, settings, place, damage):
    live(audit, settings, place, 3)
    path = place / "audit-seal-2026-11-21.json"
    path.chmod(0o600)
    if damage == "changed":
        path.write_text(path.read_text().replace('"entries":11', '"entries":12'))
    elif damage == "emptied":
        path.write_text("")
    elif damage == "removed":
        path.unlink()
    else:
        path.rename(place / "audit-seal-2026-11-19.json")
    with pytest.raises(SealError, match=r"seal of 2026-11-(19|21|22)"):
        read_seals(place)
    said = json.loads(campus(settings, "audit", "verify", "--json", code=1))
    assert said["whole"] is True and "2026-11-" in said["seal_problem"]


def test_place_that_lost_its_seals_is_not_taken_for_a_new_one(audit, engine, settings, place):
    """A mount that is missing leaves an empty folder of the same name."""
    live(audit, settings, place, 2)
    for path in place.iterdir():
        path.unlink()
    with pytest.raises(SealError, match="seal of 2026-11-21 is not in"):
        seal_log(audit, settings.paths, place, "job:test")
    assert list(place.iterdir()) == []
    campus(settings, "audit", "verify", code=1)


def test_second_place_begins_its_own_line(audit, engine, settings, place, tmp_path):
    live(audit, settings, place, 2)
    other = tmp_path / "usb"
    other.mkdir()
    made = json.loads(campus(settings, "audit", "seal", "--to", str(other), "--json"))
    assert made["new"] is True and made["previous"] == "0" * 64
    assert json.loads(campus(settings, "audit", "seal", "--to", str(other), "--json"))["new"] is (
        False
    )
    said = json.loads(campus(settings, "audit", "verify", "--seals", str(other), "--json"))
    assert said["compared_with_seals"] == 1


def test_place_must_lie_outside_the_data_home_and_be_there(settings, tmp_path):
    with pytest.raises(SettingsError, match=r"audit_seal_dir.*outside"):
        load_settings(settings.paths.root, audit_seal_dir=settings.paths.logs)
    with pytest.raises(SettingsError, match=r"audit_seal_dir.*absolute"):
        load_settings(settings.paths.root, audit_seal_dir="seals")
    link = tmp_path / "link"
    link.symlink_to(settings.paths.logs)
    for wrong in (settings.paths.logs, link, tmp_path / "nowhere"):
        campus(settings, "audit", "seal", "--to", str(wrong), code=1)
    campus(settings.model_copy(update={"audit_seal_dir": None}), "audit", "seal", code=2)


def findings(settings: Settings) -> tuple[str, str]:
    (found,) = [one for one in diagnose(settings) if one.subject == "audit seals"]
    return found.level, found.message


def test_doctor_asks_for_a_place_and_for_a_seal_of_these_days(audit, engine, settings, place):
    bare = load_settings(settings.paths.root, state_url=settings.state_url)
    assert findings(bare)[0] == "warn" and "no place" in findings(bare)[1]
    assert findings(settings) == ("warn", "there is none yet")
    live(audit, settings, place, 1)
    assert findings(settings)[0] == "warn" and "2026-11-20" in findings(settings)[1]
    seal_log(audit, settings.paths, place, "job:test")
    assert findings(settings)[0] == "ok"
    for path in place.iterdir():
        path.unlink()
    assert findings(settings)[0] == "problem"


def test_daily_job_seals_once_a_day_and_says_when_it_cannot(settings, engine, place):
    fake = FakeWarehouse()
    with fake.installed():
        deliver(settings, 5)
        first = refresh(settings)
        again = refresh(settings)
        for path in place.iterdir():
            path.unlink()
        lost = refresh(settings)
    assert first.seal is not None and first.seal == again.seal and first.seal_problem is None
    assert (first.result, again.result, lost.result) == ("published", "unchanged", "unchanged")
    assert lost.seal is None and "is not in" in lost.seal_problem
    assert lost.to_json()["seal_problem"] == lost.seal_problem
    with engine.connect() as connection:
        told = connection.execute(text("select actor from audit where action = 'audit.seal'"))
        assert [row.actor for row in told] == ["job:refresh"]
