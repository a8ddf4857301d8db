"""What stands beside a file: what it is of, as of when, how it was counted, its checksum, who and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from data.cubes import Cubes
from data.metrics import DEFINED, DEFINITIONS_VERSION, METRICS, Metric
from data.viewer import Viewer
from data.words import adds_up
from exports.formats import FORMATS, Format, Written
from exports.sheet import Sheet

VERSION = "reachboard-export/1"
TYPES: dict[type[pl.DataType], str] = {
    pl.String: "text", pl.Int64: "whole number", pl.Float64: "number", pl.Boolean: "true or false",
    pl.Date: "date (ISO 8601)",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Who took a file out, why (empty where nothing was said), and when (microseconds since the epoch)."""

    viewer: Viewer
    reason: str
    at_us: int


def report_id(sheet: Sheet, written: Written) -> str:
    """The same for the same bytes, whoever asks and whenever."""
    return f"{sheet.page}-{sheet.name}-s{sheet.snapshot}-{written.sha256[:12]}"


def sidecar(
    sheet: Sheet, format: Format, written: Written, told: Told, cubes: Cubes, report: str = ""
) -> bytes:
    """The sidecar of a written file as JSON. `report` is the ID that reopens the table, if any."""
    snapshot, scope = cubes.snapshot, told.viewer.scope
    terms = {name: snapshot.terms.get(name) for name in ("threshold", "profile", "zone")}
    content = {
        "sidecar": VERSION,
        "report": report or report_id(sheet, written),
        "reopens": f"/reports?report={report}" if report else None,
        "title": sheet.title,
        "file": {
            "name": f"{sheet.file_name}.{format}",
            "format": FORMATS[format],
            "rows": written.rows,
            "bytes": written.size,
            "sha256": written.sha256,
        },
        "schema": sheet.version,
        "columns": [
            {"name": name, "type": TYPES[kind], "meaning": sheet.meanings.get(name, "")}
            for name, kind in sheet.schema.items()
        ],
        "filters": sheet.words,
        "snapshot": {"number": sheet.snapshot, "published": instant(snapshot.published_us)},
        "clocks": {"outreach_through": instant(snapshot.clocks.get("outreach_through_us"))},
        "release": terms,
        "definitions": DEFINITIONS_VERSION,
        "metrics": {name: _metric(metric) for name, metric in _defined(sheet).items()},
        "by": {
            "name": told.viewer.name,
            "role": told.viewer.role,
            "programs": None if scope.programs is None else sorted(scope.programs),
            "lines_of_business": None if scope.lines is None else sorted(scope.lines),
        },
        "why": told.reason,
        "made": instant(told.at_us),
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def _defined(sheet: Sheet) -> dict[str, Metric]:
    """The definitions of what is in the file; a bare count is that of the metric that counts it."""
    counts = {m.numerator: m for m in METRICS.values() if not m.is_ratio and not m.is_union}
    found = {name: DEFINED.get(name) or counts.get(name) for name in sheet.metrics}
    return {name: metric for name, metric in found.items() if metric is not None}


def _metric(metric: Metric) -> dict[str, object]:
    return {
        "label": metric.label,
        "meaning": metric.meaning,
        "formula": metric.formula,
        "unit": metric.unit,
        "additive": metric.additive,
        "adds_up": adds_up(metric),
        "version": metric.version,
    }


def instant(us: object) -> str | None:
    """Microseconds since the epoch as ISO 8601 in UTC."""
    if not isinstance(us, int):
        return None
    return datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
