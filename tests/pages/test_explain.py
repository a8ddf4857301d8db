"""A change on a card is taken apart into released parts that add up to it, on the real lake."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters, parse
from data.metrics import METRICS
from data.periods import day_number
from data.viewer import EVERYTHING, Scope, Viewer
from insight.explain import NOT_TOLD
from pages import explain, overview_cards, overview_explain, questions
from pages.overview import layout
from pages.registry import TABLES
from pages.table import ListTable
from state.store import Store
from tests.drawn import words

PERIODS: tuple[dict[str, str], ...] = (
    {},
    {"period": "last_month"},
    {"period": "last_7_days"},
    {"from": "2026-09-01", "to": "2026-10-31"},
    {"from": "2026-10-05", "to": "2026-10-20", "channel": "email,sms"},
    {"period": "last_month", "program": "Flu shot"},
    {"from": "2026-01-01", "to": "2026-03-31", "compare": "previous"},
)
EXPLAINED = (
    "delivered_rate",
    "message_click_rate",
    "conversion_rate",
    "opt_outs_per_1000",
    "members_delivered",
    "sent",
)


def asked(query: dict[str, str], cubes: Cubes) -> Filters:
    filters, problems = parse(query, cubes, EVERYTHING)
    assert not problems
    return filters


@pytest.mark.parametrize("query", PERIODS)
def test_the_parts_add_up_to_the_change_of_every_figure_by_every_cut(
    query: dict[str, str], cubes: Cubes, manager: Viewer
) -> None:
    filters, told = asked(query, cubes), 0
    for name in EXPLAINED:
        metric = METRICS[name]
        for cut in explain.cuts(metric, manager, cubes):
            found = explain.explained(metric, cut, filters, manager, cubes)
            assert found is not None
            if not found.lines:
                assert found.reason or not found.change
                continue
            told += 1
            assert sum(line.effect.both for line in found.lines) == pytest.approx(found.change, abs=1e-9)
    assert told >= 5


def test_what_is_withheld_stands_as_not_told_and_has_no_value(cubes: Cubes, manager: Viewer) -> None:
    hidden = 0
    for query in PERIODS:
        for cut in cubes.attributes:
            found = explain.explained(METRICS["delivered_rate"], cut, asked(query, cubes), manager, cubes)
            for line in found.lines if found else ():
                if line.effect.part == NOT_TOLD:
                    hidden += 1
                    assert line.before is None
                    assert line.now is None
    assert hidden


def test_distinct_members_are_not_taken_apart(cubes: Cubes, manager: Viewer) -> None:
    assert explain.explainable("reach") is None
    assert explain.explainable("engagement_rate") is None
    assert explain.explainable("cost_per_send") is None
    assert explain.explainable("nothing") is None
    assert explain.explainable(7) is None


def test_assigned_members_have_no_channel_to_be_taken_apart_by(cubes: Cubes, manager: Viewer) -> None:
    assert "channel" not in explain.cuts(METRICS["outcome_rate"], manager, cubes)
    assert "campaign" in explain.cuts(METRICS["outcome_rate"], manager, cubes)


def test_a_change_on_a_card_leads_to_its_parts(cubes: Cubes, manager: Viewer, store: Store) -> None:
    filters = asked({"period": "last_month"}, cubes)
    said = words(overview_cards.cards(filters, manager, cubes))
    assert "explain=delivered_rate#overview-explain" in said
    assert "explain=reach" not in said
    assert (
        words(layout(manager, cubes, period="last_month", explain="delivered_rate")).count("explain-by") >= 1
    )
    assert "overview-explain-by" not in words(layout(manager, cubes, explain="reach"))
    panel = overview_explain.parts("delivered_rate", "channel", filters, manager, cubes, store)
    found = explain.explained(METRICS["delivered_rate"], "channel", filters, manager, cubes)
    assert found is not None
    assert f"{abs(100 * found.change):.2f} pt" in words(panel)
    assert "E-mail" in words(panel)
    now = questions.cards(filters, manager, cubes).one("delivered_rate")
    assert now.status in (Status.RELEASED, Status.PARTIAL)


@pytest.mark.parametrize("given", [None, 7, "nothing", "attr", {"a": 1}, "__class__"])
def test_what_a_browser_sends_is_never_trusted(
    given: Any, cubes: Cubes, manager: Viewer, store: Store
) -> None:
    filters = asked({"period": "last_month"}, cubes)
    assert overview_explain.parts(given, given, filters, manager, cubes, store) == []
    assert overview_explain.parts("delivered_rate", given, filters, manager, cubes, store)


def test_notes_of_both_periods_stand_beside_it_and_others_do_not(
    cubes: Cubes, manager: Viewer, store: Store
) -> None:
    filters = asked({"from": "2026-10-01", "to": "2026-10-31"}, cubes)
    for on, text in (("2026-10-07", "inside"), ("2026-09-20", "earlier"), ("2026-06-01", "long ago")):
        store.add_note(None, day_number(date.fromisoformat(on)), text, "somebody")
    said = words(overview_explain.parts("delivered_rate", "channel", filters, manager, cubes, store))
    assert "Note: inside" in said
    assert "Note: earlier" in said
    assert "long ago" not in said
    limited = Viewer("", "", manager.permissions, Scope(programs=frozenset({"Flu shot"})))
    said = words(overview_explain.parts("delivered_rate", "campaign", filters, limited, cubes, store))
    assert "Note:" not in said
    others = [one.name for one in cubes.campaigns.values() if one.program != "Flu shot"]
    assert not [name for name in others if name in said]


def test_an_answer_stays_short(cubes: Cubes, manager: Viewer, store: Store) -> None:
    filters = asked({"period": "last_month"}, cubes)
    for cut in explain.cuts(METRICS["delivered_rate"], manager, cubes):
        made = overview_explain.parts("delivered_rate", cut, filters, manager, cubes, store)
        assert len(json.dumps(made, cls=PlotlyJSONEncoder, separators=(",", ":"))) < 14_000


def test_the_file_has_the_parts_of_the_screen_and_adds_up(
    cubes: Cubes, manager: Viewer, store: Store
) -> None:
    table = TABLES["overview"]["explain"]
    assert isinstance(table, ListTable)
    filters, told = asked({"period": "last_month"}, cubes), 0
    for name in EXPLAINED:
        for cut in explain.cuts(METRICS[name], manager, cubes):
            listing = table.listing(manager, cubes, {"explain": name, "cut": cut}, None, filters)
            rows: list[dict[str, Any]] = [
                dict(zip(listing.columns, row, strict=True)) for row in listing.rows
            ]
            found = explain.explained(METRICS[name], cut, filters, manager, cubes)
            assert found is not None
            if found.reason:
                assert [(row["reason"], row["change"]) for row in rows] == [(found.reason, None)]
                continue
            told += 1
            assert sum(row["change"] for row in rows) == pytest.approx(found.change, abs=1e-9)
            assert [row["part"] for row in rows] == [line.name for line in found.lines]
            for row, line in zip(rows, found.lines, strict=True):
                assert row["before"] == (line.before.value if line.before else None)
                assert row["now"] == (line.now.value if line.now else None)
                assert row["suppressed"] is (line.effect.part == NOT_TOLD)
    assert told >= 5
    panel = words(overview_explain.parts("delivered_rate", "channel", filters, manager, cubes, store))
    assert "/overview/explain.csv?" in panel or "export" not in manager.permissions
    for wrong in ("reach", "cost", "nothing"):
        with pytest.raises(LookupError):
            table.listing(manager, cubes, {"explain": wrong}, None, filters)
