"""What is said when something fails: a page or JSON with a reference, and a line in the log without data."""

from __future__ import annotations

import logging

from dash import callback_context, no_update, set_props
from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from api.v1 import problems
from api.v1.problems import Problem
from app import signin, trail
from app.logs import places
from ledger.book import Unwritable
from state.sessions import SessionsAway
from ui.faces import failed, trouble, unrecorded
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
    429: ("Too many attempts", "Wait a minute, then try again."),
    500: (
        "Something failed here",
        "It is not your doing. Try again; if it stays, give your administrator the reference.",
    ),
    503: ("Not ready yet", "Try again in a minute."),
}


NOT_RECORDED = (
    "This cannot be recorded just now",
    "What is looked at, taken out or changed is written into a ledger, which cannot be written at the "
    "moment, so nothing was shown, taken or changed. Try again in a minute; the administrator is told.",
)


OF_API = {
    403: "The role of this key does not include it.",
    404: "There is no such address; /api/v1/openapi.json lists all.",
    405: "Ask with GET; /api/v1/openapi.json describes every address.",
}


def install(server: Flask) -> None:
    """Answer every error of the server in words."""
    server.register_error_handler(HTTPException, _refused)
    server.register_error_handler(Unwritable, _unwritten)
    server.register_error_handler(SessionsAway, _away)
    server.register_error_handler(Exception, _broke)


def report(error: BaseException) -> str:
    """Log kind and place of an error, never its message, which may quote data; returns the request's id."""
    reference = trail.reference()
    log.error("reference=%s error=%s at %s", reference, type(error).__name__, places(error.__traceback__))
    return reference


def callback_failed(error: Exception) -> object:
    """Dash's `on_error`: a toast with the reference, and the failed face where a panel should be."""
    if isinstance(error, Unwritable):
        return _unshown()
    reference = report(error)
    set_props(Frame.TOAST, {"is_open": True, "children": trouble(reference)})
    outputs = callback_context.outputs_list
    if isinstance(outputs, dict) and outputs.get("property") == "children":
        return failed(reference)
    if isinstance(outputs, list) and outputs:
        return [failed(reference) if one.get("property") == "children" else no_update for one in outputs]
    return no_update


def _unshown() -> object:
    """Say in each panel that it is not shown, and why."""
    said = unrecorded(*NOT_RECORDED)
    set_props(Frame.TOAST, {"is_open": True, "children": said})
    outputs = callback_context.outputs_list
    if isinstance(outputs, dict):
        return said if outputs.get("property") == "children" else no_update
    return [said if one.get("property") == "children" else no_update for one in outputs or []]


def _refused(error: HTTPException) -> Response:
    response = answer(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unwritten(error: Exception) -> Response:
    """What cannot be recorded does not happen, and nothing leaves."""
    if request.path.startswith("/api/"):
        return problems.answer(Problem("not-recorded", str(error)))
    return answer(503, words=NOT_RECORDED)


def _broke(error: Exception) -> Response:
    return answer(500, report(error))


def _away(error: SessionsAway) -> Response:
    """Nobody can be known while the place of the sessions does not answer."""
    return answer(503, report(error), known=False)


def _sentence(status: int, words: str) -> str:
    """What a machine's author is told: pages and links are of no help to them."""
    return OF_API.get(status, words)


def answer(
    status: int, reference: str = "", known: bool = True, words: tuple[str, str] | None = None
) -> Response:
    """The error as a page for people, as JSON for everybody else; `words` are its own."""
    title, sentence = words or WORDS.get(status, WORDS[400])
    if request.path.startswith("/api/"):
        return problems.answer(Problem(problems.kind_of(status), _sentence(status, sentence)), reference)
    of_machine = request.method != "GET" and request.mimetype not in FORMS
    if of_machine or request.path.startswith("/_dash"):
        response = make_response(jsonify(error=title, reference=reference or None), status)
    else:
        viewer = signin.viewer() if known else None
        page = render_template(
            "error.html", status=status, title=title, words=sentence, reference=reference, viewer=viewer
        )
        response = make_response(page, status)
    return response
