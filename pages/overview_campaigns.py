"""The Overview's campaign table: sortable, ten rows at a time; a name narrows the page to its campaign."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.periods import day_date
from data.viewer import Viewer
from pages import questions
from pages.answers import ask
from pages.overview_panels import csv_link, empty
from ui import tables
from ui.aria import aria
from ui.icon import icon
from ui.panels import panel

OF_OUTCOMES = ("conversion_rate", "outcome_rate")
ROWS_SHOWN = 8
COLUMNS = (
    ("name", "Campaign"),
    ("program", "Program"),
    ("status", "Status"),
    ("sent", "Sent"),
    ("delivered_rate", "Delivered rate"),
    ("message_click_rate", "Click rate of messages"),
    ("conversion_rate", "Conversion rate"),
    ("outcome_rate", "Outcome rate"),
    ("opt_outs_per_1000", "Opt-outs per 1,000"),
)


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes, sort: Any) -> list[Component]:
    """The children of the table's panel; `sort` is {by, page} as the browser sent it."""
    answer = questions.campaigns(filters, viewer, cubes)
    if not answer.rows:
        return panel("Campaigns", filters.sentence(cubes), empty("sent", filters, viewer, cubes))
    by, page = sorting(sort)
    rows = ordered(answer.rows, by, filters, cubes)
    pages = -(-len(rows) // ROWS_SHOWN)
    page = min(page, pages - 1)
    sent_by = _channels_of(filters, viewer, cubes)
    shown = [_row(row, sent_by, filters, cubes) for row in rows[page * ROWS_SHOWN : (page + 1) * ROWS_SHOWN]]
    heads = [_sort_head(words, name, by, place) for place, (name, words) in enumerate(COLUMNS)]
    table = tables.table(heads, shown, "Campaigns", "campaigns")
    foot = [*tables.hidden_words([answer]), *_turns(page, pages, len(rows))]
    caption = f"{filters.sentence(cubes)}. Choose a campaign to narrow the page to it."
    title = f"{len(rows)} campaigns" if len(rows) != 1 else "1 campaign"
    return panel(title, caption, table, foot, csv_link("campaigns", filters, viewer))


def sorting(sort: Any) -> tuple[str, int]:
    """Column (with a minus where it falls) and page of what the browser sent, else the default."""
    given = sort if isinstance(sort, dict) else {}
    by, page = given.get("by"), given.get("page")
    known = isinstance(by, str) and by.removeprefix("-") in dict(COLUMNS)
    return (str(by) if known else "-sent"), (page if isinstance(page, int) and 0 <= page < 1000 else 0)


def ordered(rows: tuple[Row, ...], by: str, filters: Filters, cubes: Cubes) -> list[Row]:
    """The rows by one column; those with outcomes to come, or without a value, stand last either way."""
    name = by.removeprefix("-")
    found = sorted(rows, key=lambda row: _rank(row, name, cubes), reverse=by.startswith("-"))
    return sorted(found, key=lambda row: _standing(row, name, filters, cubes))


def _standing(row: Row, name: str, filters: Filters, cubes: Cubes) -> int:
    if name not in row.values:
        return 0
    if row.values[name].value is None:
        return 2
    campaign = cubes.campaigns[str(row.key[0])]
    return int(name in OF_OUTCOMES and not questions.complete(campaign, filters, cubes))


def _rank(row: Row, name: str, cubes: Cubes) -> tuple[Any, ...]:
    campaign = cubes.campaigns[str(row.key[0])]
    if name in row.values:
        return (row.values[name].value or 0, campaign.name)
    if name == "status":
        return (campaign.start_day or 0, campaign.name)
    return (campaign.program if name == "program" else campaign.name.lower(), campaign.name)


def _channels_of(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in ask(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows:
        if row.values["sent"].status is not Status.NOT_AVAILABLE and row.key[1]:
            found.setdefault(str(row.key[0]), []).append(str(row.key[1]))
    return found


def _row(row: Row, sent_by: dict[str, list[str]], filters: Filters, cubes: Cubes) -> list[Any]:
    campaign = cubes.campaigns[str(row.key[0])]
    channels = ", ".join(CHANNEL_LABELS.get(name, name) for name in sent_by.get(campaign.id, []))
    complete = questions.complete(campaign, filters, cubes)
    link = html.A(campaign.name, href="/" + replace(filters, campaign=(campaign.id,)).url())
    program = html.Td(f"{campaign.program}\n{campaign.line_of_business}", className="two")
    return [
        [link, f"\n{channels}"],
        program if campaign.recorded else html.Td("no record", className="is-absent"),
        _when(campaign, cubes),
        *(
            tables.cell(row.values[name], METRICS[name], name in OF_OUTCOMES and not complete)
            for name in questions.CAMPAIGN
        ),
    ]


def _when(campaign: Campaign, cubes: Cubes) -> Component:
    if campaign.start_day is None:
        return html.Td("no dates", className="is-absent")
    words = questions.status(campaign, cubes)
    dates = " – ".join(f"{d.day} {d:%b %Y}" for d in map(day_date, _ends(campaign)))
    return html.Td(f"{words}\n{dates}", className=f"two status-{words.lower()}")


def _ends(campaign: Campaign) -> list[int]:
    return [day for day in (campaign.start_day, campaign.end_day) if day is not None]


def _sort_head(words: str, name: str, by: str, place: int) -> Component:
    now = by.removeprefix("-") == name
    direction = ("descending" if by.startswith("-") else "ascending") if now else "none"
    button = html.Button(words, id={"type": "overview-sort", "by": name}, type="button", className="sort")
    return html.Th(button, scope="col", className="number" if place > 2 else "", **aria(sort=direction))


def _turns(page: int, pages: int, rows: int) -> list[Component]:
    if pages < 2:
        return []
    first, last = page * ROWS_SHOWN + 1, min(rows, (page + 1) * ROWS_SHOWN)
    words = html.Span(f"{first} to {last} of {rows}")
    back = _turn("chevron-left", page - 1, page == 0, "Earlier rows")
    on = _turn("chevron-right", page + 1, page == pages - 1, "Further rows")
    return [html.Div([words, back, on], className="turns")]


def _turn(picture: str, to: int, off: bool, words: str) -> Component:
    name = {"type": "overview-turn", "to": to}
    return html.Button(
        icon(picture), id=name, disabled=off, className="turn", type="button", **aria(label=words)
    )
