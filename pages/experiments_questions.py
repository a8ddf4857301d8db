"""The questions behind the Experiments page: each campaign with arms judged, once per snapshot and scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.answer import Released, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.periods import Period
from data.viewer import Viewer
from insight.experiments import Arm, Judged, Reading, Verdict, judge
from insight.experiments.checks import COMPLAINTS, OPT_OUTS, Guard, Ratio, guard, sample_ratio
from insight.experiments.compliers import Complier, complier
from pages.answers import ask
from pages.compare_ranks import record
from pages.experiments_cohorts import Cohorts, cohorts
from pages.questions import all_of
from ui.clocks import day
from ui.filterbar import filters_of

NARROWED = ("campaign", "program", "line_of_business")
GUARDS = {"opt_out_rate": OPT_OUTS, "complaint_rate": COMPLAINTS}
TOO_FEW = "Too few members to tell the arms apart without revealing someone."
SELECTED = (
    "Some months are withheld to protect members. Which ones depends on how many had the outcome, so that "
    "the months that are told would mislead."
)
ORDER = (
    Verdict.WORKS, Verdict.HARMFUL, Verdict.NO_EVIDENCE, Verdict.TOO_SMALL, Verdict.TOO_EARLY,
    Verdict.NOT_CAUSAL,
)  # fmt: skip


@dataclass(frozen=True)
class Guarded:
    """A guardrail: its metric and value as told, its limit, and how it stands; None where it is not told."""

    metric: str
    value: Released
    limit: float
    state: Guard | None


@dataclass(frozen=True)
class Experiment:
    """A campaign's experiment. `word` is its verdict, or what stands in the place of one, `why` the reason.

    Of several arms `word` is that of the best: what works, else what harms. `ratio` is None where shares
    cannot be checked; `planned` are the planned shares of the arms that it compares.
    """

    campaign: Campaign
    cohorts: Cohorts
    word: Verdict
    why: str
    reading: Reading | None
    judged: Judged | None
    ratio: Ratio | None
    planned: dict[str, float]
    guards: tuple[Guarded, ...]
    complier: Complier | None

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms that may be shown: none where the months that are told would mislead."""
        return () if self.cohorts.hidden else self.cohorts.arms

    @property
    def treated(self) -> str:
        """The arms that are judged, in words."""
        return " and ".join(name for name in self.cohorts.names if name != self.cohorts.control)


def asked(query: object, viewer: Viewer, cubes: Cubes) -> tuple[Filters, list[str]]:
    """Filters of what a browser sent, and what of them is not known: campaigns, programs and lines alone.

    An experiment is judged over all who were assigned: picking a period would pick a result.
    """
    given = query if isinstance(query, dict) else {}
    told = {name: given[name] for name in NARROWED if name in given}
    return filters_of({**told, "period": "all_time"}, viewer, cubes)


def chosen(filters: Filters, viewer: Viewer, cubes: Cubes) -> str | None:
    """The one campaign that the filters name; None for several."""
    kept_ones = filters.campaigns(cubes, viewer) if filters.campaign else []
    return kept_ones[0] if len(kept_ones) == 1 else None


def experiment(campaign: str, viewer: Viewer, cubes: Cubes) -> Experiment | None:
    """The experiment of a campaign; None where nobody was assigned to an arm that is told."""
    return _experiment(campaign, viewer, cubes)


def experiments(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Experiment]:
    """The experiments of the kept campaigns: by verdict, then the latest first."""
    found = [experiment(name, viewer, cubes) for name in filters.campaigns(cubes, viewer)]
    there = [one for one in found if one is not None]
    return sorted(
        there,
        key=lambda one: (ORDER.index(one.word), -(one.campaign.start_day or 0), one.campaign.name),
    )


@kept
def _experiment(name: str, viewer: Viewer, cubes: Cubes) -> Experiment | None:
    campaign = cubes.campaigns[name]
    told = cohorts(campaign, viewer, cubes)
    if not told.names:
        return None
    guards = tuple(_guarded(metric, limit, campaign, viewer, cubes) for metric, limit in GUARDS.items())
    planned = _planned(campaign, told)
    ratio = _ratio(told, planned)
    word, why = _without_verdict(campaign, told, ratio)
    if word is not None:
        return Experiment(campaign, told, word, why, None, None, ratio, planned, guards, None)
    reading, why = _reading(campaign, told, cubes)
    held = told.held
    assert held is not None
    judged = judge(
        told.treated,
        held,
        reading,
        planned=_audience(campaign),
        higher=higher_is_better(campaign),
        vetoed=any(one.state is Guard.BROKEN for one in guards),
    )
    word = min((one.verdict for one in judged.comparisons), key=ORDER.index)
    reached = _complier(campaign, told, reading, viewer, cubes)
    return Experiment(campaign, told, word, why, reading, judged, ratio, planned, guards, reached)


