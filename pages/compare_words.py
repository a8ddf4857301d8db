"""Compare's sentences: titles by rule, what may not be compared yet, and what to choose."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from data.answer import Answer, Released, Status
from data.cubes import Campaign, Cubes
from data.metrics import METRICS, Metric
from data.viewer import Viewer
from data.words import listed
from pages import compare_offers as offers
from pages import compare_questions as questions
from pages.compare_chosen import OUTCOMES, WHOLE, Chosen, Launched, launched
from pages.compare_ids import ADD, REMOVE
from pages.compare_ranks import Standing, best
from ui import html
from ui.aria import aria, marks
from ui.icon import icon
from ui.links import campaign_link, compare_link
from ui.numbers import written

TAGS = "ABCD"
PRIORITY = (
    "outcome_rate", "conversion_rate", "click_rate", "engaged_rate", "response_rate", "delivered_rate",
    "opt_outs_per_1000",
)  # fmt: skip
PAIRS = 3


def tag(place: int) -> Component:
    """The letter of a campaign, in its colour, wherever it stands on the page."""
    return html.Span(TAGS[place], className=f"tag tag-{place}")


def plain(number: int, unit: str) -> str:
    """`1 day`, `86 days`."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def side_by_side_title(ranked: Sequence[tuple[Metric, Sequence[Standing]]]) -> str:
    """The first figure, of those that matter most, at which one campaign is clearly best."""
    told = {metric.name: (metric, standings) for metric, standings in ranked}
    for name in PRIORITY:
        if name in told and (found := best(*told[name])[0]) is not None:
            metric, standings = told[name]
            others = [written(one.value, metric) for one in standings if one is not found]
            word = "highest" if _is_top(found, standings) else "lowest"
            return (
                f"{found.campaign.campaign.name} has the {word} {metric.label.lower()}: "
                f"{written(found.value, metric)} against {listed(others)}"
            )
    return "No campaign is clearly ahead at what can be compared"


def _is_top(found: Standing, standings: Sequence[Standing]) -> bool:
    return all((found.value.value or 0) >= (one.value.value or 0) for one in standings)


def curve_title(answer: Answer, asked: Chosen) -> str:
    """The last value of each curve and its day."""
    metric = METRICS[asked.metric]
    last = {row.key[0]: row for row in answer.rows if row.values[metric.name].value is not None}
    told = [
        (TAGS[place], int(str(last[name].key[1])), _told(last[name].values[metric.name], metric))
        for place, name in enumerate(asked.campaigns)
        if name in last
    ]
    if not told:
        return f"{metric.label} since launch"
    days = {day for _, day, _ in told}
    if len(days) == 1:
        return f"{metric.label} by day {days.pop():,}: " + ", ".join(
            f"{one} {value}" for one, _, value in told
        )
    return f"{metric.label}: " + ", ".join(f"{one} {value} by day {day:,}" for one, day, value in told)


def _told(value: Released, metric: Metric) -> str:
    """A value in a title: what is counted in part is a count's least, and only some of a rate."""
    words = written(value, metric)
    if value.status is not Status.PARTIAL:
        return words
    return f"{words} (in part)" if metric.is_ratio else f"at least {words}"


