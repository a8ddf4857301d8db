"""Compare's table: what the records say and what the figures are, a column per campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer
from data.cubes import UNNAMED, Campaign, Cubes
from data.metrics import DEFINED, EFFECTS, Metric
from data.periods import Period
from data.viewer import Viewer
from pages import compare_questions as questions
from pages.compare_chosen import CURVES, EQUAL, WHOLE, Chosen, Launched, launched
from pages.compare_ranks import Standing, best, record
from pages.compare_words import TAGS, plain, side_by_side_title, tag
from pages.coverage import left_out
from pages.evidence_words import range_words, silent
from pages.questions import status
from pages.table import csv_link
from ui import html, tables
from ui.aria import marks
from ui.clocks import day
from ui.hints import about, hint
from ui.links import campaign_link
from ui.numbers import count, percent, written
from ui.panels import panel

IN_RANGE = ("incremental_low", "incremental_high")  # written beside the figure they are the ends of
UNKNOWN = "not recorded"
RECORDS = "From their records; days count from the launch."
FOOT = (
    "Counts follow the size of a campaign and are not ranked. A rate is called best where it is further "
    "ahead than chance explains (95 %). Incremental outcomes are caused, all others observed."
)
WHOLE_FOOT = "Whole campaigns last unequally long: counts and costs are not of equal days."


def records_of(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The children of the records' panel: what the campaigns are."""
    campaigns = launched(asked, viewer, cubes)
    return panel("What they are", RECORDS, _table(campaigns, _records(campaigns, cubes), "Record", "Records"))


