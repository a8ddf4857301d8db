"""The three faces of nothing, which never look alike: no data, withheld for privacy, failed."""

from __future__ import annotations

from dash.development.base_component import Component

from ui import html
from ui.aria import marks
from ui.icon import icon

Words = str | Component


def no_data(
    words: str = "Nothing happened in this selection.", next_step: Component | None = None
) -> Component:
    """There is nothing to show; `next_step` is a link or button that leads on."""
    return _face("info-circle", "No data", words, "no-data", next_step)


def withheld(
    words: str = "Too few members to show without revealing someone.",
    next_step: Component | None = None,
) -> Component:
    """There is something, and it is not told, to protect members."""
    return _face("eye-slash", "Withheld for privacy", words, "withheld", next_step)


def not_available(words: str = "No source of this selection reports it.") -> Component:
    """Nobody counts it: missing is not zero."""
    return _face("dash-lg", "Not available", words, "not-available", None)


def failed(reference: str) -> Component:
    """It should be here and is not; the reference finds it in the log."""
    words = html.Span(
        ["If it fails again, give your administrator the reference ", html.Code(reference), "."]
    )
    again = html.Button(
        [icon("arrow-repeat"), "Try again"], className="btn btn-quiet", type="button", **marks("again")
    )
    return _face("exclamation-triangle", "This could not be shown", words, "failed", again, role="alert")


def unrecorded(title: str, words: str) -> Component:
    """It is there, and is not shown, since nobody could tell later who saw it."""
    again = html.Button(
        [icon("arrow-repeat"), "Try again"], className="btn btn-quiet", type="button", **marks("again")
    )
    return _face("exclamation-triangle", title, words, "failed", again, role="alert")


def trouble(reference: str) -> list[Component]:
    """What a toast says of something that failed: its reference, to be copied."""
    return [
        html.P(["Something failed. Its reference: ", html.Code(reference)]),
        html.Button(
            "Copy reference", className="btn btn-quiet", type="button", **marks(copy_words=reference)
        ),
    ]


def _face(
    picture: str, title: str, words: Words, kind: str, next_step: Component | None, role: str = "status"
) -> Component:
    steps = [] if next_step is None else [next_step]
    return html.Div(
        [icon(picture), html.Div([html.Strong(title), html.P(words), *steps])],
        className=f"face face-{kind}",
        role=role,
    )
