"""Which channels of a selection a rate leaves out, since nobody reports what it counts there."""

from __future__ import annotations

from dataclasses import replace

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from data.words import listed
from pages.answers import ask

UNREPORTED = "No source of this selection reports it."


def left_out(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, list[str]]:
    """Per campaign the channels with messages in the selection that a rate does not cover."""
    if METRICS[metric].without_channel:
        return {}
    told = cubes.covered(METRICS[metric].facts)
    missing: dict[str, list[str]] = {}
    for row in ask(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows:
        campaign, channel = str(row.key[0]), str(row.key[1] or "")
        sent = row.values["sent"]
        if sent.status is Status.NOT_AVAILABLE or sent.value == 0 or not channel:
            continue
        if (campaign, channel) not in told:
            missing.setdefault(campaign, []).append(channel)
    return missing


def words(channels: list[str]) -> str:
    """`Covers a part: Mail does not report it.`; nothing where no channel is left out."""
    names = [CHANNEL_LABELS.get(channel, channel) for channel in sorted(set(channels))]
    if not names:
        return ""
    verb = "does" if len(names) == 1 else "do"
    return f"Covers a part: {listed(names)} {verb} not report it."


def of_selection(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """The same over a whole selection: the channels in which no campaign reports it."""
    return words(sorted(_silent(metric, filters, viewer, cubes)))


def honest(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The answer by channel, with "not available" where nobody behind a channel's messages reports a metric.

    A source that once reported it elsewhere would leave "nothing to count" there.
    """
    place = answer.by.index("channel")
    silent = {name: _silent(name, filters, viewer, cubes) for name in answer.metrics}
    rows = tuple(
        replace(row, values={n: _said(v, str(row.key[place]) in silent[n]) for n, v in row.values.items()})
        for row in answer.rows
    )
    return replace(answer, rows=rows)


def honest_whole(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The same for an answer of one row: "not available" where no channel with messages reports a metric."""
    rows = tuple(
        replace(
            row, values={n: _said(v, bool(_silent(n, filters, viewer, cubes))) for n, v in row.values.items()}
        )
        for row in answer.rows
    )
    return replace(answer, rows=rows)


def _silent(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> set[str]:
    """The channels with messages in the selection of which no campaign's source reports a metric."""
    missing = {
        (c, channel) for c, told in left_out(metric, filters, viewer, cubes).items() for channel in told
    }
    sent = {
        (str(row.key[0]), str(row.key[1]))
        for row in ask(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows
        if row.values["sent"].value
    }
    return {channel for _, channel in missing} - {channel for _, channel in sent - missing}


def _said(value: Released, silent: bool) -> Released:
    nothing = value.status is Status.RELEASED and not value.denominator and not value.numerator
    if silent and nothing:
        return Released(None, Status.NOT_AVAILABLE, reason=UNREPORTED)
    return value