def panel_of(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The children of the figures' panel."""
    answer, campaigns = questions.table(asked, viewer, cubes), launched(asked, viewer, cubes)
    shown = [name for name in answer.metrics if name not in IN_RANGE]
    ranked = [_ranked(name, answer, campaigns, asked, viewer, cubes) for name in shown]
    ranges = {str(row.key[0]): range_words(row.values) for row in answer.rows}
    words = [FOOT, *([WHOLE_FOOT] if asked.window == WHOLE else [])]
    return panel(
        side_by_side_title([(metric, found) for metric, found, _ in ranked]),
        _sentence(answer),
        _table(campaigns, [_figures(*one, ranges) for one in ranked], "Figure", "Side by side"),
        [*(html.Span(text) for text in words), *tables.hidden_words([answer])],
        csv_link("compare", "side-by-side", asked.filters, viewer, **told(asked, "window")),
    )


def _table(campaigns: Sequence[Launched], rows: list[Component], head: str, caption: str) -> Component:
    heads = [html.Th(head, scope="col"), *(_head(place, one) for place, one in enumerate(campaigns))]
    return tables.framed(heads, rows, caption, f"side-by-side {head.lower()}s")


def told(asked: Chosen, *names: str) -> dict[str, str]:
    """The page's own parameters of those names, without what is the default."""
    every = {"window": (asked.window, EQUAL), "metric": (asked.metric, CURVES[0])}
    return {name: every[name][0] for name in names if every[name][0] != every[name][1]}


def _sentence(answer: Answer) -> str:
    return answer.sentence[0].upper() + answer.sentence[1:]


def _ranked(
    name: str, answer: Answer, campaigns: Sequence[Launched], asked: Chosen, viewer: Viewer, cubes: Cubes
) -> tuple[Metric, list[Standing], tuple[Standing | None, str]]:
    metric, days = DEFINED[name], questions.days_of(asked, viewer, cubes)
    every = replace(asked.filters, period=Period("all_time"))
    missing = {} if name in EFFECTS else left_out(name, every, viewer, cubes)
    standings = [
        Standing(
            TAGS[place],
            one,
            row.values[name],
            questions.complete(one, metric, days, asked, viewer, cubes),
            one.campaign.id not in missing,
        )
        for place, (one, row) in enumerate(zip(campaigns, answer.rows, strict=True))
    ]
    return metric, standings, best(metric, standings)


def _head(place: int, one: Launched) -> Component:
    link = html.A(one.campaign.name, href=campaign_link(one.campaign.id))
    return html.Th([tag(place), link], scope="col")


def _figures(
    metric: Metric,
    standings: Sequence[Standing],
    verdict: tuple[Standing | None, str],
    ranges: dict[str, str],
) -> Component:
    """A row; its head names the metric for all its cells."""
    found, reason = verdict
    words: Any = [metric.label, html.Small(reason)] if reason else metric.label
    head = html.Th(words, scope="row", **about(metric))
    of = ranges if metric.name == "incremental_outcomes" else {}
    cells = (_figure(metric, one, one is found, of.get(one.campaign.campaign.id, "")) for one in standings)
    return html.Tr([head, *cells])


def _figure(metric: Metric, standing: Standing, is_best: bool, between: str = "") -> Component:
    value = standing.value
    css = f"{tables.face(value)}{' so-far' if not standing.complete and value.shown else ''}".strip()
    more = {} if silent(metric.name, value) and metric.name in EFFECTS else hint(value, metric)
    more.pop("data-hint", None)
    words: Any = written(value, metric)
    if between:
        words = [words, html.Small(f"95 %: {between}")]
    if is_best:
        more |= marks(v=words)
        words = [html.Span("best", className="best"), words]
    named: Any = {"className": css} if css else {}
    return html.Td(words, **named, **more)


def _records(campaigns: Sequence[Launched], cubes: Cubes) -> list[Component]:
    rows = (
        ("Status", [status(one.campaign, cubes) for one in campaigns]),
        ("Dates", [_dates(one.campaign) for one in campaigns]),
        ("Launch", [_launch(one) for one in campaigns]),
        ("Program", [_program(one.campaign) for one in campaigns]),
        ("Channels", [_channels(one.campaign, cubes) for one in campaigns]),
        ("Audience", [_audience(record(one.campaign), cubes) for one in campaigns]),
        ("Outcome", [_outcome(record(one.campaign)) for one in campaigns]),
        ("Held out", [_holdout(record(one.campaign)) for one in campaigns]),
    )
    return [
        html.Tr([html.Th(words, scope="row"), *(_text(value) for value in values)]) for words, values in rows
    ]


def _text(value: str) -> Component:
    return html.Td(value) if value else html.Td(UNKNOWN, className="is-absent")


def _dates(campaign: Campaign) -> str:
    if campaign.start_day is None:
        return ""
    return f"{day(campaign.start_day)} – {'open' if campaign.end_day is None else day(campaign.end_day)}"


def _launch(one: Launched) -> str:
    """The day that its days are counted from, where that comes from, and how far it has come."""
    if one.launch is None:
        return "no dates"
    source = "" if one.by_record else ", the first day with data"
    if not one.reached:
        return f"{day(one.launch)}{source}; not begun"
    outcomes = "" if one.observed is None else f", {one.observed:,} with outcomes in"
    return f"{day(one.launch)}{source}; {plain(one.reached, 'day')}{outcomes}"


def _program(campaign: Campaign) -> str:
    if campaign.program in UNNAMED:
        return ""
    line = "" if campaign.line_of_business in UNNAMED else f", {campaign.line_of_business}"
    return f"{campaign.program}{line}"


def _channels(campaign: Campaign, cubes: Cubes) -> str:
    return ", ".join(CHANNEL_LABELS.get(name, name) for name in cubes.channels_of([campaign.id]))


def _audience(fields: dict[str, Any], cubes: Cubes) -> str:
    """Who is meant; a size that says of too few members is withheld like any other count of them."""
    size, least = fields.get("audience_size"), int(cubes.snapshot.terms.get("threshold", 11))
    told = ""
    if isinstance(size, int | float):
        told = " (size withheld)" if 0 < size < least else f" ({count(size)})"
    return f"{fields.get('audience') or ''}{told}".strip()


def _outcome(fields: dict[str, Any]) -> str:
    if not fields.get("outcome"):
        return ""
    window = fields.get("window_days")
    within = f" within {plain(window, 'day')}" if isinstance(window, int) else ""
    lower = "; lower is better" if fields.get("direction") == "lower" else ""
    return f"{str(fields['outcome']).replace('_', ' ')}{within}{lower}"


def _holdout(fields: dict[str, Any]) -> str:
    share = fields.get("holdout_share")
    return "" if not isinstance(share, int | float) else percent(share) if share else "nobody"
