"""The Campaign page's way from eligible to outcome: a bar per step, with the drop on the way in words."""

from __future__ import annotations

from dataclasses import dataclass

from dash.development.base_component import Component

from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from data.words import listed
from pages import campaign_questions as questions
from pages.campaign_head import outcome_words, so_far
from pages.campaign_scope import nothing, quiet
from pages.questions import distinct_told
from pages.table import csv_link
from ui import html, tables
from ui.aria import aria
from ui.hints import hint
from ui.numbers import count, percent, written
from ui.panels import panel

# Fewer than this many members are not told as a difference of two figures either.
LEAST_DROP = 11


@dataclass(frozen=True)
class Step:
    """One step: its metric (distinct, and once per channel), and the step that its members come from."""

    label: str
    names: tuple[str, ...]
    of: str = ""
    of_words: str = ""


STEPS = (
    Step("Eligible", ("eligible",)),
    Step("Contactable", ("contactable",), "Eligible", "of eligible"),
    Step("Consented", ("consented",), "Eligible", "of eligible"),
    Step("Assigned", ("assigned",), "Eligible", "of eligible"),
    Step("Held out", ("held_out",), "Assigned", "of assigned, not contacted"),
    Step("Sent to", ("sent_reach", "members_sent"), "Assigned", "of assigned"),
    Step("Delivered", ("reach", "members_delivered"), "Sent to", "of sent to"),
    Step("Engaged", ("engaged_reach", "members_engaged"), "Delivered", "of delivered to"),
    Step("Responded", ("responded_reach", "members_responded"), "Delivered", "of delivered to"),
    Step("With outcome", ("converted_reach", "conversions"), "Delivered", "of delivered to"),
)
DISTINCT = (
    "Until assigned, members as at assignment; then distinct members, ≈ where several channels meet. "
    "Contactable and consented are both shares of eligible. Responded: of the channels that can be answered."
)
PER_CHANNEL = (
    "Until assigned, members as at assignment; then members once per channel, since distinct members "
    "are told for whole months without member attributes."
)


def steps(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The steps as bars of one scale; those that no source reports are named below, not drawn."""
    answer = questions.steps(filters, viewer, cubes)
    values = {step.label: _value(step, answer.rows[0].values) for step in STEPS}
    caption = f"Members, {filters.sentence(cubes)}"
    drawn = [step for step in STEPS if values[step.label][0].status is not Status.NOT_AVAILABLE]
    absent = [step.label.lower() for step in STEPS if step not in drawn]
    if quiet(filters, viewer, cubes) or all(values[step.label][0].value is None for step in drawn):
        return panel("From eligible to outcome", caption, nothing(filters, viewer, cubes))
    top = max(value.value or 0 for value, _ in values.values())
    later = so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    rows = [_row(step, values, top, later) for step in drawn]
    body: list[Component] = [html.Ol(rows, className="steps flow")]
    if absent:
        body.append(
            html.P(
                [html.Span("not available", className="is-absent"), f" {_unreported(absent)}"],
                className="lacking",
            )
        )
    note = DISTINCT if distinct_told(filters) else PER_CHANNEL
    outcome = outcome_words(cubes.campaigns[filters.campaign[0]], cubes)
    foot = [html.Span(note + (f" Outcome: {outcome}." if outcome else "")), *tables.hidden_words([answer])]
    return panel(_title(values, later), caption, body, foot, csv_link("campaign", "steps", filters, viewer))


def _value(step: Step, values: dict[str, Released]) -> tuple[Released, str]:
    name = next(one for one in step.names if one in values)
    return values[name], name


def _row(step: Step, values: dict[str, tuple[Released, str]], top: float, later: bool) -> Component:
    value, name = values[step.label]
    metric = METRICS[name]
    outcome = later and step.label == "With outcome"
    share = 0.0 if not value.value or not top else max(100 * value.value / top, 0.4)
    css = "bar" + (" bar-held" if step.label == "Held out" else " hatched" if outcome else "")
    bar = [html.Span(className=css, style={"--share": f"{share:.1f}%"})] if share else []
    shown = f"{tables.face(value)}{' so-far' if outcome and value.shown else ''}".strip()
    drop = _drop(step, values)
    return html.Li(
        [
            html.Span(step.label, className="step-label"),
            html.Span(written(value, metric), className=f"step-words {shown}".strip()),
            html.Span(bar, className="step-track", **aria(hidden="true")),
            *([html.Span(drop, className="step-drop")] if drop else []),
        ],
        className="step",
        **hint(value, metric),
    )


def _drop(step: Step, values: dict[str, tuple[Released, str]]) -> str:
    """`91.8% of eligible, 827 fewer`; the number only where it is 0 or large, and both are exact."""
    before = values[step.of][0] if step.of else None
    now = values[step.label][0]
    if (
        before is None
        or now.value is None
        or not before.value
        or (step.label == "Held out" and not now.value)
    ):
        return ""
    if Status.PARTIAL in (now.status, before.status):
        return "counted in part: not compared"
    fewer = before.value - now.value
    if fewer < 0:
        return "more than eligible: the sources count others, too" if step.of == "Eligible" else ""
    told = f"{percent(now.value / before.value)} {step.of_words}"
    exact = not (now.approximate or before.approximate)
    if step.label == "Held out" or not exact or not (fewer == 0 or fewer >= LEAST_DROP):
        return told
    return f"{told}, {count(fewer)} fewer" if fewer else f"{told}, nobody fewer"


def _title(values: dict[str, tuple[Released, str]], later: bool) -> str:
    """The finding: what share of the eligible was reached, and of those had the outcome."""
    delivered, eligible = values["Delivered"][0], values["Eligible"][0]
    if delivered.value and eligible.value and not _part(delivered, eligible):
        about = "About " if delivered.approximate else ""
        share = percent(delivered.value / eligible.value)
        told = f"{about}{share} of the eligible members were reached"
        outcome = values["With outcome"][0]
        if outcome.value is not None and not _part(outcome):
            until = " so far" if later else ""
            return f"{told}; {percent(outcome.value / delivered.value)} of those had the outcome{until}"
        return told
    rest = values["With outcome"][0]
    if delivered.value and rest.value is not None and not _part(delivered, rest):
        until = " so far" if later else ""
        return f"{percent(rest.value / delivered.value)} of the members delivered to had the outcome{until}"
    return "From eligible to outcome"


def _part(*values: Released) -> bool:
    return any(value.status is Status.PARTIAL for value in values)


def _unreported(words: list[str]) -> str:
    return f"{listed(words)}: no source of this selection reports {'it' if len(words) == 1 else 'them'}"
