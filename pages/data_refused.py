"""Refused rows: why, how many, what of them waits in the quarantine, and the commands that mend it."""

from __future__ import annotations

from dash.development.base_component import Component

from data.cubes import Cubes
from data.refusals import Reason, Waiting
from data.viewer import Viewer
from pages import data_questions as ask
from pages.data_pieces import command, file_link, heads, page_of, turns, zone_of
from pages.data_questions import View
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count, percent
from ui.panels import panel
from ui.tables import table

REASONS, LEFT, WAITING, MOST = 10, 6, 4, 5
NUMBERS = ("Rows", "Share of its rows", "Still waiting")


def reasons(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of refused rows by reason, and of those that a rule left out."""
    found = ask.refused(viewer, cubes, view.source)
    caption = "Rows of files by column and class of reason. No value of a row is kept here, or shown."
    tools = file_link("refused", viewer, source=view.source)
    left = _left_out(view, viewer, cubes)
    if not found:
        return panel("No row was refused", caption, [no_data("Every row could be read."), *left], tools=tools)
    shown, page = page_of(found, view.page("reasons"), REASONS)
    body = table(
        heads("Source", "Column and reason", *NUMBERS, right=NUMBERS),
        [[*_named(one), _number(one.waiting)] for one in shown],
        "Refused rows by reason",
        "words reasons",
    )
    total = sum(one.rows for one in found)
    most = f"{count(total)} {'row was' if total == 1 else 'rows were'} refused, most for: {found[0].reason}"
    return panel(most, caption, [body, *turns("reasons", len(found), page, REASONS), *left], tools=tools)


def _left_out(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    found = ask.left_out(viewer, cubes, view.source)
    if not found:
        return []
    shown, page = page_of(found, view.page("left"), LEFT)
    head = html.Div(
        [html.H3("Left out by a rule of the mapping"), *file_link("left-out", viewer, source=view.source)],
        className="sub-head",
    )
    body = table(
        heads("Source", "Rule", *NUMBERS[:2], right=NUMBERS),
        [_named(one) for one in shown],
        "Rows left out by rule",
        "words reasons",
    )
    return [head, body, *turns("left", len(found), page, LEFT)]


def _number(number: int) -> Component:
    return html.Td(count(number), className="number" if number else "number is-zero")


def _named(one: Reason) -> list[Children]:
    return [one.of, _why(one), _number(one.rows), html.Td(percent(one.share), className="number")]


def _why(one: Reason) -> Children:
    return [html.Code(one.header), f" {one.reason}"] if one.header else one.reason


def waiting(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of loads with refused rows in the quarantine, each with its next step."""
    found = ask.quarantined(viewer, cubes, view.source)
    caption = (
        "The quarantine holds them encrypted, outside the lake; only the command line opens it. Of a file "
        "below the first command writes the rows out, the second replays them by a mended mapping, the third "
        "by the rows corrected in that file. What comes in leaves the quarantine."
    )
    tools = file_link("waiting", viewer, source=view.source)
    if not found:
        return panel("No refused rows wait", caption, no_data("Nothing is left to mend."), tools=tools)
    shown, page = page_of(found, view.page("waiting"), WAITING)
    rows = sum(one.rows for one in found)
    title = (
        f"{count(rows)} refused {'row waits' if rows == 1 else 'rows wait'} in the quarantine, "
        f"from {count(len(found))} {'load' if len(found) == 1 else 'loads'}"
    )
    body = html.Div([_load(one, zone_of(cubes)) for one in shown], className="waiting-loads")
    return panel(title, caption, body, turns("waiting", len(found), page, WAITING), tools)


def _load(load: Waiting, zone: str) -> Component:
    until = f"kept until {moment(load.until_us, zone)}" if load.until_us else "kept until it expires"
    summary = html.Summary(
        [
            html.Strong(load.file_name or load.source),
            html.Span(f"load {load.seq}, {count(load.rows)} {'row' if load.rows == 1 else 'rows'}, {until}"),
        ]
    )
    why = [part for one in load.reasons[:MOST] for part in (f"{count(one.rows)} × ", _whole(one), html.Br())]
    if len(load.reasons) > MOST:
        why.append(f"and {len(load.reasons) - MOST} further reasons")
    out = f"refused-{load.seq}.csv"
    again = f"replay {load.load_id} --mapping MAPPING.toml"
    steps = [command(f"refused {load.load_id} --out {out}"), command(again), command(f"{again} --rows {out}")]
    return html.Details([summary, html.P(why), *steps], className="waiting-load")


def _whole(one: Reason) -> Component:
    return html.Span(_why(one))
