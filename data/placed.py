"""How released groups lie to a question: inside it and under which key, or cut by its period or values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.axes import distinct
from data.codebook import Bools, Ints
from data.filters import chosen
from data.groups import Bounds
from data.kept import kept_of
from data.question import Question
from data.release import TOGETHER, parts

OUTSIDE, CUT, INSIDE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Placed:
    """The groups that touch a question, by their place in the bounds.

    `inside` are those wholly in it, `at` the place of each one's key among the sorted codes `keys`. `cut`
    are those it takes a part of, under the codes `cut_keys`: since too `few` are in a part, or else since
    they are told by whole months.
    """

    inside: Ints
    at: Ints
    keys: Ints
    cut: Ints
    cut_keys: Ints
    few: Bools

    def sums(self, counts: Ints) -> Ints:
        """The sum of a count per key."""
        own = counts[self.inside]
        if len(self.keys) <= 1:
            return np.array([own.sum()] * len(self.keys), np.int64)
        found = np.zeros(len(self.keys), np.int64)
        np.add.at(found, self.at, own)
        return found


@dataclass
class Touching:
    """Groups that touch a question, one entry per group and key: which are cut, and the labels of the key."""

    rows: Ints
    cut: Bools
    few: Bools
    parts: dict[str, Ints]

    def only(self, kept: Bools) -> None:
        self._take(kept.nonzero()[0])

    def repeat(self, many: Ints) -> Ints:
        """Each entry so many times over; returns which of its repetitions each is."""
        ends = np.cumsum(many)
        self._take(np.repeat(np.arange(len(many)), many))
        return np.arange(len(self.rows)) - np.repeat(ends - many, many)

    def _take(self, at: Ints) -> None:
        self.rows, self.cut, self.few = self.rows[at], self.cut[at], self.few[at]
        self.parts = {name: part[at] for name, part in self.parts.items()}

    def pooled(self, which: Bools) -> None:
        """Cut also those whose value is told only with others."""
        self.few = self.few | (which & ~self.cut)
        self.cut = self.cut | which


@kept_of
def placed(question: Question, bounds: Bounds) -> Placed:
    """How groups lie to a question; worked out once for all counts that share their bounds."""
    found = touching(bounds, question)
    for name in question.cut_by:
        _by_value(found, bounds, name, question)
    if question.time is not None:
        _by_time(found, bounds, question)
    rows = found.rows
    told = question.record_parts(bounds.campaign[rows], bounds.channel[rows])
    axes = question.axes
    codes = axes.codes({**told, **found.parts}, len(rows))
    inside, cut = (~found.cut).nonzero()[0], np.flatnonzero(found.cut)
    keys, at = distinct(codes[inside], axes.size)
    return Placed(rows[inside], at, keys, rows[cut], codes[cut], found.few[cut])


def touching(bounds: Bounds, question: Question) -> Touching:
    """The groups that the period and the selected values touch, each once."""
    kept = question.keeps(bounds.campaign, bounds.channel)
    if question.span is not None:
        first, last = question.span
        dated = (bounds.last >= first) & (bounds.first <= last)
        kept = dated if kept is None else kept & dated
    rows = np.arange(bounds.height) if kept is None else kept.nonzero()[0]
    cut = np.zeros(len(rows), np.bool_)
    if question.span is not None:
        cut = (bounds.first[rows] < first) | (bounds.last[rows] > last)
    found = Touching(rows, cut, np.zeros(len(rows), np.bool_), {})
    if question.filters.cuts:
        place = np.array([_chosen(value, question) for value in bounds.values], np.int64)[bounds.value[rows]]
        found.pooled(place == CUT)
        found.only(place != OUTSIDE)
    return found


def _chosen(value: str, question: Question) -> int:
    """How a group's value stands to the selected values of each cut of the view."""
    names = str(question.view).split("|")
    places = []
    for position, name in enumerate(names):
        values = question.filters.cuts.get(name)
        if values:
            own = "\x1f".join(part.split(TOGETHER)[position] for part in parts(value))
            places.append(chosen(own, values))
    return OUTSIDE if "outside" in places else CUT if "cut" in places else INSIDE


def _by_value(touching: Touching, bounds: Bounds, name: str, question: Question) -> None:
    """An entry per label that a group's value shows."""
    position = str(question.view).split("|").index(name)
    many, starts, shown, cut = question.cubes.book.spread(bounds.values, position, question.cubes.shown(name))
    value = bounds.value[touching.rows]
    turn = touching.repeat(many[value])
    label = np.repeat(starts[value], many[value]) + turn
    touching.pooled(cut[label])
    touching.parts[name] = shown[label]


def _by_time(touching: Touching, bounds: Bounds, question: Question) -> None:
    """Dated groups in their bucket; one that spans several is cut in each of them."""
    touching.only(bounds.month[touching.rows] != 0)
    book, rows = question.cubes.book, touching.rows
    if question.time == "month":
        touching.parts["month"] = book.months(bounds.month[rows])
        return
    number = book.days if question.time == "day" else book.weeks
    start, end = number(bounds.first[rows]), number(bounds.last[rows])
    touching.cut = touching.cut | (start != end)
    turn = touching.repeat(end - start + 1)
    touching.parts[str(question.time)] = np.repeat(start, end - start + 1) + turn
