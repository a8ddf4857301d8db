"""Totals that were brought, and replays that were asked for: kept with who and when, step by step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.text import TextRefused
from state.replays import STALE_US, NotNow, Step
from state.store import Store

ROWS = [{"campaign": "flu", "channel": "email", "first_day": None, "last_day": None, "values": {"sent": 5}}]


@pytest.fixture
def store(state_url: str) -> Iterator[Store]:
    made = Store(state_url)
    yield made
    made.close()


def test_totals_come_back_as_they_were_brought_and_going_can_be_undone(store: Store) -> None:
    assert store.totals.all() == []
    first = store.totals.add("Mailer", "ab", ROWS, "Ann")
    assert store.totals.add(" Mailer ", "ab", ROWS, "Bo") == first, "the same again is nothing new"
    second = store.totals.add("Texts", "ab", ROWS, "Bo")
    assert [one.id for one in store.totals.all()] == [second.id, first.id]
    assert (first.by, list(first.rows)) == ("Ann", ROWS)
    store.totals.remove(first.id, "Cy")
    assert store.totals.one(first.id) is None
    assert store.totals.all()[-1].removed_by == "Cy", "the history keeps it"
    with pytest.raises(LookupError, match="taken away meanwhile"):
        store.totals.remove(first.id, "Cy")
    store.totals.restore(first.id)
    assert store.totals.one(first.id) == first


@pytest.mark.parametrize("name", ["", "   ", "a\u202eb", "x" * 81])
def test_totals_need_a_name_that_can_be_kept(store: Store, name: str) -> None:
    with pytest.raises(TextRefused):
        store.totals.add(name, "ab", ROWS, "Ann")
    with pytest.raises(ValueError, match="No rows"):
        store.totals.add("Mailer", "ab", [], "Ann")
    assert store.totals.all() == []


def test_a_replay_is_looked_at_before_it_is_made(store: Store) -> None:
    assert store.replays.claim() is None
    asked = store.replays.ask(-7, "Ann")
    with pytest.raises(NotNow, match="already"):
        store.replays.ask(-7, "Bo")
    with pytest.raises(NotNow, match="elsewhere"):
        store.replays.approve(asked.id, "Ann")
    taken = store.replays.claim()
    assert taken is not None
    assert (taken.id, taken.state) == (asked.id, Step.LOOKING)
    assert store.replays.claim() is None, "nobody else takes it"
    store.replays.looked(asked.id, {"come": [["at", "no date", 4]], "stay": []}, "cafe")
    store.replays.approve(asked.id, "Bo")
    again = store.replays.claim()
    assert again is not None
    assert again.state == Step.REPLAYING
    store.replays.ended(asked.id, Step.DONE, {"words": "4 rows came in"})
    (done,) = store.replays.all()
    assert (done.state, done.asked_by, done.approved_by, done.mapping_sha256) == ("done", "Ann", "Bo", "cafe")
    assert done.ended_us
    assert not done.open
    assert store.replays.ask(-7, "Ann").id != asked.id, "what is over may be asked for again"


def test_what_is_taken_back_is_not_made(store: Store) -> None:
    asked = store.replays.ask(3, "Ann")
    store.replays.withdraw(asked.id)
    assert store.replays.claim() is None
    with pytest.raises(NotNow):
        store.replays.withdraw(asked.id)


def test_a_run_that_died_leaves_its_step_to_a_later_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replays.ask(3, "Ann")
    taken = store.replays.claim()
    assert taken is not None
    store.replays.recover()
    assert store.replays.claim() is None, "it may still be at work"
    later = taken.asked_us + 2 * STALE_US
    monkeypatch.setattr("state.replays._now", lambda: later)
    store.replays.recover()
    again = store.replays.claim()
    assert again is not None
    assert again.id == taken.id
