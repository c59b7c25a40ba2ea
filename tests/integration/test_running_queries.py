"""Slots, progress, cancelling, and what ends a query that runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from access_college import ALICE, BOB, RELEASE, College, found_college, write_release
from confined_sql import COLUMNS, GRADES

from warehouse.access.query_pool import QueryPool
from warehouse.access.running_queries import RunningQueries, RunningQuery
from warehouse.errors import Conflict, NotFound, QueryBusy, QueryCancelled
from warehouse.governance.appointments import end_appointment
from warehouse.governance.exclusions import disable
from warehouse.governance.grants import revoke_grant

#: A minute of work, which says how far it has come.
LONG = "select sum(hash(a.i, b.i)) from range(100000) a(i), range(40000) b(i)"


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path, sql_seconds=30.0)
    for person_key in (ALICE, BOB):
        college.appoint(person_key, "analyst")
    return college


@pytest.fixture
def grant(college: College) -> str:
    return college.grant(
        columns=COLUMNS, rows={"columns": {"college_code": ["03"]}}, users=[ALICE, BOB]
    )


class Asking:
    """A query in the background, once it runs."""

    def __init__(self, college: College, header: dict, grant: str, sql: str = LONG, **more: str):
        self.college, self.header = college, header
        self._pool = ThreadPoolExecutor(1)
        body = {"grant": grant, "sql": sql, **more}
        self.answer = self._pool.submit(
            lambda: college.client.post("/v1/sql", json=body, headers=header)
        )
        deadline = time.monotonic() + 20
        while not any(q["state"] == "running" for q in self.listed()):
            assert time.monotonic() < deadline and not self.answer.done(), self.answer
            time.sleep(0.05)

    def listed(self) -> list[dict]:
        answer = self.college.client.get("/v1/sql/queries", headers=self.header)
        return answer.json()["queries"]

    def ends(self) -> httpx.Response:
        return self.answer.result(20)


def outcome(college: College) -> dict:
    with college.engine.connect() as connection:
        row = connection.exec_driver_sql(
            "select detail from audit where action = 'sql.run' and phase = 'outcome' "
            "order by seq desc limit 1"
        ).one()
    return json.loads(row.detail)


def query_processes() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children()
        if any("sql_child" in word for word in process.cmdline())
    ]


def test_own_queries_are_listed_with_progress_and_nobody_elses(college: College, grant: str):
    alice, bob = college.sign_in("S001"), college.sign_in("S002")
    asking = Asking(college, alice, grant, "select sum(hash(i)) from range(4000000000) t(i)")
    deadline = time.monotonic() + 15
    while (query := asking.listed()[0])["progress"] is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert query["state"] == "running" and query["grant"] == grant and query["seconds"] > 0
    assert query["progress"] is not None and 0 <= query["progress"] <= 100
    assert college.client.get("/v1/sql/queries", headers=bob).json() == {"queries": []}
    address = f"/v1/sql/queries/{query['id']}"
    assert college.client.delete(address, headers=bob).status_code == 404
    assert not asking.answer.done()
    assert college.client.delete(address, headers=alice).status_code == 200
    asking.ends()


def test_cancelled_query_ends_at_once_and_is_noted(college: College, grant: str):
    alice, chosen = college.sign_in("S001"), "a" * 32
    asking = Asking(college, alice, grant, id=chosen)
    started = time.monotonic()
    address = f"/v1/sql/queries/{chosen}"
    assert college.client.delete(address, headers=alice).status_code == 200
    answer = asking.ends()
    assert time.monotonic() - started < 2
    assert (answer.status_code, answer.json()["error"]) == (409, "query_cancelled")
    noted = outcome(college)
    assert noted["result"] == "cancelled" and noted["seconds"] > 0
    assert query_processes() == []
    assert college.client.delete(address, headers=alice).status_code == 404


@pytest.mark.parametrize(
    "end", ["revoke", "row", "file", "folder", "disable", "role", "sign_out", "expire"]
)
def test_what_ends_the_right_to_a_query_ends_the_query(college: College, grant: str, end: str):
    header = college.sign_in("S001")
    asking = Asking(college, header, grant)
    now, started = college.clock.now, time.monotonic()
    folder = college.settings.paths.grants / grant
    if end == "revoke":
        revoke_grant(college.audit, grant, actor="command:test", reason="x", now=now)
    elif end == "row":
        with college.engine.begin() as connection:
            connection.exec_driver_sql("delete from grant_build")
            connection.exec_driver_sql('delete from "grant"')
    elif end == "file":
        (folder / f"{RELEASE}.duckdb").unlink()
    elif end == "folder":
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    elif end == "disable":
        disable(college.audit, ALICE, actor="command:test", reason="x", now=now)
    elif end == "role":
        end_appointment(college.audit, ALICE, "analyst", actor="command:test", now=now)
    elif end == "sign_out":
        college.client.delete("/v1/session", headers=header)
    else:
        college.clock.advance(days=31)
    answer = asking.ends()
    assert time.monotonic() - started < 5, "on a quiet machine within a second"
    assert answer.status_code in {401, 403, 404} and "rows" not in answer.json()
    assert outcome(college)["result"] == "stopped"
    assert query_processes() == []


def test_session_is_refused_at_its_next_read_after_revocation(college: College, grant: str):
    header = college.sign_in("S001")
    body = {"grant": grant, "sql": "select 1"}
    assert college.client.post("/v1/sql", json=body, headers=header).status_code == 200
    revoke_grant(college.audit, grant, actor="command:test", reason="x", now=college.clock.now)
    assert college.client.post("/v1/sql", json=body, headers=header).status_code == 403
    assert college.client.get("/v1/grants", headers=header).json()["grants"] == []
    assert outcome(college)["result"] == "served", "the refused one never began"


def test_query_over_a_former_release_runs_to_its_end(college: College, grant: str):
    sql = f"select count(*), sum(hash(i)) > 0 from {GRADES}, range(800000) t(i)"
    asking = Asking(college, college.sign_in("S001"), grant, sql)
    write_release(college.settings, "20260903T000000Z-00000003")
    (college.settings.paths.grants / grant / f"{RELEASE}.duckdb").unlink()
    answer = asking.ends()
    assert answer.status_code == 200, answer.text
    assert answer.json()["release"]["id"] == RELEASE


@pytest.mark.parametrize(
    ("sql", "result"),
    [
        ("select 1", "served"),
        ("drop table x", "refused"),
        ("select nothing", "failed"),
        ("select repeat('x', 3000000000)", "stopped"),
    ],
)
def test_log_says_how_a_query_ended(college: College, grant: str, sql: str, result: str):
    body = {"grant": grant, "sql": sql}
    college.client.post("/v1/sql", json=body, headers=college.sign_in("S001"))
    noted = outcome(college)
    assert noted["result"] == result and noted["seconds"] >= 0
    assert (noted.get("rows") == 1) == (result == "served")


@pytest.mark.parametrize("chosen", ["", "x", "A" * 32, "a" * 33, "../" + "a" * 29])
def test_id_that_is_no_id_is_refused(college: College, grant: str, chosen: str):
    body = {"grant": grant, "sql": "select 1", "id": chosen or " "}
    answer = college.client.post("/v1/sql", json=body, headers=college.sign_in("S001"))
    assert answer.status_code == 400


def test_interrupt_on_the_command_line_cancels_and_leaves_nothing(college: College):
    campus = [sys.executable, "-c", "from warehouse.cli import main; main()", "--home"]
    campus.append(str(college.settings.paths.root))
    college.clock.now = datetime.now(UTC)
    grant = college.grant(columns=COLUMNS)
    command = subprocess.Popen(
        [*campus, "sql", "--grant", grant, LONG], stderr=subprocess.PIPE, text=True
    )
    children: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    # A query's process has opened the file, and works, once it has taken some processor time.
    while not any(child.cpu_times().user > 2 for child in children):
        assert time.monotonic() < deadline and command.poll() is None
        children = psutil.Process(command.pid).children()
        time.sleep(0.1)
    started = time.monotonic()
    command.send_signal(signal.SIGINT)
    _out, said = command.communicate(timeout=20)
    assert time.monotonic() - started < 10
    assert command.returncode == 1 and "cancelled" in said
    assert outcome(college)["result"] == "cancelled"
    assert not [child for child in children if child.is_running()]


# Slots ------------------------------------------------------------------------------------------


def admitted(queries: RunningQueries, query: RunningQuery, stack: list) -> None:
    held = queries.admit(query)
    held.__enter__()
    stack.append(held)


def test_nobody_takes_all_slots_and_the_one_with_fewest_goes_first():
    queries, stack = RunningQueries(3, 5, patience=5.0), []
    for _ in range(2):
        admitted(queries, RunningQuery(person_key=1), stack)
    with pytest.raises(QueryBusy, match="2 of your queries"):
        admitted(queries, RunningQuery(person_key=1), stack)
    admitted(queries, RunningQuery(person_key=2), stack)

    order: list[int] = []

    def wait(person_key: int) -> None:
        with queries.admit(RunningQuery(person_key=person_key)):
            order.append(person_key)

    second = threading.Thread(target=wait, args=(2,))
    second.start()
    while len(queries.of(2)) < 2:
        time.sleep(0.01)
    third = threading.Thread(target=wait, args=(3,))
    third.start()
    while not queries.of(3):
        time.sleep(0.01)
    stack[0].__exit__(None, None, None)
    third.join(5)
    second.join(5)
    assert order == [3, 2], "who has none running goes before who has one, though asked later"


def test_full_house_is_said_after_a_while_and_waiting_can_be_cancelled():
    queries, stack = RunningQueries(1, 1, patience=0.1), []
    admitted(queries, RunningQuery(person_key=1), stack)
    with pytest.raises(QueryBusy, match="Too many"):
        admitted(queries, RunningQuery(person_key=2), stack)
    assert queries.of(2) == []
    patient = RunningQueries(1, 1, patience=30.0)
    admitted(patient, RunningQuery(person_key=1), stack)
    waiting = RunningQuery(person_key=2)
    threading.Timer(0.1, patient.cancel, (2, waiting.id)).start()
    with pytest.raises(QueryCancelled):
        admitted(patient, waiting, stack)
    assert patient.of(2) == []
    with pytest.raises(NotFound):
        patient.cancel(2, waiting.id)


def test_id_is_used_once_at_a_time():
    queries, stack = RunningQueries(3, 2), []
    admitted(queries, RunningQuery(id="x", person_key=1), stack)
    with pytest.raises(Conflict):
        admitted(queries, RunningQuery(id="x", person_key=2), stack)
    assert [query.person_key for query in queries.of(1)] == [1], "the first one goes on"


# The pool ---------------------------------------------------------------------------------------


def test_pool_refills_and_each_process_serves_once(college: College):
    pool = QueryPool(college.settings, 2)
    pool.open()
    try:
        seen = set()
        for _ in range(3):
            deadline = time.monotonic() + 20
            while len(pool.waiting) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
            process = pool.take()
            assert process.pid not in seen
            seen.add(process.pid)
            process.end()
        waiting = pool.waiting
    finally:
        pool.close()
    assert not [pid for pid in {*seen, *waiting} if psutil.pid_exists(pid)]
    assert query_processes() == []


def test_process_that_died_while_it_waited_is_not_handed_out(college: College):
    pool = QueryPool(college.settings, 0)
    pool.add()
    pool.add()
    dead, alive = pool.waiting
    os.kill(dead, signal.SIGKILL)
    psutil.Process(dead).wait(5) if psutil.pid_exists(dead) else None
    process = pool.take()
    assert process.pid == alive
    process.end()
    pool.close()


_GATEWAY = """
import sys, threading, time
from warehouse.access.query_pool import QueryPool
from warehouse.settings import load_settings
pool = QueryPool(load_settings(sys.argv[1]), 2)
pool.open()
while len(pool.waiting) < 2:
    time.sleep(0.02)
