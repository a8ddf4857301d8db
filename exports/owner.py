"""A viewer as the owner of exports, and an owner as the viewer who asked."""

from __future__ import annotations

import json

from data.viewer import Scope, Viewer
from state.exports import Owner


def owner_of(viewer: Viewer) -> Owner:
    """The owner that a viewer is: name, role, and the row scope as text that is equal where the scope is."""
    scope = {"programs": viewer.scope.programs, "lines": viewer.scope.lines}
    told = {of: None if names is None else sorted(names) for of, names in scope.items()}
    return Owner(viewer.name, viewer.role, json.dumps(told), tuple(sorted(viewer.permissions)))


def viewer_of(owner: Owner) -> Viewer:
    """Who asked, with the permissions and the row scope of then."""
    return Viewer(owner.by, owner.role, frozenset(owner.permissions), scope_of(owner.scope))


def scope_of(text: str) -> Scope:
    """The row scope that `owner_of` wrote."""
    told = json.loads(text)
    programs, lines = (None if told[of] is None else frozenset(told[of]) for of in ("programs", "lines"))
    return Scope(programs, lines)
