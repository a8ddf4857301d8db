"""The Campaign page's times: when of the week messages went out, and how soon members responded."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS, DAYPARTS, HOURS, RESPONSE_TIMES, WEEKDAYS
from data.answer import Answer, Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.release import NONE
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.campaign_ids import Ids
from pages.campaign_scope import coarser, empty
from pages.table import csv_link
from ui import bars, html, tables
from ui.coarser import Offer, in_foot, instead
from ui.faces import not_available
from ui.heat import heat, scale
from ui.numbers import percent, written
from ui.panels import panel

NOBODY = Released(0, Status.RELEASED, 0)
NOTHING = Released(None, Status.RELEASED)
HIDDEN = (Status.WITHHELD, Status.PARTIAL)
LEAST_TOLD = 4


def responses(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A row per span of time since delivery, a column per channel: members by their first response."""
    answer = questions.response_times(filters, viewer, cubes)
    title, caption = (
        "How soon do members respond?",
        (f"Members by the time from delivery to the first click, reply or act. {filters.sentence(cubes)}"),
    )
    told = [row for row in answer.rows if row.values["members_engaged"].status is not Status.NOT_AVAILABLE]
    by_channel: dict[str, dict[str, Released]] = {}
    for row in told:
        by_channel.setdefault(str(row.key[0]), {})[str(row.key[1])] = row.values["members_engaged"]
    shown = {name: slots for name, slots in by_channel.items() if any(v.value for v in slots.values())}
    if not shown:
        reason = answer.unavailable.get("members_engaged")
        nothing = not_available(reason) if reason else _no_response(told, filters, viewer, cubes)
        return panel(title, caption, nothing)
    metric = METRICS["members_engaged"]
    tops = {name: max(v.value or 0 for v in slots.values()) for name, slots in shown.items()}
    rows: list[list[Any]] = [
        [
            words,
            *(
                bars.slim(slots.get(code, NOBODY), metric, tops[name], f"of-{name}")
                for name, slots in shown.items()
            ),
        ]
        for code, words in RESPONSE_TIMES.items()
    ]
    if any(SEVERAL in slots for slots in shown.values()):
        rows.append(
            [
                "several together",
                *(bars.slim(slots.get(SEVERAL, NOBODY), metric, tops[name]) for name, slots in shown.items()),
            ]
        )
    names = [CHANNEL_LABELS.get(name, name) for name in shown]
    heads = ["Since delivery", *(html.Th(name, scope="col") for name in names)]
    table = tables.table(heads, rows, "Members by time to response", "by-response")
    links = csv_link("campaign", "response-times", filters, viewer)
    foot = [*tables.hidden_words([answer]), *in_foot(_coarser_responses(filters, viewer, cubes))]
    return panel(_soon(shown) or title, caption, table, foot, links)


def _soon(shown: dict[str, dict[str, Released]]) -> str:
    """What share of the responses came within a day, in the channel with most of them."""
    totals = {name: sum(v.value or 0 for v in slots.values()) for name, slots in shown.items()}
    name = max(totals, key=lambda one: totals[one])
    slots = shown[name]
    whole = all(value.status is Status.RELEASED and value.value is not None for value in slots.values())
    if not whole or SEVERAL in slots or not totals[name]:
        return ""
    first_day = sum(slots[code].value or 0 for code in list(RESPONSE_TIMES)[:3] if code in slots)
    channel = CHANNEL_LABELS.get(name, name)
    return f"{percent(first_day / totals[name])} of the responses by {channel} came within a day"


def _no_response(rows: list[Row], filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    if any(row.values["members_engaged"].status is Status.WITHHELD for row in rows):
        return instead(_coarser_responses(filters, viewer, cubes), "Too few responses to tell apart by time.")
    if not rows:
        return empty("members_engaged", filters, viewer, cubes)
    if all(row.key[1] == NONE for row in rows):
        return not_available("The sources of this selection do not say when members responded.")
    return empty("members_engaged", filters, viewer, cubes)


def _coarser_responses(filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    names, question = ("members_engaged",), questions.response_times
    return coarser(names, "response_time", question, filters, viewer, cubes, Ids.CARDS)


def _coarser_dayparts(filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    names = ("message_engaged_rate",)
    return coarser(names, "daypart", questions.dayparts, filters, viewer, cubes, Ids.CHANNELS)


def dayparts(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Weekdays against blocks of six hours: what share of the messages sent then was engaged with."""
    answer = questions.dayparts(filters, viewer, cubes)
    rate = METRICS["message_engaged_rate"]
    caption = f"Messages by the weekday and time of sending, in the reporting zone. {filters.sentence(cubes)}"
    told = {str(row.key[0]): row.values[rate.name] for row in answer.rows}
    cells = [[told.get(f"{day}-{hour}", NOTHING) for hour in HOURS] for day in WEEKDAYS]
    title = "When are messages acted on?"
    if not any(value.value is not None for row in cells for value in row):
        return panel(title, caption, _no_daypart(answer, filters, viewer, cubes))
    table = heat(
        list(WEEKDAYS.values()),
        list(HOURS.values()),
        cells,
        rate,
        f"{rate.label} by time of sending",
        "Sent on",
    )
    pooled = told.get(SEVERAL)
    foot: list[Component] = [*scale(cells, rate)]
    if pooled is not None and pooled.value is not None:
        foot.append(html.Span(f"Several times together: {written(pooled, rate)}."))
    foot += [*tables.hidden_words([answer]), *in_foot(_coarser_dayparts(filters, viewer, cubes))]
    links = csv_link("campaign", "dayparts", filters, viewer)
    return panel(_best(told) or title, caption, table, foot, links)


def _best(told: dict[str, Released]) -> str:
    """The times with the highest and the lowest rate, where at least four are told in full."""
    whole = {
        code: value
        for code, value in told.items()
        if code in DAYPARTS and value.value is not None and value.status is Status.RELEASED
    }
    if len(whole) < LEAST_TOLD:
        return ""
    high = max(whole, key=lambda code: whole[code].value or 0)
    rate = written(whole[high], METRICS["message_engaged_rate"])
    return f"Messages of {DAYPARTS[high]} are acted on most: {rate}"


def _no_daypart(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    if any(row.values["message_engaged_rate"].status in HIDDEN for row in answer.rows):
        return instead(
            _coarser_dayparts(filters, viewer, cubes), "Too few messages to tell apart by time of sending."
        )
    if reason := answer.unavailable.get("message_engaged_rate"):
        return not_available(reason)
    return empty("delivered", filters, viewer, cubes)
