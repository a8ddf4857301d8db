"""What the Campaign page shows and leaves out, in words; and the right face where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from dash.development.base_component import Component

from data.answer import Answer, Status
from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.answers import ask
from pages.campaign_ids import Ids
from pages.coarser import BY_MONTHS, Asked, offer, whole_months
from pages.questions import status
from ui import html, tables
from ui.clocks import day
from ui.coarser import Offer
from ui.faces import no_data, not_available, withheld
from ui.icon import icon
from ui.links import CAMPAIGN

Again = Callable[[Filters, Viewer, Cubes], Answer]
NO_MESSAGES = (
    "No source reports messages here: days, channels, waves, variants, times and cost are not available."
)
WHOLE = ("eligible", "assigned", "sent", "members_delivered", "cost")


def scope(filters: Filters, problems: Sequence[str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The filters in words, what the address asked for in vain, and what is withheld."""
    answer = questions.key_figures(filters, viewer, cubes)
    words: list[Component] = [html.P(f"Showing {filters.sentence(cubes)}", className="scope-sentence")]
    hidden = tables.hidden_words([answer, questions.channels(filters, viewer, cubes)])
    words += [html.P(hidden, className="scope-hidden")] if hidden else []
    notes: list[Component] = [
        html.Li([icon("exclamation-triangle"), html.Span(text)], className="problem") for text in problems
    ]
    if not quiet(filters, viewer, cubes) and without_messages(filters, viewer, cubes):
        notes.append(html.Li([icon("info-circle"), html.Span(NO_MESSAGES)]))
    for text in answer.notes:
        lost = "only in All time" in text
        link: list[Any] = [" ", html.A("Show all time", href=all_time(filters))] if lost else []
        notes.append(html.Li([icon("info-circle"), html.Span([text, *link])]))
    if wider := whole_months(filters, hidden, viewer, cubes):
        period = wider.sentence(cubes).split(" · ")[0]
        told = html.A(f"Show {period}", href=_address(wider))
        notes.append(html.Li([icon("info-circle"), html.Span([f"{BY_MONTHS} ", told])]))
    return [html.Div(words, className="scope-words"), *([html.Ul(notes, className="notes")] if notes else [])]


def all_time(filters: Filters) -> str:
    """Address of the campaign with the same filters over its whole schedule."""
    return CAMPAIGN + replace(filters, period=Period("all_time")).url()


def coarser(
    metrics: Sequence[str],
    cut: str,
    question: Again,
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
    total: str,
    drawn: Callable[[Filters], bool] | None = None,
) -> Offer | None:
    """What a panel of one cut says of itself where it tells little; `total` is the panel that is not cut."""

    def address(kept: Filters, _cut: str) -> str:
        return _address(kept)

    asked = Asked(
        tuple(metrics),
        cut,
        filters,
        lambda kept, _: question(kept, viewer, cubes),
        address,
        total=f"#{total}",
        drawn=drawn,
    )
    return offer(asked, viewer, cubes)


def by_attribute(attribute: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """The same for the panel of members, which can be asked by another attribute."""
    asked = Asked(
        questions.MEMBERS,
        attribute,
        filters,
        lambda kept, cut: questions.members(kept, viewer, cubes, cut),
        lambda kept, cut: _address(kept, **{questions.MEMBERS_BY: cut}),
        tuple(cubes.attributes_of(filters.campaign)),
        f"#{Ids.CHANNELS}",
    )
    return offer(asked, viewer, cubes)


def _address(filters: Filters, **more: str) -> str:
    """Address of the page; a preset is always named, since without one the whole schedule is meant."""
    period = {"period": filters.period.preset} if filters.period.start is None else {}
    return f"{CAMPAIGN}?{urlencode({**filters.query(), **period, **more})}"


def quiet(filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether the selection has nothing to tell at all: one face says why, and the panels stay away."""
    values = ask(WHOLE, (), filters, viewer, cubes).rows[0].values
    return not any(value.value for value in values.values())


def without_messages(filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether no source reports messages: what is told by message is said to be missing once, not drawn."""
    return ask(("sent",), (), filters, viewer, cubes).one("sent").status is Status.NOT_AVAILABLE


def empty(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The right face of nothing: withheld, not reported, not begun, or nothing there, with a way on."""
    value = ask((metric,), (), filters, viewer, cubes).one(metric)
    if value.status in (Status.WITHHELD, Status.PARTIAL):
        return withheld(value.reason, _whole(filters))
    campaign = cubes.campaigns[filters.campaign[0]]
    if campaign.start_day is not None and status(campaign, cubes).lower() == "scheduled":
        return no_data(f"The campaign starts on {day(campaign.start_day)}; nothing has been sent yet.")
    if value.status is Status.NOT_AVAILABLE:
        return not_available(value.reason)
    return no_data("Nothing happened in this selection.", _whole(filters))


def nothing(filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The one face of a selection that has nothing to tell."""
    values = ask(WHOLE, (), filters, viewer, cubes).rows[0].values
    if any(value.status in (Status.WITHHELD, Status.PARTIAL) for value in values.values()):
        return withheld(
            "So few members take part that any figure could reveal someone. "
            "Record, texts and notes are below; figures appear once enough members take part.",
            _whole(filters),
        )
    return empty("sent", filters, viewer, cubes)


def _whole(filters: Filters) -> Component | None:
    alone = Filters(period=Period("all_time"), campaign=filters.campaign)
    if replace(filters, compare=alone.compare) == alone:
        return None
    address = f"{CAMPAIGN}{Filters(campaign=filters.campaign).url()}"
    return html.A("Show the whole campaign", href=address, className="btn btn-quiet")
