"""A PDF holds every word of its document, on one sheet where it must, tagged, with its fonts inside."""

from __future__ import annotations

import io
import re
from typing import Any

import msgspec
import pypdf
import pytest
from msgspec import structs

from documents.model import Band, Bars, Column, Lines, Row, Series, Value, decoded, encoded
from documents.pdf import pdf
from documents.svg import bars, lines, together
from tests.documents.content import CLEAN, counts, example


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def spoken(content: bytes) -> list[str]:
    """What the pictures of a PDF say to those who do not see them."""
    found, waiting = [], [read(content).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        part = waiting.pop().get_object()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            found += [str(part["/Alt"])] if "/Alt" in part else []
            waiting += [part["/K"]] if "/K" in part else []
    return found


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("programs", [3, 25])
def test_an_executive_page_is_one_sheet_with_every_word(paper: Any, programs: int) -> None:
    document = example(programs=programs, words="It rose. " * 40)
    sheet = read(pdf(document, paper))
    assert len(sheet.pages) == 1
    size = sheet.pages[0].mediabox
    assert round(float(size.width)) == {"a4": 595, "us-letter": 612}[paper]
    said = squeezed(sheet.pages[0].extract_text())
    for words in ("Report RB-7K3QF-9XH2M", "Draft", "1,234", "withheld", f"Program {programs - 1}", CLEAN):
        assert squeezed(words) in said
    assert said.count(squeezed("It rose.")) == 40


def test_it_is_tagged_titled_and_brings_its_fonts() -> None:
    made = read(pdf(example()))
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "pdfuaid" in (made.xmp_metadata.rdf_root.toxml() if made.xmp_metadata else "")
    assert made.metadata is not None
    assert made.metadata.title == f"Executive page {CLEAN} · October 2026"
    fonts = made.pages[0]["/Resources"]["/Font"].values()
    for font in (one.get_object()["/DescendantFonts"][0].get_object() for one in fonts):
        assert "Inter" in str(font["/BaseFont"])
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())


def test_the_same_content_is_the_same_bytes_and_may_have_many_pages() -> None:
    document = example("monthly", programs=120)
    assert pdf(document) == pdf(decoded(encoded(document)))
    pages = read(pdf(document)).pages
    assert len(pages) > 1
    assert all("RB-7K3QF-9XH2M" in page.extract_text() for page in pages)


def test_charts_keep_gaps_and_say_what_is_withheld() -> None:
    _, _, bar_block, line_block, *_ = example().blocks
    assert isinstance(bar_block, Bars)
    assert isinstance(line_block, Lines)
    (done,) = re.findall(
        r'<path d="([^"]+)" fill="none" stroke="[^"]+" stroke-width="1.7"', lines(line_block)
    )
    assert done.count("M") == 2
    drawn = bars(bar_block)
    assert "withheld" in drawn
    assert "stroke-dasharray" in drawn


def test_a_bar_is_held_against_its_goal_and_where_it_will_end() -> None:
    columns = (Column("c", "Campaign", False), Column("r", "So far"), Column("e", "To expect"))
    band = Band(0.1, 0.3, 0.15, 0.2)
    texts = (Value("5%", value=0.05), Value("open: 10% to 30%"))
    rows = (Row("First", texts, band=band), Row("Second", texts, band=Band(goal=0.2)))
    block = Bars("pacing", "Pacing", columns, rows)
    drawn = bars(block)
    (x, long), (_, short) = (
        (float(found[1]), float(found[2]))
        for found in re.finditer(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn)
    )
    assert long == short
    (dot,) = re.findall(r'<circle cx="([\d.]+)"', drawn)
    assert float(dot) - x == pytest.approx(3 * long, abs=0.2)
    (ends,) = re.findall(r'd="M([\d.]+) [\d.]+H([\d.]+)M', drawn)
    assert [float(end) - x for end in ends] == pytest.approx([2 * long, 6 * long], abs=0.3)
    goals = re.findall(r'd="M([\d.]+) [\d.]+v15"', drawn)
    assert [float(goal) - x for goal in goals] == pytest.approx([4 * long] * 2, abs=0.3)
    assert "band" not in msgspec.to_builtins(Row("Old", texts)), "what was issued before reads as it did"
    sheet = pdf(structs.replace(example(), blocks=(*example().blocks[:2], block)))
    assert len(read(sheet).pages) == 1
    (words,) = spoken(sheet)
    assert words.startswith("Pacing. ")
    assert words.endswith(
        "First, So far: 5%, To expect: open: 10% to 30%. Second, So far: 5%, To expect: open: 10% to 30%."
    )


def test_five_lines_become_panels() -> None:
    series = tuple(Series(f"Line {n}", (Value("1", value=1.0), Value("2", value=2.0))) for n in range(5))
    drawn = lines(Lines("many", "Many", ("2026-10-01", "2026-10-02"), series))
    assert all(f"Line {n}" in drawn for n in range(5))
    assert drawn.count('font-weight="600"') == 5


def test_nothing_to_draw_is_drawn_without_harm() -> None:
    empty = Lines("none", "None", ("2026-10-01",), (Series("a", (Value("–"),)),))
    assert lines(empty).startswith("<svg")


def test_a_point_between_two_gaps_is_a_dot_and_two_compared_lines_get_a_panel_each() -> None:
    alone = Lines("n", "N", ("1", "2", "3"), (Series("Sent", counts(None, 5, None)),))
    assert lines(alone).count("<circle") == 1
    both = tuple(Series(name, counts(1, 2, 3), "2025" in name) for name in ("A", "B", "A 2025", "B 2025"))
    assert not together(Lines("n", "N", ("1", "2", "3"), both))
    assert together(Lines("n", "N", ("1", "2", "3"), both[:2], band=True))


def test_a_sign_that_the_font_lacks_does_not_keep_the_sheet_from_being_made() -> None:
    made = read(pdf(example(words="A name in 漢字, and a face 🙂.")))
    assert len(made.pages) == 1
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert squeezed("A name in") in squeezed(made.pages[0].extract_text())
