"""The Word file, read back: what it says, its heads, its ID, its properties, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from documents.model import Document
from documents.word import docx_bytes
from tests.documents.content import CLEAN


def read(document: Document, paper: str = "a4") -> Any:
    return docx.Document(io.BytesIO(docx_bytes(document, paper)))


def test_headings_stand_in_order(whole: Document) -> None:
    titles = [
        (p.style.name, p.text) for p in read(whole).paragraphs if p.style.name.startswith(("Head", "Ti"))
    ]
    assert titles == [
        ("Title", f"Executive page {CLEAN}"),
        ("Heading 1", f"Programs {CLEAN}"),
        ("Heading 1", "Budget"),
        ("Heading 1", "Pace"),
        ("Heading 1", "Three sentences"),
        ("Heading 2", "Experiments"),
        ("Heading 1", "Notes"),
        ("Heading 1", "Tables behind the charts"),
        ("Heading 2", "Budget"),
        ("Heading 2", "Pace"),
    ]


def test_charts_are_pictures_that_say_what_they_show(whole: Document) -> None:
    made = read(whole)
    said = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert [words.split(".")[0] for words in said] == ["Budget", "Pace"]
    for part in made.part.package.image_parts:
        assert part.blob.startswith(b"\x89PNG")


def test_tables_hold_every_value_and_repeat_their_heads(whole: Document) -> None:
    tables = read(whole).tables
    rows = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    assert rows[0][1] == ["Sent", "2,164", "+3% than in October 2025"]
    assert [CLEAN, "3"] in rows[2]
    assert rows[3][:4] == [
        ["Day", "done", "goal"],
        ["1 Oct 2026", "1", "0"],
        ["2 Oct 2026 (in part)", "2", "1"],
        ["3 Oct 2026", "withheld", "2"],
    ]
    for table in tables:
        repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert repeated == [True, *[False] * (len(repeated) - 1)]


def test_the_id_stands_at_the_foot_and_in_the_properties(whole: Document) -> None:
    made = read(whole)
    assert "RB-7K3QF-9XH2M (draft)" in made.sections[0].footer.paragraphs[0].text
    about = made.core_properties
    assert (about.identifier, about.author, about.subject) == (
        "RB-7K3QF-9XH2M", "Plan & Co", "all campaigns",
    )  # fmt: skip
    assert about.created.replace(tzinfo=UTC) == datetime.fromtimestamp(1_790_000_000, UTC)


def test_the_same_document_is_the_same_bytes(whole: Document) -> None:
    first = docx_bytes(whole)
    assert first == docx_bytes(whole)
    assert {one.date_time for one in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("paper", "width"), [("a4", 210.0), ("us-letter", 215.9)])
def test_it_is_set_on_the_paper_asked_for(whole: Document, paper: str, width: float) -> None:
    assert abs(read(whole, paper).sections[0].page_width.mm - width) < 0.1
