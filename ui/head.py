"""A page's heading, and beside it the actions that every page has."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from dash.development.base_component import Component

from ui import html
from ui.aria import Children, marks


def page_head(title: str, lead: Component, actions: Sequence[Children]) -> Component:
    """The heading, which takes the focus when its page arrives, with the words below it."""
    words = html.Div([html.H1(title, tabIndex=-1), lead])
    return html.Div(
        [words, html.Div(list(actions), className="page-actions no-print")], className="page-head"
    )


class Saved(StrEnum):
    """Ids of the menu of saved views (pages/saved.py)."""

    MENU = "views-menu"
    OPENER = "views-opener"
    ASK = "views-ask"  # what the browser asks for: an act and the address it is about
    DEFAULTS = "views-defaults"  # per path the query that its link in the menu leads to


def page_actions() -> list[Component]:
    """The saved views, copy the link to this very view, and print it; the browser does the last two."""
    return [_views(), _action("link-45deg", "Copy link", "copy-link"), _action("printer", "Print", "print")]


def _views() -> Component:
    """The menu of saved views, which is filled when it is opened."""
    opener = html.Summary("Views", id=Saved.OPENER, className=_css("bookmark"))
    return html.Details([opener, html.Div(id=Saved.MENU)], className="views")


def _action(picture: str, words: str, mark: str) -> Component:
    return html.Button(words, className=_css(picture), **marks(mark))


def _css(picture: str) -> str:
    """A quiet button that the style gives its icon: every page has some, and they travel with each."""
    return f"btn btn-quiet act bi-{picture}"
