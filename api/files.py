"""A table as a file: `/<page>/<table>.csv`, `.parquet`, `.xlsx` under the page's filters, and its sidecar."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

from flask import Flask, Response, abort, request

from config.text import TextRefused, typed
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION
from data.viewer import Viewer
from exports.formats import MIMES, Format, TooMuch, Written, pieces
from exports.owner import owner_of
from exports.sheet import Sheet
from exports.sidecar import Told, sidecar
from exports.tables import FiltersRefused, NoSuchTable, canonical, sheet_of
from ledger.book import Unwritable
from reports import frozen
from state.exports import CANCELLED, DONE, DOWNLOAD, FAILED, RUNNING, Asked, Ledger, now_us
from state.store import Store

FILE, SIDECAR = "table_file", "table_sidecar"
ENDPOINTS = (FILE, SIDECAR)
ADDRESS = "/<page>/<table>.<any(csv, parquet, xlsx):format>"
TEXT = "text/plain; charset=utf-8"
WHY, REPORT = "why", "X-Reachboard-Report"
WHAT_FOR = "Say what it is for: take it on the page Exports, or put `why=...` into the address."
Asker = Callable[[], tuple[Viewer, Cubes]]


def install(server: Flask, asker: Asker, store: Store, reason: bool = False, plan: str = "") -> None:
    """Answer for every table and format with the query string of the page, and for the sidecar of each.

    `reason`: whether nobody is given a file who does not say what for.
    """

    def kept(sheet: Sheet, viewer: Viewer, cubes: Cubes) -> str:
        """The ID that reopens what the file holds; the same for the file and its sidecar."""
        query = request.args.to_dict()
        query.pop(WHY, "")
        return frozen.kept_id(sheet.page, sheet.name, query, viewer, cubes, store, plan)

    def table_file(page: str, table: str, format: Format) -> Response:
        viewer, cubes = asker()
        sheet, why = _asked(page, table, viewer, cubes, store)
        if reason and not why:
            abort(Response(f"{WHAT_FOR}\n", 400, content_type=TEXT))
        written = Written()
        made = pieces(sheet, format, written)
        first = _first(made)
        if request.method == "HEAD":
            made.close()
            return _attached(b"", sheet, format)
        id, ledger = secrets.token_hex(16), Ledger(store.database)
        asked = replace(_written_down(sheet, format, why, viewer, cubes), report=kept(sheet, viewer, cubes))
        ledger.add(id, DOWNLOAD, asked, owner_of(viewer))
        response = _attached(_sent(first, made, written, ledger, id), sheet, format)
        if asked.report:
            response.headers[REPORT] = asked.report
        response.call_on_close(made.close)  # also where nobody ever reads the rest
        return response

    def table_sidecar(page: str, table: str, format: Format) -> Response:
        viewer, cubes = asker()
        sheet, why = _asked(page, table, viewer, cubes, store)
        written = Written()
        made = pieces(sheet, format, written)
        _first(made)
        for _ in made:
            pass
        told = Told(viewer, why, now_us())
        content = sidecar(sheet, format, written, told, cubes, kept(sheet, viewer, cubes))
        return attached(content, "application/json", f"{sheet.file_name}.{format}.json")

    server.add_url_rule(ADDRESS, FILE, table_file, methods=["GET"])
    server.add_url_rule(f"{ADDRESS}.json", SIDECAR, table_sidecar, methods=["GET"])


def _asked(page: str, table: str, viewer: Viewer, cubes: Cubes, store: Store) -> tuple[Sheet, str]:
    """The rows asked for, and why; answers 404 or 400 where they cannot be given."""
    query = request.args.to_dict()
    why = query.pop(WHY, "")
    try:
        return sheet_of(page, table, query, viewer, cubes, store), typed(why)
    except NoSuchTable:
        abort(404)
    except FiltersRefused as refused:
        abort(Response(f"{refused}\n", 400, content_type=TEXT))
    except TextRefused as refused:
        abort(Response(f"{WHY}: {refused}.\n", 400, content_type=TEXT))


def _first(made: Generator[bytes, None, None]) -> bytes:
    """The first piece, made before anything is answered: what cannot be written is refused in words."""
    try:
        return next(made, b"")
    except TooMuch as refused:
        abort(Response(f"{refused}\n", 400, content_type=TEXT))


def _written_down(sheet: Sheet, format: Format, why: str, viewer: Viewer, cubes: Cubes) -> Asked:
    query = request.args.to_dict()
    return Asked(
        sheet.page, sheet.name, sheet.title, sheet.words, query, format, why,
        sheet.snapshot, f"{sheet.file_name}.{format}", None, *canonical(query, viewer, cubes),
    )  # fmt: skip


def _sent(
    first: bytes, made: Generator[bytes, None, None], written: Written, ledger: Ledger, id: str
) -> Iterator[bytes]:
    """The pieces; what became of them goes into the ledger, also where the reader goes away."""
    end = CANCELLED
    try:
        yield first
        yield from made
        end = DONE
    except Exception:
        end = FAILED
        raise
    finally:
        made.close()
        told = {"rows": written.rows, "bytes": written.size}
        with suppress(Unwritable):  # that it was begun is written
            ledger.move(id, (RUNNING,), end, sha256=written.sha256 if end == DONE else None, **told)


def _attached(content: bytes | Iterator[bytes], sheet: Sheet, format: Format) -> Response:
    response = attached(content, MIMES[format], f"{sheet.file_name}.{format}")
    response.headers.update(
        {
            "X-Reachboard-Filters": quote(sheet.words, safe=" ,:()/"),
            "X-Reachboard-Snapshot": str(sheet.snapshot),
            "X-Reachboard-Definitions": DEFINITIONS_VERSION,
            "X-Reachboard-Schema": sheet.version,
            "Link": f'<{_beside()}>; rel="describedby"; type="application/json"',
        }
    )
    return response


def _beside() -> str:
    """Address of the sidecar of what is asked for."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{quote(request.path)}.json{'?' if query else ''}{query}"


def attached(content: bytes | Iterator[bytes], mime: str, name: str) -> Response:
    """A file to be saved under a name."""
    kind = f"{mime}; charset=utf-8" if mime.startswith("text/") else mime
    response = Response(content, mimetype=mime, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
