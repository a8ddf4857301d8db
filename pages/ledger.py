"""Ledger: who looked at which figures, took them out or changed something; for the privacy officer."""

from __future__ import annotations

from collections.abc import Mapping

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from ledger.words import KINDS
from pages.ledger_ids import Ids
from pages.ledger_questions import EVERY, View, view_of
from ui import controls, html
from ui.faces import no_data
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import waiting

LEAD = "Who looked at which figures, took them out, or changed something. Nothing of a member is in it."
PART = "The ledger is of the whole plan, and you see a part of it."


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer of the whole plan; `query` says what is looked for."""
    head = page_head("Ledger", html.P(LEAD, className="lead"), page_actions())
    if not viewer.scope.whole:
        return html.Div([head, _panel(no_data(PART))], className="data-page ledger-page")
    view = view_of(query, cubes)
    sent = {**view.given, **({"page": str(view.page + 1)} if view.page else {})}
    return html.Div(
        [
            head,
            controls.Store(id=Ids.VIEW, data=sent),
            _form(view),
            _panel(waiting(Ids.LIST)),
            _panel(waiting(Ids.STATE)),
        ],
        className="data-page ledger-page",
    )


def _panel(content: Component) -> Component:
    return html.Section(content, className="panel card")


def _form(view: View) -> Component:
    """A plain form: what is looked for is the address."""
    given = view.given
    kinds = [(EVERY, "Everything"), *((what.value, label) for what, label in KINDS.items())]
    what = [{"value": value, "label": label} for value, label in kinds]
    fields = [
        _search("Who", given, "who", ""),
        _field(
            "What",
            "what",
            controls.Select(id="ledger-what", name="what", options=what, value=view.asked.what or EVERY),
        ),
        _search("Campaign", given, "campaign", "name or id"),
        _day("From", given, "from"),
        _day("To", given, "to"),
        _search("Words", given, "q", ""),
    ]
    look = html.Button("Look", type="submit", className="btn btn-primary")
    every = [html.A("Everything", href="/ledger", className="btn btn-quiet")] if given else []
    return html.Form(
        [*fields, html.Div([look, *every], className="ledger-acts")],
        action="/ledger",
        method="GET",
        className="filters card ledger-form no-print",
    )


def _field(label: str, name: str, control: Component) -> Component:
    return html.Div([controls.Label(label, html_for=f"ledger-{name}"), control], className="field")


def _search(label: str, given: Mapping[str, str], name: str, hint: str = "") -> Component:
    value = given.get(name, "")
    control = controls.Input(id=f"ledger-{name}", name=name, type="search", value=value, placeholder=hint)
    return _field(label, name, control)


def _day(label: str, given: Mapping[str, str], name: str) -> Component:
    control = controls.Input(id=f"ledger-{name}", name=name, type="date", value=given.get(name, ""))
    return _field(label, name, control)


PAGE = Page(
    "ledger",
    "/ledger",
    "Ledger",
    needs=Permission.VIEW_LEDGER,
    layout=layout,
    icon="clock-history",
    bones="list",
    seldom=True,
)