taken = pool.take()
print(taken.pid, *pool.waiting, flush=True)
time.sleep(60)
"""


def test_nothing_survives_a_gateway_that_is_killed(tmp_path: Path):
    gateway = subprocess.Popen(
        [sys.executable, "-c", _GATEWAY, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert gateway.stdout is not None
    left = [psutil.Process(int(pid)) for pid in gateway.stdout.readline().split()]
    assert len(left) >= 2
    gateway.kill()
    gateway.wait()
    _gone, alive = psutil.wait_procs(left, timeout=10)
    assert alive == []


_CONFINED = """
import ctypes, os, socket, sys, threading
sys.path.insert(0, {path!r})
from warehouse.access.system_calls import allow_reading_and_answering_only
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)
go, tried = threading.Event(), []
tries = [
    lambda: open("/etc/hostname"),
    lambda: os.open("/tmp/campus-escape", os.O_CREAT | os.O_WRONLY),
    lambda: socket.socket(),
    lambda: socket.socketpair(),
    lambda: os.fork(),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.kill(os.getppid(), 0),
    lambda: os.unlink("/tmp/campus-none"),
    lambda: os.mkdir("/tmp/campus-escape"),
    lambda: os.listdir("/"),
    lambda: os.pipe(),
    lambda: os.setpriority(os.PRIO_PROCESS, 0, 19),
]
def work():
    go.wait()
    for one in tries:
        try:
            one()
            tried.append("allowed")
        except PermissionError:
            tried.append("refused")
        except BaseException as error:
            tried.append(type(error).__name__)
