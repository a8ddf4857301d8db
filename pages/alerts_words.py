"""Alerts in words: what departed from what, on which days, with which data, and how it is judged."""

from __future__ import annotations

from config.vocabulary import CHANNEL_LABELS
from data.answer import Released, Status
from data.cubes import Cubes
from data.metrics import METRICS
from insight.anomalies.discovery import FALSE_SHARE
from insight.anomalies.released import Kind
from insight.anomalies.series import COST, DELIVERY, GROUPED, LOOKED_BACK, PLAN, RIPE_DAYS, STEADY
from insight.attention import RULES as STRIP
from insight.attention import Kind as OfStrip
from state.alerts import Act, Alert, Do, State
from ui.clocks import day as day_words
from ui.numbers import count, percent, written

ENGAGEMENT, OPT_OUTS, COMPLAINTS = GROUPED
KINDS: dict[str, str] = {
    Kind.VOLUME: "Volume",
    Kind.DELIVERY: "Delivery",
    Kind.ENGAGEMENT: "Engagement",
    Kind.OPT_OUTS: "Opt-outs",
    Kind.COMPLAINTS: "Complaints",
    Kind.COST: "Cost",
    Kind.SOURCE: "Source",
}
_GROUPS = (
    f"each group of days that may be told, once it is over for {RIPE_DAYS} days, against the median of the "
    f"last groups of its channel"
)
METHODS: dict[str, str] = {
    Kind.VOLUME: (
        "Messages of seven days, of a channel or of a campaign in it, against the median of the "
        f"{PLAN.before} weeks before: at least {PLAN.points:.0%} fewer, and fewer than in any of them. Where "
        "weeks differ as waves do, or one had no message, there is no usual week. From "
        f"{STEADY.least:,.0f} messages a week of a campaign on, {PLAN.least:,.0f} of a channel."
    ),
    Kind.DELIVERY: (
        f"The delivered rate of a day against the median of the {DELIVERY.before} days before, of the same "
        f"weekday alone from {DELIVERY.weekdays} of them on: at least "
        f"{100 * DELIVERY.points:.0f} points lower, from {DELIVERY.least:.0f} messages on."
    ),
    Kind.ENGAGEMENT: (
        f"The engaged rate: {_GROUPS}; lower by a factor of {ENGAGEMENT.times} at least, from "
        f"{ENGAGEMENT.least:.0f} deliveries on."
    ),
    Kind.OPT_OUTS: (
        f"Opt-outs: {_GROUPS}; at least {OPT_OUTS.times} times as many, from {OPT_OUTS.least:.0f} "
        "deliveries on."
    ),
    Kind.COMPLAINTS: (
        f"Complaints: {_GROUPS}; at least {COMPLAINTS.times} times as many, from {COMPLAINTS.least:.0f} "
        "deliveries on."
    ),
    Kind.COST: (
        f"The cost per message of a week against the median of the {COST.before} weeks before: at least "
        f"{COST.points:.0%} higher."
    ),
    Kind.SOURCE: STRIP[OfStrip.SOURCE],
}
TOGETHER = (
    "Everything that is looked at on a day is judged together, so that of the findings at most "
    f"{percent(FALSE_SHARE)} are expected to be chance (Benjamini and Hochberg, 1995). Only released figures "
    "of complete days count, never outcomes that are still to come. With every publish the last "
    f"{LOOKED_BACK} days are looked at."
)
STATES: dict[State, tuple[str, str]] = {
    State.OPEN: ("open", "bad"),
    State.ACKNOWLEDGED: ("acknowledged", "late"),
    State.SNOOZED: ("snoozed", "none"),
    State.RESOLVED: ("resolved", "good"),
}
DONE: dict[str, str] = {
    Do.FIRE: "Fired",
    Do.ACKNOWLEDGE: "Acknowledged",
    Do.COMMENT: "Commented",
    Do.SNOOZE: "Snoozed for",
    Do.WAKE: "Brought back",
    Do.RESOLVE: "Resolved",
    Do.OVER: "Over by itself",
    Do.JUDGE: "Judged",
}


def subject(alert: Alert, cubes: Cubes) -> str:
    """`E-mail`, `Text message of Refill 2026`, `Source crm`."""
    if alert.kind == Kind.SOURCE:
        return f"Source {alert.subject}"
    channel = CHANNEL_LABELS.get(alert.subject, alert.subject)
    if alert.campaign is None:
        return channel
    known = cubes.campaigns.get(alert.campaign)
    return f"{channel} of {alert.campaign if known is None else known.name}"


def finding(alert: Alert, cubes: Cubes) -> str:
    """What fired, in one sentence: `E-mail: delivered rate 37.9%, usually 95.5%`."""
    name = subject(alert, cubes)
    if alert.kind == Kind.SOURCE:
        return f"{name} is silent for {_days(alert.value)}, usually for {_days(alert.usual)}"
    now, usual = figure(alert, alert.value), figure(alert, alert.usual)
    if alert.kind == Kind.VOLUME:
        return f"{name}: {now} messages sent in 7 days, usually {usual}"
    return f"{name}: {METRICS[alert.metric].label.lower()} {now}, usually {usual}"


def figure(alert: Alert, value: float | None) -> str:
    """A figure of an alert as its metric is written."""
    if value is None or alert.metric not in METRICS:
        return "–" if value is None else count(value)
    metric = METRICS[alert.metric]
    whole = round(value) if metric.shape == "count" else value
    scaled = 1_000 * whole if metric.shape == "per_1000" else whole
    return written(Released(scaled, Status.RELEASED), metric)


def days(alert: Alert) -> str:
    """The days on which it departed, or nothing."""
    if alert.first_day is None or alert.last_day is None:
        return ""
    if alert.first_day == alert.last_day:
        return day_words(alert.first_day)
    return f"{day_words(alert.first_day)} to {day_words(alert.last_day)}"


def act_words(act: Act) -> str:
    """What was done, without who and when."""
    words = DONE.get(act.do, act.do)
    return f"{words} {act.text}" if act.do in (Do.SNOOZE, Do.JUDGE) else words


def _days(value: float | None) -> str:
    many = value or 0.0
    if many < 1:
        return f"{max(1, round(24 * many))} hours"
    return "1 day" if round(many) == 1 else f"{count(round(many))} days"
