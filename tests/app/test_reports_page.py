"""The Reports page through the guard: reopened with its own numbers, in scope, and only by whom it may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest
from flask import Flask
from msgspec.structs import replace as changed
from pypdf import PdfReader

from app import shelf
from data.viewer import Scope
from documents.compared import values_of
from documents.model import Document, Table
from documents.moves import Cause
from reports import frozen
from reports.issue import issue
from state.reports import Move
from state.store import Store
from tests.asking import fire, signed_in
from tests.places import LINE, SCOPED, WHOLE
from ui.numbers import MINUS

QUERY = {"period": "last_3_months"}
ACT = "..reports-said.children...reports-changed.data.."


@pytest.fixture(scope="module")
def server(own_server: Flask) -> Flask:
    return own_server


@pytest.fixture(scope="module")
def told(server: Flask, store: Store) -> Document:
    """A view of the whole plan that was issued: its first table says 1,204 where the lake says otherwise."""
    cubes = shelf.keeper(server).current()
    made = frozen.of_table("overview", "channels", QUERY, WHOLE, cubes, store, "The plan")
    (block,) = made.blocks
    assert isinstance(block, Table)
    first = changed(block.rows[0].values[0], text="1,204", value=1204.0)
    rows = (changed(block.rows[0], values=(first, *block.rows[0].values[1:])), *block.rows[1:])
    return issue(changed(made, kind="view", blocks=(changed(block, rows=rows),)), WHOLE, store)


@pytest.fixture
def draft(store: Store, told: Document) -> Iterator[Document]:
    yield told
    if (found := store.reports.get(told.id)) and found.state == "approved":
        store.reports.reopen(told.id, "a test")


def panel(server: Flask, who: str, report: str, part: str) -> str:
    client = signed_in(server, who)
    sent = {"reports-view.data": {"report": report}, "frame-snapshot.data": 1}
    answer = fire(server, client, f"reports-{part}.children", sent)
    assert answer.status_code == 200
    return str(answer.text)


def act(server: Flask, who: str, told: Document, do: str, text: str = "") -> str:
    ask = {"reports-ask.data": {"do": do, "report": told.id, "text": text, "at": 1}}
    return str(fire(server, signed_in(server, who), ACT, ask).text)


def test_it_reopens_with_the_numbers_it_told(server: Flask, told: Document) -> None:
    shown = panel(server, "executive", told.id.lower().replace("-", " "), "content")
    assert "1,204" in shown
    assert told.id in panel(server, "executive", told.id, "one")
    assert told.id in panel(server, "executive", "", "list")


def test_who_may_not_see_all_of_it_is_told_what_everybody_is_told(server: Flask, told: Document) -> None:
    none = panel(server, SCOPED, "RB-22222-22222", "one")
    assert "There is no report of that ID" in none
    assert panel(server, SCOPED, told.id, "one") == none
    assert panel(server, SCOPED, told.id, "content") == panel(server, SCOPED, "", "content")
    assert told.id not in panel(server, SCOPED, "", "list")
    client = signed_in(server, SCOPED)
    missing = client.get("/reports/files/RB-22222-22222.pdf")
    assert client.get(f"/reports/moved.csv?report={told.id}").status_code == 404
    for end in ("pdf", "csv"):
        assert client.get(f"/reports/files/{told.id}.{end}").status_code == missing.status_code == 404
    assert "There is no report" in act(server, SCOPED, told, "approve")


def test_a_scoped_report_opens_in_its_scope(server: Flask, store: Store, told: Document) -> None:
    own = replace(WHOLE, scope=Scope(lines=frozenset((LINE,))))
    made = issue(told, own, store)
    assert made.id in panel(server, SCOPED, made.id, "one")
    other = issue(told, replace(WHOLE, scope=Scope(lines=frozenset(("Elsewhere",)))), store)
    assert other.id not in panel(server, SCOPED, "", "list")


def test_the_files_say_what_the_page_says(server: Flask, told: Document) -> None:
    client = signed_in(server, "analyst")
    sheet = pl.read_csv(client.get(f"/reports/files/{told.id}.csv").data)
    assert sheet["value"][0] == 1204
    assert set(sheet["report"]) == {told.id}
    answer = client.get(f"/reports/files/{told.id}.pdf?paper=us-letter")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert "1,204" in text
    assert told.id in text
    assert client.get(f"/reports/files/{told.id}.pdf?paper=a0").status_code == 400
    executive = signed_in(server, "executive")
    assert executive.get(f"/reports/files/{told.id}.csv").status_code == 404
    assert executive.get(f"/reports/files/{told.id}.pdf").status_code == 200


def test_what_moved_is_a_file_like_any_other(server: Flask, store: Store, told: Document) -> None:
    own = issue(changed(told, id="", title="Moved"), WHOLE, store)
    key = next(key for key, value in values_of(own).items() if value.value == 1204)
    changes = {key: [1204.0, 1200.0]}
    store.reports.moved(Move(own.id, own.snapshot, 0, Cause.CORRECTION.value, "1 load undone", changes))
    address = f"/reports/moved.csv?report={own.id}"
    shown = panel(server, "analyst", own.id, "moved")
    assert f"moved.csv?report={own.id}" in shown
    assert f"{MINUS}4" in json.dumps(json.loads(shown), ensure_ascii=False)
    answer = signed_in(server, "analyst").get(address)
    (row,) = pl.read_csv(answer.data).to_dicts()
    assert (row["then"], row["now"], row["difference"], row["change"]) == (1204, 1200, -4, -4)
    assert (row["cause"], row["happened"]) == ("corrections", "1 load undone")
    assert answer.headers["X-Reachboard-Report"].startswith("RB-")
    assert "moved.csv" not in panel(server, "executive", own.id, "moved")
    for who in ("executive", SCOPED):
        assert signed_in(server, who).get(address).status_code == 404


def test_a_draft_is_commented_and_approved_by_whom_it_may_be(
    server: Flask, store: Store, draft: Document
) -> None:
    assert "cannot be done" in act(server, "executive", draft, "comment", "Mine.")
    assert "is kept" in act(server, "analyst", draft, "comment", "A good month.")
    assert "cannot be done" in act(server, "analyst", draft, "approve")
    assert "cannot be done" in act(server, "privacy_officer", draft, "approve")
    assert "Approved" in act(server, "executive", draft, "approve")
    assert "approved already" in act(server, "analyst", draft, "comment", "Another.")
    found = store.reports.get(draft.id)
    assert found is not None
    assert (found.state, found.comment, found.comment_by) == ("approved", "A good month.", "Demo analyst")
    assert "A good month." in panel(server, "executive", draft.id, "one")


def test_definitions_of_then_say_where_they_changed(
    server: Flask, store: Store, told: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "otherwise since" not in panel(server, "executive", told.id, "content")
    kept = store.reports.defined(told.definitions)
    assert kept is not None
    was = {**kept, "delivered": {**kept["delivered"], "meaning": "What arrived."}}
    monkeypatch.setattr(store.reports, "defined", lambda _version: was)
    shown = panel(server, "executive", told.id, "content")
    assert "What arrived." in shown
    assert "otherwise since" in shown
