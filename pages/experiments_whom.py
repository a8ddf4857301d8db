"""The Experiments page's answer to: for whom does it work?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.experiments.groups import InGroup
from pages import experiments_words as words
from pages.experiments_groups import ByAttribute, Groups, groups
from pages.experiments_questions import experiment
from pages.table import csv_link
from ui import html, tables
from ui.faces import not_available
from ui.panels import panel

SHOWN = 20  # groups: an answer stays short
TITLE = "For whom does it work?"
CAPTION = "Outcome rate of outreach, all its arms together, less that of members held out, in points."
LATER = (
    "Nobody planned which groups to look at: what differs here is a question for the next experiment. That "
    "an interval holds 0 in one group and not in another is no proof that the two differ; the line of the "
    "attribute says whether they do."
)


def for_whom(campaign: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of effects by attribute; nothing where the campaign has no verdict."""
    one = experiment(campaign, viewer, cubes)
    if one is None or one.judged is None:
        return []
    told = groups(campaign, viewer, cubes)
    if not told.found:
        return panel(TITLE, CAPTION, not_available(told.why))
    foot = [html.Span(text) for text in (LATER, _corrected(told), _absent(told)) if text]
    tools = csv_link("experiments", "groups", filters, viewer)
    lines = html.Ul([_line(one) for one in told.found], className="verdict-reasons")
    return panel(_finding(told.found), CAPTION, [lines, _groups(told.found)], foot, tools)


def _finding(found: Sequence[ByAttribute]) -> str:
    """The panel's title: by what the effect differs, or that nothing shows it."""
    names = [one.label.lower() for one in found if one.differs]
    if not names:
        return f"{TITLE} No evidence that it differs"
    return f"The effect may differ by {' and '.join(names)}"


def _line(one: ByAttribute) -> Component:
    """Whether the effect differs by an attribute."""
    said = "differs beyond chance" if one.differs else "no evidence that it differs"
    return html.Li([html.Strong(one.label), f": {said} (p {words.chance(one.adjusted)})."])


def _groups(found: Sequence[ByAttribute]) -> Component:
    """Every group in a table, folded where nothing differs; the last attributes are in the file alone."""
    shown = [one for place, one in enumerate(found) if _so_far(found, place) <= SHOWN]
    left = sum(len(one.groups) for one in found) - _so_far(shown, len(shown) - 1)
    more = [html.P(f"and {left} groups more in the CSV", className="quiet")] if left else []
    summary = html.Summary("The effect in every group")
    return html.Details(
        [summary, _table(shown), *more], className="as-table", open=any(one.differs for one in found)
    )


def _so_far(found: Sequence[ByAttribute], place: int) -> int:
    return sum(len(one.groups) for one in found[: place + 1])


def _table(found: Sequence[ByAttribute]) -> Component:
    several = [each.found for one in found for each in one.groups]
    reach = max(abs(end) for each in several for end in (each.low, each.high))
    rows = [row for one in found for row in (_head(one), *(_row(each, reach) for each in one.groups))]
    interval = html.Th("Interval (95%)", scope="col")
    heads = ["Members", "Difference", interval, "p, Holm", html.Th("Verdict", scope="col")]
    return tables.table(heads, rows, TITLE, "words groups")


def _head(one: ByAttribute) -> list[Any]:
    return [html.Strong(one.label), html.Td("", colSpan=4)]


def _row(one: InGroup, reach: float) -> list[Any]:
    return [
        one.group,
        html.Td(words.signed(one.found.estimate), className="number"),
        words.interval_cell(one.found, one.verdict, reach),
        html.Td(words.chance(one.holm), className="number"),
        html.Td(one.verdict.value, className=words.css(one.verdict)),
    ]


def _corrected(told: Groups) -> str:
    looked = sum(len(one.groups) for one in told.found)
    by = "1 attribute" if len(told.found) == 1 else f"{len(told.found)} attributes"
    return f"p by Holm’s correction over {looked} groups, and over {by} for whether the effect differs."


def _absent(told: Groups) -> str:
    """What is left out to protect members, or so that chance does not choose what is told."""
    left = sum(one.left_out for one in told.found)
    said = f"Too few members by arm to compare: {', '.join(told.absent)}. " if told.absent else ""
    return said + (f"Left out as too small: {left} more groups." if left else "")
