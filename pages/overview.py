"""The Overview: what happened, in one page."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import parse
from data.viewer import Viewer
from pages.overview_ids import Ids
from ui.aria import Children, aria
from ui.clocks import clock_words
from ui.faces import no_data
from ui.filterbar import filter_bar
from ui.icon import icon
from ui.page import Page
from ui.panels import bones

FIRST_FILE = "python -m etl import FILE.csv --mapping MAPPING.toml"


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores its filters."""
    if not cubes.snapshot.number or not cubes.campaigns:
        return html.Div([_head(cubes, []), _first_steps()])
    filters, _ = parse(query, cubes)
    sort = {"by": query.get("sort", "-sent"), "page": 0}
    copy = html.Button(
        [icon("link-45deg"), html.Span("Copy link")], id=Ids.COPY, className="btn btn-quiet", type="button"
    )
    return html.Div(
        [
            _head(cubes, [copy]),
            dcc.Store(id=Ids.QUERY, data=dict(query)),
            dcc.Store(id=Ids.SORT, data=sort),
            dcc.Store(id=Ids.ADDRESS),
            filter_bar(filters, viewer, cubes),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            _waiting(Ids.CARDS, "kpis", [html.Div(className="bone bone-card") for _ in range(5)]),
            html.Div([_panel(Ids.TREND), _panel(Ids.FUNNEL)], className="panels panels-wide-first"),
            html.Div([_panel(Ids.CHANNELS), _panel(Ids.ARMS)], className="panels panels-stack"),
            _panel(Ids.CAMPAIGNS),
        ],
        className="overview",
    )


def _head(cubes: Cubes, actions: list[Component]) -> Component:
    clocks = [
        html.Span([html.Span(f"{words} "), html.Strong(value)], className="clock")
        for words, value in clock_words(cubes.snapshot)
    ]
    number = cubes.snapshot.number
    snapshot = [html.Span(["Snapshot ", html.Strong(str(number))], className="clock")] if number else []
    words = html.Div(
        [
            html.H1("Overview", tabIndex=-1),
            html.P([*clocks, *snapshot], className="lead clocks", id="overview-clocks"),
        ]
    )
    return html.Div([words, html.Div(actions, className="page-actions no-print")], className="page-head")


def _first_steps() -> Component:
    steps = html.Div(
        [
            html.P("Import the first file, and this page fills itself:"),
            html.Pre(html.Code(FIRST_FILE), tabIndex=0, **aria(label="Command to import a file")),
            html.P(["Or fill the lake with the synthetic sample: ", html.Code("python -m etl prepare")]),
        ],
        className="first-steps",
    )
    return no_data("Nothing has been imported yet.", steps)


def _panel(name: Ids) -> Component:
    return html.Section(_waiting(name, "panel-inside", bones()), className="panel card", id=f"{name}-panel")


def _waiting(name: Ids, css: str, content: Children) -> Component:
    return dcc.Loading(
        html.Div(content, id=name, className=css),
        custom_spinner=html.Div(className="waiting"),
        delay_show=250,
        overlay_style={"visibility": "visible", "opacity": 0.55},
        parent_className="loading",
    )


PAGE = Page("overview", "/", "Overview", needs=Permission.VIEW_CAMPAIGNS, layout=layout, icon="speedometer2")
