"""A page's heading, and beside it the actions that every page has."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from ui import html
from ui.aria import Children, marks
from ui.icon import icon


def page_head(title: str, lead: Component, actions: Sequence[Children]) -> Component:
    """The heading, which takes the focus when its page arrives, with the words below it."""
    words = html.Div([html.H1(title, tabIndex=-1), lead])
    return html.Div(
        [words, html.Div(list(actions), className="page-actions no-print")], className="page-head"
    )


def page_actions() -> list[Component]:
    """Copy the link to this very view, and print it; the browser does both by itself."""
    return [_action("link-45deg", "Copy link", "copy-link"), _action("printer", "Print", "print")]


def _action(picture: str, words: str, mark: str) -> Component:
    return html.Button(
        [icon(picture), html.Span(words)], className="btn btn-quiet", type="button", **marks(mark)
    )
