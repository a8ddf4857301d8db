"""The Administration page's wires: the list follows what is made and revoked; revoking is asked for twice."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, callback_context, no_update
from dash.development.base_component import Component

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from pages import admin_keys, admin_lists, admin_mapping, admin_schedules, admin_sessions, admin_settings
from pages.admin import PAGE
from pages.admin_ids import Ids
from state.store import Store
from ui.wires import Wires

wires = Wires(PAGE)
FIELDS = tuple(State(name, "value") for name in (Ids.NAME, Ids.ROLE, Ids.DAYS, Ids.LINES, Ids.PROGRAMS))


@wires.callback(Output(Ids.KEYS, "children"), Input(Ids.CHANGED, "data"), store=True)
def keys(viewer: Viewer, cubes: Cubes, store: Store, _changed: object) -> list[Component]:
    return admin_keys.listed(cubes, store) if viewer.scope.whole else []


@wires.callback(Output(Ids.SETTINGS, "children"), Input(Ids.TOPIC, "value"), settings=True)
def settings_in_force(_viewer: Viewer, _cubes: Cubes, settings: Settings, topic: object) -> list[Component]:
    return admin_settings.in_force(settings, topic)


@wires.callback(Output(admin_lists.ROLES, "children"), Input(admin_lists.ROLES, "id"))
def who_may(_viewer: Viewer, _cubes: Cubes, _named: object) -> list[Component]:
    return admin_lists.roles()


@wires.callback(
    Output(Ids.SAID, "children"),
    Output(Ids.NAME, "value"),
    Output(Ids.CHANGED, "data"),
    Input(Ids.MAKE, "n_clicks"),
    Input(Ids.NAME, "n_submit"),
    State(Ids.CHANGED, "data"),
    *FIELDS,
    prevent_initial_call=True,
    store=True,
)
def make(
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    _clicks: object,
    _enter: object,
    changed: object,
    *given: object,
) -> tuple[Any, ...]:
    said, made = admin_keys.make(viewer, cubes, store, *given)
    return said, "" if made else no_update, _more(changed) if made else no_update


@wires.callback(
    Output(Ids.ASKED, "children"),
    Output(Ids.CHANGED, "data", allow_duplicate=True),
    Input({"do": Ids.REVOKE, "key": ALL}, "n_clicks"),
    Input({"do": Ids.SURE, "key": ALL}, "n_clicks"),
    Input({"do": Ids.KEEP, "key": ALL}, "n_clicks"),
    State(Ids.CHANGED, "data"),
    prevent_initial_call=True,
    store=True,
)
def revoke(viewer: Viewer, _cubes: Cubes, store: Store, *given: object) -> tuple[Any, ...]:
    pressed = callback_context.triggered_id
    if not pressed or not any(one["value"] for one in callback_context.triggered):
        return no_update, no_update
    if pressed["do"] == Ids.REVOKE:
        return admin_keys.ask(pressed["key"]), no_update
    if pressed["do"] == Ids.KEEP:
        return [], no_update
    said, ended = admin_keys.revoke(viewer, store, pressed["key"])
    return said, _more(given[-1]) if ended else no_update


@wires.callback(Output(Ids.SCHEDULES, "children"), Input(Ids.SCHEDULES, "id"), store=True, settings=True)
def schedules(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, _named: object
) -> list[Component]:
    return admin_schedules.panel_of(cubes, store, settings) if viewer.scope.whole else []


@wires.callback(Output(Ids.MAPPING, "children"), Input(Ids.MAPPING, "id"), settings=True)
def mapping(_viewer: Viewer, _cubes: Cubes, settings: Settings, _named: object) -> list[Component]:
    return admin_mapping.in_force(settings)


@wires.callback(
    Output(Ids.SESSIONS, "children"),
    Input(Ids.SESSION_CHANGED, "data"),
    Input(Ids.FIND, "value"),
    store=True,
)
def sessions(viewer: Viewer, cubes: Cubes, store: Store, _changed: object, find: object) -> list[Component]:
    return admin_sessions.listed(cubes, store, find) if viewer.scope.whole else []


@wires.callback(
    Output(Ids.SESSION_ASKED, "children"),
    Output(Ids.SESSION_CHANGED, "data"),
    Input({"do": Ids.SESSION_END, "of": ALL, "session": ALL}, "n_clicks"),
    Input({"do": Ids.SESSION_SURE, "of": ALL, "session": ALL}, "n_clicks"),
    Input({"do": Ids.SESSION_KEEP, "of": ALL, "session": ALL}, "n_clicks"),
    State(Ids.SESSION_CHANGED, "data"),
    prevent_initial_call=True,
    store=True,
)
def end_session(viewer: Viewer, _cubes: Cubes, store: Store, *given: object) -> tuple[Any, ...]:
    pressed = callback_context.triggered_id
    if not pressed or not any(one["value"] for one in callback_context.triggered):
        return no_update, no_update
    if pressed["do"] == Ids.SESSION_END:
        return admin_sessions.ask(store, pressed["of"], pressed["session"]), no_update
    if pressed["do"] == Ids.SESSION_KEEP:
        return [], no_update
    said, ended = admin_sessions.end(viewer, store, pressed["of"], pressed["session"])
    return said, _more(given[-1]) if ended else no_update


def _more(changed: object) -> int:
    return (changed if isinstance(changed, int) else 0) + 1
