"""The index answers what the files say, finds what came since, and can be thrown away at any time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book import Book
from ledger.chain import chains
from ledger.entry import Entry, What
from ledger.index import FILE, Asked, Index
from ledger.words import _TELL, KINDS, told
from tests.ledger.conftest import SEALS


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """An index of 60 views by three people of two campaigns, and one export."""
    book = Book(tmp_path, SEALS, "web")
    for number in range(60):
        name = f"Person {number % 3}"
        of = f"C{number % 2}"
        words = f"all time · Colon reminder {number} · SMS"
        book.note(Entry(What.VIEW, name, "analyst", place="campaign", words=words, campaigns=(of,)))
    book.record(Entry(What.EXPORT, "Person 1", "analyst", rows=7, why="board meeting"))
    book.flush()
    made = Index(tmp_path, SEALS)
    assert made.follow() == []
    return made


def test_what_is_newest_comes_first_in_pages(index: Index) -> None:
    found = index.find(Asked(), 0, 25)
    assert found.total == 61
    assert found.lines[0]["what"] == "export"
    pages = [one for page in range(3) for one in index.find(Asked(), page, 25).lines]
    assert [one["seq"] for one in pages] == list(range(62, 1, -1))
    assert [one["seq"] for one in index.every(Asked())] == list(range(62, 1, -1))


@pytest.mark.parametrize(
    ("asked", "many"),
    [
        (Asked(who="person 2"), 20),
        (Asked(who="son"), 61),
        (Asked(what="export"), 1),
        (Asked(campaign="C1"), 30),
        (Asked(campaign="C1", who="Person 0"), 10),
        (Asked(text="colon remind"), 60),
        (Asked(text="board"), 1),
        (Asked(text='"; drop table entries --'), 0),
        (Asked(text="-- * ' ("), 61),
        (Asked(what="begin"), 1),
        (Asked(first=2**60), 0),
        (Asked(last=0), 0),
    ],
)
def test_what_is_asked_for_is_found(index: Index, asked: Asked, many: int) -> None:
    assert index.find(asked).total == many


def test_what_comes_later_and_from_another_process_is_found(index: Index, tmp_path: Path) -> None:
    Book(tmp_path, SEALS, "etl").record(Entry(What.LOAD, "somebody"))
    assert Index(tmp_path, SEALS).follow() == []
    assert index.find(Asked(what="load")).total == 1
    assert index.find(Asked()).total == 62


def test_a_lost_index_is_built_again(index: Index, tmp_path: Path) -> None:
    for path in tmp_path.glob(f"{FILE}*"):
        path.unlink()
    assert index.find(Asked()).total == 0
    index.follow()
    assert index.find(Asked()).total == 61


def test_what_was_changed_is_told_and_not_taken_in(index: Index, tmp_path: Path) -> None:
    (path,) = chains(tmp_path)
    path.write_bytes(path.read_bytes() + b'{"seq":63}\n')
    assert "line 63" in index.follow()[0]
    assert index.find(Asked()).total == 61


def test_every_kind_has_words() -> None:
    assert set(KINDS) == set(_TELL) == set(What)
    for what in What:
        assert told({"what": what.value, "about": {}}).strip()


def test_a_line_in_words() -> None:
    view = {"what": "view", "place": "campaign", "words": "all time · A1C reminder"}
    assert told(view) == "looked at the Campaign page: all time · A1C reminder"
    key = {"what": "key", "about": {"do": "revoke", "name": "warehouse", "is": "analyst, rows: all"}}
    assert told(key) == "revoked the key warehouse · analyst, rows: all"
    denied = {"what": "denied", "place": "administration", "times": 9}
    assert told(denied) == "was denied administration, 9 times more"
