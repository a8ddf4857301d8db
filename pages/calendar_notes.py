"""The notes on the calendar's days: of the whole plan and of every campaign in scope, written and undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from config.text import NOTE, TextRefused
from data.cubes import Cubes
from data.filters import Filters
from data.periods import day_date
from data.viewer import Viewer
from pages.calendar_ids import Ids
from pages.calendar_span import day_of
from pages.campaign_notes import Said, sees_everything
from pages.questions import whole_through
from state.store import Note, Store
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.clocks import day as day_words
from ui.icon import icon
from ui.links import campaign_link
from ui.panels import panel

WHOLE = "-"
MOST = 60


def contents(
    span: tuple[int, int], said: Said | None, viewer: Viewer, cubes: Cubes, store: Store
) -> list[Component]:
    """The children of the panel of notes."""
    kept = Filters().campaigns(cubes, viewer)
    found = store.notes(kept, *span)
    may = viewer.may(Permission.EDIT_CAMPAIGNS)
    items = [_item(note, viewer, cubes, may) for note in found[:MOST]]
    listed = (
        html.Ul(items, className="note-list")
        if items
        else html.P("Nobody wrote a note on these days.", className="quiet")
    )
    more = [html.P(f"The first {MOST} of {len(found)}.", className="quiet")] if len(found) > MOST else []
    form = [_form(kept, viewer, cubes)] if may else []
    said_line = html.P(_said(said), className="cal-said", role="status")
    return panel("Notes", "What happened on a day, beside the figures", [said_line, listed, *more, *form])


def _said(said: Said | None) -> list[Any]:
    if said is None:
        return []
    undo = [_button("Undo", said.undo)] if said.undo else []
    return [html.Span(said.words), *undo]


def _button(words: str, ask: dict[str, Any]) -> Component:
    return html.Button(words, type="button", className="btn btn-quiet", **marks(calendar_ask=json.dumps(ask)))


def _item(note: Note, viewer: Viewer, cubes: Cubes, may: bool) -> Component:
    of: Any = "for all campaigns"
    if note.campaign is not None:
        of = html.A(cubes.campaigns[note.campaign].name, href=campaign_link(note.campaign))
    mine = may and (note.campaign is not None or sees_everything(viewer))
    remove = html.Button(
        icon("x-lg"),
        type="button",
        className="note-remove no-print",
        **marks(calendar_ask=json.dumps({"do": "remove", "id": note.id})),
        **aria(label=f"Remove the note of {day_words(note.day)}"),
    )
    words = html.Div(
        [
            html.P(note.text, className="note-text"),
            html.P([f"{day_words(note.day)} · {note.by} · ", of], className="note-by"),
        ]
    )
    return html.Li([words, *([remove] if mine else [])], className="note")


def _form(kept: Sequence[str], viewer: Viewer, cubes: Cubes) -> Component:
    names = sorted((cubes.campaigns[name].name, name) for name in kept)
    every = [(WHOLE, "All campaigns")] if sees_everything(viewer) else []
    options = controls.offered([*every, *((name, label) for label, name in names)])
    first = every[0][0] if every else (names[0][1] if names else None)
    fields = [
        forms.field("Day", Ids.DAY, controls.Input(
            id=Ids.DAY, type="date", name="day", value=day_date(whole_through(cubes)).isoformat())),
        forms.field("About", Ids.OF, controls.Select(id=Ids.OF, options=options, value=first)),
        forms.field("What happened", Ids.TEXT, controls.Input(
            id=Ids.TEXT, type="text", name="text", maxLength=NOTE, autoComplete="off")),
        html.Button("Add note", type="submit", className="btn btn-primary"),
    ]  # fmt: skip
    return html.Details(
        [html.Summary("Add a note"), html.Form(fields, className="note-form", **marks("calendar-form"))],
        className="note-add no-print",
    )


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store) -> Said:
    """Add, remove or bring back a note, as the browser asks; what is not known is refused in words."""
    given = ask if isinstance(ask, dict) else {}
    if given.get("do") == "add":
        return _added(given, viewer, cubes, store)
    note = _note(given.get("id"), viewer, cubes, store)
    if note is None or given.get("do") not in ("remove", "restore"):
        return Said("There is no such note.", failed=True)
    when = day_words(note.day)
    if given["do"] == "remove":
        store.remove_note(note.id, viewer.name)
        return Said(f"The note of {when} is removed.", {"do": "restore", "id": note.id})
    store.restore_note(note.id, viewer.name)
    return Said(f"The note of {when} is back.")


def _added(given: dict[str, Any], viewer: Viewer, cubes: Cubes, store: Store) -> Said:
    day, of, text = day_of(given.get("day")), given.get("campaign"), given.get("text")
    if day is None:
        return Said("Choose the day that the note is about.", failed=True)
    whole = of == WHOLE and sees_everything(viewer)
    if not whole and of not in Filters().campaigns(cubes, viewer):
        return Said("There is no such campaign.", failed=True)
    try:
        note = store.add_note(
            None if whole else str(of), day, text if isinstance(text, str) else "", viewer.name
        )
    except TextRefused as refused:
        return Said(f"The note was not added: {refused}.", failed=True)
    return Said(f"The note of {day_words(note.day)} is added.", {"do": "remove", "id": note.id})


def _note(number: object, viewer: Viewer, cubes: Cubes, store: Store) -> Note | None:
    """The note of that id, where the viewer may know of it and change it."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
        return None
    note = store.note(number)
    if note is None:
        return None
    if note.campaign is None:
        return note if sees_everything(viewer) else None
    return note if note.campaign in Filters().campaigns(cubes, viewer) else None
