"""A document as PDF: tagged (PDF/UA-1), fonts embedded, A4 or Letter, the same bytes for the same content."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import typst

from documents import svg
from documents.model import Bars, Document, Lines
from documents.outline import plain
from documents.paper import fitted

Paper = Literal["a4", "us-letter"]
ONE_SHEET = "executive"
HALF = 300.0  # its charts stand two beside each other, but those with bands, which need the width
HERE = Path(__file__).parent
TEMPLATE, FONTS = HERE / "report.typ", HERE / "fonts"


def pdf(document: Document, paper: Paper = "a4") -> bytes:
    """The document set on paper, its tables as wide as a sheet. An executive page is shrunk until it fits on
    one.

    A sign that the font lacks is an empty box, and keeps the file from being PDF/UA; its tags stay.
    Raises `typst.TypstError` where the content cannot be set, which would be our fault.
    """
    document = fitted(document)
    content = _told(msgspec.to_builtins(document))
    half = document.kind == ONE_SHEET
    charts = {str(place): _chart(block, half) for place, block in enumerate(document.blocks)}
    inputs = {
        "document": json.dumps(content),
        "charts": json.dumps({place: drawn for place, drawn in charts.items() if drawn}),
        "paper": paper,
    }
    try:
        return _compiled(inputs, document.made_us, "ua-1")
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        return _compiled(inputs, document.made_us, "1.7")


def _compiled(inputs: dict[str, str], made_us: int, standard: Literal["ua-1", "1.7"]) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=[standard],
        timestamp=made_us // 1_000_000,
    )
    assert isinstance(made, bytes)
    return made


def _told(content: Any) -> Any:
    """The same without signs that XML may not hold: the title stands in the file's metadata, too."""
    if isinstance(content, dict):
        return {name: _told(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_told(part) for part in content]
    return plain(content) if isinstance(content, str) else content


def _chart(block: object, half: bool) -> str:
    banded = isinstance(block, Bars) and any(row.band is not None for row in block.rows)
    wide = HALF if half and not banded else svg.WIDTH
    if isinstance(block, Lines):
        return svg.lines(block, wide)
    return svg.bars(block, wide) if isinstance(block, Bars) and block.rows else ""


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
