"""Who is told of which saved view, which one a page opens with, and whether one is sent by the clock."""

from __future__ import annotations

from data.viewer import Scope, Viewer
from pages.reports_offered import PATHS, VIEW
from state.store import Store
from state.views import View


def visible(viewer: Viewer, store: Store) -> list[View]:
    """A viewer's own views, and those shared with the role by people who see no more than the viewer."""
    found = store.views.of(viewer.name, viewer.role)
    return [one for one in found if one.by == viewer.name or viewer.scope.covers(Scope.of(one.scope))]


def defaults(viewer: Viewer, store: Store) -> dict[str, str]:
    """Per path the query of the view that its link in the menu opens."""
    found = store.views.of(viewer.name)
    return {view.path: view.query for view in found if view.is_default and view.query}


def is_sent(view: View, store: Store) -> bool:
    """Whether its owner has it sent by the clock, under the name that it has."""
    asked = (PATHS.get(view.path), view.name, view.by)
    return any((one.page, one.query.get(VIEW), one.by) == asked for one in store.schedules.all())
