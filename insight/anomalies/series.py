"""The released series that are watched: complete days and weeks of each channel and campaign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.maturity import whole_through
from data.measure import measure
from data.periods import Period, day_date, month_of
from data.viewer import EVERYTHING
from insight.anomalies.released import Bucket, Judged, Kind, Rule, judge_counts, judge_shares

LOOKED_BACK = 60
"""Days that are judged; those of before are baseline alone."""
RIPE_DAYS = 7
"""Clicks, opt-outs and complaints go on for days after a sending: so long a group waits when it is over."""
TOLD_BACK = 150
PLAN = Rule(Kind.VOLUME, "sent", worse=-1, before=8, needed=8, least=1_000, points=0.3)
STEADY = Rule(Kind.VOLUME, "sent", worse=-1, before=8, needed=8, least=100, points=0.3)
"""A campaign that sends in each week; one that sends in waves has weeks without any, and no usual one."""
DELIVERY = Rule(
    Kind.DELIVERY, "delivered_rate", worse=-1, before=56, needed=7, least=100, points=0.05, weekdays=6
)
COST = Rule(Kind.COST, "cost_per_send", worse=1, before=12, needed=5, least=0.0001, points=0.3)
GROUPED = (
    Rule(Kind.ENGAGEMENT, "message_engaged_rate", -1, before=24, needed=6, least=300, times=1.3),
    Rule(Kind.OPT_OUTS, "opt_outs_per_1000", 1, before=24, needed=6, least=300, points=0.001, times=1.5),
    Rule(Kind.COMPLAINTS, "complaint_rate", 1, before=24, needed=6, least=300, points=0.0005, times=1.5),
)


@dataclass(frozen=True)
class Watched:
    """One series, judged: of a channel (`campaign` None) or of a campaign in a channel, oldest bucket first.

    `through` is the last day of which its buckets are complete.
    """

    rule: Rule
    campaign: str | None
    channel: str
    judged: tuple[Judged, ...]
    through: int

    @property
    def key(self) -> str:
        return f"{self.rule.kind}:{self.campaign or ''}:{self.channel}"


def watched(cubes: Cubes) -> list[Watched]:
    """Every series of the plan that has something to judge in the last days."""
    if not cubes.snapshot.number:
        return []
    through = whole_through(cubes)
    found = [*_volumes(PLAN, ("channel",), through, cubes)]
    found += _volumes(STEADY, ("campaign", "channel"), through, cubes)
    for by in (("channel",), ("campaign", "channel")):
        found += _of(DELIVERY, _by_time(DELIVERY, by, "day", through, cubes), through)
        found += _of(COST, _by_time(COST, by, "week", through, cubes), through)
    for rule in GROUPED:
        found += _grouped(rule, through - RIPE_DAYS, cubes)
    return [one for one in found if one.judged]


def _of(rule: Rule, series: Mapping[tuple[str | None, str], list[Bucket]], through: int) -> Iterator[Watched]:
    judge = judge_counts if rule is COST else judge_shares
    for (campaign, channel), buckets in series.items():
        lately = sum(one.last > through - LOOKED_BACK for one in buckets)
        yield Watched(rule, campaign, channel, tuple(judge(buckets, rule, lately)), through)


def _span(first: int, last: int) -> Filters:
    return Filters(period=Period("custom", day_date(first), day_date(last)), compare="none")


def _ask(metric: str, by: tuple[str, ...], first: int, last: int, cubes: Cubes) -> Answer:
    return measure((metric,), by, _span(first, last), EVERYTHING, cubes)


def _by_time(
    rule: Rule, by: tuple[str, ...], time: str, through: int, cubes: Cubes
) -> dict[tuple[str | None, str], list[Bucket]]:
    """The whole buckets of each series that are told and complete, oldest first."""
    days = 7 if time == "week" else 1
    first = through - LOOKED_BACK - rule.before * days
    found: dict[tuple[str | None, str], list[Bucket]] = {}
    for row in _ask(rule.metric, (*by, time), first, through, cubes).rows:
        *what, begin = row.key
        bucket = _bucket(row.values[rule.metric], int(str(begin)), days)
        channel, campaign = str(what[-1] or ""), str(what[0]) if len(what) > 1 else None
        if bucket is not None and channel and first <= bucket.first and bucket.last <= through:
            found.setdefault((campaign, channel), []).append(bucket)
    for buckets in found.values():
        buckets.sort(key=lambda one: one.first)
    return found


def _bucket(value: Released, first: int, days: int) -> Bucket | None:
    """A bucket of a released value; None where it is withheld, told in part, or nothing was sent."""
    if value.status is not Status.RELEASED or value.numerator is None or not value.denominator:
        return None
    return Bucket(first, first + days - 1, value.numerator, value.denominator)


def _volumes(rule: Rule, by: tuple[str, ...], through: int, cubes: Cubes) -> Iterator[Watched]:
    """Messages of the last seven days of each series, for every judged day, against the weeks before.

    A series with a withheld month in sight is not judged: its days without a row may be no zeros; nor is a
    campaign after its last day.
    """
    first = through - LOOKED_BACK - 7 * (rule.before + 1)
    days: dict[tuple[str | None, str], dict[int, float]] = {}
    for row in _ask(rule.metric, (*by, "day"), first, through, cubes).rows:
        value, (*what, day) = row.values[rule.metric], row.key
        if what[-1] and value.status is Status.RELEASED and value.value is not None:
            of = days.setdefault((str(what[0]) if len(what) > 1 else None, str(what[-1])), {})
            of[int(str(day))] = value.value
    hidden = _hidden(rule.metric, first, through, cubes)
    for (campaign, channel), of in sorted(days.items(), key=str):
        if any(channel == other and campaign in (None, name) for name, other in hidden):
            continue
        end = through if campaign is None else _last_day(campaign, cubes) or through
        judged: list[Judged] = []
        for day in range(through - LOOKED_BACK + 1, min(through, end) + 1):
            weeks = [_week(of, day - 7 * back) for back in range(rule.before, -1, -1)]
            judged += judge_counts(weeks, rule, 1)
        yield Watched(rule, campaign, channel, tuple(judged), through)


def _last_day(campaign: str, cubes: Cubes) -> int | None:
    known = cubes.campaigns.get(campaign)
    return None if known is None else known.end_day


def _week(of: Mapping[int, float], end: int) -> Bucket:
    return Bucket(end - 6, end, sum(of.get(day, 0.0) for day in range(end - 6, end + 1)))


def _hidden(metric: str, first: int, last: int, cubes: Cubes) -> set[tuple[str, str]]:
    """The campaigns and channels of which some month in sight is withheld."""
    months = {month_of(day) for day in range(first, last + 1)}
    blocks = cubes.withheld("operations", (metric,)).select("campaign", "channel", "month").iter_rows()
    return {(str(campaign), str(channel)) for campaign, channel, month in blocks if month in months}


def _grouped(rule: Rule, through: int, cubes: Cubes) -> Iterator[Watched]:
    """What is told of members stands in groups of days, as the release rule made them: each is a bucket, and
    is judged against the groups of its channel that were over before it began."""
    by_channel: dict[str, list[tuple[str, Bucket]]] = {}
    for campaign, channel, bucket in _told_groups(rule.metric, through, cubes):
        by_channel.setdefault(channel, []).append((campaign, bucket))
    for channel, told in sorted(by_channel.items()):
        told.sort(key=lambda one: (one[1].last, one[1].first, one[0]))
        judged: dict[str, list[Judged]] = {}
        for campaign, one in told:
            if one.last > through - LOOKED_BACK:
                past = [bucket for _, bucket in told if bucket.last < one.first]
                judged.setdefault(campaign, []).extend(judge_shares([*past, one], rule, 1))
        for campaign, several in judged.items():
            yield Watched(rule, campaign, channel, tuple(several), through)


def _told_groups(metric: str, through: int, cubes: Cubes) -> Iterator[tuple[str, str, Bucket]]:
    """The groups of a rate that are over: campaign, channel, and what is told of each."""
    by, first = ("campaign", "channel"), through - TOLD_BACK
    groups = _ask(metric, by, first, through, cubes).groups(metric)
    if groups.is_empty() or "first_day" not in groups.columns:
        return
    spans: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for campaign, channel, begin, end in groups.select(*by, "first_day", "last_day").iter_rows():
        if begin is not None and channel and first <= begin and end <= through:
            spans.setdefault((begin, end), set()).add((campaign, channel))
    for (begin, end), wanted in sorted(spans.items()):
        for row in _ask(metric, by, begin, end, cubes).rows:
            bucket = _bucket(row.values[metric], begin, end - begin + 1)
            if bucket is not None and (row.key[0], row.key[1]) in wanted:
                yield str(row.key[0]), str(row.key[1]), bucket
