"""A report's content: blocks of figures, tables, charts and sentences, as every surface prints them."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec import Struct

FORMAT = "reachboard-document/1"


class Value(Struct, frozen=True, omit_defaults=True):
    """One value as it was released. `text` is how every surface writes it, `value` the exact number.

    `metric` names the definition; `value` is a count, a rate as a fraction, or money, None where nothing may
    or can be said; `status` and `reason` are those of `data.answer.Released`.
    """

    text: str
    metric: str = ""
    value: float | None = None
    status: str = "released"
    reason: str = ""
    numerator: float | None = None
    denominator: float | None = None
    approximate: bool = False


class Figure(Struct, frozen=True, omit_defaults=True):
    """A key figure: its label, its value, the change in words with its tone (better, worse, even, none)."""

    name: str
    label: str
    value: Value
    change: str = ""
    tone: str = "none"
    versus: str = ""
    note: str = ""
    before: Value | None = None


class Figures(Struct, frozen=True, omit_defaults=True, tag="figures"):
    """Key figures side by side."""

    items: tuple[Figure, ...]
    title: str = ""


class Column(Struct, frozen=True, omit_defaults=True):
    """A column of a table: its stable name, its heading with the unit, whether it holds numbers."""

    name: str
    label: str
    number: bool = True


class Band(Struct, frozen=True, omit_defaults=True):
    """What a bar is held against, in the unit of its first value: where it is expected to end, between `low`
    and `high` and most likely at `middle`, and the goal; None where that is not told or not set."""

    low: float | None = None
    high: float | None = None
    middle: float | None = None
    goal: float | None = None


class Row(Struct, frozen=True, omit_defaults=True):
    """A row: what it is of in words, a stable key, and one value per column but the first; of bars, what the
    first value is held against."""

    label: str
    values: tuple[Value, ...]
    key: str = ""
    href: str = ""
    band: Band | None = None


class Table(Struct, frozen=True, omit_defaults=True, tag="table"):
    """Rows under columns; the first column holds the labels of the rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    note: str = ""
    empty: str = ""


class Series(Struct, frozen=True, omit_defaults=True):
    """A line: one value per x; None is a gap. `dashed` for what it is compared with or not yet complete."""

    label: str
    values: tuple[Value, ...]
    dashed: bool = False


class Lines(Struct, frozen=True, omit_defaults=True, tag="lines"):
    """Lines over time. `x` are days as ISO 8601 or names of buckets; at `seam` history is spliced.

    `band`: the lines are the two ends of a range, and share one chart.
    """

    name: str
    title: str
    x: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    caption: str = ""
    seam: str = ""
    partial: tuple[str, ...] = ()
    band: bool = False


class Bars(Struct, frozen=True, omit_defaults=True, tag="bars"):
    """Horizontal bars: a row per category, a value per series, numbers written at the bar."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    empty: str = ""


class Sentence(Struct, frozen=True, omit_defaults=True):
    """A sentence made by a rule; `of` names the figures that it follows from."""

    text: str
    label: str = ""
    of: tuple[str, ...] = ()


class Sentences(Struct, frozen=True, omit_defaults=True, tag="sentences"):
    """Sentences under a title."""

    title: str
    items: tuple[Sentence, ...]


class Notes(Struct, frozen=True, omit_defaults=True, tag="notes"):
    """Footnotes: suppression, maturity, what is not causally measured."""

    items: tuple[str, ...]


Block: TypeAlias = Figures | Table | Lines | Bars | Sentences | Notes


class Document(Struct, frozen=True, omit_defaults=True):
    """A whole report as of one snapshot.

    `kind` is executive, monthly, view, print, table or mail; `page` and `query` reopen the live question;
    `words` are the filters in words; the clocks are days or instants in words; `made_us` is microseconds
    since the epoch. `id`, `state` (draft or approved) and `comment` are those of the issued report, and
    empty before it is issued.
    """

    kind: str
    title: str
    plan: str
    period: str
    words: str
    page: str
    query: dict[str, str]
    snapshot: int
    definitions: str
    outreach_through: str
    outcomes_through: str
    blocks: tuple[Block, ...]
    made_us: int = 0
    id: str = ""
    state: str = ""
    comment: str = ""
    comment_by: str = ""
    format: str = FORMAT


def encoded(document: Document) -> bytes:
    """The document as JSON, the same bytes for the same content."""
    return msgspec.json.encode(document, order="deterministic")


def decoded(content: bytes) -> Document:
    """The document of its JSON; msgspec.ValidationError where it is none."""
    return msgspec.json.decode(content, type=Document)
