"""The Overview's arms: outcome rates of the one campaign that is chosen, or why they cannot stand here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CLAIMS_LAG_DAYS, WINDOW_DAYS
from data.answer import Row, Status
from data.codebook import SEVERAL
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.maturity import complete_through, term
from data.metrics import METRICS
from data.release import label
from data.viewer import Viewer
from pages import evidence, evidence_words, findings, questions
from pages.coarser import Asked, offer
from pages.overview_ids import Ids
from pages.overview_panels import csv_link
from ui import bars, html, tables
from ui.clocks import day as day_words
from ui.coarser import Offer, in_foot, instead
from ui.faces import not_available
from ui.panels import panel

METRIC = METRICS["outcome_rate"]


def arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The arms of the one campaign that is chosen; nothing for several, whose arms are not alike."""
    kept = filters.campaigns(cubes, viewer)
    if len(kept) != 1:
        return []
    campaign = cubes.campaigns[kept[0]]
    if not _has_arms(campaign, viewer, cubes):
        return []
    caption = f"{campaign.name}: {outcome_words(campaign, cubes)}"
    if reason := _in_the_way(filters):
        return panel("Arms, by outcome rate", caption, not_available(reason))
    answer = questions.arms(filters, viewer, cubes)
    told = [row for row in answer.rows if _anybody(row)]
    if not told:
        hidden = any(row.values["assigned"].status is Status.WITHHELD for row in answer.rows)
        nobody = not_available("Nobody was assigned in this period.")
        face = instead(_coarser(filters, viewer, cubes)) if hidden else nobody
        return panel("Arms, by outcome rate", caption, face)
    so_far = not questions.complete(campaign, filters, cubes)
    through = complete_through(campaign.id, cubes)
    if so_far and through is not None:
        caption += f" So far: complete for members assigned through {day_words(through)}."
    top = max((row.values["outcome_rate"].value or 0 for row in told), default=0)
    ranked = told if so_far else sorted(told, key=lambda row: -(row.values["outcome_rate"].value or 0))
    rows = [_arm(row, top, so_far) for row in ranked]
    heads = [
        "Arm",
        html.Th("Outcome rate", scope="col"),
        METRICS["with_outcome"].label,
        METRICS["assigned"].label,
    ]
    title = "Arms, by outcome rate so far" if so_far else findings.of_arms(told)
    if not any(row.values["outcome_rate"].shown for row in told):
        title = "Who was assigned to which arm"
    caused = evidence.one(replace(filters, campaign=(campaign.id,)), viewer, cubes)
    return panel(
        title,
        caption,
        [
            html.P(evidence_words.sentence(caused), className="finding"),
            evidence_words.small_table(caused, so_far=so_far),
            tables.table(heads, rows, "Arms", "by-arm"),
        ],
        [
            *tables.hidden_words([replace(answer, rows=tuple(told))]),
            *in_foot(_coarser(filters, viewer, cubes)),
        ],
        csv_link("arms", filters, viewer),
    )


def _coarser(filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """What the arms say of themselves where they tell little."""
    asked = Asked(
        ("assigned", "outcome_rate"),
        "arm",
        filters,
        lambda kept, _: questions.arms(kept, viewer, cubes),
        lambda kept, _: f"/{kept.url()}",
        total=f"#{Ids.CARDS}",
    )
    return offer(asked, viewer, cubes)


def outcome_words(campaign: Campaign, cubes: Cubes) -> str:
    """`assigned members with a flu shot within 90 days.`, with the usual window where none is declared."""
    known = term(campaign.id, cubes)
    if known is None and campaign.outcome is None:
        return f"assigned members with any outcome within {WINDOW_DAYS} days (no outcome is declared)."
    name, window, _ = known or (str(campaign.outcome), WINDOW_DAYS, CLAIMS_LAG_DAYS)
    within = "" if campaign.id in cubes.undated else f" within {window} days"
    return f"assigned members with the outcome “{name.replace('_', ' ')}”{within}."


def _anybody(row: Row) -> bool:
    """Whether an arm is reported, and not known to be empty."""
    assigned = row.values["assigned"]
    return assigned.status is not Status.NOT_AVAILABLE and assigned.value != 0


def _has_arms(campaign: Campaign, viewer: Viewer, cubes: Cubes) -> bool:
    every = questions.arms(questions.all_of(campaign.id), viewer, cubes)
    return any(row.values["assigned"].status is not Status.NOT_AVAILABLE for row in every.rows)


def _in_the_way(filters: Filters) -> str:
    if filters.channel or filters.wave or filters.variant:
        return "Assigned members have no channel, wave or variant: clear that filter to see the arms."
    if filters.attributes:
        return "Arms are not released together with member attributes: clear that filter to see them."
    return ""


def _arm(row: Row, top: float, so_far: bool) -> list[Any]:
    values = row.values
    assigned, held = values["assigned"].value, values["held_out"].value
    reference = bool(assigned) and assigned == held
    name = label(str(row.key[0]))
    tone = "reference" if reference or name == SEVERAL else ""
    tone = f"{tone} is-so-far".strip() if so_far else tone
    rate = bars.bar_cell(values["outcome_rate"], METRIC, top, tone)
    return [
        [name, html.Span(" held out", className="quiet")] if reference else name,
        rate,
        tables.cell(values["with_outcome"], METRICS["with_outcome"], so_far),
        tables.cell(values["assigned"], METRICS["assigned"]),
    ]
