"""The Campaign page's waterfall: each member leaves at one step, across channels and in each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import DEFINED
from data.viewer import Viewer
from insight.waterfall import Fall, Step, Waterfall, waterfall
from pages import campaign_questions as questions
from pages.answers import ask
from pages.campaign_head import so_far
from pages.questions import distinct_told
from pages.table import csv_link
from ui import html, tables
from ui.faces import not_available
from ui.hints import about as about_metric
from ui.numbers import count
from ui.panels import panel

TITLE = "Where members leave on the way"
NOT_HELD = "not available: no source states it"
BETWEEN = "an outcome needs none of it: told below"
REFUSED = "not told: answers of several channels count refusals, too"
BY_CHANNEL = ("members_sent", "members_delivered", "conversions")
ANSWERS = ("members_delivered", "members_engaged", "members_responded_positive")
ACROSS = {
    "Contact point": "contactable", "Consented": "consented", "Assigned": "assigned",
    "Not held out": "held_out", "Sent": "sent_reach", "Delivered": "reach", "Outcome": "converted_reach",
}  # fmt: skip
IN_CHANNEL = {
    "Delivered": "members_delivered", "Outcome": "conversions", "Engaged": "members_engaged",
    "Answered yes": "members_responded_positive",
}  # fmt: skip
OUTCOME, ANSWER = "to the outcome", "to an answer"
GAP = (("Gap open", NOT_HELD),)
LIMITS = (("Not capped", NOT_HELD), ("Permitted hours", NOT_HELD))
RESPONSE = (("Engaged", BETWEEN), ("Responded", BETWEEN), ("Scheduled", NOT_HELD))


@dataclass(frozen=True)
class Flow:
    """One waterfall with its name, that of those who began and where it leads; `about` where its counts are
    rounded."""

    name: str
    start: str
    falls: Waterfall
    about: bool = False
    to: str = OUTCOME


def flows(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Flow]:
    """Across channels from eligible as far as the counts are of the same members, then channel by channel."""
    least = int(cubes.snapshot.terms.get("threshold", 11))
    later = so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    return [
        *_across(filters, later, least, viewer, cubes),
        *_in_each(filters, later, least, viewer, cubes),
        *_answers(filters, least, viewer, cubes),
    ]


def _across(filters: Filters, later: bool, least: int, viewer: Viewer, cubes: Cubes) -> list[Flow]:
    answer = questions.steps(filters, viewer, cubes)
    values = answer.rows[0].values
    eligible = _whole(values["eligible"])
    if not eligible:
        return []
    assigned, held = _whole(values["assigned"]), _whole(values["held_out"])
    outreach = None if assigned is None or held is None else assigned - held
    permitted, why = _permitted(eligible, values, least)
    steps = [
        *_said(GAP),
        *permitted,
        *_said(LIMITS),
        _step("Assigned", assigned, why, values["assigned"]),
        _step("Not held out", outreach, "held out on purpose", values["held_out"]),
    ]
    # Sent to in a period is of other members than assigned in it; once per channel is no member's way.
    alike = filters.period.all_time and distinct_told(filters)
    if alike and outreach is not None:
        sent, reached, done = (values[name] for name in ("sent_reach", "reach", "converted_reach"))
        steps += [
            _step("Sent", _whole(sent), "never sent to", sent),
            _step("Delivered", _whole(reached), "never delivered to", reached),
            *_said(RESPONSE),
            _step("Outcome", _whole(done), "no outcome so far" if later else "no outcome", done),
        ]
    about = any(value.approximate for value in values.values())
    return [Flow("Across channels", "Eligible", waterfall(eligible, steps, least), about)]


def _permitted(eligible: float, values: Mapping[str, Released], least: int) -> tuple[list[Step], str]:
    """Who has a contact point, and who of them consented; and why others were not assigned.

    Consent is counted of all who are eligible: of those with a contact point it is known where either has
    everybody, and else between two numbers.
    """
    contact, consent = values["contactable"], values["consented"]
    reachable, willing = _whole(contact), _whole(consent)
    first = _step("Contact point", reachable, "no contact point", contact)
    if reachable is None or willing is None:
        second = _step("Consented", None, "", consent if willing is None else contact)
    elif eligible in (reachable, willing):
        second = _step("Consented", min(reachable, willing), "no consent", consent)
    else:
        second = Step("Consented", None, reason=_between(eligible, reachable, willing, least))
    unsaid = [step.name for step in (first, second) if step.members is None]
    missing = {"Contact point": "no contact point, ", "Consented": "no consent, "}
    return [first, second], "".join(missing[name] for name in unsaid) + (
        "or " if unsaid else ""
    ) + "not chosen"


def _between(eligible: float, reachable: float, willing: float, least: int) -> str:
    """Of how many with a contact point consent is missing, as far as two counts can say it."""
    low, high = reachable - willing, eligible - willing
    most = f"{count(low)} to {count(high)}" if low >= least else f"up to {count(high)}"
    return f"not told one by one: {most} with a contact point did not consent"


def _answers(filters: Filters, least: int, viewer: Viewer, cubes: Cubes) -> list[Flow]:
    """From delivered to engaged and to an answer of yes: across channels as far as engaged, and in each."""
    found = []
    if distinct_told(filters):
        values = ask(("reach", "engaged_reach"), (), filters, viewer, cubes).rows[0].values
        start, engaged = _whole(values["reach"]), values["engaged_reach"]
        if start and _whole(engaged) is not None:
            steps = [
                _step("Engaged", _whole(engaged), "not engaged", engaged),
                *_said((("Answered yes", REFUSED),)),
            ]
            about = any(value.approximate for value in values.values())
            found.append(Flow("Across channels", "Delivered", waterfall(start, steps, least), about, ANSWER))
    for row in ask(ANSWERS, ("channel",), filters, viewer, cubes).rows:
        reached, engaged, answered = (row.values[name] for name in ANSWERS)
        start = _whole(reached)
        if not start or _whole(engaged) is None:
            continue
        steps = [
            _step("Engaged", _whole(engaged), "not engaged", engaged),
            _step("Answered yes", _whole(answered), "no answer of yes", answered),
        ]
        name = CHANNEL_LABELS.get(str(row.key[0]), str(row.key[0]))
        found.append(Flow(name, "Delivered", waterfall(start, steps, least), to=ANSWER))
    return found


def _in_each(filters: Filters, later: bool, least: int, viewer: Viewer, cubes: Cubes) -> list[Flow]:
    found = []
    for row in ask(BY_CHANNEL, ("channel",), filters, viewer, cubes).rows:
        sent, reached, done = (row.values[name] for name in BY_CHANNEL)
        start = _whole(sent)
        if not start:
            continue
        steps = [
            _step("Delivered", _whole(reached), "not delivered to", reached),
            _step("Outcome", _whole(done), "no outcome so far" if later else "no outcome", done),
        ]
        name = CHANNEL_LABELS.get(str(row.key[0]), str(row.key[0]))
        found.append(Flow(name, "Sent", waterfall(start, steps, least)))
    return found


def _whole(value: Released) -> float | None:
    """A count that is told in full; what is told in part balances with nothing."""
    return value.value if value.status is Status.RELEASED else None


def _step(name: str, members: float | None, because: str, value: Released) -> Step:
    reasons = {
        Status.WITHHELD: "withheld to protect members",
        Status.PARTIAL: "told in part only",
        Status.NOT_AVAILABLE: NOT_HELD,
    }
    return Step(name, members, because, reasons.get(value.status, value.reason or NOT_HELD))


def _said(named: Sequence[tuple[str, str]]) -> list[Step]:
    return [Step(name, None, reason=reason) for name, reason in named]


def steps(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A table per waterfall: who left at each step and why, and who remains."""
    caption = f"Each member leaves at one step, so that the sums balance. {filters.sentence(cubes)}"
    found = flows(filters, viewer, cubes)
    if not found:
        return panel(TITLE, caption, not_available("No step of this selection is told in full."))
    whole = [one for one in found if one.to == OUTCOME and one.start == "Eligible"]
    ways = [[one for one in found if one.to == to and one not in whole] for to in (OUTCOME, ANSWER)]
    body = [*map(_table, whole), *(_in_channels(one) for one in ways if one)]
    foot = [html.Span("In each channel a member counts once; a member of two channels is in both.")]
    if any(one.about for one in found):
        foot.append(html.Span("≈ Distinct members over several channels, rounded to 10."))
    return panel(TITLE, caption, body, foot, csv_link("campaign", "waterfall", filters, viewer))


