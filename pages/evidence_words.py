"""Evidence as it is written: the range beside a figure, the sentence of a campaign, and its small table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component

from data.answer import Released, Status
from data.metrics import EFFECTS
from data.untold import NOBODY_HELD, NOT_ESTIMABLE
from pages.evidence import Evidence, Portfolio
from ui import html, tables
from ui.cards import Figure, card
from ui.hints import about, hint
from ui.numbers import count, money, written

INCREMENTAL = EFFECTS["incremental_outcomes"]
SHOWN = (
    "observed_outcomes",
    "expected_outcomes",
    "incremental_outcomes",
    "cost_per_incremental_outcome",
    "verdict",
)


def range_words(values: Mapping[str, Released]) -> str:
    """`12 to 128`, the 95 % range of incremental outcomes; empty where there is none."""
    low, high = values["incremental_low"].value, values["incremental_high"].value
    return "" if low is None or high is None else f"{count(round(low))} to {count(round(high))}"


def expected_words(values: Mapping[str, Released]) -> str:
    """`412 expected`, beside what was observed; empty where nothing is held out to say so."""
    value = values["expected_outcomes"]
    return f"{written(value, EFFECTS['expected_outcomes'])} expected" if value.shown else ""


def tone(word: str) -> str:
    """The class of a verdict's face."""
    return f"verdict verdict-{word.replace(' ', '-')}" if word else ""


def sentence(evidence: Evidence) -> str:
    """What outreach did in one campaign, in a sentence."""
    told = evidence.found
    if told is None:
        return evidence.reason
    much = count(abs(round(told.value)))
    more = f"{much} {'more' if told.value >= 0 else 'fewer'} than the {count(round(told.expected))} expected"
    each = f", {money(told.cost_each)} each" if told.cost_each is not None else ""
    word = evidence.word.capitalize()
    return (
        f"{word}: {count(told.observed)} outcomes, {more} without outreach "
        f"(95 % {range_words(evidence.values())}){each}."
    )


def small_table(evidence: Evidence, *, so_far: bool = False) -> Component:
    """One row: observed, expected, incremental with its range, cost of one, verdict."""
    values = evidence.values()
    cells = [_cell(name, values, so_far) for name in SHOWN]
    heads = [
        html.Th(EFFECTS[name].label, scope="col", className="number", **about(EFFECTS[name]))
        for name in SHOWN
    ]
    row = html.Tr(cells)
    return tables.framed(heads, [row], "What outreach caused", "of-evidence")


def cell(name: str, values: Mapping[str, Released], so_far: bool = False) -> Component:
    """A table's cell of one of `EFFECTS`, with its range or what was expected on a second line."""
    return _cell(name, values, so_far)


def _cell(name: str, values: Mapping[str, Released], so_far: bool) -> Component:
    metric, value = EFFECTS[name], values[name]
    if name == "verdict":
        return html.Td(
            written(value, metric), className=f"number {tone(value.reason)}", **hint(value, metric)
        )
    later = so_far and name == "observed_outcomes" and value.shown
    more = second(name, values)
    words = written(value, metric)
    css = " ".join(one for one in ("number", tables.face(value), later and "so-far", more and "two") if one)
    return html.Td(f"{words}\n{more}" if more else words, className=css, **_hint(name, value, words))


def _hint(name: str, value: Released, words: str) -> Any:
    """What stands behind a cell."""
    return about(EFFECTS[name]) if silent(name, value) else hint(value, EFFECTS[name], words)


def silent(name: str, value: Released) -> bool:
    """Whether another cell of the row says why there is nothing in this one."""
    told = ("incremental_outcomes", "observed_outcomes")
    return not value.shown and name not in told and value.reason != NOT_ESTIMABLE


def second(name: str, values: Mapping[str, Released]) -> str:
    """The second line of a cell: the range of a figure, or what was expected beside what was observed."""
    if name == "incremental_outcomes":
        return range_words(values)
    return expected_words(values) if name == "observed_outcomes" else ""


def headline(found: Portfolio) -> Component:
    """The card of incremental outcomes; where nothing is measured, the words of why."""
    others = [
        f"{count(found.words[word])} {word}"
        for word in ("too early", "not causally measured")
        if found.words.get(word)
    ]
    if found.value is None or found.low is None or found.high is None:
        return card(Figure(INCREMENTAL, _unmeasured(found), None, note=_listed(others)))
    value = Released(found.value, Status.RELEASED)
    told = f"95 %: {count(round(found.low))} to {count(round(found.high))}, of {_campaigns(found.summed)}"
    return card(Figure(INCREMENTAL, value, None, note=_listed([told, *others])))


def campaign_card(found: Evidence) -> Component:
    """The card of one campaign: incremental outcomes with their range, what was observed, the verdict."""
    values = found.values()
    value = values["incremental_outcomes"]
    if not value.shown:
        observed = values["observed_outcomes"]
        seen = f"{written(observed, EFFECTS['observed_outcomes'])} observed; " if observed.shown else ""
        return card(Figure(INCREMENTAL, value, None, note=f"{seen}{value.reason}"))
    seen = f"{written(values['observed_outcomes'], EFFECTS['observed_outcomes'])} observed"
    note = f"{found.word.capitalize()}; 95 %: {range_words(values)}; {seen}, {expected_words(values)}."
    return card(Figure(INCREMENTAL, value, None, note=note))


def _unmeasured(found: Portfolio) -> Released:
    if found.words.get("too early"):
        return Released(None, Status.RELEASED, reason="Too early: outcomes are still to come.")
    if found.words.get("not causally measured"):
        return Released(None, Status.RELEASED, reason=NOBODY_HELD)
    if found.words.get("too small to tell"):
        return Released(None, Status.WITHHELD, reason="Too small to tell: the arms cannot be told apart.")
    return Released(None, Status.NOT_AVAILABLE, reason=found.reason)


def _campaigns(number: int) -> str:
    return f"{number} campaign{'s' if number != 1 else ''} with a holdout"


def _listed(parts: list[str]) -> str:
    return f"{'; '.join(parts)}." if parts else ""
