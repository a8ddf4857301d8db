"""The store of sessions, in each kind of database that the settings allow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from state import sessions as kept
from state.sessions import Session, Sessions, SessionsAway
from state.store import Store

HOUR_US = 3_600_000_000


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url, redis = f"sqlite:///{tmp_path / 'state.db'}", None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()
    if request.param == "redis":
        server = request.getfixturevalue("redis")
        server.empty()
        redis = server.url
    made = Store(url, redis)
    yield made
    made.close()


def one(id: str = "one", **changes: object) -> Session:
    made = Session(
        kept.digest(id), "terms", "https://id.example", "ann", "Ann", "manager", ("Flu",), None, "s1"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    assert store.sessions.get("nothing") is None
    store.sessions.put(one())
    found = store.sessions.get(kept.digest("one"))
    assert found is not None
    assert replace(found, began_us=0, seen_us=0, handle="") == one(began_us=0, seen_us=0, handle="")


def test_a_touch_moves_it_and_the_last_seen_stands_first(store: Store) -> None:
    first, second = one("one"), one("two", subject="bo")
    store.sessions.put(first)
    store.sessions.put(second)
    store.sessions.touch(first.digest, kept.now_us() + 5)
    assert [found.subject for found in store.sessions.active()] == ["ann", "bo"]


def test_what_was_ended_is_not_active_and_cannot_be_ended_again_or_touched(store: Store) -> None:
    store.sessions.put(one(sealed="x"))
    assert len(store.sessions.end(lambda s: s.subject == "ann", kept.REVOKED, "Bo")) == 1
    assert store.sessions.end(lambda s: s.subject == "ann", kept.REVOKED, "Bo") == []
    store.sessions.touch(kept.digest("one"), kept.now_us())
    found = store.sessions.get(kept.digest("one"))
    assert found is not None
    assert (found.ended_why, found.ended_by, found.sealed) == ("revoked", "Bo", "")
    assert store.sessions.active() == []


def test_idle_and_old_sessions_are_not_active(store: Store) -> None:
    now = kept.now_us()
    store.sessions.put(one("idle", seen_us=now - kept.IDLE_US))
    store.sessions.put(one("old", began_us=now - kept.WHOLE_US))
    store.sessions.put(one("young"))
    assert [found.digest for found in store.sessions.active()] == [kept.digest("young")]


def test_after_a_day_a_session_is_forgotten(store: Store) -> None:
    store.sessions.put(one("old", began_us=kept.now_us() - 25 * HOUR_US))
    store.sessions.put(one("young"))
    assert store.sessions.get(kept.digest("old")) is None


def test_what_counts_once_counts_once_whoever_asks(store: Store) -> None:
    until, found = kept.now_us() + HOUR_US, []
    threads = [
        threading.Thread(target=lambda: found.append(store.sessions.spend("jti", until))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 7 + [True]
    assert store.sessions.spend("brief", kept.now_us() - 1)
    assert store.sessions.spend("brief", until), "what is past is forgotten"


def test_a_database_that_is_away_is_told_apart(tmp_path: Path) -> None:
    from state.database import Database

    folder = tmp_path / "state.db"
    folder.mkdir()
    with pytest.raises(SessionsAway):
        Sessions(Database(f"sqlite:///{folder}")).get("x")
