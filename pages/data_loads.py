"""The loads: every row of every file is in exactly one of loaded, already there, left out and refused."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.catalogue import catalogue
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_questions as ask
from pages import data_undo
from pages.data_pieces import file_link, heads, page_of, short, state, turns, zone_of
from pages.data_questions import PARTS, View
from state.replays import Replay
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

SIZE = 5
WORDS = {"loaded": "Loaded", "already_present": "Already there", "skipped": "Left out", "refused": "Refused"}


def panel_of(view: View, viewer: Viewer, cubes: Cubes, store: Store | None = None) -> list[Component]:
    """The panel of the loads, newest first, and of those that were undone."""
    found = ask.loads(viewer, cubes, view.source)
    caption = "Newest first. Rows in = loaded + already there + left out by rule + refused, for each file."
    tools = file_link("loads", viewer, source=view.source)
    zone = zone_of(cubes)
    gone = data_undo.done(viewer, cubes, zone, view.source)
    if not found:
        nothing = [no_data("Nothing is loaded from it."), *gone]
        return panel("No file of this source", caption, nothing, tools=tools)
    shown, page = page_of(found, view.page("loads"), SIZE)
    undos = data_undo.latest(store) if store else {}
    rows = [_row(row, zone, undos.get(row["load_id"]), viewer) for row in shown]
    body = table(_heads(), rows, "Loads", "words loads")
    foot = turns("loads", len(found), page, SIZE)
    # The pages of the list stand below it, and what was undone below them.
    parts = [body, *([html.Div(foot, className="panel-foot")] if foot else []), *gone]
    return panel(title(found), caption, parts, tools=tools)


def mark(view: View, cubes: Cubes, store: Store) -> str:
    """What the panel is drawn of: it is the same as long as nothing moved."""
    known = catalogue(cubes)
    counted = f"{known.loads.height}|{known.undone.height}|{data_undo.mark(store)}"
    return f"{view.source}|{view.page('loads')}|{cubes.snapshot.number}|{counted}"


def title(found: list[dict[str, Any]]) -> str:
    files, rows = len(found), sum(row["rows_in"] for row in found)
    wrong = sum(not row["balanced"] for row in found)
    read = f"{count(rows)} {'row' if rows == 1 else 'rows'}"
    said = f"{read} in {count(files)} {'file' if files == 1 else 'files'}"
    if wrong:
        return f"{said}: {count(wrong)} {'load does' if wrong == 1 else 'loads do'} not add up"
    return f"{said}, every one accounted for"


def _heads() -> list[Component]:
    """The heads of columns; each part of a file has its colour in the bar."""
    parts = [
        html.Th(words, scope="col", className=f"number part part-{part}") for part, words in WORDS.items()
    ]
    return [*heads("Load", "File", "Rows in", right=["Rows in"]), *parts, *heads("Fingerprints")]


def _row(row: dict[str, Any], zone: str, undo: Replay | None, viewer: Viewer) -> list[Children]:
    facts = [row["source"]]
    if row["replays"]:
        facts.append(f"replay of load {row['replays']}")
    notes: list[Children] = [html.Small(" · ".join(facts))]
    if row["waits"]:
        notes.append(state("waits for the next refresh", "late"))
    notes += data_undo.standing(undo)
    acts = data_undo.acts(row, undo, viewer)
    checked = state("adds up", "good") if row["balanced"] else state("does not add up", "bad")
    marks = (("file", row["sha256"]), ("mapping", row["mapping_sha256"]), ("load", str(row["load_id"])))
    return [
        [count(row["seq"]), html.Small(moment(row["received_us"], zone))],
        [row["file_name"] or "–", *notes, *([html.Div(acts, className="totals-acts")] if acts else [])],
        html.Td([count(row["rows_in"]), _bar(row), checked], className="number"),
        *(html.Td(count(row[part]), className="number") for part in PARTS),
        html.Td([one for words, whole in marks for one in short(words, whole)], className="marks"),
    ]


def _bar(row: dict[str, Any]) -> Component:
    """One box; its first three parts end at these shares of its width, the last one with it."""
    total, ends, so_far = max(row["rows_in"], 1), {}, 0
    for place, part in enumerate(PARTS[:-1], 1):
        so_far += row[part]
        ends[f"--p{place}"] = f"{100 * so_far / total:.1f}%"
    return html.Span(className="parts", style=ends)
