"""The wires of the menu of saved views, the same on every page that has one."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, State, callback_context, no_update

from config.permissions import PEOPLE, Permission
from config.text import TextRefused
from data.cubes import Cubes
from data.viewer import Viewer
from exports.owner import owner_of
from pages.saved import NOBODY, may_share, menu, undo
from reports.views import defaults, is_sent, visible
from state.store import Store
from state.views import ViewRefused
from ui.frame import Frame
from ui.head import Saved
from ui.page import Page, nothing
from ui.wires import Wires

wires = Wires(Page("saved", "", "Saved views", needs=Permission.ENTER, layout=nothing))


@wires.callback(
    Output(Saved.MENU, "children"),
    Output(Saved.DEFAULTS, "data"),
    Input(Saved.OPENER, "n_clicks"),
    Input(Saved.ASK, "data"),
    State(Frame.PLACE, "data"),
    store=True,
    prevent_initial_call=True,
)
def views(
    viewer: Viewer, _cubes: Cubes, store: Store, opened: object, ask: object, place: object
) -> tuple[Any, Any]:
    at = place if isinstance(place, dict) else {}
    path, title = (value if isinstance(value := at.get(name), str) else "" for name in ("path", "title"))
    acted = callback_context.triggered_id == Saved.ASK and isinstance(ask, dict)
    if not acted and not opened:  # a page has come, and nobody looks at its menu yet
        return no_update, no_update
    said = act(ask, path, title, viewer, store) if acted else []
    shown = menu(visible(viewer, store), path, viewer, said)
    return shown, defaults(viewer, store) if acted else no_update


def act(ask: Any, path: str, title: str, viewer: Viewer, store: Store) -> list[Any]:
    """What came of an act, in words; what cannot be done is refused in words."""
    try:
        return _done(ask, path, title, viewer, store)
    except TextRefused as refused:
        return [f"Not done: {refused}."]
    except ViewRefused as refused:
        return [str(refused)]


def _done(ask: Any, path: str, title: str, viewer: Viewer, store: Store) -> list[Any]:
    do, number, name = ask.get("do"), _number(ask.get("id")), _text(ask.get("name"))
    if do == "save":
        query = _text(ask.get("query")).removeprefix("?")
        made = store.views.save(path, title, query, name, viewer.name, owner_of(viewer).scope)
        return [f"“{made.name}” is saved."]
    if do == "rename":
        return [f"It is “{store.views.rename(number, name, viewer.name).name}” now."]
    if do in ("default", "plain"):
        made = store.views.make_default(number, viewer.name, on=do == "default")
        return [f"The menu opens {'“' + made.name + '”' if do == 'default' else 'the plain page'} now."]
    if do == "share":
        return _shared(number, _text(ask.get("role")), viewer, store)
    if do == "remove":
        gone = store.views.remove(number, viewer.name)
        return undo(gone, scheduled=is_sent(gone, store))
    if do == "restore":
        return [f"“{store.views.bring_back(number, viewer.name).name}” is back."]
    raise ViewRefused("Nothing was done: this is no act on views.")


def _shared(number: int, role: str, viewer: Viewer, store: Store) -> list[Any]:
    if not may_share(viewer):
        raise ViewRefused("Your role may not share views.")
    if role != NOBODY and role not in PEOPLE:
        raise ViewRefused("There is no such role.")
    made = store.views.share(number, "" if role == NOBODY else role, viewer.name)
    return [f"“{made.name}” is {'shared' if made.shared else 'yours alone'} now."]


def _number(value: object) -> int:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return int(str(value)) if good else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


wires.clientside(
    ClientsideFunction("saved", "defaults"),
    Output(Saved.MENU, "title"),
    Input(Saved.DEFAULTS, "data"),
    prevent_initial_call=True,
)
