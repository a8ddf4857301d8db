"""What a file holds before it has a format: named columns, rows in batches, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from config.text import FORMULA


@dataclass(frozen=True)
class Sheet:
    """The rows of a file. `batches` gives them anew at each call; every frame has the columns of `schema`.

    `words` are the filters in words, `span` the first and last day asked for (day numbers), `metrics` the
    names of the metrics or counts in it, `meanings` a sentence per column that needs one. `total` counts
    the rows, and may take as long as making them.
    """

    page: str
    name: str
    title: str
    snapshot: int
    words: str
    version: str
    schema: dict[str, type[pl.DataType]]
    batches: Callable[[], Iterator[pl.DataFrame]]
    total: Callable[[], int]
    span: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    meanings: dict[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """`reachboard-overview-channels-2026-06-01-to-2026-11-20-snapshot-3`: it has no value of a filter."""
        span = f"-{'-to-'.join(self.span)}" if self.span else ""
        return f"reachboard-{self.page}-{self.name}{span}-snapshot-{self.snapshot}"


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text neutral; an empty text is no value."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    starts = [pl.col(name).str.slice(0, 1).is_in(list(FORMULA)) for name in texts]
    return frame.with_columns(
        pl.when(pl.col(name) == "")
        .then(None)
        .when(start)
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, start in zip(texts, starts, strict=True)
    )


def grouped(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of at least so many, which is what a row group should hold."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(one.height for one in held) >= rows:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)
