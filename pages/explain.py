"""What a figure's change against an earlier period is made of: released parts, and what is not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.vocabulary import CHANNEL_LABELS
from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters, attributes
from data.metrics import METRICS, Metric
from data.release import label
from data.viewer import Viewer
from insight.explain import NOT_TOLD, Counts, Effect, of_count, of_rate
from pages.answers import ask

CUTS = {"channel": "Channel", "campaign": "Campaign", "variant": "Variant"}
APART = "The parts and the whole are not told over the same groups: the change cannot be taken apart by this."


@dataclass(frozen=True)
class Line:
    """A part of the change in words, its values in both periods where they are told, and its effect."""

    name: str
    effect: Effect
    before: Released | None
    now: Released | None


@dataclass(frozen=True)
class Explained:
    """A change taken apart: the whole in both periods, its parts, or why there are none."""

    metric: Metric
    before: Released
    now: Released
    lines: tuple[Line, ...] = ()
    reason: str = ""

    @property
    def change(self) -> float:
        return (self.now.value or 0) - (self.before.value or 0)


def explainable(name: object) -> Metric | None:
    """The metric of that name whose change is a sum over parts; distinct members are in several at once."""
    metric = METRICS.get(name) if isinstance(name, str) else None
    if metric is None or metric.is_union or metric.shape == "money":
        return None
    return metric


def cuts(metric: Metric, viewer: Viewer, cubes: Cubes) -> dict[str, str]:
    """By what a metric's change may be taken apart: names and labels."""
    fixed = {"campaign": CUTS["campaign"]} if metric.without_channel else CUTS
    return {**fixed, **{name: cubes.dimension(name).label for name in attributes(cubes, viewer)}}


def explained(metric: Metric, cut: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Explained | None:
    """The change of a metric against the period that the filters compare with; None where there is none."""
    earlier = filters.compared(cubes)
    if earlier is None:
        return None
    names = (metric.name,)
    before, now = (ask(names, (), one, viewer, cubes).one(metric.name) for one in (earlier, filters))
    if before.value is None or now.value is None:
        return Explained(metric, before, now, reason="One of the two periods has no figure.")
    parts = [
        {str(row.key[0]): row.values[metric.name] for row in ask(names, (cut,), one, viewer, cubes).rows}
        for one in (earlier, filters)
    ]
    if not any(value.shown for one in parts for value in one.values()):
        reason = next((v.reason for one in parts for v in one.values() if v.reason), APART)
        return Explained(metric, before, now, reason=reason)
    try:
        effects = _effects(metric, before, now, parts[0], parts[1])
    except ValueError:
        return Explained(metric, before, now, reason=APART)
    lines = [
        Line(_named(one.part, cut, cubes), one, parts[0].get(one.part), parts[1].get(one.part))
        for one in effects
        if one.both or one.mix or one.part == NOT_TOLD
    ]
    return Explained(metric, before, now, tuple(sorted(lines, key=_size)))


def _size(line: Line) -> tuple[bool, float]:
    """The largest first; what is not told stands last."""
    return line.effect.part == NOT_TOLD, -abs(line.effect.both)


def _effects(
    metric: Metric,
    before: Released,
    now: Released,
    old: Mapping[str, Released],
    new: Mapping[str, Released],
) -> list[Effect]:
    if not metric.is_ratio:
        return of_count((before.value or 0, now.value or 0), _values(old), _values(new))
    whole = (_counts(before), _counts(now))
    scale = 1000.0 if metric.shape == "per_1000" else 1.0
    found = of_rate(whole, _told(old), _told(new))
    return [Effect(one.part, scale * one.mix, scale * one.rate) for one in found]


def _values(parts: Mapping[str, Released]) -> dict[str, float]:
    return {name: value.value for name, value in parts.items() if value.value}


def _told(parts: Mapping[str, Released]) -> dict[str, Counts]:
    """Numerators and denominators of the parts that are told, in full or in part."""
    return {name: _counts(value) for name, value in parts.items() if value.denominator}


def _counts(value: Released) -> Counts:
    return Counts(value.numerator or 0, value.denominator or 0)


def _named(part: str, cut: str, cubes: Cubes) -> str:
    if part == NOT_TOLD:
        return "not told"
    if cut == "campaign":
        return cubes.campaigns[part].name if part in cubes.campaigns else part
    return CHANNEL_LABELS.get(part, part) if cut == "channel" else label(part) or "not named"


def in_part(found: Explained) -> bool:
    """Whether one of the two figures leaves something out, so that their change does, too."""
    return Status.PARTIAL in (found.before.status, found.now.status)
