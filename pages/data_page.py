"""The Data page: where every figure comes from, what was refused on the way, and how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc
from dash.development.base_component import Component

from config.permissions import Permission
from data.catalogue import catalogue
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_bring, data_lineage, data_volumes
from pages.data_ids import Ids
from pages.data_pieces import command
from pages.data_questions import LISTS, View, view_of, visible
from ui import controls, html
from ui.aria import aria
from ui.clocks import moment
from ui.faces import no_data
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import later

PLACES = {
    Ids.WRONG: "What is wrong",
    Ids.CLOCKS: "Freshness",
    Ids.SOURCES: "Sources",
    Ids.PULLS: "Pulled sources",
    Ids.VOLUMES: "Volumes",
    Ids.LOADS: "Loads",
    Ids.REASONS: "Refused rows",
    Ids.REPLAYS: "Replays",
    Ids.CHECKS: "Checks and runs",
    Ids.TRACE: "Lineage",
    Ids.TOTALS: "Reconciliation",
    Ids.UNLINKED: "Unlinked",
    Ids.COVERAGE: "Coverage",
}
TICK = 1_500
"""Milliseconds between two looks at what is being undone."""
ALL = "All campaigns"
EVERY = "*"  # a list shows no words for an empty value
OF_THE_PLAN = (
    Ids.WRONG, Ids.SOURCES, Ids.PULLS, Ids.VOLUMES, Ids.LOADS, Ids.REASONS, Ids.REPLAYS, Ids.CHECKS,
    Ids.TRACE, Ids.TOTALS,
)  # fmt: skip


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores the chosen source and campaign, and where the lists stand."""
    known = catalogue(cubes)
    if known.loads.is_empty():
        return html.Div([_head("Nothing has been loaded yet.", []), _first_steps()], className="data-page")
    view = view_of({**query, **_pages(query)}, viewer, cubes)
    whole = viewer.scope.whole
    return html.Div(
        [
            _head(_lead(cubes), page_actions()),
            controls.Store(id=Ids.VIEW, data=stored(view)),
            _places(whole),
            html.Div(id=Ids.STATE, className="notices", **aria(live="polite")),
            *((_panel(Ids.WRONG), controls.Store(id=Ids.WRONG_MARK, data="")) if whole else ()),
            _panel(Ids.CLOCKS),
            *(_of_the_plan(view, query, viewer, cubes) if whole else _limited()),
            _panel(Ids.UNLINKED),
            _chosen_campaign(view, viewer, cubes),
            _panel(Ids.COVERAGE),
        ],
        className="data-page",
    )


def _pages(query: dict[str, str]) -> dict[str, str]:
    """Pages count from 1 in an address, as people count."""
    return {
        name: str(int(text) - 1)
        for name, text in query.items()
        if name in LISTS and text.isdecimal() and text.isascii() and int(text)
    }


def stored(view: View) -> dict[str, object]:
    """The view as the browser keeps it."""
    return {"source": view.source, "campaign": view.campaign, **dict(view.pages)}


def _head(lead: str, actions: list[Component]) -> Component:
    return page_head("Data", html.P(lead, className="lead"), actions)


def _lead(cubes: Cubes) -> str:
    snapshot = cubes.snapshot
    if not snapshot.number:
        return "Where figures come from. Nothing has been published yet."
    zone = snapshot.zone
    when = moment(snapshot.published_us, zone)
    return f"Where every figure comes from: snapshot {snapshot.number}, published {when}"


def _places(whole: bool) -> Component:
    """Links to the parts of the page."""
    shown = [(name, words) for name, words in PLACES.items() if whole or name not in OF_THE_PLAN]
    links = [html.A(words, href=f"#{name}-panel") for name, words in shown]
    return html.Nav(links, className="places no-print", **aria(label="Parts of this page"))


