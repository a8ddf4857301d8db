"""A callback's request: refused unless it is plain JSON that names exactly the ends the callback declares."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from flask import Request

KEYS = frozenset({"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"})
DEEPEST = 24
WILDCARDS = (["ALL"], ["MATCH"], ["ALLSMALLER"])
Spec = dict[str, Any]


def body_of(request: Request) -> dict[str, Any] | None:
    """The request's JSON object; None where it is none, or holds what no browser of ours sends."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        return None
    return body if isinstance(body, dict) and body.keys() <= KEYS and _is_plain(body) else None


def fits(body: dict[str, Any], wire: Spec) -> bool:
    """Whether the ends that a body names are those of the callback, and what changed is among its inputs."""
    inputs, state = body.get("inputs", []), body.get("state", [])
    if not (_same_ends(inputs, wire["inputs"]) and _same_ends(state, wire["state"])):
        return False
    outputs = body.get("outputs", [])
    if not _same_ends(outputs if wire["several"] else [outputs], wire["outputs"]):
        return False
    return _changed(body, inputs)


def _is_plain(body: dict[str, Any]) -> bool:
    """Whether it is not nested without end, its numbers are finite and its text can be written."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        found: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                found += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                found += one
            elif (isinstance(one, float) and not isfinite(one)) or (isinstance(one, str) and not _text(one)):
                return False
        if not found:
            return True
        level = found
    return False


def _text(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return True


def _same_ends(given: object, declared: list[Spec]) -> bool:
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_same_end(one, end) for one, end in zip(given, declared, strict=True))


def _same_end(given: object, end: Spec) -> bool:
    pattern = _pattern(end["id"])
    if pattern is not None and isinstance(given, list):
        return ["MATCH"] not in pattern.values() and all(_is_end(one, pattern, end) for one in given)
    return _is_end(given, end["id"] if pattern is None else pattern, end)


def _is_end(given: object, name: object, end: Spec) -> bool:
    if not isinstance(given, dict) or not given.keys() <= {"id", "property", "value"}:
        return False
    prop = given.get("property")
    if not isinstance(prop, str) or prop.split("@")[0] != end["property"].split("@")[0]:
        return False  # behind @ stands what tells callbacks with one output apart
    return _fits_pattern(given.get("id"), name) if isinstance(name, dict) else given.get("id") == name


def _fits_pattern(given: object, pattern: Spec) -> bool:
    """Whether an id has the pattern's keys, its fixed values, and something plain where it has a wildcard."""
    if not isinstance(given, dict) or given.keys() != pattern.keys():
        return False
    return all(
        isinstance(given[key], str | int | float) if value in WILDCARDS else given[key] == value
        for key, value in pattern.items()
    )


def _pattern(name: str) -> Spec | None:
    found = json.loads(name) if name.startswith("{") else None
    return found if isinstance(found, dict) else None


def _changed(body: dict[str, Any], inputs: list[Any]) -> bool:
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not isinstance(body.get("parsedChangedPropsIds", []), list):
        return False
    flat = [one for end in inputs for one in (end if isinstance(end, list) else [end])]
    known = [(end["id"], end["property"]) for end in flat]
    return all(isinstance(name, str) and _end_named(name) in known for name in changed)


def _end_named(name: str) -> tuple[object, str] | None:
    """Id and property of `id.property`, where the id may be a pattern's JSON."""
    ident, dot, prop = name.rpartition(".")
    if not dot:
        return None
    try:
        return (json.loads(ident) if ident.startswith("{") else ident), prop
    except (ValueError, RecursionError):
        return None
