"""What the Experiments page shows, in words, and what the address asked for in vain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from pages.experiments_questions import chosen
from ui import html
from ui.icon import icon
from ui.links import EXPERIMENTS


def scope(filters: Filters, problems: Sequence[str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The filters in words, the way back to all experiments, and what is not known."""
    back: list[Any] = (
        [" ", html.A("Show all experiments", href=EXPERIMENTS, className="no-print")]
        if chosen(filters, viewer, cubes)
        else []
    )
    words = html.P([f"Showing {filters.sentence(cubes)}", *back], className="scope-sentence")
    notes = [
        html.Li([icon("exclamation-triangle"), html.Span(text)], className="problem") for text in problems
    ]
    if not viewer.scope.whole:
        notes.append(
            html.Li([icon("info-circle"), html.Span("Limited to your programs and lines of business.")])
        )
    return [html.Div(words, className="scope-words"), *([html.Ul(notes, className="notes")] if notes else [])]
