"""What needs a manager today: rules on released values, each with its thresholds and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import erfc, sqrt
from statistics import median

from data.answer import Released, Status
from data.sources import PATIENCE_US, QUIET_GAPS, QUIET_LOADS, quiet

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US

# Waves make single weeks uneven: only a channel that sent in each week before is held to their median.
VOLUME_WEEKS = 4
VOLUME_FALL = 0.30
VOLUME_COLLAPSE = 0.60
VOLUME_BASE = 1_000  # messages in a usual week; below it one small wave is the whole week

# A carrier that refuses a twentieth more than usual is down or blocks us; daily noise is far smaller.
DELIVERY_DAYS = 7
DELIVERY_BEFORE = 28
DELIVERY_FALL = 0.05
DELIVERY_BASE = 100  # messages on the day

# Opt-outs are told by whole months, of which the last one may still run: below two weeks it says too little.
OPT_OUT_DAYS = 14
OPT_OUT_MONTHS = 3
OPT_OUT_RISE = 1.5
OPT_OUT_SURGE = 2.0
OPT_OUT_BASE = 1_000  # messages delivered on either side: below it one opt-out moves the rate by 0.1 %
ROUNDING = 1e-9
CERTAIN = 0.01  # two-sided p of the two-proportion z test

LIST_DAYS = 45  # plans renew their members file monthly; half a month of grace
AUDIENCE_DAYS = 90  # the usual outcome window: who was assigned before it cannot convert in it any more
SENDING_DAYS = 28
MATURED_DAYS = 14


class Kind(StrEnum):
    """What a finding is about."""

    VOLUME = "volume"
    DELIVERY = "delivery"
    OPT_OUTS = "opt-outs"
    SOURCE = "source"
    LIST = "list"
    AUDIENCE = "audience"
    RECORD = "record"
    MATURED = "matured"


class Severity(IntEnum):
    """How soon it wants someone; the lower, the sooner."""

    URGENT = 0
    WATCH = 1
    NEWS = 2


RULES: dict[Kind, str] = {
    Kind.VOLUME: (
        f"Sending volume of a channel: the last 7 whole days at least {VOLUME_FALL:.0%} below the median of "
        f"the {VOLUME_WEEKS} weeks before, where each of them had messages and their median is "
        f"{VOLUME_BASE:,} or more."
    ),
    Kind.DELIVERY: (
        f"Deliveries of a channel: a day of the last {DELIVERY_DAYS} whose delivered rate lies "
        f"{100 * DELIVERY_FALL:.0f} points or more below that of the {DELIVERY_BEFORE} days before, from "
        f"{DELIVERY_BASE} messages on, p < {CERTAIN}."
    ),
    Kind.OPT_OUTS: (
        f"Opt-outs of a channel or campaign: the rate of this month so far (in its first {OPT_OUT_DAYS} days "
        f"together with the month before) at least {OPT_OUT_RISE} times that of the {OPT_OUT_MONTHS} months "
        f"before, from {OPT_OUT_BASE:,} deliveries on, p < {CERTAIN} (two-proportion z test)."
    ),
    Kind.SOURCE: (
        f"Sources: nothing new for more than {QUIET_GAPS:.0f} times the usual gap between deliveries, from "
        f"{QUIET_LOADS} deliveries on."
    ),
    Kind.LIST: f"Members file: not renewed for {LIST_DAYS} days while messages go out.",
    Kind.AUDIENCE: (
        f"Campaign lists: messages in the last {SENDING_DAYS} days, but nobody newly assigned for "
        f"{AUDIENCE_DAYS} days."
    ),
    Kind.RECORD: "Campaign records: messages without a record of the campaign.",
    Kind.MATURED: f"Outcomes: a campaign's became complete in the last {MATURED_DAYS} days.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that needs someone. `subject` is a channel, a campaign's id or a source's name.

    `now` and `usual` are the figures that are compared (counts, rates as fractions, or days); `day` is
    the day number the finding names, where it names one.
    """

    kind: Kind
    severity: Severity
    subject: str
    now: float = 0.0
    usual: float = 0.0
    day: int | None = None
    of_campaign: bool = False

    @property
    def order(self) -> tuple[int, str, str]:
        return (self.severity, self.kind, self.subject)


def ranked(found: Iterable[Finding | None]) -> list[Finding]:
    """The findings there are, the most pressing first."""
    return sorted((one for one in found if one is not None), key=lambda one: one.order)


