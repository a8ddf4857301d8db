"""Pieces that panels of the Data page share: commands to copy, lists in pages, states in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from dash.development.base_component import Component

from config.permissions import Permission
from config.settings import PYTHON
from data.cubes import Cubes
from data.viewer import Viewer
from pages.data_ids import TURN
from ui import html, tables
from ui.aria import aria, marks
from ui.icon import icon
from ui.numbers import count

One = TypeVar("One")


def zone_of(cubes: Cubes) -> str:
    return cubes.snapshot.zone


def command(words: str) -> Component:
    """A command for a terminal, to be copied."""
    button = html.Button(
        "Copy", type="button", className="copy no-print", **aria(label="Copy the command"), **marks("copy")
    )
    return html.Div([html.Code(f"{PYTHON} -m etl {words}"), button], className="command")


def short(label: str, whole: str | None) -> list[Component]:
    """The beginning of a long mark; all of it on hover, and in the clipboard after a click."""
    if not whole:
        return []
    return [html.Button(f"{label} {whole[:10]}", title=whole, type="button", className="mark")]


def file_link(table: str, viewer: Viewer, **query: str) -> list[Component]:
    """The link to a table's CSV; none for who may not export."""
    chosen = urlencode({name: value for name, value in query.items() if value})
    address = f"/data/{table}.csv{'?' if chosen else ''}{chosen}"
    return tables.download(address, viewer.may(Permission.EXPORT))


def state(words: str, kind: str) -> Component:
    """A state with a sign of its own: `good`, `late`, `bad` or `none`."""
    return html.Span(words, className=f"state state-{kind}")


def heads(*words: str, right: Sequence[str] = ()) -> list[Component]:
    """Heads of columns; those of numbers stand to the right."""
    return [html.Th(one, scope="col", className="number" if one in right else "") for one in words]


def acts_head() -> Component:
    """The head of a column of buttons, for those who listen to it."""
    return html.Th(html.Span("What to do", className="visually-hidden"), scope="col", className="no-print")


def page_of(rows: Sequence[One], page: int, size: int) -> tuple[list[One], int]:
    """The rows of a page and its number, the last page where there is no such one."""
    last = max(0, (len(rows) - 1) // size)
    page = min(page, last)
    return list(rows[page * size : (page + 1) * size]), page


def turns(of: str, total: int, page: int, size: int) -> list[Component]:
    """Where one stands in a list, and the way to its other pages; nothing where it has but one."""
    if total <= size:
        return []
    first, last = page * size + 1, min(total, (page + 1) * size)
    said = html.Span(f"{count(first)} to {count(last)} of {count(total)}", className="turns-words")
    back = _turn(of, page - 1, "chevron-left", "Newer rows" if of == "loads" else "Earlier rows", page > 0)
    on = _turn(of, page + 1, "chevron-right", "Older rows" if of == "loads" else "Further rows", last < total)
    return [html.Span([back, said, on], className="turns no-print")]


def _turn(of: str, to: int, picture: str, words: str, there: bool) -> Component:
    identity: Any = {"type": TURN, "of": of, "to": to}
    return html.Button(
        icon(picture), id=identity, className="turn", type="button", disabled=not there, **aria(label=words)
    )
