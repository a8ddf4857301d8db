"""Compare: two to four campaigns side by side, aligned on the days since their launch."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from config.vocabulary import CHANNEL_LABELS
from data.cubes import Cubes
from data.filters import choices
from data.metrics import METRICS
from data.viewer import Viewer
from pages.compare_chosen import CURVES, MOST, WINDOWS, Chosen, chosen
from pages.compare_ids import Ids
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.faces import no_data
from ui.head import page_actions, page_head
from ui.icon import icon
from ui.page import Page
from ui.panels import framed, waiting

LEAD = "Campaigns side by side, counted from the day each was launched."
EVERY_CHANNEL = "-"


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores what was chosen."""
    if not choices("campaign", cubes, viewer):
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([_head([]), no_data("There are no campaigns to compare yet.", step)])
    asked = chosen(query, viewer, cubes)
    alone = len(asked.campaigns) < 2
    return html.Div(
        [
            _head(page_actions()),
            controls.Store(id=Ids.QUERY, data=dict(query)),
            controls.Store(id=Ids.ADDRESS),
            _controls(asked, viewer, cubes),
            html.Div(id=Ids.CHOSEN, className="chosen"),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            framed(Ids.RECORDS, alone),
            framed(Ids.TABLE, alone),
            html.Section(
                [_curve_of(asked), waiting(Ids.CURVE)],
                className="panel card",
                id=f"{Ids.CURVE}-panel",
                hidden=alone,
            ),
        ],
        className="overview compare",
    )


def _head(actions: list[Component]) -> Component:
    return page_head("Compare", html.P(LEAD, className="lead"), actions)


def _controls(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    channels = [{"label": "All channels", "value": EVERY_CHANNEL}] + [
        {"label": CHANNEL_LABELS.get(name, name), "value": name} for name in choices("channel", cubes, viewer)
    ]
    channel = asked.filters.channel[0] if asked.filters.channel else EVERY_CHANNEL
    windows = [{"label": words, "value": name} for name, words in WINDOWS.items()]
    return html.Div(
        [
            _pick(asked, viewer, cubes),
            forms.field(
                "Days since launch",
                Ids.WINDOW,
                controls.Select(id=Ids.WINDOW, options=windows, value=asked.window),
            ),
            forms.field(
                "Channel", Ids.CHANNEL, controls.Select(id=Ids.CHANNEL, options=channels, value=channel)
            ),
            html.Div(
                html.A([icon("x-lg"), "Reset"], href=PAGE.path, className="btn btn-quiet", **marks("reset")),
                className="field field-reset",
            ),
        ],
        className="filters card compare-controls no-print",
    )


def _pick(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    """All campaigns to choose from, in a list that folds away, can be searched, and is filled when opened."""
    words = picked_words(len(asked.campaigns))
    search = html.Div(
        [
            controls.Label("Search campaigns", html_for=Ids.SEARCH, class_name="visually-hidden"),
            controls.Input(id=Ids.SEARCH, type="search", placeholder="Search campaigns"),
        ],
        **marks(narrow=Ids.PICK),
    )
    listed = html.Div(
        [
            search,
            html.P(id=Ids.FULL, className="pick-full", role="status"),
            html.Div(
                controls.Checklist(id=Ids.PICK, options=[], value=list(asked.campaigns)),
                role="group",
                **aria(label="Campaigns"),
            ),
        ],
        className="pick-list",
    )
    head = html.Summary(
        [
            html.Span("Campaigns", className="form-label"),
            html.Span(words, id=Ids.PICKED, className="pick-words"),
        ],
        className="pick-head",
        id=Ids.OPENER,
    )
    return html.Details([head, listed], className="pick field", **marks(most=str(MOST)))


def picked_words(count: int) -> str:
    """`Choose campaigns`, or how many of the most there may be."""
    return f"{count} of {MOST}" if count else "Choose campaigns"


def _curve_of(asked: Chosen) -> Component:
    options = [{"label": METRICS[name].label, "value": name} for name in CURVES if name in METRICS]
    control = controls.Select(id=Ids.METRIC, options=options, value=asked.metric)
    return html.Div(forms.field("Curve", Ids.METRIC, control), className="curve-of no-print")


PAGE = Page(
    "compare",
    "/compare",
    "Compare",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="bar-chart",
    key="v",
)
