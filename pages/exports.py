"""Exports: choose what to take out and as which file, and see, fetch or delete what was taken."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc
from dash.development.base_component import Component

from config.permissions import Permission
from config.text import LINE
from data.cubes import Cubes
from data.viewer import Viewer
from pages.exports_ids import Ids
from pages.registry import TABLES, may_see
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.filterbar import Bar, filter_bar, filters_of
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import panel, waiting

LEAD = "Tables and released facts as files, each with its definitions, its checksum, who took it and why."
CAPTION = "Under the filters above. A process of its own writes the file; you may leave the page meanwhile."
TICK_MILLISECONDS = 1_500
PAGES = {
    "overview": "Overview",
    "campaign": "One campaign",
    "compare": "Compare",
    "experiments": "Experiments",
    "alerts": "Alerts",
    "data": "Data",
    "definitions": "Definitions",
    "privacy": "Privacy",
}
FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
FIRST = "exports/facts"


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `of` is the table that is chosen at first, the rest are its filters."""
    filters, _ = filters_of(query, viewer, cubes)
    return html.Div(
        [
            page_head("Exports", html.P(LEAD, className="lead"), page_actions()),
            filter_bar(filters, viewer, cubes, query, reset="/exports", hidden=(Bar.COMPARE,)),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            html.Section(_form(viewer, query), className="panel card no-print"),
            html.Section(waiting(Ids.LIST), className="panel card"),
            controls.Store(id=Ids.ASK),
            controls.Store(id=Ids.CHANGED, data=0),
            dcc.Interval(id=Ids.TICK, interval=TICK_MILLISECONDS, disabled=True),
        ],
        className="exports-page",
    )


def _form(viewer: Viewer, query: Mapping[str, str]) -> Component:
    offered = options(viewer)
    known = {one["value"] for one in offered}
    chosen = query.get("of", FIRST)
    fields = [
        forms.field(
            "What",
            Ids.WHAT,
            controls.Select(id=Ids.WHAT, options=offered, value=chosen if chosen in known else FIRST),
            "The released facts are everything that may be told, group by group.",
        ),
        forms.field(
            "Format",
            Ids.FORMAT,
            controls.Select(
                id=Ids.FORMAT,
                options=[{"label": words, "value": name} for name, words in FORMATS.items()],
                value="csv",
            ),
            "Excel holds 1,048,575 rows; the others any number.",
        ),
        forms.field(
            "Reason",
            Ids.WHY,
            controls.Input(id=Ids.WHY, type="text", maxLength=LINE, autoComplete="off", value=""),
            "Kept in the history and beside the file; no names of members.",
        ),
        html.Button("Start the export", type="submit", className="btn btn-primary"),
        html.Div(id=Ids.SAID, className="exports-said", **aria(live="polite")),
    ]
    body = html.Form(fields, className="exports-form", noValidate=True, **marks("export-form"))
    return html.Div(panel("Take something out", CAPTION, body), className="panel-inside")


def options(viewer: Viewer) -> list[dict[str, str]]:
    """The tables that a viewer may take out, the facts first."""
    found = [{"label": TABLES["exports"]["facts"].title, "value": FIRST}]
    for page, words in PAGES.items():
        if may_see(page, viewer):
            found += [
                {"label": f"{words}: {table.title}", "value": f"{page}/{table.name}"}
                for table in TABLES[page].values()
            ]
    return found


PAGE = Page(
    "exports", "/exports", "Exports", needs=Permission.EXPORT, layout=layout, icon="download", seldom=True
)
