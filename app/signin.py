"""The demo sign-in: one user per role and named line, on this machine alone; and who the viewer is."""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, render_template, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from config.permissions import DUTIES, PEOPLE, PERMISSIONS, Role, role_label
from config.settings import Settings, is_loopback
from data.viewer import Scope, Viewer

SESSION_SECONDS = 8 * 3600
FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
ICONS = {
    Role.MANAGER: "megaphone",
    Role.EXECUTIVE: "graph-up",
    Role.ANALYST: "table",
    Role.PRIVACY_OFFICER: "shield-lock",
    Role.ADMINISTRATOR: "gear",
}


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions; the signer, which follows from the secret key alone, is made once."""

    def __init__(self) -> None:
        self._made: tuple[object, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        key, made = self._made
        if made is None or key != app.secret_key:
            made = super().get_signing_serializer(app)
            self._made = (app.secret_key, made)
        return made


class DemoRefused(Exception):
    """The demo sign-in was asked for where it must not stand."""


class DemoUser(UserMixin):  # type: ignore[misc]
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


def demo_users(lines: Sequence[str]) -> dict[str, DemoUser]:
    """The demo users by their ids: one per role, and one manager for each of these lines of business."""
    users = [*(DemoUser(role) for role in PEOPLE), *(DemoUser(Role.MANAGER, line) for line in lines)]
    return {user.id: user for user in users}


def install(server: Flask, settings: Settings) -> None:
    """Add sign-in and sign-out to the server; `DemoRefused` where others could reach the demo."""
    if settings.demo and (settings.production or not is_loopback(settings.host)):
        where = "in production" if settings.production else f"when serving on {settings.host}"
        raise DemoRefused(f"The demo sign-in does not work {where}: set REACHBOARD_DEMO=0.")
    server.session_interface = Sessions()
    server.secret_key = hmac.digest(settings.secret(), b"reachboard|session|v1", "sha256")
    server.config.update(
        SESSION_COOKIE_NAME="__Host-reachboard" if not settings.demo else "reachboard",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.demo,  # plain http only on loopback
        SESSION_REFRESH_EACH_REQUEST=False,
        REACHBOARD_DEMO=settings.demo,
        REACHBOARD_DEMO_USERS=demo_users(settings.demo_lines),
    )
    manager = LoginManager(server)
    # Its hash of the user agent guards nothing, and signs people out when a browser updates.
    manager.session_protection = None
    manager.user_loader(_load)
    server.add_url_rule("/sign-in", "sign_in", _page, methods=["GET"])
    server.add_url_rule("/sign-in", "sign_in_as", _enter, methods=["POST"])
    server.add_url_rule("/sign-out", "sign_out", _leave, methods=["POST"])


def viewer() -> Viewer | None:
    """The signed-in viewer of this request, or None."""
    return current_user.viewer if isinstance(current_user._get_current_object(), DemoUser) else None


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


def next_path(wanted: str | None) -> str:
    """A path on this server to go on to; anything that could lead elsewhere becomes the start page."""
    if not wanted or not wanted.startswith("/") or not wanted.isprintable():
        return "/"
    return "/" if wanted.startswith("//") or "\\" in wanted else wanted


def _load(user_id: str) -> DemoUser | None:
    began = session.get("began")
    if not isinstance(began, int) or not 0 <= time.time() - began < SESSION_SECONDS:
        return None
    return _user(user_id)


def _user(name: str) -> DemoUser | None:
    found = current_app.config["REACHBOARD_DEMO_USERS"].get(name)
    return found if isinstance(found, DemoUser) else None


def _page() -> BaseResponse | str:
    going = next_path(request.args.get("next"))
    if viewer() is not None:
        return redirect(going, 303)
    users = current_app.config["REACHBOARD_DEMO_USERS"].values()
    roles = [(user.id, user.label, user.duty, ICONS[user.role]) for user in users]
    return render_template("signin.html", roles=roles, next=going, demo=request_may_enter())


def request_may_enter() -> bool:
    """Whether the demo may be entered by this very request."""
    demo = bool(current_app.config["REACHBOARD_DEMO"])
    return demo and is_local(request.remote_addr) and names_this_machine()


def _enter() -> BaseResponse:
    if not request_may_enter():
        abort(403)
    user = _user(request.form.get("role", ""))
    if user is None:
        abort(400)
    session.clear()
    session["began"] = int(time.time())
    login_user(user)
    return redirect(next_path(request.form.get("next")), 303)


def _leave() -> BaseResponse:
    logout_user()
    session.clear()
    return redirect("/sign-in", 303)
