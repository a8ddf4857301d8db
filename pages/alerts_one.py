"""One alert: the figure against its baseline, with which data, what was done, and what one can do."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from config.permissions import Permission
from config.text import NOTE, TextRefused
from data.cubes import Cubes
from data.metrics import METRICS
from data.periods import day_date
from data.viewer import Viewer
from pages import alerts_questions as questions
from pages import alerts_words as words
from pages.alerts_ids import Ids
from pages.alerts_questions import View
from pages.data_pieces import heads, state, zone_of
from state.alerts import SNOOZES, Act, Alert, Do, State
from state.store import Store
from ui import controls, forms, html
from ui.aria import aria, marks
from ui.band import Point, band
from ui.clocks import day as day_words
from ui.clocks import moment
from ui.faces import no_data
from ui.links import campaign_link
from ui.panels import panel
from ui.tables import behind_chart, table
from ui.theme import GRAPH_CONFIG, scheme_of

SHOWN = 40
GONE = "There is no such alert, or it is of campaigns that you do not see."
BAND = "The band is what the buckets before each one make usual; diamonds lie outside."


def panel_of(view: View, viewer: Viewer, cubes: Cubes, store: Store, theme: object) -> list[Component]:
    """The panel of the alert that the address names; nothing where it names none."""
    if not view.alert:
        return []
    alert = questions.one(view.alert, viewer, cubes, store)
    if alert is None:
        return panel("No such alert", "", no_data(GONE, html.A("All alerts", href=questions.ADDRESS)))
    acts = store.alerts.acts([alert.id]).get(alert.id, [])
    content = [_facts(alert, cubes), *_chart(alert, cubes, theme), _history(acts, cubes)]
    if viewer.may(Permission.HANDLE_ALERTS):
        content.append(_form(alert))
    return panel(words.finding(alert, cubes), words.METHODS.get(alert.kind, ""), content, _foot(alert))


def mark(view: View, viewer: Viewer, cubes: Cubes, store: Store) -> str:
    """By what the panel is drawn."""
    alert = questions.one(view.alert, viewer, cubes, store)
    if alert is None:
        return f"{view.alert} none"
    acts = store.alerts.acts([alert.id]).get(alert.id, [])
    return f"{alert.uid} {alert.snapshot} {len(acts)} {alert.state(questions.now_us())}"


def _facts(alert: Alert, cubes: Cubes) -> Component:
    zone = zone_of(cubes)
    told, kind = words.STATES[alert.state(questions.now_us())]
    facts: list[tuple[str, Any]] = [("State", state(told, kind))]
    if days := words.days(alert):
        facts.append(("Days", days))
    facts.append(("Now and usual", f"{words.figure(alert, alert.value)}, usually {_usual(alert)}"))
    if alert.complete_through is not None:
        complete = f"through {day_words(alert.complete_through)}, snapshot {alert.snapshot}"
        facts.append(("Data complete", complete))
    facts.append(("Fired", moment(alert.fired_us, zone)))
    if alert.chance is not None:
        rare = alert.chance < 1e-6
        facts.append(("By chance", "below 1 in a million" if rare else f"1 in {round(1 / alert.chance):,}"))
    if alert.resolved_us is not None:
        who = alert.resolved_by or "itself"
        facts.append(("Resolved", f"{moment(alert.resolved_us, zone)} by {who}"))
    if alert.real is not None:
        facts.append(("Judged", f"{'real' if alert.real else 'not real'}, by {alert.judged_by}"))
    return html.Dl([html.Div([html.Dt(n), html.Dd(w)]) for n, w in facts], className="terms alert-facts")


def _usual(alert: Alert) -> str:
    if alert.low is None or alert.high is None:
        return words.figure(alert, alert.usual)
    low, high = (words.figure(alert, one) for one in (alert.low, alert.high))
    return f"{words.figure(alert, alert.usual)} ({low} to {high})"


def _points(alert: Alert) -> list[Point]:
    """The last buckets, among them those that departed."""
    first, last = alert.first_day or 0, alert.last_day or 0
    end = next((n for n, one in enumerate(alert.points, 1) if one[0] > last + 14), len(alert.points))
    found = []
    for day, value, low, high in alert.points[max(0, end - SHOWN) : end]:
        now, least, most = (words.figure(alert, one) for one in (value, low, high))
        beyond = value is not None and low is not None and high is not None and not low <= value <= high
        label, told = day_words(day).rsplit(" ", 1)[0], f"{now}, usually {least} to {most}"
        found.append(
            Point(day_date(day).isoformat(), label, value, low, high, told, first <= day <= last and beyond)
        )
    return found


def _chart(alert: Alert, cubes: Cubes, theme: object) -> list[Component]:
    points = _points(alert)
    if len(points) < 2:
        return []
    share = METRICS[alert.metric].shape == "rate"
    figure: Any = band(points, share, scheme_of(theme))
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    told = f"{words.finding(alert, cubes)}. {BAND} The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame alert-chart", **aria(label=told))
    fold = behind_chart(Ids.OPENER, Ids.VALUES)
    return [drawn, html.P(BAND, className="panel-caption"), fold]


def values(view: View, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The table behind the chart, the newest first."""
    alert = questions.one(view.alert, viewer, cubes, store)
    points = [] if alert is None else _points(alert)
    rows = [[one.label, one.words, "outside" if one.out else ""] for one in reversed(points)]
    return [table(heads("Through", "Value", "Outside"), rows, "Values of the alert, newest first", "words")]


