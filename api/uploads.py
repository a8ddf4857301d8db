"""Takes in a file that is brought on the upload page, piece by piece; hands out the mapping made for it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, abort, jsonify, request

from api.files import attached
from config.permissions import Permission
from data.viewer import Viewer
from state.desk import Desk, UploadRefused

ALL, MAPPING = "uploads", "upload_mapping"
PART = "Files concern the whole plan, and you see a part of it; nothing was taken."


def install(server: Flask, viewer: Callable[[], Viewer], desk: Desk) -> dict[str, Permission]:
    """Answer under `/uploads`; the permissions that its addresses need."""

    def take() -> tuple[Response, int]:
        """The body is the file itself: a form would be held whole before anything looked at it."""
        request.max_content_length = desk.most
        if not viewer().scope.whole:
            return jsonify(error=PART), 400
        try:
            made = desk.receive(request.stream, request.args.get("name", ""), viewer().name)
        except UploadRefused as refused:
            return jsonify(error=str(refused)), 400
        return jsonify(id=made.id, name=made.name, bytes=made.bytes), 201

    def mapping(id: str) -> Response:
        try:
            text = desk.toml(id, viewer().name)
        except UploadRefused:
            abort(404)
        return attached(text.encode(), "application/toml", "mapping.toml")

    server.add_url_rule("/uploads", ALL, take, methods=["POST"])
    server.add_url_rule("/uploads/<id>/mapping.toml", MAPPING, mapping, methods=["GET"])
    return dict.fromkeys((ALL, MAPPING), Permission.LOAD_DATA)
