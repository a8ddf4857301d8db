"""What is wrong with security is told once, without a name or a small count, and is over when it is over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from alerts import contact, security
from alerts.security import DAY_US, MINUTE_US, SECURITY, Kind
from config.settings import ROOT, Settings
from ledger.book import book_of
from ledger.chain import chains
from ledger.entry import Entry, What
from ledger.index import index_of
from ledger.keeping import Keeper, Kept
from ledger.writing import now_us
from state.store import Store

NOW = 2_000_000_000_000_000
WELL = Kept()


def denied(ago: int, who: str = "Ada", role: str = "analyst", **more: Any) -> dict[str, Any]:
    return {"what": "denied", "who": who, "role": role, "at": NOW - ago * MINUTE_US, **more}


def kinds(found: Any) -> list[str]:
    return [one.kind for one in found]


def test_a_burst_of_denials_is_one_incident_without_a_name() -> None:
    assert not list(security.denial_bursts([denied(1)] * 19, (), NOW))
    (one,) = security.denial_bursts([denied(1)] * 20, (), NOW)
    assert one.kind == Kind.DENIALS
    assert "Ada" not in one.key + one.title + one.words
    assert list(security.denial_bursts([denied(1), denied(0, times=19)], (), NOW))
    assert not list(security.denial_bursts([denied(1, who=str(n)) for n in range(30)], (), NOW))


def test_a_burst_is_over_when_it_is_quiet_and_not_at_once() -> None:
    (one,) = security.denial_bursts([denied(1)] * 20, (), NOW)
    assert list(security.denial_bursts([denied(30)] * 10, (one.key,), NOW))
    assert not list(security.denial_bursts([denied(30)] * 9, (one.key,), NOW))


def test_strangers_are_told_apart_by_their_address() -> None:
    far = [denied(1, "a stranger", "", address=f"{n:x}") for n in range(30)]
    assert not list(security.denial_bursts(far, (), NOW))
    near = [denied(1, "a stranger", "", address="a")] * 20
    assert len(list(security.denial_bursts([*far, *near], (), NOW))) == 1


def test_a_key_from_many_places() -> None:
    used = [{"key": "warehouse", "address": f"{n}"} for n in range(5)]
    assert not list(security.keys_in_many_places(used[:4] * 9, ()))
    (one,) = security.keys_in_many_places(used, ())
    assert "warehouse" not in one.key + one.title + one.words
    assert list(security.keys_in_many_places(used[:3], (one.key,)))
    assert not list(security.keys_in_many_places(used[:2], (one.key,)))


@pytest.mark.parametrize(
    ("members", "words"), [(1, "some members"), (10, "some members"), (11, "at least 10 members"),
                           (24, "at least 20 members")],
)  # fmt: skip
def test_how_many_were_written_to_is_told_by_the_rule(members: int, words: str) -> None:
    (one,) = contact.found(members, 11)
    assert words in one.words
    assert str(members) not in one.words or members == 10
    assert not list(contact.found(0, 11))
    assert "some members" in next(contact.found(24, 25)).words


def test_sends_after_an_opt_out_are_found_in_the_lake(sample: Settings) -> None:
    from data.snapshot import Lake, engine

    lake = Lake(sample.lake)
    messages = lake.source("messages")
    with engine() as con:
        rows = con.execute(f"select member, channel, sent_us, opt_out_us from {messages}").fetchall()
        end = max(row[2] for row in rows if row[2] is not None)
    first: dict[tuple[Any, ...], int] = {}
    for member, channel, _, out in rows:
        if out is not None:
            first[member, channel] = min(out, first.get((member, channel), out))
    late = {
        member
        for member, channel, sent, _ in rows
        if sent is not None
        and sent >= end - 30 * DAY_US
        and sent > first.get((member, channel), 2**62) + contact.GRACE_US
    }
    assert contact.sent_after(lake, end) == len(late)


def test_each_is_told_once_and_is_over(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    book, store = book_of(settings), Store(settings.state)
    for _ in range(25):
        book.note(Entry(What.DENIED, "Ada", "analyst", place="admin"))
    book.flush()

    def look(kept: Kept = WELL, at: int | None = None) -> list[str]:
        security.look(settings, store.incidents, index_of(settings), kept, now_us() if at is None else at)
        return sorted(one.kind for one in store.incidents.since(0) if one.recovered_us is None)

    assert look() == [Kind.DENIALS] == look()
    assert len(store.incidents.since(0)) == 1
    assert look(Kept(unwritten="No space left on device")) == [Kind.DENIALS, Kind.UNWRITTEN]
    assert look(Kept(uncopied="No such folder"), now_us() + DAY_US) == [Kind.UNCOPIED]
    assert look() == [Kind.DENIALS]
    (path,) = chains(settings.ledger)
    book.record(Entry(What.SIGN_IN, "Ada"))
    path.write_bytes(path.read_bytes()[:-3] + b"}}\n")
    kept = Keeper(book).keep()
    assert Kind.CHANGED in look(kept)
    assert store.incidents.open_keys(SECURITY) >= {"changed"}
    store.close()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_in_the_docs(kind: Kind) -> None:
    assert f"\n## {kind}\n" in (ROOT / "docs/runbook.md").read_text()
    assert re.search(rf"^\| `{kind}` \|", (ROOT / "docs/alerts.md").read_text(), re.MULTILINE)
