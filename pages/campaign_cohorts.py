"""The Campaign page's two clocks: cohorts by month of assignment, those not complete drawn as such."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.answer import Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.maturity import complete_through
from data.metrics import DEFINED
from data.viewer import Viewer
from pages import cohorts
from pages.campaign_head import outcome_words
from pages.questions import bucket_label
from pages.table import csv_link
from ui import bars, html, tables
from ui.clocks import day
from ui.faces import not_available
from ui.hints import about, hint
from ui.numbers import percent, written
from ui.panels import panel

TITLE = "Which outcomes are in, and which are to come?"


def by_month(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A row per cohort: outcomes so far, the share known, and the final rate with its range."""
    campaign = cubes.campaigns[filters.campaign[0]]
    answer = cohorts.cohorts(filters, viewer, cubes)
    words = outcome_words(campaign, cubes)
    caption = f"Members by month of assignment{f': {words}' if words else ''}. {filters.sentence(cubes)}"
    if filters.channel or filters.wave or filters.variant:
        return panel(TITLE, caption, not_available("Assigned members have no channel, wave or variant."))
    if not answer.rows:
        return panel(TITLE, caption, not_available("No source says who was assigned, and when."))
    heads = ["Assigned in", "Assigned", "With outcome", "Outcome rate", "Known by now", "Final rate (95 %)"]
    top = max(row.values["outcome_rate"].value or 0 for row in answer.rows)
    rows = [_row(row, top, cohorts.is_complete(_month(row), filters, cubes)) for row in answer.rows]
    table = tables.table(heads, rows, "Cohorts by month of assignment", "by-cohort words")
    foot = [*_foot(filters, viewer, cubes), *tables.hidden_words([answer])]
    links = csv_link("campaign", "cohorts", filters, viewer)
    return panel(_title(answer.rows, filters, cubes), caption, table, foot, links)


def _month(row: Row) -> int:
    return int(str(row.key[0]))


def _row(row: Row, top: float, complete: bool) -> list[Any]:
    values = row.values
    later = not complete
    share = values["known_share"]
    known = "all" if complete and share.shown else written(share, DEFINED["known_share"])
    return [
        bucket_label(_month(row), "month"),
        tables.cell(values["assigned"], DEFINED["assigned"]),
        tables.cell(values["with_outcome"], DEFINED["with_outcome"], later),
        bars.bar_cell(values["outcome_rate"], DEFINED["outcome_rate"], top, "hatched" if later else ""),
        html.Td(known, className="number", **about(DEFINED["known_share"])),
        _final(row, complete),
    ]


def _final(row: Row, complete: bool) -> Component:
    rate, low, high = (row.values[name] for name in cohorts.EXPECTED[1:])
    words = written(rate, DEFINED["final_rate"])
    if complete or not rate.shown or low.value is None or high.value is None:
        face = f"number {tables.face(rate)}".strip()
        return html.Td(words, className=face, **hint(rate, DEFINED["final_rate"], words))
    told = f"≈ {words}\n{percent(low.value)} to {percent(high.value)}"
    return html.Td(told, className="number two", **about(DEFINED["final_rate"]))


def _title(rows: Any, filters: Filters, cubes: Cubes) -> str:
    """How many cohorts are complete."""
    done = sum(cohorts.is_complete(_month(row), filters, cubes) for row in rows)
    if done == len(rows):
        return f"All outcomes are in, of {'every cohort' if len(rows) > 1 else 'the one cohort'}"
    return f"Outcomes of {len(rows) - done} of {len(rows)} cohorts are still to come"


def _foot(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    campaign = filters.campaign[0]
    through = complete_through(campaign, cubes)
    told = [] if through is None else [f"Complete for members assigned through {day(through)}."]
    past = cohorts.past_of(campaign, viewer, cubes)
    rows = cohorts.cohorts(filters, viewer, cubes).rows
    if any(
        row.values["final_rate"].status is Status.RELEASED
        and not cohorts.is_complete(_month(row), filters, cubes)
        for row in rows
    ):
        whose = f" Delays of {past.words}." if past else ""
        told.append(
            "A cohort that is not complete can only rise: hatched, never ranked or compared. Its final rate "
            f"is a nowcast; the range takes any lag up to the declared one.{whose}"
        )
    return [html.Span(words) for words in told]
