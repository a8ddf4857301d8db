"""The records of a REST source in batches, each as a file's rows would be, with the position after it."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256

import polars as pl

from config.settings import Settings
from config.suggest import near
from data.identify import Pseudonyms
from etl.intake.reader import Rows, dialect, texts_frame, unique_headers
from etl.pull.cursor import Cursor
from etl.pull.paging import NUMBERED, Pager, Ref
from etl.pull.patience import Patient, Refused
from etl.pull.records import Document, Texts, Wrong, lines
from etl.pull.tokens import token_of
from etl.pull.walked import Walked, pruned
from etl.pull.web import Answer, Server, shown
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError
from etl.sources.rest import Rest

GONE = (400, 404, 410, 422)
"""What servers say to the link or token of a page that they no longer know."""


@dataclass
class Held:
    """Records that wait to become a batch: the pages from `first` on, and the position after them."""

    first: Ref | None
    position: Walked
    records: list[Texts | Wrong] = field(default_factory=list)
    digests: list[int] = field(default_factory=list)


def batches(
    settings: Settings, mapping: Mapping, rest: Rest, after: Walked, ids: Pseudonyms
) -> Iterator[tuple[Rows | None, Walked]]:
    """Read what is new after a position. Each batch is whole pages, of about `rest.batch` records or more.

    Where a page cannot be had, those before it are handed on first. Rows are None where the end was
    reached without a new record.
    """
    try:
        token = token_of(settings, rest.token) if rest.token else ""
        with closing(Server(rest.url, rest.timeout, rest.most_mb << 20)) as server:
            patient = Patient(server, rate=rest.rate, tries=rest.tries, wait=rest.wait)
            pager = Pager(rest, token, server.inside)
            yield from _Walk(mapping, rest, after, ids, settings.zone).batches(patient, pager)
    except IntakeError as problem:
        problem.args = (f"{mapping.path.name}: {shown(rest.url)}: {problem}",)
        raise


class _Walk:
    """One way through the pages, from where the last one ended or broke off."""

    def __init__(self, mapping: Mapping, rest: Rest, after: Walked, ids: Pseudonyms, zone: str) -> None:
        self.mapping, self.rest, self.ids = mapping, rest, ids
        self.cursor = Cursor(rest.since, mapping.zone or zone) if rest.since else None
        self.at, self.resumed = after, after.page is not None
        self.known = dict(after.seen)
        # A record dated by a wrong clock must not carry the position past what is still to come.
        self.now = Decimal(time.time_ns() // 1000)
        if self.cursor is not None and not self.resumed:
            self.at = replace(after, began=self._begins(self.cursor, after.reached))
        self.began = self.at.began

    def batches(self, patient: Patient, pager: Pager) -> Iterator[tuple[Rows | None, Walked]]:
        page: Ref | None = self.at.page if self.resumed else pager.first
        held, been = Held(page, self.at), _Been()
        while page is not None:
            try:
                answer = patient.ask(pager.request(page, self._since()))
                document, records = self._read(answer)
                been.check(page, answer, len(records), self.rest)
                following = pager.following(answer, document, page, len(records))
            except IntakeError as problem:
                if held.records:
                    yield self._rows(held), held.position
                if self.resumed and isinstance(problem, Refused) and problem.status in GONE:
                    page, self.resumed = pager.first, False
                    held = Held(page, replace(self.at, page=page))
                    continue
                raise
            self.resumed = False
            fresh, digests = self._fresh(records)
            if len(held.records) >= self.rest.batch and fresh:
                yield self._rows(held), held.position
                held = Held(page, held.position)
            self._move(records, fresh, digests, following)
            held.records += fresh
            held.digests += digests
            held.position, page = self.at, following
        yield self._rows(held) if held.records else None, held.position

    @staticmethod
    def _begins(cursor: Cursor, reached: str) -> str:
        last = cursor.of(reached)
        return cursor.text(cursor.start if last is None else cursor.back(last))

    def _since(self) -> str | None:
        if self.cursor is None:
            return None
        began = self.cursor.of(self.began)
        return self.cursor.asked(self.cursor.start if began is None else began)

    def _read(self, answer: Answer) -> tuple[Document | None, list[Texts | Wrong]]:
        if self.rest.format == "ndjson":
            return None, lines(answer.body)
        try:
            document = Document(answer.body)
        except ValueError:
            raise IntakeError("the answer is no JSON; check [rest] url and format") from None
        return document, document.records(self.rest.records)

    def _fresh(self, records: list[Texts | Wrong]) -> tuple[list[Texts | Wrong], list[int]]:
        """The records that were not landed before, and their keyed hashes."""
        texts = [
            "!" + one.raw if isinstance(one, Wrong) else json.dumps(one, sort_keys=True) for one in records
        ]
        digests = self.ids.keys("pulled", [pl.Series(texts, dtype=pl.String)]).to_list()
        new = [place for place, digest in enumerate(digests) if digest not in self.known]
        return [records[place] for place in new], [digests[place] for place in new]

    def _move(
        self, records: list[Texts | Wrong], fresh: list[Texts | Wrong], digests: list[int], page: Ref | None
    ) -> None:
        """The position after a page."""
        began = self.at.began if page is not None else ""
        if self.cursor is None:
            self.at = replace(self.at, page=page, began=began)
            return
        values = self._values(records)
        before = self.cursor.of(self.at.reached)
        # Inside the pages the known value of before counts on: they need not come in order.
        found = [min(value, self.now) if self.cursor.instants else value for value in values.values()]
        reached = max((one for one in (before, *found) if one is not None), default=None)
        if reached is None:
            self.at = replace(self.at, page=page, began=began)
            return
        for record, digest in zip(fresh, digests, strict=True):
            self.known[digest] = self.cursor.text(values.get(id(record), reached))
        seen = pruned(self.known, self.cursor, reached)
        self.at = replace(self.at, reached=self.cursor.text(reached), page=page, began=began, seen=seen)

    def _values(self, records: list[Texts | Wrong]) -> dict[int, Decimal]:
        """The cursor's value of each record that has one; IntakeError where none on a page has."""
        assert self.cursor is not None
        column = self.cursor.since.field
        rows = [one for one in records if not isinstance(one, Wrong)]
        read = {id(one): self.cursor.of(one.get(column, "")) for one in rows}
        values = {key: value for key, value in read.items() if value is not None}
        if rows and not values:
            names = dict.fromkeys(name for row in rows for name in row)
            hint = near(column, names) if column not in names else ""
            what = "a number" if not self.cursor.instants else "a date or time"
            raise IntakeError(f'no record has {what} in "{column}"; check [rest] since.field{hint}')
        return values

    def _rows(self, held: Held) -> Rows:
        """The records as the rows of one file."""
        rows = [(n, one) for n, one in enumerate(held.records, 1) if not isinstance(one, Wrong)]
        broken = [(n, one.reason, one.raw) for n, one in enumerate(held.records, 1) if isinstance(one, Wrong)]
        names = list(dict.fromkeys(name for _, row in rows for name in row))
        absent = _absent(self.mapping, names)
        notes = [f'no record has "{one}"{_nearly(one, names)}; it is empty in all of them' for one in absent]
        names += absent
        frame = texts_frame([[row.get(name, "") for name in names] for _, row in rows], unique_headers(names))
        header = io.StringIO()
        csv.writer(header, **dialect(self.mapping.file)).writerow(frame.columns)
        # Keyed, unlike a file's; and of this place in the pages, so that a load moves its own position only.
        digests = pl.Series(held.digests, dtype=pl.Int64).to_numpy().tobytes()
        place = f"{self.began}|{held.first}|".encode()
        content = sha256(place + header.getvalue().encode() + digests).hexdigest()
        numbers = pl.Series("row", [n for n, _ in rows], dtype=pl.Int64)
        folder = str(self.mapping.path.resolve().parent)
        return Rows(
            f"rest:{self.mapping.name}", folder, content, header.getvalue(), frame, numbers, broken,
            len(held.records), tuple(notes) if rows else (),
        )  # fmt: skip


def _absent(mapping: Mapping, names: list[str]) -> list[str]:
    """Columns that the mapping names and no record of a batch has: JSON leaves out what is empty.

    None where every one is absent: then these are other records than those that the mapping means.
    """
    known = {name.strip() for name in names}
    lacking = [spelt for spelt in mapping.headers if not known.intersection(spelt)]
    if names and len(lacking) == len(mapping.headers):
        return []
    return list(dict.fromkeys(spelt[0] for spelt in lacking))


def _nearly(column: str, names: list[str]) -> str:
    hint = near(column, names)
    return hint if "did you mean" in hint else ""


class _Been:
    """Holds that pages do not go in circles."""

    def __init__(self) -> None:
        self.pages: set[Ref] = set()
        self.last = b""

    def check(self, page: Ref, answer: Answer, records: int, rest: Rest) -> None:
        """IntakeError where a page comes a second time: the server does not know how it is asked."""
        content = sha256(answer.body).digest()
        same = rest.paging.kind in NUMBERED and records and content == self.last
        if page in self.pages or same:
            raise IntakeError("pages go in circles; check [rest] paging: its kind, param, first and at")
        self.pages.add(page)
        self.last = content
