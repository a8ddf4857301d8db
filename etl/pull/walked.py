"""How far a REST source was read: the last value of `since`, and the page at which a pull broke off."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from data.snapshot import Lake
from etl.pull.cursor import Cursor
from etl.pull.paging import Ref
from etl.pull.position import MOST_SEEN, latest
from etl.pull.sealed import opened, sealed
from etl.sources.mapping import Mapping
from etl.sources.rest import Rest

Seen = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Walked:
    """`reached`: the greatest value of `since`'s field that was landed, as text. `page`: where to go on in
    pages that began at `began`, None where the last one was landed. `seen`: keyed hashes of the records
    that come again, with their values. `way` tells whether the pages are still those of the mapping.
    """

    way: str
    column: str = ""
    reached: str = ""
    began: str = ""
    page: Ref | None = None
    seen: Seen = ()

    @property
    def through(self) -> str:
        """For people: how far it came."""
        words = f"through {self.column} {self.reached}" if self.reached else "all of it"
        return words if self.page is None else f"{words}, in the middle of its pages"

    def dumped(self, secret: bytes) -> str:
        page = sealed(secret, self.page) if isinstance(self.page, str) else self.page
        seen = self.seen if len(self.seen) <= MOST_SEEN else ()
        return json.dumps({
            "way": self.way, "column": self.column, "reached": self.reached, "began": self.began,
            "page": page, "seen": seen,
        })  # fmt: skip

    def same(self, other: Walked | None) -> bool:
        """Whether the next pull would begin alike."""
        return other is not None and replace(self, seen=()) == replace(other, seen=())


def way_of(rest: Rest) -> str:
    """A mark of how pages are asked for; another one makes the pages of before meaningless."""
    asked = (rest.url, rest.method, rest.params, rest.body, rest.records, rest.format, rest.paging)
    return sha256(repr(asked).encode()).hexdigest()[:16]


def loaded(text: str, secret: bytes | None = None) -> Walked | None:
    """The position of a load; None where it is not that of a REST source. Without a secret, no link."""
    if not text.startswith("{"):
        return None
    told = json.loads(text)
    page = told["page"]
    if isinstance(page, str):
        page = opened(secret, page) if secret is not None else ""
    seen = tuple((int(digest), str(value)) for digest, value in told["seen"])
    return Walked(told["way"], told["column"], told["reached"], told["began"], page, seen)


def next_of(lake: Lake, mapping: Mapping, rest: Rest, secret: bytes) -> Walked:
    """Where the next pull goes on; another field than the last time starts anew."""
    text = latest(lake, mapping.name)
    last = loaded(text, secret) if text else None
    fresh = at_start(rest)
    if last is None or last.column != fresh.column:
        return fresh
    if last.way != fresh.way:
        return replace(last, way=fresh.way, began="", page=None)
    return last


def at_start(rest: Rest) -> Walked:
    return Walked(way_of(rest), rest.since.field if rest.since else "")


def pruned(seen: dict[int, str], cursor: Cursor, reached: Decimal) -> Seen:
    """The records that the next pull meets again."""
    edge = cursor.window(reached)
    kept = [(digest, text) for digest, text in seen.items() if (cursor.of(text) or edge) >= edge]
    return tuple(sorted(kept))
