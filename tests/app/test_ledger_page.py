"""The Ledger page: for the privacy officer alone, by its address, and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import shelf
from app.factory import create_app
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from ledger.book import Book, book_of
from ledger.entry import Entry, What
from ledger.keeping import Keeper
from tests.asking import fire, show, signed_in

LIST, STATE = "ledger-list.children", "ledger-state.children"
OFFICER = Role.PRIVACY_OFFICER


@pytest.fixture(scope="module")
def server(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("ledger-page") / "var"
    folder.mkdir()
    (folder / "lake").symlink_to(sample.lake)
    settings = Settings(var=folder)
    made = create_app(settings)
    shelf.keeper(made).renew()
    book: Book = book_of(settings)
    for number in range(120):
        book.note(
            Entry(What.VIEW, "Ada", "analyst", place="campaign", words="=1+1", campaigns=(f"C{number}",))
        )
    book.record(Entry(What.EXPORT, "Ben", "manager", place="api/figures", rows=12, why="board meeting"))
    assert Keeper(book).keep().made
    yield made
    made.extensions["reachboard.store"].close()


def shown(server: Flask, **query: str) -> str:
    answer = fire(server, signed_in(server, OFFICER), LIST, {"ledger-view.data": query})
    assert answer.status_code == 200
    return json.dumps(answer.json, ensure_ascii=False)


def test_the_officer_alone_sees_it(server: Flask) -> None:
    assert {role for role in PEOPLE if Permission.VIEW_LEDGER in PERMISSIONS[role]} == {OFFICER}
    for role in PEOPLE:
        client = signed_in(server, role)
        assert (client.get("/ledger").status_code == 200) == (role is OFFICER)
        assert (client.get("/ledger.csv").status_code == 200) == (role is OFFICER)
        assert (fire(server, client, LIST, {}).status_code == 200) == (role is OFFICER)


def test_it_shows_who_did_what_and_why(server: Flask) -> None:
    page = shown(server, who="Ben")
    assert "asked the API for figures" in page
    assert "board meeting" in page
    assert "One entry" in page


def test_the_address_narrows_and_turns(server: Flask) -> None:
    assert "Nothing in the ledger is like that" in shown(server, who="nobody of that name")
    assert "One entry" in shown(server, campaign="C7")
    assert "There is no such kind" in shown(server, what="nonsense")
    assert "A day is written like" in shown(server, **{"from": "yesterday"})
    assert "Nothing in the ledger is like that" in shown(server, to="2020-01-01")
    whole = shown(server, who="Ada")
    assert "120 entries" in whole
    assert "/ledger?who=Ada&page=2" in whole
    assert "21 to 40 of 120" in shown(server, who="Ada", page="2")


def test_whoever_reads_the_ledger_stands_in_it_without_what_they_typed(server: Flask) -> None:
    shown(server, q="member 4711", what="view")
    assert "with certain words" in shown(server, what="view", who="privacy officer")
    told = shown(server, what="view", who="Demo")
    assert "4711" not in told


def test_its_form_keeps_what_was_looked_for(server: Flask) -> None:
    page = show(server, signed_in(server, OFFICER), "/ledger", "?who=Ada&what=export&q=x").text
    assert '"Ada"' in page
    assert '"export"' in page


def test_the_state_of_the_chains_is_told(server: Flask) -> None:
    page = json.dumps(fire(server, signed_in(server, OFFICER), STATE, {}).json, ensure_ascii=False)
    assert "The ledger was not verified yet" in page
    assert "number 1, " in page
    assert "nowhere: REACHBOARD_LEDGER_COPY names no folder" in page


def test_the_file_holds_all_that_is_asked_for_and_no_formula(server: Flask) -> None:
    client: Any = signed_in(server, OFFICER)
    answer = client.get("/ledger.csv?who=Ada")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 120
    assert rows[0]["filters_in_words"] == "'=1+1"
    taken = list(csv.DictReader(io.StringIO(client.get("/ledger.csv?what=export&who=officer").text)))
    assert taken[0]["place"] == "ledger/entries"
