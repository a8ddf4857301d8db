"""The Overview's first line: what needs its reader today, found by rule over everything they may see."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl
from dash.development.base_component import Component

from config.permissions import Permission
from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Status
from data.catalogue import catalogue
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through, term
from data.metrics import METRICS
from data.periods import Period, day_date, month_of, month_span
from data.sources import sources
from data.viewer import Viewer
from data.words import listed
from insight import attention as rules
from insight.attention import Finding, Kind, Severity
from pages.answers import ask
from pages.questions import whole_through
from ui import html
from ui.clocks import day as day_words
from ui.icon import icon
from ui.links import campaign_link
from ui.numbers import count, percent, three, written

SHOWN, FOLDED = 6, 8
KINDS = {
    Kind.VOLUME: "sending volume",
    Kind.DELIVERY: "deliveries",
    Kind.OPT_OUTS: "opt-outs",
    Kind.SOURCE: "sources",
    Kind.LIST: "lists",
    Kind.AUDIENCE: "audiences",
    Kind.RECORD: "records",
    Kind.MATURED: "finished outcomes",
}
NOTHING = Released(0, Status.RELEASED, 0)
LOOKS = {
    Severity.URGENT: ("exclamation-triangle", "Urgent"),
    Severity.WATCH: ("bell", "Watch"),
    Severity.NEWS: ("check-circle", "News"),
}
DATA_PAGE = "/data"


def attention(viewer: Viewer, cubes: Cubes, now_us: int | None = None) -> list[Component]:
    """The children of the strip, over all that the viewer may see, whatever the filters."""
    at = now_us if now_us is not None else time.time_ns() // 1000
    found = findings(viewer, cubes, at)
    known = cubes.snapshot.clocks.get("outreach_through_us") is not None
    last = f" Data through {day_words(whole_through(cubes))}." if known else ""
    through = f"Over everything you may see, whatever the filters.{last}"
    head = html.Div(
        [html.H2("Needs you today", className="panel-title"), html.P(through, className="panel-caption")],
        className="attention-head",
    )
    if not found:
        return [head, _calm(), _checked()]
    shown = html.Ul([_item(one, viewer, cubes) for one in found[:SHOWN]], className="needs")
    return [head, shown, *_folded(found[SHOWN:], viewer, cubes), _checked()]


def _folded(rest: Sequence[Finding], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The less pressing ones, folded away; beyond some they are counted by what they are about."""
    if not rest:
        return []
    items = [_item(one, viewer, cubes) for one in rest[:FOLDED]]
    beyond = Counter(KINDS[one.kind] for one in rest[FOLDED:])
    told = ", ".join(f"{many} of {kind}" for kind, many in beyond.items())
    last = [html.P(f"And {beyond.total()} like these: {told}.", className="quiet")] if beyond else []
    return [html.Details([html.Summary(f"{len(rest)} more"), html.Ul(items, className="needs"), *last])]


def findings(viewer: Viewer, cubes: Cubes, now_us: int) -> list[Finding]:
    """What the rules find in the figures that the viewer may see."""
    return rules.ranked([*_of_snapshot(viewer, cubes), *_sources(viewer, cubes, now_us)])


def standing(viewer: Viewer, cubes: Cubes) -> list[Finding]:
    """What a snapshot alone raises, the most pressing first: the same whenever it is asked."""
    return rules.ranked(_of_snapshot(viewer, cubes))


@kept
def _of_snapshot(viewer: Viewer, cubes: Cubes) -> tuple[Finding | None, ...]:
    """What a snapshot alone raises, whatever the time."""
    return (
        *_volumes(viewer, cubes),
        *_deliveries(viewer, cubes),
        *_opt_outs(viewer, cubes),
        *_campaigns(viewer, cubes),
    )


def _span(last: int, days: int) -> Filters:
    return Filters(period=Period("custom", day_date(last - days + 1), day_date(last)), compare="none")


def _by(answer: Answer, metric: str) -> dict[str, Released]:
    return {str(row.key[0]): row.values[metric] for row in answer.rows if row.key[0]}


def _volumes(viewer: Viewer, cubes: Cubes) -> Iterator[Finding | None]:
    through = whole_through(cubes)
    spans = [_span(through - 7 * back, 7) for back in range(rules.VOLUME_WEEKS + 1)]
    weeks = [_by(ask(("sent",), ("channel",), span, viewer, cubes), "sent") for span in spans]
    # A month withheld for a channel leaves no row in a week of it: only whole months tell that it is one.
    whole = ask(("sent",), ("channel", "month"), _span(through, 7 * len(spans)), viewer, cubes)
    months = {str(row.key[0]) for row in whole.rows if row.values["sent"].status is Status.WITHHELD}
    for channel in weeks[1]:
        if channel not in months:
            now, *before = (week.get(channel, NOTHING) for week in weeks)
            yield rules.volume_fall(channel, now, before)


