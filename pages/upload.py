"""Bring data: drop a file, say what its columns mean, see what would be loaded, and load it."""

from __future__ import annotations

from dash import dcc
from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages.upload_ids import Ids
from ui import controls, html
from ui.aria import aria, marks
from ui.head import page_head
from ui.page import Page
from ui.panels import panel, waiting

LEAD = "Drop a file, say what its columns mean, see what would be loaded and refused, and load it."
CAPTION = (
    "A CSV with a header line. It is kept encrypted until it is loaded, for a day at most. No row of it is "
    "shown; member ids and addresses are replaced before anything is loaded."
)
PART = "Files concern the whole plan, and you see a part of it."
TICK_MILLISECONDS, IDLE_MILLISECONDS = 1_500, 15_000


def layout(viewer: Viewer, _cubes: Cubes, /, **_query: str) -> Component:
    """The page for a viewer of the whole plan."""
    head = page_head("Bring data", html.P(LEAD, className="lead"), [])
    if not viewer.scope.whole:
        return html.Div([head, html.P(PART, className="quiet")], className="upload-page")
    said = html.Div(id=Ids.SAID, className="acts-said", tabIndex=-1, **aria(live="polite"))
    return html.Div(
        [
            head,
            html.Section(
                html.Div(panel("A file", CAPTION, _drop()), className="panel-inside"), className="panel card"
            ),
            said,
            html.Div(id=Ids.OPENED),
            html.Div(id=Ids.LOOK, **aria(live="polite")),
            html.Section(waiting(Ids.RECENT), className="panel card"),
            controls.Store(id=Ids.ASK),
            controls.Store(id=Ids.MARK),
            dcc.Interval(id=Ids.TICK, interval=IDLE_MILLISECONDS),
        ],
        className="upload-page",
    )


def _drop() -> list[Component]:
    """A place to drop a file on, which holds a plain button: it needs no mouse."""
    words = [html.Strong("Drop a CSV here"), html.Span("or", className="quiet")]
    choose = html.Button(
        "Choose a file", type="button", className="btn btn-primary", **marks("upload-choose")
    )
    bar = html.Progress(id=Ids.BAR, max="100", value="0", hidden=True, **aria(label="How much has been sent"))
    told = html.P(id=Ids.TOLD, className="field-help", role="status")
    return [
        html.Div([*words, choose, bar, told], id=Ids.DROP, className="upload-drop", **marks("upload-drop"))
    ]


PAGE = Page(
    "upload", "/data/upload", "Bring data", needs=Permission.LOAD_DATA, layout=layout, icon="", bones="list"
)
