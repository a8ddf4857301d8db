"""Export jobs of the viewer: start one, look at them, cancel or delete one, and fetch what it wrote."""

from __future__ import annotations

from dataclasses import asdict, replace

from flask import Flask, Response, abort, jsonify, request, send_file

from api.files import Asker, attached
from config.settings import Settings
from data.viewer import Viewer
from exports import jobs
from exports.formats import MIMES
from exports.sidecar import instant
from exports.tables import FiltersRefused, NoSuchTable
from pages.registry import may_see
from reports.frozen import kept_id
from state.exports import Export
from state.store import Store

ALL, ONE, FILE, SIDECAR = "export_jobs", "export_job", "export_file", "export_sidecar"
ENDPOINTS = (ALL, ONE, FILE, SIDECAR)
TOLD = (
    "id", "kind", "title", "words", "format", "reason", "snapshot", "status", "total", "rows", "bytes",
    "sha256", "file_name", "said", "report",
)  # fmt: skip


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> None:
    """Answer under `/exports/jobs`; every job is its owner's alone, and looks missing to everybody else."""

    def every() -> tuple[Response, int]:
        viewer, cubes = asker()
        if request.method == "GET":
            return jsonify(exports=[told(one) for one in jobs.history(viewer, settings, store)]), 200
        form = request.form.to_dict()
        page, table, format, why = (form.pop(name, "") for name in ("page", "table", "format", "why"))
        if not may_see(page, viewer):
            abort(404)
        try:
            asked = jobs.asked_of(page, table, form, format, why, viewer, cubes, store)
            asked = replace(asked, report=kept_id(page, table, form, viewer, cubes, store, settings.plan))
            return jsonify(told(jobs.start(asked, viewer, settings, store))), 202
        except NoSuchTable:
            abort(404)
        except (FiltersRefused, jobs.JobRefused) as refused:
            return jsonify(error=str(refused)), 400

    def one(id: str) -> Response:
        viewer = asker()[0]
        found = _own(id, viewer)
        if request.method == "POST":
            jobs.cancel(id, viewer, settings, store)
        elif request.method == "DELETE":
            jobs.remove(id, viewer, settings, store)
        return jsonify(told(found if request.method == "GET" else _own(id, viewer)))

    def file(id: str) -> Response:
        found = _file(id)
        if request.method == "GET":
            jobs.taken(found, store)
        path = jobs.place(settings, id) / jobs.FILE
        return send_file(
            path,
            MIMES[found.format],  # type: ignore[index]
            as_attachment=True,
            download_name=found.file_name,
            conditional=True,
            etag=str(found.sha256),
        )

    def sidecar(id: str) -> Response:
        found = _file(id)
        content = (jobs.place(settings, id) / jobs.SIDECAR).read_bytes()
        return attached(content, "application/json", f"{found.file_name}.json")

    def _own(id: str, viewer: Viewer) -> Export:
        found = jobs.own(id, viewer, settings, store)
        if found is None or not may_see(found.page, viewer):
            abort(404)
        return found

    def _file(id: str) -> Export:
        viewer = asker()[0]
        _own(id, viewer)
        found = jobs.file_of(id, viewer, settings, store)
        if found is None:
            abort(404)
        return found[0]

    server.add_url_rule("/exports/jobs", ALL, every, methods=["GET", "POST"])
    server.add_url_rule("/exports/jobs/<id>", ONE, one, methods=["GET", "POST", "DELETE"])
    server.add_url_rule("/exports/jobs/<id>/file", FILE, file, methods=["GET"])
    server.add_url_rule("/exports/jobs/<id>/sidecar", SIDECAR, sidecar, methods=["GET"])


def told(export: Export) -> dict[str, object]:
    """An export as its owner sees it."""
    every = asdict(export)
    times = {f"{name}_at": instant(every[f"{name}_us"]) for name in ("made", "ended", "expires")}
    return {**{name: every[name] for name in TOLD}, **times}
