"""What an experiment's outcomes are worth per member assigned, and what is left of it after the messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from data.answer import Status
from data.cubes import Cubes
from data.viewer import Viewer
from insight.experiments import Arm
from insight.experiments.worth import Mean, gained, mean
from pages.answers import ask
from pages.compare_ranks import record
from pages.experiments_questions import Experiment
from pages.questions import all_of
from ui import html, tables
from ui.numbers import MINUS, money

NO_VALUE = (
    "What it is worth is not told: the record declares no value of an outcome. Of amounts that outcomes "
    "carry themselves only the sum is kept, and no spread, so that their mean has no interval."
)
SEVERAL = "messages have no arm, so that no arm has a cost of its own"
PART = "what the messages cost is of all members, and some are not judged yet"
UNKNOWN = "what the messages cost is not known"


@dataclass(frozen=True)
class Worth:
    """Value per assigned member of an arm and its control, what the arm gains, and that net of its messages.

    `net` and `cost` (per assigned member) are None where `why` says so.
    """

    arm: Arm
    control: Arm
    treated: Mean
    held: Mean
    gain: Mean
    cost: float | None
    net: Mean | None
    why: str


def worth(one: Experiment, viewer: Viewer, cubes: Cubes) -> tuple[Worth, ...]:
    """Each judged arm in money, by the recorded value of one outcome; nothing where none is recorded."""
    value = record(one.campaign).get("value")
    if one.judged is None or not isinstance(value, (int, float)) or not value:
        return ()
    found = []
    for each in one.judged.comparisons:
        cost, why = _cost(one, each.arm, viewer, cubes)
        gain = gained(each.found, float(value))
        treated, held = mean(each.arm, float(value)), mean(each.control, float(value))
        net = None if cost is None else gain.less(cost)
        found.append(Worth(each.arm, each.control, treated, held, gain, cost, net, why))
    return tuple(found)


def _cost(one: Experiment, arm: Arm, viewer: Viewer, cubes: Cubes) -> tuple[float | None, str]:
    """What an arm's messages cost per member assigned to it; or why that is not known."""
    if len(one.cohorts.treated) > 1:
        return None, SEVERAL
    if one.cohorts.waiting or one.cohorts.hidden:
        return None, PART
    told = ask(("cost",), (), all_of(one.campaign.id), viewer, cubes).one("cost")
    if told.status is not Status.RELEASED or told.value is None:
        return None, UNKNOWN
    return told.value / arm.n, ""


def panel_part(one: Experiment, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The table of value per assigned member, or why there is none."""
    if one.judged is None:
        return []
    found = worth(one, viewer, cubes)
    if not found:
        return [html.P(NO_VALUE, className="quiet")]
    heads = ["In money", "Outreach", "Held out", "Difference (95%)", "Net (95%)"]
    table = tables.table(heads, [_row(each) for each in found], "Value per assigned member", "words worth")
    said = "By the recorded value of one outcome, so that the interval is that of the rate. "
    why = next((each.why for each in found if each.why), "")
    said += f"Net is not told: {why}." if why else "Net of what the messages cost, taken without error."
    return [table, html.P(said, className="quiet")]


def _row(one: Worth) -> list[Any]:
    net = html.Td("not told", className="number is-nothing") if one.net is None else _number(spanned(one.net))
    return [
        f"{one.arm.name}: value per assigned member",
        _number(money(one.treated.estimate)),
        _number(money(one.held.estimate)),
        _number(spanned(one.gain)),
        net,
    ]


def _number(words: str) -> Component:
    return html.Td(words, className="number")


def spanned(one: Mean) -> str:
    """`+$0.23 (−$0.01 to +$0.46)`."""
    low, high = signed(one.low), signed(one.high)
    return f"{signed(one.estimate)} ({low} to {high})"


def signed(value: float) -> str:
    """Money with its sign, to the cent."""
    size = f"${abs(value):,.2f}"
    sign = "" if size == "$0.00" else MINUS if value < 0 else "+"
    return f"{sign}{size}"
