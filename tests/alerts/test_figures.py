"""An alert on figures on the ways: told when it fires, once, and when it is over; it leads to its page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alerts import delivery
from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from insight.anomalies import watch
from state.alerts import Raised
from state.store import Store
from tests.receivers import Receiver

ONE = Raised(
    key="opt-outs:a:sms", kind="opt-outs", metric="opt_outs_per_1000", subject="sms", campaign="a",
    urgent=True, first_day=20_020, last_day=20_021, value=0.0042, usual=0.0021, low=0.001, high=0.003,
    chance=1e-9, complete_through=20_021,
)  # fmt: skip


@pytest.fixture
def cubes(sample: Settings) -> Cubes:
    shelf = Shelf(Lake(sample.lake))
    shelf.renew()
    return shelf.current()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield made
    made.close()


def test_it_is_told_when_it_fires_and_when_it_is_over(
    telling: Callable[..., Settings],
    receiver: Receiver,
    cubes: Cubes,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = telling("webhook", receiver=receiver, public_url="https://board.plan.example")
    found = [ONE]
    monkeypatch.setattr(watch, "raised", lambda _series: list(found))
    monkeypatch.setattr(watch, "silent_sources", lambda *_: [])
    now_us = cubes.snapshot.published_us
    for later in range(3):
        assert watch.look(settings, store, cubes, now_us + later * 2 * watch.AGAIN_US)
        delivery.deliver(settings, store.incidents, now_us + later * 2 * watch.AGAIN_US)
    found.clear()
    monkeypatch.setattr(cubes, "snapshot", replace(cubes.snapshot, published_us=now_us + 1))
    assert watch.look(settings, store, cubes, now_us + 7 * watch.AGAIN_US)
    delivery.deliver(settings, store.incidents, now_us + 7 * watch.AGAIN_US)
    told = [json.loads(one.body) for one in receiver.posted]
    assert [one["type"] for one in told] == ["incident.opened", "incident.recovered"]
    first = told[0]["data"]
    assert (first["kind"], first["urgent"]) == ("figures-opt-outs", True)
    assert first["title"] == "more opt-outs than usual: SMS of campaign a"
    assert first["link"] == "https://board.plan.example/alerts"
    assert not any(sign.isdigit() for sign in first["title"] + first["words"]), "no figure leaves"
