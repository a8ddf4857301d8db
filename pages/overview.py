"""The Overview: what happened, in one page."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from ui.clocks import clock_words
from ui.faces import no_data
from ui.page import Page


def layout(_viewer: Viewer, cubes: Cubes, /, **_query: str) -> Component:
    words = clock_words(cubes.snapshot)
    sentence = " · ".join(f"{label} {value}" for label, value in words)
    steps = html.Code("python -m etl import FILE --mapping M.toml")
    body = [] if words else [no_data("Nothing has been published yet.", html.P(["Import a file: ", steps]))]
    return html.Div(
        [
            html.Div(
                [html.H1("Overview", tabIndex=-1), html.P(sentence, className="lead")], className="page-head"
            ),
            *body,
        ]
    )


PAGE = Page("overview", "/", "Overview", needs=Permission.VIEW_CAMPAIGNS, layout=layout, icon="speedometer2")
