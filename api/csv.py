"""The CSV of each table of a page: the page's own question, as tidy rows of released values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from flask import Flask, Response, abort, request

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released
from data.cubes import Cubes
from data.dimensions import value_label
from data.filters import Filters, parse
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.periods import day_date
from data.release import label
from data.viewer import Viewer
from pages.maturity import is_complete
from pages.registry import TABLES
from pages.table import Listing, ListTable
from state.store import Store

ENDPOINT = "table_csv"
SCHEMA = "3"  # 2: column `complete`; 3: column `filters`
VALUES = (
    "metric",
    "unit",
    "value",
    "numerator",
    "denominator",
    "approximate",
    "status",
    "reason",
    "complete",
    "filters",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Asker = Callable[[], tuple[Viewer, Cubes]]


def install(server: Flask, asker: Asker, store: Store) -> None:
    """Answer `/<page>/<table>.csv` with the query string of the page."""

    def table_csv(page: str, table: str) -> Response:
        asked = TABLES.get(page, {}).get(table)
        if asked is None:
            abort(404)
        viewer, cubes = asker()
        query = request.args.to_dict()
        if isinstance(asked, ListTable):
            return _listed(page, asked, viewer, cubes, query, store)
        filters, problems = parse(query, cubes, viewer)
        if problems:
            return Response("\n".join(problems) + "\n", 400, content_type="text/plain; charset=utf-8")
        try:
            answer = asked.answer(filters, viewer, cubes, query)
        except LookupError:
            abort(404)
        name = file_name(f"{page}-{table}", answer)
        return _response(text(answer, filters, viewer, cubes), name, answer.sentence, answer.snapshot)

    server.add_url_rule("/<page>/<table>.csv", ENDPOINT, table_csv, methods=["GET"])


def _listed(
    page: str, table: ListTable, viewer: Viewer, cubes: Cubes, query: Mapping[str, str], store: Store
) -> Response:
    try:
        listing = table.listing(viewer, cubes, query, store)
    except LookupError:
        abort(404)
    number = cubes.snapshot.number
    name = f"reachboard-{page}-{table.name}-snapshot-{number}.csv"
    return _response(list_text(listing, number), name, table.title, number)


def _response(content: str, name: str, words: str, snapshot: int) -> Response:
    response = Response(content, mimetype="text/csv", content_type="text/csv; charset=utf-8")
    response.headers.update(
        {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Reachboard-Filters": quote(words, safe=" ,:()/"),
            "X-Reachboard-Snapshot": str(snapshot),
            "X-Reachboard-Definitions": DEFINITIONS_VERSION,
            "X-Reachboard-Schema": SCHEMA,
        }
    )
    return response


def list_text(listing: Listing, snapshot: int) -> str:
    """Plain facts as RFC 4180, one row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["schema", "snapshot", *listing.columns])
    for row in listing.rows:
        writer.writerow([SCHEMA, snapshot, *(_plain(one) for one in row)])
    return out.getvalue()


def _plain(one: object) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    return str(one) if isinstance(one, (int, float)) else neutral("" if one is None else str(one))


def file_name(table: str, answer: Answer) -> str:
    """`reachboard-channels-2026-06-01-to-2026-11-20-snapshot-3.csv`; it names no value of a filter."""
    days = (answer.first_day, answer.last_day)
    span = "-to-".join(day_date(day).isoformat() for day in days if day is not None) or "all-time"
    return f"reachboard-{table}-{span}-snapshot-{answer.snapshot}.csv"


def text(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """The answer as RFC 4180: a row per key and metric; what is not told has an empty value and a status.

    `complete` is false where outcomes are to come, or a bucket of time is not over; `filters` says in words
    what every row is of.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["schema", "snapshot", *_heads(answer.by), *VALUES])
    kept = neutral(answer.sentence)
    for row in answer.rows:
        key = [
            cell for name, part in zip(answer.by, row.key, strict=True) for cell in _key(name, part, cubes)
        ]
        for name in answer.metrics:
            final = is_complete(answer, row, name, filters, viewer, cubes)
            told = _value(name, row.values[name])
            writer.writerow([SCHEMA, answer.snapshot, *key, *told, "true" if final else "false", kept])
    return out.getvalue()


def _heads(by: tuple[str, ...]) -> Iterator[str]:
    for name in by:
        yield name
        if name == "campaign":
            yield "campaign_name"


def _key(name: str, part: object, cubes: Cubes) -> Iterator[str]:
    if name in ("day", "week") and isinstance(part, int):
        yield day_date(part).isoformat()
    elif name == "month":
        yield f"{int(str(part)) // 100}-{int(str(part)) % 100:02d}"
    elif name == "campaign":
        yield neutral(str(part))
        yield neutral(cubes.campaigns[str(part)].name)
    elif name == "channel":
        yield neutral(str(part) if part in CHANNEL_LABELS else label(str(part)))
    else:
        yield neutral("" if part is None else value_label(name, str(part)))


def _value(name: str, value: Released) -> list[str]:
    metric = METRICS[name]
    numbers = [_number(one) for one in (value.value, value.numerator, value.denominator)]
    approximate = "true" if value.approximate else "false"
    return [name, metric.unit, *numbers, approximate, value.status.value, neutral(value.reason)]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def neutral(words: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words
