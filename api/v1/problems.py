"""What went wrong, in the form that machines read: problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response

MEDIA = "application/problem+json"
TITLES: dict[str, tuple[int, str]] = {
    "bad-request": (400, "The request does not fit the description"),
    "sign-in-first": (401, "A key is needed"),
    "not-allowed": (403, "The role does not include this"),
    "not-found": (404, "There is no such thing"),
    "no-such-method": (405, "Only GET is answered here"),
    "not-acceptable": (406, "No such format"),
    "excluded": (409, "These cannot be asked together"),
    "outdated": (409, "A newer snapshot was published"),
    "too-many": (429, "Too many requests"),
    "failed": (500, "Something failed here"),
    "not-recorded": (503, "It cannot be recorded"),
    "not-ready": (503, "Not ready yet"),
}
"""Each kind of problem with its status and title."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (`parameter`) and what, with the near miss where there is one."""

    parameter: str
    detail: str


@dataclass
class Problem(Exception):
    """An answer of a kind of `TITLES`; `detail` is one sentence, `errors` are its parts."""

    kind: str
    detail: str
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return TITLES[self.kind][0]


def kind_of(status: int) -> str:
    """The kind of a plain HTTP status."""
    return next((kind for kind, (code, _) in TITLES.items() if code == status), "bad-request")


def answer(problem: Problem, reference: str = "") -> Response:
    """The problem as an answer; `reference` finds a failure in the log."""
    status, title = TITLES[problem.kind]
    body: dict[str, Any] = {
        "type": f"urn:reachboard:problem:{problem.kind}",
        "title": title,
        "status": status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [{"parameter": one.parameter, "detail": one.detail} for one in problem.errors]
    if reference:
        body["reference"] = reference
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA)
    response.headers.update(problem.headers)
    return response


def of(kind: str, faults: Sequence[Fault]) -> Problem:
    """A problem of one or more faults."""
    return Problem(kind, " ".join(fault.detail for fault in faults), tuple(faults))
