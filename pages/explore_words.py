"""Explore in words: how keys are written, what a question finds, and why something cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.dimensions import value_label
from data.filters import attributes
from data.metrics import METRICS, Metric
from data.periods import day_date
from data.question import ONE_AT_A_TIME
from data.release import pair_name
from data.viewer import Viewer
from data.words import adds_up, listed
from pages import coarser, coverage
from pages.explore_asked import TIMES, Asked, answer_of
from pages.questions import bucket_label
from ui.coarser import Offer
from ui.numbers import percent

NONE = "(none)"
UNDATED = "Without a date"


def part_label(dimension: str, part: object, cubes: Cubes) -> str:
    """A value of a key as people read it."""
    if dimension in TIMES:
        return _time_label(dimension, part)
    if part is None or part == "":
        return NONE
    text = str(part)
    if dimension == "campaign":
        return cubes.campaigns[text].name if text in cubes.campaigns else text
    if dimension == "channel":
        return CHANNEL_LABELS.get(text, text)
    return text if dimension in ("program", "line_of_business") else value_label(dimension, text)


def _time_label(by: str, part: object) -> str:
    if not isinstance(part, int) or not part:
        return UNDATED
    if by == "month":
        return bucket_label(part, by)
    day = day_date(part)
    return f"{day.day} {day:%b %Y}"


def row_label(view: Asked, row: Row, cubes: Cubes) -> str:
    """All values of a row's key: `E-mail · Oct 2026`."""
    return " · ".join(part_label(name, part, cubes) for name, part in zip(view.by, row.key, strict=True))


def by_words(view: Asked, cubes: Cubes) -> str:
    """`by channel and month`; nothing where nothing is told apart."""
    names = [cubes.dimension(name).label.lower() for name in view.by]
    return f"by {listed(names)}" if names else ""


def title(view: Asked, cubes: Cubes) -> str:
    """What is asked, in a few words."""
    names = [METRICS[name].label for name in view.metrics]
    named = listed([names[0], *(one[0].lower() + one[1:] for one in names[1:])])
    if len(names) > 3:
        named = f"{names[0]} and {len(names) - 1} more figures"
    return f"{named} {by_words(view, cubes)}".strip()


def finding(view: Asked, told: Answer, total: Answer, cubes: Cubes) -> str:
    """Which value carries most of a count that is wholly told; else what is asked."""
    metric = METRICS[view.metrics[0]]
    known = [row for row in told.rows if SEVERAL not in row.key]
    if len(view.by) != 1 or view.time or not adds(metric, view.by) or len(known) < 2:
        return title(view, cubes)
    values = [row.values[metric.name] for row in told.rows]
    every = total.one(metric.name).value
    if not every or any(value.value is None or value.status is not Status.RELEASED for value in values):
        return title(view, cubes)
    top = max(known, key=lambda row: row.values[metric.name].value or 0)
    share = percent((top.values[metric.name].value or 0) / every)
    return f"{metric.label}: {row_label(view, top, cubes)} carries {share}"


def adds(metric: Metric, by: Sequence[str]) -> bool:
    """Whether rows of these dimensions add up to a total; one member may have several outcomes."""
    return metric.additive and "outcome" not in by


def no_total(view: Asked) -> list[str]:
    """Why a column has no total, a sentence for each reason."""
    found: dict[str, list[str]] = {}
    for name in view.metrics:
        metric = METRICS[name]
        if metric.additive and not adds(metric, view.by):
            found.setdefault("a member may have several outcomes.", []).append(metric.label)
        elif not metric.additive:
            words = adds_up(metric).partition(": ")[2]
            found.setdefault(words, []).append(metric.label)
    return [f"No total for {listed(names)}: {words}" for words, names in found.items()]


def covers(view: Asked, viewer: Viewer, cubes: Cubes) -> list[str]:
    """Which channels some of the figures leave out, since nobody reports them there."""
    if "channel" in view.by:
        return []
    found: dict[str, list[str]] = {}
    for name in view.metrics:
        if words := coverage.of_selection(name, view.filters, viewer, cubes):
            found.setdefault(words, []).append(METRICS[name].label)
    return [f"{listed(names)}: {words[0].lower()}{words[1:]}" for words, names in found.items()]


def unavailable(view: Asked, told: Answer) -> list[tuple[str, str]]:
    """(metric, reason) of what no row can tell, where it is not that the cuts go together nowhere."""
    return [
        (name, told.unavailable[name])
        for name in view.metrics
        if name in told.unavailable and told.unavailable[name] != ONE_AT_A_TIME
    ]


def apart(view: Asked, told: Answer, viewer: Viewer, cubes: Cubes) -> list[tuple[str, Asked]]:
    """Where cuts are not released together: each dimension to drop so that an answer can be given."""
    if ONE_AT_A_TIME not in told.notes:
        return []
    named = cuts(view, cubes)
    found = []
    for name in named:
        fewer = view.without(name)
        left = cuts(fewer, cubes)
        if len(left) < 2 or cubes.has_view(pair_name(*left)):
            found.append((cubes.dimension(name).label.lower(), fewer))
    if found or len(named) < 3:
        return found
    return [(f"all but {cubes.dimension(name).label.lower()}", _alone(view, named, name)) for name in named]


def _alone(view: Asked, named: Sequence[str], kept: str) -> Asked:
    for name in named:
        view = view if name == kept else view.without(name)
    return view


def cuts(view: Asked, cubes: Cubes) -> list[str]:
    """The dimensions that have a view of their own, cut or filtered by."""
    kinds = ("cut", "attribute")
    asked = [name for name in view.by if cubes.dimension(name).kind in kinds]
    return [*asked, *(name for name in view.filters.cuts if name not in asked)]


def apart_words(view: Asked, cubes: Cubes) -> str:
    """Which cuts are not released together."""
    names = [cubes.dimension(name).label.lower() for name in cuts(view, cubes)]
    told = listed(names)
    return f"{told[0].upper()}{told[1:]} are not released together: small groups could be worked out."


def way_on(view: Asked, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """What to say where a cut tells little, and a question that tells more."""
    cut = next((name for name in reversed(view.by) if cubes.dimension(name).kind in ("cut", "attribute")), "")
    if not cut or view.time:
        return None

    def by_of(other: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(other if name == cut else name for name in view.by))

    others = tuple(name for name in ("channel", *attributes(cubes, viewer)) if name not in view.by)
    wanted = coarser.Asked(
        tuple(name for name in view.metrics if not METRICS[name].is_union) or view.metrics,
        cut,
        view.filters,
        lambda kept, other: answer_of(kept, view.metrics, by_of(other), viewer, cubes),
        lambda kept, other: replace(view, filters=kept, by=by_of(other)).address(),
        others,
        replace(view, by=()).address(),
    )
    return coarser.offer(wanted, viewer, cubes)
