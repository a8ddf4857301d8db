"""Serves the app with gunicorn: says where and how to sign in, and ends gracefully."""

from __future__ import annotations

import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from app.ending import end
from app.logs import OfServer
from config.permissions import PEOPLE, role_label
from config.settings import Settings, variable

THREADS = 4
GRACE_SECONDS = 30
"""What is being answered when the server is ended has so long to be answered, a long CSV too."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """A web process that, once it is to end, turns away at once who comes anew: they can go elsewhere."""

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                listener.close()
            end(self.wsgi)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told by the settings alone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Imported in the worker: the engines behind it do not survive a fork.
        from app.wsgi import server

        return server

    def _options(self) -> dict[str, Any]:
        return {
            "bind": address(self.settings),
            "workers": self.settings.workers,
            "worker_class": Worker,
            "threads": THREADS,
            "preload_app": False,
            # A question of many names is long.
            "limit_request_line": 8190,
            "timeout": 120,
            "graceful_timeout": GRACE_SECONDS,
            "loglevel": "warning",
            "proc_name": "reachboard",
            "control_socket_disable": True,
            **({"logger_class": OfServer} if self.settings.production else {}),
            "forwarded_allow_ips": "",
            "when_ready": lambda _arbiter: print(welcome(self.settings), flush=True),  # noqa: T201
        }


def address(settings: Settings) -> str:
    """`host:port`, with brackets around an IPv6 host."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def welcome(settings: Settings) -> str:
    """Where the app is and how to sign in."""
    lines = [f"Reachboard is on http://{address(settings)}"]
    if settings.demo:
        roles = ", ".join(role_label(role).lower() for role in PEOPLE)
        lines.append(f"Sign in there as a demo user, no password: {roles}.")
    elif settings.oidc_issuer:
        lines.append(f"People sign in at {settings.oidc_issuer}.")
    else:
        lines.append(f"Nobody can sign in: {variable('demo')}=0, and no identity provider is connected.")
    lines.append("Ctrl+C ends it.")
    return "\n".join(lines)


def busy(settings: Settings) -> str:
    """Why the address cannot be served on, or nothing."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = (error.strerror or "the address is refused").lower()
            return (
                f"Cannot serve on {address(settings)}: {reason}. "
                f"End what listens there, or choose another port: make run PORT={settings.port % 65535 + 1}"
            )
    return ""
