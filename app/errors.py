"""What is said when something fails: a page or JSON with a reference, and a line in the log without data."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

from dash import callback_context, no_update, set_props
from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from api.v1 import problems
from api.v1.problems import Problem
from app import signin
from ui.faces import failed, trouble
from ui.frame import Frame

log = logging.getLogger("reachboard.errors")
# Told by its type: to read a form that is too large fails again.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
WORDS = {
    400: ("That request makes no sense here", "Go back, reload the page and try again."),
    403: ("This is not allowed", "Your role does not include it, or the request came from another site."),
    404: ("There is no such page", "The address may be mistyped, or the page is not part of your role."),
    405: ("That is not how this address works", "Go to the start page and follow the links."),
    413: ("That is too much at once", "The request was larger than this server accepts."),
    500: (
        "Something failed here",
        "It is not your doing. Try again; if it stays, give your administrator the reference.",
    ),
    503: ("Not ready yet", "Try again in a minute."),
}


OF_API = {
    403: "The role of this key does not include it.",
    404: "There is no such address; /api/v1/openapi.json lists all.",
    405: "Ask with GET; /api/v1/openapi.json describes every address.",
}


def install(server: Flask) -> None:
    """Answer every error of the server in words."""
    server.register_error_handler(HTTPException, _refused)
    server.register_error_handler(Exception, _broke)


def report(error: BaseException) -> str:
    """Log kind and place of an error, never its message, which may quote data; returns the reference."""
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames[-4:]))
    log.error("reference=%s error=%s at %s", reference, type(error).__name__, places)
    return reference


def callback_failed(error: Exception) -> object:
    """Dash's `on_error`: a toast with the reference, and the failed face where a panel should be."""
    reference = report(error)
    set_props(Frame.TOAST, {"is_open": True, "children": trouble(reference)})
    outputs = callback_context.outputs_list
    if isinstance(outputs, dict) and outputs.get("property") == "children":
        return failed(reference)
    if isinstance(outputs, list) and outputs:
        return [failed(reference) if one.get("property") == "children" else no_update for one in outputs]
    return no_update


def _refused(error: HTTPException) -> Response:
    response = answer(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _broke(error: Exception) -> Response:
    return answer(500, report(error))


def _sentence(status: int, words: str) -> str:
    """What a machine's author is told: pages and links are of no help to them."""
    return OF_API.get(status, words)


def answer(status: int, reference: str = "") -> Response:
    """The error as a page for people, as JSON for everybody else."""
    title, words = WORDS.get(status, WORDS[400])
    if request.path.startswith("/api/"):
        return problems.answer(Problem(problems.kind_of(status), _sentence(status, words)), reference)
    of_machine = request.method != "GET" and request.mimetype not in FORMS
    if of_machine or request.path.startswith("/_dash"):
        response = make_response(jsonify(error=title, reference=reference or None), status)
    else:
        page = render_template(
            "error.html", status=status, title=title, words=words, reference=reference, viewer=signin.viewer()
        )
        response = make_response(page, status)
    return response
