"""The description of the API in OpenAPI 3.1: what may be asked, what is answered, and examples that work."""

from __future__ import annotations

from typing import Any

from api.v1 import schemas
from api.v1.alerts import STATUSES as ALERT_STATUSES
from api.v1.bodies import SCHEMA
from api.v1.campaigns import STATUSES
from api.v1.figures import IN_ALL, OVER_TIME
from api.v1.monthly import NONE, WHOLE
from api.v1.parameters import INTERVALS, LIMIT, MOST, MOST_NAMES
from data.cubes import Cubes
from data.filters import ATTRIBUTE, LISTS, Filters, attributes, choices
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.periods import PRESETS
from data.viewer import Viewer
from reports.monthly_export import cuts, lately, written
from reports.monthly_files import KINDS

Asked = tuple[Viewer, Cubes] | None
ABOUT = (
    "Released figures of a health plan's outreach. Every value is a sum over whole groups that may be told; "
    "what may not be told is null with its status and reason, never 0. Send `Authorization: Bearer KEY`; "
    "`python -m app keys add NAME --role analyst` makes a key."
)
_TEXT = {"type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z .+_-]{0,60}$"}
CSV = KINDS["csv"]
MOST_NAMED = 200
"""Of a dimension with more values than this, the description names none."""


def document(asked: Asked, limit: int) -> dict[str, Any]:
    """The whole description; for somebody who is known, with the attributes and examples of their data."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reachboard",
            "version": f"{SCHEMA}.{DEFINITIONS_VERSION}",
            "summary": "What outreach did, as figures that may be told.",
            "description": f"{ABOUT} {limit:,} requests a minute are answered per key.",
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "figures"},
            {"name": "campaigns"},
            {"name": "experiments"},
            {"name": "definitions"},
            {"name": "alerts"},
            {"name": "health"},
        ],
        "paths": _paths(asked),
        "components": {
            "schemas": schemas.SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(asked: Asked) -> dict[str, Any]:
    filters = [*_period(), *(_kept(name, asked) for name in LISTS), *_of_attributes(asked)]
    own = [one for one in filters if one["name"] != "campaign"]
    interval = _param(
        "interval", {"enum": list(INTERVALS), "default": "daily"}, "How rows are cut.", "monthly"
    )
    campaign = {
        **_param("campaign_id", _TEXT, "Id of a campaign.", _campaign(asked)),
        "in": "path",
        "required": True,
    }
    listed = [
        _list("status", {"enum": list(STATUSES)}, "Keeps campaigns of these statuses.", ["active"]),
        *(_kept(name, asked) for name in ("program", "line_of_business", "channel")),
        *_paging(),
    ]  # fmt: skip
    alerts = [
        _list(
            "status", {"enum": list(ALERT_STATUSES)}, "Keeps alerts of these statuses.", ["open", "resolved"]
        ),
        _param("since", {"format": "date"}, "Keeps what fired or ended on this day or later.", "2026-01-01"),
        *_paging(),
    ]
    metrics = {**_metrics(("sent", "delivered_rate")), "required": True}
    by = _list("by", _TEXT, "Dimensions to group by: `/api/v1/dimensions` lists all.", ["channel", "month"])
    own_metrics, all_metrics = _metrics(OVER_TIME, default=True), _metrics(IN_ALL, default=True)
    return {
        "/api/v1/figures": _get("figures", "Any metrics by any dimensions", "figures", "Figures",
                                [metrics, by, *filters, *_paging()], files=(CSV,)),
        "/api/v1/campaigns": _get("campaigns", "The campaigns", "campaigns", "Campaigns", listed),
        "/api/v1/campaigns/{campaign_id}/metrics": _get(
            "campaign_metrics", "One campaign by day, week or month", "campaigns", "CampaignMetrics",
            [campaign, interval, own_metrics, *own, *_paging()], files=(CSV,)),
        "/api/v1/campaigns/summary": _get("summary", "All campaigns as one", "campaigns", "Summary",
                                          [all_metrics, *filters], files=(CSV,)),
        "/api/v1/experiments/{campaign_id}": _get(
            "experiment", "Whether one campaign's outreach worked", "experiments", "Experiment", [campaign]),
        "/api/v1/metrics-catalogue": _get("metrics_catalogue", "Every metric", "definitions", "Metrics", []),
        "/api/v1/dimensions": _get("dimensions", "Every dimension", "definitions", "Dimensions", []),
        "/api/v1/live": _get("live", "What has happened today so far", "figures", "Live", []),
        "/api/v1/exports/monthly": _get(
            "monthly", "One month for a reporting database", "figures", "Monthly",
            [*_month(asked), _param("format", {"enum": list(KINDS)}, "In the place of `Accept`.", "json"),
             *_paging()], files=(CSV, KINDS["parquet"])),
        "/api/v1/exports/monthly/manifest": _get(
            "monthly_manifest", "Rows, bytes and SHA-256 of a month's files", "figures", "Manifest",
            [*_month(asked), _list("format", {"enum": list(WHOLE)}, "The files that are fetched.", ["csv"])]),
        "/api/v1/alerts": _get("alerts", "What departs from its own past", "alerts", "Alerts", alerts),
        "/api/v1/health": {"get": _health()},
    }  # fmt: skip


def _get(
    name: str, summary: str, tag: str, schema: str, parameters: list[dict[str, Any]],
    files: tuple[str, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    content |= {media: {"schema": {"type": "string"}} for media in files}
    good = {"description": "The answer.", "headers": _headers(), "content": content}
    none = {"description": "The answer that you hold still stands.", "headers": _headers()}
    held = {
        "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
        "description": "The ETag of an earlier answer.",
    }  # fmt: skip
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "security": [{"key": []}],
            "parameters": [*parameters, held],
            "responses": {"200": good, "304": none, **_problems()},
        }
    }


def _problems() -> dict[str, Any]:
    told = {
        "400": "The request does not fit this description.",
        "401": "No key, or none that is valid.",
        "403": "The role of the key does not include this.",
        "404": "What the request names does not exist here; the near miss is told.",
        "406": "No such format.",
        "409": "Parts of the request exclude each other, or a newer snapshot was published.",
        "429": "Too many requests; `Retry-After` says when to go on.",
        "500": "Something failed here.",
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": words, "content": problem} for status, words in told.items()}


def _headers() -> dict[str, Any]:
    told = {
        "ETag": "A mark of this answer: of its snapshot, its question and who asks.",
        "X-Reachboard-Snapshot": "Number of the snapshot.",
        "RateLimit-Policy": "How many requests are answered, and in how many seconds.",
        "RateLimit": "How many are left, and for how many seconds.",
    }
    return {name: {"description": words, "schema": {"type": "string"}} for name, words in told.items()}


def _param(name: str, schema: dict[str, Any], words: str, example: object = None) -> dict[str, Any]:
    made = {"name": name, "in": "query", "required": False, "description": words,
            "schema": {"type": "string", **schema}}  # fmt: skip
    return {**made, "example": example} if example is not None else made


def _list(name: str, items: dict[str, Any], words: str, example: list[str] | None = None) -> dict[str, Any]:
    """A list, separated by commas."""
    schema = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_NAMES,
        "uniqueItems": True,
        "items": {"type": "string", **items},
    }
    made: dict[str, Any] = {**_param(name, {}, words), "style": "form", "explode": False, "schema": schema}
    return {**made, "example": example} if example else made


def _metrics(example: tuple[str, ...], default: bool = False) -> dict[str, Any]:
    words = "Names of metrics: `/api/v1/metrics-catalogue` defines all."
    made = _list("metrics", {"enum": list(METRICS)}, words, list(example))
    if default:
        made["schema"]["default"] = list(example)
    return made


def _period() -> list[dict[str, Any]]:
    day = {"format": "date"}
    return [
        _param("start_date", day, "First day, inclusive; without dates all time.", "2026-01-01"),
        _param("end_date", day, "Last day, inclusive.", "2026-12-31"),
        _param(
            "period", {"enum": list(PRESETS)}, "A named period that ends at the data, in the place of dates."
        ),
    ]


def _kept(name: str, asked: Asked) -> dict[str, Any]:
    told = f"Keeps these alone: {name.replace('_', ' ')}. A comma inside a value is %2C, encoded."
    return _list(name, _named(name, asked), told)


def _of_attributes(asked: Asked) -> list[dict[str, Any]]:
    if asked is None:
        return []
    return [
        _list(ATTRIBUTE + name, _named(name, asked), f"Keeps members with these: {name.replace('_', ' ')}.")
        for name in attributes(asked[1], asked[0])
    ]


def _named(name: str, asked: Asked) -> dict[str, Any]:
    """The values of a dimension that the asker may see, where they are few."""
    offered = choices(name, asked[1], asked[0]) if asked else []
    plain = [value for value in offered if "," not in value and "%" not in value]
    return {"enum": plain} if 0 < len(plain) <= MOST_NAMED else _TEXT


def _paging() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    return [
        _param("limit", limit, "Rows of a page; CSV always has all.", 100),
        _param("cursor", {"minLength": 1}, "Where the next page begins: `next` of the last answer has it."),
    ]


def _month(asked: Asked) -> list[dict[str, Any]]:
    """The month, of which the last whole one is an example, and its cuts."""
    found = lately(2, *asked) if asked else []
    example = written(found[0]) if found else None
    known = [*cuts(asked[1]), NONE] if asked else None
    month = _param("month", {"pattern": schemas.MONTH["pattern"]}, "A calendar month of the plan.", example)
    told = f"Cuts beside campaign and channel; without it all, `{NONE}` for none."
    return [{**month, "required": True}, _list("cut", {"enum": known} if known else _TEXT, told, [NONE])]


def _campaign(asked: Asked) -> str | None:
    """A campaign of the asker's own, to try things on."""
    if asked is None:
        return None
    viewer, cubes = asked
    return next(iter(Filters().campaigns(cubes, viewer)), None)


def _health() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}
    return {
        "operationId": "health",
        "summary": "Whether the server lives, is ready and is whole; no figure",
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": {"description": "Ready; degraded says whether something is wrong.", "content": content},
            "503": {"description": "Not ready yet.", "content": content},
        },
    }
