"""The alerts as a file: the very figures, days and states that the page lists, open and past ones alike."""

from __future__ import annotations

from data.cubes import Cubes
from data.periods import day_date
from data.viewer import Viewer
from pages import alerts_questions as questions
from pages import alerts_words as words
from pages.data_questions import iso
from pages.table import Listing, ListTable
from state.alerts import Alert, State
from state.store import Store

COLUMNS = (
    "alert", "finding", "kind", "metric", "subject", "campaign", "urgent", "state", "first_day", "last_day",
    "value", "usual", "low", "high", "complete_through", "fired", "snoozed_until", "resolved", "resolved_by",
    "judged_real",
)  # fmt: skip


def alerts(viewer: Viewer, cubes: Cubes, store: Store) -> Listing:
    """A row per alert in the viewer's scope: what is not resolved first, as the page lists them."""
    now_us = questions.now_us()
    standing, past = questions.parted(questions.visible(viewer, cubes, store), now_us)
    of = "all alerts" if viewer.scope.whole else "alerts of the campaigns in scope"
    return Listing(COLUMNS, [_row(one, cubes, now_us) for one in (*standing, *past)], of)


def _row(one: Alert, cubes: Cubes, now_us: int) -> tuple[object, ...]:
    state = one.state(now_us)
    until = one.snoozed_until_us if state is State.SNOOZED else None
    return (
        one.uid, words.finding(one, cubes), words.KINDS.get(one.kind, one.kind), one.metric, one.subject,
        one.campaign, one.urgent, words.STATES[state][0], _day(one.first_day), _day(one.last_day), one.value,
        one.usual, one.low, one.high, _day(one.complete_through), iso(one.fired_us), iso(until),
        iso(one.resolved_us), one.resolved_by, one.real,
    )  # fmt: skip


def _day(number: int | None) -> str:
    return "" if number is None else day_date(number).isoformat()


TABLES = (ListTable("list", "Alerts", alerts, stored=True),)
