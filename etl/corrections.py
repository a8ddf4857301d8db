"""Refused rows as texts: parsed again through a mended mapping, or from the CSV that was corrected."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from config.suggest import near
from etl.intake.reader import UNREADABLE, dialect, unique_headers
from etl.sources.problems import IntakeError
from etl.sources.tables import FileSpec

OWN_COLUMNS = ("_row", "_column", "_reason")
AGAIN = f"{UNREADABLE}; they are lost here: import the file again with the mended encoding"
Cells = list[tuple[int, list[str]]]
Broken = list[tuple[int, str, str]]


def header_fields(header: str, spec: FileSpec) -> list[str]:
    """The columns of a header line in the format of a mapping."""
    return unique_headers(_fields(header, dialect(spec)))


def _guessed(header: str) -> dict[str, Any]:
    """The format of a header line: the delimiter that stands in it most often."""
    return {"delimiter": max(",;\t|", key=header.count), "quotechar": '"', "strict": False}


def _fields(text: str, form: dict[str, Any]) -> list[str]:
    """The fields of one record's text; empty where it does not parse as one record."""
    try:
        records = [one for one in csv.reader(io.StringIO(text, newline=""), **form) if one]
    except csv.Error:
        return []
    return records[0] if len(records) == 1 else []


def write_rows(out: TextIO, header: str, frame: pl.DataFrame) -> None:
    """Refused rows as a CSV: _row, _column, _reason, then the columns (or `record`)."""
    form = _guessed(header)
    writer = csv.writer(out)
    writer.writerow([*OWN_COLUMNS, *(_fields(header, form) if header else ["record"])])
    for row, column, reason, raw in frame.iter_rows():
        cells = (_fields(raw, form) or [raw.rstrip("\r\n")]) if header else [raw]
        writer.writerow([row, column or "", reason, *cells])


def parsed_rows(frame: pl.DataFrame, header: list[str], spec: FileSpec) -> tuple[Cells, Broken]:
    """Refused rows split into fields again; those that still do not fit the header stay broken."""
    cells: Cells = []
    broken: Broken = []
    for number, _, reason, raw in frame.iter_rows():
        fields = _fields(raw, dialect(spec))
        if reason in (UNREADABLE, AGAIN):
            broken.append((number, AGAIN, raw))
        elif len(fields) != len(header):
            said = f"{len(fields)} fields where the header has {len(header)}" if fields else reason
            broken.append((number, said, raw))
        else:
            cells.append((number, fields))
    return cells, broken


def corrected_rows(path: Path, header: list[str], known: set[int]) -> tuple[Cells, Broken]:
    """Rows of an exported CSV after correction; IntakeError where it is not that file's."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            mark = source.read(len(OWN_COLUMNS[0]) + 1)[-1:]
            source.seek(0)
            records = [one for one in csv.reader(source, delimiter=mark if mark in ";\t" else ",") if one]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise IntakeError(f"{path.name}: cannot be read as the exported CSV: {error}") from None
    wanted = [*OWN_COLUMNS, *header]
    first = [one.strip() for one in records[0]] if records else []
    if first[: len(OWN_COLUMNS)] != list(OWN_COLUMNS) or unique_headers(first[len(OWN_COLUMNS) :]) != header:
        lacking = next((one for one in wanted if one not in first), "_row")
        raise IntakeError(
            f'{path.name}: not the exported columns: "{lacking}" is missing{near(lacking, first)}'
        )
    cells: Cells = []
    broken: Broken = []
    for line, record in enumerate(records[1:], 2):
        number = int(record[0]) if record[0].isdecimal() else -1
        if number not in known:
            raise IntakeError(
                f'{path.name}, line {line}: _row "{record[0]}" is not in the quarantine of this load'
            )
        fields = record[len(OWN_COLUMNS) :]
        if len(fields) == len(header):
            cells.append((number, fields))
        else:
            broken.append((number, f"{len(fields)} fields where the header has {len(header)}", _line(fields)))
    _once(path, [number for number, _ in cells] + [number for number, *_ in broken])
    return cells, broken


def _once(path: Path, numbers: Iterable[int]) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            raise IntakeError(f"{path.name}: _row {number} stands twice")
        seen.add(number)


def _line(fields: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue()
