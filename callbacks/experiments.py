"""The Experiments page's wires: each parses the address, asks, draws and returns one panel."""

from __future__ import annotations

from dash import Input, Output
from dash.development.base_component import Component

from callbacks import looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import (
    experiments_checks,
    experiments_effect,
    experiments_list,
    experiments_plan,
    experiments_readings,
    experiments_whom,
)
from pages.experiments import PAGE
from pages.experiments_ids import Ids
from pages.experiments_questions import asked, chosen
from pages.experiments_scope import scope as scope_of
from ui.filterbar import Bar
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.EXPERIMENTS)
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))
Panel = tuple[list[Component], bool]


def _shown(name: Ids) -> tuple[Output, Output]:
    return Output(name, "children"), Output(f"{name}-panel", "hidden")


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, problems = asked(query, viewer, cubes)
    return scope_of(filters, problems, viewer, cubes)


@wires.callback(*_shown(Ids.LIST), *QUESTION)
def listed(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    if chosen(filters, viewer, cubes) is not None:
        return [], True
    return experiments_list.listed(filters, viewer, cubes), False


@wires.callback(*_shown(Ids.EFFECT), *QUESTION, Input(Frame.THEME, "data"))
def effect(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, theme: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    campaign = chosen(filters, viewer, cubes)
    if campaign is None:
        return [], True
    return experiments_effect.effect(campaign, filters, viewer, cubes, theme), False


@wires.callback(*_shown(Ids.READINGS), *QUESTION)
def readings(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    campaign = chosen(filters, viewer, cubes)
    found = experiments_readings.readings(campaign, filters, viewer, cubes) if campaign is not None else []
    return found, not found


@wires.callback(*_shown(Ids.CHECKS), *QUESTION)
def checks(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    campaign = chosen(filters, viewer, cubes)
    found = experiments_checks.checks(campaign, filters, viewer, cubes) if campaign is not None else []
    return found, not found


@wires.callback(*_shown(Ids.WHOM), *QUESTION)
def whom(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    campaign = chosen(filters, viewer, cubes)
    found = experiments_whom.for_whom(campaign, filters, viewer, cubes) if campaign is not None else []
    return found, not found


@wires.callback(*_shown(Ids.PLAN), *QUESTION)
def plan(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    filters, _ = asked(query, viewer, cubes)
    found = experiments_plan.planned(filters, viewer, cubes)
    return found, not found
