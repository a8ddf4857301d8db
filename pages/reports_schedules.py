"""Scheduled reports: what goes out when and to whom, what became of it, and the form for another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dash.development.base_component import Component

from config.permissions import PEOPLE, Permission, role_label
from data.cubes import Cubes
from data.filters import Filters, choices
from data.periods import PRESETS
from data.viewer import Viewer
from pages.data_pieces import heads, state, zone_of
from pages.registry import TABLES
from pages.reports_ids import Ids
from pages.reports_questions import address
from pages.table import Table as Offered
from state.schedules import Every, Schedule, Sending, Sent
from ui import controls, html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

TITLE = "Scheduled reports"
CAPTION = "Mailed by the clock, in the zone of the plan and in the row scope of whoever scheduled them."
NOTHING = "Nothing is scheduled. Choose below what is to go out, when and to whom."
OWN = {"executive": "Executive page", "monthly": "Monthly report"}
SHOWN = 8
ALL = "(all)"
WEEKDAYS = [f"{date(2026, 11, 23) + timedelta(days=n):%A}" for n in range(7)]
STATES = {Sent.SENT: ("sent", "good"), Sent.FAILED: ("failed", "bad"), Sent.WAITING: ("waiting", "late")}


def panel_of(
    schedules: Sequence[Schedule],
    sendings: Sequence[Sending],
    reach: Mapping[int, int],
    viewer: Viewer,
    cubes: Cubes,
) -> list[Component]:
    """The panel; `reach` is how many addresses each schedule goes to, which are nobody else's business."""
    zone = zone_of(cubes)
    body: list[Component] = [no_data(NOTHING)]
    if schedules:
        names = heads("Report", "When", "To", "Next", "Last", "What to do")
        rows = [_row(one, sendings, reach, zone) for one in schedules]
        body = [table(names, rows, TITLE, "words schedules"), *_history(schedules, sendings, zone)]
    title = TITLE if not schedules else f"{count(len(schedules))} scheduled"
    return panel(title if schedules else TITLE, CAPTION, body)


def _row(one: Schedule, sendings: Sequence[Sending], reach: Mapping[int, int], zone: str) -> list[Children]:
    own = [sending for sending in sendings if sending.schedule == one.id]
    many = reach.get(one.id, 0)
    roles = ", ".join(role_label(role) for role in PEOPLE if role.value in one.roles)
    to = f"{count(many)} address{'' if many == 1 else 'es'}"
    next_words = state("paused", "none") if one.paused_us else moment(one.next_us, zone)
    return [
        [one.title, html.Small(_asked(one))],
        often(one),
        [to, *([html.Small(roles)] if roles else [])],
        next_words,
        _last(own[0], zone) if own else "",
        html.Td(_acts(one), className="no-print"),
    ]


def often(one: Schedule) -> str:
    """`Mondays at 07:00`, `on day 1 of the month at 06:00`, `daily at 07:00`."""
    at = f"at {one.hour:02d}:00"
    if one.every == Every.WEEKLY:
        return f"{WEEKDAYS[one.day]}s {at}"
    return f"day {one.day} of the month {at}" if one.every == Every.MONTHLY else f"daily {at}"


def _asked(one: Schedule) -> str:
    period = PRESETS.get(one.query.get("period", ""), "")
    return " · ".join(part for part in (period.lower(), one.query.get("program", ""), one.by) if part)


def _last(sending: Sending, zone: str) -> list[Children]:
    told, kind = STATES[Sent(sending.state)]
    at = moment(sending.ended_us or sending.due_us, zone)
    said = [html.Small(f"{sending.said}; {_tries(sending)}")] if sending.said else []
    link = [" ", html.A(sending.report, href=address(sending.report))] if sending.report else []
    return [state(told, kind), f" {at}", *said, *link]


def _tries(sending: Sending) -> str:
    again = "it is tried again" if sending.state == Sent.WAITING else "it was given up"
    return f"tried {count(sending.tries)} time{'' if sending.tries == 1 else 's'}, {again}"


def _acts(one: Schedule) -> Component:
    pause = ("resume", "Resume") if one.paused_us else ("pause", "Pause")
    ways = (("preview", "Preview"), ("send", "Send now"), pause, ("unschedule", "Remove"))
    buttons = [
        html.Button(
            words, type="button", className="btn btn-quiet", **marks(report_do=do),
            **aria(label=f"{words}: {one.title}"),
        )
        for do, words in ways
    ]  # fmt: skip
    return html.Div(buttons, className="schedule-acts", **marks(report=one.uid))


