"""The tail of a journal: each record once, as soon as it is durable."""

from __future__ import annotations

from pathlib import Path

from collect.journal import OPEN, Journal, finished
from collect.tail import Tail


def segment(folder: Path) -> Path:
    (found,) = folder.glob(f"*{OPEN}")
    return found


def test_records_of_a_segment_that_is_still_written_are_read_once(tmp_path: Path) -> None:
    journal, tail = Journal(tmp_path), Tail(tmp_path)
    assert list(tail.new()) == []
    journal.append(b"one")
    assert list(tail.new()) == [b"one"]
    journal.append(b"two")
    journal.append(b"three")
    assert list(tail.new()) == [b"two", b"three"]
    assert list(tail.new()) == []


def test_a_segment_that_is_handed_on_is_not_read_again(tmp_path: Path) -> None:
    journal, tail = Journal(tmp_path), Tail(tmp_path)
    journal.append(b"one")
    assert list(tail.new()) == [b"one"]
    journal.append(b"two")
    journal.release()
    journal.append(b"three")
    assert list(tail.new()) == [b"two", b"three"]


def test_a_torn_end_is_read_when_it_is_whole(tmp_path: Path) -> None:
    journal, tail = Journal(tmp_path), Tail(tmp_path)
    journal.append(b"one")
    journal.append(b"a longer record")
    whole = segment(tmp_path).read_bytes()
    segment(tmp_path).write_bytes(whole[:-4])
    assert list(tail.new()) == [b"one"]
    segment(tmp_path).write_bytes(whole)
    assert list(tail.new()) == [b"a longer record"]


def test_what_was_landed_meanwhile_is_passed_over_and_forgotten(tmp_path: Path) -> None:
    journal, tail = Journal(tmp_path), Tail(tmp_path)
    journal.append(b"one")
    assert list(tail.new()) == [b"one"]
    journal.append(b"two")
    journal.release()
    for one in finished(tmp_path):
        one.unlink()
    journal.append(b"three")
    assert list(tail.new()) == [b"three"]
    assert len(tail._read) == 1