def _history(acts: list[Act], cubes: Cubes) -> Component:
    items = [
        html.Li(
            [
                html.Span(words.act_words(act), className="alert-did"),
                html.Small(f"{moment(act.at_us, zone_of(cubes))}{f' · {act.by}' if act.by else ''}"),
                *([html.P(act.text)] if act.do == Do.COMMENT else []),
            ]
        )
        for act in acts
    ]
    return html.Div([html.H3("What was done"), html.Ol(items, className="alert-history")])


def _form(alert: Alert) -> Component:
    now = alert.state(questions.now_us())
    buttons: list[Component] = []
    if now is State.OPEN:
        buttons.append(_button("acknowledge", "Acknowledge", "btn-primary"))
    if now is State.SNOOZED:
        buttons.append(_button("wake", "Bring back"))
    if now is not State.RESOLVED:
        buttons.append(_button("resolve", "Resolve"))
    judge = [_button("real", "It was real"), _button("not_real", "It was not real")]
    snooze = []
    if now in (State.OPEN, State.ACKNOWLEDGED):
        offered = controls.offered([(str(n), "1 day" if n == 1 else f"{n} days") for n in SNOOZES])
        select = controls.Select(id=Ids.DAYS, options=offered, value="7")
        label = controls.Label("Snooze for", html_for=Ids.DAYS)
        chosen = html.Div([select, _button("snooze", "Snooze")])
        snooze = [html.Div([label, chosen], className="alert-snooze")]
    comment = html.Div(
        [
            controls.Label("Comment", html_for=Ids.COMMENT),
            controls.Textarea(id=Ids.COMMENT, maxLength=NOTE, value="", rows=2),
            _button("comment", "Add comment"),
        ],
        className="alert-comment",
    )
    acts = html.Div([*buttons, *judge], className="alert-buttons")
    return html.Div(
        [acts, *snooze, comment], className="alert-acts no-print", **marks(alert=alert.uid, alert_acts="")
    )


def _button(do: str, told: str, css: str = "btn-quiet") -> Component:
    return html.Button(told, type="button", className=f"btn {css}", **marks(alert_do=do))


def _foot(alert: Alert) -> list[Component]:
    links = [html.A("All alerts", href=questions.ADDRESS)]
    if alert.campaign is not None:
        links.append(html.A("Open campaign", href=campaign_link(alert.campaign)))
    return [html.Span(one, className="no-print") for one in links]


def act(ask: object, viewer: Viewer, cubes: Cubes, store: Store) -> tuple[list[Component], bool]:
    """Do what the browser asks with an alert that the viewer may see; what is said of it, and whether it was
    done."""
    given = ask if isinstance(ask, dict) else {}
    alert = questions.one(str(given.get("alert", "")), viewer, cubes, store)
    if alert is None:
        return forms.refused(GONE), False
    try:
        said = _do(given, alert.uid, viewer, store)
    except TextRefused as refused:
        return forms.refused(f"The comment was not kept: {refused}."), False
    except (LookupError, ValueError) as refused:
        told = str(refused.args[0])
        return forms.refused(f"Nothing was changed: {told[:1].lower()}{told[1:].rstrip('.')}."), False
    return forms.said(said), True


def _do(given: dict[str, Any], uid: str, viewer: Viewer, store: Store) -> str:
    alerts, by = store.alerts, viewer.name
    match given.get("do"):
        case "acknowledge":
            alerts.acknowledge(uid, by)
            return "Acknowledged: others see that you have it."
        case "comment":
            text = given.get("text")
            alerts.comment(uid, by, text if isinstance(text, str) else "")
            return "The comment is kept."
        case "snooze":
            days = given.get("days")
            alerts.snooze(uid, by, days if isinstance(days, int) else 0)
            return "Snoozed."
        case "wake":
            alerts.wake(uid, by)
            return "It is back among the open ones."
        case "resolve":
            alerts.resolve(uid, by)
            return "Resolved. It fires again once it was over and comes back."
        case "real" | "not_real" as judged:
            alerts.judge(uid, by, judged == "real")
            return "Judged."
        case _:
            raise ValueError("that cannot be done with an alert")
