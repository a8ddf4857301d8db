"""Reads everything that a viewer can be sent, and keeps every answer that went through the door meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars as pl
from flask import Flask

from app import shelf
from app.matrix import Kind, lines
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from data import metrics as registry
from data.answer import Answer, Status
from data.cubes import Cubes
from data.filters import Filters
from data.release import pair_name
from data.viewer import EVERYTHING
from reports.monthly_export import lately, written
from tests.asking import fire, guard_of, show, signed_in
from tests.places import QUERIES

Query = Mapping[str, str]
PRINTED = ("/_dash-layout", "/definitions.json", "/api/health")


PACKED = (".parquet", ".xlsx")
"""Files that no text can be sought in; a test holds them to say what the CSV says."""
METRICS = (
    "sent,delivered,clicked,members_delivered,members_responded,response_rate,assigned,outcome_rate,reach"
)
CUTS = ("channel", "month", "week", "day", "wave", "variant", "arm", "region", "segment")
API = (
    f"/api/v1/figures?metrics={METRICS}",
    *(f"/api/v1/figures?metrics={METRICS}&by={cut}" for cut in CUTS),
    "/api/v1/campaigns/summary",
)
REPORTS = ("/reports/monthly.html",)
LISTS = ("/api/v1/alerts",)
"""What no filter narrows."""


@dataclass
class Door:
    """Stands in for `measure` and keeps what it answers."""

    measure: Callable[..., Answer]
    told: list[tuple[Filters, Answer]] = field(default_factory=list)

    def __call__(self, metrics: Sequence[str], by: Sequence[str], filters: Filters, *more: Any) -> Answer:
        answer = self.measure(metrics, by, filters, *more)
        self.told.append((filters, answer))
        return answer


def responses(server: Flask, role: Role, queries: Iterable[Query]) -> Iterator[tuple[str, bytes]]:
    """Pages as documents and as the frame draws them, every callback, file and route, for each query."""
    client, guard = signed_in(server, role), guard_of(server)
    named = [line for line in lines(server) if line.allows(role)]
    for address in PRINTED:
        yield address, client.get(address).get_data()
    if Permission.EXPORT in PERMISSIONS[role]:
        for month in lately(24, EVERYTHING, shelf.keeper(server).current()):
            for part in ("", "/manifest"):
                address = f"/api/v1/exports/monthly{part}?month={written(month)}&format=csv"
                yield address, client.get(address).get_data()
    for query in queries:
        asked = urlencode(query)
        for line in named:
            if line.kind is Kind.PAGE:
                yield f"{line.name}?{asked}", show(server, client, line.name, f"?{asked}").get_data()
                yield f"document {line.name}?{asked}", client.get(f"{line.name}?{asked}").get_data()
            elif line.kind is Kind.FILE and not line.name.removesuffix(".json").endswith(PACKED):
                answer = client.get(f"{line.name}?{asked}")
                heads = "".join(
                    f"{k}: {v}\n" for k, v in answer.headers if k not in ("Date", "Content-Length")
                )
                yield f"{line.name}?{asked}", heads.encode() + answer.get_data()
            elif line.kind is Kind.CALLBACK and "frame-page" not in line.name:
                wire = guard.wires[line.name]
                blank = {f"{end['id']}.{end['property']}": None for end in wire["inputs"]}
                yield f"{line.name} {asked}", fire(server, client, line.name, blank | _sent(query)).get_data()
        if Permission.EXPORT in PERMISSIONS[role]:
            if name := query.get("campaign", "").split(",")[0]:
                yield f"experiment {name}", client.get(f"/api/v1/experiments/{name}").get_data()
            for address in REPORTS:
                yield f"{address}?{asked}", client.get(f"{address}?{asked}").get_data()
            for address in API:
                whole = f"{address}{'&' if '?' in address else '?'}{asked}"
                yield whole, client.get(whole).get_data()
                yield f"{whole} as CSV", client.get(whole, headers={"Accept": "text/csv"}).get_data()
            for address in LISTS:
                yield address, client.get(address).get_data()


def _sent(query: Query) -> dict[str, object]:
    chosen = {**dict(parse_qsl(QUERIES["/explore"])), **query}  # what no other page knows is passed over
    return {
        "filters-query.data": chosen, "compare-query.data": chosen, "frame-snapshot.data": 1,
        "campaign-id.data": query.get("campaign", "").split(",")[0],
        "campaign-history-opener.n_clicks": 1, "campaign-find.value": "",
    }  # fmt: skip


def roles() -> list[Role]:
    """The roles that may see most and least, and one that may take figures away."""
    ordered = sorted(PEOPLE, key=lambda role: len(PERMISSIONS[role]))
    return [ordered[-1], ordered[0], Role.ANALYST]


def not_sums(told: Iterable[tuple[Filters, Answer]], cubes: Cubes) -> Iterator[str]:
    """Values of recorded answers that are no sum of rows of `released` over the groups that they name."""
    rows: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    frame = cubes.lake.frame("released", cubes.snapshot.versions["released"])
    for row in frame.iter_rows(named=True):
        rows.setdefault((row["view"], row["campaign"], row["channel"], row["origin"]), []).append(row)
    for filters, answer in told:
        for name in answer.metrics:
            metric = registry.metric(name)
            if metric.is_union:
                yield from _unrounded(answer, name)
                continue
            groups = answer.groups(name) if answer.made_of else pl.DataFrame()
            view = _view(answer, filters, cubes)
            for key in answer.rows:
                value = key.values[name]
                if value.numerator is None or not value.groups:
                    continue
                own = groups
                for part, one in zip(answer.by, key.key, strict=True):
                    own = own.filter(pl.col(part).eq_missing(pl.lit(one)))
                for column, said in (
                    (metric.columns[0], value.numerator),
                    (metric.columns[-1], value.denominator),
                ):
                    if said is None:
                        continue
                    total = sum(_sum(group, view, column, rows) for group in own.iter_rows(named=True))
                    scale = 1_000_000 if metric.shape == "money" and column.endswith("_micros") else 1
                    if abs(total / scale - said) > 1e-6:
                        yield f"{name} by {answer.by} {key.key}: {said}, released {total / scale}"


def _unrounded(answer: Answer, name: str) -> Iterator[str]:
    for row in answer.rows:
        value = row.values[name]
        if value.approximate and any(
            one is not None and one % 10 for one in (value.numerator, value.denominator)
        ):
            yield f"{name} {row.key}: {value} is not rounded"


def _view(answer: Answer, filters: Filters, cubes: Cubes) -> str:
    kinds = {name: cubes.dimension(name).kind for name in answer.by}
    cuts = {name for name, kind in kinds.items() if kind in ("cut", "attribute")} | set(filters.cuts)
    return pair_name(*cuts) if cuts else "operations"


def _sum(group: Mapping[str, Any], view: str, column: str, rows: dict[tuple[str, ...], Any]) -> int:
    values = set(group["value"].split("\x1f"))
    first, last = group["first_day"], group["last_day"]
    return sum(
        row[column]
        for row in rows.get((view, group["campaign"], group["channel"], group["origin"]), ())
        if row[column] is not None
        and set(row["value"].split("\x1f")) <= values
        and (
            row["first_day"] is None
            if first is None
            else row["first_day"] is not None and first <= row["first_day"] and row["last_day"] <= last
        )
    )


def small_values(told: Iterable[tuple[Filters, Answer]], small: int, free: frozenset[str]) -> Iterator[str]:
    """Numbers below `small` in recorded answers: values, numerators, denominators, and what they leave."""
    for filters, answer in told:
        for name in answer.metrics:
            metric = registry.metric(name)
            columns = set(metric.columns)
            exempt = not ({*answer.by, *filters.cuts} - {"channel", "campaign", "day", "week", "month"})
            if (exempt and columns <= free) or metric.shape == "money" or metric.is_union:
                continue
            for row in answer.rows:
                value = row.values[name]
                if value.status not in (Status.RELEASED, Status.PARTIAL):
                    continue
                top, base = value.numerator or 0, value.denominator or 0
                numbers = {
                    "count": 0 if exempt and metric.columns[0] in free else top,
                    "base": 0 if exempt and metric.columns[-1] in free else base,
                    "rest": base - top if base and columns.isdisjoint(free if exempt else ()) else 0,
                }
                for kind, number in numbers.items():
                    if 0 < number < small:
                        yield f"{name} by {answer.by} {row.key}: {kind} {number}"
