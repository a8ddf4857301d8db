"""The questions behind the monthly report: page, files and the CSV of each table ask the very same."""

from __future__ import annotations

from dataclasses import replace

from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.maturity import complete_through
from data.periods import month_of
from data.viewer import Viewer
from pages import evidence
from pages.answers import ask
from pages.coverage import UNREPORTED
from pages.monthly_month import EVERY, of_month, year_before
from pages.monthly_returns import with_returns
from pages.questions import data_begin, distinct_told
from pages.table import Table
from ui.clocks import day

MAIL = "email"
OPENS = ("open_rate_human", "open_rate")
SPLIT = ("sent", "delivered", "delivered_rate", "members_responded", "response_rate", "conversions")
MESSAGES = ("sent", "delivered")
OPENED = ("opened_human", "opened")
RESPONDED = ("members_clicked", "members_responded", "members_responded_positive", "conversions")
RESPONSES = (
    ("members_responded", "response_rate"),
    ("members_responded_positive", "positive_response_rate"),
)
BEFORE = "No message of this selection is known in that month or before it."
TOLD = 0.75
"""Of each total, and of its days, at least so much is told by day, or the lines are drawn by week."""


def key_metrics(filters: Filters) -> tuple[str, ...]:
    """The figures of a month; distinct members where they may be told."""
    reached = "reach" if distinct_told(filters) else "members_delivered"
    return (
        "sent", "delivered", "delivered_rate", reached, "members_responded", "response_rate",
        "conversion_rate", "opt_outs_per_1000", "cost",
    )  # fmt: skip


def year_metrics(filters: Filters) -> tuple[str, ...]:
    """What a month is compared by with the same month of the year before."""
    names = key_metrics(filters)
    return (*names[:4], "message_click_rate", *names[4:])


