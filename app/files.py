"""Static files: packed once and kept, plotly.js in its smaller bundle, addresses that follow the text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import brotli
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, make_response, request, send_file
from flask_compress import Compress

from app.guard import STATIC
from config.settings import ROOT

ASSETS = ROOT / "assets"
FOLDER = "_dash_assets.static"
PLOTLY_ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
PLOTLY = ASSETS / "plotly" / "plotly-cartesian.min.js"
# What of the folder a browser needs; it also holds the script and the list that fill it.
SERVED = (".css", ".js", ".svg", ".woff2", ".txt")
FOREVER = "public, max-age=31536000, immutable"
BRISK = (
    1  # an answer is packed while somebody waits: a seventh longer than at level 4, in a quarter of the time
)
EVERY_PAGE = ("/assets/", "/dash-renderer/", "/dcc/dash_core_components")
PACKABLE = ("text/", "application/javascript", "application/json", "image/svg+xml")


def install(server: Flask) -> None:
    """Pack answers; call it after Dash is made, whose static views it wraps."""
    server.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=BRISK, COMPRESS_STREAMS=False)
    Compress(server)
    server.add_url_rule(PLOTLY_ADDRESS, "plotly", _plotly)
    for endpoint in STATIC:
        server.view_functions[endpoint] = _packed(server.view_functions[endpoint])
    server.view_functions[FOLDER] = _served(server.view_functions[FOLDER])
    server.jinja_env.globals.update(asset=asset, stylesheets=stylesheets)


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Address of a file in assets/ that changes with its text, so that a browser may keep it for ever."""
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?v={digest}"


def stylesheets() -> list[str]:
    """Names of the style sheets, in the order in which they count: a number leads each name."""
    return sorted(path.name for path in ASSETS.glob("[0-9][0-9]-*.css"))


def _plotly() -> Response:
    response = send_file(PLOTLY, mimetype="text/javascript", conditional=True)
    packed = PLOTLY.with_name(PLOTLY.name + ".br")
    if response.status_code == 200 and request.accept_encodings.quality("br") and packed.is_file():
        _replace(response, packed.read_bytes())
    return response


def _served(view: Callable[..., Any]) -> Callable[..., Any]:
    def serve(filename: str) -> Any:
        if not filename.endswith(SERVED):
            abort(404)
        return view(filename=filename)

    return serve


def _packed(view: Callable[..., Any]) -> Callable[..., Response]:
    kept: dict[tuple[str, str], bytes] = {}

    def serve(**path: str) -> Response:
        try:
            response = make_response(view(**path))
        except DependencyException:  # a file that no component library offers
            abort(404)
        if response.status_code != 200:
            return response
        if "v" in request.args or "max-age=31536000" in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = FOREVER
        else:
            response.headers["Cache-Control"] = "no-cache"
        plain = "Content-Encoding" not in response.headers and (response.mimetype or "").startswith(PACKABLE)
        if plain and request.accept_encodings.quality("br"):
            key = (request.path, response.headers.get("ETag", ""))
            if key not in kept:
                response.direct_passthrough = False
                kept[key] = brotli.compress(response.get_data(), quality=_quality())
            _replace(response, kept[key])
        response.headers.add("Vary", "Accept-Encoding")
        return response

    return serve


def _quality() -> int:
    """How hard a file is packed, once: as small as can be what every page needs, and quickly what few do."""
    return 11 if any(part in request.path for part in EVERY_PAGE) else 9


def _replace(response: Response, packed: bytes) -> None:
    response.close()  # the file behind it, which nobody will read
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "br"
    response.headers["Content-Length"] = str(len(packed))
