"""Bringing a platform's own totals: the form, a look at what its columns mean, what is wrong with rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dash.development.base_component import Component

from config.text import TextRefused
from data.cubes import Cubes
from data.filters import EARLIEST, LATEST
from data.totals import FIGURES, LEAVE, PLACES, Reading, Sheet, TotalsRefused, label, read, sheet
from data.viewer import Viewer
from pages.data_ids import Ids
from state.store import Store
from state.totals import MOST_NAME
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.numbers import count
from ui.panels import panel

TITLE = "Bring a platform's own totals"
CAPTION = (
    "A CSV of its report: a column names the campaign, others count. Rows of persons do not belong here."
)
PART = "Totals are held against the whole plan, and you see a part of it; nothing was kept."
MOST_SHOWN = 12
HELP = "Or drop the file onto the box, or paste its rows. Nothing is kept before you say so."
EXAMPLE = "Campaign,Sent,Delivered,Unique Clicks\nFlu shot 2026,12000,11400,310"


@dataclass(frozen=True)
class Done:
    """What came of an act: what is said, and the id of totals that were kept."""

    said: list[Component] = field(default_factory=list)
    kept: int | None = None


def place() -> Component:
    """Where the form stands, and what is said of what was brought."""
    said = html.Div(id=Ids.BRING_SAID, tabIndex=-1, className="totals-said", **aria(live="polite"))
    return html.Div(
        [*panel(TITLE, CAPTION, html.Div(id=Ids.BRING_FORM)), said, controls.Store(id=Ids.BRING_ASK)],
        className="panel-inside",
        id=Ids.BRING,
    )


def form() -> Component:
    """The form. The browser reads a chosen file into the text box, where it can be looked at first."""
    fields = [
        _field(
            "name",
            "Platform",
            controls.Input(id=f"{Ids.BRING}-name", type="text", maxLength=MOST_NAME, autoComplete="off"),
        ),
        _field("from", "First day (if no column says)", controls.Input(id=f"{Ids.BRING}-from", type="date")),
        _field("to", "Last day", controls.Input(id=f"{Ids.BRING}-to", type="date")),
        html.Div(
            [
                html.Label(
                    "Its rows, with their heading", htmlFor=f"{Ids.BRING}-text", className="form-label"
                ),
                html.Button(
                    "Choose a file",
                    type="button",
                    className="btn btn-quiet btn-small",
                    **marks("totals-choose"),
                ),
                controls.Textarea(
                    id=f"{Ids.BRING}-text",
                    rows=5,
                    placeholder=EXAMPLE,
                    spellCheck=False,
                    className="totals-text",
                ),
                html.P(HELP, className="field-help"),
            ],
            className="field totals-rows",
            **marks("totals-drop"),
        ),
        html.Button("Look at it", type="submit", className="btn btn-primary"),
    ]
    return html.Form(fields, className="totals-form", noValidate=True, **marks("totals-form"))


def _field(name: str, words: str, control: Component) -> Component:
    return html.Div(
        [html.Label(words, htmlFor=f"{Ids.BRING}-{name}", className="form-label"), control], className="field"
    )


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store) -> Done:
    """Look at what was brought, or keep it; what cannot be is answered in words and keeps nothing."""
    given = ask if isinstance(ask, dict) else {}
    if given.get("do") not in ("look", "keep"):
        return Done()
    if not viewer.scope.whole:
        return Done(forms.refused(PART))
    try:
        found = sheet(_text(given, "text"))
        meanings = _meanings(given, found)
        reading = read(found, meanings, _span(given), viewer, cubes)
        if given["do"] == "keep":
            return _kept(given, reading, viewer, store)
    except TotalsRefused as refused:
        return Done([*forms.refused(str(refused)), *_columns_of(given)])
    except TextRefused as refused:
        return Done(forms.refused(f"Platform: {refused}."))
    return Done(_look(found, meanings, reading))


def _text(given: Mapping[str, Any], name: str) -> str:
    words = given.get(name)
    return words if isinstance(words, str) else ""


def _meanings(given: Mapping[str, Any], found: Sheet) -> Sequence[str]:
    """What columns mean as it was chosen; as guessed where nothing fits the file was."""
    chosen, known = given.get("columns"), {*PLACES, *FIGURES}
    if not isinstance(chosen, list) or len(chosen) != len(found.header):
        return found.meanings
    texts = [one for one in chosen if isinstance(one, str) and one in known]
    return texts if len(texts) == len(chosen) else found.meanings


def _span(given: Mapping[str, Any]) -> tuple[date, date] | None:
    texts = _text(given, "from"), _text(given, "to")
    if not any(texts):
        return None
    try:
        first, last = (date.fromisoformat(text) for text in texts)
    except ValueError:
        raise TotalsRefused("Name both days, the first and the last, or neither.") from None
    if not EARLIEST <= first <= last <= LATEST:
        raise TotalsRefused("The first day is after the last one.")
    return first, last


def _kept(given: Mapping[str, Any], reading: Reading, viewer: Viewer, store: Store) -> Done:
    if not reading.rows:
        raise TotalsRefused("No row can be compared; nothing was kept.")
    digest = hashlib.sha256(repr(reading.rows).encode()).hexdigest()
    made = store.totals.add(_text(given, "name"), digest, reading.rows, viewer.name)
    left = f" {count(len(reading.problems))} rows were left out." if reading.problems else ""
    words = f"Kept {count(len(made.rows))} rows of {made.name}; the bridge stands below.{left}"
    return Done(forms.said(words), made.id)


def _look(found: Sheet, meanings: Sequence[str], reading: Reading) -> list[Component]:
    """What the columns mean, to be corrected; what is wrong with rows; and the button that keeps the rest."""
    rows, wrong = len(reading.rows), len(reading.problems)
    said = f"{count(rows)} of {count(rows + wrong)} rows can be compared."
    parts: list[Component] = [html.P(said, className="quiet"), _columns(found, meanings)]
    if wrong:
        shown = [html.Li(words) for words in reading.problems[:MOST_SHOWN]]
        more = [html.Li(f"and {count(wrong - MOST_SHOWN)} more")] if wrong > MOST_SHOWN else []
        parts.append(html.Ul([*shown, *more], className="totals-problems"))
    again = html.Button("Look again", type="button", className="btn btn-quiet", **marks("totals-look"))
    keep = html.Button(
        f"Keep {count(rows)} rows and compare",
        type="button",
        className="btn btn-primary",
        disabled=not rows,
        **marks("totals-keep"),
    )
    return [*parts, html.Div([keep, again], className="record-buttons")]


def _columns_of(given: Mapping[str, Any]) -> list[Component]:
    """The columns once more, where it was they that could not be read."""
    try:
        found = sheet(_text(given, "text"))
    except TotalsRefused:
        return []
    again = html.Button("Look again", type="button", className="btn btn-quiet", **marks("totals-look"))
    return [_columns(found, _meanings(given, found)), html.Div([again], className="record-buttons")]


def _columns(found: Sheet, meanings: Sequence[str]) -> Component:
    options = [
        *({"value": name, "label": words} for name, words in PLACES.items() if name != LEAVE),
        *({"value": name, "label": label(name)} for name in FIGURES),
        {"value": LEAVE, "label": PLACES[LEAVE]},
    ]
    picks = [
        html.Div(
            [
                html.Label(
                    heading or f"Column {at + 1}", htmlFor=f"{Ids.BRING}-column-{at}", className="form-label"
                ),
                controls.Select(
                    id=f"{Ids.BRING}-column-{at}", options=options, value=meaning, className="totals-column"
                ),
            ],
            className="field",
        )
        for at, (heading, meaning) in enumerate(zip(found.header, meanings, strict=True))
    ]
    return html.Fieldset([html.Legend("What the columns mean"), *picks], className="totals-columns")
