"""The way here: proxies that are believed, one name, and https alone where it is stated."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from api.health import ENDPOINT as HEALTH
from config.settings import Settings

HSTS = "max-age=63072000; includeSubDomains"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
READ = frozenset({"GET", "HEAD"})


def install(server: Flask, settings: Settings) -> None:
    """Believe as many proxies as the settings name, and no header else of where a request comes from."""
    server.config["REACHBOARD_TLS"] = settings.tls == "terminated"
    if settings.demo:
        return
    if settings.proxies:
        # Who asks is told by each proxy; that it came by https, by the last one; the name is in `Host`.
        server.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            server.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0, x_port=0, x_prefix=0
        )
    name = urlsplit(settings.public_url).hostname
    if name:
        server.config["TRUSTED_HOSTS"] = [name, *LOOPBACK]


def refused(pages: frozenset[str]) -> BaseResponse | None:
    """The answer to a request that came under another name, or in the clear; None lets it through.

    A person is sent on to https; a program is not, so that its key is not sent in the clear again.
    """
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    in_the_clear = current_app.config["REACHBOARD_TLS"] and not request.is_secure
    if not in_the_clear or request.endpoint == HEALTH:
        return None
    if request.endpoint not in pages or request.method not in READ:
        abort(403)
    return redirect(f"https://{request.host}{request.full_path.rstrip('?')}", 308)
