"""A look at the sample: what is planted fires, quiet days do not; outside no figure is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings
from data.clocks import DAY_US
from data.cubes import Cubes, Shelf
from data.periods import day_number
from data.snapshot import Lake
from insight.anomalies import series, watch
from insight.anomalies.episodes import raised
from insight.anomalies.released import Kind
from insight.anomalies.series import watched
from state.alerts import State
from state.incidents import Says
from state.store import Store


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    shelf = Shelf(Lake(sample.lake))
    shelf.renew()
    return shelf.current()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield made
    made.close()


@pytest.fixture(scope="module")
def outage(sample: Settings) -> list[int]:
    truth = json.loads((sample.var.parent / "raw" / "truth.json").read_text())
    return [day_number(date.fromisoformat(day)) for day in truth["email_outage"]["days"]]


@pytest.fixture
def further_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "LOOKED_BACK", 150)


def test_the_planted_outage_fires_on_its_days_alone(
    cubes: Cubes, outage: list[int], further_back: None
) -> None:
    found = [one for one in raised(watched(cubes)) if one.kind == Kind.DELIVERY and one.campaign is None]
    (one,) = found
    # So few members are sent to that its second day may have too few messages to be judged.
    assert (one.subject, one.first_day, one.last_day in outage) == ("email", outage[0], True)
    assert (one.value or 1) < 0.5 < (one.usual or 0)
    assert not one.stands


def test_quiet_days_raise_nothing(cubes: Cubes, outage: list[int], further_back: None) -> None:
    """Of 150 days of all series only planted trouble fires: the outage, and texts in the last week."""
    quiet = [
        one
        for one in raised(watched(cubes))
        if not (one.kind == Kind.DELIVERY and one.subject == "email" and one.first_day in outage)
        and not (one.kind == Kind.VOLUME and one.subject == "sms" and (one.last_day or 0) > cubes.today - 7)
    ]
    assert [one.key for one in quiet] == []


def test_a_snapshot_is_looked_at_once(sample: Settings, store: Store, cubes: Cubes) -> None:
    settings = sample.model_copy(update={"alerts": ("webhook",)})
    now_us = cubes.snapshot.published_us + DAY_US // 2
    assert watch.look(settings, store, cubes, now_us)
    before = [one.uid for one in store.alerts.all()]
    assert before, "the outage lies in the days looked at, or a source is silent"
    assert not watch.look(settings, store, cubes, now_us + watch.AGAIN_US - 1)
    assert watch.look(settings, store, cubes, now_us + watch.AGAIN_US + 1), "sources may have fallen silent"
    assert [one.uid for one in store.alerts.all()] == before
    store.alerts.settle([], (999, 999), 0, now_us)
    assert all(one.state(now_us) is State.RESOLVED for one in store.alerts.all())


def test_what_stands_is_told_outside_without_a_figure_and_its_end_too(
    sample: Settings, store: Store, cubes: Cubes, further_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = sample.model_copy(update={"alerts": ("webhook",), "state_url": SecretStr("sqlite://")})
    now_us = cubes.snapshot.published_us
    still = [replace(one, stands=True) for one in raised(watched(cubes))]
    monkeypatch.setattr(watch, "raised", lambda _series: still)
    monkeypatch.setattr(watch, "silent_sources", lambda *_: [])
    assert watch.look(settings, store, cubes, now_us)
    told = [one for one in store.incidents.since(0) if one.topic == watch.FIGURES]
    assert sorted(one.key for one in told) == sorted(one.uid for one in store.alerts.all())
    assert not [one for one in told if any(sign.isdigit() for sign in one.title + one.words)]
    assert {note.says for one in told for note in one.notices} == {Says.OPENED}
    monkeypatch.setattr(watch, "raised", lambda _series: [])
    monkeypatch.setattr(cubes, "snapshot", replace(cubes.snapshot, published_us=now_us + 1))
    assert watch.look(settings, store, cubes, now_us + 1)
    assert {one.recovered_us for one in store.incidents.since(0)} == {now_us + 1}
