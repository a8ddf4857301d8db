"""Raising the terms of release: the form, what it would change, a second look in a dialog, and the raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash.development.base_component import Component

from config.settings import Settings
from config.text import LINE, TextRefused, typed
from data.cubes import Cubes
from data.viewer import Viewer
from pages.privacy_ids import Ids
from pages.privacy_terms import next_publish, next_terms
from pages.privacy_words import FOR_GOOD, PROFILES, changes
from state.policy import MOST, Terms, TermsRefused, checked
from state.policy import PROFILES as ORDER
from state.store import Store
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.panels import panel

TITLE = "Protect members more"
CAPTION = "Upwards only, from the next publish on. Who did it and why stays in the history."
PART = "The terms are those of the whole plan, and you see a part of it; nothing was changed."
STRICTER = "Strict also judges how much was sent, delivered and bounced."
NOT_YET = "Nothing would change yet."


@dataclass(frozen=True)
class Done:
    """What came of an act: words, what the dialog holds (nothing closes it), whether terms were raised."""

    said: list[Component] = field(default_factory=list)
    dialog: list[Component] = field(default_factory=list)
    raised: bool = False


def form(held: Terms) -> list[Component]:
    """The panel with the form, filled with what is in force."""
    most = max(MOST, held.threshold)
    offered = ORDER[ORDER.index(held.profile) :]
    fields = [
        forms.field("Threshold", Ids.THRESHOLD,
            controls.Input(
                id=Ids.THRESHOLD, type="number", min=held.threshold, max=most, step=1, value=held.threshold,
            ),
            f"At least {held.threshold:,}, as it stands; at most {most:,}.",
        ),
        forms.field("Profile", Ids.PROFILE,
            controls.Select(
                id=Ids.PROFILE,
                options=[{"label": PROFILES[name], "value": name} for name in offered],
                value=held.profile,
            ),
            STRICTER if len(offered) > 1 else "There is no stricter one.",
        ),
        forms.field("Reason", Ids.REASON,
            controls.Input(id=Ids.REASON, type="text", maxLength=LINE, autoComplete="off", value=""),
            "A few words for the history, and no names of members.",
        ),
        html.P(f"{NOT_YET} {held.way_up()}", id=Ids.PREVIEW, className="raise-preview", role="status"),
        html.Button("Look at the change", type="submit", className="btn btn-primary"),
    ]  # fmt: skip
    body = html.Form(fields, className="raise-form", noValidate=True, **marks("release-form"))
    return panel(TITLE, CAPTION, body)


def preview(threshold: object, profile: object, held: Terms) -> list[str]:
    """What the values in the form would change, or what is wrong with them."""
    if (threshold, profile) == (held.threshold, held.profile):
        return [f"{NOT_YET} {held.way_up()}"]
    try:
        terms = checked(threshold, profile, held)
    except TermsRefused as refused:
        return [str(refused).replace("; nothing was changed", "")]
    return [" ".join([*changes(held, terms), FOR_GOOD])]


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store, settings: Settings) -> Done:
    """Show what a raise changes, or make it; what may not be is answered in words and changes nothing."""
    given = ask if isinstance(ask, dict) else {}
    if given.get("do") not in ("review", "raise"):
        return Done()
    if not viewer.scope.whole:
        return Done(forms.refused(PART))
    held = next_terms(cubes, store, settings)
    try:
        if given["do"] == "review":
            return Done(dialog=_dialog(held, *_asked(given, held)))
        terms, reason = _asked(given, held)
        policy = store.set_policy(terms.threshold, terms.profile, viewer.name, reason, held)
    except TextRefused as refused:
        return Done(forms.refused(f"Reason: {refused}."))
    except TermsRefused as refused:
        return Done(forms.refused(str(refused)))
    words = f"Raised to {policy.terms.words()}. {next_publish(cubes, settings)[0].removesuffix(' By hand:')}"
    return Done(forms.said(words), raised=True)


def _asked(given: Mapping[str, Any], held: Terms) -> tuple[Terms, str]:
    """The terms and the reason of a request; refused where either cannot be."""
    terms = checked(given.get("threshold"), given.get("profile"), held)
    words = given.get("reason")
    reason = typed(words if isinstance(words, str) else "")
    if not reason:
        raise TextRefused("no words yet; say why the terms are raised")
    return terms, reason


def _dialog(held: Terms, terms: Terms, reason: str) -> list[Component]:
    buttons = [
        html.Button(
            f"Raise to {terms.words()}", type="button", className="btn btn-primary", **marks("release-raise")
        ),
        html.Button("Cancel", type="button", className="btn btn-quiet", **marks("release-cancel")),
    ]
    return [
        html.H2("Raise the terms of release?"),
        *(html.P(words) for words in changes(held, terms)),
        html.P(html.Strong(FOR_GOOD)),
        html.P(f"Reason: {reason}", className="quiet"),
        html.Div(buttons, className="record-buttons"),
    ]


def place() -> list[Component]:
    """Where the dialog opens."""
    return [
        html.Dialog(id=Ids.DIALOG, className="sheet raise-sheet", **aria(label="Raise the terms of release"))
    ]
