"""An entry is on the disk when it is told to be, whatever happens to its process or the disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from config.settings import ROOT
from ledger import writing
from ledger.book import Book, Unwritable
from ledger.chain import Line, chains, read
from ledger.checkpoints import Signer
from ledger.entry import Entry, UnknownDetail, What
from ledger.keeping import Keeper
from ledger.verify import verify
from ledger.writing import now_us
from tests.ledger.conftest import SEALS, views

VIEW = Entry(What.VIEW, "Demo analyst", "analyst")
EXPORT = Entry(What.EXPORT, "Demo analyst", "analyst", rows=12)


def entries(folder: Path, what: What | None = None) -> list[dict[str, object]]:
    found = [one.document for path in chains(folder) for one in read(path, SEALS) if isinstance(one, Line)]
    return [one for one in found if what is None or one["what"] == what.value]


def test_what_is_recorded_is_there_at_once(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    book.record(EXPORT)
    assert [one["rows"] for one in entries(tmp_path, What.EXPORT)] == [12]


def test_what_is_noted_is_written_by_itself(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    book.note(VIEW)
    deadline = threading.Event()
    for _ in range(600):
        if entries(tmp_path, What.VIEW):
            return
        deadline.wait(0.1)
    pytest.fail("it was not written")


def test_entries_of_one_moment_share_a_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushes, whole, held, real = [], threading.Event(), threading.Event(), os.fdatasync

    def slow(file: int) -> None:
        flushes.append(file)
        held.set()
        whole.wait(60)
        real(file)

    book = Book(tmp_path, SEALS, "web")
    monkeypatch.setattr(writing.os, "fdatasync", slow)
    several = [threading.Thread(target=book.record, args=(EXPORT,)) for _ in range(9)]
    several[0].start()
    assert held.wait(60)
    for one in several[1:]:
        one.start()
    while len(book._queue) < 8:
        pass
    whole.set()
    for one in several:
        one.join(60)
    assert len(entries(tmp_path, What.EXPORT)) == 9
    assert len(flushes) == 2
    book.close()
    assert verify(tmp_path, SEALS).sound


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Files of this process end after so many bytes, as they do on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(path.stat().st_size for path in chains(folder))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_leaves_nothing_half_written_and_is_over_by_itself(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    book.record(EXPORT)
    book.note(VIEW)
    with full_disk(tmp_path):
        with pytest.raises(Unwritable):
            book.record(EXPORT)
        with pytest.raises(Unwritable):
            book.note(VIEW)
        assert book.broken
        report = verify(tmp_path, SEALS)
        assert report.sound
        assert not report.notes
        assert Keeper(book).keep().unwritten
    book.flush()
    assert not book.broken
    book.record(EXPORT)
    assert len(entries(tmp_path, What.EXPORT)) == 2
    assert len(entries(tmp_path, What.VIEW)) == 1  # what was seen already is written when it can be
    assert verify(tmp_path, SEALS).sound


def test_what_cannot_be_put_into_words_fails_its_writer_and_nobody_else(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    with pytest.raises((TypeError, Unwritable)):
        book.record(Entry(What.VIEW, rows=object()))  # type: ignore[arg-type]
    book.record(EXPORT)
    assert verify(tmp_path, SEALS).sound


def test_an_entry_holds_nothing_that_no_list_names() -> None:
    with pytest.raises(UnknownDetail, match="member"):
        Entry(What.VIEW, about={"member": "4711"})


def test_long_and_hidden_words_are_cut() -> None:
    body = Entry(
        What.EXPORT, "x" * 999, why="a\nb\u202e", campaigns=tuple("abcdefghijklmnopqrstuvwxyz")
    ).body()
    assert len(body["who"]) == 120
    assert body["why"] == "a b "
    assert len(body["campaigns"]) == 20


KILLED = """
import sys
from pathlib import Path
from ledger.book import Book
from ledger.entry import Entry, What
from tests.ledger.conftest import SEALS
book = Book(Path(sys.argv[1]), SEALS, "web")
while True:
    book.record(Entry(What.EXPORT, "somebody"))
    print("written", flush=True)
