"""The tables of the Experiments page as files: the very numbers that the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.experiments import Comparison, Reading, Verdict
from insight.experiments.groups import InGroup
from insight.experiments.intervals import wilson
from pages.experiments_checks import checks_of
from pages.experiments_groups import groups
from pages.experiments_plan import plans
from pages.experiments_questions import NARROWED, Experiment, asked, experiments
from pages.experiments_worth import worth
from pages.table import Listing, ListTable

Row = tuple[object, ...]
VERDICTS = (
    "campaign", "campaign_name", "arm", "control", "verdict", "reason", "reading", "assigned",
    "control_assigned", "with_outcome", "control_with_outcome", "difference", "low", "high", "level",
    "method", "p", "p_holm", "p_benjamini_hochberg", "lift", "lift_low", "lift_high", "detectable",
    "worthwhile", "suppressed",
)  # fmt: skip
ARMS = ("campaign", "arm", "held_out", "assigned", "with_outcome", "outcome_rate", "low", "high", "method")
READINGS = (
    "campaign", "arm", "control", "reading", "applies", "difference", "low", "high", "p", "above_zero",
)  # fmt: skip
WORTH = (
    "campaign", "arm", "control", "value_per_member", "control_value_per_member", "difference", "low", "high",
    "cost_per_member", "net", "net_low", "net_high", "reason",
)  # fmt: skip
GROUPS = (
    "campaign", "attribute", "value", "arms", "control", "assigned", "control_assigned", "with_outcome",
    "control_with_outcome", "difference", "low", "high", "level", "method", "p", "p_holm",
    "p_benjamini_hochberg", "verdict", "p_interaction", "p_interaction_holm",
)  # fmt: skip
CHECKS = ("campaign", "check", "state", "p", "words")
PLANS = (
    "campaign", "campaign_name", "start_day", "members", "held_out_share", "expected_rate", "expected_from",
    "detectable", "worthwhile", "power", "members_wanted",
)  # fmt: skip


def _kept(viewer: Viewer, cubes: Cubes, query: dict[str, str]) -> tuple[Filters, list[Experiment]]:
    filters, _ = asked(query, viewer, cubes)
    return filters, experiments(filters, viewer, cubes)


def verdicts(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per arm that is judged, and one per campaign that is not."""
    filters, found = _kept(viewer, cubes, query)
    return Listing(VERDICTS, [row for one in found for row in _verdicts(one)], filters.sentence(cubes))


def _verdicts(one: Experiment) -> Iterator[Row]:
    campaign = (one.campaign.id, one.campaign.name)
    if one.judged is None:
        hidden = one.word is Verdict.TOO_SMALL
        blank = (None,) * (len(VERDICTS) - 7)
        yield (*campaign, one.treated, one.cohorts.control, one.word.value, one.why, *blank, hidden)
        return
    for each in one.judged.comparisons:
        found, lift = each.found, each.lift
        yield (
            *campaign, each.arm.name, each.control.name, each.verdict.value, one.why, each.reading.value,
            each.arm.n, each.control.n, each.arm.hits, each.control.hits, found.estimate, found.low,
            found.high, found.level, found.method, found.p, each.holm, each.hochberg, *((lift.estimate,
            lift.low, lift.high) if lift else (None, None, None)), each.shows, each.worth, False,
        )  # fmt: skip


def arms(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per arm whose complete members are told."""
    filters, found = _kept(viewer, cubes, query)
    rows: list[Row] = []
    for one in found:
        for arm in one.arms:
            low, high = wilson(arm.hits, arm.n)
            rate = (arm.rate, float(low), float(high), "Wilson")
            rows.append((one.campaign.id, arm.name, arm.control, arm.n, arm.hits, *rate))
    return Listing(ARMS, rows, filters.sentence(cubes))


def readings(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """Three rows per arm: fixed horizon, sequential and Bayesian."""
    filters, found = _kept(viewer, cubes, query)
    rows = [
        (one.campaign.id, *row)
        for one in found
        if one.judged is not None
        for each in one.judged.comparisons
        for row in readings_of(each)
    ]
    return Listing(READINGS, rows, filters.sentence(cubes))


def readings_of(one: Comparison) -> Sequence[Row]:
    """The readings of a comparison, in the order of `READINGS` after the campaign."""
    arms_of = (one.arm.name, one.control.name)
    told = [
        (*arms_of, each.reading.value, each.reading is one.reading, each.estimate, each.low, each.high,
        each.p,
         None)
        for each in (one.fixed, one.sequential)
    ]  # fmt: skip
    bayes = one.bayes
    last = (Reading.BAYES.value, False, bayes.estimate, bayes.low, bayes.high, None, bayes.above)
    return [*told, (*arms_of, *last)]


def worths(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per judged arm whose campaign records what an outcome is worth: money per assigned member."""
    filters, found = _kept(viewer, cubes, query)
    rows = [
        (
            one.campaign.id, each.arm.name, each.control.name, each.treated.estimate, each.held.estimate,
            each.gain.estimate, each.gain.low, each.gain.high, each.cost,
            *((each.net.estimate, each.net.low, each.net.high) if each.net else (None, None, None)), each.why,
        )
        for one in found
        for each in worth(one, viewer, cubes)
    ]  # fmt: skip
    return Listing(WORTH, rows, filters.sentence(cubes))


def checks(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per check."""
    filters, found = _kept(viewer, cubes, query)
    rows = [
        (one.campaign.id, each.name, each.state, each.p, each.words)
        for one in found
        for each in checks_of(one, cubes)
    ]
    return Listing(CHECKS, rows, filters.sentence(cubes))


def planned(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per campaign that has not begun."""
    filters, _ = asked(query, viewer, cubes)
    rows = [
        (
            one.campaign.id, one.campaign.name, one.campaign.start_day, one.members, one.held, one.base,
            one.source, one.shows, one.worth, one.power, one.wanted,
        )
        for one in plans(filters, viewer, cubes)
    ]  # fmt: skip
    return Listing(PLANS, rows, filters.sentence(cubes))


def by_attribute(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    """A row per group of an attribute that is told by arm."""
    filters, found = _kept(viewer, cubes, query)
    rows = [
        (one.campaign.id, each.attribute, *group_row(group), each.p, each.adjusted)
        for one in found
        for each in groups(one.campaign.id, viewer, cubes).found
        for group in each.groups
    ]
    return Listing(GROUPS, rows, filters.sentence(cubes))


def group_row(one: InGroup) -> Row:
    """A group in the order of `GROUPS`, between its attribute and the test of an interaction."""
    found, treated, control = one.found, one.treated, one.control
    return (
        one.group, treated.name, control.name, treated.n, control.n, treated.hits, control.hits,
        found.estimate, found.low, found.high, found.level, found.method, found.p, one.holm, one.hochberg,
        one.verdict.value,
    )  # fmt: skip


TABLES = (
    ListTable("verdicts", "Verdicts", verdicts, more=NARROWED),
    ListTable("arms", "Arms of experiments", arms, more=NARROWED),
    ListTable("readings", "Readings of experiments", readings, more=NARROWED),
    ListTable("worth", "Value per assigned member", worths, more=NARROWED),
    ListTable("groups", "Effects by attribute", by_attribute, more=NARROWED),
    ListTable("checks", "Checks of experiments", checks, more=NARROWED),
    ListTable("plans", "Planned experiments", planned, more=NARROWED),
)
