"""Where a panel can tell little: how much it tells and why, and the coarser question that has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from data.answer import Answer, Status
from data.codebook import SEVERAL
from data.columns import counted
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.periods import Period, day_date, month_of, month_span
from data.question import ONE_AT_A_TIME
from data.untold import LEFT_OUT, ONLY_ZEROS, TOO_FEW, complete_by
from data.viewer import Viewer
from pages.answers import ask
from pages.questions import CHANNEL, data_begin
from ui.coarser import Offer
from ui.numbers import percent

BY_MONTHS = "What members did is told by whole months where days are too few."
ENOUGH = 0.5
BETTER, SOME = 0.2, 0.1
FEW = (TOO_FEW, LEFT_OUT, ONLY_ZEROS)
NOUNS = {
    "sent": "the messages sent",
    "delivered": "the deliveries",
    "engaged": "the messages engaged with",
    "clicked": "the messages clicked",
    "opt_out": "the opt-outs",
    "members_delivered": "the members delivered to",
    "members_engaged": "the members engaged",
    "members_clicked": "the members who clicked",
    "members_converted": "the conversions",
    "assigned": "the members assigned",
    "with_outcome": "the outcomes",
}


@dataclass(frozen=True)
class Asked:
    """What a panel asks: its figures by a cut, how it asks again, and the address of its page for that.

    `others` are cuts to ask by instead; `total` is the address of the figures that are not cut. `drawn` says
    whether a panel that needs more than single figures could be drawn.
    """

    metrics: tuple[str, ...]
    cut: str
    filters: Filters
    again: Callable[[Filters, str], Answer]
    address: Callable[[Filters, str], str]
    others: tuple[str, ...] = ()
    total: str = ""
    drawn: Callable[[Filters], bool] | None = None


def offer(asked: Asked, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """What to say and offer of the figure that is told least; nothing where all are told well enough."""
    answer = asked.again(asked.filters, asked.cut)
    poor = [(0.0, asked.metrics[0])] if ONE_AT_A_TIME in answer.notes else []
    for metric in asked.metrics:
        share = _told(asked, metric, asked.filters, asked.cut, viewer, cubes)
        if share is not None and share < ENOUGH and _reasons(answer, metric):
            poor.append((share, metric))
    if not poor:
        return None
    share, metric = min(poor, key=lambda one: one[0])
    if ONE_AT_A_TIME in answer.notes:
        words = ONE_AT_A_TIME
    else:
        words = _words(_reasons(answer, metric), metric, share, cubes.dimension(asked.cut).label.lower())
    link, address = _way_on(asked, metric, share, viewer, cubes)
    return Offer(words, link, address)


def _told(
    asked: Asked, metric: str, filters: Filters, cut: str, viewer: Viewer, cubes: Cubes
) -> float | None:
    """Which share of the whole is told for single values; None where there is nothing to tell."""
    if asked.drawn is not None:
        return float(asked.drawn(filters))
    whole = ask((metric,), (), filters, viewer, cubes).one(metric)
    if not whole.numerator:
        return 0.0 if whole.status is Status.WITHHELD else None
    rows = asked.again(filters, cut).rows
    single = [row.values[metric] for row in rows if SEVERAL not in row.key]
    return min(1.0, sum(value.numerator or 0 for value in single if value.shown) / whole.numerator)


def _reasons(answer: Answer, metric: str) -> list[str]:
    """Why values of a metric are withheld or told in part; without any value, why its months have none."""
    values = [row.values[metric] for row in answer.rows]
    found = [value.reason for value in values if value.status in (Status.WITHHELD, Status.PARTIAL)]
    return found or [reason for name, reason in answer.hidden.items() if name == metric]


def _words(reasons: list[str], metric: str, share: float, cut: str) -> str:
    reason = Counter(reasons).most_common(1)[0][0]
    noun = NOUNS.get(METRICS[metric].numerator, METRICS[metric].label.lower())
    few = f"too few per {cut} and month."
    if not share:
        why = few if reason in FEW else reason[0].lower() + reason[1:]
        return f"{noun[0].upper()}{noun[1:]} by {cut}: {why}"
    if reason in FEW:
        return f"Told for {percent(share)} of {noun}; the rest are {few}"
    return f"Told for {percent(share)} of {noun}. {reason}"


def _way_on(asked: Asked, metric: str, share: float, viewer: Viewer, cubes: Cubes) -> tuple[str, str]:
    """Words and address of a question that is known to tell more; the figures uncut where none does."""
    best = (share + BETTER if share else SOME, "", "")
    for words, filters, cut in _candidates(asked, metric, viewer, cubes):
        found = _told(asked, metric, filters, cut, viewer, cubes) or 0.0
        if found >= ENOUGH:
            return words, asked.address(filters, cut)
        best = max(best, (found, words, asked.address(filters, cut)), key=lambda one: one[0])
    if best[1]:
        return best[1], best[2]
    for name, words in ((metric, "See the totals"), ("sent", "See the messages")):
        if asked.total and ask((name,), (), asked.filters, viewer, cubes).one(name).shown:
            return words, asked.total
    return "", ""


def whole_months(filters: Filters, hidden: object, viewer: Viewer, cubes: Cubes) -> Filters | None:
    """The period in whole months, where its days leave something out (`hidden`) that these would tell."""
    wider = _whole_months(filters, cubes) if hidden else None
    if wider is None:
        return None
    hidden_now, hidden_then = (
        counted(ask(CHANNEL, ("channel",), one, viewer, cubes), Status.WITHHELD, Status.PARTIAL)
        for one in (filters, wider)
    )
    return wider if hidden_then < hidden_now else None


def _candidates(
    asked: Asked, metric: str, viewer: Viewer, cubes: Cubes
) -> Iterator[tuple[str, Filters, str]]:
    """Coarser questions, the nearest first: words, filters and cut."""
    filters, cut = asked.filters, asked.cut
    if (months := _whole_months(filters, cubes)) is not None:
        yield f"Ask for {months.sentence(cubes).split(' · ')[0]}", months, cut
    crossed = tuple(name for name, _ in filters.attributes if name != cut)
    if crossed:
        labels = " and ".join(cubes.dimension(name).label.lower() for name in crossed)
        kept = tuple(pair for pair in filters.attributes if pair[0] not in crossed)
        yield f"Ask without the filter by {labels}", replace(filters, attributes=kept), cut
    if filters.channel:
        yield "Ask for all channels", replace(filters, channel=()), cut
    for name in _fewer(asked, viewer, cubes):
        yield f"Ask by {cubes.dimension(name).label.lower()}", filters, name
    if not filters.period.all_time:
        yield "Ask for all time", replace(filters, period=Period("all_time")), cut
    if (done := _complete_months(filters, metric, viewer, cubes)) is not None:
        yield f"Ask for {done.sentence(cubes).split(' · ')[0]}, which is complete", done, cut


def _whole_months(filters: Filters, cubes: Cubes) -> Filters | None:
    """The period widened to the months it begins and ends in; None where it is made of months already."""
    span = filters.days(cubes)
    if span is None:
        return None
    first, last = month_span(month_of(span[0]))[0], month_span(month_of(span[1]))[1]
    last = span[1] if span[1] >= cubes.today else last
    if (first, last) == span:
        return None
    return replace(filters, period=Period("custom", day_date(first), day_date(last)))


def _complete_months(filters: Filters, metric: str, viewer: Viewer, cubes: Cubes) -> Filters | None:
    """The period up to the last month of which everything has come in; None where it is all, or nothing."""
    span, begin = filters.days(cubes), data_begin(filters, viewer, cubes)
    first, last = span or (begin, cubes.today)
    kept = filters.campaigns(cubes, viewer)
    if first is None or not kept:
        return None
    day = min(cubes.through - complete_by(name, 0, METRICS[metric].columns, cubes) for name in kept)
    end = day if month_span(month_of(day))[1] == day else month_span(month_of(day))[0] - 1
    if not first <= end < last:
        return None
    return replace(filters, period=Period("custom", day_date(first), day_date(end)))


def _fewer(asked: Asked, viewer: Viewer, cubes: Cubes) -> list[str]:
    """Other cuts with fewer values, the fewest first."""
    kept = asked.filters.campaigns(cubes, viewer)
    sizes = {name: len(cubes.values(name, kept)) for name in {*asked.others, asked.cut}}
    known = {name for name, _ in asked.filters.attributes}
    fewer = [name for name in asked.others if 1 < sizes[name] < sizes[asked.cut] and name not in known]
    return sorted(fewer, key=lambda name: (sizes[name], name))[:2]