def scope(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """What is compared, in words, and what is to be known about it; or the first step."""
    found = notes(asked, viewer, cubes)
    listed_notes = [html.Ul(found, className="notes")] if found else []
    if len(asked.campaigns) < 2:
        return [*listed_notes, first_step(asked, viewer, cubes)]
    words = html.P(f"Showing {questions.sentence(asked, viewer, cubes)}", className="scope-sentence")
    return [html.Div(words, className="scope-words"), *listed_notes]


def notes(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """What the address asked for in vain, and what of the comparison is not equal yet."""
    found = [_note("exclamation-triangle", text, problem=True) for text in asked.problems]
    if len(asked.campaigns) < 2:
        return found
    campaigns = launched(asked, viewer, cubes)
    found += [note for place, one in enumerate(campaigns) for note in _launch(TAGS[place], one, asked)]
    return [*found, *_maturity(asked, campaigns, viewer, cubes)]


def _launch(letter: str, one: Launched, asked: Chosen) -> list[Component]:
    """What a campaign's launch leaves out."""
    whole = asked.window == WHOLE
    if one.launch is None and whole:
        return [_note("info-circle", f"{letter}: nothing says when it began, so it has no curve.")]
    if one.launch is None:
        step = html.A("Compare whole campaigns", href=f"{compare_link(asked.campaigns)}&window={WHOLE}")
        return [_note("info-circle", f"{letter}: nothing says when it began. ", step)]
    if not one.reached:
        return [_note("info-circle", f"{letter}: it has not begun, so nothing is counted.")]
    if one.first_day is None or one.first_day >= one.launch:
        return []
    place = "not in its curve" if whole else "left out"
    return [_note("info-circle", f"{letter}: what happened before its recorded start is {place}.")]


def _maturity(asked: Chosen, campaigns: Sequence[Launched], viewer: Viewer, cubes: Cubes) -> list[Component]:
    days = questions.days_of(asked, viewer, cubes)
    waiting = questions.unripe(asked, campaigns, days, viewer, cubes)
    if not waiting:
        return []
    told = listed(_days_in(campaigns, waiting, days))
    ripe = questions.ripe(asked, viewer, cubes)
    if ripe is None:
        return [_note("clock-history", f"{told}: outcomes are shown so far, and not compared.")]
    step = html.A(
        f"Compare the first {plain(ripe, 'day')}",
        href=f"{compare_link(asked.campaigns)}&window={OUTCOMES}",
    )
    return [_note("clock-history", f"{told}. ", step)]


def _days_in(campaigns: Sequence[Launched], waiting: Sequence[Launched], days: int | None) -> list[str]:
    """`B has 31 of 90 days of outcomes`; campaigns that are equally far are said together."""
    found: dict[tuple[int, int], list[str]] = {}
    for one in waiting:
        found.setdefault((one.observed or 0, days or one.reached), []).append(TAGS[campaigns.index(one)])
    return [
        f"{listed(tags)} {'have' if len(tags) > 1 else 'has'} {there:,} of "
        f"{plain(all_days, 'day')} of outcomes"
        for (there, all_days), tags in found.items()
    ]


def _note(picture: str, words: str, step: Component | None = None, *, problem: bool = False) -> Component:
    said = html.Span([words, *([step] if step is not None else [])])
    return html.Li([icon(picture), said], className="problem" if problem else "")


def chips(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The chosen campaigns, each with a button to remove it, and what could join them."""
    named = [cubes.campaigns[name] for name in asked.campaigns]
    chosen = [_chip(place, one) for place, one in enumerate(named)]
    near = [_offer(words, one) for words, one in offers.suggestions(asked, viewer, cubes)]
    listed_near = (
        [html.Div([html.Span("Add", className="quiet"), *near], className="offers no-print")] if near else []
    )
    return (
        [html.Ul(chosen, className="chips", **aria(label="Chosen campaigns")), *listed_near] if chosen else []
    )


def _chip(place: int, one: Campaign) -> Component:
    remove = html.Button(
        icon("x-lg"),
        id={"type": REMOVE, "campaign": one.id},
        type="button",
        className="chip-remove no-print",
        **aria(label=f"Remove {one.name}"),
    )
    return html.Li([tag(place), html.A(one.name, href=campaign_link(one.id)), remove], className="chip")


def _offer(words: str, one: Campaign) -> Component:
    return html.Button(
        [one.name, html.Span(f" {words}", className="quiet")],
        id={"type": ADD, "campaign": one.id},
        type="button",
        className="btn btn-quiet btn-sm",
        **marks("offer"),
    )


def first_step(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    """What stands in the place of a comparison until there are two campaigns."""
    if asked.campaigns:
        name = cubes.campaigns[asked.campaigns[0]].name
        return html.Div(
            [
                html.H2("Choose another campaign", className="panel-title"),
                html.P(f"{name} has nothing beside it yet."),
            ],
            className="first-choice card",
        )
    offered = [pair for pair, _ in zip(offers.pairs(viewer, cubes), range(PAIRS), strict=False)]
    links = [
        html.Li(html.A(f"{one.name} and {other.name}", href=compare_link((one.id, other.id))))
        for one, other in offered
    ]
    words = (
        "Choose two to four campaigns. They stand side by side over equally many days since their launch, "
        "and outcomes that are still to come are said."
    )
    begin = [html.P("Begin with a pair:", className="quiet"), html.Ul(links)] if links else []
    return html.Div(
        [html.H2("Which campaigns?", className="panel-title"), html.P(words), *begin],
        className="first-choice card",
    )
