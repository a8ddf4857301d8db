"""What stands beside a page's heading: actions that every page has."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ui.aria import marks
from ui.icon import icon


def page_actions() -> list[Component]:
    """Copy the link to this very view, and print it; the browser does both by itself."""
    return [_action("link-45deg", "Copy link", "copy-link"), _action("printer", "Print", "print")]


def _action(picture: str, words: str, mark: str) -> Component:
    return html.Button(
        [icon(picture), html.Span(words)], className="btn btn-quiet", type="button", **marks(mark)
    )
