"""The questions behind the Overview: its callbacks and the CSV of each table ask the very same."""

from __future__ import annotations

from dataclasses import replace

from data.answer import Answer, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through
from data.maturity import whole_through as whole_through
from data.measure import days_told
from data.periods import Period, day_date, day_number, month_of, month_span
from data.records import standing
from data.viewer import Viewer
from pages import coverage
from pages.answers import ask

DAYS_BY_DAY, DAYS_BY_WEEK = 31, 200
SUMS_OF_MEMBERS = (
    "members_delivered",
    "delivered_rate",
    "message_click_rate",
    "conversion_rate",
    "opt_outs_per_1000",
)
DISTINCT = ("reach", "delivered_rate", "engagement_rate", "conversion_rate", "opt_outs_per_1000")
CHANNEL = (
    "delivered",
    "sent",
    "delivered_rate",
    "message_click_rate",
    "conversion_rate",
    "opt_outs_per_1000",
)
FUNNEL = (
    "members_sent",
    "members_delivered",
    "members_opened_human",
    "members_opened",
    "members_clicked",
    "members_responded",
    "conversions",
    "members_delivered_rate",
    "open_rate_human",
    "open_rate",
    "click_rate",
    "response_rate",
    "conversion_rate",
)
CAMPAIGN_SHOWN = ("sent", "delivered_rate", "conversion_rate", "opt_outs_per_1000")
CAMPAIGN = (*CAMPAIGN_SHOWN, "message_click_rate", "outcome_rate", "delivered", "cost")
TREND = ("delivered", "message_click_rate")
ARMS = ("assigned", "held_out", "with_outcome", "outcome_rate")


def key_metrics(filters: Filters) -> tuple[str, ...]:
    """The figures of the cards: distinct members where they are released, first times where not."""
    return SUMS_OF_MEMBERS if not distinct_told(filters) else DISTINCT


def distinct_told(filters: Filters) -> bool:
    """Whether distinct members over campaigns and channels can be released: whole months, no attribute."""
    period = filters.period
    by_months = period.start is None and "days" not in period.preset
    return not filters.attributes and (by_months or _months_whole(period))


def _months_whole(period: Period) -> bool:
    if period.start is None or period.end is None:
        return period.preset not in ("last_7_days", "last_30_days")
    first, last = day_number(period.start), day_number(period.end)
    return any(
        first <= month_span(month)[0] and month_span(month)[1] <= last
        for month in {month_of(day) for day in range(first, last + 1, 20)} | {month_of(last)}
    )


def bucket(filters: Filters, cubes: Cubes) -> str:
    """By what the trend is drawn: days for a month, weeks for half a year, months beyond."""
    span = filters.days(cubes)
    if span is None:
        return "month"
    days = span[1] - span[0] + 1
    return "day" if days <= DAYS_BY_DAY else "week" if days <= DAYS_BY_WEEK else "month"


def cards(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The key figures; the outcome rate where only assigned members have outcomes."""
    answer = ask(key_metrics(filters), (), filters, viewer, cubes)
    if answer.one("conversion_rate").status is Status.NOT_AVAILABLE:
        assigned = ask(("outcome_rate",), (), filters, viewer, cubes).one("outcome_rate")
        if assigned.status is not Status.NOT_AVAILABLE:
            names = ["outcome_rate" if name == "conversion_rate" else name for name in answer.metrics]
            answer = ask(names, (), filters, viewer, cubes)
    return coverage.honest_whole(answer, filters, viewer, cubes)


def trend(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(TREND, (bucket(filters, cubes),), filters, viewer, cubes)


def channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return coverage.honest(ask(CHANNEL, ("channel",), filters, viewer, cubes), filters, viewer, cubes)


def funnel(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(FUNNEL, (), filters, viewer, cubes)


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(CAMPAIGN, ("campaign",), filters, viewer, cubes)


def arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(ARMS, ("arm",), filters, viewer, cubes)


def all_of(campaign: str) -> Filters:
    """One campaign over all time, compared with nothing."""
    return Filters(period=Period("all_time"), compare="none", campaign=(campaign,))


@kept
def data_begin(filters: Filters, viewer: Viewer, cubes: Cubes) -> int | None:
    """First day (day number) with a message of what the filters keep, over all time; None without any."""
    kept = replace(filters, period=Period("all_time"), compare="none")
    told = days_told("sent", kept, viewer, cubes)
    return told[0] if told else None


@kept
def outcomes_through(filters: Filters, viewer: Viewer, cubes: Cubes) -> int | None:
    """The day up to which outcomes of the kept campaigns are complete: the minimum over them."""
    days = [complete_through(c, cubes) for c in _with_outcomes(filters, viewer, cubes)]
    return min((day for day in days if day is not None), default=None)


def _with_outcomes(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[str]:
    """The kept campaigns that could have outcomes in the period: those not begun do not hold back a clock."""
    span = filters.days(cubes)
    last = cubes.today if span is None else span[1]
    kept = [cubes.campaigns[c] for c in filters.campaigns(cubes, viewer)]
    return [c.id for c in kept if c.start_day is None or c.start_day <= last]


def status(campaign: Campaign, cubes: Cubes) -> str:
    """Where a campaign stands by its dates and its outcome's clock; empty where it has no record."""
    if not campaign.recorded:
        return ""
    through = complete_through(campaign.id, cubes)
    return standing(campaign.start_day, campaign.end_day, cubes.today, through).capitalize()


def complete(campaign: Campaign, filters: Filters, cubes: Cubes) -> bool:
    """Whether nothing more is expected of a campaign's outcomes in the period; true where no clock runs."""
    through = complete_through(campaign.id, cubes)
    if through is None:
        return True
    span = filters.days(cubes)
    ends = [day for day in (campaign.end_day, span[1] if span else cubes.today) if day is not None]
    return bool(min(ends) <= through)


def bucket_label(start: int, by: str) -> str:
    """`19 Oct` of a day or week (day number), `Oct 2026` of a month (202610)."""
    if by == "month":
        first = day_date(month_span(start)[0])
        return f"{first:%b %Y}"
    day = day_date(start)
    return f"{day.day} {day:%b}"


def bucket_span(start: int, by: str) -> tuple[int, int]:
    """First and last day number of a bucket."""
    return month_span(start) if by == "month" else (start, start + 6) if by == "week" else (start, start)


def buckets_between(first: int, last: int, by: str) -> list[int]:
    """Every bucket from the first to the last: days and weeks as day numbers, months as 202611."""
    if by != "month":
        return list(range(first, last + 1, 7 if by == "week" else 1))
    found = [first]
    while found[-1] < last:
        found.append(month_of(month_span(found[-1])[1] + 1))
    return found