def volume_fall(channel: str, now: Released, before: Sequence[Released]) -> Finding | None:
    """Messages sent in the last 7 whole days against the weeks before."""
    weeks = [_told(week) for week in before]
    latest = _told(now)
    if latest is None or len(weeks) < VOLUME_WEEKS or not all(weeks):
        return None
    usual = median(week or 0 for week in weeks)  # one burst makes no usual week
    fall = 1 - latest / usual
    if usual < VOLUME_BASE or fall < VOLUME_FALL - ROUNDING:
        return None
    severity = Severity.URGENT if fall >= VOLUME_COLLAPSE - ROUNDING else Severity.WATCH
    return Finding(Kind.VOLUME, severity, channel, latest, usual)


def delivery_fall(channel: str, days: Sequence[tuple[int, Released]], before: Released) -> Finding | None:
    """The worst day of (day number, delivered rate) against the rate before."""
    usual = _share(before)
    worst: Finding | None = None
    for day, rate in days:
        share = _share(rate)
        if usual is None or share is None or share[1] < DELIVERY_BASE:
            continue
        now, normal = share[0] / share[1], usual[0] / usual[1]
        if normal - now < DELIVERY_FALL - ROUNDING or unlikely(share, usual) >= CERTAIN:
            continue
        if worst is None or now < worst.now:
            worst = Finding(Kind.DELIVERY, Severity.URGENT, channel, now, normal, day)
    return worst


def opt_out_rise(
    subject: str, now: Released, before: Released, *, since: int | None = None, of_campaign: bool = False
) -> Finding | None:
    """Opt-outs among deliveries from the day `since` on, against the months before."""
    latest, usual = _share(now), _share(before)
    if latest is None or usual is None or min(latest[1], usual[1]) < OPT_OUT_BASE or not usual[0]:
        return None
    rate, normal = latest[0] / latest[1], usual[0] / usual[1]
    if rate < OPT_OUT_RISE * normal or unlikely(latest, usual) >= CERTAIN:
        return None
    severity = Severity.URGENT if rate >= OPT_OUT_SURGE * normal else Severity.WATCH
    return Finding(Kind.OPT_OUTS, severity, subject, rate, normal, since, of_campaign=of_campaign)


def late_source(source: str, loads: int, waited_us: int, usual_us: int | None) -> Finding | None:
    """A source that keeps its own rhythm no more: how long it has been silent, against its usual gap."""
    if usual_us is None or not quiet(loads, waited_us, usual_us):
        return None
    usual = max(usual_us, PATIENCE_US)
    return Finding(Kind.SOURCE, Severity.URGENT, source, waited_us / DAY_US, usual / DAY_US)


def stale_list(received_us: int | None, now_us: int, *, sending: bool) -> Finding | None:
    """A members file that was not renewed while messages go out."""
    if received_us is None or not sending or now_us - received_us <= LIST_DAYS * DAY_US:
        return None
    return Finding(Kind.LIST, Severity.WATCH, "members", (now_us - received_us) / DAY_US, LIST_DAYS)


def stale_audience(campaign: str, assigned_day: int | None, today: int, sent: Released) -> Finding | None:
    """A campaign that sends on without new members. `sent` are its messages of the last weeks."""
    if assigned_day is None or not _told(sent) or today - assigned_day <= AUDIENCE_DAYS:
        return None
    return Finding(Kind.AUDIENCE, Severity.WATCH, campaign, today - assigned_day, AUDIENCE_DAYS, assigned_day)


def matured(campaign: str, complete_day: int | None, today: int) -> Finding | None:
    """A campaign whose outcomes became complete on `complete_day` (day number), lately."""
    if complete_day is None or not 0 <= today - complete_day < MATURED_DAYS:
        return None
    return Finding(Kind.MATURED, Severity.NEWS, campaign, today - complete_day, MATURED_DAYS, complete_day)


def unrecorded(campaign: str, sent: Released) -> Finding:
    """A campaign with messages and no record; without a figure where none may be told."""
    return Finding(Kind.RECORD, Severity.WATCH, campaign, _told(sent) or 0.0)


def unlikely(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Two-sided p that (hits, of) and (hits, of) come from one rate: the pooled two-proportion z test."""
    pooled = (one[0] + other[0]) / (one[1] + other[1])
    spread = sqrt(pooled * (1 - pooled) * (1 / one[1] + 1 / other[1]))
    if not spread:
        return 1.0
    return erfc(abs(one[0] / one[1] - other[0] / other[1]) / spread / sqrt(2))


def _told(value: Released) -> float | None:
    """A value that may be judged: told, and whole."""
    return value.value if value.status is Status.RELEASED else None


def _share(value: Released) -> tuple[float, float] | None:
    if value.status is not Status.RELEASED or not value.denominator or value.numerator is None:
        return None
    return value.numerator, value.denominator
