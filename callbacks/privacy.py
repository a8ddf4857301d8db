"""The Privacy page's wires: terms and history follow every raise and publish; a raise is asked for twice."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, no_update
from dash.development.base_component import Component

from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from pages import privacy_form, privacy_history, privacy_terms
from pages.privacy import PAGE
from pages.privacy_ids import Ids
from state.store import Store
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
ANEW = (Input(Frame.SNAPSHOT, "data"), Input(Ids.RAISED, "data"))
RAISES: dict[str, Any] = {"needs": Permission.SET_RELEASE, "store": True, "settings": True}


@wires.callback(Output(Ids.TERMS, "children"), *ANEW, store=True, settings=True)
def terms(
    _viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, _snapshot: object, _raised: object
) -> list[Component]:
    return privacy_terms.terms(cubes, store, settings)


@wires.callback(Output(Ids.HISTORY, "children"), *ANEW, store=True)
def history(
    viewer: Viewer, cubes: Cubes, store: Store, _snapshot: object, _raised: object
) -> list[Component]:
    return privacy_history.history(viewer, cubes, store)


@wires.callback(Output(Ids.FORM, "children"), Input(Ids.RAISED, "data"), **RAISES)
def form(_viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, _raised: object) -> list[Component]:
    return privacy_form.form(privacy_terms.next_terms(cubes, store, settings))


@wires.callback(
    Output(Ids.PREVIEW, "children"),
    Input(Ids.THRESHOLD, "value"),
    Input(Ids.PROFILE, "value"),
    prevent_initial_call=True,
    **RAISES,
)
def preview(
    _viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, threshold: object, profile: object
) -> list[str]:
    return privacy_form.preview(threshold, profile, privacy_terms.next_terms(cubes, store, settings))


@wires.callback(
    Output(Ids.SAID, "children"),
    Output(Ids.DIALOG, "children"),
    Output(Ids.RAISED, "data"),
    Input(Ids.ASK, "data"),
    prevent_initial_call=True,
    **RAISES,
)
def act(viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, ask: object) -> tuple[Any, ...]:
    done = privacy_form.act(ask, viewer, cubes, store, settings)
    return done.said, done.dialog, (ask if done.raised else no_update)


wires.clientside(
    ClientsideFunction("privacy", "show"),
    Output(Ids.DIALOG, "title"),
    Input(Ids.DIALOG, "children"),
    prevent_initial_call=True,
)
