"""Explore's table: a row per value of what it is cut by, sorted, with bars, and totals where they add up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from dash.development.base_component import Component

from config.permissions import Permission
from data.answer import Answer, Row
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.metrics import METRICS, Metric
from data.ordering import natural
from data.periods import Period
from data.question import ONE_AT_A_TIME
from data.viewer import Viewer
from pages.explore_asked import EXPLORE, MOST_ROWS, TIMES, Asked
from pages.explore_words import adds, apart_words, finding, no_total, part_label, title, way_on
from pages.maturity import Completeness, waits_for
from pages.table import csv_link
from ui import bars, html, tables
from ui.aria import aria, marks
from ui.coarser import in_foot
from ui.faces import no_data, not_available, withheld
from ui.hints import about, hoist
from ui.icon import icon
from ui.links import campaign_link
from ui.panels import panel

CELLS, FEWEST = 96, 12


def in_order(view: Asked, told: Answer, cubes: Cubes) -> list[Row]:
    """The rows as they are shown: time runs on, else the largest first; what is not told comes last.

    Rows without a value keep the order of their names, so that their place tells nothing of them.
    """
    rows = sorted(told.rows, key=lambda row: _key(view, row, cubes))
    by, down = (view.sort or _usual(view)).removeprefix("-"), (view.sort or _usual(view)).startswith("-")
    if by == "label":
        return rows[::-1] if down else rows
    with_value = [row for row in rows if row.values[by].value is not None]
    sign = -1 if down else 1
    ranked = sorted(with_value, key=lambda row: sign * (row.values[by].value or 0))
    return [*ranked, *(row for row in rows if row.values[by].value is None)]


def _usual(view: Asked) -> str:
    return "label" if view.time or not view.by else f"-{view.metrics[0]}"


def _key(view: Asked, row: Row, cubes: Cubes) -> tuple[Any, ...]:
    return tuple(_part(name, part, cubes) for name, part in zip(view.by, row.key, strict=True))


def _part(name: str, part: object, cubes: Cubes) -> tuple[Any, ...]:
    if name in TIMES:
        return (0, part, "") if isinstance(part, int) else (1, 0, "")
    return (part == SEVERAL, *natural(part_label(name, part, cubes) or " "))


def on_page(view: Asked) -> int:
    """How many rows a page of the table has."""
    return max(FEWEST, CELLS // (len(view.metrics) + len(view.by)))


def panel_of(view: Asked, told: Answer, total: Answer, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The children of the table's panel."""
    caption = view.filters.sentence(cubes)
    more = {name: ",".join(getattr(view, name)) for name in ("metrics", "by") if getattr(view, name)}
    files = [*_paper(view, viewer), *csv_link("explore", "figures", view.filters, viewer, **more)]
    tools = [html.Div(files, className="explore-files")] if files else []
    if not len(told.rows):
        return panel(title(view, cubes), caption, _nothing(view, told, cubes))
    if len(told.rows) > MOST_ROWS:
        words = f"{len(told.rows):,} rows are too many to show. Break down by less, or take the file."
        return panel(finding(view, told, total, cubes), caption, no_data(words), (), tools)
    rows = in_order(view, told, cubes)
    size = on_page(view)
    page = min(view.page, (len(rows) - 1) // size)
    shown = rows[page * size : (page + 1) * size]
    content = [_table(view, shown, rows, total, viewer, cubes), *_turning(page, size, len(rows))]
    foot = [
        *tables.hidden_words([told]),
        *(html.Span(words) for words in (no_total(view) if view.by else [])),
        *in_foot(way_on(view, viewer, cubes)),
    ]
    return panel(finding(view, told, total, cubes), caption, content, foot, tools)


def _paper(view: Asked, viewer: Viewer) -> list[Component]:
    """The way to the same as PDF, for those who may export."""
    if not viewer.may(Permission.EXPORT):
        return []
    address = f"{EXPLORE}.pdf?{urlencode(view.query())}"
    link = html.A([icon("printer"), "PDF"], href=address, className="csv", download="")
    return [html.Div(link, className="files no-print")]


def _nothing(view: Asked, told: Answer, cubes: Cubes) -> Component:
    """The right face of nothing: not told together, withheld, not reported, or nothing there."""
    if ONE_AT_A_TIME in told.notes:
        return withheld(apart_words(view, cubes))
    if told.hidden:
        return withheld(next(iter(told.hidden.values())))
    if set(view.metrics) <= set(told.unavailable):
        return not_available(told.unavailable[view.metrics[0]])
    if view.filters.period.all_time:
        return no_data()
    every = replace(view, filters=replace(view.filters, period=Period("all_time")))
    step = html.A("Show all time", href=every.address(), className="btn btn-quiet")
    return no_data("Nothing happened in this selection.", step)


def _table(
    view: Asked, shown: Sequence[Row], rows: Sequence[Row], total: Answer, viewer: Viewer, cubes: Cubes
) -> Component:
    metrics = [METRICS[name] for name in view.metrics]
    late = Completeness(view.by, view.filters, viewer, cubes)
    tops = {
        one.name: max((abs(row.values[one.name].value or 0) for row in rows), default=0) for one in metrics
    }
    with_bars = view.drawn == "bars"
    body: list[Component] = [
        html.Tr(
            [
                *_keys(view, row, cubes),
                *(
                    bars.slim(row.values[one.name], one, tops[one.name])
                    if with_bars
                    else tables.cell(row.values[one.name], one, not late.of(waits_for(one.name), row.key))
                    for one in metrics
                ),
            ]
        )
        for row in shown
    ]
    heads = [*_heads_of_keys(view, cubes), *(_head(view, one) for one in metrics)]
    hoist(heads, body)
    if view.by and len(rows) > 1:
        body.append(_total(view, metrics, total, len(rows)))
    name = "explore-figures with-bars" if with_bars else "explore-figures"
    return tables.framed(heads, body, f"Figures {_spoken(view, cubes)}".strip(), name)


def _spoken(view: Asked, cubes: Cubes) -> str:
    return "by " + " and ".join(cubes.dimension(name).label.lower() for name in view.by) if view.by else ""


def _keys(view: Asked, row: Row, cubes: Cubes) -> list[Component]:
    if not view.by:
        return [html.Th("All", scope="row")]
    cells: list[Component] = []
    for place, (name, part) in enumerate(zip(view.by, row.key, strict=True)):
        words: Any = part_label(name, part, cubes)
        if name == "campaign" and str(part) in cubes.campaigns:
            words = html.A(words, href=campaign_link(str(part)))
        when: Any = {"className": "when"} if name in TIMES else {}
        cells.append(html.Td(words) if place else html.Th(words, scope="row", **when))
    return cells


def _heads_of_keys(view: Asked, cubes: Cubes) -> list[Component]:
    if not view.by:
        return [html.Th("", scope="col")]
    names = [cubes.dimension(name).label for name in view.by]
    first = html.Th(_sorter(view, "label", names[0]), scope="col", **_sorted(view, "label"))
    return [first, *(html.Th(name, scope="col") for name in names[1:])]


def _head(view: Asked, metric: Metric) -> Component:
    if not view.by:
        return html.Th(metric.label, scope="col", className="number", **about(metric))
    return html.Th(
        _sorter(view, metric.name, metric.label),
        scope="col",
        className="number",
        **about(metric),
        **_sorted(view, metric.name),
    )


def _sorter(view: Asked, by: str, words: str) -> Component:
    now = view.sort or _usual(view)
    first = by if by == "label" else f"-{by}"
    other = by if first.startswith("-") else f"-{by}"
    arrow = {by: " ↑", f"-{by}": " ↓"}.get(now, "")
    wanted = {"sort": other if now == first else first, "page": ""}
    return html.Button(
        f"{words}{arrow}", type="button", className="sorter", **marks(explore=json.dumps(wanted), sorts=by)
    )


def _sorted(view: Asked, by: str) -> Any:
    now = view.sort or _usual(view)
    way = {by: "ascending", f"-{by}": "descending"}.get(now)
    return aria(sort=way) if way else {}


def _total(view: Asked, metrics: Sequence[Metric], total: Answer, rows: int) -> Component:
    """The figures uncut, for what adds up; a dash for what does not, explained in the foot."""
    cells = [
        tables.cell(total.one(one.name), one, False)
        if adds(one, view.by)
        else html.Td("no total", className="number is-nothing")
        for one in metrics
    ]
    for cell, one in zip(cells, metrics, strict=True):
        if adds(one, view.by):
            setattr(cell, "data-hint", one.name)
    head = html.Th(f"Total of {rows:,} rows", scope="row")
    more = [html.Td("") for _ in view.by[1:]]
    return html.Tr([head, *more, *cells], className="total-row")


def _turning(page: int, size: int, every: int) -> list[Component]:
    """Which rows are shown, and the way to the others."""
    if every <= size:
        return []
    last = (every - 1) // size
    words = f"Rows {page * size + 1:,} to {min(every, (page + 1) * size):,} of {every:,}"
    return [
        html.Div(
            [
                _turn("chevron-left", "Previous rows", page - 1 if page else None),
                html.Span(words),
                _turn("chevron-right", "Next rows", page + 1 if page < last else None),
            ],
            className="turning no-print",
        )
    ]


def _turn(picture: str, words: str, to: int | None) -> Component:
    wanted = json.dumps({"page": str(to or "")})
    more: Any = {"disabled": True} if to is None else {}
    return html.Button(
        icon(picture), type="button", className="btn btn-quiet", title=words, **more,
        **marks(explore=wanted, turns=words), **aria(label=words),
    )  # fmt: skip
