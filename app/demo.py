"""The demo sign-in: one user per role and named line of business, on this machine alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from app import sessions
from config.permissions import DUTIES, PEOPLE, PERMISSIONS, Role, role_label
from config.settings import Settings, is_loopback
from data.viewer import Scope, Viewer
from state.sessions import new_id

ISSUER = ""
"""Stands in a session where a provider's issuer does."""
FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
ICONS = {
    Role.MANAGER: "megaphone",
    Role.EXECUTIVE: "graph-up",
    Role.ANALYST: "table",
    Role.PRIVACY_OFFICER: "shield-lock",
    Role.ADMINISTRATOR: "gear",
}


class DemoRefused(Exception):
    """The demo sign-in was asked for where it must not stand."""


class DemoUser:
    """A demo user; its id is its role, and its line of business where it is limited to one."""

    def __init__(self, role: Role, line: str = "") -> None:
        self.id = f"{role.value}:{line}" if line else role.value
        self.role, self.line = role, line

    @property
    def label(self) -> str:
        return f"{role_label(self.role)} of {self.line}" if self.line else role_label(self.role)

    @property
    def duty(self) -> str:
        return f"Sees campaigns of {self.line} alone." if self.line else DUTIES[self.role]

    @property
    def viewer(self) -> Viewer:
        label = self.label
        scope = Scope(lines=frozenset({self.line})) if self.line else Scope()
        held = frozenset(p.value for p in PERMISSIONS[self.role])
        return Viewer(f"Demo {label[:1].lower()}{label[1:]}", self.role.value, held, scope)


def users(lines: Sequence[str]) -> dict[str, DemoUser]:
    """The demo users by their ids: one per role, and one manager for each of these lines of business."""
    found = [*(DemoUser(role) for role in PEOPLE), *(DemoUser(Role.MANAGER, line) for line in lines)]
    return {user.id: user for user in found}


def install(server: Flask, settings: Settings) -> None:
    """Know the demo users; `DemoRefused` where others could reach them."""
    if settings.demo and (settings.production or not is_loopback(settings.host)):
        where = "in production" if settings.production else f"when serving on {settings.host}"
        raise DemoRefused(f"The demo sign-in does not work {where}: set REACHBOARD_DEMO=0.")
    server.config.update(REACHBOARD_DEMO=settings.demo, REACHBOARD_DEMO_USERS=users(settings.demo_lines))


def offered() -> list[tuple[str, str, str, str]]:
    """Id, label, duty and icon of every demo user, as the door lists them."""
    known = current_app.config["REACHBOARD_DEMO_USERS"].values()
    return [(user.id, user.label, user.duty, ICONS[user.role]) for user in known]


def enter(wanted: str, going: str) -> BaseResponse:
    """Sign in as a demo user."""
    if not may_be_entered():
        abort(403)
    user = of(wanted)
    if user is None:
        abort(400)
    id, viewer = new_id(), user.viewer
    session = sessions.of(viewer, ISSUER, user.id, id)
    return sessions.begin(session, id, redirect(going, 303), "demo")


def of(id: str) -> DemoUser | None:
    """The demo user of an id."""
    found = current_app.config["REACHBOARD_DEMO_USERS"].get(id)
    return found if isinstance(found, DemoUser) else None


def may_be_entered() -> bool:
    """Whether the demo may be entered by this very request."""
    demo = bool(current_app.config["REACHBOARD_DEMO"])
    return demo and is_local(request.remote_addr) and names_this_machine()


def is_local(remote: str | None) -> bool:
    """Whether a request comes straight from this machine, with nothing between that forwards it."""
    return (
        remote is not None and _loopback(remote) and not any(name in request.headers for name in FORWARDING)
    )


@lru_cache(maxsize=64)
def _loopback(remote: str) -> bool:
    try:
        return ip_address(remote).is_loopback
    except ValueError:
        return False


def names_this_machine() -> bool:
    """Whether the Host header is a name of loopback: a foreign name that resolves here is an attack."""
    return _names_loopback(request.host)


@lru_cache(maxsize=64)
def _names_loopback(named: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{named}").hostname or "")
    except ValueError:
        return False
