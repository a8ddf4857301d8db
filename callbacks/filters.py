"""The filter bar's wires, the same on every page that has one: its choices become the address."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, State, no_update

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from ui.filterbar import LISTS, PICKS, Bar, campaign_options, summary_id
from ui.page import Page, nothing
from ui.wires import Wires

BAR = Page("filters", "", "Filters", needs=Permission.VIEW_CAMPAIGNS, layout=nothing)
wires = Wires(BAR)


@wires.callback(Output(Bar.CAMPAIGN, "options"), Input(Bar.OPENER, "n_clicks"), prevent_initial_call=True)
def campaigns(viewer: Viewer, cubes: Cubes, opened: object) -> Any:
    return campaign_options(viewer, cubes) if opened == 1 else no_update


def _browser(name: str) -> ClientsideFunction:
    return ClientsideFunction("filters", name)


wires.clientside(
    _browser("pick"),
    Output(Bar.QUERY, "data"),
    Output(Bar.DATES, "hidden"),
    Output(Bar.COUNT, "children"),
    *(Output(summary_id(name), "children") for name in LISTS),
    Input(Bar.PERIOD, "value"),
    Input(Bar.FROM, "value"),
    Input(Bar.TO, "value"),
    Input(Bar.COMPARE, "value"),
    *(Input(name, "value") for name, _, _ in PICKS),
    Input(Bar.REGION, "value"),
    Input(Bar.VALUES, "value"),
    State(Bar.ATTRIBUTE, "value"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("attribute"),
    Output(Bar.VALUES, "options"),
    Output(Bar.VALUES, "value"),
    Input(Bar.ATTRIBUTE, "value"),
    State(Bar.CHOICES, "data"),
    prevent_initial_call=True,
)
wires.clientside(_browser("address"), Output(Bar.ADDRESS, "data"), Input(Bar.QUERY, "data"))
wires.clientside(_browser("fold"), Output(Bar.SHELL, "open"), Input(Bar.SHELL, "id"))
