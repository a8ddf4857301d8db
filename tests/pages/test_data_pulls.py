"""The panel of pulled sources: what is wrong first, in words; nothing for viewers of a part."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from dash import no_update
from plotly.utils import PlotlyJSONEncoder

from callbacks.data_pulls import pulled
from config.permissions import PERMISSIONS, Role
from data import pulls
from data.cubes import Cubes
from data.pulls import PullState
from data.viewer import Scope, Viewer
from remote.breaker import Circuit

VIEWER = Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
DAY = 1_790_000_000_000_000
STATES = (
    PullState("a.toml", source="api", place="https://a.example/v1", plan="every 5 minutes", succeeded_us=DAY),
    PullState("b.toml", source="drop", succeeded_us=DAY, loaded=1_234, refused=5, waiting=1,
              files=tuple((f"{n}.csv", "its SHA-256 is not the one that came with it") for n in range(5))),
    PullState("c.toml", source="crm", circuit=Circuit.OPEN, failures=6, wrong="c.toml: it is broken"),
    PullState("d.toml"),
)  # fmt: skip


@pytest.fixture
def states(cubes: Cubes) -> Iterator[None]:
    for one in STATES:
        pulls.write(cubes.lake.root, one)
    yield
    for one in STATES:
        pulls.forget(cubes.lake.root, one.mapping)


def drawn(cubes: Cubes, viewer: Viewer = VIEWER) -> str:
    panel, _mark = pulled(viewer, cubes, 1, 1, "")
    return json.dumps(panel, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_without_one_it_says_how_there_can_be(cubes: Cubes) -> None:
    said = drawn(cubes)
    assert "No source is pulled by schedule" in said
    assert "Mappings in the folder sources" in said


@pytest.mark.usefixtures("states")
def test_each_source_says_how_it_stands_and_what_is_wrong_comes_first(cubes: Cubes) -> None:
    said = drawn(cubes)
    assert "4 pulled sources: something is wrong with 2 of them" in said
    assert said.index('"crm"') < said.index('"drop"') < said.index('"api"') < said.index('"d.toml"')
    for words in (
        "left alone for a while: it failed 6 times in a row", "c.toml: it is broken",
        "1,234 rows loaded, 5 refused",
        "0.csv: nothing of it is loaded: its SHA-256 is not the one that came with it", "and 2 more files",
        "1 file is not whole yet", "https://a.example/v1", "every 5 minutes", "not tried yet",
    ):  # fmt: skip
        assert words in said


@pytest.mark.usefixtures("states")
def test_it_is_drawn_anew_only_where_a_source_was_tried_and_for_the_whole_plan_alone(cubes: Cubes) -> None:
    _, mark = pulled(VIEWER, cubes, 1, 1, "")
    assert pulled(VIEWER, cubes, 2, 1, mark) == (no_update, no_update)
    pulls.write(cubes.lake.root, PullState("d.toml", failures=1))
    assert pulled(VIEWER, cubes, 3, 1, mark) != (no_update, no_update)
    part = Viewer("a manager", VIEWER.role, VIEWER.permissions, Scope(lines=frozenset({"commercial"})))
    assert pulled(part, cubes, 4, 1, "") == ([], "")