def figures(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The key figures, and who responded how."""
    names = dict.fromkeys((*key_metrics(filters), *(name for pair in RESPONSES for name in pair)))
    return ask(tuple(names), (), filters, viewer, cubes)


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return honest(ask(SPLIT, ("campaign",), filters, viewer, cubes))


def regions(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return by_attribute("region", filters, viewer, cubes)


def segments(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return by_attribute("segment", filters, viewer, cubes)


def by_attribute(name: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The month by one member attribute, its chosen values alone; `LookupError` where no source states it."""
    answer = honest(ask(SPLIT, (name,), filters, viewer, cubes))
    chosen = dict(filters.attributes).get(name)
    kept = answer.rows if chosen is None else [row for row in answer.rows if row.key[0] in chosen]
    return replace(answer, rows=tuple(kept))


def honest(answer: Answer) -> Answer:
    """The answer with "not available" where no message could be answered: nobody responded to nothing."""
    return replace(answer, rows=tuple(Row(row.key, _honest(row.values)) for row in answer.rows))


def _honest(values: dict[str, Released]) -> dict[str, Released]:
    count, rate = values["members_responded"], values["response_rate"]
    silent = rate.status is Status.RELEASED and not rate.denominator
    if not silent or count.status is not Status.RELEASED or count.value:
        return values
    nothing = Released(None, Status.NOT_AVAILABLE, reason=UNREPORTED)
    return {**values, "members_responded": nothing, "response_rate": nothing}


def opens(by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The range of opens: by humans, by anybody or anything. Of e-mail alone, where opens are reported."""
    return ask(OPENS, by, of_mail(filters), viewer, cubes)


def of_mail(filters: Filters) -> Filters:
    return replace(filters, channel=(MAIL,))


def days(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(MESSAGES, ("day",), filters, viewer, cubes)


def opened(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    kept = of_mail(filters)
    return ask(OPENED, (bucket(OPENED, kept, viewer, cubes),), kept, viewer, cubes)


def responded(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(RESPONDED, (bucket(RESPONDED, filters, viewer, cubes),), filters, viewer, cubes)


def bucket(metrics: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """By what lines over a month are drawn: days, where most of each total is told by them; else weeks."""
    whole = ask(metrics, (), filters, viewer, cubes)
    told = ask(metrics, ("day",), filters, viewer, cubes)
    for name in metrics:
        total, values = whole.one(name).value or 0, told.column(name)
        shown = [value.value for value in values if value.value is not None]
        if sum(shown) < TOLD * total or len(shown) < TOLD * len(values):
            return "week"
    return "day"


def declared(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Answer]:
    """Per declared outcome the conversions of the campaigns of the month that declare it."""
    of: dict[str, list[str]] = {}
    for row in campaigns(filters, viewer, cubes).rows:
        outcome = cubes.campaigns[str(row.key[0])].outcome
        if outcome and active(row):
            of.setdefault(outcome, []).append(str(row.key[0]))
    return {
        outcome: ask(
            ("conversions", "conversion_rate"), (), replace(filters, campaign=tuple(names)), viewer, cubes
        )
        for outcome, names in sorted(of.items())
    }


def outcomes(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """Each declared outcome of the month: its conversions, and of how many members delivered to."""
    found = declared(filters, viewer, cubes)
    rows = tuple(Row((outcome,), answer.rows[0].values) for outcome, answer in found.items())
    whole = ask(("conversions", "conversion_rate"), (), filters, viewer, cubes)
    return replace(whole, by=("outcome",), rows=rows)


def state(outcome: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Up to which day an outcome is complete, where more of it is to come in the month; else nothing."""
    span = filters.days(cubes)
    last = cubes.today if span is None else span[1]
    ends = [
        (through, min(last, campaign.end_day or last))
        for campaign in (cubes.campaigns[name] for name in filters.campaigns(cubes, viewer))
        if campaign.outcome == outcome and (through := complete_through(campaign.id, cubes)) is not None
    ]
    through = min((through for through, end in ends if end > through), default=None)
    return "" if through is None else f"so far; complete through {day(through)}"


def active(row: Row) -> bool:
    """Whether something was sent in the month, or may have been."""
    value = row.values["sent"]
    return bool(value.value) or value.status in (Status.WITHHELD, Status.PARTIAL)


def year(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The month and the same month of the year before: two rows, by month."""
    names = year_metrics(filters)
    month = of_filters(filters, cubes)
    rows = []
    for one in (month, year_before(month)):
        rows.append(Row((one,), {**_whole(names, of_month(one, filters), viewer, cubes)}))
    first = ask(names, (), of_month(month, filters), viewer, cubes)
    return replace(first, metrics=(*names, *OPENS), by=("month",), rows=tuple(rows))


def _whole(names: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Released]:
    """The figures of a month; a month before the data begin has none, and no zeros."""
    begin, span = data_begin(filters, viewer, cubes), filters.days(cubes)
    if begin is None or (span and span[1] < begin):
        nothing = Released(None, Status.NOT_AVAILABLE, reason=BEFORE)
        return dict.fromkeys((*names, *OPENS), nothing)
    told = ask(names, (), filters, viewer, cubes).rows[0].values
    return {**told, **opens((), filters, viewer, cubes).rows[0].values}


def of_filters(filters: Filters, cubes: Cubes) -> int:
    """The month that a report's filters are of: that of the last day they ask for."""
    span = filters.days(cubes)
    return month_of(cubes.today if span is None else span[1])


def experiments(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """What each campaign of the month caused, over all who were assigned to it, and what it was worth.

    An experiment is judged over its whole schedule: picking a month would pick a result.
    """
    names = tuple(str(row.key[0]) for row in campaigns(filters, viewer, cubes).rows if active(row))
    if not names:
        return replace(ask(("cost",), ("campaign",), filters, viewer, cubes), rows=())
    whole = replace(EVERY, campaign=names)
    cost = ask(("cost",), ("campaign",), whole, viewer, cubes)
    found = evidence.of(whole, viewer, cubes)
    answer = with_returns(evidence.beside(cost, found), found, cubes)
    kept = [row for row in answer.rows if str(row.key[0]) in names]
    return replace(answer, rows=tuple(sorted(kept, key=lambda row: _place(row, cubes))))


def _place(row: Row, cubes: Cubes) -> tuple[int, str]:
    word = row.values["verdict"].reason
    rank = evidence.ORDER.index(word) if word in evidence.ORDER else len(evidence.ORDER)
    return rank, cubes.campaigns[str(row.key[0])].name


TABLES = (
    Table("figures", "Key figures of the month", figures),
    Table("days", "Messages by day", days),
    Table("opened", "Opened e-mails over the month", opened),
    Table("responded", "Responses over the month", responded),
    Table("campaigns", "The month by campaign", campaigns),
    Table("regions", "The month by region", regions),
    Table("segments", "The month by segment", segments),
    Table("outcomes", "Declared outcomes of the month", outcomes),
    Table("year", "The month and the year before", year),
    Table("experiments", "What outreach caused, and its return", experiments),
)
