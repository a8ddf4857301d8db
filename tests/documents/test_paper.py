"""Wide tables on paper: turned or set in parts, with every value once, and narrow ones as they are."""

from __future__ import annotations

import pytest

from documents.model import Column, Document, Row, Table, Value
from documents.paper import MOST, TURNED, fitted


def wide(rows: int, columns: int) -> Document:
    """A table whose values say where they stand."""
    heads = [
        Column("key", "Campaign", number=False),
        *(Column(f"c{n}", f"Column {n}") for n in range(columns)),
    ]
    body = [
        Row(f"Row {row}", tuple(Value(f"{row}/{n}") for n in range(columns)), f"r{row}")
        for row in range(rows)
    ]
    table = Table("campaigns", "Campaigns", tuple(heads), tuple(body), "Of all.", "Some are withheld.")
    return Document("view", "A view", "Plan", "2026", "", "overview", {}, 1, "", "", "", (table,))


def told(document: Document) -> dict[tuple[str, str], str]:
    """(label of a row, heading) -> text; a value that stands twice would be lost, and is counted apart."""
    found = {}
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for table in tables:
        for row in table.rows:
            for column, value in zip(table.columns[1:], row.values, strict=True):
                assert (row.label, column.label) not in found
                found[row.label, column.label] = value.text
    return found


@pytest.mark.parametrize(
    ("rows", "columns"), [(1, 13), (TURNED, 20), (TURNED + 1, 15), (40, 8), (40, 9), (40, 17)]
)
def test_every_value_stands_once_and_no_table_is_too_wide(rows: int, columns: int) -> None:
    document = wide(rows, columns)
    made = fitted(document)
    assert all(len(block.columns) <= MOST for block in made.blocks if isinstance(block, Table))
    turned = {(head, label): text for (label, head), text in told(made).items()}
    was = told(document)
    assert (turned if rows <= TURNED else told(made)) == was
    last = made.blocks[-1]
    assert isinstance(last, Table)
    assert (last.caption, last.note) == ("Of all.", "Some are withheld.")


@pytest.mark.parametrize(("rows", "columns"), [(40, MOST - 1), (2, 3), (0, 20)])
def test_what_fits_stays_as_it_is(rows: int, columns: int) -> None:
    document = wide(rows, columns)
    assert fitted(document) == document
