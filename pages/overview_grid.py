"""The Overview's campaign table as a grid: sort, search, choose and pin columns, compare, drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash.development.base_component import Component

from data.answer import Released, Row
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import EFFECTS, METRICS
from data.viewer import Viewer
from pages import coverage, evidence_words, overview_rows, questions
from pages.maturity import of_outcomes
from pages.overview_campaigns import EVIDENCE, foot_words, program_words, search_box, status_words, turns
from pages.overview_ids import Ids
from pages.overview_panels import csv_link, empty
from pages.overview_rows import Rows
from ui import controls, html
from ui.aria import aria
from ui.grid import Column, figure, grid
from ui.icon import icon
from ui.links import campaign_links
from ui.numbers import written

ROWS_SHOWN = 14
NAME = "name"
COLUMNS = (
    Column(NAME, "Campaign", "GridName", width=210, flex=3, first="asc"),
    Column("program", "Program", "GridTwo", width=128, first="asc"),
    Column("status", "Status", "GridTwo", width=160),
    Column("verdict", "Verdict", "GridVerdict", width=148),
    *(Column(name, EFFECTS[name].label, "GridRange", width=104) for name in EVIDENCE[1:]),
    *(
        Column(name, METRICS[name].label, width=86 if METRICS[name].is_ratio else 92)
        for name in questions.CAMPAIGN
    ),
)
LESS = ("conversion_rate",)  # observed outcomes stand in its place; it can be chosen
SHOWN = (
    NAME, "program", "status", *EVIDENCE, *(name for name in questions.CAMPAIGN_SHOWN if name not in LESS)
)  # fmt: skip


def chosen(text: object) -> list[str]:
    """The columns that an address names (`cols=sent,cost`), else the usual ones; the name always stays."""
    names = text.split(",") if isinstance(text, str) else []
    known = [one.name for one in COLUMNS if one.name in names]
    return list(dict.fromkeys([NAME, *known])) if known else list(SHOWN)


def pinned(text: object) -> list[str]:
    """The columns that an address pins to the left (`pin=status`); the name always is."""
    names = text.split(",") if isinstance(text, str) else []
    return [one.name for one in COLUMNS if one.name == NAME or one.name in names]


def frame(query: dict[str, str]) -> list[Component]:
    """What stands around the rows: search, columns, the comparison, the grid itself."""
    sort = overview_rows.view_of({"sort": query.get("sort")}).sort
    shown, left = chosen(query.get("cols")), pinned(query.get("pin"))
    return [
        html.Div(id=Ids.GRID_HEAD),
        html.Div(
            [search_box(query.get("q", "")), _columns(shown, left), _compare()],
            className="grid-tools no-print",
        ),
        html.Div(
            grid(Ids.GRID, COLUMNS, sort, shown, left, "Choose to compare"),
            className="grid-frame",
            role="region",
            **aria(label="Campaigns"),
        ),
        html.Div(id=Ids.GRID_FOOT),
    ]


def head(rows: Rows, view: overview_rows.View, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """Title, scope and file of the table; the right face of nothing where no campaign is left."""
    words = html.Div(
        [
            html.H2(overview_rows.title(rows, view), className="panel-title"),
            html.P(filters.sentence(cubes), className="panel-caption"),
        ]
    )
    nothing = [] if rows.every else [empty("sent", filters, viewer, cubes)]
    return html.Div(
        [html.Div([words, *csv_link("campaigns", filters, viewer)], className="panel-head"), *nothing]
    )


def contents(
    given: object, filters: Filters, viewer: Viewer, cubes: Cubes
) -> tuple[Component, list[dict[str, Any]], list[Component]]:
    """Head, rows and foot for a view and a filter."""
    view = overview_rows.view_of(given)
    rows = overview_rows.rows_of(view, ROWS_SHOWN, filters, viewer, cubes)
    missing = coverage.left_out("delivered_rate", filters, viewer, cubes)
    link = campaign_links(filters)
    data = [_row(row, rows, missing, link, filters, cubes) for row in rows.rows]
    foot = html.Div([*foot_words(filters, viewer, cubes), *turns(rows, ROWS_SHOWN)], className="panel-foot")
    return head(rows, view, filters, viewer, cubes), data, [foot]


def _row(
    row: Row,
    rows: Rows,
    missing: dict[str, list[str]],
    link: Callable[[str], str],
    filters: Filters,
    cubes: Cubes,
) -> dict[str, Any]:
    """A row of plain text: what is written, its face and its reason. No number that is not released."""
    campaign = overview_rows.campaign_of(row, cubes)
    so_far = not questions.complete(campaign, filters, cubes)
    lacking = coverage.words(missing.get(campaign.id, []))
    return {
        "id": campaign.id,
        "name": campaign.name,
        "href": link(campaign.id),
        "by": overview_rows.channel_words(row, rows.sent_by),
        "program": program_words(campaign),
        "status": status_words(campaign, cubes),
        **_evidence(row.values, so_far),
        **{
            name: figure(
                row.values[name],
                METRICS[name],
                so_far=so_far and of_outcomes(name),
                marked=lacking if name == "delivered_rate" else "",
            )
            for name in questions.CAMPAIGN
        },
    }


def _evidence(values: Mapping[str, Released], so_far: bool) -> dict[str, Any]:
    """The verdict as a word, and the figures with their second line."""
    told: dict[str, Any] = {"verdict": written(values["verdict"], EFFECTS["verdict"])}
    for name in EVIDENCE[1:]:
        later = so_far and name == "observed_outcomes"
        made = figure(values[name], EFFECTS[name], so_far=later)
        if evidence_words.silent(name, values[name]) and not isinstance(made, str):
            made = made[:2]
        more = evidence_words.second(name, values)
        told[name] = made if isinstance(made, str) or not more else [*made, *[""] * (5 - len(made)), more]
    return told


def _columns(shown: list[str], left: list[str]) -> Component:
    choices = {one.name: one.label for one in COLUMNS if one.name != NAME}
    lists = [
        _choice("Shown", Ids.COLUMNS, choices, [name for name in shown if name != NAME]),
        _choice("Pinned to the left", Ids.PINNED, choices, [name for name in left if name != NAME]),
    ]
    opener = html.Summary([icon("table"), "Columns"], className="btn btn-quiet")
    return html.Details([opener, html.Div(lists, className="pick-list")], className="pick grid-columns")


def _choice(words: str, name: str, choices: dict[str, str], value: list[str]) -> Component:
    boxes = controls.Checklist(id=name, options=choices, value=value)
    group = html.Div(boxes, role="group", **aria(label=words))
    return html.Div([html.Span(words, className="form-label"), group])


def _compare() -> Component:
    words = [icon("bar-chart"), html.Span("Choose campaigns to compare")]
    return html.A(words, id=Ids.COMPARE, className="btn btn-quiet grid-compare is-off", href="/compare")
