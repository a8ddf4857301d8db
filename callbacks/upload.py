"""The wires of Bring data: each reads what the browser asks for, asks the desk, and draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.soon import soon
from config.settings import Settings
from data.catalogue import catalogue
from data.cubes import Cubes
from data.viewer import Viewer
from pages import upload_columns, upload_look
from pages.data_pieces import zone_of
from pages.upload import IDLE_MILLISECONDS, PAGE, TICK_MILLISECONDS
from pages.upload_ids import Ids
from state.desk import Desk, UploadRefused
from state.replays import NotNow
from state.store import Store
from ui import forms
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
Drawn = tuple[object, object, object]
SAID = {
    "check": "All of it is being looked at; the result stands below.",
    "load": "It is being loaded; how far it is stands below. You may leave the page meanwhile.",
    "discard": "Thrown away; nothing was loaded.",
}


@wires.callback(
    Output(Ids.OPENED, "children"),
    Output(Ids.LOOK, "children"),
    Output(Ids.SAID, "children"),
    Input(Ids.ASK, "data"),
    settings=True,
    desk=True,
    prevent_initial_call=True,
)
def ask(viewer: Viewer, _cubes: Cubes, settings: Settings, desk: Desk, asked: object) -> Drawn:
    given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
    if not viewer.scope.whole:
        return no_update, no_update, no_update
    try:
        return _done(given, viewer.name, settings, desk)
    except (UploadRefused, NotNow) as refused:
        return no_update, no_update, forms.refused(str(refused))


def _done(given: Mapping[str, Any], by: str, settings: Settings, desk: Desk) -> Drawn:
    do, id = given.get("do"), given.get("id")
    draft = given.get("draft")
    plain: Mapping[str, Any] = draft if isinstance(draft, dict) else {}
    if do == "open":
        kind = given.get("kind")
        opened = desk.opened(id, by, kind if isinstance(kind, str) else "")
        first = {"use": opened.known} if opened.known else opened.draft
        return upload_columns.panel_of(opened), upload_look.panel_of(desk.look(id, by, first)), []
    if do == "look":
        return no_update, upload_look.panel_of(desk.look(id, by, plain)), []
    if do == "columns":
        written = (str(plain.get(name) or "") for name in ("kind", "delimiter", "encoding"))
        opened = upload_columns.chosen(desk.opened(id, by, *written), plain)
        return upload_columns.panel_of(opened), upload_look.panel_of(desk.look(id, by, plain)), []
    if do not in SAID:
        return no_update, no_update, no_update
    if do == "discard":
        desk.discard(id, by)
    else:
        (desk.load if do == "load" else desk.check)(id, by, plain)
        soon(settings)
    return [], [], forms.said(SAID[do])


@wires.callback(
    Output(Ids.RECENT, "children"),
    Output(Ids.MARK, "data"),
    Output(Ids.TICK, "interval"),
    Input(Ids.TICK, "n_intervals"),
    Input(Ids.SAID, "children"),
    Input(Frame.SNAPSHOT, "data"),
    State(Ids.MARK, "data"),
    store=True,
)
def recent(viewer: Viewer, cubes: Cubes, store: Store, *anew: object) -> tuple[object, object, object]:
    """The list, drawn anew only where something moved, and asked for seldom where nothing does."""
    if not viewer.scope.whole:
        return [], "", IDLE_MILLISECONDS
    found = store.uploads.of(viewer.name)
    loads = dict(catalogue(cubes).loads.select("load_id", "seq").iter_rows())
    mark = "|".join(f"{one.id}{one.state}{one.done}{loads.get(one.load_id or 0)}" for one in found)
    if anew and mark == anew[-1]:
        return no_update, no_update, no_update
    drawn: list[Component] = upload_look.recent(found, zone_of(cubes), loads)
    return drawn, mark, TICK_MILLISECONDS if any(one.moving for one in found) else IDLE_MILLISECONDS
