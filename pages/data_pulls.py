"""The sources that are pulled by schedule: whether each works, what is wrong, and when it is tried next."""

from __future__ import annotations

from dash.development.base_component import Component

from data import pulls
from data.cubes import Cubes
from data.pulls import PullState
from pages.data_pieces import heads, state, zone_of
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

MOST = 30
MOST_FILES = 3
CAPTION = "Each by its own schedule. One that keeps failing is left alone for a while, and tried once to see."
NONE = "Mappings in the folder sources are pulled by schedule: databases, REST APIs and drop folders."


def mark(cubes: Cubes) -> str:
    """What the panel is drawn of: it changes whenever a source was tried."""
    return f"{cubes.snapshot.number} {pulls.changed(cubes.lake.root)}"


def panel_of(cubes: Cubes) -> list[Component]:
    """The panel, what is wrong first."""
    found = sorted(
        pulls.read(cubes.lake.root), key=lambda one: (kind_of(one) not in ("bad", "late"), one.name)
    )
    if not found:
        return panel("No source is pulled by schedule", CAPTION, no_data(NONE))
    zone = zone_of(cubes)
    body = table(
        heads("Source", "State", "Last success", "What is wrong", "Next try"),
        [_row(one, zone) for one in found[:MOST]],
        "Pulled sources",
        "words pulls",
    )
    left = len(found) - MOST
    return panel(title(found), CAPTION, body, [html.P(f"and {count(left)} more")] if left > 0 else [])


def title(found: list[PullState]) -> str:
    bad = [one for one in found if kind_of(one) in ("bad", "late")]
    many = f"{count(len(found))} pulled {'source' if len(found) == 1 else 'sources'}"
    if not bad:
        return f"{many}: nothing is wrong"
    if len(bad) == 1:
        return f"{many}: something is wrong with {bad[0].name}"
    return f"{many}: something is wrong with {count(len(bad))} of them"


def kind_of(one: PullState) -> str:
    """How it stands, as `data_pieces.state` marks it."""
    if one.fails:
        return "bad"
    if one.failures or one.files:
        return "late"
    return "good" if one.succeeded_us is not None else "none"


def _row(one: PullState, zone: str) -> list[Children]:
    return [
        [one.name, *(html.Small(words) for words in (one.place, one.plan) if words)],
        [state(one.words, kind_of(one)), *([html.Small("under way")] if one.began_us is not None else [])],
        _success(one, zone),
        _wrong(one),
        "now" if one.began_us is not None else _when(one.next_us, zone),
    ]


def _success(one: PullState, zone: str) -> Children:
    if one.succeeded_us is None:
        return "none yet"
    refused = f", {count(one.refused)} refused" if one.refused else ""
    return [_when(one.succeeded_us, zone), html.Small(f"{count(one.loaded)} rows loaded{refused}")]


def _wrong(one: PullState) -> Children:
    lines = [one.wrong] if one.wrong else []
    lines += [f"{name}: nothing of it is loaded: {reason}" for name, reason in one.files[:MOST_FILES]]
    left = len(one.files) - MOST_FILES
    lines += [f"and {count(left)} more files"] if left > 0 else []
    waits = "1 file is not whole yet" if one.waiting == 1 else f"{count(one.waiting)} files are not whole yet"
    notes = [html.Small(waits)] if one.waiting else []
    return [*(html.Div(line) for line in lines), *notes] or "–"


def _when(us: int | None, zone: str) -> str:
    return "–" if us is None else moment(us, zone)
