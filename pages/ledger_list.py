"""The entries, newest first, a line each; the way to the other pages, and the file of all of them."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.cubes import Cubes
from ledger.index import MOST_COUNTED, Found, Index
from ledger.words import told
from pages.data_pieces import heads, zone_of
from pages.ledger_questions import SIZE, View
from ui import html
from ui.aria import Children, aria
from ui.clocks import moment
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

CAPTION = "Newest first. What somebody looks at is one line per state of a page."
NONE = "Nothing in the ledger is like that. Take a filter away, or look for the beginning of a word."
NOTHING = "Nothing was recorded yet."


def panel_of(view: View, cubes: Cubes, index: Index) -> list[Component]:
    """The panel, with what was written up to now."""
    index.follow()
    found = index.find(view.asked, view.page, SIZE)
    notes = [
        html.Li([icon("exclamation-triangle"), html.Span(words)], className="problem")
        for words in view.problems
    ]
    above = [html.Ul(notes, className="notes")] if notes else []
    if not found.lines:
        face = no_data(NONE if view.given or view.page else NOTHING)
        return panel("No entry", CAPTION, [*above, face])
    zone = zone_of(cubes)
    names = heads("When", "Who", "What", "Rows", "Snapshot", right=("Rows", "Snapshot"))
    body = table(names, [_row(one, zone) for one in found.lines], "Entries of the ledger", "words ledger")
    return panel(_title(found), CAPTION, [*above, body], _turns(view, found), _file(view))


def _title(found: Found) -> str:
    if not found.counted:
        return f"More than {count(MOST_COUNTED)} entries"
    return "One entry" if found.total == 1 else f"{count(found.total)} entries"


def _row(line: dict[str, Any], zone: str) -> list[Children]:
    """A line; one that is gone from its file says so."""
    if not line:
        return ["", "", "This entry is not in its file any more: verify the ledger.", "", ""]
    key = f"key {line['key']}" if line.get("key") and line["key"] not in line.get("who", "") else ""
    role = ", ".join(one for one in (line.get("role", "").replace("_", " "), key) if one)
    why = [html.Small(f"for: {line['why']}")] if line.get("why") else []
    return [
        moment(line.get("at"), zone),
        [line.get("who", ""), *([html.Small(role)] if role else [])],
        [told(line), *why],
        html.Td(_number(line.get("rows")), className="number"),
        html.Td(_number(line.get("snapshot")), className="number"),
    ]


def _number(value: object) -> str:
    return count(value) if isinstance(value, int) else ""


def _turns(view: View, found: Found) -> list[Component]:
    """Where one stands in the list, and links to its other pages."""
    if found.total <= SIZE:
        return []
    first, last = view.page * SIZE + 1, view.page * SIZE + len(found.lines)
    total = count(found.total) if found.counted else f"more than {count(MOST_COUNTED)}"
    said = html.Span(f"{count(first)} to {count(last)} of {total}", className="turns-words")
    back = _turn("chevron-left", "Newer entries", view.address(view.page - 1), view.page > 0)
    on = _turn("chevron-right", "Older entries", view.address(view.page + 1), last < found.total)
    return [html.Span([*back, said, *on], className="turns no-print")]


def _turn(picture: str, words: str, address: str, there: bool) -> list[Component]:
    return [html.A(icon(picture), href=address, className="turn", **aria(label=words))] if there else []


def _file(view: View) -> list[Component]:
    link = html.A([icon("download"), "CSV"], href=f"/ledger.csv{view.query}", className="csv", download="")
    return [html.Div(link, className="files no-print")]
