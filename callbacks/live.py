"""The wire of the live strip, the same on each page that shows one."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from data import live
from data.cubes import Cubes
from data.live import Now
from data.viewer import Viewer
from pages.live import IDLE_MILLISECONDS, LIVE_MILLISECONDS, Ids, head, is_stopped, told
from ui.wires import Wires

Renewed = tuple[Any, Any, Any, Any, Any]


def renew(wires: Wires, ids: Ids, *of: State) -> None:
    """Renew the strip of a page; with the State of a campaign's id, for this campaign alone."""

    @wires.callback(
        Output(ids.told, "children"),
        Output(ids.head, "children"),
        Output(ids.strip, "hidden"),
        Output(ids.tick, "interval"),
        Output(ids.as_of, "data"),
        Input(ids.tick, "n_intervals"),
        State(ids.as_of, "data"),
        *of,
    )
    def renewed(viewer: Viewer, cubes: Cubes, _ticks: object, shown: object, *campaign: object) -> Renewed:
        now = live.now(viewer, cubes)
        for one in campaign:
            now = now.of(str(one))
        return _answer(now, cubes, shown, campaigns=not campaign)


def _answer(now: Now, cubes: Cubes, shown: object, campaigns: bool) -> Renewed:
    if not now.campaigns:
        return (no_update, no_update, True, IDLE_MILLISECONDS, 0)
    stopped = is_stopped(now)
    if shown == now.as_of_us and not stopped:
        raise PreventUpdate
    pace = IDLE_MILLISECONDS if stopped else LIVE_MILLISECONDS
    return (told(now, cubes, campaigns), no_update if shown else head(), False, pace, now.as_of_us)
