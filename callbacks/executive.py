"""The executive page's wires: the sheet under its filters, and issuing it as a report."""

from __future__ import annotations

from dash import Input, Output, State
from dash.development.base_component import Component
from msgspec.structs import replace

from callbacks import looks
from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from pages import executive
from pages.executive import PAGE
from pages.executive_ids import Ids
from pages.executive_questions import asked, document
from reports.issue import issue
from state.store import Store
from ui import html
from ui.document import document as drawn
from ui.filterbar import Bar
from ui.frame import Frame
from ui.theme import scheme_of
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.EXECUTIVE)
FIRST = 2
"""Blocks of the sheet that come first."""
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    return executive.scope(*asked(query, viewer, cubes), cubes)


@wires.callback(Output(Ids.HEAD, "children"), *QUESTION)
def bar(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    return executive.bar(asked(query, viewer, cubes)[0], viewer)


@wires.callback(Output(Ids.SHEET, "children"), *QUESTION, Input(Frame.THEME, "data"), store=True)
def sheet(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, theme: object
) -> list[Component]:
    """The figures and the programs; the rest comes by itself, so that neither answer is long."""
    made = document(asked(query, viewer, cubes)[0], viewer, cubes, store)
    return drawn(replace(made, blocks=made.blocks[:FIRST]), scheme_of(theme))


@wires.callback(Output(Ids.REST, "children"), *QUESTION, Input(Frame.THEME, "data"), store=True)
def rest(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, theme: object
) -> list[Component]:
    made = document(asked(query, viewer, cubes)[0], viewer, cubes, store)
    return drawn(replace(made, blocks=made.blocks[FIRST:]), scheme_of(theme))


@wires.callback(
    Output(Ids.SAID, "children"),
    Input(Ids.ISSUE, "n_clicks"),
    State(Bar.QUERY, "data"),
    needs=Permission.ISSUE_REPORTS,
    store=True,
    settings=True,
    prevent_initial_call=True,
)
def issued(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, clicks: object, query: object
) -> list[Component]:
    """Keep the sheet as it stands under an ID of its own."""
    if not clicks:
        return []
    filters, _ = asked(query, viewer, cubes)
    told = replace(document(filters, viewer, cubes, store), plan=settings.plan)
    made = issue(told, viewer, store, today=cubes.today)
    link = html.A(made.id, href=f"/reports?report={made.id}")
    return [html.P(["Issued as report ", link, ": open it to comment and to approve."], className="notice")]
