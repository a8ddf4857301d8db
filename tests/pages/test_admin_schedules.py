"""What runs by the clock: how often, how it ended, when it is next, and what stands still."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from callbacks.admin import schedules
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data import pulls, runs
from data.cubes import Cubes
from data.pulls import PullState
from data.runs import RunRecord
from data.viewer import Scope, Viewer
from etl.runs import add
from pages import admin
from pages.admin_ids import Ids
from remote.breaker import Circuit
from state.incidents import Found
from state.pushes import TargetState
from state.store import Store

HELD = frozenset(PERMISSIONS[Role.ADMINISTRATOR])
ADMIN = Viewer("an administrator", Role.ADMINISTRATOR, HELD)
LIMITED = replace(ADMIN, scope=Scope(lines=frozenset({"Commercial"})))
MINUTE = 60_000_000
REFRESH = "Refresh of the figures"


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.state)


@pytest.fixture
def last_run(cubes: Cubes) -> Iterator[None]:
    """Takes back what a test says of runs."""
    path = runs.path_of(cubes.lake.root)
    before = path.read_bytes() if path.exists() else None
    yield
    path.unlink() if before is None else path.write_bytes(before)


def drawn(cubes: Cubes, store: Store, settings: Settings, viewer: Viewer = ADMIN) -> dict[str, list[str]]:
    """What the panel says, by the first cell of its rows; its title under `title`."""
    panel = json.loads(
        json.dumps(schedules(viewer, cubes, store, settings, None), cls=PlotlyJSONEncoder, ensure_ascii=False)
    )
    rows = {row[0]: row for row in (texts(one) for one in of_type(panel, "Tr")) if row}
    return rows | {"title": texts(next(iter(of_type(panel, "H2")), []))}


def of_type(found: object, name: str) -> Iterator[object]:
    if isinstance(found, dict) and found.get("type") == name:
        yield found
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from of_type(one, name)


def texts(found: object) -> list[str]:
    if isinstance(found, str):
        return [found]
    if isinstance(found, dict):
        return texts(found["props"].get("children"))
    return [text for one in found for text in texts(one)] if isinstance(found, list) else []


def ran(cubes: Cubes, ended: str, minutes_ago: float) -> None:
    started = time.time_ns() // 1000 - int(minutes_ago * MINUTE)
    add(cubes.lake.root, RunRecord(started, 4.2, "scheduled", ended, "It says so.", 1))


@pytest.mark.usefixtures("last_run")
def test_a_run_says_how_it_ended_and_when_it_is_next(cubes: Cubes, store: Store, settings: Settings) -> None:
    ran(cubes, "published", 1)
    told = drawn(cubes, store, settings)
    _, often, last, ended, due = told[REFRESH]
    assert (often, ended) == (f"every {settings.refresh_minutes} minutes", "published after 4 s")
    assert last != due != "now"
    assert told["title"] == ["What runs by the clock"]


@pytest.mark.usefixtures("last_run")
@pytest.mark.parametrize(
    ("ended", "ago", "said"), [("failed", 1, "failed after 4 s"), ("published", 600, "stands still")]
)
def test_a_failure_and_a_schedule_that_stands_still_are_said_first(
    cubes: Cubes, store: Store, settings: Settings, ended: str, ago: float, said: str
) -> None:
    ran(cubes, ended, ago)
    told = drawn(cubes, store, settings)
    assert told[REFRESH][3] == said
    assert told["title"] == ["What runs by the clock: something is wrong with refresh of the figures"]


@pytest.fixture
def pulled(cubes: Cubes) -> Iterator[None]:
    """One source that works and one that does not."""
    states = (
        PullState("a.toml", source="api", plan="every 5 minutes", succeeded_us=MINUTE, tried_us=MINUTE),
        PullState("c.toml", source="crm", circuit=Circuit.OPEN, failures=6),
    )
    for one in states:
        pulls.write(cubes.lake.root, one)
    yield
    for one in states:
        pulls.forget(cubes.lake.root, one.mapping)


@pytest.mark.usefixtures("pulled")
def test_each_pulled_source_stands_with_its_plan(cubes: Cubes, store: Store, settings: Settings) -> None:
    told = drawn(cubes, store, settings)
    assert told["Pull of api"][1] == "every 5 minutes"
    assert told["Pull of crm"][3] == "left alone for a while: it failed 6 times in a row"
    assert "something is wrong with" in told["title"][0]


def test_messages_say_whether_some_wait(cubes: Cubes, store: Store, settings: Settings) -> None:
    name = "Messages when something is wrong"
    assert "never" in drawn(cubes, store, settings)[name]
    alone = settings.model_copy(update={"alerts": (("mail", "smtp"),)})
    assert "nothing to tell yet" in drawn(cubes, store, alone)[name]
    now = time.time_ns() // 1000
    store.incidents.settle("runs", [Found("k", "run-failed", "A run failed", "It did.")], ["mail"], now)
    assert "1 to be told" in drawn(cubes, store, alone)[name]


def test_who_sees_a_part_of_the_plan_sees_no_schedule(cubes: Cubes, store: Store, settings: Settings) -> None:
    assert schedules(LIMITED, cubes, store, settings, None) == []
    layout: Component = admin.layout(LIMITED, cubes)
    assert Ids.SCHEDULES not in json.dumps(layout, cls=PlotlyJSONEncoder)


def test_targets_of_the_monthly_export_stand_there_with_what_failed_last(
    cubes: Cubes, store: Store, settings: Settings
) -> None:
    works = TargetState("warehouse", plan="every day at 05:30", succeeded_us=1, tried_us=1, next_us=1)
    fails = replace(works, name="lake", circuit=Circuit.OPEN, failures=3, wrong="lake.toml: it broke off")
    for one in (works, fails):
        store.pushes.write(one)
    found = drawn(cubes, store, settings)
    assert found["Push to warehouse"][1] == "every day at 05:30"
    assert "works" in found["Push to warehouse"]
    assert "left alone for a while: it failed 3 times in a row" in found["Push to lake"]
    assert "lake.toml: it broke off" in found["Push to lake"]
    assert "push to lake" in found["title"][0]
