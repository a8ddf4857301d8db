"""The Experiments page's list: each arm of each campaign with its verdict, difference and members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.experiments import NO_VERDICT, Verdict
from pages import experiments_words as words
from pages.experiments_questions import Experiment, experiments
from pages.table import csv_link
from ui import html, tables
from ui.faces import no_data
from ui.links import EXPERIMENTS, experiment_link
from ui.numbers import count
from ui.panels import panel

SHOWN = 12  # of those with a verdict, and of those without: an answer stays short
TITLE = "What worked, and how sure are we?"
CAPTION = "Outcome rate of members assigned to outreach, less that of members held out, in points."
FEWEST = 0.02


def listed(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of all experiments that the filters keep: those with a verdict, then the others by name."""
    found = experiments(filters, viewer, cubes)
    if not found:
        step = html.A("Show all experiments", href=EXPERIMENTS, className="btn btn-quiet")
        return panel(TITLE, CAPTION, no_data("No campaign of this selection has arms yet.", step))
    judged = [one for one in found if one.word not in NO_VERDICT]
    others = [one for one in found if one.word in NO_VERDICT]
    body = [*_table(judged, filters), *_others(others, filters)]
    more = max(0, len(judged) - SHOWN) + max(0, len(others) - SHOWN)
    foot = [html.Span(words.HOUSEHOLDS)]
    if more:
        foot += [html.Span(f"{more} more are not listed; narrow the filters, or take the CSV.")]
    tools = csv_link("experiments", "verdicts", filters, viewer)
    return panel(_title(judged), CAPTION, body, foot, tools)


def _title(judged: Sequence[Experiment]) -> str:
    """`3 of 12 complete experiments work, 1 is harmful`."""
    if not judged:
        return "No experiment can be judged yet"
    works = sum(one.word is Verdict.WORKS for one in judged)
    harms = sum(one.word is Verdict.HARMFUL for one in judged)
    told = f"{works} of {len(judged)} complete experiments {'works' if works == 1 else 'work'}"
    return told + (f", {harms} {'is' if harms == 1 else 'are'} harmful" if harms else "")


def _table(judged: Sequence[Experiment], filters: Filters) -> list[Component]:
    if not judged:
        return []
    reach = _reach(judged)
    rows = [row for one in judged[:SHOWN] for row in _rows(one, filters, reach)]
    verdict, interval = (html.Th(one, scope="col") for one in ("Verdict", "Interval (95%)"))
    heads = ["Campaign", verdict, "Difference", interval, "Outreach", "Held out"]
    return [tables.table(heads, rows, TITLE, "words experiments")]


def _reach(judged: Sequence[Experiment]) -> float:
    """The farthest that a drawn interval reaches from zero, so that all are on one scale."""
    ends = [
        max(abs(one.found.low), abs(one.found.high))
        for each in judged
        for one in (each.judged.comparisons if each.judged else ())
    ]
    return max(ends, default=FEWEST)


def _rows(one: Experiment, filters: Filters, reach: float) -> list[list[Any]]:
    link = html.A(one.campaign.name, href=experiment_link(one.campaign.id, filters))
    if one.judged is None:
        return [[link, _word(one.word), _nothing(), html.Td("–", className="is-nothing"), *_members(one)]]
    several = len(one.judged.comparisons) > 1
    return [
        [
            [link, html.Span(f" {each.arm.name}", className="quiet")] if several else link,
            _word(each.verdict),
            html.Td(words.signed(each.found.estimate), className="number"),
            words.interval_cell(each.found, each.verdict, reach),
            _number(each.arm.n),
            _number(each.control.n),
        ]
        for each in one.judged.comparisons
    ]


def _word(word: Verdict) -> Component:
    return html.Td(word.value, className=words.css(word))


def _members(one: Experiment) -> list[Component]:
    """Members assigned to outreach and held out, where no difference is told."""
    told, control = one.cohorts.assigned, one.cohorts.control
    if told is None:
        return [_withheld(), _withheld() if control else _nothing()]
    outreach = sum(n for name, n in told.items() if name != control)
    return [_number(outreach), _number(told[control]) if control else _nothing()]


def _number(value: int) -> Component:
    return html.Td(count(value), className="number")


def _nothing() -> Component:
    return html.Td("–", className="number is-nothing")


def _withheld() -> Component:
    return html.Td("withheld", className="number is-withheld")


def _others(others: Sequence[Experiment], filters: Filters) -> list[Component]:
    """The campaigns without a verdict, by what is said in its place."""
    told: list[Component] = []
    for word in NO_VERDICT:
        names: list[Any] = []
        for one in [one for one in others[:SHOWN] if one.word is word]:
            link = html.A(one.campaign.name, href=experiment_link(one.campaign.id, filters))
            names += [", " if names else "", link]
        if names:
            head = html.Strong(f"{word.value[0].upper()}{word.value[1:]}")
            told.append(
                html.P([head, f": {words.MEANINGS[word][0].lower()}{words.MEANINGS[word][1:]} ", *names])
            )
    return [html.Div(told, className="without-verdict")] if told else []
