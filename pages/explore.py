"""Explore: choose figures and what to break them down by; the answer is a table, a chart and a file."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import attributes, choices
from data.metrics import METRICS
from data.viewer import Viewer
from pages.explore_asked import EXPLORE, MOST_METRICS, SHAPES, Asked, asked, dimensions, grouped
from pages.explore_ids import Ids
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.faces import no_data
from ui.filterbar import Bar, filter_bar
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import framed

LEAD = "Ask a question of your own: choose figures, and what to break them down by."
NOTHING = "-"
BY_WORDS = {Ids.FIRST: "Break down by", Ids.SECOND: "and by", Ids.THIRD: "and also by"}


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores the question."""
    if not choices("campaign", cubes, viewer):
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([_head([]), no_data("There are no figures to ask for yet.", step)])
    view = asked(query, viewer, cubes)
    return html.Div(
        [
            _head(page_actions()),
            _question(view, viewer, cubes),
            filter_bar(view.filters, viewer, cubes, query, reset=EXPLORE, hidden=(Bar.COMPARE,)),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            framed(Ids.CHART, not view.metrics),
            framed(Ids.TABLE, not view.metrics),
        ],
        className="overview explore",
    )


def _head(actions: list[Component]) -> Component:
    return page_head("Explore", html.P(LEAD, className="lead"), actions)


def _question(view: Asked, viewer: Viewer, cubes: Cubes) -> Component:
    offered = {NOTHING: "Nothing", **dimensions(viewer, cubes)}
    chosen = [*view.by, NOTHING, NOTHING, NOTHING]
    by = [
        forms.field(words, name, controls.Select(id=name, options=offered, value=chosen[place]))
        for place, (name, words) in enumerate(BY_WORDS.items())
    ]
    of = {name: METRICS[name].label for name in view.metrics}
    shape = controls.Select(id=Ids.SHAPE, options=SHAPES, value=view.shape)
    charted = controls.Select(id=Ids.OF, options=of, value=view.charted.name if view.metrics else None)
    return html.Div(
        [_pick(view), *by, forms.field("Chart", Ids.SHAPE, shape), forms.field("Chart of", Ids.OF, charted)],
        className="filters card explore-question no-print",
        role="group",
        **aria(label="The question"),
    )


def _pick(view: Asked) -> Component:
    """The figures in a list that folds away, can be searched, and is filled when it is opened."""
    search = html.Div(
        [
            controls.Label("Search figures", html_for=Ids.SEARCH, class_name="visually-hidden"),
            controls.Input(id=Ids.SEARCH, type="search", placeholder="Search figures", autoComplete="off"),
        ],
        **marks(narrow=Ids.METRICS),
    )
    chosen = [(name, METRICS[name].label) for name in view.metrics]
    boxes = controls.Checklist(id=Ids.METRICS, options=controls.offered(chosen), value=list(view.metrics))
    listed = html.Div(
        [
            search,
            html.P(id=Ids.FULL, className="pick-full", role="status"),
            html.Div(boxes, role="group", **aria(label="Figures")),
        ],
        className="pick-list",
    )
    head = html.Summary(
        [
            html.Span("Figures", className="form-label"),
            html.Span(picked_words(view), id=Ids.PICKED, className="pick-words"),
        ],
        className="pick-head",
        id=Ids.OPENER,
    )
    return html.Details([head, listed], className="pick field", **marks(most=str(MOST_METRICS)))


def options() -> Any:
    """All figures to choose from, those of a kind beside each other."""
    return controls.offered([(one.name, one.label) for one in grouped()])


def picked_words(view: Asked) -> str:
    """The one figure, how many, or that one is to be chosen."""
    if len(view.metrics) == 1:
        return METRICS[view.metrics[0]].label
    return f"{len(view.metrics)} selected" if view.metrics else "Choose figures"


def first_questions(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Three good questions to begin with, as links."""
    region = next((name for name in ("region", "segment") if name in attributes(cubes, viewer)), "program")
    label = cubes.dimension(region).label.lower()
    offered: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (
            "Which channel do members answer?",
            "Members delivered to, and the rates of clicks and responses, by channel.",
            {"metrics": ("members_delivered", "click_rate", "response_rate"), "by": ("channel",)},
        ),
        (
            "How does outreach develop?",
            "Messages sent by month and channel, as lines.",
            {"metrics": ("sent", "delivered_rate"), "by": ("month", "channel")},
        ),
        (
            f"Where do we fail to reach, and where to persuade, by {label}?",
            f"Members delivered to, clicks and opt-outs by {label}.",
            {
                "metrics": ("members_delivered", "members_delivered_rate", "click_rate", "opt_out_rate"),
                "by": (region,),
            },
        ),
    )
    filters = asked({}, viewer, cubes).filters
    cards = [
        html.A(
            [html.Strong(words), html.Span(more)],
            href=Asked(filters, question["metrics"], question["by"]).address(),
            className="first-question card",
        )
        for words, more, question in offered
    ]
    lead = html.P("Choose figures above, or begin with one of these.", className="first-lead")
    return [lead, html.Div(cards, className="first-questions")]


PAGE = Page(
    "explore", EXPLORE, "Explore", needs=Permission.VIEW_CAMPAIGNS, layout=layout, icon="compass", key="x"
)
