"""Replays: what waits to be mended, what a look found, and which loads brought refused rows in again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from dash.development.base_component import Component

from config.permissions import Permission
from config.settings import Settings
from data.catalogue import catalogue
from data.cubes import Cubes
from data.refusals import Waiting
from data.viewer import Viewer
from pages import data_questions as questions
from pages.data_asked import acted
from pages.data_pieces import acts_head, file_link, heads, page_of, state, turns, zone_of
from pages.data_questions import View
from pages.table import Listing, ListTable
from state.replays import NotNow, Replay, Step
from state.store import Store
from ui import html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

CAPTION = (
    "Refused rows are read again by the mapping as it is now: first a look, then the replay, each by a run. "
    "Only counts are shown; the rows themselves leave the quarantine by the command line alone."
)
SAID = {
    Step.ASKED: ("waits for the next run to look", "late"),
    Step.LOOKING: ("a run is looking", "late"),
    Step.LOOKED: ("looked at", "good"),
    Step.APPROVED: ("waits for the next run to replay", "late"),
    Step.REPLAYING: ("a run is replaying", "late"),
    Step.DONE: ("replayed", "good"),
    Step.FAILED: ("failed", "bad"),
    Step.WITHDRAWN: ("taken back", "none"),
}
MOST, SIZE = 5, 6
DONE_SHOWN = 8
REPLAYED = "replayed"


def panel_of(view: View, viewer: Viewer, cubes: Cubes, store: Store, settings: Settings) -> list[Component]:
    """The panel: loads with refused rows and their steps, then the replays that were made."""
    waiting = questions.quarantined(viewer, cubes)
    asked = store.replays.all()
    latest = {one.load_id: one for one in reversed(asked)}
    zone, may = zone_of(cubes), viewer.may(Permission.REPLAY_ROWS)
    caption = f"{CAPTION} A run starts every {settings.refresh_minutes} minutes."
    done = made(viewer, cubes, asked)
    open_ones = [one for one in asked if one.open]
    tools = file_link("replays", viewer)
    parts: list[Component] = []
    # What somebody asked for stands first: it wants the next step.
    waiting.sort(key=lambda one: not (one.load_id in latest and latest[one.load_id].open))
    shown, page = page_of(waiting, view.page("replays"), SIZE)
    if waiting:
        names = [*heads("Load", "Waiting", "Stands", right=("Waiting",)), acts_head()]
        rows = [_row(one, latest.get(one.load_id), zone, may) for one in shown]
        parts.append(table(names, rows, "Loads with refused rows", "words replays"))
    else:
        parts.append(no_data("No refused row waits in the quarantine."))
    if not may:
        parts.append(html.P("Administrators have rows read again.", className="why no-print"))
    parts += _made(done, zone)
    foot = turns("replays", len(waiting), page, SIZE)
    return panel(_title(waiting, open_ones, done), caption, parts, foot, tools)


def mark(view: View, cubes: Cubes, store: Store) -> str:
    """What the panel is drawn of: it is the same as long as nothing moved."""
    known = catalogue(cubes)
    steps = ",".join(f"{one.id}{one.state}" for one in store.replays.all())
    return (
        f"{view.page('replays')}|{cubes.snapshot.number}|{known.loads.height}|{known.refusals.height}|{steps}"
    )


def _title(waiting: Sequence[Waiting], open_ones: Sequence[Replay], done: Sequence[Mapping[str, Any]]) -> str:
    if open_ones:
        ready = sum(one.state == Step.LOOKED for one in open_ones)
        way = f"{count(len(open_ones))} {'replay' if len(open_ones) == 1 else 'replays'} under way"
        return f"{way}, {count(ready)} looked at and ready to be made" if ready else way
    rows = sum(one.rows for one in waiting)
    mended = sum(int(one["mended"]) for one in done)
    return f"Replays: {count(mended)} rows mended so far, {count(rows)} wait"


def _row(one: Waiting, replay: Replay | None, zone: str, may: bool) -> list[Children]:
    until = f"kept until {moment(one.until_us, zone)}" if one.until_us else "kept until it expires"
    return [
        [f"{one.seq}: {one.file_name or one.source}", html.Small(until)],
        html.Td(count(one.rows), className="number"),
        html.Div(_standing(replay, zone)),
        html.Div(_acts(one, replay) if may else [], className="totals-acts no-print"),
    ]


def _standing(replay: Replay | None, zone: str) -> list[Component]:
    if replay is None:
        return [state("nobody asked yet", "none")]
    words, kind = SAID[Step(replay.state)]
    found = replay.found or {}
    told: list[Component] = [
        state(words, kind),
        html.Small(f"asked {moment(replay.asked_us, zone)} by {replay.asked_by}"),
    ]
    if replay.state in (Step.LOOKED, Step.APPROVED):
        told += [
            _counted("Would come in", found.get("come")),
            _counted("Would stay refused", found.get("stay")),
        ]
        told.append(html.Small(f"by {found.get('mapping')}, {str(replay.mapping_sha256)[:10]}"))
    if replay.state == Step.FAILED:
        told.append(html.P(str(found.get("words", "")), className="field-help"))
    return told


def _counted(words: str, rows: object) -> Component:
    listed = (
        [one for one in rows if isinstance(one, list) and len(one) == 3] if isinstance(rows, list) else []
    )
    total = sum(int(one[2]) for one in listed)
    why = [html.Li(_reason(*one)) for one in listed[:MOST]]
    more = [html.Li(f"and {len(listed) - MOST} further reasons")] if len(listed) > MOST else []
    inside: Children = [html.Strong(f"{words}: {count(total)}"), html.Ul([*why, *more])]
    return html.Div(inside, className="would")


def _reason(header: object, reason: object, rows: object) -> Children:
    named: list[Children] = [html.Code(str(header)), " "] if header else []
    return [f"{count(int(str(rows)))} × ", *named, str(reason)]


def _acts(one: Waiting, replay: Replay | None) -> list[Component]:
    if replay is None or not replay.open:
        return [_button("ask", str(one.load_id), "Look what would come in", one)]
    acts = []
    if replay.state == Step.LOOKED:
        rows = sum(int(row[2]) for row in (replay.found or {}).get("come", []))
        if rows:
            acts.append(_button("approve", str(replay.id), f"Replay {count(rows)} rows", one, "btn-primary"))
    if replay.state in (Step.ASKED, Step.LOOKED, Step.APPROVED):
        acts.append(_button("withdraw", str(replay.id), "Take back", one))
    return acts


def _button(do: str, number: str, words: str, one: Waiting, css: str = "btn-quiet") -> Component:
    return html.Button(
        words,
        type="button",
        className=f"btn {css} btn-small",
        **marks(replay_do=do, replay_id=number),
        **aria(label=f"{words}: load {one.seq}, {one.file_name or one.source}"),
    )


def made(viewer: Viewer, cubes: Cubes, asked: Sequence[Replay]) -> list[dict[str, Any]]:
    """The replays that were made, newest first: of which load, how many rows, and who asked."""
    known = questions.whole(viewer, cubes)
    numbers = dict(known.loads.select("load_id", "seq").iter_rows())
    by = {(one.found or {}).get("load_id"): one for one in asked if one.state == Step.DONE}
    told = known.refusals.filter(pl.col("load_id") != pl.col("of_load"))
    rows: Counter[tuple[int, str]] = Counter()
    parents = {}
    for load_id, of_load, kind, n in told.select("load_id", "of_load", "kind", "rows").iter_rows():
        parents[load_id] = of_load
        rows[load_id, kind] += n
    found = []
    for load in known.loads.iter_rows(named=True):
        if load["load_id"] in parents:
            request = by.get(str(load["load_id"]))
            found.append(
                {
                    "load": load["seq"],
                    "of_load": numbers.get(parents[load["load_id"]]),
                    "at_us": load["received_us"],
                    "file_name": load["file_name"] or load["source"],
                    "mended": rows[load["load_id"], REPLAYED],
                    "refused": load["refused"],
                    "mapping": load["mapping_sha256"],
                    "by": f"{request.approved_by}, in the app" if request else "the command line",
                }
            )
    return found


def _made(found: Sequence[Mapping[str, Any]], zone: str) -> list[Component]:
    if not found:
        return []
    names = heads(
        "Replay", "Of load", "Rows mended", "Still refused", "By", right=("Rows mended", "Still refused")
    )
    rows: list[list[Children]] = [
        [
            [f"Load {one['load']}", html.Small(moment(one["at_us"], zone))],
            [f"{one['of_load']}: {one['file_name']}"],
            html.Td(count(one["mended"]), className="number"),
            html.Td(count(one["refused"]), className="number"),
            one["by"],
        ]
        for one in found[:DONE_SHOWN]
    ]
    return [html.H3("Replays that were made"), table(names, rows, "Replays that were made", "words made")]


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """Ask for a look, approve or withdraw; what cannot be is answered in words and changes nothing."""
    return acted(ask, viewer, lambda do, number: _done(do, number, viewer, cubes, store))


def _done(do: str, number: int, viewer: Viewer, cubes: Cubes, store: Store) -> str:
    if do == "ask":
        if number not in {one.load_id for one in questions.quarantined(viewer, cubes)}:
            raise NotNow("No refused rows of that load wait any more; nothing was changed.")
        store.replays.ask(number, viewer.name)
        return "The next run looks at them; what it finds appears here."
    if do == "approve":
        store.replays.approve(number, viewer.name)
        return "The next run replays them."
    store.replays.withdraw(number)
    return "Taken back; nothing was replayed."


def _listing(viewer: Viewer, cubes: Cubes, store: Store) -> Listing:
    columns = (
        "replay_load",
        "of_load",
        "received",
        "file_name",
        "rows_mended",
        "still_refused",
        "mapping_sha256",
        "by",
    )
    rows = [
        (
            one["load"],
            one["of_load"],
            questions.iso(one["at_us"]),
            one["file_name"],
            one["mended"],
            one["refused"],
            one["mapping"],
            one["by"],
        )
        for one in made(viewer, cubes, store.replays.all())
    ]
    return Listing(columns, rows)


TABLES = (ListTable("replays", "Replays that were made", _listing, stored=True),)
