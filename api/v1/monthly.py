"""The monthly export for a reporting database: one month's released figures, and their manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Response, g, request

from api.v1 import bodies, paging, taken
from api.v1.parameters import PAGING, Parameters
from api.v1.problems import Fault, of
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION
from data.viewer import Viewer
from exports.formats import Written
from exports.json_rows import rows
from reports.manifest import manifest
from reports.monthly_export import CutRefused, Monthly, MonthRefused, chosen, known, monthly, parsed, written
from reports.monthly_files import KINDS, Kind, bytes_of, counted, file_name

FORMATS: Mapping[Kind, str] = KINDS
OF_MEDIA = {media: kind for kind, media in FORMATS.items()}
WHOLE: tuple[Kind, ...] = ("csv", "parquet")
"""What is fetched as one file; JSON comes in pages."""


def export(viewer: Viewer, cubes: Cubes) -> Response | dict[str, Any]:
    """`GET /api/v1/exports/monthly`: the whole month as CSV or Parquet, or page by page as JSON."""
    asked = Parameters(request.args, ("month", "format", "cut", *PAGING), attributed=False)
    # What the address says goes before what a client accepts of itself.
    kind = cast("Kind", asked.one_of("format", FORMATS, OF_MEDIA[g.wanted]))
    page = asked.page()
    made = _month(asked, viewer, cubes)
    _keep(made, kind)
    if kind != "json":
        response = Response(bytes_of(made, kind, Written()), content_type=_content_type(kind))
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name(made, kind)}"'
        response.headers["X-Reachboard-Definitions"] = DEFINITIONS_VERSION
        return response
    part = paging.part(range(made.frame.height), page, made.snapshot)
    frame = made.frame[part.rows.start : part.rows.stop] if isinstance(part.rows, range) else made.frame
    return {
        **bodies.stamp(cubes.snapshot),
        "month": written(made.month),
        "cuts": list(made.cuts),
        "content": made.content,
        "count": part.count,
        "next": part.following,
        "rows": list(rows(frame)),
    }


def described(viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/exports/monthly/manifest`: rows, bytes and SHA-256 of the files of a month."""
    asked = Parameters(request.args, ("month", "format", "cut"), attributed=False)
    kinds = asked.names("format", WHOLE, WHOLE)
    made = _month(asked, viewer, cubes)
    _keep(made, "manifest")
    return manifest(made, list(counted(made, cast("tuple[Kind, ...]", kinds))), viewer, cubes).told()


def _month(asked: Parameters, viewer: Viewer, cubes: Cubes) -> Monthly:
    if "month" not in asked.given:
        raise of("bad-request", [Fault("month", "Name the month: month=2026-10.")])
    try:
        month = known(parsed(asked.given["month"]), viewer, cubes)
        names = asked.listed("cut") or None
        # Nothing is cut where an empty list cannot be written.
        cuts = () if names == (NONE,) else chosen(names, cubes)
    except MonthRefused as refused:
        kind = "bad-request" if refused.malformed else "not-found"
        raise of(kind, [Fault("month", str(refused))]) from None
    except CutRefused as refused:
        raise of("not-found", [Fault("cut", f"{refused} Or ask for {NONE}.")]) from None
    return monthly(month, cuts, viewer, cubes)


NONE = "none"


def _keep(made: Monthly, kind: str) -> None:
    asked = {"month": written(made.month), "cut": ",".join(made.cuts) or NONE}
    taken.keep_listed(f"monthly export of {written(made.month)}", asked, made.frame.height, kind)


def _content_type(kind: Kind) -> str:
    return f"{FORMATS[kind]}; charset=utf-8" if kind == "csv" else FORMATS[kind]
