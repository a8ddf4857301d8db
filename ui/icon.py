"""An icon of assets/02-icons.css; it has no text, so a screen reader passes over it."""

from __future__ import annotations

from dash import html


def icon(name: str) -> html.Span:
    return html.Span(className=f"bi bi-{name}")
