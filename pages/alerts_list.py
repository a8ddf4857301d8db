"""The lists of the Alerts page: what is open, the most pressing first, and what is past."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import alerts_questions as questions
from pages import alerts_words as words
from pages.alerts_questions import SIZE, View
from pages.data_pieces import heads, page_of, state, zone_of
from state.alerts import Alert, State, precision
from state.store import Store
from ui import html
from ui.aria import Children, aria
from ui.clocks import moment
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import download, table

MOST_OPEN = 25
PART = "Alerts of the whole plan tell of everybody's campaigns; you see those of the campaigns in your scope."
NEVER = "No snapshot was looked at yet: the first look follows the next publish."
CALM = "Nothing departs from its past. Every publish is looked at."


def mark(viewer: Viewer, cubes: Cubes, store: Store) -> str:
    """By what the lists are drawn: it changes when something fires, is over, or somebody acts."""
    standing, _ = questions.parted(questions.visible(viewer, cubes, store), questions.now_us())
    snoozed = sum(one.state(questions.now_us()) is State.SNOOZED for one in standing)
    return f"{cubes.snapshot.number} {store.alerts.marked()} {snoozed}"


def standing(view: View, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The panel of what is not resolved."""
    found, _ = questions.parted(questions.visible(viewer, cubes, store), questions.now_us())
    method = html.Details(
        [html.Summary("How it is judged"), html.Ul([html.Li(one) for one in words.METHODS.values()]),
         html.P(words.TOGETHER)],
        className="checked no-print",
    )  # fmt: skip
    caption = "What departs from its own past, in complete data. " + ("" if viewer.scope.whole else PART)
    if not found:
        looked = store.alerts.marked() > 0
        face = no_data(NEVER) if not looked else html.P([icon("check-circle"), CALM], className="calm")
        return panel("No alert is open", caption, [face, method])
    body = _table(found[:MOST_OPEN], view, cubes, "Open alerts")
    left = len(found) - MOST_OPEN
    foot = [html.Span(f"and {count(left)} more")] if left > 0 else []
    return panel(_title(found), caption, [body, method], foot, _files(viewer))


def _title(found: Sequence[Alert]) -> str:
    now = questions.now_us()
    fresh = sum(one.state(now) is State.OPEN for one in found)
    if not fresh:
        return "No alert waits for anybody"
    return "One alert is open" if fresh == 1 else f"{count(fresh)} alerts are open"


def past(view: View, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The panel of what is over, with how many of those judged were real."""
    alerts = questions.visible(viewer, cubes, store)
    _, found = questions.parted(alerts, questions.now_us())
    judged = precision(alerts)
    if judged.judged:
        caption = f"{judged.real} of the last {judged.judged} judged were real."
    else:
        caption = "None was judged yet: say of an alert whether it told of something real."
    if not found:
        return panel("No past alert", caption, no_data("What is over, or was resolved by somebody, is here."))
    shown, page = page_of(found, view.past, SIZE)
    title = "One past alert" if len(found) == 1 else f"{count(len(found))} past alerts"
    body = _table(shown, view, cubes, "Past alerts")
    return panel(title, caption, body, _turns(len(found), page), _files(viewer))


def _files(viewer: Viewer) -> list[Component]:
    return download("/alerts/list.csv", viewer.may(Permission.EXPORT))


def _table(alerts: Sequence[Alert], view: View, cubes: Cubes, caption: str) -> Component:
    rows = [_row(one, view, cubes) for one in alerts]
    return table(heads("What", "State", "Days", "Fired", "Judged"), rows, caption, "words alerts")


def _row(one: Alert, view: View, cubes: Cubes) -> list[Children]:
    told, kind = words.STATES[one.state(questions.now_us())]
    until = []
    if one.state(questions.now_us()) is State.SNOOZED:
        until = [html.Small(f"until {moment(one.snoozed_until_us, zone_of(cubes))}")]
    elif one.state(questions.now_us()) is State.RESOLVED:
        until = [html.Small(f"by {one.resolved_by}" if one.resolved_by else "by itself")]
    here = aria(current="true") if one.uid == view.alert else {}
    link = html.A(words.finding(one, cubes), href=questions.address(one.uid), className="alert-link", **here)
    sign = [icon("exclamation-triangle"), html.Span("Urgent", className="visually-hidden")]
    judged = "" if one.real is None else "real" if one.real else "not real"
    return [
        [*([html.Span(sign, className="need-urgent")] if one.urgent else []), link,
         html.Small(words.KINDS.get(one.kind, one.kind))],
        [state(told, kind), *until],
        words.days(one),
        moment(one.fired_us, zone_of(cubes)),
        judged,
    ]  # fmt: skip


def _turns(total: int, page: int) -> list[Component]:
    if total <= SIZE:
        return []
    said = html.Span(
        f"{page * SIZE + 1} to {min(total, (page + 1) * SIZE)} of {count(total)}", className="turns-words"
    )
    back = _turn("chevron-left", "Newer alerts", page - 1) if page else []
    on = _turn("chevron-right", "Older alerts", page + 1) if (page + 1) * SIZE < total else []
    return [html.Span([*back, said, *on], className="turns no-print")]


def _turn(picture: str, told: str, page: int) -> list[Component]:
    link = html.A(icon(picture), href=questions.address(past=page), className="turn", **aria(label=told))
    return [link]
