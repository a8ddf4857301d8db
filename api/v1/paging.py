"""Pages of a long answer: a cursor names the snapshot, the question and how far the reader came."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

from api.v1.parameters import Page
from api.v1.problems import Fault, of

Item = TypeVar("Item")


@dataclass(frozen=True)
class Part(Generic[Item]):
    """Some rows of all, and the address of the next ones, if there are any."""

    rows: Sequence[Item]
    count: int
    following: str | None


def part(rows: Sequence[Item], page: Page, snapshot: int) -> Part[Item]:
    """The rows of a page. `Problem` where the cursor is none of ours, or of an earlier snapshot."""
    begin = _begin(page.cursor, snapshot) if page.cursor else 0
    shown = rows[begin : begin + page.limit]
    end = begin + len(shown)
    following = None
    if end < len(rows):
        kept = [(name, text) for name, text in request.args.items(multi=True) if name != "cursor"]
        cursor = _packed([snapshot, _question(), end])
        following = f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
    return Part(shown, len(rows), following)


def _begin(cursor: str, snapshot: int) -> int:
    try:
        of_snapshot, question, begin = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        sound = question == _question() and isinstance(begin, int) and begin >= 0
    except (ValueError, TypeError, binascii.Error, RecursionError):
        sound, of_snapshot, begin = False, 0, 0
    if not sound:
        told = "This cursor belongs to no answer of this question. Take it from `next`, and change nothing."
        raise of("not-found", [Fault("cursor", told)])
    if of_snapshot != snapshot:
        told = "A newer snapshot was published meanwhile. Start again without the cursor."
        raise of("outdated", [Fault("cursor", told)])
    return int(begin)


def _packed(parts: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode()


def _question() -> str:
    """A mark of what is asked, apart from where the reader is."""
    kept = sorted((n, t) for n, t in request.args.items(multi=True) if n not in ("cursor", "limit"))
    return hashlib.sha256(json.dumps([request.path, kept]).encode()).hexdigest()[:12]
