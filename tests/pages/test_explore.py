"""Explore: every answer is the door's, what cannot be told says why, and order tells nothing withheld."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes
from data.dimensions import DIMENSIONS
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.question import ONE_AT_A_TIME
from data.viewer import Scope, Viewer
from pages import explore_chart, explore_scope, explore_table
from pages.explore import first_questions, layout, options
from pages.explore_asked import TABLES, Asked, answer, asked, dimensions, grouped, whole
from pages.explore_words import apart, no_total
from tests.drawn import words

PLAIN = {"metrics": "sent,click_rate,reach", "by": "channel"}


def panel(view: Asked, viewer: Viewer, cubes: Cubes) -> str:
    told, total = answer(view, viewer, cubes), whole(view, viewer, cubes)
    return words(explore_table.panel_of(view, told, total, viewer, cubes))


def test_every_metric_can_be_chosen_and_every_dimension_asked_by(cubes: Cubes, manager: Viewer) -> None:
    assert [one.name for one in grouped()] == list(dict.fromkeys(one.name for one in grouped()))
    assert {one.name for one in grouped()} == set(METRICS)
    assert set(dimensions(manager, cubes)) >= set(DIMENSIONS)
    assert set(options()) == set(METRICS)


def test_the_table_is_what_the_door_answers(cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent,delivered", "by": "month,program", "period": "all_time"}, manager, cubes)
    assert not view.problems
    told = measure(view.metrics, view.by, view.filters, manager, cubes)
    assert [row.key for row in told.rows] == [row.key for row in answer(view, manager, cubes).rows]
    assert told.column("sent") == answer(view, manager, cubes).column("sent")
    total = measure(("sent",), (), view.filters, manager, cubes).one("sent")
    assert f"{total.value:,.0f}" in panel(view, manager, cubes)


def test_what_is_unknown_is_said_and_left_out(cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent,nonsense", "by": "day,week,chanel", "sort": "cost"}, manager, cubes)
    assert (view.metrics, view.by, view.sort) == (("sent",), ("day",), "")
    assert len(view.problems) == 3
    assert "There is no metric 'nonsense'." in view.problems[0]
    many = asked({"metrics": ",".join(METRICS)}, manager, cubes)
    assert len(many.metrics) == 8
    assert asked([("metrics", "sent")], manager, cubes).metrics == ()


def test_an_address_says_the_question_again(cubes: Cubes, manager: Viewer) -> None:
    query = {"metrics": "sent,click_rate", "by": "month,channel", "shape": "heat", "sort": "-click_rate"}
    view = asked({**query, "attr.region": "North", "period": "all_time"}, manager, cubes)
    assert asked(view.query(), manager, cubes) == view


def test_cuts_that_are_not_told_together_name_the_one_to_drop(cubes: Cubes, manager: Viewer) -> None:
    offered = [name for name, one in DIMENSIONS.items() if one.kind == "cut"] + list(cubes.attributes)
    refused = 0
    for pair in combinations(offered, 2):
        view = asked({"metrics": "sent,assigned", "by": ",".join(pair)}, manager, cubes)
        told = answer(view, manager, cubes)
        if ONE_AT_A_TIME not in told.notes:
            assert apart(view, told, manager, cubes) == []
            continue
        refused += 1
        ways = apart(view, told, manager, cubes)
        assert len(ways) == 2
        for _, fewer in ways:
            assert ONE_AT_A_TIME not in answer(fewer, manager, cubes).notes
        said = words(explore_scope.scope(view, told, manager, cubes))
        assert "not released together" in said
        assert "face-withheld" in panel(view, manager, cubes)
    assert refused > 3


def test_a_filter_that_stands_in_the_way_can_be_dropped_too(cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent", "by": "wave", "attr.region": "North"}, manager, cubes)
    ways = apart(view, answer(view, manager, cubes), manager, cubes)
    assert {label for label, _ in ways} == {"wave", "region"}
    assert any(not one.filters.attributes for _, one in ways)


def test_only_what_adds_up_has_a_total_and_the_rest_a_reason(cubes: Cubes, manager: Viewer) -> None:
    view = asked(PLAIN, manager, cubes)
    drawn = panel(view, manager, cubes)
    assert drawn.count("no total") == 2
    assert no_total(view) == [
        "No total for Click rate: numerators and denominators are summed first, then divided.",
        "No total for Members reached: a member may be in several parts, so that each question counts anew.",
    ]
    by_outcome = asked({"metrics": "assigned", "by": "outcome"}, manager, cubes)
    assert "several outcomes" in no_total(by_outcome)[0]


def test_what_is_withheld_comes_last_in_the_order_of_names(cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent", "by": "program", "sort": "-sent"}, manager, cubes)
    hidden = Released(None, Status.WITHHELD)
    values = {"Zeta": 5.0, "Beta": None, "Alpha": None, "Gamma": 50.0}
    rows = tuple(
        Row((name,), {"sent": hidden if value is None else Released(value, Status.RELEASED)})
        for name, value in values.items()
    )
    told = Answer(("sent",), ("program",), rows, 1, "", {})
    for sort, order in (("-sent", "Gamma Zeta Alpha Beta"), ("sent", "Zeta Gamma Alpha Beta")):
        found = explore_table.in_order(replace(view, sort=sort), told, cubes)
        assert " ".join(str(row.key[0]) for row in found) == order


@pytest.mark.parametrize(
    ("by", "shape", "drawn"),
    [
        ("", "best", "none"),
        ("channel", "best", "bars"),
        ("month", "best", "lines"),
        ("month,channel", "heat", "heat"),
        ("channel,region", "best", "heat"),
        ("channel", "lines", "bars"),
        ("channel,month", "none", "none"),
    ],
)
def test_the_shape_that_fits_is_drawn(by: str, shape: str, drawn: str, cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent", "by": by, "shape": shape}, manager, cubes)
    assert view.drawn == drawn
    told = answer(view, manager, cubes)
    shown = words(explore_chart.panel_of(view, told, [], manager, cubes, "light"))
    assert ("chart-frame" in shown) == (drawn == "lines")
    assert ("heat" in shown) == (drawn == "heat")
    said = words(explore_scope.scope(view, told, manager, cubes))
    assert ("Lines need a day" in said) == (shape == "lines")


def test_what_no_source_reports_says_so_and_can_be_left_out(cubes: Cubes, manager: Viewer) -> None:
    view = asked({"metrics": "sent,assigned", "by": "channel"}, manager, cubes)
    said = words(explore_scope.scope(view, answer(view, manager, cubes), manager, cubes))
    assert "Assigned" in said
    assert "Leave it out" in said
    assert "not available" in panel(view, manager, cubes)


def test_a_campaign_out_of_scope_is_in_no_answer(cubes: Cubes) -> None:
    line = next(iter({c.line_of_business for c in cubes.campaigns.values()}))
    own = Viewer(
        "somebody", "manager", frozenset({"view_campaigns", "export"}), Scope(None, frozenset({line}))
    )
    others = [c for c in cubes.campaigns.values() if c.line_of_business != line]
    assert others
    view = asked({"metrics": "sent", "by": "campaign", "period": "all_time"}, own, cubes)
    drawn = panel(view, own, cubes) + words(layout(own, cubes, **view.query()))
    assert [c.name for c in others if c.name in drawn] == []


def test_the_file_asks_the_same_and_nothing_that_is_not_there(cubes: Cubes, manager: Viewer) -> None:
    (table,) = TABLES
    told = table.answer(Filters(), manager, cubes, PLAIN)
    assert told.column("reach") == answer(asked(PLAIN, manager, cubes), manager, cubes).column("reach")
    for query in ({}, {"metrics": "nonsense"}, {"metrics": "sent", "by": "nonsense"}):
        with pytest.raises(LookupError):
            table.answer(Filters(), manager, cubes, query)


def test_the_first_questions_have_answers(cubes: Cubes, manager: Viewer) -> None:
    shown = words(first_questions(manager, cubes))
    assert shown.count("/explore?") == 3
    for metrics, by in (
        ("members_delivered", "channel"),
        ("sent", "month,channel"),
        ("click_rate", "region"),
    ):
        view = asked({"metrics": metrics, "by": by}, manager, cubes)
        assert any(value.shown for value in answer(view, manager, cubes).column(metrics))
