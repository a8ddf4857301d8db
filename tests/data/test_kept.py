"""What is kept of a snapshot: worked out once, apart by row scope, and without anything else of a viewer."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.kept import KEPT, kept, kept_of
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from pages.answers import ask

MANAGER = Viewer("A manager", "manager", frozenset({"export"}))
LIMITED = replace(MANAGER, scope=Scope(lines=frozenset({"Medicare"})))


def shelved(settings: Settings) -> Cubes:
    return Shelf(Lake(settings.lake)).current()


def test_it_is_worked_out_once_per_scope_and_snapshot(settings: Settings) -> None:
    asked: list[tuple[str, Scope]] = []

    @kept
    def scope_of(word: str, viewer: Viewer, cubes: Cubes) -> Scope:
        asked.append((word, viewer.scope))
        return viewer.scope

    cubes, other = shelved(settings), shelved(settings)
    for _ in range(3):
        assert scope_of("a", MANAGER, cubes).whole
        assert not scope_of("a", LIMITED, cubes).whole
    assert len(asked) == 2
    scope_of("b", MANAGER, cubes)
    scope_of("a", MANAGER, other)
    assert len(asked) == 4


def test_nothing_but_the_scope_reaches_what_is_kept(settings: Settings) -> None:
    @kept
    def seen(viewer: Viewer, cubes: Cubes) -> Viewer:
        return viewer

    assert seen(LIMITED, shelved(settings)) == Viewer("", "", scope=LIMITED.scope)


def test_what_was_asked_longest_ago_is_forgotten(settings: Settings) -> None:
    asked: list[int] = []

    @kept
    def number(one: int, viewer: Viewer, cubes: Cubes) -> int:
        asked.append(one)
        return one

    cubes = shelved(settings)
    for one in (0, *range(1, KEPT), 0, KEPT):  # 0 is asked again before there are too many
        number(one, MANAGER, cubes)
    number(0, MANAGER, cubes)
    assert len(asked) == KEPT + 1
    number(1, MANAGER, cubes)
    assert asked[-1] == 1


def test_what_is_kept_of_something_goes_with_it() -> None:
    class Shelf:
        pass

    asked: list[str] = []

    @kept_of
    def told(_shelf: Shelf, word: str) -> str:
        asked.append(word)
        return word

    shelf, other = Shelf(), Shelf()
    assert [told(shelf, "a"), told(shelf, "a"), told(shelf, "b"), told(other, "a")] == ["a", "a", "b", "a"]
    assert asked == ["a", "b", "a"]
    gone = ref(shelf)
    del shelf
    assert gone() is None


def test_no_snapshot_is_held_by_the_answers_that_were_kept_of_it(sample: Settings) -> None:
    cubes = shelved(sample)
    for by in ((), ("channel",), ("month",)):
        assert ask(("sent", "click_rate", "reach"), by, Filters(), MANAGER, cubes).rows
    gone = ref(cubes)
    del cubes
    gc.collect()
    assert gone() is None
