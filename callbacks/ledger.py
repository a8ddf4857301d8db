"""The Ledger page's wires: the list by the address, and the state of the chains."""

from __future__ import annotations

from dash import Input
from dash import Output as To
from dash.development.base_component import Component

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from ledger.book import book_of
from ledger.index import Index, index_of
from pages import ledger_list, ledger_state
from pages.ledger import PAGE
from pages.ledger_ids import Ids
from pages.ledger_questions import canonical, view_of, words_of
from ui.frame import Frame
from ui.wires import Looked, Watch, Wires


def _looked(query: object, _viewer: Viewer, cubes: Cubes) -> Looked:
    """Who reads the ledger stands in it, too."""
    view = view_of(query, cubes)
    of = (view.asked.campaign,) if view.asked.campaign in cubes.campaigns else ()
    return Looked(canonical(view, cubes), words_of(view, cubes), of)


wires = Wires(PAGE, watch=Watch((Ids.VIEW,), _looked))


@wires.callback(To(Ids.LIST, "children"), Input(Ids.VIEW, "data"), settings=True)
def entries(viewer: Viewer, cubes: Cubes, settings: Settings, query: object) -> list[Component]:
    if not viewer.scope.whole:
        return []
    return ledger_list.panel_of(view_of(query, cubes), cubes, index_of(settings))


@wires.callback(
    To(Ids.STATE, "children"), Input(Ids.VIEW, "data"), Input(Frame.TICK, "n_intervals"), settings=True
)
def state(
    viewer: Viewer, cubes: Cubes, settings: Settings, _query: object, _ticks: object
) -> list[Component]:
    if not viewer.scope.whole:
        return []
    index: Index = index_of(settings)
    return ledger_state.panel_of(cubes, settings, book_of(settings), index)
