"""Answers of a snapshot, kept for the panels that ask the same; they go when the snapshot goes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.viewer import Scope, Viewer

KEPT = 512
Key = tuple[tuple[str, ...], tuple[str, ...], Filters, Scope]
_answers: WeakKeyDictionary[Cubes, OrderedDict[Key, Answer]] = WeakKeyDictionary()
_lock = threading.Lock()


def ask(metrics: Sequence[str], by: Sequence[str], filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """What `measure` answers. The row scope is part of the key: two viewers share what both may see."""
    key = (tuple(metrics), tuple(by), filters, viewer.scope)
    with _lock:
        kept = _answers.setdefault(cubes, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    answer = measure(metrics, by, filters, viewer, cubes)
    with _lock:
        kept[key] = answer
        if len(kept) > KEPT:
            kept.popitem(last=False)
    return answer