def _of_the_plan(view: View, query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    return [
        _panel(Ids.SOURCES),
        _panel(Ids.PULLS),
        controls.Store(id=Ids.PULLS_MARK, data=""),
        data_volumes.form(query, viewer, cubes),
        _panel(Ids.VOLUMES),
        _chosen_source(view, cubes),
        *_bring(viewer),
        *_loads(),
        _panel(Ids.WAITING),
        _panel(Ids.REASONS),
        *_replays(),
        html.Div([_panel(Ids.CHECKS), _panel(Ids.RUNS)], className="two-panels"),
        data_lineage.form(query, viewer, cubes),
        _panel(Ids.TRACE),
        data_lineage.loads_form(query, viewer, cubes),
        _panel(Ids.TOUCHED),
        *_totals(query, viewer),
    ]


def _bring(viewer: Viewer) -> list[Component]:
    """The way to the page that takes files in."""
    if not viewer.may(Permission.LOAD_DATA):
        return []
    link = html.A("Bring a file of rows", href="/data/upload", className="btn btn-primary btn-small")
    return [html.Div(link, className="bring-row no-print")]


def _loads() -> list[Component]:
    said = html.Div(id=Ids.UNDO_SAID, className="acts-said", **aria(live="polite"))
    stores = [controls.Store(id=Ids.UNDO_ASK), controls.Store(id=Ids.LOADS_MARK)]
    return [*stores, dcc.Interval(id=Ids.UNDO_TICK, interval=TICK, disabled=True), _panel(Ids.LOADS), said]


def _replays() -> list[Component]:
    said = html.Div(id=Ids.REPLAY_SAID, className="acts-said", **aria(live="polite"))
    return [controls.Store(id=Ids.REPLAY_ASK), controls.Store(id=Ids.REPLAY_MARK), _panel(Ids.REPLAYS), said]


def _totals(query: Mapping[str, str], viewer: Viewer) -> list[Component]:
    """The form, for those who may bring totals, and the bridge."""
    text = query.get("totals", "")
    number = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
    bring = html.Section(data_bring.place(), className="panel card no-print")
    said = html.Div(id=Ids.TOTALS_SAID, className="acts-said", **aria(live="polite"))
    return [
        controls.Store(id=Ids.BROUGHT, data={"id": number}),
        controls.Store(id=Ids.TOTALS_ASK),
        *([bring] if viewer.may(Permission.RECONCILE) else []),
        said,
        _panel(Ids.TOTALS),
    ]


def _limited() -> list[Component]:
    words = (
        "Sources, files, refused rows, checks and runs concern the whole plan, and you see a part of it. "
        "Below are the campaigns of your part."
    )
    # The wires of the choices want both lists to be there.
    return [no_data(words), html.Div(_choice(Ids.SOURCE, "Files of", [(EVERY, "All")], ""), hidden=True)]


def _chosen_source(view: View, cubes: Cubes) -> Component:
    names = sorted(set(catalogue(cubes).loads["source"]))
    return _choice(
        Ids.SOURCE, "Files of", [(EVERY, "All sources"), *((one, one) for one in names)], view.source
    )


def _chosen_campaign(view: View, viewer: Viewer, cubes: Cubes) -> Component:
    named = [(view.campaign, cubes.campaigns[view.campaign].name)] if view.campaign else []
    return _choice(Ids.CAMPAIGN, "What can be told of", [(EVERY, ALL), *named], view.campaign)


def campaign_options(viewer: Viewer, cubes: Cubes) -> list[dict[str, str]]:
    """All campaigns to choose from, of which the layout holds the chosen one alone."""
    named = sorted((cubes.campaigns[one].name, one) for one in visible(viewer, cubes))
    return [{"value": EVERY, "label": ALL}, *({"value": one, "label": name} for name, one in named)]


def _choice(name: Ids, words: str, options: list[tuple[str, str]], value: str) -> Component:
    return html.Div(
        [
            html.Label(words, htmlFor=name, className="form-label"),
            controls.Select(
                id=name,
                options=controls.offered(options),
                value=value or EVERY,
            ),
        ],
        className="choice no-print",
    )


def _panel(name: Ids) -> Component:
    return html.Section(later(name), className="panel card", id=f"{name}-panel", tabIndex=-1)


def _first_steps() -> Component:
    """What an empty lake says: how the first file comes in, and how to look before it does."""
    steps = [
        (
            "Say what the columns of a file mean",
            "Write a mapping, or take a ready one from etl/sources/.",
            "",
        ),
        (
            "See what would be loaded and refused",
            "A dry run changes nothing.",
            "import FILE.csv --mapping MAPPING.toml --dry-run",
        ),
        (
            "Import the file",
            "Its rows are counted, and what is wrong is kept.",
            "import FILE.csv --mapping MAPPING.toml",
        ),
        ("Or fill the lake with a synthetic sample", "It describes no real people.", "prepare"),
    ]
    shown = [
        html.Li([html.Strong(title), html.P(words), *([command(typed)] if typed else [])])
        for title, words, typed in steps
    ]
    return html.Div(
        [
            no_data("Sources, loads and refused rows appear here as soon as a file is imported."),
            html.Ol(shown),
        ],
        id=Ids.EMPTY,
        className="first-steps",
    )


PAGE = Page(
    "data", "/data", "Data", needs=Permission.VIEW_DATA, layout=layout, icon="database", key="s", bones="list"
)
