"""What follows from a snapshot, a question and a row scope alone: worked out once, then kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple, Unpack
from weakref import WeakKeyDictionary

from data.cubes import Cubes
from data.viewer import Viewer

KEPT = 512
Asked = TypeVarTuple("Asked")
Found = TypeVar("Found")
Owner = TypeVar("Owner")


def kept(
    function: Callable[[Unpack[Asked], Viewer, Cubes], Found],
) -> Callable[[Unpack[Asked], Viewer, Cubes], Found]:
    """Remember what `function(..., viewer, cubes)` finds, the last few hundred times that it was asked anew.

    Nothing but the row scope of the viewer is part of the key, and nothing else is handed on: a function that
    asked for a name or a permission would find none. What is found is shared, so nobody may change it.
    """
    found: WeakKeyDictionary[Cubes, OrderedDict[Any, Found]] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(function)
    def remembered(*given: Any) -> Found:
        *asked, viewer, cubes = given
        key = (*asked, viewer.scope)
        with lock:
            known = found.setdefault(cubes, OrderedDict())
            if key in known:
                known.move_to_end(key)
                return known[key]
        fresh = function(*asked, Viewer("", "", scope=viewer.scope), cubes)
        with lock:
            known[key] = fresh
            if len(known) > KEPT:
                known.popitem(last=False)
        return fresh

    same: Any = remembered
    return same  # type: ignore[no-any-return]


def kept_of(
    function: Callable[[Owner, Unpack[Asked]], Found],
) -> Callable[[Owner, Unpack[Asked]], Found]:
    """Remember what `function(owner, ...)` finds for as long as its owner is there: cubes, or a catalogue."""
    found: WeakKeyDictionary[Any, dict[Any, Found]] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(function)
    def remembered(owner: Any, *asked: Any) -> Found:
        with lock:
            known = found.setdefault(owner, {})
            if asked in known:
                return known[asked]
        fresh = function(owner, *asked)
        with lock:
            known[asked] = fresh
        return fresh

    same: Any = remembered
    return same  # type: ignore[no-any-return]
