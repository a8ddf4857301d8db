"""The Overview shows what the one door answers, in words where there is no number."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from dash import Output
from dash.development.base_component import Component
from msgspec import structs
from plotly.utils import PlotlyJSONEncoder

from callbacks.overview import filters_of, wires
from config.settings import Settings
from data.answer import Status
from data.cubes import Cubes, Shelf
from data.filters import Filters, parse
from data.measure import measure
from data.metrics import METRICS
from data.periods import PRESETS, Period
from data.snapshot import Lake
from data.viewer import EVERYTHING, Scope, Viewer
from pages import (
    overview_arms,
    overview_attention,
    overview_campaigns,
    overview_cards,
    overview_grid,
    overview_heat,
    overview_panels,
    overview_rows,
    overview_small,
    questions,
)
from pages.overview import layout
from state.store import Store
from tests.drawn import words
from ui.grid import EMPTY
from ui.numbers import written

QUESTIONS = [
    {},
    {"period": "all_time"},
    {"period": "last_7_days"},
    {"attr.region": "North"},
    {"channel": "email,sms", "compare": "year"},
    {"from": "2026-09-01", "to": "2026-10-31"},
    {"program": "Flu shot"},
]
EMPTY_WORDS = {letter: shown for shown, _, _, letter, _ in EMPTY}


def asked(query: dict[str, str], cubes: Cubes) -> Filters:
    filters, problems = parse(query, cubes, EVERYTHING)
    assert not problems
    return filters


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_card_shows_the_released_value(query: dict[str, str], cubes: Cubes, manager: Viewer) -> None:
    filters = asked(query, cubes)
    answer = questions.cards(filters, manager, cubes)
    shown = overview_cards.cards(filters, manager, cubes)
    assert len(answer.metrics) == 5
    assert len(shown) == 6, "and the card of incremental outcomes"
    for card, name in zip(shown[:5], answer.metrics, strict=True):
        said = words(card)
        value = answer.one(name)
        assert METRICS[name].label in said
        assert written(structs.replace(value, approximate=False), METRICS[name], brief=True) in said
        assert ("≈" in said) >= value.approximate
        assert ("in part" in said) >= (value.status is Status.PARTIAL)


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_panel_is_drawn_and_small(query: dict[str, str], cubes: Cubes, manager: Viewer) -> None:
    filters = asked(query, cubes)
    drawn = {
        "trend": overview_panels.trend(filters, manager, cubes, "dark"),
        "funnel": overview_panels.funnel(filters, manager, cubes),
        "channels": overview_panels.channels(filters, manager, cubes),
        "arms": overview_arms.arms(filters, manager, cubes),
        "cards": overview_cards.cards(filters, manager, cubes),
        "scope": overview_panels.scope(filters, [], manager, cubes),
        "plain": overview_campaigns.campaigns(filters, manager, cubes, {}),
        "grid": overview_grid.contents({}, filters, manager, cubes),
        "frame": overview_grid.frame({}),
        "small": overview_small.small(filters, manager, cubes, "program"),
        "attention": overview_attention.attention(manager, cubes),
        **{
            name: overview_heat.heat_map(filters, manager, cubes, name, "conversion_rate")
            for name in cubes.attributes
        },
    }
    sizes = {
        name: len(json.dumps(part, cls=PlotlyJSONEncoder, separators=(",", ":")))
        for name, part in drawn.items()
    }
    assert max(sizes.values()) < 14_000, sizes


def test_the_campaign_table_holds_the_answer_of_measure(cubes: Cubes, manager: Viewer) -> None:
    filters = Filters(period=Period("all_time"))
    answer = measure(questions.CAMPAIGN, ("campaign",), filters, manager, cubes)
    plain, rows = "", {}
    for page in range(5):
        view = {"sort": "-sent", "page": page}
        plain += words(overview_campaigns.campaigns(filters, manager, cubes, view))
        rows |= {row["id"]: row for row in overview_grid.contents(view, filters, manager, cubes)[1]}
    assert set(rows) == {row.key[0] for row in answer.rows}
    for row in answer.rows:
        assert cubes.campaigns[str(row.key[0])].name in plain
        for name, value in row.values.items():
            told = rows[row.key[0]][name]
            shown = EMPTY_WORDS[told] if isinstance(told, str) else told[0]
            assert shown == written(value, METRICS[name])
            assert name not in questions.CAMPAIGN_SHOWN or written(value, METRICS[name]) in plain


def test_outcomes_to_come_are_marked_and_never_ranked_before_complete_ones(
    cubes: Cubes, manager: Viewer
) -> None:
    filters = Filters(period=Period("all_time"))
    answer = questions.campaigns(filters, manager, cubes)
    for by in ("conversion_rate", "-conversion_rate"):
        rows = overview_rows.ordered(answer.rows, by, filters, cubes)
        told = [row for row in rows if row.values["conversion_rate"].shown]
        done = [questions.complete(cubes.campaigns[str(row.key[0])], filters, cubes) for row in told]
        assert True in done
        assert False in done
        assert done == sorted(done, reverse=True)
    assert "so-far" in words(overview_campaigns.campaigns(filters, manager, cubes, {"sort": "-sent"}))


@pytest.mark.parametrize(
    "given",
    [None, 7, {"sort": "nothing"}, {"sort": 3, "page": "x"}, {"sort": "--sent"}, {"page": -4, "q": [1]}],
)
def test_a_view_that_does_not_exist_is_the_default(given: object) -> None:
    assert overview_rows.view_of(given) == overview_rows.View()


def test_a_period_without_complete_outcomes_is_too_early_to_compare(cubes: Cubes, manager: Viewer) -> None:
    said = words(overview_cards.cards(Filters(), manager, cubes))
    assert "too early to compare" in said
    assert "not causally measured" in said


def test_a_period_before_the_data_is_not_compared(cubes: Cubes, manager: Viewer) -> None:
    filters = asked({"period": "last_12_months"}, cubes)
    said = words(overview_cards.cards(filters, manager, cubes))
    assert "data begin" in said or "no comparison data" in said


def test_unknown_values_are_told_with_the_near_miss(cubes: Cubes, manager: Viewer) -> None:
    filters, problems = parse({"channel": "emial"}, cubes, EVERYTHING)
    said = words(overview_panels.scope(filters, problems, manager, cubes))
    assert "There is no channel 'emial'. Did you mean 'email'?" in said


def test_a_viewer_who_may_not_export_is_offered_no_file(cubes: Cubes, manager: Viewer) -> None:
    executive = Viewer("an executive", "executive", frozenset({"enter", "view_campaigns"}))
    assert ".csv" in words(overview_panels.channels(Filters(), manager, cubes))
    assert ".csv" not in words(overview_panels.channels(Filters(), executive, cubes))


def test_a_campaign_too_small_to_tell_is_withheld_and_shows_no_number(cubes: Cubes, manager: Viewer) -> None:
    filters = Filters(period=Period("all_time"), campaign=("a1c-house-calls",))
    assert "Withheld for privacy" in words(overview_panels.trend(filters, manager, cubes, "light"))
    assert "withheld" in words(overview_campaigns.campaigns(filters, manager, cubes, {}))


def test_arms_stand_for_one_campaign_alone(cubes: Cubes, manager: Viewer) -> None:
    assert overview_arms.arms(Filters(period=Period("all_time")), manager, cubes) == []
    one = Filters(period=Period("all_time"), campaign=("flu-2025",))
    said = words(overview_arms.arms(one, manager, cubes))
    assert "Holdout" in said
    assert "held out" in said


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        (Filters(attributes=(("region", ("North",)),)), "not released together with member attributes"),
        (Filters(channel=("email",)), "Assigned members have no channel"),
    ],
)
def test_arms_that_a_filter_hides_say_why(filters: Filters, why: str, cubes: Cubes, manager: Viewer) -> None:
    one = replace(filters, period=Period("all_time"), campaign=("flu-2025",))
    said = words(overview_arms.arms(one, manager, cubes))
    assert why in said
    assert "flu shot" in said
    assert "within 90 days" in said


def test_arms_with_outcomes_to_come_tell_no_rate_and_are_never_ranked(cubes: Cubes, manager: Viewer) -> None:
    """What a cut tells it tells once it is complete: until then arms have their members, and no rate."""
    filters = questions.all_of("flu-2026-ma")
    rates = [row.values["outcome_rate"] for row in questions.arms(filters, manager, cubes).rows]
    assert not any(value.shown for value in rates)
    said = words(overview_arms.arms(filters, manager, cubes))
    assert "by outcome rate" not in said.split("panel-caption")[0]
    assert "told once complete, by " in said
    assert said.index('"Holdout"') < said.index('"Outreach"')


def test_outcomes_without_a_record_are_so_far_by_the_usual_window_and_lag(
    cubes: Cubes, manager: Viewer
) -> None:
    campaign = next(c for c in cubes.campaigns.values() if not c.recorded)
    assert not questions.complete(campaign, questions.all_of(campaign.id), cubes)
    early = replace(
        questions.all_of(campaign.id),
        period=Period("custom", questions.day_date(cubes.today - 300), questions.day_date(cubes.today - 200)),
    )
    assert questions.complete(campaign, early, cubes)


def test_a_channel_that_reports_no_clicks_says_so_and_a_rate_names_what_it_leaves_out(
    cubes: Cubes, manager: Viewer
) -> None:
    answer = questions.channels(Filters(), manager, cubes)
    rates = {row.key[0]: row.values["message_click_rate"] for row in answer.rows}
    assert rates["email"].shown
    assert rates["sms"].status is Status.NOT_AVAILABLE
    said = words(overview_heat.heat_map(Filters(), manager, cubes, "segment", "click_rate"))
    assert "SMS" in said
    assert "do not report it" in said


@pytest.mark.parametrize("compare", ["previous", "year", "none"])
@pytest.mark.parametrize("period", PRESETS)
def test_every_period_and_comparison_is_drawn(
    period: str, compare: str, cubes: Cubes, manager: Viewer
) -> None:
    filters = asked({"period": period, "compare": compare}, cubes)
    cards = words(overview_cards.cards(filters, manager, cubes))
    scope = words(overview_panels.scope(filters, [], manager, cubes))
    assert ("kpi-change" in cards) == (compare != "none" and period != "all_time")
    assert ("compared with" in scope) == (compare != "none" and period != "all_time")


def test_a_layout_keeps_what_the_address_says_and_survives_what_it_does_not_know(
    cubes: Cubes, manager: Viewer
) -> None:
    said = words(layout(manager, cubes, utm_source="mail", channel="sms", wave="x"))
    assert '"channel": "sms"' in said


def test_an_empty_lake_says_how_the_first_file_comes_in(settings: Settings, manager: Viewer) -> None:
    empty = Shelf(Lake(settings.lake)).current()
    said = words(layout(manager, empty))
    assert "python -m etl import" in said
    for wire in wires.recorded:
        if callable(wire.function):
            inputs = [end for end in wire.ends if not isinstance(end, Output)]
            more = (Store(f"sqlite:///{settings.var / 'state.db'}"),) if wire.store else ()
            assert wire.function(manager, empty, *more, *([{}, 0, None, None][: len(inputs)])) is not None


@pytest.mark.parametrize("query", [None, 3, [], {"channel": 5}, {"period": "never"}, {"attr.": "x"}])
def test_what_a_browser_sends_is_never_trusted(query: object, cubes: Cubes) -> None:
    filters, _ = filters_of(query, EVERYTHING, cubes)
    assert filters == Filters()


def test_a_day_that_a_source_has_not_completed_is_only_part_of_its_bucket(
    cubes: Cubes, manager: Viewer
) -> None:
    figure = overview_panels.trend(Filters(), manager, cubes, "light")
    assert '"/"' in words(figure)
    assert isinstance(figure[0], Component)


def test_viewers_of_different_scope_never_share_an_answer(cubes: Cubes, manager: Viewer) -> None:
    narrow = replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))
    everything = Filters(period=Period("all_time"))
    wide = questions.campaigns(everything, manager, cubes)
    limited = questions.campaigns(everything, narrow, cubes)
    assert {cubes.campaigns[str(row.key[0])].program for row in limited.rows} == {"Flu shot"}
    assert len(wide.rows) > len(limited.rows)
    assert questions.campaigns(everything, replace(manager, name="another"), cubes) is wide


@pytest.mark.parametrize(
    ("first", "last", "by", "found"),
    [
        (100, 103, "day", [100, 101, 102, 103]),
        (20605, 20626, "week", [20605, 20612, 20619, 20626]),
        (202511, 202602, "month", [202511, 202512, 202601, 202602]),
    ],
)
def test_a_bucket_in_which_nothing_happened_keeps_its_place(
    first: int, last: int, by: str, found: list[int]
) -> None:
    assert questions.buckets_between(first, last, by) == found


def test_a_card_that_nobody_reports_is_not_available_rather_than_nothing(
    cubes: Cubes, manager: Viewer
) -> None:
    filters, problems = parse({"channel": "sms", "attr.region": "North"}, cubes, manager)
    assert not problems
    assert questions.cards(filters, manager, cubes).one("message_click_rate").status is Status.NOT_AVAILABLE


def test_an_attribute_without_its_prefix_is_said(cubes: Cubes, manager: Viewer) -> None:
    assert parse({"region": "North"}, cubes, manager)[1] == ["Write attr.region to filter by region."]
