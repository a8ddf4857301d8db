"""Issued reports: found by what people type, never changed, approved once, and told to the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.entry import Entry, What
from state.reports import Move, NotNow, new_id
from state.store import Store

KNOWN = {
    "kind": "executive",
    "title": "Executive page",
    "period": "October 2026",
    "page": "executive",
    "query": {"period": "last_month"},
    "scope": "{}",
    "by": "Demo manager",
    "role": "manager",
    "snapshot": 3,
    "definitions": "1",
    "sha256": "0" * 64,
}


@pytest.fixture
def told() -> list[Entry]:
    return []


@pytest.fixture
def store(tmp_path: Path, told: list[Entry]) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}", tell=told.append)
    made.open()
    return made


def test_what_was_told_comes_back_by_the_id_as_people_type_it(store: Store) -> None:
    made = store.reports.add(KNOWN, b'{"kind":"executive"}', new_id())
    typed = made.id.lower().replace("-", " ")
    assert store.reports.get(typed) == made
    assert store.reports.content(typed) == b'{"kind":"executive"}'
    assert store.reports.get("RB-22222-22222") is None
    assert store.reports.content("nonsense") is None
    assert [one.id for one in store.reports.latest(("executive",))] == [made.id]
    assert store.reports.latest(("monthly",)) == []


def test_a_draft_is_commented_then_approved_and_final(store: Store, told: list[Entry]) -> None:
    id = store.reports.add(KNOWN, b"{}", new_id()).id
    assert store.reports.comment(id, "  A good month. ", "Demo manager").comment == "A good month."
    assert store.reports.approve(id, "Demo executive").state == "approved"
    with pytest.raises(NotNow, match="approved already"):
        store.reports.comment(id, "No.", "Demo manager")
    with pytest.raises(NotNow):
        store.reports.approve(id, "Demo executive")
    again = store.reports.reopen(id, "Demo executive")
    assert (again.state, again.approved_by, again.comment) == ("draft", None, "A good month.")
    assert [entry.about["do"] for entry in told] == ["issue", "comment", "approve", "reopen"]
    assert {entry.what for entry in told} == {What.REPORT}
    assert not any("good month" in str(entry) for entry in told)


def test_of_no_report_nothing_is_changed(store: Store) -> None:
    with pytest.raises(LookupError):
        store.reports.approve("RB-22222-22222", "Demo executive")


def test_what_a_snapshot_moved_is_kept_once(store: Store) -> None:
    id = store.reports.add(KNOWN, b"{}", new_id()).id
    move = Move(id, 4, 1, "late", "loads 7 and 8", {"sent": [1.0, 2.0]})
    store.reports.moved(move)
    store.reports.moved(move)
    assert store.reports.moves(id) == [move]