def _deliveries(viewer: Viewer, cubes: Cubes) -> Iterator[Finding | None]:
    through = whole_through(cubes)
    latest = _span(through, rules.DELIVERY_DAYS)
    earlier = _span(through - rules.DELIVERY_DAYS, rules.DELIVERY_BEFORE)
    before = _by(ask(("delivered_rate",), ("channel",), earlier, viewer, cubes), "delivered_rate")
    days: dict[str, list[tuple[int, Released]]] = {}
    for row in ask(("delivered_rate",), ("channel", "day"), latest, viewer, cubes).rows:
        days.setdefault(str(row.key[0]), []).append((int(str(row.key[1])), row.values["delivered_rate"]))
    for channel, rate in before.items():
        yield rules.delivery_fall(channel, days.get(channel, []), rate)


def _opt_outs(viewer: Viewer, cubes: Cubes) -> Iterator[Finding | None]:
    since, spans = _months(cubes)
    name = "opt_outs_per_1000"
    for by in ("channel", "campaign"):
        now, before = (_by(ask((name,), (by,), span, viewer, cubes), name) for span in spans)
        for subject in now.keys() & before.keys():
            rates = now[subject], before[subject]
            yield rules.opt_out_rise(subject, *rates, since=since, of_campaign=by == "campaign")


def _months(cubes: Cubes) -> tuple[int, tuple[Filters, Filters]]:
    """The day from which opt-outs are counted as the latest, the months since, and those before."""
    first, _ = month_span(month_of(whole_through(cubes) - rules.OPT_OUT_DAYS + 1))
    start = first
    for _ in range(rules.OPT_OUT_MONTHS):
        start, _ = month_span(month_of(start - 1))
    return first, (_span(cubes.today, cubes.today - first + 1), _span(first - 1, first - start))


def _sources(viewer: Viewer, cubes: Cubes, now_us: int) -> Iterator[Finding | None]:
    """Files concern the whole plan: who may see a part of it is told nothing of them."""
    if not viewer.scope.whole:
        return
    known = sources(catalogue(cubes), now_us)
    for one in known:
        yield rules.late_source(one.name, one.loads, one.waited_us(now_us), one.usual_us)
    sent = ask(("sent",), (), _span(whole_through(cubes), 7), viewer, cubes).one("sent")
    renewed = max((one.received_us for one in known if "members" in one.kinds), default=None)
    yield rules.stale_list(renewed, now_us, sending=bool(sent.value))


def _campaigns(viewer: Viewer, cubes: Cubes) -> Iterator[Finding | None]:
    through = whole_through(cubes)
    every = Filters(period=Period("all_time"), compare="none")
    assigned = _last_assigned(ask(("assigned",), ("campaign",), every, viewer, cubes))
    lately = _by(ask(("sent",), ("campaign",), _span(through, rules.SENDING_DAYS), viewer, cubes), "sent")
    ever = _by(ask(("sent",), ("campaign",), every, viewer, cubes), "sent")
    for name in every.campaigns(cubes, viewer):
        campaign = cubes.campaigns[name]
        if not campaign.recorded:
            yield rules.unrecorded(name, ever.get(name, NOTHING))
        yield rules.stale_audience(name, assigned.get(name), through, lately.get(name, NOTHING))
        yield rules.matured(name, _completed(name, cubes), cubes.today)


def _last_assigned(answer: Answer) -> dict[str, int]:
    groups = answer.groups("assigned")
    if groups.is_empty() or "campaign" not in groups.columns:
        return {}
    latest = groups.group_by("campaign").agg(pl.col("last_day").max()).drop_nulls()
    return {str(name): int(day) for name, day in latest.iter_rows()}


def _completed(name: str, cubes: Cubes) -> int | None:
    """The day on which a campaign's last outcomes became complete; None while they are not."""
    end, complete = cubes.campaigns[name].end_day, complete_through(name, cubes)
    if end is None or complete is None or end > complete or term(name, cubes) is None:
        return None
    return cubes.today - (complete - end)


def _calm() -> Component:
    names = listed(list(KINDS.values()))
    return html.P([icon("check-circle"), f"Nothing needs you today. Checked: {names}."], className="calm")


