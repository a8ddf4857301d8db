"""A panel: a finding as its title, the scope as its caption, the content, and what belongs at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from ui import html
from ui.aria import Children


def panel(
    title: str,
    caption: str,
    content: Children,
    foot: Sequence[Component] = (),
    tools: Sequence[Component] = (),
) -> list[Component]:
    """The children of a panel's section."""
    head = html.Div(
        [
            html.Div([html.H2(title, className="panel-title"), html.P(caption, className="panel-caption")]),
            *tools,
        ],
        className="panel-head",
    )
    bottom = [html.Div(list(foot), className="panel-foot")] if foot else []
    return [head, html.Div(content, className="panel-body"), *bottom]


def waiting(name: str, content: Children = None, css: str = "panel-inside") -> Component:
    """The place `name`, with `content` until its own is there; it pales while it is asked anew."""
    return html.Div(bones() if content is None else content, id=name, className=f"{css} awaits".strip())


def framed(name: str, hidden: bool = False) -> Component:
    """A panel with the place `name` in it; hidden until there is something to show."""
    return html.Section(waiting(name), className="panel card", id=f"{name}-panel", hidden=hidden)


def later(name: str) -> Component:
    """The place `name` of a panel that is never empty once it is drawn: the style shows what stands there
    till then, at a quarter of the bytes."""
    return html.Div(id=name, className="panel-inside awaits drawn-later")


def bones() -> Component:
    """What stands in a panel until its figures are there."""
    return html.Div(className="bone bone-panel")
