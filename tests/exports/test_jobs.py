"""A job's life: written by a process of its own, followed, cancelled, killed, fetched, deleted and swept."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Scope, Viewer
from exports import jobs, writing
from exports.formats import Written
from exports.owner import owner_of, viewer_of
from exports.tables import sheet_of
from state import exports as ledger_module
from state.exports import (
    CANCELLED,
    DONE,
    EXPIRED,
    FAILED,
    JOB,
    OPEN,
    REMOVED,
    RUNNING,
    WAITING,
    Export,
    Ledger,
)
from state.store import Store
from tests.places import LINE

PATIENCE = 120.0
ANN = Viewer("Ann", "analyst", frozenset({"export", "view_campaigns", "view_data"}))
OTHERS = (
    Viewer("Bea", "analyst", ANN.permissions),
    Viewer("Ann", "manager", ANN.permissions),
    Viewer("Ann", "analyst", ANN.permissions, Scope(lines=frozenset({LINE}))),
)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store.database)


def asked(
    cubes: Cubes, store: Store, table: str = "channels", format: str = "csv", why: str = ""
) -> jobs.Asked:
    page = "exports" if table == "facts" else "overview"
    return jobs.asked_of(page, table, {"period": "all_time"}, format, why, ANN, cubes, store)


def ended(id: str, place: Settings, store: Store, viewer: Viewer = ANN) -> Export:
    """The job as soon as it has come to an end."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = jobs.own(id, viewer, place, store)
        assert found is not None
        if found.status not in OPEN:
            return found
        time.sleep(0.05)
    raise AssertionError(f"still {found.status}")


def processes(id: str) -> list[int]:
    """The processes that write a job."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\x00")
        except OSError:
            continue
        if id.encode() in words and b"exports" in words:
            found.append(int(path.parent.name))
    return found


def wait_until_running(id: str, ledger: Ledger) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job = ledger.one(id)
        assert job is not None
        if job.status == RUNNING and (found := processes(id)):
            return found[0]
        time.sleep(0.01)
    raise AssertionError("never began")


def fake(ledger: Ledger, place: Settings, cubes: Cubes, store: Store, viewer: Viewer = ANN) -> Export:
    """A finished job without a process."""
    id = os.urandom(16).hex()
    ledger.add(id, JOB, asked(cubes, store), owner_of(viewer))
    own = jobs.place(place, id)
    own.mkdir(parents=True)
    (own / jobs.FILE).write_bytes(b"a\r\n")
    (own / jobs.SIDECAR).write_bytes(b"{}")
    until = ledger_module.now_us() + jobs.DAY_US
    assert ledger.move(id, OPEN, DONE, rows=1, bytes=3, sha256="x", expires_us=until)
    made = ledger.one(id)
    assert made is not None
    return made


def test_a_job_writes_the_very_file_that_a_download_gives(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    job = jobs.start(asked(cubes, store, why="For the quarter"), ANN, place, store)
    assert (job.status, job.by, job.reason) == (WAITING, "Ann", "For the quarter")
    done = ended(job.id, place, store)
    assert (done.status, done.said) == (DONE, "")
    found = jobs.file_of(job.id, ANN, place, store)
    assert found is not None
    content = (found[1] / jobs.FILE).read_bytes()
    sheet = sheet_of("overview", "channels", {"period": "all_time"}, ANN, cubes, store)
    assert content == b"".join(jobs_pieces(sheet))
    assert done.sha256 == hashlib.sha256(content).hexdigest()
    assert (done.bytes, done.rows, done.total) == (len(content), content.count(b"\n") - 1, done.rows)
    assert done.expires_us is not None
    assert 6.9 < (done.expires_us - done.made_us) / jobs.DAY_US < 7.1
    told = json.loads((found[1] / jobs.SIDECAR).read_text())
    assert (told["file"]["sha256"], told["why"], told["by"]["name"]) == (
        done.sha256,
        "For the quarter",
        "Ann",
    )


def jobs_pieces(sheet: object) -> Iterator[bytes]:
    from exports.formats import pieces

    return pieces(sheet, "csv", Written())  # type: ignore[arg-type]


def test_files_are_for_their_user_alone_and_their_names_tell_nothing(
    place: Settings, store: Store, cubes: Cubes
) -> None:
    query = {"period": "all_time", "attr.region": "North"}
    what = jobs.asked_of("overview", "campaigns", query, "csv", "", ANN, cubes, store)
    done = ended(jobs.start(what, ANN, place, store).id, place, store)
    assert done.status == DONE
    assert "North" in done.words
    for path in [jobs.folder(place), *jobs.folder(place).rglob("*")]:
        assert "North" not in path.name
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert "North" not in done.file_name


def test_a_killed_process_is_seen_by_every_worker_and_nothing_of_it_stays(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    job = jobs.start(asked(cubes, store, "facts", "xlsx"), ANN, place, store)
    os.kill(wait_until_running(job.id, ledger), signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while jobs.is_alive(place, job.id) and time.monotonic() < until:
        time.sleep(0.02)
    another = Store(place.state)
    found = next(one for one in jobs.history(ANN, place, another) if one.id == job.id)
    another.close()
    assert (found.status, found.said) == (FAILED, jobs.DIED)
    assert not jobs.place(place, job.id).exists()
    assert jobs.file_of(job.id, ANN, place, store) is None


def test_a_job_that_is_cancelled_ends_and_leaves_nothing(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    job = jobs.start(asked(cubes, store, "facts", "xlsx"), ANN, place, store)
    wait_until_running(job.id, ledger)
    assert jobs.cancel(job.id, ANN, place, store)
    until = time.monotonic() + PATIENCE
    while jobs.is_alive(place, job.id) and time.monotonic() < until:
        time.sleep(0.02)
    found = ledger.one(job.id)
    assert found is not None
    assert found.status == CANCELLED
    assert not jobs.place(place, job.id).exists()
    assert not jobs.cancel(job.id, ANN, place, store), "it has ended"


def test_a_cancel_is_heeded_between_batches(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, so that the batches can be counted: it ends at the first after the cancel."""
    monkeypatch.setattr(writing, "TELL_SECONDS", -1.0)
    id = os.urandom(16).hex()
    ledger.add(id, JOB, asked(cubes, store, "facts"), owner_of(ANN))
    jobs.place(place, id).mkdir(parents=True)
    seen: list[int] = []
    tell = writing._tell

    def told(of: Ledger, job: str, **numbers: int) -> None:
        seen.append(numbers.get("rows", -1))
        if len(seen) == 2:
            of.move(job, OPEN, CANCELLED)
        tell(of, job, **numbers)

    monkeypatch.setattr(writing, "_tell", told)
    mask = os.umask(0o022)
    assert writing.write(id, place) == 0
    os.umask(mask)
    assert len(seen) == 2
    found = ledger.one(id)
    assert found is not None
    assert found.status == CANCELLED
    assert not jobs.place(place, id).exists()


