"""The panel of what is wrong: what, since when, who was told and how; nothing for viewers of a part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dash import no_update
from plotly.utils import PlotlyJSONEncoder

from callbacks.data_wrong import wrong
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.clocks import DAY_US
from data.cubes import Cubes
from data.viewer import Scope, Viewer
from pages.data_questions import now_us
from state.incidents import Found
from state.store import Store

VIEWER = Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
BLOCKED = Found("publish", "publish-blocked", "publishing is blocked", "A cell must stand once.", urgent=True)
QUIET = Found("quiet:crm", "source-quiet", "the source crm is quiet", "It was weekly.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield made
    made.close()


@pytest.fixture
def told(settings: Settings) -> Settings:
    return settings.model_copy(update={"alerts": ("mail", "slack")})


def drawn(cubes: Cubes, store: Store, settings: Settings, viewer: Viewer = VIEWER) -> str:
    panel, _mark = wrong(viewer, cubes, store, settings, 1, 1, "")
    return json.dumps(panel, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_nothing_is_wrong_and_nobody_is_told(cubes: Cubes, store: Store, settings: Settings) -> None:
    said = drawn(cubes, store, settings)
    assert "Nothing is wrong" in said
    assert "Nobody is told of it: REACHBOARD_ALERTS names no way" in said
    assert not (Path(store.database.url.removeprefix("sqlite:///"))).exists(), "looking makes no database"


def test_what_is_wrong_stands_with_who_was_told(cubes: Cubes, store: Store, told: Settings) -> None:
    now = now_us()
    store.incidents.settle("loading", [QUIET, BLOCKED], told.alerts, now - 3 * DAY_US)
    for outcome in ("told", "missed"):
        claimed = store.incidents.claim(told.alerts, now)
        assert claimed is not None
        if outcome == "told":
            store.incidents.told(claimed[0], now)
        else:
            store.incidents.missed(claimed[0], "it answered 503", now + 1)
    said = drawn(cubes, store, told)
    assert "2 things are wrong, the first since" in said
    assert "Told once when it begins and once when it is over, by e-mail, Slack." in said
    assert '"not yet, tried once: it answered 503", {"props": {"children": "Slack"}' in said
    assert "Publishing is blocked" in said
    store.incidents.settle("loading", [BLOCKED], told.alerts, now)
    said = drawn(cubes, store, told)
    assert "One thing is wrong since" in said
    assert "after 3 days" in said
    store.incidents.settle("loading", [], told.alerts, now)
    assert "Nothing is wrong now" in drawn(cubes, store, told)


def test_what_was_over_long_ago_is_gone_and_what_is_open_stays(
    cubes: Cubes, store: Store, told: Settings
) -> None:
    long_ago = now_us() - 60 * DAY_US
    store.incidents.settle("loading", [QUIET, BLOCKED], (), long_ago)
    store.incidents.settle("loading", [BLOCKED], (), long_ago + DAY_US)
    said = drawn(cubes, store, told)
    assert "publishing is blocked" in said
    assert "crm" not in said
    assert '"nobody"' in said


def test_it_is_drawn_anew_only_where_something_moved(cubes: Cubes, store: Store, told: Settings) -> None:
    store.incidents.settle("loading", [BLOCKED], told.alerts, now_us())
    _, mark = wrong(VIEWER, cubes, store, told, 1, 1, "")
    assert wrong(VIEWER, cubes, store, told, 2, 1, mark) == (no_update, no_update)
    claimed = store.incidents.claim(told.alerts, now_us())
    assert claimed is not None
    store.incidents.told(claimed[0], now_us())
    assert wrong(VIEWER, cubes, store, told, 3, 1, mark)[1] != mark


def test_a_viewer_of_a_part_is_told_nothing(cubes: Cubes, store: Store, told: Settings) -> None:
    store.incidents.settle("loading", [BLOCKED], told.alerts, now_us())
    narrow = replace(VIEWER, scope=Scope(lines=frozenset({"Medicaid"})))
    assert drawn(cubes, store, told, narrow) == "[]"


def test_many_of_them_stay_a_short_panel(cubes: Cubes, store: Store, told: Settings) -> None:
    many = [replace(QUIET, key=f"quiet:{n}", title=f"the source s{n} is quiet") for n in range(60)]
    store.incidents.settle("loading", many, told.alerts, now_us())
    said = drawn(cubes, store, told)
    assert "and 40 earlier ones" in said
    assert len(said) < 16_000
