"""Scheduled reports: what goes out when and to whom, what became of it, and how a mail would look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.development.base_component import Component

from config.permissions import PEOPLE, role_label
from data.cubes import Cubes
from data.filters import parse
from data.periods import PRESETS
from data.viewer import Viewer
from pages.data_pieces import heads, state, zone_of
from pages.reports_form import WEEKDAYS
from pages.reports_offered import PAGES, VIEW, is_fixed
from pages.reports_questions import address
from state.schedules import Every, Schedule, Sending, Sent
from ui import html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

TITLE = "Scheduled reports"
CAPTION = "Mailed by the clock, in the zone of the plan and in the row scope of whoever scheduled them."
NOTHING = "Nothing is scheduled. Choose below what is to go out, when and to whom."
SHOWN = 8
EVERYTHING = ("all campaigns", "all channels")
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
        rows = [_row(one, sendings, reach, viewer, cubes) for one in schedules]
        body = [table(names, rows, TITLE, "words schedules"), *_history(schedules, sendings, zone)]
    title = TITLE if not schedules else f"{count(len(schedules))} scheduled"
    return panel(title if schedules else TITLE, CAPTION, body)


def _row(
    one: Schedule, sendings: Sequence[Sending], reach: Mapping[int, int], viewer: Viewer, cubes: Cubes
) -> list[Children]:
    zone = zone_of(cubes)
    own = [sending for sending in sendings if sending.schedule == one.id]
    roles = ", ".join(role_label(role) for role in PEOPLE if role.value in one.roles)
    next_words = state("paused", "none") if one.paused_us else moment(one.next_us, zone)
    return [
        [one.title, html.Small(_asked(one, viewer, cubes))],
        often(one),
        [_addresses(reach.get(one.id, 0)), *([html.Small(roles)] if roles else [])],
        next_words,
        _last(own[0], zone) if own else "",
        html.Td(_acts(one), className="no-print"),
    ]


def _addresses(many: int) -> str:
    return f"{count(many)} address{'' if many == 1 else 'es'}"


def often(one: Schedule) -> str:
    """`Mondays at 07:00`, `on day 1 of the month at 06:00`, `daily at 07:00`."""
    at = f"at {one.hour:02d}:00"
    if one.every == Every.WEEKLY:
        return f"{WEEKDAYS[one.day]}s {at}"
    return f"day {one.day} of the month {at}" if one.every == Every.MONTHLY else f"daily {at}"


def _asked(one: Schedule, viewer: Viewer, cubes: Cubes) -> str:
    """What it is of and narrowed to, and by whom: the period as it was chosen, since its days move on."""
    of = f"view of {PAGES[one.page]}" if one.query.get(VIEW) else ""
    filters, _ = parse(one.query, cubes, viewer)
    period = "" if is_fixed(one.query) else PRESETS.get(one.query.get("period", ""), "").lower()
    days = filters.sentence(cubes).split(" · ")[0] if {"from", "to"} <= one.query.keys() else ""
    kept = [part for part in filters.sentence(cubes).split(" · ")[1:] if part not in EVERYTHING]
    told = (of, period, days, one.query.get("month", ""), *kept, one.by)
    return " · ".join(part for part in told if part)


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


def preview(subject: str, to: int, attached: bool, text: str) -> list[Component]:
    """A mail that was not sent, as those whom it goes `to` would have it."""
    files = "PDF and CSV" if attached else "nothing; a link asks for signing in"
    facts = [("Subject", subject), ("To", _addresses(to)), ("Attached", files)]
    return [
        html.Details(
            [
                html.Summary("This would be sent now"),
                html.Dl([html.Div([html.Dt(name), html.Dd(words)]) for name, words in facts]),
                html.Pre(text, className="mail-text", tabIndex=0, **aria(label="Text of the mail")),
            ],
            className="mail",
            open=True,
        )
    ]
