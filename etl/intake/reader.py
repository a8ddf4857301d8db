"""Raw bytes to a frame of texts: every row is counted, and a broken one is set apart, never guessed at."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from config.suggest import near
from etl.sources.problems import IntakeError
from etl.sources.tables import FileSpec

CHUNK = 10_000
LONGEST_CELL = 131_072
BAD = "\ufffd"
FOREIGN = {
    b"\xff\xfe": 'is written in UTF-16; say encoding = "utf-16" in [file]',
    b"\xfe\xff": 'is written in UTF-16; say encoding = "utf-16" in [file]',
    b"PK\x03\x04": "is a zip archive or an Excel workbook, no CSV; export it as CSV",
    b"\x1f\x8b": "is compressed (gzip); unpack it first",
    b"PAR1": "is a Parquet file, no CSV",
}
UNREADABLE = "bytes that are not valid in the file's encoding"


@dataclass
class Rows:
    """A file as texts. `frame`: one String column per header (never null). `numbers`: each row's number.

    `notes`: what else to know of the file, in words without its values.
    """

    file_name: str
    folder: str
    sha256: str
    header: str
    frame: pl.DataFrame
    numbers: pl.Series
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    rows_in: int = 0
    notes: tuple[str, ...] = ()


def read_rows(path: Path, spec: FileSpec) -> Rows:
    """Read a delimited file; IntakeError where it cannot be opened or has no header."""
    raw = file_bytes(path)
    rows = parse(raw, spec, path.name)
    rows.folder = str(path.resolve().parent)
    rows.sha256 = sha256(raw).hexdigest()
    return rows


def file_bytes(path: Path) -> bytes:
    """A file's bytes; IntakeError, with the near miss, where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise IntakeError(f"{path}: no such file{near(path.name, beside[:500])}") from None
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error.strerror}") from None


def parse(raw: bytes, spec: FileSpec, name: str) -> Rows:
    """Rows of delimited bytes; `sha256` and `folder` are left empty."""
    text, damaged = decoded(raw, spec.encoding, name)
    lines = io.StringIO(text, newline="").readlines()
    reader = _Reader(lines, spec, damaged)
    header, header_text = reader.header(name)
    with _no_collection():
        reader.fill(len(header))
    names = unique_headers(header)
    frame = pl.concat(reader.frames) if reader.frames else texts_frame([], names)
    frame.columns = names
    numbers = pl.Series("row", reader.numbers, dtype=pl.Int64)
    return Rows(name, "", "", header_text, frame, numbers, reader.broken, reader.count)


def decoded(raw: bytes, encoding: str, name: str) -> tuple[str, bool]:
    """Text without byte order mark, and whether some bytes had to be marked as unreadable."""
    for mark, said in FOREIGN.items():
        if raw.startswith(mark) and encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
            raise IntakeError(f"{name}: {said}")
    utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    codec = "utf-8-sig" if utf8 else encoding
    try:
        return _storable(raw.decode(codec), utf8), False
    except UnicodeDecodeError:
        return _storable(raw.decode(codec, "replace"), utf8), True
    except UnicodeError as error:
        raise IntakeError(f"{name}: cannot be read as {encoding}: {error}; check [file] encoding") from None


def _storable(text: str, sure: bool) -> str:
    """Some codecs let lone surrogates through, which no table can hold."""
    return text if sure else text.encode("utf-8", "replace").decode("utf-8")


def dialect(spec: FileSpec) -> dict[str, Any]:
    """Arguments of Python's csv reader and writer for a file's format."""
    quoting = csv.QUOTE_MINIMAL if spec.quote else csv.QUOTE_NONE
    return {
        "delimiter": spec.delimiter,
        "quotechar": spec.quote or None,
        "quoting": quoting,
        "escapechar": spec.escape,
        "doublequote": True,
        "strict": True,
    }


