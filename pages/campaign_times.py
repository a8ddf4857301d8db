"""The Campaign page's times: when of the week messages went out, and how soon members responded."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS, RESPONSE_TIMES
from data.answer import Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.question import SEVERAL
from data.release import NONE
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.campaign_scope import empty
from pages.table import csv_link
from ui import bars, tables
from ui.faces import not_available, withheld
from ui.numbers import percent
from ui.panels import panel

NOBODY = Released(0, Status.RELEASED, 0)


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
        return panel(title, caption, _no_response(told, filters, viewer, cubes))
    metric = METRICS["members_engaged"]
    tops = {name: max(v.value or 0 for v in slots.values()) for name, slots in shown.items()}
    rows: list[list[Any]] = [
        [
            words,
            *(
                bars.bar_cell(slots.get(code, NOBODY), metric, tops[name], f"channel-{name}")
                for name, slots in shown.items()
            ),
        ]
        for code, words in RESPONSE_TIMES.items()
    ]
    if any(SEVERAL in slots for slots in shown.values()):
        rows.append(
            [
                "several together",
                *(
                    bars.bar_cell(slots.get(SEVERAL, NOBODY), metric, tops[name])
                    for name, slots in shown.items()
                ),
            ]
        )
    heads = ["Since delivery", *(CHANNEL_LABELS.get(name, name) for name in shown)]
    table = tables.table(heads, rows, "Members by time to response", "by-response")
    links = csv_link("campaign", "response-times", filters, viewer)
    return panel(_soon(shown) or title, caption, table, tables.hidden_words([answer]), links)


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
        return withheld("Too few responses to tell apart by time.")
    if not rows:
        return empty("members_engaged", filters, viewer, cubes)
    if all(row.key[1] == NONE for row in rows):
        return not_available("The sources of this selection do not say when members responded.")
    return empty("members_engaged", filters, viewer, cubes)


def dayparts(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    del filters, viewer, cubes
    return []
