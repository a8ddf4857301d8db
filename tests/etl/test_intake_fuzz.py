"""Mutations of everything the page shows: no mapping and no cell may crash a load or lose a row."""

# ruff: noqa: E501  (lists of cells and values)

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from data.identify import Pseudonyms
from etl.intake import Batch, IntakeError, read, report
from etl.sources.toml import load_mapping

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL))
PAIRS = [title.split()[3::2] for title in BLOCKS if title.startswith("dry run")]
SOURCES = Path(__file__).parents[2] / "etl" / "sources"
# The vendors' mappings ship with the product; the page shows their files alone.
SHIPPED = {path.name: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.toml")}
CELLS = [
    "", " ", "999", "-1", "1e308", "NaN", "inf", "0", "9223372036854775808", "1,2,3", '"', "a\nb", "\x00", "é" * 40,
    "2026-02-30", "2026-03-08 02:30:00", "0001-01-01", "9999-12-31T23:59:59Z", "-5%", "150%", "$", "()", "[1, 2]",
    "{", "yes", "NO", "E-mail", "x@y", "+1", "=1+1", "\u202e", "\ufffd", "null", "1969-12-31T23:59:60Z",
]  # fmt: skip
VALUES = [
    "1", "-1", "1.5", "nan", '""', '" "', '"x"', "[]", "{}", "[1]", '["a", 1]', "[[]]", "true", "false", "2026-01-01",
    "{ column = 1 }", '{ column = ["a", 2] }', '{ value = "x" }', "{ value = [] }", '{ type = "bands" }',
    '{ column = "id", type = "bool", map = { x = "y" } }', '{ column = "id", format = "%" }', '{ x = { y = 1 } }',
    '{ column = "id", missing = 999 }', '{ join = ["id"] }', '{ first_of = [] }', '{ column = "id", default = "?" }',
]  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for title, text in {**SHIPPED, **BLOCKS}.items():
        if " of " not in title:
            (tmp_path / title).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("file", "mapping"), PAIRS, ids=[mapping for _, mapping in PAIRS])
def test_any_cell_is_read_refused_or_left_out(
    file: str, mapping: str, desk: Path, pseudonyms: Pseudonyms, accounted: Callable[[Batch], Batch]
) -> None:
    if not file.endswith(".csv"):
        pytest.skip("campaigns in TOML have no cells")
    loaded = load_mapping(desk / mapping)
    dice = random.Random(file)
    rows = list(csv.reader(io.StringIO(BLOCKS[file]), delimiter=loaded.file.delimiter))
    for _ in range(25):
        changed = [list(row) for row in rows] + [list(dice.choice(rows[1:])) for _ in range(5)]
        for _ in range(dice.randint(1, 12)):
            row = dice.choice(changed[1:])
            row[dice.randrange(len(row))] = dice.choice(CELLS)
        with (desk / file).open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, delimiter=loaded.file.delimiter).writerows(changed)
        batch = accounted(read(desk / file, loaded, pseudonyms, "America/New_York"))
        assert batch.rows_in == len(changed) - 1
        assert report(batch)


@pytest.mark.parametrize(("file", "mapping"), PAIRS, ids=[mapping for _, mapping in PAIRS])
def test_any_mapping_works_or_says_what_is_wrong(
    file: str, mapping: str, desk: Path, pseudonyms: Pseudonyms, accounted: Callable[[Batch], Batch]
) -> None:
    lines = {**SHIPPED, **BLOCKS}[mapping].splitlines()
    places = [n for n, line in enumerate(lines) if "=" in line]
    dice, said = random.Random(mapping), {"nothing yet"}
    for _ in range(60):
        changed = list(lines)
        place = dice.choice(places)
        changed[place] = f"{changed[place].split('=')[0]}= {dice.choice(VALUES)}"
        (desk / mapping).write_text("\n".join(changed), encoding="utf-8")
        try:
            accounted(read(desk / file, load_mapping(desk / mapping), pseudonyms, "UTC"))
        except IntakeError as error:
            said.add(str(error))
    assert "" not in said
