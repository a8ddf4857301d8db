"""THE door: every figure that leaves is asked for here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.vocabulary import SLOTS
from data import metrics as registry
from data.answer import Answer
from data.axes import Axes, distinct
from data.codebook import Ints
from data.columns import Rows, column
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import Metric
from data.placed import placed
from data.question import ONE_AT_A_TIME, Question
from data.release import FIXED, View, pair_name
from data.sums import Found, sums
from data.unions import WHOLE_MONTHS, unions
from data.untold import NO_CHANNEL
from data.viewer import Viewer

_BY_OUTCOME_TIME = "By time to outcome only members with the outcome are counted; divide by those assigned."
_ONLY = {
    "daypart": "By weekday and time of sending only messages are counted, not members.",
    "response_time": "By time to response only members engaged are counted; divide by those delivered to.",
    "outcome_time": _BY_OUTCOME_TIME,
    "arm|outcome_time": _BY_OUTCOME_TIME,
}
_NO_OUTCOME = "No assigned member has the outcome yet, or no source says when."
_UNTIMED = {
    "daypart": "No source of this selection states the time of day of sending.",
    "response_time": "No member responded, or no source says when.",
    "outcome_time": _NO_OUTCOME,
    "arm|outcome_time": _NO_OUTCOME,
}


def measure(
    metrics: Sequence[str], by: Sequence[str], filters: Filters, viewer: Viewer, cubes: Cubes
) -> Answer:
    """Answer a question with released values.

    `metrics` are names of `data.metrics`, `by` names of dimensions (at most one of day, week, month, and
    the cuts of one view). Raises `UnknownName` for a name that does not exist. Every value is a sum over
    whole released groups that lie inside the selection; where some are left out its status is partial.
    """
    asked = [registry.metric(name) for name in metrics]
    question = _question(tuple(by), filters, viewer, cubes)
    known = {metric.name: _known(metric, question) for metric in asked}
    found = {m.name: Found() if isinstance(known[m.name], str) else _found(m, question) for m in asked}
    codes = _codes(question, list(found.values()))
    columns = {
        m.name: column(m, question, found[m.name], _told(known[m.name], question), codes) for m in asked
    }
    first_day, last_day = question.span or (None, None)
    hidden = {name: one.hidden.all().whole() for name, one in found.items() if len(one.hidden.codes)}
    return Answer(
        metrics=tuple(metrics),
        by=tuple(by),
        rows=Rows(question.axes, codes, columns),
        snapshot=cubes.snapshot.number,
        sentence=filters.sentence(cubes),
        clocks=cubes.snapshot.clocks,
        notes=_notes(question),
        first_day=first_day,
        last_day=last_day,
        made_of={name: one.groups for name, one in found.items()},
        hidden=hidden,
        unavailable={name: reason for name, reason in known.items() if isinstance(reason, str)},
    )


def days_told(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[int, int] | None:
    """The first and last day (day numbers) of a sum's released groups in a selection; None without any."""
    question = _question((), filters, viewer, cubes)
    if question.view is None:
        return None
    bounds = cubes.groups(question.view, registry.metric(metric).columns, "month").bounds
    inside = placed(question, bounds).inside
    dated = inside[bounds.month[inside] != 0]
    return (int(bounds.first[dated].min()), int(bounds.last[dated].max())) if len(dated) else None