def _history(schedules: Sequence[Schedule], sendings: Sequence[Sending], zone: str) -> list[Component]:
    if not sendings:
        return []
    titles = {one.id: one.title for one in schedules}
    items = [
        html.Li([html.Strong(titles[one.schedule]), ": ", *_last(one, zone)]) for one in sendings[:SHOWN]
    ]
    return [
        html.Details(
            [html.Summary("What was sent"), html.Ul(items, className="schedule-history")], className="checked"
        )
    ]


def preview(text: str) -> list[Component]:
    """The text of a mail that was not sent."""
    return [html.P("This would be sent now:", className="form-said"), html.Pre(text, className="mail-text")]


def form(viewer: Viewer, cubes: Cubes) -> Component:
    """What is to go out, when, and to whom."""
    fields = [
        _select(Ids.WHAT, "Report", offered(viewer), "executive/"),
        _select(Ids.PERIOD, "Period", list(PRESETS.items()), "last_month"),
        _select(Ids.PROGRAM, "Program", [(ALL, "All I may see"), *_programs(viewer, cubes)], ALL),
        _select(Ids.EVERY, "How often", [(one.value, one.value.capitalize()) for one in Every], "weekly"),
        _select(Ids.DAY, "Day", _days(), "w0"),
        _select(Ids.HOUR, "Hour", [(str(n), f"{n:02d}:00") for n in range(24)], "7"),
    ]
    roles = controls.Checklist(
        id=Ids.ROLES,
        options=controls.offered([(r.value, role_label(r)) for r in PEOPLE]),
        value=[],
        inline=True,
    )
    to = controls.Input(
        id=Ids.TO, type="text", value="", maxLength=1_000, autoComplete="off",
        placeholder="name@plan.example, another@plan.example",
    )  # fmt: skip
    button = html.Button(
        "Schedule it", type="button", className="btn btn-primary", **marks(report_do="schedule")
    )
    return html.Details(
        [
            html.Summary("Schedule a report"),
            html.Div(
                [
                    html.Div(fields, className="schedule-fields"),
                    html.Div([controls.Label("To addresses", html_for=Ids.TO), to], className="field"),
                    html.Fieldset(
                        [html.Legend("And to everybody who is"), roles], className="schedule-roles"
                    ),
                    html.Div(button),
                ],
                className="schedule-form",
                **marks(report=""),
            ),
        ],
        className="checked no-print",
    )


def offered(viewer: Viewer) -> list[tuple[str, str]]:
    """(page/table, words) of what can be scheduled: whole reports, and tables that need no campaign."""
    found = [(f"{page}/", words) for page, words in OWN.items()]
    if viewer.may(Permission.VIEW_CAMPAIGNS):
        found += [
            (f"overview/{one.name}", f"Overview: {one.title}")
            for one in TABLES["overview"].values()
            if isinstance(one, Offered)
        ]
    return found


def asked_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the browser sent of the form, as `reports.schedules.add` takes it."""
    text = {name: str(given.get(name) or "")[:1_000] for name in ("what", "period", "program", "every", "to")}
    program = "" if text["program"] == ALL else text["program"]
    page, _, name = text["what"].partition("/")
    query = {"table": name, "period": text["period"], "program": _quoted(program)}
    numbers = {"day": _day(given.get("day"), text["every"]), "hour": _number(given.get("hour"))}
    roles = [str(one) for one in given.get("roles") or () if isinstance(one, str)]
    return {
        "page": page,
        "query": {name: value for name, value in query.items() if value},
        "every": text["every"],
        "addresses": text["to"],
        "roles": roles,
        "programs": (program,) if program else (),
        **numbers,
    }


def _quoted(program: str) -> str:
    return Filters(program=(program,)).query().get("program", "") if program else ""


def _day(value: object, every: str) -> int | None:
    kind = {"weekly": "w", "monthly": "m"}.get(every)
    return _number(str(value)[1:]) if kind is not None and str(value).startswith(kind) else None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 3 else None


def _programs(viewer: Viewer, cubes: Cubes) -> list[tuple[str, str]]:
    return [(one, one) for one in choices("program", cubes, viewer)]


def _days() -> list[tuple[str, str]]:
    """The weekdays from `w0`, and the days of a month from `m1`."""
    weekdays = [(f"w{n}", words) for n, words in enumerate(WEEKDAYS)]
    return [*weekdays, *((f"m{n}", f"Day {n} of the month") for n in range(1, 29))]


def _select(name: Ids, label: str, options: Sequence[tuple[str, str]], value: str) -> Component:
    control = controls.Select(id=name, options=[{"value": v, "label": w} for v, w in options], value=value)
    return html.Div([controls.Label(label, html_for=name), control], className="field")
