"""The menu of saved views: what a role may do in it, and what a limited viewer is not told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callbacks.saved import act
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from data.viewer import Scope, Viewer
from exports.owner import owner_of
from pages.saved import menu
from reports.views import defaults, visible
from state.store import Store
from tests.drawn import words

NAME = "<b>Flu</b> & more"


def who(role: Role, name: str = "Ann", lines: frozenset[str] | None = None) -> Viewer:
    return Viewer(name, role, frozenset(PERMISSIONS[role]), Scope(None, lines))


def asked(store: Store, viewer: Viewer, **ask: Any) -> str:
    return words(act(ask, "/explore", "Explore", viewer, store))


def test_what_is_saved_is_listed_as_it_was_typed_and_its_default_leads_the_menu(store: Store) -> None:
    ann = who(Role.EXECUTIVE)
    assert "is saved" in asked(store, ann, do="save", name=NAME, query="?metrics=sent")
    (view,) = visible(ann, store)
    shown = words(menu([view], "/explore", ann))
    assert words(NAME)[1:-1] in shown
    assert defaults(ann, store) == {}
    asked(store, ann, do="default", id=view.id)
    assert defaults(ann, store) == {"/explore": "metrics=sent"}
    assert "without a view" in words(menu(visible(ann, store), "/explore", ann))
    assert "No views of this page" in words(menu(visible(ann, store), "/compare", ann))
    assert "Undo" in asked(store, ann, do="remove", id=view.id)
    assert defaults(ann, store) == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_only_who_edits_campaigns_or_issues_reports_shares(store: Store, role: Role) -> None:
    ann = who(role)
    asked(store, ann, do="save", name="Mine", query="")
    (view,) = visible(ann, store)
    allowed = bool({Permission.EDIT_CAMPAIGNS, Permission.ISSUE_REPORTS} & PERMISSIONS[role])
    assert ("Share with" in words(menu([view], "/explore", ann))) == allowed
    said = asked(store, ann, do="share", id=view.id, role="analyst")
    assert ("is shared" in said) == allowed
    bo = who(Role.ANALYST, "Bo")
    assert [one.name for one in visible(bo, store)] == (["Mine"] if allowed else [])
    if allowed:
        assert "by Ann" in words(menu(visible(bo, store), "/explore", bo))
        assert "There is no such role" in asked(store, ann, do="share", id=view.id, role="source")


def test_a_view_of_somebody_who_sees_more_is_not_told_to_who_sees_less(store: Store) -> None:
    ann, bo = who(Role.MANAGER), who(Role.ANALYST, "Bo", frozenset({"Medicaid"}))
    asked(store, ann, do="save", name="Medicare secrets", query="campaign=medicare-1")
    (view,) = visible(ann, store)
    asked(store, ann, do="share", id=view.id, role="analyst")
    assert visible(bo, store) == []
    assert [one.name for one in visible(who(Role.ANALYST, "Cy"), store)] == ["Medicare secrets"]
    assert json.loads(view.scope) == json.loads(owner_of(ann).scope)


@pytest.mark.parametrize(
    "ask",
    [{}, {"do": "burn"}, {"do": "remove", "id": True}, {"do": "remove", "id": "1"},
     {"do": "rename", "id": 2**40},
     {"do": "save", "name": 5}, {"do": "save", "name": "x", "query": "a" * 3_000}],
)  # fmt: skip
def test_what_is_no_act_is_refused_in_words(store: Store, ask: dict[str, Any]) -> None:
    assert asked(store, who(Role.MANAGER), **ask) != words([])
    assert visible(who(Role.MANAGER), store) == []
