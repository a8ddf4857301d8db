"""The journal keeps what it acknowledged, whatever happens to the process or the disk."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from collect import journal as journals
from collect.journal import Journal, JournalFailed, backlog, finished, records
from config.settings import ROOT

WRITER = """
import sys
from pathlib import Path
from collect.journal import Journal
journal = Journal(Path(sys.argv[1]), largest=2_000)
number = 0
while True:
    journal.append(f"{number:06d}".encode() * 20)
    print(number, flush=True)
    number += 1
"""


def kept(folder: Path) -> list[bytes]:
    return [payload for segment in finished(folder) for payload in records(segment)]


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path, largest=100)
    sent = [f"record {number}".encode() * 3 for number in range(50)]
    for payload in sent:
        journal.append(payload)
    assert len(finished(tmp_path)) > 5, "full segments are handed on while others are written"
    journal.release()
    assert kept(tmp_path) == sent


def test_a_segment_that_is_written_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(b"one")
    assert finished(tmp_path) == []
    journal.release()
    assert kept(tmp_path) == [b"one"]
    assert backlog(tmp_path) > 0


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path, largest=5_000)

    def send(thread: int) -> None:
        for number in range(50):
            journal.append(f"{thread}-{number}".encode())

    threads = [threading.Thread(target=send, args=(one,)) for one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    journal.release()
    assert sorted(kept(tmp_path)) == sorted(f"{t}-{n}".encode() for t in range(8) for n in range(50))


def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    for trial in range(6):
        folder = tmp_path / str(trial)
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        for _ in range(5 + 17 * trial):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().splitlines() if line.strip()]
        process.wait()
        process.stdout.close()
        last = max(told, default=4 + 17 * trial)
        numbers = [int(payload[:6]) for payload in kept(folder)]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) >= last + 1


def test_a_torn_end_is_left_out_and_everything_before_it_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(b"whole")
    journal.append(b"torn by the power cut")
    journal.release()
    (segment,) = finished(tmp_path)
    for cut in (1, 8, 20):
        segment.write_bytes(segment.read_bytes()[:-cut])
        assert list(records(segment)) == [b"whole"]


def test_a_full_disk_refuses_and_recovers_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)
    journal.append(b"before")
    whole = os.write

    def full(file: int, piece: memoryview) -> int:
        whole(file, piece[: len(piece) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journals.os, "write", full)
    with pytest.raises(JournalFailed):
        journal.append(b"refused")
    monkeypatch.undo()
    journal.append(b"after")
    journal.release()
    assert kept(tmp_path) == [b"before", b"after"]


def test_a_flush_that_fails_is_no_acknowledgement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)

    def broken(_file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(journals.os, "fdatasync", broken)
    with pytest.raises(JournalFailed):
        journal.append(b"refused")
    monkeypatch.undo()
    journal.append(b"kept")
    journal.release()
    assert kept(tmp_path) == [b"kept"]
