"""A viewer as the owner of exports, and an owner as the viewer who asked."""

from __future__ import annotations

from data.viewer import Scope, Viewer
from state.exports import Owner


def owner_of(viewer: Viewer) -> Owner:
    """The owner that a viewer is: name, role, and the row scope as text that is equal where the scope is."""
    return Owner(viewer.name, viewer.role, viewer.scope.text, tuple(sorted(viewer.permissions)))


def viewer_of(owner: Owner) -> Viewer:
    """Who asked, with the permissions and the row scope of then."""
    return Viewer(owner.by, owner.role, frozenset(owner.permissions), Scope.of(owner.scope))
