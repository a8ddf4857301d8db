"""A chart as a picture for files that hold no drawing: the same SVG, set as PNG in the report's own font."""

from __future__ import annotations

import typst

from documents import svg
from documents.model import Bars, Lines
from documents.pdf import fonts

SHARP = 220.0  # pixels per inch
_SHEET = """
#set page(width: {wide}pt, height: auto, margin: 0pt)
#set text(font: "Inter")
#image(bytes(sys.inputs.chart), format: "svg", width: 100%)
"""


def picture(block: Lines | Bars) -> bytes | None:
    """The chart as PNG, as wide as a page of the PDF; None where there is nothing to draw."""
    if isinstance(block, Bars) and not block.rows:
        return None
    drawn = svg.lines(block) if isinstance(block, Lines) else svg.bars(block)
    made = typst.compile(
        _SHEET.format(wide=svg.WIDTH).encode(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"chart": drawn},
        format="png",
        ppi=SHARP,
    )
    assert isinstance(made, bytes)
    return made
