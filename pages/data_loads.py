"""The loads: every row of every file is in exactly one of loaded, already there, left out and refused."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_questions as ask
from pages.data_pieces import file_link, heads, page_of, short, state, turns, zone_of
from pages.data_questions import PARTS, View
from ui.aria import Children, aria
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

SIZE = 8
WORDS = {"loaded": "Loaded", "already_present": "Already there", "skipped": "Left out", "refused": "Refused"}


def panel_of(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of the loads, newest first."""
    found = ask.loads(viewer, cubes, view.source)
    caption = "Newest first. Rows in = loaded + already there + left out by rule + refused, for each file."
    tools = file_link("loads", viewer, source=view.source)
    if not found:
        return panel("No file of this source", caption, no_data("Nothing was loaded from it."), tools=tools)
    shown, page = page_of(found, view.page("loads"), SIZE)
    zone = zone_of(cubes)
    numbers = ("Rows in", *WORDS.values())
    top = heads("Load", "File", *numbers, "Fingerprints", right=numbers)
    body = table(top, [_row(row, zone) for row in shown], "Loads", "words loads")
    return panel(title(found), caption, [_key(), body], turns("loads", len(found), page, SIZE), tools)


def title(found: list[dict[str, Any]]) -> str:
    files, rows = len(found), sum(row["rows_in"] for row in found)
    wrong = sum(not row["balanced"] for row in found)
    said = f"{count(rows)} rows in {count(files)} {'file' if files == 1 else 'files'}"
    if wrong:
        return f"{said}: {count(wrong)} {'load does' if wrong == 1 else 'loads do'} not add up"
    return f"{said}, every one accounted for"


def _key() -> Component:
    names = [
        html.Span([html.Span(className=f"part part-{part}"), words], className="key")
        for part, words in WORDS.items()
    ]
    return html.P(names, className="part-keys", **aria(hidden="true"))


def _row(row: dict[str, Any], zone: str) -> list[Children]:
    facts = [row["source"]]
    if row["replays"]:
        facts.append(f"replay of load {row['replays']}")
    notes: list[Children] = [html.Small(" · ".join(facts))]
    if row["waits"]:
        notes.append(state("waits for the next refresh", "late"))
    checked = state("adds up", "good") if row["balanced"] else state("does not add up", "bad")
    return [
        [count(row["seq"]), html.Small(moment(row["received_us"], zone))],
        [row["file_name"] or "–", *notes],
        html.Td([count(row["rows_in"]), _bar(row), checked], className="number"),
        *(html.Td(count(row[part]), className="number" if row[part] else "number is-zero") for part in PARTS),
        [
            html.Small(["file ", short(row["sha256"], "the file's SHA-256")]),
            html.Small(["mapping ", short(row["mapping_sha256"], "the mapping's SHA-256")]),
        ],
    ]


def _bar(row: dict[str, Any]) -> Component:
    total = max(row["rows_in"], 1)
    parts = [
        html.Span(className=f"part part-{part}", style={"--share": f"{100 * row[part] / total:.2f}%"})
        for part in PARTS
        if row[part]
    ]
    return html.Span(parts, className="parts", **aria(hidden="true"))