"""


def test_a_killed_process_leaves_a_sound_ledger_with_all_it_recorded(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = sum(1 for _ in zip(range(20), child.stdout, strict=False))
        child.send_signal(signal.SIGKILL)
        told += len(child.stdout.read().splitlines())
    assert len(entries(tmp_path, What.EXPORT)) >= told >= 20
    assert verify(tmp_path, SEALS).sound


def test_a_torn_line_is_an_unfinished_commit_and_hides_no_cut(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    views(book, 5)
    Signer(tmp_path, SEALS).sign(now_us())
    book.record(EXPORT)
    book.close()
    (path,) = chains(tmp_path)
    whole = path.read_bytes()
    last = whole.rfind(b"\n", 0, -1) + 1
    for end in range(last + 1, len(whole)):
        path.write_bytes(whole[:end])
        report = verify(tmp_path, SEALS)
        assert report.sound, end
        assert "was not finished" in report.notes[0]
    path.write_bytes(whole[:last] + bytes(50))  # what a power cut leaves
    assert verify(tmp_path, SEALS).sound
    before = whole.rfind(b"\n", 0, last - 1) + 1
    for end in range(before, last):
        path.write_bytes(whole[:end])
        assert not verify(tmp_path, SEALS).sound, end


def test_a_torn_checkpoint_is_passed_over_and_written_anew(tmp_path: Path) -> None:
    book, signer = Book(tmp_path, SEALS, "web"), Signer(tmp_path, SEALS)
    views(book, 2)
    signer.sign(now_us())
    path = tmp_path / "checkpoints.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at":17953282')
    assert verify(tmp_path, SEALS).sound
    views(book, 2)
    made, wrong = Signer(tmp_path, SEALS).sign(now_us())
    assert made is not None
    assert made.number == 2
    assert not wrong
    assert verify(tmp_path, SEALS).checkpoints == 2


def test_a_fork_writes_a_chain_of_its_own(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    book.record(EXPORT)
    child = get_context("fork").Process(target=book.record, args=(EXPORT,))
    child.start()
    child.join(60)
    book.record(EXPORT)
    assert len(chains(tmp_path)) == 2
    assert len(entries(tmp_path, What.EXPORT)) == 3
    assert verify(tmp_path, SEALS).sound


def test_a_new_month_and_a_long_file_begin_another_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = writing.Chain(tmp_path, SEALS, "web")
    chain.append([(1_790_000_000_000_000, VIEW)])
    chain.append([(1_790_000_000_000_001, VIEW)])
    chain.append([(1_795_000_000_000_000, VIEW)])
    monkeypatch.setattr(writing, "LARGEST", 100)
    chain.append([(1_795_000_000_000_001, VIEW)])
    assert [path.parent.name for path in chains(tmp_path)] == ["2026-09", "2026-11", "2026-11"]
    assert verify(tmp_path, SEALS).sound


def _once(folder: Path, answers: object) -> None:
    book = Book(folder, SEALS, "web")
    for number in range(200):
        book.once(("somebody", number), lambda: VIEW)
    book.close()


def test_a_state_of_a_page_is_one_entry_in_all_processes(tmp_path: Path) -> None:
    several = [get_context("fork").Process(target=_once, args=(tmp_path, None)) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join(60)
    assert len(entries(tmp_path, What.VIEW)) == 200


def test_the_smaller_state_of_a_page_gives_way_to_the_larger(tmp_path: Path) -> None:
    book = Book(tmp_path, SEALS, "web")
    book.once("campaign", lambda: VIEW, within="campaign and region")
    book.once("campaign and region", lambda: EXPORT)
    book.flush()
    assert not entries(tmp_path, What.VIEW)
    assert entries(tmp_path, What.EXPORT)
