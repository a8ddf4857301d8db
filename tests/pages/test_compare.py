"""Compare: equal days since launch, totals of whole groups, maturity said, and nothing from out of scope."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from dash._utils import to_json

from config.settings import Settings
from config.suggest import nearest
from data.answer import Released, Status
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period, day_date
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from pages import compare_curve, compare_offers, compare_questions, compare_table, compare_words
from pages.compare import layout
from pages.compare_chosen import CURVES, WINDOWS, Chosen, Launched, chosen, launched
from pages.compare_ranks import TOO_CLOSE, Standing, best
from tests.drawn import words

FLU = "flu-2026-co,flu-2025,flu-2026-ma,flu-2026-md"
PAIRS = [FLU, "a1c-2026-co,a1c-2025-co", "refill-2026,refill-2026-co", "mammogram-2026-co,wellchild-2026-md"]
COLUMN = {"conversions": "members_converted"}


def asked(viewer: Viewer, cubes: Cubes, campaigns: str = FLU, **query: str) -> Chosen:
    found = chosen({"campaign": campaigns, **query}, viewer, cubes)
    assert not found.problems
    return found


@pytest.mark.parametrize("campaigns", PAIRS)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_step_of_the_curve_is_what_measure_answers_for_those_days(
    campaigns: str, window: str, cubes: Cubes, manager: Viewer
) -> None:
    for metric in CURVES:
        question = asked(manager, cubes, campaigns, window=window, metric=metric)
        launches = {one.campaign.id: one for one in launched(question, manager, cubes)}
        for row in compare_questions.curve(question, manager, cubes).rows:
            one, day = launches[str(row.key[0])], int(str(row.key[1]))
            assert one.launch is not None
            start = one.launch
            if METRICS[metric].without_channel and one.first_day is not None:
                start = min(start, one.first_day)
            period = Period("custom", day_date(start), day_date(one.launch + day - 1))
            filters = Filters(period=period, campaign=(one.campaign.id,), compare="none")
            assert row.values[metric] == measure((metric,), (), filters, manager, cubes).one(metric)


def test_a_whole_step_equals_the_members_counted_in_the_lake(
    cubes: Cubes, manager: Viewer, sample: Settings
) -> None:
    lake = Lake(sample.lake)
    cells = lake.frame("cells", cubes.snapshot.versions["cells"])
    compared = 0
    for metric in ("members_delivered", "members_clicked", "conversions", "with_outcome"):
        column = COLUMN.get(metric, metric)
        for campaigns in PAIRS:
            question = asked(manager, cubes, campaigns, window="whole", metric=metric)
            launches = {o.campaign.id: o for o in launched(question, manager, cubes)}
            for row in compare_questions.curve(question, manager, cubes).rows:
                value, launch = row.values[metric], launches[str(row.key[0])].launch
                if value.status is not Status.RELEASED or launch is None:
                    continue
                own = cells.filter(
                    (pl.col("campaign") == row.key[0])
                    & pl.col("kind").is_in(["message", "assignment"])
                    & (pl.col("day") < launch + int(str(row.key[1])))
                )
                assert value.value == own[column].sum()
                compared += bool(value.value)
    assert compared > 20


def test_the_steps_lie_where_no_group_is_open(cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes, window="whole", metric="members_clicked")
    for one in launched(question, manager, cubes):
        assert one.launch is not None
        alone = Filters(period=Period("all_time"), campaign=(one.campaign.id,))
        groups = measure(("members_clicked",), (), alone, manager, cubes).groups("members_clicked")
        rows = compare_questions.curve(question, manager, cubes).rows
        for day in [int(str(row.key[1])) for row in rows if row.key[0] == one.campaign.id]:
            last = one.launch + day - 1
            assert groups.filter((pl.col("first_day") <= last) & (pl.col("last_day") > last)).is_empty()


def test_all_are_counted_over_equally_many_days(cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes)
    campaigns = launched(question, manager, cubes)
    days = compare_questions.days_of(question, manager, cubes)
    assert days == min(one.reached for one in campaigns) > 30
    for one in campaigns:
        period = compare_questions.over(one, METRICS["click_rate"], days, question).period
        assert one.launch is not None
        assert period.days(cubes.today) == (one.launch, one.launch + days - 1)
    answer = compare_questions.table(question, manager, cubes)
    whole = compare_questions.table(replace(question, window="whole"), manager, cubes)
    assert [row.key[0] for row in answer.rows] == FLU.split(",")
    sent = [
        (a.values["sent"].value, b.values["sent"].value) for a, b in zip(answer.rows, whole.rows, strict=True)
    ]
    assert all((one or 0) <= (other or 0) for one, other in sent)
    assert any(one != other for one, other in sent)
    assert f"first {days} days since launch" in answer.sentence


def test_reach_over_equal_days_counts_no_fewer_members_than_its_months(cubes: Cubes, manager: Viewer) -> None:
    """Nothing happened before launch: widened to its months the same members are counted, all of them."""
    question = asked(manager, cubes, "a1c-2025-co,wellchild-2026-co")
    answer = compare_questions.table(question, manager, cubes)
    whole = compare_questions.table(replace(question, window="whole"), manager, cubes)
    for row, other in zip(answer.rows, whole.rows, strict=True):
        assert row.values["reach"].status is not Status.PARTIAL
        assert row.values["reach"].value == pytest.approx(other.values["reach"].value, abs=10)


def test_outcomes_that_are_still_to_come_are_said_and_never_ranked(cubes: Cubes, manager: Viewer) -> None:
    through = cubes.snapshot.clocks["outcomes_through"]
    question = asked(manager, cubes, "flu-2026-co,flu-2025")
    young, old = launched(question, manager, cubes)
    days = compare_questions.days_of(question, manager, cubes)
    metric = METRICS["outcome_rate"]
    assert young.launch is not None
    assert young.launch > through["flu_shot"]
    assert young.observed == 0
    assert not compare_questions.complete(young, metric, days, question, manager, cubes)
    assert compare_questions.complete(old, metric, days, question, manager, cubes)
    assert compare_questions.complete(young, METRICS["click_rate"], days, question, manager, cubes)
    said = words(compare_words.scope(question, manager, cubes))
    assert f"A has 0 of {days} days of outcomes: outcomes are shown so far, and not compared." in said
    table = words(compare_table.panel_of(question, manager, cubes))
    assert "so-far" in table
    curve = words(compare_curve.panel_of(replace(question, metric="with_outcome"), manager, cubes, "light"))
    assert '"dash": "dash"' in curve


def test_the_days_with_all_outcomes_in_are_offered(cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes, "refill-2026,refill-2026-co")
    ripe = compare_questions.ripe(question, manager, cubes)
    days = compare_questions.days_of(question, manager, cubes)
    assert ripe is not None
    assert days is not None
    assert 0 < ripe < days
    said = words(compare_words.scope(question, manager, cubes))
    assert f"B has {ripe} of {days} days of outcomes. " in said
    assert f"Compare the first {ripe} days" in said
    assert "window=outcomes" in said
    equal = replace(question, window="outcomes")
    assert compare_questions.days_of(equal, manager, cubes) == ripe


@pytest.fixture
def flu(cubes: Cubes) -> Launched:
    return Launched(cubes.campaigns["flu-2025"], 20000, True, 20000, 20080, 90, 90)


def rate(k: int, n: int, status: Status = Status.RELEASED) -> Released:
    return Released(k / n, status, k, n)


def verdict(flu: Launched, first: Released, second: Released, name: str = "click_rate") -> tuple[str, str]:
    standings = [Standing("A", flu, first, True), Standing("B", flu, second, True)]
    found, reason = best(METRICS[name], standings)
    return (found.tag if found else ""), reason


def test_best_is_who_is_ahead_by_more_than_chance(flu: Launched) -> None:
    assert verdict(flu, rate(100, 1000), rate(200, 1000)) == ("B", "")
    assert verdict(flu, rate(100, 1000), rate(105, 1000)) == ("", TOO_CLOSE)
    assert verdict(flu, rate(100, 1000), rate(200, 1000), "opt_out_rate") == ("A", "")
    assert verdict(flu, rate(0, 20), rate(1, 20)) == ("", TOO_CLOSE)


def test_a_best_is_never_named_where_they_cannot_be_compared(flu: Launched) -> None:
    full = rate(500, 1000)
    assert verdict(flu, full, rate(1, 1000, Status.PARTIAL))[1] == "not ranked: counted in part in B"
    assert verdict(flu, Released(None, Status.WITHHELD), full)[1] == "not ranked: withheld in A"
    assert verdict(flu, full, Released(None, Status.NOT_AVAILABLE))[1] == "not ranked: not available in B"
    assert verdict(flu, Released(None, Status.RELEASED), full)[1] == "not ranked: nothing to count in A"
    assert verdict(flu, full, rate(1, 1000), "members_clicked") == ("", "")


def test_who_counts_only_some_channels_is_not_ranked(flu: Launched) -> None:
    standings = [
        Standing("A", flu, rate(100, 1000), True),
        Standing("B", flu, rate(300, 1000), True, whole=False),
    ]
    assert best(METRICS["click_rate"], standings) == (None, "not ranked: some channels of B do not report it")


def test_outcomes_are_ranked_only_by_one_definition_and_maturity(flu: Launched) -> None:
    def of(second: Launched, complete: bool = True) -> tuple[str, str]:
        standings = [
            Standing("A", flu, rate(100, 1000), True),
            Standing("B", second, rate(300, 1000), complete),
        ]
        found, reason = best(METRICS["outcome_rate"], standings)
        return (found.tag if found else ""), reason

    def changed(**fields: object) -> Launched:
        record = json.loads(flu.campaign.record) | fields
        outcome = str(record.get("outcome"))
        return replace(flu, campaign=replace(flu.campaign, record=json.dumps(record), outcome=outcome))

    assert of(flu) == ("B", "")
    assert of(flu, False)[1] == "not ranked: outcomes of B still to come"
    assert of(changed(outcome="a1c_test"))[1] == "not ranked: their outcomes differ"
    assert of(changed(window_days=30))[1] == "not ranked: their outcome windows differ"
    assert of(changed(direction="lower"))[1] == "not ranked: higher is better in one, lower in another"


def test_what_is_out_of_scope_does_not_exist(cubes: Cubes, manager: Viewer) -> None:
    narrow = replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))
    found = chosen({"campaign": "a1c-2025-co,flu-2025,flu-2026-co"}, narrow, cubes)
    visible = [c.id for c in cubes.campaigns.values() if c.program == "Flu shot"]
    assert found.campaigns == ("flu-2025", "flu-2026-co")
    assert found.problems == (f"There is no campaign 'a1c-2025-co'. {nearest('a1c-2025-co', visible)}",)
    hidden = [c.name for c in cubes.campaigns.values() if c.program != "Flu shot"]
    said = words(
        [
            layout(narrow, cubes),
            layout(narrow, cubes, campaign="flu-2025"),
            compare_words.scope(chosen({}, narrow, cubes), narrow, cubes),
            compare_words.scope(found, narrow, cubes),
            compare_words.chips(found, narrow, cubes),
        ]
    )
    assert not [name for name in hidden if name in said]
    offered = words(compare_words.scope(chosen({}, manager, cubes), manager, cubes))
    assert offered.count("/compare?campaign=") == 3


def test_a_fifth_campaign_is_refused_in_words(cubes: Cubes, manager: Viewer) -> None:
    found = chosen({"campaign": f"{FLU},a1c-2025-co"}, manager, cubes)
    assert found.campaigns == tuple(FLU.split(","))
    assert found.problems == (
        f"Four campaigns at most stand side by side; left out: {cubes.campaigns['a1c-2025-co'].name}.",
    )


def test_one_campaign_alone_asks_for_another(cubes: Cubes, manager: Viewer) -> None:
    alone = chosen({"campaign": "flu-2026-co"}, manager, cubes)
    assert "Choose another campaign" in words(compare_words.scope(alone, manager, cubes))
    first = compare_offers.suggestions(alone, manager, cubes)[0]
    assert first == ("last year's", cubes.campaigns["flu-2025"])


@pytest.mark.parametrize(
    "query", [None, 7, {"campaign": 3}, {"window": [], "metric": "sent", "channel": "no"}]
)
def test_what_no_browser_sends_is_passed_over(query: object, cubes: Cubes, manager: Viewer) -> None:
    found = chosen(query, manager, cubes)
    assert found.campaigns == ()
    assert (found.window, found.metric) == ("equal", "members_delivered")


def test_a_campaign_that_has_not_begun_counts_nothing(cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes, "mammogram-2027-co,mammogram-2026-co")
    answer = compare_questions.table(question, manager, cubes)
    assert all(value.value is None for value in answer.rows[0].values.values())
    assert "A: it has not begun, so nothing is counted." in words(
        compare_words.scope(question, manager, cubes)
    )


def test_what_lies_before_a_recorded_start_is_left_out_and_said(
    cubes: Cubes, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = cubes.campaigns["wellchild-2026-md"]
    assert campaign.start_day is not None
    late = replace(campaign, start_day=campaign.start_day + 10)
    fresh = Shelf(cubes.lake).current()
    monkeypatch.setitem(fresh.campaigns, campaign.id, late)
    question = asked(manager, fresh, f"{campaign.id},flu-2025")
    said = words(compare_words.scope(question, manager, fresh))
    assert "A: what happened before its recorded start is left out." in said
    sent = compare_questions.table(question, manager, fresh).rows[0].values["sent"].value
    whole = (
        compare_questions.table(replace(question, window="whole"), manager, fresh)
        .rows[0]
        .values["sent"]
        .value
    )
    assert sent is not None
    assert whole is not None
    assert 0 < sent < whole


def test_without_a_record_the_first_day_with_data_is_the_launch(cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes, "refill-pilot-22,flu-2025")
    one = launched(question, manager, cubes)[0]
    alone = Filters(period=Period("all_time"), campaign=("refill-pilot-22",))
    days = measure(("sent",), (), alone, manager, cubes).groups("sent")["first_day"]
    assert not one.by_record
    assert one.launch == days.min()
    assert "the first day with data" in words(compare_table.records_of(question, manager, cubes))


def test_a_small_audience_is_withheld_like_any_other_count(cubes: Cubes, manager: Viewer) -> None:
    few = json.loads(cubes.campaigns["a1c-house-calls"].record)
    assert 0 < few["audience_size"] < 11
    question = asked(manager, cubes, "a1c-house-calls,flu-2025")
    said = words(compare_table.records_of(question, manager, cubes))
    assert f"({few['audience_size']})" not in said
    assert "(size withheld)" in said


@pytest.mark.parametrize("campaigns", PAIRS)
@pytest.mark.parametrize("metric", CURVES)
def test_every_panel_is_drawn_and_small(campaigns: str, metric: str, cubes: Cubes, manager: Viewer) -> None:
    question = asked(manager, cubes, campaigns, metric=metric)
    parts = (
        compare_table.records_of(question, manager, cubes),
        compare_table.panel_of(question, manager, cubes),
        compare_curve.panel_of(question, manager, cubes, "dark"),
        compare_curve.table_of(question, manager, cubes),
        compare_words.scope(question, manager, cubes),
        compare_words.chips(question, manager, cubes),
    )
    sizes = [len(to_json(part)) for part in parts]  # as Dash writes it
    assert max(sizes) <= 15_000, sizes
