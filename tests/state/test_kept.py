"""Keys, exports, files that were brought and consents, in each kind of database that the settings allow."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator

import pytest

from state.exports import DONE, JOB, OPEN, RUNNING, Asked, Ledger, Owner, TooMany
from state.keys import KeyRefused
from state.replays import Step
from state.store import Store
from state.uploads import Stage

ANN, BO = Owner("Ann", "analyst", ""), Owner("Bo", "analyst", "Medicaid")
ASKED = Asked("overview", "trend", "Trend", "all", {"period": "all"}, "csv", "audit", 7, "trend.csv")


@pytest.fixture
def store(state_url: str) -> Iterator[Store]:
    made = Store(state_url)
    yield made
    made.close()


def at_once(times: int, ask: object) -> list[object]:
    """What so many threads that begin together come to."""
    gate, found = threading.Barrier(times), []

    def go() -> None:
        gate.wait()
        try:
            found.append(ask())  # type: ignore[operator]
        except (KeyRefused, TooMany) as refused:
            found.append(type(refused))

    threads = [threading.Thread(target=go) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_a_key_is_found_by_its_secret_until_it_is_revoked(store: Store) -> None:
    made, secret = store.keys.add("sync", "analyst", "Ann", lines=("Medicaid",), days=30)
    assert store.keys.find(secret[:-1] + "~") is None
    found = store.keys.find(secret)
    assert found is not None
    assert (found.id, found.lines, found.programs) == (made.id, ("Medicaid",), None)
    assert store.keys.all()[0].used_us is not None
    store.keys.revoke("sync", "Bo")
    assert store.keys.find(secret) is None
    with pytest.raises(KeyRefused, match="revoked already"):
        store.keys.revoke("sync", "Bo")


def test_of_several_who_make_a_key_of_one_name_one_does(store: Store) -> None:
    store.open()
    found = at_once(4, lambda: store.keys.add("sync", "analyst", "Ann")[0].name)
    assert sorted(map(str, found)) == sorted([*[str(KeyRefused)] * 3, "sync"])
    assert len(store.keys.all()) == 1


def test_exports_are_their_owners_and_no_more_than_may_be_at_once(store: Store) -> None:
    ledger = Ledger(store.database)
    store.open()
    found = at_once(4, lambda: ledger.add(secrets.token_hex(16), JOB, ASKED, ANN, most=2))
    assert sum(one is TooMany for one in found) == 2
    assert len(ledger.of(ANN)) == 2
    assert ledger.of(BO) == []
    first = ledger.of(ANN)[0]
    assert ledger.move(first.id, OPEN, RUNNING)
    assert ledger.move(first.id, (RUNNING,), DONE, rows=5, bytes=50, sha256="ab")
    assert not ledger.move(first.id, OPEN, DONE), "what has ended goes nowhere"
    kept = ledger.one(first.id)
    assert kept is not None
    assert (kept.status, kept.rows, kept.query, kept.reason) == (DONE, 5, {"period": "all"}, "audit")


def test_a_file_that_was_brought_is_its_bringers_and_claimed_once(store: Store) -> None:
    id = secrets.token_hex(16)
    store.uploads.add(id, "Ann", "members.csv", 1_000, "ab" * 32)
    assert store.uploads.one(id, "Bo") is None
    assert [one.id for one in store.uploads.of("Ann")] == [id]
    store.uploads.ask(id, "Ann", Stage.CHECK, "[source]")
    claimed = [one for one in (store.uploads.claim(), store.uploads.claim()) if one is not None]
    assert [one.id for one in claimed] == [id]
    store.uploads.progress(id, 500)
    store.uploads.ended(id, Stage.FAILED, {"words": "no such column"})
    one = store.uploads.one(id, "Ann")
    assert one is not None
    assert one.state == Stage.FAILED


def test_a_replay_is_claimed_once_at_each_step(store: Store) -> None:
    asked = store.replays.ask(3, "Ann")
    claimed = [one for one in (store.replays.claim(), store.replays.claim()) if one is not None]
    assert [one.id for one in claimed] == [asked.id]
    store.replays.looked(asked.id, {"rows": 4}, "ab" * 32)
    store.replays.approve(asked.id, "Bo")
    assert store.replays.claim() is not None
    store.replays.ended(asked.id, Step.DONE, {"rows": 4})
    assert store.replays.all()[0].state == Step.DONE


def test_of_statements_of_one_subject_the_latest_counts(store: Store) -> None:
    store.consents.state([(1, True, 10), (2, False, 10), (-(2**62), True, 10)], "crm")
    store.consents.state([(1, False, 20), (2, True, 5)], "app")
    assert dict(store.consents.tracking([1, 2, -(2**62), 4])) == {1: False, 2: False, -(2**62): True}
    assert store.consents.every().height >= 3
