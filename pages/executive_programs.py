"""The executive page's programs: what outreach caused in each, how far to the goal, and what it cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from data.answer import Released, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.metrics import EFFECTS, METRICS
from data.viewer import Viewer
from documents.model import Band, Bars, Column, Row, Table, Value
from pages import cohorts, evidence, questions
from pages.answers import ask
from pages.campaign_head import record_of
from pages.evidence import ORDER, Evidence, Portfolio
from ui.document import value_of
from ui.links import campaign_link
from ui.numbers import count, money, percent

SHOWN, PACED = 8, 5
RUNNING = ("Active", "Maturing")
VERDICT, CAUSED = EFFECTS["verdict"], EFFECTS["incremental_outcomes"]
RATE, COST = METRICS["outcome_rate"], METRICS["cost"]
UNNAMED = "No program"
RANKED = (
    "Ranked by evidence, best first; inside a verdict by the lower end of the range. "
    "What is not measured stands below, by observed outcomes against the goal."
)


@dataclass(frozen=True)
class Program:
    """One program: its evidence taken together, and what was observed."""

    name: str
    found: Portfolio
    word: str
    rate: Released
    goal: float | None


def programs(filters: Filters, viewer: Viewer, cubes: Cubes) -> Table:
    """A row per program: verdict, incremental outcomes with their range, outcome rate, goal."""
    known = ranked(filters, viewer, cubes)
    columns = (
        Column("program", "Program", False),
        Column("verdict", VERDICT.label, False),
        Column("incremental_outcomes", CAUSED.label),
        Column("range", "95 % range"),
        Column("outcome_rate", "Outcome rate"),
        Column("goal", "Goal"),
    )
    shown = known[:SHOWN]
    more = f"{len(known) - SHOWN} more programs are on the Overview." if len(known) > SHOWN else ""
    return Table(
        "programs", _title(known), columns, tuple(_row(one, filters) for one in shown), RANKED, more,
        "No program has a campaign in this period.",
    )  # fmt: skip


def ranked(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Program]:
    """Every program that the filters keep, the best evidence first."""
    found = evidence.of(filters, viewer, cubes)
    by: dict[str, dict[str, Evidence]] = {}
    for name, one in found.items():
        if _active(cubes.campaigns[name], filters, cubes):
            by.setdefault(cubes.campaigns[name].program, {})[name] = one
    rates = {
        str(row.key[0]): row.values["outcome_rate"]
        for row in ask(("outcome_rate",), ("program",), filters, viewer, cubes).rows
    }
    unknown = Released(None, Status.NOT_AVAILABLE)
    made = [
        Program(
            name,
            evidence.together(parts.values()),
            word_of(parts.values()),
            rates.get(name, unknown),
            _goal(parts, cubes),
        )
        for name, parts in by.items()
    ]
    return sorted(made, key=_place)


def _active(campaign: Campaign, filters: Filters, cubes: Cubes) -> bool:
    """Whether a campaign's days touch the period; one without days might."""
    span = filters.days(cubes)
    if span is None:
        return True
    start, end = campaign.start_day, campaign.end_day
    return not ((start is not None and start > span[1]) or (end is not None and end < span[0]))


def word_of(parts: Collection[Evidence]) -> str:
    """The verdict on several campaigns together: by the range of their sum."""
    measured = [one for one in parts if one.found is not None]
    if not measured:
        words = [one.word for one in parts if one.word]
        return min(words, key=ORDER.index) if words else ""
    whole = evidence.together(measured)
    if whole.low is not None and whole.low > 0:
        return ORDER[0]
    if whole.high is not None and whole.high < 0:
        return "harmful"
    return "no evidence" if all(one.word == "no evidence" for one in measured) else "too small to tell"


def _place(one: Program) -> tuple[int, float, float]:
    rank = ORDER.index(one.word) if one.word in ORDER else len(ORDER)
    low = -one.found.low if one.found.low is not None else 0.0
    rate = one.rate.value or 0.0
    return rank, low, -(rate / one.goal if one.goal else rate)


def _goal(names: dict[str, Evidence], cubes: Cubes) -> float | None:
    """The goal of a program: the mean of its campaigns' goals, where they are rates."""
    goals = [goal for name in names if (goal := goal_of(cubes.campaigns[name])) is not None]
    return sum(goals) / len(goals) if goals else None


def goal_of(campaign: Campaign) -> float | None:
    """The outcome rate that a campaign's record sets as its goal, as a fraction."""
    goal = record_of(campaign).get("goal")
    return float(goal) if isinstance(goal, (int, float)) and 0 < goal < 1 else None


def _row(one: Program, filters: Filters) -> Row:
    found = one.found
    value = Released(found.value, Status.RELEASED if found.value is not None else Status.NOT_AVAILABLE)
    low_high = "" if found.low is None or found.high is None else _range(found.low, found.high)
    caused = value_of(value, CAUSED) if found.value is not None else Value("–", CAUSED.name)
    return Row(
        one.name or UNNAMED,
        (
            Value(one.word or "not available", VERDICT.name, reason=one.word),
            caused,
            Value(low_high or "–", CAUSED.name),
            value_of(one.rate, RATE),
            Value(percent(one.goal) if one.goal else "none set", RATE.name, one.goal),
        ),
        one.name,
        "/" + replace(filters, program=(one.name,)).url() if one.name else "",
    )


