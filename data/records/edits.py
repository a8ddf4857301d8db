"""Edits of people on top of the record that the figures know: what is shown now, and what came when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from data.records.checks import Record
from data.records.fold import BROWSER, Changes, Version, changed, fold


class Edit(Protocol):
    """An edit as the state store keeps it."""

    @property
    def id(self) -> int: ...
    @property
    def changed_us(self) -> int: ...
    @property
    def by(self) -> str: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def undo_of(self) -> int | None: ...


@dataclass(frozen=True)
class Shown:
    """The record as people left it. `waiting`: the edits, by field, that the figures do not know yet.

    `base` is the id of the last edit; hand it to `Store.add_edit`.
    """

    record: Record
    waiting: dict[str, Edit]
    base: int


def shown(record: Mapping[str, Any], edited_us: int, edits: Sequence[Edit]) -> Shown:
    """The snapshot's record with the edits after `edited_us` (`Campaign.edited_us`) on top."""
    waiting: dict[str, Edit] = {}
    now = dict(record)
    for edit in edits:
        if edit.changed_us > edited_us:
            now = changed(now, edit.changes)
            waiting |= dict.fromkeys(edit.changes, edit)
    return Shown(now, waiting, max((edit.id for edit in edits), default=0))


@dataclass(frozen=True)
class Entry:
    """One step of a record's history: when, by which source (`browser` for people), and what.

    `edit` is the id of an edit that may be undone, `by` who made it; `waiting` where the figures do not
    know it yet; `overtaken` names fields that a source had changed before the edit arrived.
    """

    at_us: int
    source: str
    changes: Changes
    by: str = ""
    edit: int | None = None
    undo_of: int | None = None
    waiting: bool = False
    overtaken: tuple[str, ...] = ()


def history(versions: Sequence[Version], edits: Iterable[Edit]) -> list[Entry]:
    """Every step of a record, newest first: what landed, and what waits."""
    known = {edit.changed_us: edit for edit in edits}
    entries = []
    for step in fold(versions)[1]:
        own = known.pop(step.version.at_us, None) if step.version.partial else None
        entries.append(_entry(step.version.source, step.version.at_us, step.changes, own))
    landed = {version.at_us for version in versions if version.partial}
    for edit in known.values():
        waiting = edit.changed_us not in landed
        entry = _entry(BROWSER, edit.changed_us, edit.changes if waiting else {}, edit)
        entries.append(replace(entry, waiting=waiting))
    return sorted(entries, key=lambda entry: entry.at_us, reverse=True)


def _entry(source: str, at_us: int, changes: Changes, edit: Edit | None) -> Entry:
    if edit is None:
        return Entry(at_us, source, changes)
    lost = tuple(name for name in edit.changes if name not in changes)
    return Entry(at_us, source, changes, edit.by, edit.id, edit.undo_of, overtaken=lost)


def difference(record: Mapping[str, Any], values: Mapping[str, Any]) -> Changes:
    """field -> [old, new] of the values that differ from the record; None is "no value"."""
    return {name: [record.get(name), value] for name, value in values.items() if record.get(name) != value}
