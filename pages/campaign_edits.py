"""What people do to a campaign's record: open a group's form, save it, and take an earlier edit back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash.development.base_component import Component

from data.cubes import UNNAMED, UNSTATED, Campaign, Cubes
from data.records import (
    FIELDS,
    FieldRefused,
    Known,
    Remark,
    Shown,
    changed,
    difference,
    parse_field,
    remarks,
)
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.campaign_form import form
from pages.campaign_record import GROUPS, OF_FIGURES, fields_of, record_now, view, words_of
from state.store import Conflict, Edit, Store

SAVED = "Saved."
FOLLOW = "Figures follow at the next refresh."
TEXT_LENGTH, MOST_ROWS = 60_000, 500


@dataclass(frozen=True)
class Done:
    """What an act changed on the page: groups to draw anew, what is said, and whether the record changed."""

    groups: dict[str, list[Component]] = field(default_factory=dict)
    said: str = ""
    changed: bool = False


def act(ask: object, campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> Done:
    """Do what the browser asks; what it asks in vain is answered in words and changes nothing."""
    given = ask if isinstance(ask, dict) else {}
    do, group = given.get("do"), given.get("group")
    if do == "undo":
        return _undone(given.get("edit"), campaign, viewer, cubes, store)
    if not isinstance(group, str) or group not in GROUPS:
        return Done(said="There is no such part of the record.")
    if do == "edit":
        return Done({group: form(group, record_now(campaign, store), known(viewer, cubes))})
    if do == "save":
        return _saved(group, given, campaign, viewer, cubes, store)
    return Done({group: view(group, record_now(campaign, store), viewer)})


def known(viewer: Viewer, cubes: Cubes) -> Known:
    """Names in use by the campaigns that the viewer may see, and the outcomes that have a clock."""
    seen = questions.seen(viewer, cubes)
    outcomes = {one.outcome for one in seen if one.outcome}
    programs = {one.program for one in seen} - UNNAMED
    return Known(outcomes, programs, {one.line_of_business for one in seen} - UNNAMED)


def _saved(
    group: str, given: Mapping[str, Any], campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store
) -> Done:
    now = record_now(campaign, store)
    typed = _typed(group, given.get("values"))
    values, wrong = _parsed(typed)
    changes = difference(now.record, values)
    after = changed(now.record, changes)
    told = remarks(after, known(viewer, cubes))
    wrong |= {one.field: one.words for one in told if one.blocking and one.field not in wrong}
    if not _allowed(after, viewer):
        name = "program" if "program" in changes else "line_of_business"
        wrong[name] = "That is outside the programs and lines of business that you may see."
    if wrong:
        first = "One value cannot be saved." if len(wrong) == 1 else f"{len(wrong)} values cannot be saved."
        elsewhere = [words for name, words in wrong.items() if name not in _names(group)]
        return Done(
            {group: form(group, now, known(viewer, cubes), typed, wrong, " ".join([first, *elsewhere]))}
        )
    if not changes:
        return Done({group: view(group, now, viewer)}, "Nothing was changed.")
    try:
        store.add_edit(campaign.id, changes, viewer.name, _base(given.get("base"), now))
    except Conflict as conflict:
        return _conflicting(group, conflict.edit, conflict.fields, typed, campaign, viewer, cubes, store)
    except ValueError as refused:
        return Done({group: form(group, now, known(viewer, cubes), typed, said=str(refused))})
    return Done({group: view(group, record_now(campaign, store), viewer)}, _said(changes, told), True)


def _conflicting(
    group: str,
    theirs: Edit,
    fields: tuple[str, ...],
    typed: Mapping[str, Any],
    campaign: Campaign,
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
) -> Done:
    """The form again with what was typed, beside each field what somebody else made of it meanwhile."""
    wrong = {
        name: f"{theirs.by} changed this to: {words_of(FIELDS[name], theirs.changes[name][1])}."
        for name in fields
        if name in FIELDS
    }
    said = (
        f"{theirs.by} changed this campaign while you were editing. Nothing was saved. "
        "Save again to put your values in place, or cancel to keep theirs."
    )
    now = record_now(campaign, store)
    return Done({group: form(group, now, known(viewer, cubes), typed, wrong, said)})


def _undone(number: object, campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> Done:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
        return Done(said="There is no such edit.")
    edit = store.edit(number)
    if edit is None or edit.campaign != campaign.id:
        return Done(said="There is no such edit.")
    back = {name: [new, old] for name, (old, new) in edit.changes.items()}
    after = changed(record_now(campaign, store).record, back)
    if not _allowed(after, viewer):
        return Done(said="That would take the campaign out of the programs that you may see.")
    if blocking := [one.words for one in remarks(after, known(viewer, cubes)) if one.blocking]:
        return Done(said=" ".join(blocking))
    try:
        store.undo(number, viewer.name, record_now(campaign, store).record)
    except Conflict as conflict:
        return Done(said=str(conflict))
    now = record_now(campaign, store)
    groups = [group for group in GROUPS if set(_names(group)) & set(edit.changes)]
    return Done({group: view(group, now, viewer) for group in groups}, _said(back, []), True)


def _allowed(record: Mapping[str, Any], viewer: Viewer) -> bool:
    """Whether the viewer may still see the campaign with this record."""
    program, line = record.get("program") or UNSTATED, record.get("line_of_business") or UNSTATED
    return viewer.scope.allows(str(program), str(line))


def _typed(group: str, values: object) -> dict[str, Any]:
    given = values if isinstance(values, dict) else {}
    return {name: given[name] for name in _names(group) if name in given and _fits(name, given[name])}


def _fits(name: str, value: object) -> bool:
    """Whether a value has the shape in which the field's form sends it."""
    if name == "channels":
        return isinstance(value, list) and len(value) <= MOST_ROWS and all(_text(one) for one in value)
    if name == "variants":
        return isinstance(value, list) and len(value) <= MOST_ROWS and all(_texts(one) for one in value)
    return _texts(value) if name == "unit_costs" else _text(value)


def _texts(value: object) -> bool:
    return isinstance(value, dict) and len(value) <= MOST_ROWS and all(_text(one) for one in value.values())


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_LENGTH


def _parsed(typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as the record holds them, and per field what is wrong with what was typed."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        try:
            values[name] = parse_field(name, text)
        except FieldRefused as refused:
            wrong[name] = str(refused).removeprefix(f"{FIELDS[name].label}: ")
    return values, wrong


def _names(group: str) -> list[str]:
    return [one.name for one in fields_of(group)]


def _base(given: object, now: Shown) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= now.base else 0


def _said(changes: Mapping[str, Any], told: list[Remark]) -> str:
    words = [SAVED, *([FOLLOW] if OF_FIGURES & set(changes) else [])]
    return " ".join([*words, *(one.words for one in told if one.field in changes)])
