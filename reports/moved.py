"""What has moved since a report was issued: measured at the snapshots where the cause changes, and kept.

Each step is now less before under one cause, or under several at once; one after another they add up to the
difference. What was measured is kept: a snapshot may be gone when it is asked for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from config.settings import Settings
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION
from data.snapshot import GONE
from documents.compared import values_of
from documents.model import Document
from documents.moves import Cause, after
from reports.anew import anew, asker_of
from reports.causes import Step, steps, together
from state.reports import Move, Report
from state.store import Store

MOST = 12
"""Snapshots that are measured at once; what happened before them counts as one step."""
Values = dict[str, float | None]
_ONE = threading.Lock()


class NotAskable(LookupError):
    """The question of a report cannot be asked again, or not of the newest snapshot."""


@dataclass(frozen=True)
class _Asked:
    """A report whose question is asked again."""

    report: Report
    told: Document
    store: Store
    settings: Settings

    def at(self, cubes: Cubes) -> Values:
        """The values of the report's own keys by these cubes; what is not there any more is not told."""
        made = anew(self.told, asker_of(self.report), cubes, self.store, self.settings)
        if made is None:
            raise NotAskable
        now = values_of(made)
        return {key: now[key].value if key in now else None for key in values_of(self.told)}


def catch_up(
    report: Report, told: Document, cubes: Cubes, store: Store, settings: Settings, most: int = MOST
) -> list[Move]:
    """Measure and keep what moved up to the snapshot of these cubes; all moves, in order.

    `NotAskable` where the question cannot be asked again. Of several threads one measures: the others find
    what it kept, and no two of them read old snapshots at once.
    """
    with _ONE:
        return _caught_up(report, told, cubes, store, settings, most)


def _caught_up(
    report: Report, told: Document, cubes: Cubes, store: Store, settings: Settings, most: int
) -> list[Move]:
    asked, known = _Asked(report, told, store, settings), store.reports.moves(report.id)
    then = {key: value.value for key, value in values_of(told).items()}
    if not known and told.definitions != DEFINITIONS_VERSION:
        known = _redefined(asked, then, cubes)
    last = known[-1].snapshot if known else report.snapshot
    if last < cubes.snapshot.number:
        before = after(then, [move.changes for move in known])
        ways = together(steps(cubes.lake, last, cubes.snapshot.number), most) or [_unknown(last, cubes)]
        if _measured_by(asked, known, cubes) != DEFINITIONS_VERSION:
            ways[0] = ways[0].with_cause(Cause.DEFINITION)
        known += _measured(asked, before, ways, cubes)
    return known


def _redefined(asked: _Asked, then: Values, cubes: Cubes) -> list[Move]:
    """What today's definitions make of the very snapshot of the report, where that can still be read."""
    own = asked.report.snapshot
    try:
        now = asked.at(_cubes_at(own, cubes))
    except GONE:
        return []
    words = f"definitions {asked.told.definitions} became {DEFINITIONS_VERSION}"
    step = Step(own, own, cubes.snapshot.published_us, frozenset({Cause.DEFINITION}))
    return [_kept(asked, step, words, then, now)]


def _measured_by(asked: _Asked, known: list[Move], cubes: Cubes) -> str:
    """The version of the definitions by which the last known values were measured."""
    if not known:
        return asked.told.definitions
    last = known[-1]
    if last.snapshot == asked.report.snapshot:
        return last.detail.rsplit(" ", 1)[-1]  # as `_redefined` wrote it
    try:
        return cubes.lake.at(last.snapshot).definitions
    except LookupError:
        return ""


def _unknown(last: int, cubes: Cubes) -> Step:
    """A step of which the snapshots are not known: anything may have happened."""
    every = frozenset({Cause.OUTCOMES, Cause.ROWS, Cause.CORRECTION, Cause.DEFINITION})
    return Step(last, cubes.snapshot.number, cubes.snapshot.published_us, every)


def _measured(asked: _Asked, before: Values, ways: list[Step], cubes: Cubes) -> list[Move]:
    made: list[Move] = []
    waiting: Step | None = None
    for step in ways:
        waiting = step if waiting is None else waiting + step
        try:
            now = asked.at(_cubes_at(step.last, cubes))
        except GONE:
            if step is ways[-1]:
                raise NotAskable from None
            continue  # it counts together with the next
        made.append(_kept(asked, waiting, waiting.words, before, now))
        before, waiting = now, None
    return made


def _cubes_at(number: int, cubes: Cubes) -> Cubes:
    """The cubes of a snapshot; one of `GONE` where it cannot be read any more."""
    if number == cubes.snapshot.number:
        return cubes
    try:
        snapshot = cubes.lake.at(number)
    except LookupError:
        raise FileNotFoundError(f"snapshot {number}") from None
    return Cubes(cubes.lake, snapshot)


def _kept(asked: _Asked, step: Step, words: str, before: Values, now: Values) -> Move:
    changes = {key: [before[key], value] for key, value in now.items() if before[key] != value}
    move = Move(asked.report.id, step.last, step.published_us, step.cause.value, words, changes)
    asked.store.reports.moved(move)
    return move
