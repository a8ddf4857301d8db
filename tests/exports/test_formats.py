"""The formats hold the same rows, the same bytes every time, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from xml.etree import ElementTree

import polars as pl
import pytest

from config.text import FORMULA, neutral
from exports import formats
from exports.formats import FORMATS, Format, TooMuch, Written, pieces
from exports.sheet import Sheet

SCHEMA = {
    "words": pl.String, "whole": pl.Int64, "part": pl.Float64, "flag": pl.Boolean, "day": pl.Date,
}  # fmt: skip
NASTY = [
    *(f"{sign}1+1" for sign in FORMULA),
    "=HYPERLINK(\"http://x\",\"y\")", "@SUM(A1)", "a,b", 'say "yes"', "two\nlines", "two\r\nlines", "", None,
    " =1", "x=1", "http://example.org", "007", "1e5", "TRUE", "naïve Ünïcode 日本 👩‍⚕️", "_x0041_", "<b>&amp;",
    "'=1", "|calc", "a" * 3000,
]  # fmt: skip
ROWS = [
    (words, whole, part, flag, day)
    for words, whole, part, flag, day in zip(
        NASTY,
        [0, -5, 2**53, 7, None] * 6,
        [0.1, 1 / 3, 12.0, None, 1e-9, -2.5] * 5,
        [True, False, None] * 9,
        [date(2026, 11, 21), None] * 14,
        strict=False,
    )
]


def sheet(
    *frames: pl.DataFrame, schema: dict[str, type[pl.DataType]] | None = None, name: str = "odd"
) -> Sheet:
    def batches() -> Iterator[pl.DataFrame]:
        yield from frames

    return Sheet(
        "test", name, "Odd", 3, "all time", "1", schema or SCHEMA, batches, lambda: sum(map(len, frames))
    )


def nasty() -> Sheet:
    whole = pl.DataFrame(ROWS, schema=SCHEMA, orient="row")
    return sheet(whole[:4], whole[4:])


def made(of: Sheet, format: Format) -> bytes:
    return b"".join(pieces(of, format, Written()))


def of_csv(file: bytes) -> list[tuple[object, ...]]:
    rows = list(csv.reader(io.StringIO(file.decode(), newline="")))
    readers: list[Callable[[str], object]] = [
        str, int, float, {"true": True, "false": False}.__getitem__, date.fromisoformat,
    ]  # fmt: skip
    return [
        tuple(None if one == "" else read(one) for one, read in zip(row, readers, strict=True))
        for row in rows[1:]
    ]


def of_parquet(file: bytes) -> list[tuple[object, ...]]:
    return pl.read_parquet(file).rows()


def of_xlsx(file: bytes) -> list[list[tuple[str, str]]]:
    """The cells as (type, text), read from the sheet's own XML."""
    book = zipfile.ZipFile(io.BytesIO(file))
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not root.findall(".//m:f", space), "a formula"
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist(), "a link"
    found = []
    for row in root.findall(".//m:row", space):
        cells = {}
        for cell in row.findall("m:c", space):
            column = ord(cell.attrib["r"][0]) - ord("A")
            text = "".join(part.text or "" for part in cell.iter() if part.tag.endswith(("}t", "}v")))
            cells[column] = (cell.attrib.get("t", "n"), text)
        found.append([cells.get(place, ("", "")) for place in range(len(SCHEMA))])
    return found


def test_csv_and_parquet_hold_the_same_values() -> None:
    assert of_csv(made(nasty(), "csv")) == of_parquet(made(nasty(), "parquet"))
    assert len(of_parquet(made(nasty(), "parquet"))) == len(ROWS)


def test_a_spreadsheet_holds_them_too_as_texts_and_numbers_and_never_as_formulas() -> None:
    heading, *rows = of_xlsx(made(nasty(), "xlsx"))
    assert [text for _, text in heading] == list(SCHEMA)
    for cells, row in zip(rows, of_parquet(made(nasty(), "parquet")), strict=True):
        for (kind, text), value in zip(cells, row, strict=True):
            if value is None:
                assert (kind, text) == ("", "")
            elif isinstance(value, bool):
                assert (kind, text) == ("b", str(int(value)))
            elif isinstance(value, int | float):
                assert kind == "n"
                assert float(text) == pytest.approx(value, rel=1e-15)
            else:
                assert kind == "inlineStr"
                assert plain(text) == plain(str(value))


def plain(text: str) -> str:
    """Line ends as XML reads them, and its escape of a text that looks like one."""
    return text.replace("_x005F_", "_").replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("format", FORMATS)
