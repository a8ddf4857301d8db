"""A campaign's record and notes are edited by whom may; nothing else that a browser sends is kept."""

from __future__ import annotations

from typing import Any

import pytest

from callbacks import campaign as wires
from data.cubes import Cubes
from data.viewer import Viewer
from pages.campaign_record import GROUPS
from state.store import Store
from tests.drawn import compact

CLOSED = "flu-2025"
Drawn = tuple[Any, ...]


def ask_record(viewer: Viewer, cubes: Cubes, store: Store, ask: object, name: object = CLOSED) -> Drawn:
    return wires.act_on_record(viewer, cubes, store, ask, name)


def save(viewer: Viewer, cubes: Cubes, store: Store, group: str, **values: Any) -> Drawn:
    return ask_record(viewer, cubes, store, {"do": "save", "group": group, "base": 0, "values": values})


def group_of(field: str) -> str:
    from data.records import FIELDS

    return next(name for name, words in GROUPS.items() if words == FIELDS[field].group)


def test_an_edit_is_kept_told_and_undone(cubes: Cubes, manager: Viewer, store: Store) -> None:
    save(manager, cubes, store, group_of("owner"), owner="Team 7")
    (edit,) = store.edits(CLOSED)
    assert edit.by == manager.name
    assert edit.changes["owner"][1] == "Team 7"
    told = compact(wires.history(manager, cubes, store, 1, None, CLOSED))
    assert "Team 7" in told
    ask_record(manager, cubes, store, {"do": "undo", "edit": edit.id})
    assert store.edits(CLOSED)[-1].undo_of == edit.id
    said = ask_record(manager, cubes, store, {"do": "undo", "edit": edit.id})[-2]
    assert "nothing was saved" in said


def test_a_limited_viewer_cannot_move_a_campaign_out_of_sight(
    cubes: Cubes, limited: Viewer, store: Store
) -> None:
    drawn = save(limited, cubes, store, group_of("program"), program="A1C test")
    assert "outside the programs" in compact(drawn[0])
    assert store.edits(CLOSED) == []


def test_nobody_edits_undoes_or_writes_beside_what_they_may_not_see(
    cubes: Cubes, manager: Viewer, limited: Viewer, store: Store
) -> None:
    edit = store.add_edit("a1c-2026-arms", {"owner": ["x", "y"]}, "Ann")
    note = store.add_note("a1c-2026-arms", 20_000, "theirs", "Ann")
    plan = store.add_note(None, 20_000, "everybody's", "Ann")
    group = group_of("owner")
    for name in ("a1c-2026-arms", "nobody", None, 3, ["flu-2025"]):
        ask_record(limited, cubes, store, {"do": "save", "group": group, "values": {"owner": "z"}}, name)
        ask_record(limited, cubes, store, {"do": "undo", "edit": edit.id}, name)
        wires.act_on_notes(limited, cubes, store, {"do": "add", "day": "2026-01-01", "text": "x"}, name)
    ask_record(limited, cubes, store, {"do": "undo", "edit": edit.id})
    for number in (note.id, plan.id):
        wires.act_on_notes(limited, cubes, store, {"do": "remove", "id": number}, CLOSED)
    whole = {"do": "add", "day": "2026-01-01", "text": "for all?", "whole": True}
    wires.act_on_notes(limited, cubes, store, whole, CLOSED)
    assert store.edits() == [edit]
    kept = store.notes(["a1c-2026-arms", CLOSED], 0, 99_999)
    assert {(one.campaign, one.text) for one in kept} == {
        ("a1c-2026-arms", "theirs"), (None, "everybody's"), (CLOSED, "for all?"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        None, 7, [], {}, {"do": "save"}, {"do": "save", "group": "what"}, {"do": "undo"},
        {"do": "undo", "edit": "1"}, {"do": "undo", "edit": True}, {"do": "undo", "edit": 10**30},
        {"do": "edit", "group": ["whatis"]},
        {"do": "remove", "id": None}, {"do": "restore", "id": -1}, {"do": "add"}, {"do": "add", "day": 5},
        {"do": "add", "day": "2026-01-01", "text": {"a": 1}}, {"do": "add", "day": "0001-01-01", "text": "x"},
    ],
)  # fmt: skip
def test_what_a_browser_sends_changes_nothing_unless_it_makes_sense(
    ask: object, cubes: Cubes, manager: Viewer, store: Store
) -> None:
    ask_record(manager, cubes, store, ask)
    wires.act_on_notes(manager, cubes, store, ask, CLOSED)
    assert store.edits() == []
    assert store.notes([CLOSED], -99_999, 99_999) == []


@pytest.mark.parametrize(
    "values",
    [
        {"variants": "x" * 100_000}, {"variants": [{"name": {"deep": 1}}]}, {"variants": [[["a"]]]},
        {"channels": [{"a": "b"}]}, {"unit_costs": {"email": ["0.1"]}}, {"owner": "not of this group"},
        {"start": 20200101}, {"waves": {"a": "b"}},
    ],
)  # fmt: skip
def test_values_of_the_wrong_shape_are_passed_over_or_refused(
    values: dict[str, Any], cubes: Cubes, manager: Viewer, store: Store
) -> None:
    save(manager, cubes, store, group_of("variants"), **values)
    assert store.edits() == []
