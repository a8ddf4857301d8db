"""What follows from a snapshot, a question and a row scope alone: worked out once, then kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple, Unpack

from data.cubes import Cubes
from data.viewer import Viewer

KEPT = 512
HELD = "_kept"
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
    lock = threading.Lock()

    @wraps(function)
    def remembered(*given: Any) -> Found:
        *asked, viewer, cubes = given
        key = (*asked, viewer.scope)
        known = _held(cubes, function, OrderedDict)
        with lock:
            if key in known:
                known.move_to_end(key)
                return known[key]  # type: ignore[no-any-return]
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

    @wraps(function)
    def remembered(owner: Any, *asked: Any) -> Found:
        known = _held(owner, function, dict)
        if asked in known:
            return known[asked]  # type: ignore[no-any-return]
        fresh = function(owner, *asked)
        return known.setdefault(asked, fresh)  # type: ignore[no-any-return]

    same: Any = remembered
    return same  # type: ignore[no-any-return]


def forget(owner: object) -> None:
    """Let a copy begin with nothing kept: what was found for the other may not hold for it."""
    owner.__dict__.pop(HELD, None)


def _held(owner: object, function: object, empty: Callable[[], Any]) -> Any:
    """What a function has found for an owner.

    The owner itself holds it. An answer that is kept refers to the cubes that it is of, so that anything that
    held it from elsewhere would hold every snapshot there ever was.
    """
    of: dict[object, Any] = owner.__dict__.setdefault(HELD, {})
    return of.get(function) or of.setdefault(function, empty())
