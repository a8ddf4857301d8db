"""What Explore says above its answer: the filters in words, and what cannot be told and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

from data.answer import Answer
from data.cubes import Cubes
from data.metrics import METRICS
from data.periods import Period
from data.question import ONE_AT_A_TIME
from data.viewer import Viewer
from pages.explore_asked import SHAPES, Asked
from pages.explore_words import apart, apart_words, covers, unavailable
from ui import html
from ui.icon import icon

NEEDS = {
    "lines": "Lines need a day, week or month",
    "heat": "A heat map needs two dimensions",
    "bars": "Bars need a dimension",
}


def scope(view: Asked, told: Answer, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The filters in words, and a note for each thing that is left out or cannot be told."""
    words = html.P(["Showing ", view.filters.sentence(cubes)], className="scope-sentence")
    notes = [
        *problems(view),
        *_apart(view, told, viewer, cubes),
        *_unavailable(view, told),
        *_others(view, told),
        *(_note([text]) for text in covers(view, viewer, cubes)),
    ]
    return [
        html.Div([words], className="scope-words"),
        *([html.Ul(notes, className="notes")] if notes else []),
    ]


def problems(view: Asked) -> list[Component]:
    """What the address asks for in vain."""
    return [_note([text], "exclamation-triangle", "problem") for text in view.problems]


def _apart(view: Asked, told: Answer, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Which dimension to drop, where they are not released together."""
    ways = apart(view, told, viewer, cubes)
    if not ways:
        return []
    links: list[Any] = [f"{apart_words(view, cubes)} Drop "]
    for place, (label, fewer) in enumerate(ways):
        links += [" or " if place else "", html.A(label, href=fewer.address())]
    return [_note([*links, "."], "eye-slash", "cannot")]


def _unavailable(view: Asked, told: Answer) -> list[Component]:
    found = []
    for name, reason in unavailable(view, told):
        words: list[Any] = [html.Strong(METRICS[name].label), f": {reason}"]
        left = tuple(one for one in view.metrics if one != name)
        if left:
            way = replace(view, metrics=left, of="", sort="").address()
            words += [" ", html.A("Leave it out", href=way)]
        found.append(_note(words))
    return found


def _others(view: Asked, told: Answer) -> list[Component]:
    found = []
    for text in told.notes:
        if text == ONE_AT_A_TIME:
            continue
        every = replace(view, filters=replace(view.filters, period=Period("all_time"))).address()
        link: list[Any] = [" ", html.A("Show all time", href=every)] if "only in All time" in text else []
        found.append(_note([text, *link]))
    if view.shape in NEEDS and view.drawn != view.shape:
        instead = "" if view.drawn == "none" else f"; {SHAPES[view.drawn].lower()} instead"
        found.append(_note([f"{NEEDS[view.shape]}{instead}."]))
    return found


def _note(words: list[Any], picture: str = "info-circle", css: str = "") -> Component:
    named: Any = {"className": css} if css else {}
    return html.Li([icon(picture), html.Span(words)], **named)