def _range(low: float, high: float) -> str:
    return f"{count(round(low))} to {count(round(high))}"


def _title(known: Sequence[Program]) -> str:
    works = [one.name for one in known if one.word == ORDER[0]]
    if not known:
        return "Programs"
    if not works:
        return "No program is shown to cause outcomes yet"
    return f"{works[0]} causes most outcomes" if len(works) == 1 else f"{len(works)} programs cause outcomes"


def pacing(filters: Filters, viewer: Viewer, cubes: Cubes) -> Bars:
    """Campaigns whose goal is not decided yet, the next to end first: rate so far, goal, what to expect."""
    rows = [_paced(name, viewer, cubes) for name in _running(filters, viewer, cubes)[:PACED]]
    columns = (
        Column("campaign", "Campaign", False),
        Column("outcome_rate", "So far"),
        Column("goal", "Goal"),
        Column("final_rate", "To expect"),
    )
    return Bars(
        "pacing", "Pacing to the next goals", columns, tuple(rows),
        "Outcome rate of those assigned. Bar: so far; line across: the goal; below: where it will end, most "
        "likely at the dot, with its range of 95 %.",
        "No running campaign has a goal in its record.",
    )  # fmt: skip


def _running(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[str]:
    names = [
        name
        for name in filters.campaigns(cubes, viewer)
        if goal_of(cubes.campaigns[name]) and questions.status(cubes.campaigns[name], cubes) in RUNNING
    ]
    return sorted(names, key=lambda name: cubes.campaigns[name].end_day or 0)


def _paced(name: str, viewer: Viewer, cubes: Cubes) -> Row:
    campaign, alone = cubes.campaigns[name], questions.all_of(name)
    rate = ask(("outcome_rate",), (), alone, viewer, cubes).one("outcome_rate")
    goal = goal_of(campaign) or 0.0
    band = _band(alone, goal, viewer, cubes)
    values = (value_of(rate, RATE), Value(percent(goal), RATE.name, goal), _expected(band))
    return Row(campaign.name, values, name, campaign_link(name), band)


def _band(alone: Filters, goal: float, viewer: Viewer, cubes: Cubes) -> Band:
    """The rate that a campaign will end with: its cohorts', weighted by their members; and its goal."""
    rows = [row for row in cohorts.cohorts(alone, viewer, cubes).rows if row.values["assigned"].value]
    names = ("assigned", "final_rate_low", "final_rate_high", "final_rate")
    parts = [tuple(row.values[name].value for name in names) for row in rows]
    if not parts or any(None in one for one in parts):
        return Band(goal=goal)
    members = sum(n or 0 for n, *_ in parts)
    low, high, middle = (
        sum((n or 0) * (one[place] or 0) for n, *one in parts) / members for place in range(3)
    )
    return Band(low, high, middle, goal)


def _expected(band: Band) -> Value:
    """Where a campaign will end, in words, and whether that decides its goal."""
    if band.low is None or band.high is None:
        return Value("too early", "final_rate", reason="Too early: outcomes are to come.")
    return Value(_decided(band.low, band.high, band.goal or 0.0), "final_rate", band.middle)


def _decided(low: float, high: float, goal: float) -> str:
    if high < goal:
        return f"misses: at most {percent(high)}"
    return f"reaches: {percent(low)}" if low >= goal else f"open: {percent(low)} to {percent(high)}"


def budget(filters: Filters, viewer: Viewer, cubes: Cubes) -> Bars:
    """Spent of the budgets that records name, by program, over the campaigns' whole schedules."""
    rows = list(_budgets(filters, viewer, cubes))
    columns = (Column("program", "Program", False), Column("cost", "Spent"), Column("budget", "Budget"))
    return Bars(
        "budget", _over(rows), columns, tuple(rows[:PACED]),
        "Spent so far, over the whole schedule of the campaigns that have a budget.",
        "No campaign of this period has a budget in its record.",
    )  # fmt: skip


def _budgets(filters: Filters, viewer: Viewer, cubes: Cubes) -> Iterator[Row]:
    plans: dict[str, list[tuple[str, float]]] = {}
    for name in filters.campaigns(cubes, viewer):
        campaign = cubes.campaigns[name]
        amount = record_of(campaign).get("budget")
        if isinstance(amount, (int, float)) and amount > 0 and _active(campaign, filters, cubes):
            plans.setdefault(campaign.program or UNNAMED, []).append((name, float(amount)))
    ordered = sorted(plans.items(), key=lambda one: -sum(amount for _, amount in one[1]))
    for program, parts in ordered:
        of = Filters(period=questions.all_of("").period, compare="none", campaign=tuple(n for n, _ in parts))
        spent = ask(("cost",), (), of, viewer, cubes).one("cost")
        planned = sum(amount for _, amount in parts)
        yield Row(program, (value_of(spent, COST), Value(money(planned), COST.name, planned)), program)


def _over(rows: Sequence[Row]) -> str:
    over = [row.label for row in rows if (row.values[0].value or 0) > (row.values[1].value or 0)]
    if not rows:
        return "Budget against plan"
    if not over:
        return "Budget: all within plan"
    return f"Budget: {f'{over[0]} is' if len(over) == 1 else f'{len(over)} programs are'} over plan"
