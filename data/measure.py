"""THE door: every figure that leaves is asked for here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.vocabulary import SLOTS
from data import metrics as registry
from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import Metric
from data.question import ONE_AT_A_TIME, SEVERAL, Key, Question
from data.release import FIXED, View, pair_name
from data.sums import NO_BASE, Found, sums
from data.unions import WHOLE_MONTHS, unions
from data.untold import merged
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
    keys = _keys(question, list(found.values()))
    rows = tuple(
        Row(key, {m.name: _told(m, question, found[m.name], known[m.name], key) for m in asked})
        for key in keys
    )
    first_day, last_day = question.span or (None, None)
    return Answer(
        metrics=tuple(metrics),
        by=tuple(by),
        rows=rows,
        snapshot=cubes.snapshot.number,
        sentence=filters.sentence(cubes),
        clocks=cubes.snapshot.clocks,
        notes=_notes(question),
        first_day=first_day,
        last_day=last_day,
        made_of={name: one.groups for name, one in found.items()},
        hidden={name: merged(list(one.hidden.values())).whole() for name, one in found.items() if one.hidden},
        unavailable={name: reason for name, reason in known.items() if isinstance(reason, str)},
    )


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


def _keys(question: Question, found: list[Found]) -> list[Key]:
    if not question.by:
        return [()]
    keys = {key for one in found for key in (*one.values, *one.cut)}
    if not question.cut_by and question.time in (None, "month"):
        keys |= {key for one in found for key in one.hidden}
    return sorted(keys | _every_slot(question, found, keys), key=_order)


def _every_slot(question: Question, found: list[Found], keys: set[Key]) -> set[Key]:
    """The keys of all slots beside those met, so that an empty slot reads 0 or withheld, and is no gap."""
    name = next((name for name in question.by if name in SLOTS), None)
    if name is None or question.time in ("day", "week"):
        return set()
    place = question.by.index(name)
    beside = {(*key[:place], *key[place + 1 :]) for key in keys}
    if len(question.cut_by) == 1:
        beside |= {key for one in found for key in one.hidden}
    return {(*key[:place], slot, *key[place:]) for key in beside for slot in SLOTS[name]}


def _order(key: tuple[object, ...]) -> tuple[tuple[bool, str, object], ...]:
    return tuple((part is None, type(part).__name__, part if part is not None else 0) for part in key)


def _told(metric: Metric, question: Question, found: Found, known: set[Key] | str, key: Key) -> Released:
    """The value of one key: released, partial, withheld, not available, or nothing to count."""
    if question.view is None:
        return Released(None, Status.NOT_AVAILABLE, reason=ONE_AT_A_TIME)
    if isinstance(known, str):
        return Released(None, Status.NOT_AVAILABLE, reason=known)
    if question.recorded(key) not in known:
        return Released(None, Status.NOT_AVAILABLE, reason="No source of this selection reports it.")
    value = found.values.get(key)
    plain = question.without_cuts(key)
    lacking = [of[at] for of, at in ((found.cut, key), (found.hidden, plain)) if at in of]
    if value is None:
        if lacking:
            return Released(None, Status.WITHHELD, reason=merged(lacking).whole())
        if SEVERAL in key:
            return Released(None, Status.RELEASED, reason="Every value is told apart.")
        return (
            Released(None, Status.RELEASED, 0, 0, reason=NO_BASE)
            if metric.denominator
            else Released(0, Status.RELEASED, 0)
        )
    if lacking and not value.numerator:
        # Zeros may always be told and small counts never: a zero beside withheld ones would read as none.
        return Released(None, Status.WITHHELD, reason=merged(lacking).whole(zeros=True))
    if lacking and value.status is Status.RELEASED:
        left_out = merged(lacking).part(question.span, question.cubes.today)
        return replace(value, status=Status.PARTIAL, reason=value.reason or left_out)
    return value


def _known(metric: Metric, question: Question) -> set[Key] | str:
    """The keys, by campaign and channel alone, of which a source reports the metric; or why none can."""
    view = _slotted(question)
    senseless = _uncounted(metric, view) if view else ""
    senseless = senseless or _unfit(metric, question)
    if senseless:
        return senseless
    covered = question.kept(question.cubes.covered(metric.facts))
    if not covered:
        return "No source of this selection reports it."
    if view:
        covered = covered & question.cubes.told_apart(view.name)
        if not covered:
            return _UNTIMED[view.name]
    return question.recorded_of(covered)


def _unfit(metric: Metric, question: Question) -> str:
    """Why a metric cannot be cut as asked; nothing where it can."""
    filters = question.filters
    told_apart = {*question.by, *filters.cuts, *(["channel"] if filters.channel else [])}
    if metric.without_channel and told_apart & {"channel", "wave", "variant"}:
        return "Assigned members have no channel, wave or variant."
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
