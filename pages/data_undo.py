"""Undoing loads: what waits to be undone, what a look found, and what was undone, by whom."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_questions as questions
from pages.data_asked import acted
from pages.data_pieces import heads, state
from pages.table import Listing, ListTable
from state.replays import NotNow, Replay, Step
from state.store import Store
from ui import html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.numbers import count
from ui.tables import table

SAID = {
    Step.ASKED: ("looking what would go", "late"),
    Step.LOOKING: ("looking what would go", "late"),
    Step.LOOKED: ("to be undone", "late"),
    Step.APPROVED: ("being undone", "late"),
    Step.REPLAYING: ("being undone", "late"),
    Step.FAILED: ("not undone", "bad"),
}
UNDER_WAY = (Step.ASKED, Step.LOOKING, Step.APPROVED, Step.REPLAYING)
SHOWN = 6


def latest(store: Store) -> dict[int, Replay]:
    """The latest undoing of each load that was asked for."""
    return {one.load_id: one for one in reversed(store.undos.all())}


def under_way(store: Store) -> bool:
    """Whether something will move by itself soon."""
    return any(one.state in UNDER_WAY for one in store.undos.all())


def mark(store: Store) -> str:
    return ",".join(f"{one.id}{one.state}" for one in store.undos.all())


def standing(one: Replay | None) -> list[Component]:
    """How an undoing stands, and what it comes to; nothing where nobody asked."""
    if one is None or Step(one.state) not in SAID:
        return []
    words, kind = SAID[Step(one.state)]
    found = one.found or {}
    told: list[Component] = [state(words, kind)]
    if one.state in (Step.LOOKED, Step.APPROVED, Step.REPLAYING):
        told.append(html.Div(_coming(found), className="would"))
    if one.state == Step.FAILED:
        told.append(html.P(str(found.get("words", "")), className="field-help"))
    return told


def _coming(found: dict[str, Any]) -> Children:
    parts = [html.Li(_part(*one)) for one in found.get("parts", []) if len(one) == 3]
    by = ", ".join(str(one) for one in found.get("stayed_by", []))
    more = [html.Li(f"What stays was delivered by load {by}, too.")] if found.get("stayed") else []
    if found.get("replays"):
        more.append(html.Li(f"Its replays go with it: load {', '.join(map(str, found['replays']))}."))
    if found.get("refused"):
        more.append(html.Li(f"{count(found['refused'])} refused rows leave the quarantine."))
    return [html.Strong(f"Would take out {_rows(found.get('gone', 0))}"), html.Ul([*parts, *more])]


def _part(name: str, gone: int, stayed: int) -> str:
    stays = f", {count(stayed)} stay" if stayed else ""
    return f"{name}: {count(gone)} go{stays}"


def _rows(number: int) -> str:
    return f"{count(number)} {'row' if number == 1 else 'rows'}"


def acts(row: dict[str, Any], one: Replay | None, viewer: Viewer) -> list[Component]:
    """The buttons of a load, for whoever may undo it."""
    if not viewer.may(Permission.LOAD_DATA) or row["replays"]:
        return []
    if one is None or not one.open:
        return [_button("ask", str(row["load_id"]), "Undo …", row)]
    made = []
    if one.state == Step.LOOKED:
        words = f"Undo {_rows((one.found or {}).get('gone', 0))}"
        made.append(_button("approve", str(one.id), words, row, "btn-primary"))
    if one.state in (Step.ASKED, Step.LOOKED, Step.APPROVED):
        made.append(_button("withdraw", str(one.id), "Keep it", row))
    return made


def _button(do: str, number: str, words: str, row: dict[str, Any], css: str = "btn-quiet") -> Component:
    return html.Button(
        words,
        type="button",
        className=f"btn {css} btn-small no-print",
        **marks(undo_do=do, undo_id=number),
        **aria(label=f"{words}: load {row['seq']}, {row['file_name'] or row['source']}"),
    )


def done(viewer: Viewer, cubes: Cubes, zone: str, source: str = "") -> list[Component]:
    """The loads that were undone, newest first."""
    found = [
        one
        for one in questions.whole(viewer, cubes).undone.iter_rows(named=True)
        if not source or one["source"] == source
    ]
    if not found:
        return []
    numbers = _numbers(viewer, cubes)
    rows: list[list[Children]] = [
        [
            [f"{one['seq']}: {one['file_name'] or '–'}", html.Small(one["source"])],
            [moment(one["undone_us"], zone), html.Small(f"by {one['undone_by']}")],
            html.Td(count(one["gone"]), className="number"),
            [count(one["stayed"]), *_under(one, numbers)],
        ]
        for one in found[:SHOWN]
    ]
    names = heads("Undone load", "When", "Rows that went", "Rows that stay", right=("Rows that went",))
    more = [html.P(f"and {count(len(found) - SHOWN)} earlier ones", className="quiet")]
    return [
        html.H3("Loads that were undone"),
        table(names, rows, "Loads that were undone", "words made"),
        *(more if len(found) > SHOWN else []),
    ]


def _numbers(viewer: Viewer, cubes: Cubes) -> dict[str, int]:
    known = questions.whole(viewer, cubes)
    pairs = (frame.select("load_id", "seq").iter_rows() for frame in (known.undone, known.loads))
    return {str(load): seq for rows in pairs for load, seq in rows}


def _under(one: dict[str, Any], numbers: dict[str, int]) -> list[Component]:
    """The loads that rows stay under."""
    under = sorted(numbers[load] for load in (one["stayed_by"] or "").split() if load in numbers)
    return [html.Small(f"under load {', '.join(str(number) for number in under)}")] if under else []


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """Ask for a look, approve or withdraw; what cannot be is answered in words and changes nothing."""
    return acted(ask, viewer, lambda do, number: _done(do, number, viewer, cubes, store))


def _done(do: str, number: int, viewer: Viewer, cubes: Cubes, store: Store) -> str:
    if do == "ask":
        if number not in set(questions.whole(viewer, cubes).loads["load_id"]):
            raise NotNow("That load is there no more; nothing was changed.")
        store.undos.ask(number, viewer.name)
        return "What would go is being counted; it appears beside the load."
    if do == "approve":
        store.undos.approve(number, viewer.name)
        return "The load is being undone; figures follow with the next snapshot."
    store.undos.withdraw(number)
    return "Nothing was undone."


def _listing(viewer: Viewer, cubes: Cubes) -> Listing:
    columns = (
        "load",
        "load_id",
        "source",
        "file_name",
        "received",
        "undone",
        "by",
        "rows_in",
        "gone",
        "stayed",
    )
    rows = [
        (one["seq"], one["load_id"], one["source"], one["file_name"], questions.iso(one["received_us"]),
         questions.iso(one["undone_us"]), one["undone_by"], one["rows_in"], one["gone"], one["stayed"])
        for one in questions.whole(viewer, cubes).undone.iter_rows(named=True)
    ]  # fmt: skip
    return Listing(columns, rows)


TABLES = (ListTable("undone", "Loads that were undone", _listing),)
