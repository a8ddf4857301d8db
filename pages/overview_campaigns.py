"""The Overview's campaign table without a grid: a plain sortable table, which a phone shows as cards."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.answer import Row
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.metrics import DEFINED, EFFECTS, METRICS
from data.viewer import Viewer
from pages import coverage, evidence, evidence_words, overview_rows, questions
from pages.maturity import of_outcomes
from pages.overview_ids import Ids
from pages.overview_panels import csv_link, empty
from pages.overview_rows import Rows
from ui import controls, html, tables
from ui.aria import aria
from ui.hints import REASON
from ui.icon import icon
from ui.links import campaign_link
from ui.panels import bones, panel

ROWS_SHOWN = 5
EVIDENCE = ("verdict", "incremental_outcomes", "cost_per_incremental_outcome", "observed_outcomes")
COLUMNS = (
    ("name", "Campaign"),
    ("program", "Program"),
    ("status", "Status"),
    *((name, EFFECTS[name].label) for name in EVIDENCE),
    *((name, METRICS[name].label) for name in questions.CAMPAIGN_SHOWN),
)
ORDERS = {
    "-verdict": "Best evidence first",
    "-sent": "Most sent first",
    "name": "Campaign, A to Z",
    "-status": "Latest begun first",
    "-conversion_rate": "Highest conversion rate first",
    "-outcome_rate": "Highest outcome rate first",
    "-opt_outs_per_1000": "Most opt-outs per 1,000 first",
}


def frame(query: dict[str, str]) -> list[Component]:
    """What stands around the plain table: the search, and the order, which cards have no headings for."""
    sort = overview_rows.view_of({"sort": query.get("sort")}).sort
    offered = {**ORDERS, sort: ORDERS.get(sort) or _words(sort.removeprefix("-"))}
    choices = [{"label": words, "value": value} for value, words in offered.items()]
    order = html.Div(
        [
            controls.Label("Order", html_for=Ids.ORDER),
            controls.Select(id=Ids.ORDER, options=choices, value=sort),
        ],
        className="field grid-order",
    )
    tools = html.Div([search_box(query.get("q", "")), order], className="grid-tools no-print")
    return [tools, html.Div(bones(), id=Ids.PLAIN, className="plain-campaigns")]


def _words(name: str) -> str:
    return dict(COLUMNS).get(name) or DEFINED[name].label


def search_box(text: str) -> Component:
    """The field in which a campaign is looked for."""
    field = controls.Input(
        id=Ids.SEARCH, type="search", value=text, debounce=250, placeholder="Name, program, channel …",
        maxLength=overview_rows.LONGEST_SEARCH,
    )  # fmt: skip
    label = controls.Label("Find a campaign", html_for=Ids.SEARCH)
    return html.Div([label, field], className="field grid-search")


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes, given: object) -> list[Component]:
    """The children of the plain table's place; `given` is {sort, page, q} as the browser sent it."""
    view = overview_rows.view_of(given)
    rows = overview_rows.rows_of(view, ROWS_SHOWN, filters, viewer, cubes)
    if not rows.every:
        return panel("Campaigns", filters.sentence(cubes), empty("sent", filters, viewer, cubes))
    missing = coverage.left_out("delivered_rate", filters, viewer, cubes)
    shown = [_row(row, rows, missing, filters, cubes) for row in rows.rows]
    heads = [_sort_head(words, name, view.sort, place) for place, (name, words) in enumerate(COLUMNS)]
    table: Component = tables.table(heads, shown, "Campaigns", "campaigns")
    if not shown:
        table = html.P("No campaign fits this search.", className="quiet")
    foot = [*foot_words(filters, viewer, cubes), *turns(rows, ROWS_SHOWN)]
    return panel(
        overview_rows.title(rows, view), filters.sentence(cubes), table, foot,
        csv_link("campaigns", filters, viewer),
    )  # fmt: skip


def foot_words(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """What the table hides, and how its marks read."""
    answer = questions.campaigns(filters, viewer, cubes)
    kept = [cubes.campaigns[str(row.key[0])] for row in answer.rows]
    to_come = any(not questions.complete(campaign, filters, cubes) for campaign in kept)
    later = [html.Span("So far: more outcomes are still to come; never ranked before complete ones.")]
    return [*tables.hidden_words([answer]), *(later if to_come else []), html.Span(evidence.ORDER_WORDS)]


def program_words(campaign: Campaign) -> tuple[str, str, str]:
    """Program and line of business, and the class of their face."""
    if not campaign.recorded:
        return "no record", "", "is-absent"
    return campaign.program, campaign.line_of_business, ""


def status_words(campaign: Campaign, cubes: Cubes) -> tuple[str, str, str]:
    """Status and dates, and the class of their face."""
    if campaign.start_day is None:
        return "no dates", "", "is-absent"
    words = questions.status(campaign, cubes)
    return words, overview_rows.dates(campaign), f"status-{words.lower()}"


def turns(rows: Rows, size: int) -> list[Component]:
    """Which rows are shown, and buttons to earlier and further ones; nothing where all fit."""
    if rows.pages < 2:
        return []
    first, last = rows.page * size + 1, min(rows.found, (rows.page + 1) * size)
    words = html.Span(f"{first} to {last} of {rows.found}")
    back = _turn("chevron-left", rows.page - 1, "Earlier rows", off=rows.page == 0)
    on = _turn("chevron-right", rows.page + 1, "Further rows", off=rows.page == rows.pages - 1)
    return [html.Div([words, back, on], className="turns")]


def _row(row: Row, rows: Rows, missing: dict[str, list[str]], filters: Filters, cubes: Cubes) -> list[Any]:
    campaign = overview_rows.campaign_of(row, cubes)
    so_far = not questions.complete(campaign, filters, cubes)
    link = html.A(campaign.name, href=campaign_link(campaign.id, filters))
    cells = []
    for name in questions.CAMPAIGN_SHOWN:
        cell = tables.cell(row.values[name], METRICS[name], of_outcomes(name) and so_far)
        words = coverage.words(missing.get(campaign.id, [])) if name == "delivered_rate" else ""
        cells.append(_marked(cell, words) if words and row.values[name].shown else cell)
    return [
        [link, f"\n{overview_rows.channel_words(row, rows.sent_by)}"],
        _two(*program_words(campaign)),
        _two(*status_words(campaign, cubes)),
        *(evidence_words.cell(name, row.values, so_far) for name in EVIDENCE),
        *cells,
    ]


def _marked(cell: Any, words: str) -> Component:
    cell.className = f"{cell.className} part-of"
    setattr(cell, REASON, " ".join(part for part in (getattr(cell, REASON, ""), words) if part))
    made: Component = cell
    return made


def _two(first: str, second: str, css: str) -> Component:
    if not second:
        return html.Td(first, className=css)
    return html.Td(f"{first}\n{second}", className=f"two {css}".strip())


def _sort_head(words: str, name: str, by: str, place: int) -> Component:
    now = by.removeprefix("-") == name
    direction = ("descending" if by.startswith("-") else "ascending") if now else "none"
    button = html.Button(words, id={"type": "overview-sort", "by": name}, type="button", className="sort")
    return html.Th(button, scope="col", className="number" if place > 2 else "", **aria(sort=direction))


def _turn(picture: str, to: int, words: str, *, off: bool) -> Component:
    name = {"type": "overview-turn", "to": to}
    return html.Button(
        icon(picture), id=name, disabled=off, className="turn", type="button", **aria(label=words)
    )
