"""Experiments: verdicts from released counts alone, none before it is complete, and the planted effects."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from dash._utils import to_json

from config.settings import Settings
from data.answer import Answer, Released, Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.viewer import Scope, Viewer
from insight.experiments import NO_VERDICT, Reading, Verdict
from insight.experiments.checks import Guard
from pages import experiments_cohorts, experiments_list, experiments_plan, experiments_questions
from pages.experiments import layout
from pages.experiments_checks import checks, checks_of
from pages.experiments_cohorts import Cohorts, cohorts
from pages.experiments_effect import effect
from pages.experiments_questions import Experiment, asked, chosen, experiment, experiments
from pages.experiments_readings import readings
from pages.questions import all_of
from pages.registry import TABLES

ALL = Filters(period=Period("all_time"))
HARMFUL, RUNNING, YOUNG, ALONE, PLANNED = (
    "a1c-2026-ma-calls", "refill-2026", "flu-2026-ma", "colorectal-2026-md", "mammogram-2027-co",
)  # fmt: skip


def words(part: object) -> str:
    return str(to_json(part))


def told(campaign: str, viewer: Viewer, cubes: Cubes) -> Experiment:
    found = experiment(campaign, viewer, cubes)
    assert found is not None
    return found


def test_arms_are_sums_of_what_the_one_door_tells(cubes: Cubes, manager: Viewer) -> None:
    compared = 0
    for one in experiments(ALL, manager, cubes):
        filters = all_of(one.campaign.id)
        answer = measure(("outcome_rate",), ("arm",), filters, manager, cubes)
        for arm in one.arms:
            row = next(row for row in answer.rows if row.key[0] == arm.name)
            value = row.values["outcome_rate"]
            if value.status is Status.RELEASED:
                assert (value.numerator, value.denominator) == (arm.hits, arm.n)
                compared += 1
            else:
                assert arm.n <= (value.denominator or 0)
    assert compared > 6


def test_nothing_is_judged_before_its_outcomes_are_in(cubes: Cubes, manager: Viewer) -> None:
    found = experiments(ALL, manager, cubes)
    early = [one for one in found if one.word is Verdict.TOO_EARLY]
    assert YOUNG in {one.campaign.id for one in early}
    for one in early:
        assert one.judged is None
        assert one.cohorts.waiting
        said = words(effect(one.campaign.id, ALL, manager, cubes, "light"))
        assert "Too early to tell" in said
        assert "Difference to" not in said
    for one in found:
        through = experiments_cohorts.complete_through(one.campaign.id, cubes)
        if one.judged is not None and through is not None:
            assert one.cohorts.last is not None
            assert one.cohorts.last <= through


def test_without_a_control_nothing_is_called_caused(cubes: Cubes, manager: Viewer) -> None:
    one = told(ALONE, manager, cubes)
    assert one.word is Verdict.NOT_CAUSAL
    assert one.judged is None
    said = words(effect(ALONE, ALL, manager, cubes, "light"))
    assert "not causally measured" in said
    assert not any(word in said for word in ("points", "lift", "Difference", "more of 100"))
    assert readings(ALONE, ALL, manager, cubes) == []


def test_what_runs_is_read_sequentially_and_what_ended_once(cubes: Cubes, manager: Viewer) -> None:
    judged = [one for one in experiments(ALL, manager, cubes) if one.judged is not None]
    for one in judged:
        end = one.campaign.end_day
        over = end is not None and end <= cubes.today and not one.cohorts.waiting
        assert one.reading is (Reading.FIXED if over else Reading.SEQUENTIAL), one.campaign.id
    assert {one.reading for one in judged} == {Reading.FIXED} or len(judged) > 3


def test_planted_effects_lie_inside_their_intervals(cubes: Cubes, manager: Viewer, sample: Settings) -> None:
    """Of 95 % intervals a few may miss: of these, whose draw is fixed, at most one does."""
    truth = json.loads((sample.var.parent / "raw" / "truth.json").read_text(encoding="utf-8"))["effects"]
    planted = {(one["campaign"], one["arm"]): one["effect"] for one in truth}
    missed, all_of_them = [], 0
    for one in experiments(ALL, manager, cubes):
        for each in one.judged.comparisons if one.judged else ():
            all_of_them += 1
            if not each.found.low <= planted[one.campaign.id, each.arm.name] <= each.found.high:
                missed.append(one.campaign.id)
    assert all_of_them >= 4
    assert len(missed) <= 1


def test_no_arm_without_an_effect_is_said_to_work(cubes: Cubes, manager: Viewer) -> None:
    for name in ("colorectal-2026-co", "a1c-2025-co"):
        assert told(name, manager, cubes).word in (Verdict.NO_EVIDENCE, Verdict.TOO_SMALL)


def test_the_list_says_a_verdict_for_each_and_links_to_it(cubes: Cubes, manager: Viewer) -> None:
    said = words(experiments_list.listed(ALL, manager, cubes))
    found = experiments(ALL, manager, cubes)
    for told_apart in (
        [one for one in found if one.word not in NO_VERDICT],
        [one for one in found if one.word in NO_VERDICT],
    ):
        for one in told_apart[: experiments_list.SHOWN]:
            assert f"experiments?campaign={one.campaign.id}" in said
            assert one.word.value[1:] in said
    order = [experiments_questions.ORDER.index(one.word) for one in experiments(ALL, manager, cubes)]
    assert order == sorted(order)
    assert len(said.encode()) < 15_000


def test_every_panel_of_every_campaign_is_drawn_and_short(cubes: Cubes, manager: Viewer) -> None:
    for name in cubes.campaigns:
        for theme in ("light", "dark"):
            assert len(words(effect(name, ALL, manager, cubes, theme)).encode()) < 15_000
        for draw in (readings, checks):
            assert len(words(draw(name, ALL, manager, cubes)).encode()) < 15_000


def test_the_page_and_its_files_say_the_same(cubes: Cubes, manager: Viewer) -> None:
    table = TABLES["experiments"]["verdicts"]
    listing = table.listing(manager, cubes, {"campaign": "flu-2025"})  # type: ignore[union-attr]
    (row,) = (dict(zip(listing.columns, one, strict=True)) for one in listing.rows)
    one = told("flu-2025", manager, cubes)
    assert one.judged is not None
    (each,) = one.judged.comparisons
    assert (row["difference"], row["low"], row["high"]) == (
        each.found.estimate, each.found.low, each.found.high,
    )  # fmt: skip
    assert row["verdict"] == each.verdict.value == one.word.value
    assert "flu" in listing.words.lower()
    shown = words(effect("flu-2025", ALL, manager, cubes, "light"))
    assert f"{abs(100 * each.found.estimate):.2f}" in shown
    for name in ("verdicts", "arms", "readings", "checks", "plans"):
        every = TABLES["experiments"][name].listing(manager, cubes, {})  # type: ignore[union-attr]
        assert every.rows
        assert all(len(one) == len(every.columns) for one in every.rows)


def test_what_is_out_of_scope_does_not_exist(cubes: Cubes) -> None:
    limited = Viewer("a manager", "manager", frozenset(), Scope(lines=frozenset({"All lines"})))
    filters, problems = asked({"campaign": YOUNG}, limited, cubes)
    assert chosen(filters, limited, cubes) is None
    assert problems
    assert {one.campaign.line_of_business for one in experiments(ALL, limited, cubes)} == {"All lines"}
    rows = TABLES["experiments"]["verdicts"].listing(limited, cubes, {}).rows  # type: ignore[union-attr]
    assert YOUNG not in {row[0] for row in rows}
    plans = experiments_plan.plans(ALL, limited, cubes)
    assert all(one.campaign.line_of_business == "All lines" for one in plans)


def test_a_planned_campaign_is_told_what_it_will_show(cubes: Cubes, manager: Viewer) -> None:
    (plan,) = experiments_plan.plans(ALL, manager, cubes)
    assert plan.campaign.id == PLANNED
    assert plan.members is not None
    assert plan.held == 0.2
    assert plan.shows is not None
    assert plan.power is not None
    assert 0 < plan.worth < plan.shows < 0.2  # type: ignore[operator]
    assert plan.wanted > plan.members  # type: ignore[operator]
    assert "will probably be too small to tell" in words(experiments_plan.planned(ALL, manager, cubes))


def test_a_plan_says_what_its_record_lacks(cubes: Cubes, manager: Viewer) -> None:
    bare = replace(cubes.campaigns[PLANNED], record=json.dumps({"holdout_share": 0.2}), program="None such")
    found = experiments_plan.plan(bare, manager, cubes)
    assert found.lacks == ["audience size", "expected outcome rate"]
    assert found.shows is None


def test_period_and_other_filters_choose_no_result(cubes: Cubes, manager: Viewer) -> None:
    filters, _ = asked({"period": "last_7_days", "channel": "sms", "program": "Flu shot"}, manager, cubes)
    assert filters.period.all_time
    assert filters.channel == ()
    assert filters.program == ("Flu shot",)
    assert chosen(filters, manager, cubes) is None
    assert "Experiments" in words(layout(manager, cubes, program="Flu shot"))


ARM_VALUES = ("assigned", "held_out", "with_outcome", "outcome_rate")


def row(arm: str, month: int, n: int, hits: int | None, held: bool = False) -> Row:
    """A month of an arm; without hits its outcomes are withheld."""
    withheld = Released(None, Status.WITHHELD, reason="Told once complete, by 2 Jan 2027.")
    rate = withheld if hits is None else Released(hits / n, Status.RELEASED, hits, n)
    return Row(
        (arm, month),
        {
            "assigned": Released(n, Status.RELEASED, n),
            "held_out": Released(n if held else 0, Status.RELEASED),
            "with_outcome": withheld if hits is None else Released(hits, Status.RELEASED, hits),
            "outcome_rate": rate,
        },
    )


@pytest.fixture
def arms_of(monkeypatch: pytest.MonkeyPatch, cubes: Cubes, manager: Viewer) -> Any:
    """What the cohorts of a campaign are for given rows, all assigned on day 100; the clock is at 200."""

    def answered(rows: list[Row], last: int = 100, through: int = 200) -> Cohorts:
        answer = Answer(ARM_VALUES, ("arm", "month"), rows, 1, "", {})
        monkeypatch.setattr(experiments_cohorts, "ask", lambda *_: answer)
        monkeypatch.setattr(experiments_cohorts, "complete_through", lambda *_: through)
        days = {one.key[1]: last for one in rows}
        monkeypatch.setattr(experiments_cohorts, "_last_days", lambda *_: days)
        return cohorts(cubes.campaigns["flu-2025"], manager, cubes)

    return answered


def test_months_that_are_withheld_take_the_verdict_with_them(arms_of: Any) -> None:
    """Which months are told depends on their outcomes: the told ones alone would mislead."""
    january = [row("Outreach", 202601, 400, 60), row("Holdout", 202601, 100, 12, held=True)]
    february = [row("Outreach", 202602, 400, 61), row("Holdout", 202602, 100, None, held=True)]
    found = arms_of([*january, *february])
    assert found.hidden == 1
    word, why = experiments_questions._without_verdict(Any, found, None)  # type: ignore[arg-type]
    assert word is Verdict.TOO_SMALL
    assert "would mislead" in why


def test_rates_of_the_months_that_are_told_are_not_shown_alone(cubes: Cubes, manager: Viewer) -> None:
    one = told("flu-2025", manager, cubes)
    assert one.arms
    assert replace(one, cohorts=replace(one.cohorts, hidden=1)).arms == ()


def test_months_that_wait_are_left_out_of_a_running_experiment(arms_of: Any) -> None:
    rows = [row("Outreach", 202601, 400, 60), row("Holdout", 202601, 100, 12, held=True)]
    later = [row("Outreach", 202602, 400, None), row("Holdout", 202602, 100, None, held=True)]
    found = arms_of([*rows, *later], 300)
    assert (found.waiting, found.hidden) == (1, 0)
    assert [(arm.name, arm.n, arm.hits) for arm in found.arms] == [
        ("Holdout", 100, 12),
        ("Outreach", 400, 60),
    ]
    assert found.assigned == {"Holdout": 200, "Outreach": 800}


def test_arms_that_are_told_together_are_not_judged(arms_of: Any) -> None:
    found = arms_of([row("Outreach\x1fHoldout", 202601, 30, 12), row("Outreach", 202602, 400, 60)])
    assert found.control is None
    assert found.hidden == 1
    assert found.assigned is None


def test_arms_without_their_planned_shares_are_not_compared(cubes: Cubes, manager: Viewer) -> None:
    one = told("flu-2025", manager, cubes)
    few_held = replace(one.cohorts, assigned={"Holdout": 1_000, "Outreach": 9_000})
    skewed = experiments_questions._ratio(few_held, {"Holdout": 0.25, "": 0.75})
    assert skewed is not None
    assert skewed.alarm
    word, why = experiments_questions._without_verdict(one.campaign, one.cohorts, skewed)
    assert word in NO_VERDICT
    assert "planned shares" in why
    bad = [each for each in checks_of(replace(one, ratio=skewed), cubes) if each.state == "bad"]
    assert [each.name for each in bad] == ["Planned shares"]


def test_without_a_recorded_share_nobody_can_check_it(cubes: Cubes, manager: Viewer) -> None:
    one = told("flu-2025", manager, cubes)
    shares = next(each for each in checks_of(replace(one, planned={}, ratio=None), cubes))
    assert shares.state == "unknown"
    assert "cannot be checked" in shares.words


def test_a_broken_guardrail_is_said(cubes: Cubes, manager: Viewer) -> None:
    one = told("flu-2025", manager, cubes)
    broken = replace(one.guards[0], value=Released(0.05, Status.RELEASED, 500, 10_000), state=Guard.BROKEN)
    bad = [each for each in checks_of(replace(one, guards=(broken,)), cubes) if each.state == "bad"]
    assert [each.metric for each in bad] == ["opt_out_rate"]


def test_a_campaign_without_arms_is_no_experiment(cubes: Cubes, manager: Viewer) -> None:
    assert experiment(PLANNED, manager, cubes) is None
    assert "nobody has been assigned yet" in words(effect(PLANNED, ALL, manager, cubes, "light"))
    assert isinstance(cubes.campaigns[PLANNED], Campaign)


def test_a_lower_outcome_may_be_the_better_one(cubes: Cubes) -> None:
    lower = replace(cubes.campaigns["flu-2025"], record=json.dumps({"direction": "lower"}))
    assert not experiments_questions.higher_is_better(lower)


def test_files_hold_no_word_that_a_sheet_would_run(cubes: Cubes, manager: Viewer) -> None:
    listing = TABLES["experiments"]["checks"].listing(manager, cubes, {})  # type: ignore[union-attr]
    out = io.StringIO()
    csv.writer(out).writerows(listing.rows)
    assert all(not str(cell).startswith(("=", "@")) for one in listing.rows for cell in one)