def test_what_starts_like_a_formula_is_neutral_in_every_format(sign: str, format: Format) -> None:
    words = f"{sign}cmd|' /C calc'!A0"
    frame = pl.DataFrame([(words, 1, -1.0, True, None)], schema=SCHEMA, orient="row")
    file = made(sheet(frame), format)
    texts = {
        "csv": lambda: of_csv(file)[0][0],
        "parquet": lambda: of_parquet(file)[0][0],
        "xlsx": lambda: of_xlsx(file)[1][0][1],
    }[format]()
    assert plain(str(texts)) == plain("'" + words) == plain(neutral(words))
    if format == "csv":
        assert of_csv(file)[0][2] == -1.0, "a number is none"


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_are_the_same_bytes(format: Format) -> None:
    first, again = Written(), Written()
    one = b"".join(pieces(nasty(), format, first))
    assert one == b"".join(pieces(nasty(), format, again))
    assert (first.rows, first.size, first.sha256) == (len(ROWS), len(one), again.sha256)


def test_a_spreadsheet_has_no_clock_in_it() -> None:
    book = zipfile.ZipFile(io.BytesIO(made(nasty(), "xlsx")))
    assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")
    assert {info.date_time[0] for info in book.infolist()} == {1980}


def test_csv_is_as_the_standard_says() -> None:
    file = made(nasty(), "csv")
    assert file.startswith(b"words,whole,part,flag,day\r\n")
    assert file.endswith(b"\r\n")
    assert b"\xef\xbb\xbf" not in file
    assert b'"say ""yes"""' in file


def test_a_file_without_rows_has_its_columns() -> None:
    assert made(sheet(), "csv") == b"words,whole,part,flag,day\r\n"
    assert pl.read_parquet(made(sheet(), "parquet")).columns == list(SCHEMA)
    assert len(of_xlsx(made(sheet(), "xlsx"))) == 1


def test_a_spreadsheet_is_refused_and_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "ROWS_OF_A_SHEET", len(ROWS) - 1)
    with pytest.raises(TooMuch, match=r"nothing was cut\. Take CSV or Parquet"):
        made(nasty(), "xlsx")
    monkeypatch.setattr(formats, "ROWS_OF_A_SHEET", len(ROWS))
    assert len(of_xlsx(made(nasty(), "xlsx"))) == len(ROWS) + 1
    assert len(of_csv(made(nasty(), "csv"))) == len(ROWS)


def test_a_text_that_no_cell_holds_is_refused_in_a_spreadsheet_alone() -> None:
    frame = pl.DataFrame([("x" * 32_768, 1, 1.0, True, None)], schema=SCHEMA, orient="row")
    with pytest.raises(TooMuch, match="cell of a spreadsheet"):
        made(sheet(frame), "xlsx")
    assert len(of_csv(made(sheet(frame), "csv"))) == 1


@pytest.mark.parametrize("seed", range(6))
def test_random_names_come_back_from_every_format(seed: int) -> None:
    rng = random.Random(seed)
    signs = [*FORMULA, *"abc,;\"'\n\r\t|%_x<>&", "é", "\u202e", "\U0001f600", "\x7f", "\u00a0"]
    names = ["".join(rng.choices(signs, k=rng.randrange(1, 12))) for _ in range(200)]
    frame = pl.DataFrame([(name, 1, 0.5, True, None) for name in names], schema=SCHEMA, orient="row")
    expected = [neutral(name) for name in names]
    assert [row[0] for row in of_csv(made(sheet(frame), "csv"))] == expected
    assert [row[0] for row in of_parquet(made(sheet(frame), "parquet"))] == expected
    assert [plain(row[0][1]) for row in of_xlsx(made(sheet(frame), "xlsx"))[1:]] == [
        plain(e) for e in expected
    ]
    assert not any(name.startswith(FORMULA) for name in expected)


def test_a_stream_starts_before_its_rows_are_made() -> None:
    def endless() -> Iterator[pl.DataFrame]:
        while True:
            yield pl.DataFrame(ROWS, schema=SCHEMA, orient="row")

    forever = Sheet("test", "odd", "Odd", 3, "all time", "1", SCHEMA, endless, lambda: 0)
    stream = pieces(forever, "csv", written := Written())
    assert next(stream).startswith(b"words,")
    assert written.rows == 0
    next(stream)
    next(stream)
    assert written.rows == len(ROWS), "one batch is held, and no more"
