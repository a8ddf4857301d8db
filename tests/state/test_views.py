"""Saved views: one name once per owner and page, one default, and nobody changes those of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.text import TextRefused
from ledger.entry import Entry, What
from state.store import Store
from state.views import MOST, View, ViewRefused

OWN = "{}"


@pytest.fixture
def told() -> list[Entry]:
    return []


@pytest.fixture
def store(state_url: str, told: list[Entry]) -> Iterator[Store]:
    made = Store(state_url, tell=told.append)
    yield made
    made.close()


def saved(store: Store, name: str = "Flu by month", by: str = "Ann", path: str = "/explore") -> View:
    return store.views.save(path, "Explore", "metrics=sent&by=month", name, by, OWN)


def test_a_view_is_kept_renamed_shared_deleted_and_brought_back(store: Store, told: list[Entry]) -> None:
    assert store.views.of("Ann") == []
    made = saved(store)
    assert made.address == "/explore?metrics=sent&by=month"
    assert store.views.of("Ann") == [made]
    assert store.views.of("Bo", "analyst") == []
    assert store.views.rename(made.id, "Flu", "Ann").name == "Flu"
    store.views.share(made.id, "analyst", "Ann")
    assert [one.name for one in store.views.of("Bo", "analyst")] == ["Flu"]
    assert store.views.of("Bo", "manager") == []
    store.views.remove(made.id, "Ann")
    assert store.views.of("Ann") == store.views.of("Bo", "analyst") == []
    assert store.views.bring_back(made.id, "Ann").shared == "analyst"
    assert [one.about["do"] for one in told] == ["save", "rename", "share", "remove", "restore"]
    assert {(one.what, one.who, one.place) for one in told} == {(What.VIEWS, "Ann", "/explore")}


def test_a_name_is_there_once_per_owner_and_page(store: Store) -> None:
    first = saved(store)
    again = store.views.save("/explore", "Explore", "metrics=cost", "flu BY month", "Ann", OWN)
    assert (again.id, again.query) == (first.id, "metrics=cost")
    other = saved(store, "Another")
    with pytest.raises(ViewRefused, match="has that name"):
        store.views.rename(other.id, "FLU by month", "Ann")
    assert saved(store, path="/compare").id != first.id
    assert saved(store, by="Bo").id != first.id
    store.views.remove(first.id, "Ann")
    saved(store)
    with pytest.raises(ViewRefused, match="by now"):
        store.views.bring_back(first.id, "Ann")


def test_one_default_per_page(store: Store) -> None:
    one, two, far = saved(store, "One"), saved(store, "Two"), saved(store, "One", path="/compare")
    for view in (one, far, two):
        store.views.make_default(view.id, "Ann")
    assert {view.id for view in store.views.of("Ann") if view.is_default} == {two.id, far.id}
    store.views.make_default(two.id, "Ann", on=False)
    assert {view.id for view in store.views.of("Ann") if view.is_default} == {far.id}
    store.views.remove(far.id, "Ann")
    assert not store.views.bring_back(far.id, "Ann").is_default


def test_nobody_changes_a_view_of_another(store: Store) -> None:
    made = saved(store)
    store.views.share(made.id, "analyst", "Ann")
    for act in (store.views.remove, store.views.bring_back, store.views.make_default):
        with pytest.raises(ViewRefused):
            act(made.id, "Bo")
    with pytest.raises(ViewRefused):
        store.views.rename(made.id, "Mine", "Bo")
    with pytest.raises(ViewRefused):
        store.views.share(made.id, "manager", "Bo")
    assert store.views.of("Ann")[0].name == made.name


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "turned \u202e round"])
def test_a_name_is_short_and_plain(store: Store, name: str) -> None:
    with pytest.raises(TextRefused):
        saved(store, name)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("//evil.example", ""),
        ("https://evil", ""),
        ("/a?b", ""),
        ("/explore", "x" * 2_001),
        ("/explore", "a\nb"),
    ],
)
def test_an_address_is_one_of_a_page(store: Store, path: str, query: str) -> None:
    with pytest.raises(ViewRefused):
        store.views.save(path, "Page", query, "Name", "Ann", OWN)


def test_nobody_keeps_views_without_end(store: Store) -> None:
    for number in range(MOST):
        saved(store, f"View {number}")
    with pytest.raises(ViewRefused, match="delete one"):
        saved(store, "One more")
    saved(store, "View 3")
