"""The Campaign page's channels with their waves, and its variants beside the texts that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.release import NONE, label
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.campaign_head import record_of, so_far
from pages.campaign_ids import Ids
from pages.campaign_scope import coarser, empty, quiet, without_messages
from pages.maturity import of_outcomes
from pages.table import csv_link
from ui import bars, html, tables
from ui.coarser import in_foot
from ui.numbers import written
from ui.panels import panel

MOST_ROWS = 16
WORDS = {SEVERAL: "several together", NONE: "not named"}


def channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A row per channel."""
    answer = questions.channels(filters, viewer, cubes)
    caption = filters.sentence(cubes)
    told = [row for row in answer.rows if _known(row)]
    if not told:
        return panel("Channels and waves", caption, empty("sent", filters, viewer, cubes))
    later = so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    top = max((row.values["sent"].value or 0 for row in told), default=0)
    rows: list[list[Any]] = []
    for row in sorted(told, key=lambda one: -(one.values["sent"].value or 0)):
        name = str(row.key[0])
        rows.append([CHANNEL_LABELS.get(name, name), *_cells(row, top, name, later)])
    heads = ["Channel", html.Th("Sent", scope="col"), *_labels(answer.metrics[1:])]
    table = tables.table(heads, rows, "Channels", "by-channel")
    links = csv_link("campaign", "channels", filters, viewer)
    title = _title(answer, questions.waves(filters, viewer, cubes))
    return panel(title, caption, table, tables.hidden_words([answer]), links)


def waves(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Under the channels, a row per wave of each; nothing where no source names waves."""
    answer = questions.waves(filters, viewer, cubes)
    told = [row for row in answer.rows if _known(row)]
    if not any(str(row.key[1]) not in WORDS for row in told):
        return []
    top = max((row.values["sent"].value or 0 for row in told), default=0)
    rows: list[list[Any]] = []
    for row in told[:MOST_ROWS]:
        channel = str(row.key[0])
        name = f"{CHANNEL_LABELS.get(channel, channel)} · {_named(row.key[1])}"
        rows.append([name, *_cells(row, top, channel, later=False)])
    heads = ["Channel and wave", html.Th("Sent", scope="col"), *_labels(answer.metrics[1:])]
    table = tables.table(heads, rows, "Waves", "by-wave")
    more = len(told) - MOST_ROWS
    foot = [html.Span(f"{more} more waves are in the file.")] if more > 0 else []
    links = csv_link("campaign", "waves", filters, viewer)
    head = html.Div([html.H3("Waves", className="notes-title"), *links], className="panel-head")
    way_on = coarser(questions.WAVES[:4], "wave", questions.waves, filters, viewer, cubes, Ids.CHANNELS)
    bottom = html.Div([*foot, *tables.hidden_words([answer]), *in_foot(way_on)], className="panel-foot")
    return [head, table, bottom]


def _title(answer: Answer, waves: Answer) -> str:
    """The channel that gets fewest of its messages through, or the wave that most opt out of."""
    told = [
        row
        for row in waves.rows
        if row.values["opt_outs_per_1000"].value is not None
        and row.values["opt_outs_per_1000"].status is Status.RELEASED
        and str(row.key[1]) not in WORDS
    ]
    if len(told) >= 2:
        most = max(told, key=lambda row: row.values["opt_outs_per_1000"].value or 0)
        rate = most.values["opt_outs_per_1000"]
        if rate.value:
            channel = CHANNEL_LABELS.get(str(most.key[0]), str(most.key[0]))
            per = written(rate, METRICS["opt_outs_per_1000"])
            return f"{_named(most.key[1])} by {channel} has the most opt-outs: {per} per 1,000 delivered"
    return _through(answer)


def _through(answer: Answer) -> str:
    """What share of the messages gets through, from the channel that loses most."""
    metric = METRICS["delivered_rate"]
    rates = [row for row in answer.rows if row.values["delivered_rate"].value is not None]
    if not rates:
        return "Channels and waves"
    worst = min(rates, key=lambda row: row.values["delivered_rate"].value or 0)
    channel = CHANNEL_LABELS.get(str(worst.key[0]), str(worst.key[0]))
    rate = written(worst.values["delivered_rate"], metric)
    if len(rates) == 1:
        return f"{channel} gets {rate} of its messages through"
    return f"{channel} loses most on the way: {rate} get through"


def variants(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """A row per variant and channel, with the text that was sent where the record has it."""
    answer = questions.variants(filters, viewer, cubes)
    caption = f"{filters.sentence(cubes)}. Observed rates; variants are not ranked by them."
    told = [row for row in answer.rows if _known(row)]
    texts = texts_of(record_of(cubes.campaigns[filters.campaign[0]]))
    if not told or all(str(row.key[1]) == NONE for row in told):
        if quiet(filters, viewer, cubes) or without_messages(filters, viewer, cubes):
            why = "As recorded; there are no figures by variant to show."
            return panel("Message texts", why, _texts(texts)) if texts else []
        return panel("Variants", caption, [empty("sent", filters, viewer, cubes), *_texts(texts)])
    later = so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    top = max((row.values["sent"].value or 0 for row in told), default=0)
    rows = []
    for row in sorted(told, key=lambda one: (str(one.key[0]), str(one.key[1])))[:MOST_ROWS]:
        channel, variant = str(row.key[0]), str(row.key[1])
        name = f"{_named(variant)} · {CHANNEL_LABELS.get(channel, channel)}"
        said = texts.get((channel, variant)) or texts.get(("", variant))
        text = html.Td(said or "no text recorded", className="variant-text" if said else "is-absent")
        rows.append([name, text, *_cells(row, top, channel, later)])
    heads = [
        "Variant",
        html.Th("Message", scope="col"),
        html.Th("Sent", scope="col"),
        *_labels(answer.metrics[1:]),
    ]
    table = tables.table(heads, rows, "Variants and their texts", "by-variant")
    way_on = coarser(questions.VARIANTS, "variant", questions.variants, filters, viewer, cubes, Ids.CHANNELS)
    foot = [*tables.hidden_words([answer]), *in_foot(way_on)]
    return panel(
        "What was said, and what came of it",
        caption,
        table,
        foot,
        csv_link("campaign", "variants", filters, viewer),
    )


def texts_of(record: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(channel, variant) -> text of a record's variants; a variant of every channel has none."""
    found = {}
    for one in record.get("variants") or []:
        if isinstance(one, dict) and one.get("text"):
            found[(str(one.get("channel") or ""), str(one.get("name") or ""))] = str(one["text"])
    return found


def _texts(texts: dict[tuple[str, str], str]) -> list[Component]:
    """The texts that the record has, where no variants are told apart."""
    said = [
        html.Li(
            [html.Strong(f"{name}, {CHANNEL_LABELS.get(channel, channel or 'any channel')}"), html.P(text)]
        )
        for (channel, name), text in texts.items()
    ]
    return [html.Ul(said, className="texts")] if said else []


def _known(row: Row) -> bool:
    return row.values["sent"].status is not Status.NOT_AVAILABLE and row.values["sent"].value != 0


def _cells(row: Row, top: float, channel: str, later: bool) -> list[Any]:
    first, *names = row.values
    rest = [tables.cell(row.values[name], METRICS[name], later and of_outcomes(name)) for name in names]
    return [bars.slim(row.values[first], METRICS[first], top, f"of-{channel}"), *rest]


def _named(part: object) -> str:
    words = label(str(part))
    return WORDS.get(words, words)


def _labels(names: Sequence[str]) -> list[str]:
    return [METRICS[name].label for name in names]
