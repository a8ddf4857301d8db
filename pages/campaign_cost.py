"""The Campaign page's cost: by channel, per message, response and outcome, and against the budget."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.answers import ask
from pages.campaign_head import record_of, so_far
from pages.campaign_scope import empty
from pages.table import csv_link
from ui import bars, html, tables
from ui.aria import aria
from ui.numbers import money, percent
from ui.panels import panel

CREDIT = (
    "Per response and per outcome: members of the channel who responded or converted. Observed, not caused."
)


def cost(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A row per channel and one for all, and the budget of the record beside what was spent."""
    answer = questions.cost(filters, viewer, cubes)
    caption = filters.sentence(cubes)
    told = [row for row in answer.rows if row.values["cost"].status is not Status.NOT_AVAILABLE]
    whole = ask(questions.COST, (), filters, viewer, cubes).rows[0].values
    if whole["cost"].value is None and not any(row.values["cost"].shown for row in told):
        return panel("Cost", caption, empty("cost", filters, viewer, cubes))
    later = so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    top = max((row.values["cost"].value or 0 for row in told), default=0)
    rows: list[list[Any]] = [
        [
            CHANNEL_LABELS.get(str(row.key[0]), str(row.key[0])),
            bars.slim(row.values["cost"], METRICS["cost"], top, f"of-{row.key[0]}"),
            *_rest(row.values, later),
        ]
        for row in sorted(told, key=lambda one: -(one.values["cost"].value or 0))
    ]
    if len(told) > 1:
        rows.append(["All channels", bars.slim(whole["cost"], METRICS["cost"], 0), *_rest(whole, later)])
    heads = ["Channel", html.Th("Cost", scope="col"), *(METRICS[name].label for name in answer.metrics[1:])]
    table = tables.table(heads, rows, "Cost by channel", "by-cost")
    budget = _budget(record_of(cubes.campaigns[filters.campaign[0]]).get("budget"), whole["cost"], filters)
    foot = [html.Span(CREDIT), *tables.hidden_words([answer])]
    title = _title(whole)
    return panel(title, caption, [*budget, table], foot, csv_link("campaign", "cost", filters, viewer))


def _rest(values: dict[str, Released], later: bool) -> list[Component]:
    return [
        tables.cell(values[name], METRICS[name], later and name == "cost_per_outcome")
        for name in questions.COST[1:]
    ]


def _title(values: dict[str, Released]) -> str:
    value, per = values["cost"], values["cost_per_send"]
    if value.value is None:
        return "Cost"
    each = f", {money(per.value)} a message" if per.value is not None else ""
    return f"{money(value.value)} spent{' on what is told' if value.status is Status.PARTIAL else ''}{each}"


def _budget(budget: object, spent: Released, filters: Filters) -> list[Component]:
    """What was spent of the budget, where the whole schedule is looked at; the bar ends at the larger."""
    if isinstance(budget, bool) or not isinstance(budget, (int, float)) or not budget:
        return [html.P("No budget is recorded.", className="budget quiet")]
    if not filters.period.all_time or filters.channel or filters.cuts or spent.value is None:
        return [html.P(f"Budget of the whole campaign: {money(budget)}.", className="budget quiet")]
    share = spent.value / budget
    over = spent.value > budget
    most = "at least " if spent.status is Status.PARTIAL else ""
    words = [
        html.Strong(f"{most}{percent(share)} of the budget of {money(budget)} is spent"),
        html.Span(
            f", {money(spent.value - budget)} over" if over else f", {money(budget - spent.value)} left"
        ),
    ]
    width = {"--share": f"{100 * min(1.0, share):.1f}%"}
    bar = html.Span(
        html.Span(className=f"bar{' over' if over else ''}", style=width),
        className="budget-track",
        **aria(hidden="true"),
    )
    return [html.P(words, className="budget"), bar]
