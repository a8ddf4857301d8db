"""Who asks with a key: its role's permissions, and no more rows than it was limited to."""

from __future__ import annotations

from flask import request

from config.permissions import PERMISSIONS, Role
from data.viewer import Scope, Viewer
from state.keys import ApiKey, Keys

SCHEME = "bearer"
API = "/api/"


def is_offered() -> bool:
    """Whether the request brings credentials of its own: then these count, and no cookie does."""
    return request.path.startswith(API) and "Authorization" in request.headers


def viewer(keys: Keys) -> Viewer | None:
    """The viewer of the request's key; None for an unknown, expired or revoked one."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    key = keys.find(secret.strip())
    return None if key is None else viewer_of(key)


def viewer_of(key: ApiKey) -> Viewer:
    """What a key stands for."""
    scope = Scope(
        programs=None if key.programs is None else frozenset(key.programs),
        lines=None if key.lines is None else frozenset(key.lines),
    )
    held = frozenset(p.value for p in PERMISSIONS[Role(key.role)])
    return Viewer(f"Key {key.name}", key.role, held, scope)
