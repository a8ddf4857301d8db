"""An icon of assets/02-icons.css; it has no text, so a screen reader passes over it."""

from __future__ import annotations

from dash.development.base_component import Component

from ui import html


def icon(name: str) -> Component:
    return html.Span(className=f"bi bi-{name}")