def _checked() -> Component:
    rows = [html.Li(words) for words in rules.RULES.values()]
    more = html.A("Alerts", href="/alerts")
    told = html.P(
        ["Figures that are withheld, told in part or still to come never raise anything. What departs from "
         "its own past, with its baseline and what was done, stands under ", more, "."]
    )  # fmt: skip
    return html.Details([html.Summary("What is checked"), html.Ul(rows), told], className="checked no-print")


def _item(one: Finding, viewer: Viewer, cubes: Cubes) -> Component:
    picture, word = LOOKS[one.severity]
    address, link = _view(one, viewer, cubes)
    children: list[Component] = [
        html.Span([icon(picture), word], className=f"need-word need-{word.lower()}"),
        html.Span(sentence(one, viewer, cubes), className="need-words"),
    ]
    if address:
        children.append(html.A([link, icon("arrow-right")], href=address, className="need-link"))
    return html.Li(children, className="need")


def _view(one: Finding, viewer: Viewer, cubes: Cubes) -> tuple[str, str]:
    """Address and words of the view that shows what a finding speaks of; no address where none does."""
    if one.kind in (Kind.AUDIENCE, Kind.RECORD, Kind.MATURED) or one.of_campaign:
        return campaign_link(one.subject), "Open campaign"
    if one.kind in (Kind.VOLUME, Kind.DELIVERY, Kind.OPT_OUTS):
        preset = "last_3_months" if one.kind is Kind.OPT_OUTS else "last_30_days"
        return "/" + Filters(period=Period(preset), channel=(one.subject,)).url(), "See channel"
    return (DATA_PAGE, "See sources") if viewer.may(Permission.VIEW_DATA) else ("", "")


def sentence(one: Finding, viewer: Viewer, cubes: Cubes) -> str:
    """A finding in words."""
    name = _name(one, cubes)
    match one.kind:
        case Kind.VOLUME:
            fall = percent(1 - one.now / one.usual)
            return (
                f"{name}: {count(one.now)} messages sent in the last 7 whole days, {fall} fewer than in a "
                f"usual week ({count(round(one.usual))}, the median of the {rules.VOLUME_WEEKS} before)."
            )
        case Kind.DELIVERY:
            return (
                f"{name}: only {percent(one.now)} of messages were delivered on {day_words(one.day)}, "
                f"against {percent(one.usual)} in the {rules.DELIVERY_BEFORE} days before."
            )
        case Kind.OPT_OUTS:
            return (
                f"{name}: {three(1000 * one.now)} opt-outs per 1,000 messages since {day_words(one.day)}, "
                f"{three(one.now / one.usual)} times the {three(1000 * one.usual)} of the "
                f"{rules.OPT_OUT_MONTHS} months before."
            )
        case Kind.SOURCE:
            return (
                f"Source {name} has brought nothing new for {_days(one.now)}; it usually does every "
                f"{_days(one.usual)}."
            )
        case Kind.LIST:
            ago = _days(one.now)
            return f"The members file was last renewed {ago} ago: attributes and addresses may be old."
        case Kind.AUDIENCE:
            return (
                f"{name} still sends, but nobody was newly assigned to it since {day_words(one.day)} "
                f"({_days(one.now)})."
            )
        case Kind.RECORD:
            sent = f" for its {count(one.now)} messages" if one.now else ""
            return f"{name} has no campaign record{sent}: its goal and owner are unknown."
        case Kind.MATURED:
            return f"{name}: outcomes are complete since {day_words(one.day)}.{_outcome(one, viewer, cubes)}"


def _outcome(one: Finding, viewer: Viewer, cubes: Cubes) -> str:
    filters = Filters(period=Period("all_time"), compare="none", campaign=(one.subject,))
    for metric, did in (
        ("outcome_rate", "of those assigned had it"),
        ("conversion_rate", "of those delivered to converted"),
    ):
        value = ask((metric,), (), filters, viewer, cubes).one(metric)
        if value.shown and value.status is Status.RELEASED:
            return f" {written(value, METRICS[metric])} {did}; observed, not causally measured."
    return ""


def _name(one: Finding, cubes: Cubes) -> str:
    if one.subject in cubes.campaigns and (
        one.of_campaign or one.kind in (Kind.AUDIENCE, Kind.RECORD, Kind.MATURED)
    ):
        return cubes.campaigns[one.subject].name
    return CHANNEL_LABELS.get(one.subject, one.subject)


def _days(days: float) -> str:
    if days < 1:
        hours = max(1, round(24 * days))
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return "1 day" if round(days) == 1 else f"{count(round(days))} days"
