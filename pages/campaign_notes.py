"""Notes on the days of a campaign: read by all who may see it, written by those who may edit campaigns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from config.text import NOTE, TextRefused
from data.cubes import Campaign, Cubes
from data.periods import day_date, day_number
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.questions import whole_through
from state.store import Note, Store
from ui import controls, html
from ui.aria import aria, marks
from ui.clocks import day as day_words
from ui.icon import icon

EVER = 99_999
DAY, TEXT, WHOLE = "campaign-note-day", "campaign-note-text", "campaign-note-whole"
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Said:
    """What came of an act on notes: words, an act that takes it back, and whether it failed."""

    words: str
    undo: dict[str, Any] | None = None
    failed: bool = False


def said_words(said: Said) -> list[Any]:
    """What is said of an act, with the way back."""
    if said.undo is None:
        return [said.words]
    button = html.Button(
        "Undo", type="button", className="btn btn-quiet", **marks(note_undo=json.dumps(said.undo))
    )
    return [html.Span(said.words), button]


def notes_of(campaign: Campaign, store: Store, span: tuple[int, int] | None) -> list[Note]:
    """The notes of the campaign and of the whole plan, by day, inside the period."""
    first, last = span or (-EVER, EVER)
    return store.notes([campaign.id], first, last)


def listed(notes: list[Note], campaign: Campaign, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The notes as a list with their numbers in the chart, and the form for a new one."""
    may = viewer.may(Permission.EDIT_CAMPAIGNS)
    if not notes and not may:
        return []
    items = [
        _item(number, note, may and (note.campaign is not None or sees_everything(viewer)))
        for number, note in enumerate(notes, 1)
    ]
    rows = [html.Ol(items, className="note-list")] if items else []
    head = html.H3("Notes", className="notes-title")
    return [head, *rows, *([_form(campaign, viewer, cubes, first=not items)] if may else [])]


def _item(number: int, note: Note, may: bool) -> Component:
    about = " · for all campaigns" if note.campaign is None else ""
    remove = html.Button(
        icon("x-lg"),
        type="button",
        className="note-remove no-print",
        **marks(note_remove=str(note.id)),
        **aria(label=f"Remove note {number}"),
    )
    return html.Li(
        [
            html.Span(str(number), className="note-number", **aria(hidden="true")),
            html.Div(
                [
                    html.P(note.text, className="note-text"),
                    html.P(f"{day_words(note.day)} · {note.by}{about}", className="note-by"),
                ]
            ),
            *([remove] if may else []),
        ],
        className="note",
    )


def _form(campaign: Campaign, viewer: Viewer, cubes: Cubes, *, first: bool) -> Component:
    today = whole_through(cubes)
    usual = today if campaign.end_day is None else min(today, campaign.end_day)
    fields = [
        html.Div(
            [
                controls.Label("Day", html_for=DAY),
                controls.Input(id=DAY, type="date", value=day_date(usual).isoformat(), name="day"),
            ],
            className="field",
        ),
        html.Div(
            [
                controls.Label("What happened", html_for=TEXT),
                controls.Input(id=TEXT, type="text", maxLength=NOTE, name="text", autoComplete="off"),
            ],
            className="field",
        ),
        html.Div(
            controls.Checklist(id=WHOLE, options={"whole": "For all campaigns"}, value=[]),
            className="field note-whole",
            role="group",
            hidden=not sees_everything(viewer),
            **aria(label="Reach of the note"),
        ),
        html.Button("Add note", type="submit", className="btn btn-primary"),
    ]
    words = "Add a note: what happened on a day" if first else "Add a note"
    return html.Details(
        [html.Summary(words), html.Form(fields, className="note-form", **marks("note-form"))],
        className="note-add no-print",
    )


def act(ask: object, campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> Said:
    """Add, remove or bring back a note, as the browser asks; what is not known is refused in words."""
    given = ask if isinstance(ask, dict) else {}
    do = given.get("do")
    if do == "add":
        return _added(given, campaign, viewer, store)
    note = _note(given.get("id"), campaign, viewer, cubes, store)
    if note is None or do not in ("remove", "restore"):
        return Said("There is no such note.", failed=True)
    when = day_words(note.day)
    if do == "remove":
        store.remove_note(note.id, viewer.name)
        return Said(f"The note of {when} is removed.", {"do": "restore", "id": note.id})
    store.restore_note(note.id, viewer.name)
    return Said(f"The note of {when} is back.")


def _added(given: dict[str, Any], campaign: Campaign, viewer: Viewer, store: Store) -> Said:
    try:
        day = date.fromisoformat(str(given.get("day")))
    except ValueError:
        return Said("Choose the day that the note is about.", failed=True)
    if not EARLIEST <= day <= LATEST:
        return Said(f"Choose a day from {EARLIEST.year} to {LATEST.year}.", failed=True)
    whole = given.get("whole") is True and sees_everything(viewer)
    text = given.get("text")
    try:
        note = store.add_note(
            None if whole else campaign.id,
            day_number(day),
            text if isinstance(text, str) else "",
            viewer.name,
        )
    except TextRefused as refused:
        return Said(f"The note was not added: {refused}.", failed=True)
    return Said(f"The note of {day_words(note.day)} is added.", {"do": "remove", "id": note.id})


def sees_everything(viewer: Viewer) -> bool:
    """Only who sees every campaign may write beside all of them."""
    return viewer.scope.programs is None and viewer.scope.lines is None


def _note(number: object, campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> Note | None:
    """The note of that id, where it belongs to this campaign or to all that the viewer may write for."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
        return None
    note = store.note(number)
    if note is None:
        return None
    if note.campaign is None:
        return note if sees_everything(viewer) else None
    seen = questions.visible(note.campaign, viewer, cubes)
    return note if seen is not None and seen.id == campaign.id else None