def _without_verdict(campaign: Campaign, told: Cohorts, ratio: Ratio | None) -> tuple[Verdict | None, str]:
    """What is said where no verdict may be, and why."""
    if told.control is None:
        return Verdict.NOT_CAUSAL, "Nobody is held out, so nobody can say what would have come anyway."
    if ratio is not None and ratio.alarm:
        why = "The arms do not have their planned shares: something other than chance chose who is in them."
        return Verdict.NOT_CAUSAL, why
    if len(told.names) < 2:
        return Verdict.NOT_CAUSAL, "There is no arm beside the one held out."
    if told.hidden:
        return Verdict.TOO_SMALL, SELECTED if told.arms else TOO_FEW
    if told.held is not None and told.treated:
        return None, ""
    if told.waiting:
        return Verdict.TOO_EARLY, told.told_by or "Outcomes are still to come."
    return Verdict.TOO_SMALL, TOO_FEW


def _reading(campaign: Campaign, told: Cohorts, cubes: Cubes) -> tuple[Reading, str]:
    """Which reading applies, and why: fixed once the planned end is past and every outcome is in."""
    end = campaign.end_day
    if end is None:
        return Reading.SEQUENTIAL, "No end is planned, so it may be looked at at any time."
    if end > cubes.today:
        return Reading.SEQUENTIAL, f"It runs until {day(end)} and is looked at meanwhile."
    if told.waiting:
        return Reading.SEQUENTIAL, "Its planned end is past, and outcomes of some members are still to come."
    return Reading.FIXED, f"Its planned end, {day(end)}, is past, and every outcome is in."


def _planned(campaign: Campaign, told: Cohorts) -> dict[str, float]:
    """The planned share of those held out, and of all others together; nothing where none is recorded."""
    share = record(campaign).get("holdout_share")
    if told.control is None or not isinstance(share, (int, float)) or not 0 < share < 1:
        return {}
    return {told.control: float(share), "": 1 - float(share)}


def _ratio(told: Cohorts, planned: dict[str, float]) -> Ratio | None:
    if not planned or told.assigned is None or told.control is None or len(told.names) < 2:
        return None
    held = told.assigned[told.control]
    return sample_ratio([held, sum(told.assigned.values()) - held], list(planned.values()))


def _guarded(metric: str, limit: float, campaign: Campaign, viewer: Viewer, cubes: Cubes) -> Guarded:
    every = Filters(period=Period("all_time"), compare="none")
    rows = ask(tuple(GUARDS), ("campaign",), every, viewer, cubes).rows
    told = next((row.values[metric] for row in rows if row.key[0] == campaign.id), None)
    value = told or Released(None, Status.NOT_AVAILABLE, reason="No source reports it.")
    hits, of = value.numerator, value.denominator
    return Guarded(
        metric, value, limit, None if hits is None or not of else guard(round(hits), round(of), limit)
    )


def _complier(
    campaign: Campaign, told: Cohorts, reading: Reading, viewer: Viewer, cubes: Cubes
) -> Complier | None:
    """The effect on those sent to, where one arm is treated and distinct members sent to are told.

    Messages have no arm: all of them are taken to have gone to that arm, and none to those held out.
    """
    whole = reading is Reading.FIXED and not told.hidden and len(told.treated) == 1
    sent = ask(("sent_reach",), (), all_of(campaign.id), viewer, cubes).one("sent_reach")
    held = told.held
    if not whole or held is None or sent.status is not Status.RELEASED or sent.value is None:
        return None
    (treated,) = told.treated
    return complier(treated, held, round(sent.value)) if 0 < sent.value < treated.n else None


def higher_is_better(campaign: Campaign) -> bool:
    """Whether more of the campaign's outcome is better."""
    return record(campaign).get("direction") != "lower"


def _audience(campaign: Campaign) -> float | None:
    size: Any = record(campaign).get("audience_size")
    return float(size) if isinstance(size, (int, float)) and size > 0 else None
