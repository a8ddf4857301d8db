"""One experiment: its arms, and each one's difference to the members held out, with the interval drawn."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.experiments import Arm, Comparison
from insight.experiments.intervals import wilson
from pages import experiments_words as words
from pages.campaign_head import outcome_words
from pages.experiments_questions import Experiment, experiment, higher_is_better
from pages.experiments_worth import panel_part
from pages.table import csv_link
from ui import html, tables
from ui.aria import aria
from ui.clocks import day
from ui.faces import no_data, not_available
from ui.intervals import Interval, intervals
from ui.links import campaign_link
from ui.numbers import count, percent
from ui.panels import panel
from ui.theme import GRAPH_CONFIG, scheme_of


def effect(campaign: str, filters: Filters, viewer: Viewer, cubes: Cubes, theme: object) -> list[Component]:
    """The panel of one experiment's verdict: the finding, the arms, the interval, and why."""
    one = experiment(campaign, viewer, cubes)
    known = cubes.campaigns[campaign]
    if one is None:
        return panel(known.name, "Experiment", _nobody(campaign, cubes))
    caption = f"{known.name}: {outcome_words(known, cubes) or 'any outcome'}.{words.direction(one)}"
    tools = csv_link("experiments", "arms", filters, viewer)
    said = html.P([words.mark(one.word), html.Span(words.MEANINGS[one.word])], className="verdict-line")
    body: list[Any] = [said]
    if one.judged is None:
        body += [html.P(one.why, className="verdict-why")]
    else:
        body += [_drawn(one, theme), *_reasons(one)]
    if one.arms:
        body += [_arms(one), *panel_part(one, viewer, cubes)]
    foot = [
        html.Span(_counted(one)),
        html.A("Open the campaign", href=campaign_link(campaign), className="no-print"),
    ]
    return panel(words.finding(one), caption, body, foot, tools)


def _nobody(campaign: str, cubes: Cubes) -> Component:
    known = cubes.campaigns[campaign]
    if known.start_day is not None and known.start_day > cubes.today:
        return no_data(f"It starts on {day(known.start_day)}; nobody has been assigned yet.")
    return not_available("No source says who was assigned to which arm.")


def _drawn(one: Experiment, theme: object) -> Component:
    assert one.judged is not None
    rows = [
        Interval(
            each.arm.name,
            100 * each.found.estimate,
            100 * each.found.low,
            100 * each.found.high,
            f"{words.signed(each.found.estimate)} ({words.spanned(each.found.low, each.found.high)})",
            words.tone(each.verdict),
        )
        for each in one.judged.comparisons
    ]
    held = one.judged.comparisons[0].control.name
    figure: Any = intervals(rows, f"Points more or fewer than {held}", scheme_of(theme))
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    said = "; ".join(f"{row.name}: {row.words} points" for row in rows)
    label = f"Difference to {held} with its 95% interval. {said}."
    size = {"--rows": str(len(rows))}
    return html.Div(
        graph, role="img", className="chart-frame chart-intervals", style=size, **aria(label=label)
    )


def _reasons(one: Experiment) -> list[Component]:
    assert one.judged is not None
    higher = higher_is_better(one.campaign)
    told = [
        html.Li([html.Strong(each.arm.name), f": {words.because(each, higher)} {_lift(each)}"])
        for each in one.judged.comparisons
    ]
    won = [html.P(one.judged.why, className="verdict-why")] if one.judged.why else []
    return [html.Ul(told, className="verdict-reasons"), *won]


def _lift(one: Comparison) -> str:
    """The relative lift in a sentence; what would have come anyway, where the arm works."""
    if one.lift is None:
        return "Relative lift: not estimable, nobody held out had the outcome."
    low, high = (f"{100 * end:+.0f}%".replace("-", "−") for end in (one.lift.low, one.lift.high))
    middle = f"{100 * one.lift.estimate:+.0f}%".replace("-", "−")
    return f"Relative lift {middle} ({low} to {high})."


def _arms(one: Experiment) -> Component:
    heads = ["Arm", "Outcome rate", "95% interval", "With outcome", "Assigned"]
    return tables.table(heads, [_arm(arm) for arm in one.arms], "Arms", "words arms")


def _arm(arm: Arm) -> list[Any]:
    low, high = wilson(arm.hits, arm.n)
    name: Any = [arm.name, html.Span(" held out", className="quiet")] if arm.control else arm.name
    return [
        name,
        html.Td(percent(arm.rate), className="number"),
        html.Td(f"{percent(float(low))} to {percent(float(high))}", className="number"),
        html.Td(count(arm.hits), className="number"),
        html.Td(count(arm.n), className="number"),
    ]


def _counted(one: Experiment) -> str:
    """Who is counted."""
    last = f" assigned through {day(one.cohorts.last)}" if one.cohorts.last is not None else ""
    if one.judged is None:
        return "No interval is drawn where there is no verdict."
    return f"Counts members{last}, whose outcomes are complete. {words.HOUSEHOLDS}"
