"""What has to hold before a verdict is believed: planned shares, complete outcomes, guardrails, and who is
counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dash.development.base_component import Component

from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.release import pair_name
from data.viewer import Viewer
from data.words import listed
from insight.experiments import Reading, Verdict
from insight.experiments.checks import Guard
from pages import experiments_words as words
from pages.experiments_questions import Experiment, Guarded, experiment
from pages.questions import all_of, complete
from pages.table import csv_link
from ui import html
from ui.clocks import day
from ui.hints import about
from ui.icon import icon
from ui.numbers import count, percent, written
from ui.panels import panel

State = Literal["good", "watch", "bad", "unknown"]
ICONS: dict[State, str] = {
    "good": "check-circle", "watch": "info-circle", "bad": "exclamation-triangle", "unknown":
    "question-circle",
}  # fmt: skip
NAMES: dict[State, str] = {
    "good": "holds",
    "watch": "to watch",
    "bad": "does not hold",
    "unknown": "not known",
}
HOUSEHOLDS = (
    "Members count as independent. Where members of one household were assigned together, the interval is "
    "too narrow."
)
STILL_SENT = (
    " Overview and Campaign go by the last day of sending, and say “too early” until that is complete, too."
)
STATES: dict[Guard, tuple[State, str]] = {
    Guard.KEPT: ("good", "."),
    Guard.WATCH: ("watch", ", and more may be chance."),
    Guard.BROKEN: ("bad", ", beyond chance: whatever else it did, it harms."),
}


@dataclass(frozen=True)
class Check:
    """One check: its name, how it stands, what is said of it, and its p where it is a test."""

    name: str
    state: State
    words: str
    p: float | None = None
    metric: str = ""


def checks(campaign: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of one experiment's checks; nothing where there is no experiment."""
    one = experiment(campaign, viewer, cubes)
    if one is None:
        return []
    found = checks_of(one, cubes)
    wrong = [each for each in found if each.state == "bad"]
    title = "Can it be believed?" if not wrong else f"{len(wrong)} of {len(found)} checks do not hold"
    rows = [html.Li(_line(each), className=f"check check-{each.state}") for each in found]
    tools = csv_link("experiments", "checks", filters, viewer)
    caption = "What has to hold before a difference is believed."
    return panel(title, caption, html.Ul(rows, className="checks"), tools=tools)


def _line(one: Check) -> list[Component]:
    named = html.Strong(one.name, **(about(METRICS[one.metric]) if one.metric else {}))
    state = html.Span(f" {NAMES[one.state]}: ", className="visually-hidden")
    return [icon(ICONS[one.state]), html.Div([named, state, html.P(one.words)])]


def checks_of(one: Experiment, cubes: Cubes) -> list[Check]:
    """All checks of an experiment, in the order of the page."""
    return [
        _shares(one),
        _complete(one, cubes),
        *(_guard(each) for each in one.guards),
        _sent(one),
        _groups(one, cubes),
        Check("Households", "watch", HOUSEHOLDS),
    ]  # fmt: skip


def _shares(one: Experiment) -> Check:
    name = "Planned shares"
    if not one.planned:
        return Check(name, "unknown", "No planned share is recorded, so that it cannot be checked.")
    if one.cohorts.assigned is None or one.ratio is None:
        return Check(name, "unknown", "Too few members are told by arm to check it.")
    held, whole = one.cohorts.assigned[one.cohorts.control or ""], sum(one.cohorts.assigned.values())
    share = one.planned[one.cohorts.control or ""]
    told = (
        f"{count(held)} of {count(whole)} assigned members are held out ({percent(held / whole)}; planned "
        f"{percent(share)}; chi-square p {words.chance(one.ratio.p)})."
    )
    if one.ratio.alarm:
        return Check(name, "bad", f"{told} That is no chance: the arms cannot be compared.", one.ratio.p)
    return Check(name, "good", told, one.ratio.p)


def _complete(one: Experiment, cubes: Cubes) -> Check:
    name, told = "Outcomes complete", one.cohorts
    through = f" through {day(told.last)}" if told.last is not None else ""
    if one.word is Verdict.NOT_CAUSAL and one.judged is None and not told.waiting:
        return Check(name, "good", f"All outcomes of members assigned{through} are in.")
    if told.hidden:
        return Check(name, "watch", one.why if one.judged is None else "Some months are withheld.")
    if told.waiting:
        rest = f"{told.waiting} month{'s' if told.waiting > 1 else ''} of members wait for outcomes"
        who = f"Judged are members assigned{through}; {rest}." if one.judged else f"{rest}."
        return Check(name, "watch", f"{who} {told.told_by}".strip())
    sending = "" if complete(one.campaign, all_of(one.campaign.id), cubes) else STILL_SENT
    return Check(name, "good", f"All outcomes of members assigned{through} are in.{sending}")


def _guard(one: Guarded) -> Check:
    metric = METRICS[one.metric]
    limit = f"the limit is {percent(one.limit)}"
    if one.state is None:
        why = one.value.reason or "Nobody is counted."
        return Check(metric.label, "unknown", f"Not told: {why[0].lower()}{why[1:]}", metric=one.metric)
    part = ", counted in part" if one.value.status is Status.PARTIAL else ""
    told = f"{written(one.value, metric)}{part}; {limit}"
    state, end = STATES[one.state]
    return Check(metric.label, state, f"{told}{end}", metric=one.metric)


def _sent(one: Experiment) -> Check:
    name = "Assigned and sent to"
    if one.complier is not None:
        found = one.complier
        return Check(
            name, "watch",
            f"About {percent(found.sent)} of those assigned to outreach were sent to. Among them the "
            f"difference is {words.signed(found.estimate)} points ({words.spanned(found.low, found.high)}; "
            f"{found.method}), if nobody held out was sent to, and assignment works through sending alone.",
        )  # fmt: skip
    if one.judged is None or one.reading is not Reading.FIXED:
        return Check(name, "unknown", "The effect on those sent to is worked out once every outcome is in.")
    if len(one.judged.comparisons) > 1:
        return Check(name, "unknown", "Messages have no arm, so that those sent to are not told by arm.")
    return Check(name, "good", "Everybody assigned was sent to, or how many were is not told.")


def _groups(one: Experiment, cubes: Cubes) -> Check:
    """Whether effects by attribute may be told: they need arms and an attribute released together."""
    name = "Effects by attribute"
    offered = cubes.attributes_of([one.campaign.id])
    told = [each for each in offered if cubes.has_view(pair_name("arm", each))]
    if told:
        labels = listed([cubes.dimension(each).label.lower() for each in told])
        words = f"Arms are told together with {labels}; no group was named before launch."
        return Check(name, "watch", words)
    return Check(
        name, "unknown",
        "Arms are not released together with member attributes, so that no effect by attribute is told.",
    )  # fmt: skip
