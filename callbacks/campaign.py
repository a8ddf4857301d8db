"""The Campaign page's wires: each parses the address, asks, draws and returns one panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import live, looks
from config.permissions import Permission
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from pages import (
    campaign_channels,
    campaign_cohorts,
    campaign_cost,
    campaign_days,
    campaign_edits,
    campaign_head,
    campaign_history,
    campaign_list,
    campaign_members,
    campaign_notes,
    campaign_outcomes,
    campaign_record,
    campaign_scope,
    campaign_steps,
    campaign_times,
    campaign_waterfall,
)
from pages import campaign_questions as questions
from pages.campaign import PAGE
from pages.campaign_ids import LIVE, Ids, Notes, Record, group_id
from state.store import Store
from ui.filterbar import Bar
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.CAMPAIGN)
live.renew(wires, LIVE, State(Ids.CAMPAIGN, "data"))
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))
THEME = Input(Frame.THEME, "data")
LATER: dict[str, Any] = {"prevent_initial_call": True}
ALWAYS = (Ids.CARDS, Ids.STEPS, Ids.VARIANTS)  # drawn also where there is nothing to tell
OF_MESSAGES = (Ids.CHANNELS, Ids.WAVES, Ids.MEMBERS, Ids.RESPONSE, Ids.DAYPARTS, Ids.COST)
Draw = Callable[..., list[Component]]


def _panel(place: Ids, draw: Draw, *more: Input, later: bool = True) -> None:
    """A panel that asks by the address; one further down asks once the first ones are drawn."""
    ends = (*QUESTION, *((Input(Ids.SEEN, "data"),) if later else ()), *more)

    @wires.callback(Output(place, "children"), *ends, **(LATER if later else {}))
    def panel(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, *rest: object) -> Any:
        filters, campaign, _ = questions.asked(query, viewer, cubes)
        if campaign is None or (place not in ALWAYS and campaign_scope.quiet(filters, viewer, cubes)):
            return []
        if place in OF_MESSAGES and campaign_scope.without_messages(filters, viewer, cubes):
            return []
        return draw(filters, viewer, cubes, *rest[1 if later else 0 :])


def _table(opener: Ids, place: Ids, draw: Callable[[Filters, Viewer, Cubes], Component]) -> None:
    """The table behind a chart, fetched when it is opened."""

    @wires.callback(Output(place, "children"), Input(opener, "n_clicks"), State(Bar.QUERY, "data"), **LATER)
    def table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Any:
        filters, campaign, _ = questions.asked(query, viewer, cubes)
        return [] if campaign is None else draw(filters, viewer, cubes)


_panel(Ids.CARDS, campaign_head.cards, later=False)
_panel(Ids.STEPS, campaign_steps.steps, later=False)
_panel(Ids.ARMS, campaign_outcomes.arms, later=False)
_panel(Ids.CHANNELS, campaign_channels.channels)
_panel(Ids.WAVES, campaign_channels.waves)
_panel(Ids.COHORTS, campaign_cohorts.by_month)
_panel(Ids.WATERFALL, campaign_waterfall.steps)
_panel(Ids.CURVE, campaign_outcomes.curve, THEME)
_panel(Ids.RESPONSE, campaign_times.responses)
_panel(Ids.VARIANTS, campaign_channels.variants)
_panel(Ids.MEMBERS, campaign_members.members, Input(Ids.MEMBERS_BY, "value"))
_panel(Ids.DAYPARTS, campaign_times.dayparts)
_panel(Ids.COST, campaign_cost.cost)
_table(Ids.TREND_OPENER, Ids.TREND_TABLE, campaign_days.trend_table)
_table(Ids.CURVE_OPENER, Ids.CURVE_TABLE, campaign_outcomes.curve_table)


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Any:
    filters, campaign, problems = questions.asked(query, viewer, cubes)
    return [] if campaign is None else campaign_scope.scope(filters, problems, viewer, cubes)


@wires.callback(Output(Ids.TREND, "children"), *QUESTION, THEME, Input(Notes.CHANGED, "data"), store=True)
def trend(
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    query: object,
    _snapshot: object,
    theme: object,
    _changed: object,
) -> Any:
    filters, campaign, _ = questions.asked(query, viewer, cubes)
    if campaign is None:
        return []
    notes = campaign_notes.notes_of(campaign, store, filters.days(cubes))
    return campaign_days.trend(filters, viewer, cubes, notes, theme)


@wires.callback(Output(Notes.LIST, "children"), *QUESTION, Input(Notes.CHANGED, "data"), store=True)
def notes(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, _changed: object
) -> Any:
    filters, campaign, _ = questions.asked(query, viewer, cubes)
    if campaign is None:
        return []
    found = campaign_notes.notes_of(campaign, store, filters.days(cubes))
    return campaign_notes.listed(found, campaign, viewer, cubes)


@wires.callback(
    Output(Notes.SAID, "children"),
    Output(Notes.CHANGED, "data"),
    Input(Notes.ASK, "data"),
    State(Ids.CAMPAIGN, "data"),
    needs=Permission.EDIT_CAMPAIGNS,
    store=True,
    **LATER,
)
def act_on_notes(viewer: Viewer, cubes: Cubes, store: Store, ask: object, name: object) -> Any:
    campaign = questions.visible(name, viewer, cubes)
    if campaign is None:
        return campaign_list.GONE, no_update
    said = campaign_notes.act(ask, campaign, viewer, cubes, store)
    return campaign_notes.said_words(said), (no_update if said.failed else ask)


@wires.callback(Output(Record.PANEL, "children"), Input(Ids.CAMPAIGN, "data"), store=True)
def record(viewer: Viewer, cubes: Cubes, store: Store, name: object) -> Any:
    campaign = questions.visible(name, viewer, cubes)
    return [] if campaign is None else campaign_record.record(campaign, viewer, cubes, store)


@wires.callback(
    *(Output(group_id(group), "children") for group in campaign_record.GROUPS),
    Output(Record.SAID, "children"),
    Output(Record.SAVED, "data"),
    Input(Record.ASK, "data"),
    State(Ids.CAMPAIGN, "data"),
    needs=Permission.EDIT_CAMPAIGNS,
    store=True,
    **LATER,
)
def act_on_record(viewer: Viewer, cubes: Cubes, store: Store, ask: object, name: object) -> tuple[Any, ...]:
    campaign = questions.visible(name, viewer, cubes)
    if campaign is None:
        return (*(no_update for _ in campaign_record.GROUPS), campaign_list.GONE, no_update)
    done = campaign_edits.act(ask, campaign, viewer, cubes, store)
    groups = (done.groups.get(group, no_update) for group in campaign_record.GROUPS)
    return (*groups, done.said, ask if done.changed else no_update)


@wires.callback(
    Output(Record.HISTORY, "children"),
    Input(Record.HISTORY_OPENER, "n_clicks"),
    Input(Record.SAVED, "data"),
    State(Ids.CAMPAIGN, "data"),
    store=True,
    **LATER,
)
def history(viewer: Viewer, cubes: Cubes, store: Store, clicks: object, _saved: object, name: object) -> Any:
    campaign = questions.visible(name, viewer, cubes)
    if campaign is None or not clicks:
        return no_update
    return campaign_history.listed(campaign, viewer, cubes, store)


@wires.callback(Output(Ids.FOUND, "children"), Input(Ids.FIND, "value"), **LATER)
def find(viewer: Viewer, cubes: Cubes, words: object) -> list[Component]:
    return campaign_list.matching(words, viewer, cubes)


def _browser(name: str) -> ClientsideFunction:
    return ClientsideFunction("campaign", name)


wires.clientside(
    _browser("see"), Output(Ids.SEEN, "data"), Input(Ids.CARDS, "children"), State(Ids.SEEN, "data"), **LATER
)
wires.clientside(_browser("fade"), Output(Notes.SAID, "title"), Input(Notes.SAID, "children"), **LATER)
wires.clientside(_browser("by"), Output(Ids.MEMBERS_BY, "title"), Input(Ids.MEMBERS_BY, "value"), **LATER)
wires.clientside(_browser("find"), Output(Ids.FOUND, "title"), Input(Ids.FIND, "value"), **LATER)
