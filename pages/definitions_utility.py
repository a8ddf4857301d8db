"""How much of the true figures each cut tells: what protection costs, said openly."""

from __future__ import annotations

import polars as pl
from dash.development.base_component import Component

from data.cubes import Cubes
from data.metrics import METRICS
from data.release import OPERATIONS
from data.viewer import Viewer
from pages.table import Listing, ListTable
from ui import html, tables

SHOWN = (
    "sent",
    "delivered",
    "clicked",
    "members_responded",
    "members_opted_out",
    "assigned",
    "with_outcome",
)
WHOLE_PLAN = "These are shares of the whole plan; your figures are limited to a part of it."
LEAD = (
    "Percent of what is complete that is told for a single value of the cut, month by month and campaign by "
    "campaign. The rest is told for several values together, or withheld."
)
NOTHING = "Nothing has been published yet."
COLUMNS = ("cut", "count", "percent_told_alone", "percent_told", "percent_not_complete")


def told_part(viewer: Viewer, cubes: Cubes) -> Component:
    """The table of shares, for who may see the whole plan."""
    if not viewer.scope.whole:
        return html.P(WHOLE_PLAN)
    found = cubes.utility
    if found.is_empty():
        return html.P(NOTHING)
    heads = [html.Th("Cut", scope="col"), *(_head(count) for count in SHOWN)]
    shares = {(row["view"], row["measure"]): row["single"] for row in found.iter_rows(named=True)}
    views = sorted(found["view"].unique(), key=lambda view: (view != OPERATIONS.name, view))
    body = [_row(view, shares, cubes) for view in views if any((view, count) in shares for count in SHOWN)]
    return html.Div([html.P(LEAD), tables.framed(heads, body, "Percent told by cut and count", "utility")])


def _head(count: str) -> Component:
    return html.Th(_label(count), scope="col")


def _label(count: str) -> str:
    """The label of the metric that is just this count."""
    return next((m.label for m in METRICS.values() if m.columns == (count,) and not m.is_union), count)


def cut_words(view: str, cubes: Cubes) -> str:
    """A cut in words: `Region and segment`."""
    if view == OPERATIONS.name:
        return "Day, week or month"
    named = [cubes.dimension(name).label for name in view.split("|")]
    return " and ".join([named[0], *(name.lower() for name in named[1:])])


def _row(view: str, shares: dict[tuple[str, str], int | None], cubes: Cubes) -> Component:
    cells = [shares.get((view, count)) for count in SHOWN]
    told = [html.Td("–" if share is None else f"{share} %") for share in cells]
    return html.Tr([html.Th(cut_words(view, cubes), scope="row"), *told])


def _listing(viewer: Viewer, cubes: Cubes) -> Listing:
    if not viewer.scope.whole:
        return Listing(COLUMNS, [])
    rows = cubes.utility.sort("view", "measure").select(
        "view", pl.col("measure").alias("count"), "single", "told", "waiting"
    )
    return Listing(COLUMNS, [(cut_words(row[0], cubes), *row[1:]) for row in rows.iter_rows()])


TABLE = ListTable("told", "How much is told", _listing)