def unique_headers(header: list[str]) -> list[str]:
    """Stripped headers; one that stands several times becomes x#1, x#2; a blank one is column_<n>."""
    plain = [one.strip().lstrip("\ufeff").strip() or f"column_{n}" for n, one in enumerate(header, 1)]
    seen: dict[str, int] = {}
    result = []
    for one in plain:
        seen[one] = seen.get(one, 0) + 1
        result.append(f"{one}#{seen[one]}" if plain.count(one) > 1 else one)
    return [one if result.count(one) == 1 else f"{one}@{n}" for n, one in enumerate(result, 1)]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Rows are many short-lived lists; looking for cycles in them would cost a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Reader:
    """Walks the lines; a record that does not parse gives up its first line and goes on after it."""

    def __init__(self, lines: list[str], spec: FileSpec, damaged: bool) -> None:
        self.lines, self.spec, self.damaged = lines, spec, damaged
        self.at = spec.skip_lines
        self.count = 0
        self.numbers: list[int] = []
        self.cells: list[list[str]] = []
        self.frames: list[pl.DataFrame] = []
        self.broken: list[tuple[int, str, str]] = []

    def header(self, name: str) -> tuple[list[str], str]:
        if self.spec.columns:
            text = io.StringIO()
            csv.writer(text, **dialect(self.spec)).writerow(self.spec.columns)
            return list(self.spec.columns), text.getvalue()
        reader = self._reader(self.at)
        try:
            record = next((one for one in reader if one), None)
        except csv.Error as error:
            raise IntakeError(f"{name}: the header line: {_reason(error)}; check [file] quote") from None
        if record is None:
            raise IntakeError(f"{name}: is empty: no header line; is it the right file?")
        start, self.at = self.at, self.at + reader.line_num
        return record, "".join(self.lines[start : self.at])

    def fill(self, width: int) -> None:
        """Read the rows to the end; blank lines are no rows."""
        at = self.at
        while at < len(self.lines):
            at = self._run(at, width)
        self._flush(width)

    def _run(self, base: int, width: int) -> int:
        """Read from a line on; returns the line to go on from, after a record that does not parse."""
        reader = self._reader(base)
        start, plain = base, not self.damaged
        while True:
            try:
                record = next(reader, None)
            except csv.Error as error:
                self._refuse(start, start + 1, _reason(error))
                return start + 1
            if record is None:
                return len(self.lines)
            end = base + reader.line_num
            if len(record) == width and (plain or not any(BAD in cell for cell in record)):
                self.count += 1
                self.numbers.append(self.count)
                self.cells.append(record)
                if len(self.cells) >= CHUNK:
                    self._flush(width)
            elif len(record) == width:
                self._refuse(start, end, UNREADABLE)
            elif record:
                self._refuse(start, start + 1, f"{len(record)} fields where the header has {width}")
                if end > start + 1:
                    return start + 1
            start = end

    def _reader(self, base: int) -> Any:
        return csv.reader(islice(self.lines, base, None), **dialect(self.spec))

    def _refuse(self, start: int, end: int, reason: str) -> None:
        self.count += 1
        self.broken.append((self.count, reason, "".join(self.lines[start:end])))

    def _flush(self, width: int) -> None:
        if self.cells:
            self.frames.append(texts_frame(self.cells, [str(n) for n in range(width)]))
            self.cells = []


def _reason(error: csv.Error) -> str:
    said = str(error)
    if "end of data" in said:
        return "a quote is opened and never closed"
    if "field limit" in said:
        return f"a field of more than {LONGEST_CELL} characters, or a quote that is never closed"
    return "text after a closing quote" if "expected after" in said else f"malformed: {said}"


def texts_frame(cells: list[list[str]], names: list[str]) -> pl.DataFrame:
    """Rows of fields as a frame of String columns."""
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(names)
    return pl.DataFrame(
        [pl.Series(name, one, dtype=pl.String) for name, one in zip(names, columns, strict=True)]
    )