def test_what_cannot_be_written_fails_in_words(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports import formats

    monkeypatch.setattr(formats, "ROWS_OF_A_SHEET", 3)
    id = os.urandom(16).hex()
    ledger.add(id, JOB, asked(cubes, store, format="xlsx"), owner_of(ANN))
    jobs.place(place, id).mkdir(parents=True)
    mask = os.umask(0o022)
    assert writing.write(id, place) == 1
    os.umask(mask)
    found = ledger.one(id)
    assert found is not None
    assert found.status == FAILED
    assert "Take CSV or Parquet" in found.said


def test_a_job_is_its_owners_alone(place: Settings, store: Store, cubes: Cubes, ledger: Ledger) -> None:
    job = fake(ledger, place, cubes, store)
    for other in OTHERS:
        assert jobs.own(job.id, other, place, store) is None
        assert jobs.file_of(job.id, other, place, store) is None
        assert not jobs.cancel(job.id, other, place, store)
        assert not jobs.remove(job.id, other, place, store)
        assert jobs.history(other, place, store) == []
    assert jobs.file_of(job.id, ANN, place, store) is not None


def test_a_deleted_file_is_gone_and_stays_in_the_history(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    job = fake(ledger, place, cubes, store)
    assert jobs.remove(job.id, ANN, place, store)
    assert not jobs.place(place, job.id).exists()
    assert [one.status for one in jobs.history(ANN, place, store)] == [REMOVED]
    assert not jobs.remove(job.id, ANN, place, store)


def test_a_file_expires_whether_anybody_looks_or_not(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    looked, swept = fake(ledger, place, cubes, store), fake(ledger, place, cubes, store)
    for job in (looked, swept):
        ledger.move(job.id, (DONE,), DONE, expires_us=ledger_module.now_us() - 1)
    assert jobs.file_of(looked.id, ANN, place, store) is None
    assert not jobs.place(place, looked.id).exists()
    jobs.sweep(place, store)
    assert not jobs.place(place, swept.id).exists()
    assert {one.status for one in jobs.history(ANN, place, store)} == {EXPIRED}


def test_a_sweep_takes_what_belongs_to_no_job_and_nothing_else(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger
) -> None:
    kept = fake(ledger, place, cubes, store)
    stray = jobs.place(place, "f" * 32)
    stray.mkdir()
    (stray / jobs.FILE).write_bytes(b"x")
    foreign = jobs.folder(place) / "notes"
    foreign.mkdir()
    lock = jobs._lock(place, "e" * 32)  # a job that is about to be written down
    jobs.sweep(place, store)
    assert not stray.exists()
    assert foreign.is_dir()
    assert jobs.place(place, "e" * 32).is_dir()
    assert (jobs.place(place, kept.id) / jobs.FILE).is_file()
    os.close(lock)
    jobs.sweep(place, store)
    assert not jobs.place(place, "e" * 32).exists()


def test_nobody_keeps_or_runs_too_many(
    place: Settings, store: Store, cubes: Cubes, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = asked(cubes, store)
    locks = []
    for number in range(jobs.AT_ONCE):
        id = f"{number:032x}"
        locks.append(jobs._lock(place, id))
        ledger.add(id, JOB, what, owner_of(ANN))
    with pytest.raises(jobs.JobRefused, match="are being written"):
        jobs.start(what, ANN, place, store)
    assert len(ledger.of(owner_of(ANN))) == jobs.AT_ONCE
    for lock in locks:
        os.close(lock)
    monkeypatch.setattr(jobs, "KEPT", 1)
    fake(ledger, place, cubes, store)
    with pytest.raises(jobs.JobRefused, match="Delete one"):
        jobs.start(what, ANN, place, store)


def test_a_process_that_cannot_start_fails_the_job(
    place: Settings, store: Store, cubes: Cubes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(jobs, "_spawn", refuse)
    job = jobs.start(asked(cubes, store), ANN, place, store)
    assert ended(job.id, place, store).status == FAILED


def test_a_viewer_and_an_owner_say_the_same() -> None:
    for viewer in (ANN, *OTHERS):
        assert viewer_of(owner_of(viewer)) == viewer
    assert len({owner_of(viewer) for viewer in (ANN, *OTHERS)}) == 1 + len(OTHERS)
