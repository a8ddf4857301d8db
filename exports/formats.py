"""The formats: a sheet becomes bytes, piece by piece, the same bytes whenever it is asked for again."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from exports.sheet import Sheet, grouped, neutralised

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: dict[Format, str] = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
MIMES: dict[Format, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS_OF_A_SHEET = 1_048_575  # beside the heading
SIGNS_OF_A_CELL = 32_767
EXACT = 2**53  # a spreadsheet's numbers are floats
GROUP, PIECE = 65_536, 1 << 20
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # of every spreadsheet: its bytes follow from its rows alone


class TooMuch(ValueError):
    """More than a format can hold; nothing is cut, and the words name the formats that can."""


@dataclass
class Written:
    """What has been written so far: rows, bytes (`size`) and their checksum. `beat` hears of every batch."""

    rows: int = 0
    size: int = 0
    beat: Callable[[Written], None] = lambda _written: None
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())

    def add(self, piece: bytes) -> bytes:
        self.size += len(piece)
        self._digest.update(piece)
        return piece


def pieces(sheet: Sheet, format: Format, written: Written) -> Generator[bytes, None, None]:
    """The file, piece by piece; `written` counts along. `TooMuch` before the first where it cannot fit."""
    write = {"csv": _csv, "parquet": _parquet, "xlsx": _xlsx}[format]
    for piece in write(sheet, written):
        yield written.add(piece)


def _frames(sheet: Sheet, written: Written) -> Iterator[pl.DataFrame]:
    for frame in sheet.batches():
        yield neutralised(frame)
        written.rows += frame.height
        written.beat(written)


def _csv(sheet: Sheet, written: Written) -> Iterator[bytes]:
    """RFC 4180 in UTF-8: whole numbers without a point, nothing at all where there is no value."""
    yield _csv_of(pl.DataFrame(schema=sheet.schema), heading=True)
    for frame in _frames(sheet, written):
        yield _csv_of(_plain_numbers(frame), heading=False)


def _csv_of(frame: pl.DataFrame, heading: bool) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out, include_header=heading, line_terminator="\r\n")
    return out.getvalue()


def _plain_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with numbers as text that reads back as the very same ones; whole ones have no point."""
    floats = pl.selectors.by_dtype(pl.Float64)
    whole = (floats == floats.round()) & (floats.abs() < EXACT)
    return frame.with_columns(
        pl.when(whole)
        .then(floats.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(floats.cast(pl.String))
    )


def _parquet(sheet: Sheet, written: Written) -> Iterator[bytes]:
    sink = _Sink()
    told = {"reachboard": sheet.version, "snapshot": str(sheet.snapshot), "filters": sheet.words}
    schema = pl.DataFrame(schema=sheet.schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    with pq.ParquetWriter(
        pa.PythonFile(sink, mode="w"), schema.with_metadata(told), compression="zstd"
    ) as out:
        for frame in grouped(_frames(sheet, written), GROUP):
            out.write_table(frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))
            yield from sink.taken()
    yield from sink.taken()


class _Sink(io.RawIOBase):
    """A file that hands on what was written to it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        held, self._held = self._held, []
        if any(held):
            yield b"".join(held)


def _xlsx(sheet: Sheet, written: Written) -> Iterator[bytes]:
    """One sheet, row by row in constant memory: text as text, never a formula; numbers as numbers."""
    import xlsxwriter

    if sheet.total() > ROWS_OF_A_SHEET:
        raise TooMuch(
            f"{sheet.total():,} rows, and a spreadsheet holds {ROWS_OF_A_SHEET:,}; nothing was cut. "
            "Take CSV or Parquet, or narrow the filters."
        )
    with tempfile.TemporaryDirectory(prefix="reachboard-") as folder, tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False,
                   "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
        # Closed whatever happens: it holds a file of its own.
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"title": sheet.title, "comments": sheet.words, "created": MADE})
            _page(book.add_worksheet(sheet.name[:31]), sheet, written)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _page(page: Any, sheet: Sheet, written: Written) -> None:
    page.freeze_panes(1, 0)
    page.set_column(0, len(sheet.schema) - 1, 16)
    for column, name in enumerate(sheet.schema):
        page.write_string(0, column, name)
    row = 0
    for frame in _frames(sheet, written):
        for values in frame.iter_rows():
            row += 1
            _cells(page, row, values)


def _cells(page: Any, row: int, values: tuple[object, ...]) -> None:
    for column, one in enumerate(values):
        if one is None:
            continue
        if isinstance(one, bool):
            page.write_boolean(row, column, one)
        elif isinstance(one, (int, float)) and abs(one) <= EXACT:
            page.write_number(row, column, one)
        else:
            _text(page, row, column, one.isoformat() if isinstance(one, date) else str(one))


def _text(page: Any, row: int, column: int, words: str) -> None:
    if len(words) > SIGNS_OF_A_CELL:
        raise TooMuch(
            f"A text of {len(words):,} signs, and a cell of a spreadsheet holds {SIGNS_OF_A_CELL:,}; "
            "nothing was cut. Take CSV or Parquet."
        )
    page.write_string(row, column, words)
