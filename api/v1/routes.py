"""The addresses of the API: every answer is marked by its snapshot; else it is a problem."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request

from api.v1 import (
    alerts,
    campaigns,
    catalogue,
    experiments,
    figures,
    live,
    monthly,
    openapi,
    problems,
    taken,
)
from api.v1.bodies import SCHEMA
from api.v1.problems import Problem
from config.permissions import Permission
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION
from data.viewer import Viewer
from ledger.book import Book, Unwritable

Asker = Callable[[], tuple[Viewer, Cubes]]
View = Callable[..., Response | Mapping[str, Any]]
JSON, CSV = "application/json", "text/csv"
KEPT = "private, no-cache"
"""An answer may be kept, and must be asked for again: the server says whether it still stands."""
PREFIX = "api."
OPENAPI = "openapi"


@dataclass(frozen=True)
class Route:
    """An address below `/api` (`old`) and `/api/v1`, the permission it needs, and its formats.

    `moves` says what its answers depend on beside the snapshot.
    """

    name: str
    path: str
    view: View
    needs: Permission
    old: bool = False
    formats: tuple[str, ...] = (JSON,)
    moves: Callable[[Viewer, Cubes], int] | None = None

    @property
    def endpoint(self) -> str:
        return PREFIX + self.name


ROUTES = (
    Route("campaigns", "/campaigns", campaigns.campaigns, Permission.VIEW_CAMPAIGNS, old=True),
    Route("summary", "/campaigns/summary", figures.summary, Permission.EXPORT, True, (JSON, CSV)),
    Route(
        "campaign_metrics", "/campaigns/<campaign_id>/metrics", figures.campaign_metrics, Permission.EXPORT,
        True, (JSON, CSV),
    ),
    Route("figures", "/figures", figures.figures, Permission.EXPORT, formats=(JSON, CSV)),
    Route("experiment", "/experiments/<campaign_id>", experiments.one_experiment, Permission.EXPORT),
    Route("metrics_catalogue", "/metrics-catalogue", catalogue.metrics, Permission.VIEW_CAMPAIGNS),
    Route("dimensions", "/dimensions", catalogue.dimensions, Permission.VIEW_CAMPAIGNS),
    Route("live", "/live", live.live, Permission.EXPORT, moves=live.as_of),
    Route(
        "monthly", "/exports/monthly", monthly.export, Permission.EXPORT,
        formats=(JSON, CSV, monthly.FORMATS["parquet"]),
    ),
    Route("monthly_manifest", "/exports/monthly/manifest", monthly.described, Permission.EXPORT),
    Route("alerts", "/alerts", alerts.alerts, Permission.EXPORT, moves=alerts.moved),
)  # fmt: skip


def install(
    server: Flask, asker: Asker, whose: Callable[[], openapi.Asked], limit: int, book: Book
) -> dict[str, Permission]:
    """Add all addresses; returns the permission of each endpoint but the description's, which is open.

    `whose` says who asks where nobody has to be known, and of what; `limit` how often a minute one may.
    """
    for route in ROUTES:
        answer = _answered(route, asker, book)
        for prefix in ("/api/v1", "/api") if route.old else ("/api/v1",):
            server.add_url_rule(prefix + route.path, route.endpoint, answer, methods=["GET"])

    def description() -> Response:
        return Response(json.dumps(openapi.document(whose(), limit)), content_type=JSON)

    server.add_url_rule("/api/v1/openapi.json", OPENAPI, description, methods=["GET"])
    return {route.endpoint: route.needs for route in ROUTES}


def _answered(route: Route, asker: Asker, book: Book) -> Callable[..., Response]:
    def answer(**path: str) -> Response:
        viewer, cubes = asker()
        try:
            response = _known(route, viewer, cubes, path, book)
        except Problem as problem:
            response = problems.answer(problem)
        except Unwritable as unwritable:
            response = problems.answer(Problem("not-recorded", str(unwritable)))
        response.headers["Vary"] = "Accept, Authorization, Cookie"
        return response

    return answer


def _known(route: Route, viewer: Viewer, cubes: Cubes, path: Mapping[str, str], book: Book) -> Response:
    """The answer, or that the one which the asker holds still stands."""
    accepted = request.accept_mimetypes
    wanted = accepted.best_match(route.formats) if accepted else route.formats[0]
    if wanted is None:
        raise Problem("not-acceptable", f"This address answers {' and '.join(route.formats)}.")
    g.wanted = wanted
    tag = _tag(viewer, cubes, wanted, route.moves(viewer, cubes) if route.moves else 0)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        g.pop("taken", None)
        made = route.view(viewer, cubes, **path)
        if route.needs is Permission.EXPORT:
            taken.record(route.name, made, viewer, cubes, book)
        response = _made(made)
        response.headers["X-Reachboard-Snapshot"] = str(cubes.snapshot.number)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = KEPT
    return response


def _made(body: Response | Mapping[str, Any]) -> Response:
    if isinstance(body, Response):
        return body
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    response = Response(text, content_type=JSON)
    if body.get("next"):
        response.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return response


def _tag(viewer: Viewer, cubes: Cubes, wanted: str, moved: int) -> str:
    """A mark of everything that an answer depends on."""
    scope = [
        sorted(part) if part is not None else None for part in (viewer.scope.programs, viewer.scope.lines)
    ]
    whole = [
        SCHEMA,
        DEFINITIONS_VERSION,
        cubes.snapshot.published_us,
        request.full_path,
        wanted,
        viewer.role,
        scope,
        moved,
    ]
    digest = hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]
    return f"{cubes.snapshot.number}-{digest}"