thread = threading.Thread(target=work)
thread.start()
allow_reading_and_answering_only()
go.set()
thread.join()
os.write(1, " ".join(tried).encode())
os._exit(0)
"""


def test_confined_process_reaches_nothing_in_any_of_its_threads():
    code = _CONFINED.format(path=str(Path(__file__).parents[2]))
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stdout.split() == ["refused"] * 12, said.stderr


def test_machine_that_cannot_confine_runs_no_query(college: College, monkeypatch, tmp_path):
    from warehouse.access import query_process
    from warehouse.access.confinement_check import check_confinement

    assert check_confinement(college.settings).level == "ok"
    child = tmp_path / "warehouse" / "access" / "sql_child.py"
    child.parent.mkdir(parents=True)
    text = Path(query_process._CHILD).read_text(encoding="utf-8")
    root = str(Path(query_process._CHILD).parents[2])
    child.write_text(
        text.replace("str(Path(__file__).resolve().parents[2])", repr(root)).replace(
            "        allow_reading_and_answering_only()\n",
            "        import platform\n"
            "        platform.machine = lambda: 'abacus'\n"
            "        allow_reading_and_answering_only()\n",
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(query_process, "_CHILD", child)
    finding = check_confinement(college.settings)
    assert finding.level == "problem" and "cannot confine" in finding.message
