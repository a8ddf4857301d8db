"""A page as plain data: its name, address, title, the permission it needs, and its layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import parse_qsl

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from ui import html


class Layout(Protocol):
    """Draws a page for a viewer; `query` holds the address's parameters, known or not, as text.

    Viewer and cubes are positional-only, so that a parameter of the same name cannot collide.
    """

    def __call__(self, viewer: Viewer, cubes: Cubes, /, **query: str) -> Component: ...


@dataclass(frozen=True)
class Page:
    """One page. `icon` is a vendored icon (`bi-<icon>`); a page without one has no link in the menu.

    `key` is the letter that leads to it after `g`; `bones` says what stands there until it is drawn. A
    `seldom` page folds away where the menu is long.
    """

    name: str
    path: str
    title: str
    needs: Permission
    layout: Layout
    icon: str = ""
    key: str = ""
    bones: Literal["figures", "list"] = "figures"
    seldom: bool = False


def nothing(_viewer: Viewer, _cubes: Cubes, /, **_query: str) -> Component:
    """The layout of what has wires but no place of its own: the frame, the filter bar."""
    return html.Div()


def parse_query(search: object) -> dict[str, str]:
    """The parameters of an address's `?a=1&b=2` (anything but text: none); of several, the last counts."""
    if not isinstance(search, str):
        return {}
    try:
        return dict(parse_qsl(search.removeprefix("?"), max_num_fields=100))
    except ValueError:
        return {}


LONGEST = 11
"""As many links stand beside each other in the menu."""


def folded(pages: Sequence[Page]) -> tuple[list[Page], list[Page]]:
    """The pages whose links stand in the menu, and those that fold away below `More` where it is too long."""
    if len(pages) <= LONGEST:
        return list(pages), []
    return [page for page in pages if not page.seldom], [page for page in pages if page.seldom]


def permitted(pages: Mapping[str, Page], viewer: Viewer) -> dict[str, Page]:
    """Of pages by path, those that the viewer may see."""
    return {path: page for path, page in pages.items() if viewer.may(page.needs)}
