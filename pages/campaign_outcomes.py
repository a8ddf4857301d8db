"""The Campaign page's arms by outcome rate, and how outcomes came in over the days since assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from config.vocabulary import OUTCOME_TIMES
from data.answer import Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.release import NONE, label
from data.untold import TOO_FEW
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages import evidence, evidence_words, findings
from pages.campaign_head import outcome_words, outcomes_through, record_of, so_far
from pages.campaign_ids import Ids
from pages.campaign_scope import coarser, empty
from pages.findings import held_out
from pages.table import chart_link, csv_link
from ui import bars, html, tables
from ui.aria import aria
from ui.clocks import day
from ui.coarser import Offer, in_foot, instead
from ui.faces import no_data, not_available
from ui.links import experiment_link
from ui.panels import panel
from ui.shares import Share, shares
from ui.theme import GRAPH_CONFIG, scheme_of

NOT_CAUSED = "Observed, not causally measured: nobody is held out."
BY_INTENTION = "By assignment, sent to or not; all arms of outreach together against those held out."


def arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The arms in the order of the record, with how many were assigned; arms told together stand last."""
    campaign = cubes.campaigns[filters.campaign[0]]
    answer = questions.arms(filters, viewer, cubes)
    words = outcome_words(campaign, cubes)
    caption = f"Outcome rate of assigned members{f': {words}' if words else ''}"
    told = [row for row in answer.rows if _assigned(row)]
    if not told:
        return panel("Arms", caption, _no_arms(answer.rows, filters, viewer, cubes))
    reported = any(row.values["outcome_rate"].status is not Status.NOT_AVAILABLE for row in told)
    later = reported and so_far(campaign, filters, cubes)
    order = [str(name) for name in record_of(campaign).get("arms") or []]
    told = sorted(told, key=lambda row: (row.key[0] == SEVERAL, _place(str(row.key[0]), order)))
    top = max((row.values["outcome_rate"].value or 0 for row in told), default=0)
    heads = ["Arm", html.Th("Outcome rate", scope="col"), "With outcome", "Assigned"]
    rows = [_arm(row, top, later) for row in told]
    held = any(held_out(row) for row in told)
    foot = [
        html.Span(BY_INTENTION if held else NOT_CAUSED),
        *tables.hidden_words([replace(answer, rows=tuple(told))]),
    ]
    foot += in_foot(_coarser_arms(filters, viewer, cubes))
    foot.append(html.A("How sure is that?", href=experiment_link(campaign.id), className="no-print"))
    through = outcomes_through(campaign, cubes)
    if later and any(row.values["outcome_rate"].shown for row in told):
        until = f": complete for members assigned until {day(through)}" if through is not None else ""
        foot = [html.Span([html.Span(className="key-hatch"), f"so far{until}"], className="key"), *foot]
    title = findings.of_arms(told) if not later else "Outcomes of the arms so far"
    if not any(row.values["outcome_rate"].shown for row in told):
        title = "Who was assigned to which arm"
    table = tables.table(heads, rows, "Arms by outcome rate", "by-arm")
    caused = evidence.one(filters, viewer, cubes)
    body = [
        html.P(evidence_words.sentence(caused), className="finding"),
        evidence_words.small_table(caused, so_far=later),
        table,
    ]
    return panel(title, caption, body, foot, csv_link("campaign", "arms", filters, viewer))