def _question(by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> Question:
    kinds = {name: cubes.dimension(name).kind for name in by}
    if sum(kind == "time" for kind in kinds.values()) > 1:
        raise ValueError("Group by one of day, week and month, not by several.")
    cuts = {name for name, kind in kinds.items() if kind in ("cut", "attribute")} | set(filters.cuts)
    view: str | None = pair_name(*cuts) if cuts else "operations"
    if len(cuts) > 1 and not cubes.has_view(str(view)):
        view = None
    return Question(cubes, filters, viewer, by, view, filters.days(cubes))


def _found(metric: Metric, question: Question) -> Found:
    if question.view is None:
        return Found()
    return unions(metric, question) if metric.is_union else sums(metric, question)


def _codes(question: Question, found: list[Found]) -> Ints:
    """The keys of an answer, in order: see `Question.axes`."""
    if not question.by:
        return np.zeros(1, np.int64)
    given = [np.array(list(one.given), np.int64) for one in found if one.given]
    codes = [part for one in found for part in (one.keys, one.cut.codes)] + given
    hidden = [one.hidden.codes for one in found]
    if not question.cut_by and question.time in (None, "month"):
        codes += hidden
    met = _distinct(codes, question.axes)
    return _every_slot(question, hidden, met)


def _distinct(codes: list[Ints], axes: Axes) -> Ints:
    several = [one for one in codes if len(one)]
    return distinct(np.concatenate(several), axes.size)[0] if several else np.zeros(0, np.int64)


def _every_slot(question: Question, hidden: list[Ints], codes: Ints) -> Ints:
    """The keys with those of all slots beside, so that an empty slot reads 0 or withheld, and is no gap."""
    name = next((name for name in question.by if name in SLOTS), None)
    if name is None or question.time in ("day", "week"):
        return codes
    axes = question.axes
    beside = Axes({other: axes.labels[other] for other in question.by if other != name})
    others = [axes.onto(codes, beside), *(hidden if len(question.cut_by) == 1 else [])]
    met = _distinct(others, beside)
    parts = {other: beside.part(met, other) for other in beside.names}
    labels = list(axes.labels[name])
    slots = [
        axes.codes({**parts, name: np.full(len(met), labels.index(slot))}, len(met)) for slot in SLOTS[name]
    ]
    return _distinct([codes, *slots], axes)


def _told(known: Ints | str | None, question: Question) -> Ints | str | None:
    return ONE_AT_A_TIME if question.view is None else known


def _known(metric: Metric, question: Question) -> Ints | str | None:
    """The keys, by what campaign and channel decide alone, of which a source reports the metric; None where
    these decide nothing, or why no source can."""
    view = _slotted(question)
    senseless = _uncounted(metric, view) if view else ""
    senseless = senseless or _unfit(metric, question)
    if senseless:
        return senseless
    covered = question.cubes.covering(metric.facts)
    found = question.recorded(covered)
    if found is None:
        return "No source of this selection reports it."
    if view:
        found = question.recorded(covered & question.cubes.telling(view.name))
        if found is None:
            return _UNTIMED[view.name]
    return found if question.of_records else None


def _unfit(metric: Metric, question: Question) -> str:
    """Why a metric cannot be cut as asked; nothing where it can."""
    filters = question.filters
    told_apart = {*question.by, *filters.cuts, *(["channel"] if filters.channel else [])}
    if metric.without_channel and told_apart & {"channel", "wave", "variant"}:
        return NO_CHANNEL
    if not metric.without_channel and told_apart & {"arm", "outcome"}:
        return "Messages have no arm; arms are compared by outcome rate."
    if metric.is_union and (set(filters.cuts) | set(question.cut_by)) - {"wave", "variant"}:
        return "Distinct members are not released by member attribute; ask for members delivered to."
    if metric.is_union and question.time in ("day", "week"):
        return f"{WHOLE_MONTHS} Or ask for members delivered to."
    return ""


def _uncounted(metric: Metric, view: View) -> str:
    """Why a view that holds a few counts does not hold the metric; nothing where it does."""
    return "" if not metric.is_union and set(metric.columns) <= set(view.counts) else _ONLY[view.name]


def _slotted(question: Question) -> View | None:
    """The question's view, where its cells hold a few counts only."""
    return next((view for view in FIXED if view.name == question.view and view.name in _ONLY), None)


def _notes(question: Question) -> tuple[str, ...]:
    notes = []
    if question.view is None:
        notes.append(ONE_AT_A_TIME)
    kept = set(question.filters.campaigns(question.cubes, question.viewer))
    undated = [c for c in question.cubes.undated if c in kept]
    if undated and (question.span is not None or question.time):
        notes.append(
            f"{len(undated)} campaign{'s' if len(undated) > 1 else ''} without dates: only in All time."
        )
    scope = question.viewer.scope
    if scope.programs is not None or scope.lines is not None:
        notes.append("Limited to your programs and lines of business.")
    return tuple(notes)
