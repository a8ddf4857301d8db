"""The history of a campaign's record: who or what changed which field, when, and the way back."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Campaign, Cubes
from data.records import FIELDS, Entry, history
from data.viewer import Viewer
from pages.campaign_record import words_of
from state.store import Store
from ui import html
from ui.aria import aria, marks
from ui.clocks import moment

SHOWN, FIELDS_SHOWN, WORDS = 25, 6, 160


def listed(campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The latest steps, newest first; an edit made here can be undone, and so can the undoing."""
    entries = history(cubes.versions(campaign.id), store.edits(campaign.id))
    if not entries:
        return [html.P("Nothing has been recorded yet.", className="quiet")]
    may = viewer.may(Permission.EDIT_CAMPAIGNS)
    zone = cubes.snapshot.zone
    items = [_entry(entry, may, zone) for entry in entries[:SHOWN]]
    more = len(entries) - SHOWN
    rest = [html.P(f"{more} earlier steps are not listed.", className="quiet")] if more > 0 else []
    return [html.Ol(items, className="history-list"), *rest]


def _entry(entry: Entry, may: bool, zone: str) -> Component:
    when = moment(entry.at_us, zone)
    who = entry.by or f"Source {entry.source}"
    did = "undid an edit" if entry.undo_of is not None else "edited" if entry.by else "stated"
    waits = [html.Span("not in the figures yet", className="waits")] if entry.waiting else []
    undo = html.Button(
        "Undo",
        type="button",
        className="record-undo no-print",
        **marks(record_undo=str(entry.edit)),
        **aria(label=f"Undo the edit of {when}"),
    )
    changes = [_change(name, old, new) for name, (old, new) in list(entry.changes.items())[:FIELDS_SHOWN]]
    more = len(entry.changes) - FIELDS_SHOWN
    if more > 0:
        changes.append(html.Li(f"and {more} more fields", className="quiet"))
    if entry.overtaken:
        names = ", ".join(_label(name) for name in entry.overtaken)
        changes.append(
            html.Li(f"{names}: a source had changed it before this edit arrived", className="quiet")
        )
    head = html.P([html.Strong(who), f" {did}, {when} ", *waits])
    can_undo = may and entry.edit is not None and entry.changes
    return html.Li([html.Div([head, html.Ul(changes)]), *([undo] if can_undo else [])])


def _change(name: str, old: Any, new: Any) -> Component:
    before: list[Any] = [] if old is None else [html.Del(_short(name, old)), " → "]
    return html.Li([html.Span(f"{_label(name)}: "), *before, html.Ins(_short(name, new))])


def _label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else name


def _short(name: str, value: Any) -> str:
    words = words_of(FIELDS[name], value) if name in FIELDS else str(value)
    return words if len(words) <= WORDS else f"{words[:WORDS]}…"
