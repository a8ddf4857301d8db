"""Which channels of a selection a rate leaves out, since nobody reports what it counts there."""

from __future__ import annotations

from dataclasses import replace

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.metrics import METRICS
from data.viewer import Viewer
from data.words import listed
from pages.answers import ask

UNREPORTED = "No source of this selection reports it."
Pair = tuple[str, str]


def left_out(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, list[str]]:
    """Per campaign the channels with messages in the selection that a rate does not cover."""
    missing: dict[str, list[str]] = {}
    for campaign, channel in sorted(_missing(_facts(metric), filters, viewer, cubes)):
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
        Row(row.key, {n: _said(v, str(row.key[place]) in silent[n]) for n, v in row.values.items()})
        for row in answer.rows
    )
    return replace(answer, rows=rows)


def honest_whole(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The same for an answer of one row: "not available" where no channel with messages reports a metric."""
    rows = tuple(
        Row(row.key, {n: _said(v, bool(_silent(n, filters, viewer, cubes))) for n, v in row.values.items()})
        for row in answer.rows
    )
    return replace(answer, rows=rows)


def _facts(metric: str) -> tuple[str, ...]:
    """What sources must report for a metric of messages; nothing for one that has no channel."""
    return () if METRICS[metric].without_channel else METRICS[metric].facts


def _silent(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> frozenset[str]:
    """The channels with messages in the selection of which no campaign's source reports a metric."""
    return _channels_silent(_facts(metric), filters, viewer, cubes)


@kept
def _channels_silent(
    facts: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes
) -> frozenset[str]:
    missing = _missing(facts, filters, viewer, cubes)
    _, certain = _sent(filters, viewer, cubes)
    return frozenset({channel for _, channel in missing} - {channel for _, channel in certain - missing})


@kept
def _missing(facts: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> frozenset[Pair]:
    """The (campaign, channel) with messages whose sources do not report all of `facts`."""
    return _sent(filters, viewer, cubes)[0] - cubes.covered(facts) if facts else frozenset()


@kept
def _sent(filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """The (campaign, channel) that may have messages in the selection, and those that are told to have."""
    rows = ask(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows
    told = [(str(row.key[0]), str(row.key[1] or ""), row.values["sent"]) for row in rows]
    likely = (
        (campaign, channel)
        for campaign, channel, sent in told
        if channel and sent.value != 0 and sent.status is not Status.NOT_AVAILABLE
    )
    return frozenset(likely), frozenset((campaign, channel) for campaign, channel, sent in told if sent.value)


def _said(value: Released, silent: bool) -> Released:
    nothing = value.status is Status.RELEASED and not value.denominator and not value.numerator
    if silent and nothing:
        return Released(None, Status.NOT_AVAILABLE, reason=UNREPORTED)
    return value