def _no_arms(rows: Sequence[Row], filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    values = [row.values["assigned"] for row in rows]
    if any(value.status is Status.WITHHELD for value in values):
        return instead(_coarser_arms(filters, viewer, cubes), TOO_FEW)
    if filters.channel or filters.wave or filters.variant:
        return not_available(
            "Assigned members have no channel: take the channel filter away to see the arms."
        )
    if all(value.status is Status.NOT_AVAILABLE for value in values):
        return not_available("No source says who was assigned to which arm.")
    return empty("assigned", filters, viewer, cubes)


def _coarser_arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """What the arms say of themselves where they tell little."""
    return coarser(("assigned", "outcome_rate"), "arm", questions.arms, filters, viewer, cubes, Ids.CARDS)


def _assigned(row: Row) -> bool:
    value = row.values["assigned"]
    if row.key[0] == NONE and not value.value:
        return False
    return (
        value.status is not Status.NOT_AVAILABLE and value.value != 0 and value.status is not Status.WITHHELD
    )


def _place(name: str, order: list[str]) -> tuple[int, str]:
    return (order.index(name) if name in order else len(order), name)


def _arm(row: Row, top: float, later: bool) -> list[Any]:
    values = row.values
    name = label(str(row.key[0]))
    tone = "reference" if held_out(row) or row.key[0] == SEVERAL else ""
    tone = f"{tone} hatched".strip() if later else tone
    return [
        [name, html.Span(" held out", className="quiet")] if held_out(row) else name,
        bars.bar_cell(values["outcome_rate"], METRICS["outcome_rate"], top, tone),
        tables.cell(values["with_outcome"], METRICS["with_outcome"], later),
        tables.cell(values["assigned"], METRICS["assigned"]),
    ]


@dataclass(frozen=True)
class Curve:
    """The share of one arm's members who had the outcome by the end of each slot; None where not told."""

    arm: str
    held: bool
    assigned: float
    points: tuple[float | None, ...]


def curves(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Curve]:
    """One curve per arm that is told apart; it ends where a slot is not told in full."""
    assigned = {row.key[0]: row for row in questions.arms(filters, viewer, cubes).rows if _assigned(row)}
    slots: dict[object, dict[object, Released]] = {}
    for row in questions.outcome_times(filters, viewer, cubes).rows:
        slots.setdefault(row.key[0], {})[row.key[1]] = row.values["with_outcome"]
    found = []
    for arm, row in assigned.items():
        base = row.values["assigned"]
        if arm in (SEVERAL, NONE) or not base.value or base.status is not Status.RELEASED or arm not in slots:
            continue
        points = _points(slots[arm], base.value)
        if points[0] is not None:
            found.append(Curve(str(arm), held_out(row), base.value, points))
    return found


def _points(slots: dict[object, Released], base: float) -> tuple[float | None, ...]:
    points: list[float | None] = []
    total: float | None = 0.0
    for code in OUTCOME_TIMES:
        value = slots.get(code, Released(0, Status.RELEASED))
        whole = value.value is not None and value.status is Status.RELEASED
        total = total + value.value if total is not None and whole and value.value is not None else None
        points.append(None if total is None else total / base)
    return tuple(points)


def curve(filters: Filters, viewer: Viewer, cubes: Cubes, theme: object) -> list[Component]:
    """How the share with the outcome grew in each arm; the arm held out is the reference."""
    campaign = cubes.campaigns[filters.campaign[0]]
    words = outcome_words(campaign, cubes)
    caption = (
        f"Share of assigned members with the outcome, by days since assignment{f': {words}' if words else ''}"
    )
    title = "How soon did the outcome come?"
    found = curves(filters, viewer, cubes)
    if not found:
        return panel(title, caption, _no_curve(filters, viewer, cubes))
    later = so_far(campaign, filters, cubes)
    lines = [Share(one.arm, one.points, one.held) for one in found]
    figure: Any = shares(_ends(), "Days since assignment", lines, scheme_of(theme), so_far=later)
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    said = f"{title} {caption}. The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame chart-low", **aria(label=said))
    fold = tables.behind_chart(Ids.CURVE_OPENER, Ids.CURVE_TABLE)
    foot = [html.Span(BY_INTENTION if any(one.held for one in found) else NOT_CAUSED)]
    if later:
        foot = [html.Span("So far: a cohort that is not complete can only rise."), *foot]
    tools = chart_link("campaign", "outcome-times", filters, viewer)
    return panel(title, caption, [drawn, fold], foot, tools)


def _ends() -> list[str]:
    """The last day of each slot, where the next one begins; the last one has none."""
    begins = [int("".join(sign for sign in code if sign.isdigit())) for code in OUTCOME_TIMES]
    return [*(str(begin - 1) for begin in begins[1:]), "later"]


def _no_curve(filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """Why there is no curve: the arms are not told apart, or nothing has come in yet."""
    arms_told = [row for row in questions.arms(filters, viewer, cubes).rows if _assigned(row)]
    if not arms_told:
        return _no_arms(questions.arms(filters, viewer, cubes).rows, filters, viewer, cubes)
    answer = questions.outcome_times(filters, viewer, cubes)
    values = [row.values["with_outcome"] for row in answer.rows]
    if not values and answer.hidden.get("with_outcome"):
        return instead(_coarser_curve(filters, viewer, cubes), answer.hidden["with_outcome"])
    if any(value.status in (Status.WITHHELD, Status.PARTIAL) for value in values):
        return instead(
            _coarser_curve(filters, viewer, cubes),
            "Too few outcomes to tell apart by the days until they came.",
        )
    if not values or all(value.status is Status.NOT_AVAILABLE for value in values):
        return not_available("The sources of this selection do not say when the outcome came.")
    return no_data("No outcome has come in yet.")


def _coarser_curve(filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    def drawn(kept: Filters) -> bool:
        return bool(curves(kept, viewer, cubes))

    names, question = ("with_outcome",), questions.outcome_times
    return coarser(names, "outcome_time", question, filters, viewer, cubes, Ids.ARMS, drawn)


def curve_table(filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The table behind the curve: members whose outcome came in each slot."""
    answer = questions.outcome_times(filters, viewer, cubes)
    metric = METRICS["with_outcome"]
    by_arm: dict[str, dict[object, Released]] = {}
    for row in answer.rows:
        by_arm.setdefault(str(row.key[0]), {})[row.key[1]] = row.values["with_outcome"]
    told = {arm: slots for arm, slots in by_arm.items() if arm != NONE}
    nothing = Released(0, Status.RELEASED, 0)
    rows = [
        [label(arm), *(tables.cell(slots.get(code, nothing), metric) for code in OUTCOME_TIMES)]
        for arm, slots in told.items()
    ]
    return tables.table(
        ["Arm", *OUTCOME_TIMES.values()], rows, "Members with the outcome, by days since assignment"
    )