def _in_channels(found: Sequence[Flow]) -> Component:
    """A row per channel: who began, who left at each step, who is there at the end."""
    answer = found[0].to == ANSWER
    metrics = ANSWERS if answer else BY_CHANNEL
    rows: list[list[Any]] = []
    for flow in found:
        left = [_left(fall, flow.about) for fall in flow.falls.falls]
        start, end = (
            _number(value, metric, flow.about)
            for value, metric in ((flow.falls.start, metrics[0]), (flow.falls.end, metrics[-1]))
        )
        rows.append([flow.name, start, *left, end])
    if answer:
        heads = ["To an answer", *_right("Delivered", "Not engaged", "No answer of yes", "At the end")]
    else:
        heads = ["In each channel", *_right("Sent", "Not delivered to", "No outcome", "At the end")]
    return tables.table(heads, rows, f"Where members leave in each channel, {found[0].to}", "waterfall words")


def _left(fall: Fall, about: bool) -> Component:
    if fall.left is None:
        return html.Td(fall.reason.partition(":")[0], className="is-nothing", title=fall.reason)
    return _number(-fall.left, IN_CHANNEL[fall.name], about)


def _table(flow: Flow) -> Component:
    rows: list[list[Any]] = [[flow.start, "", _number(flow.falls.start, "eligible"), ""]]
    last = "eligible"
    about = False
    for fall in flow.falls.falls:
        about = about or (flow.about and fall.name == "Sent")
        if fall.left is None:
            rows.append([fall.name, html.Td("–", className="is-nothing"), "", fall.reason])
        else:
            last = ACROSS[fall.name]
            left, remain = (_number(value, last, about) for value in (-fall.left, fall.remain))
            rows.append([fall.name, left, remain, fall.because])
    rows.append([html.Strong("At the end"), "", _number(flow.falls.end, last, about), ""])
    heads = [flow.name, *_right("Left", "Remain"), html.Th("Because", scope="col")]
    return tables.table(heads, rows, f"Where members leave, {flow.name.lower()}", "waterfall words")


def _right(*heads: str) -> list[Component]:
    """Heads of columns whose rows are of different figures, so that none of them defines the column."""
    return [html.Th(words, scope="col", className="to-right") for words in heads]


def _number(value: float, metric: str, rounded: bool = False) -> Component:
    words = f"≈ {count(value)}" if rounded else count(value)
    return html.Td(words, className="number", **about_metric(DEFINED[metric]))
