"""A document as a Word file: headings, tables whose heads repeat, its ID at the foot of every page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from documents.model import (
    Bars,
    Block,
    Column,
    Document,
    Figure,
    Figures,
    Lines,
    Notes,
    Row,
    Sentence,
    Sentences,
    Table,
    Value,
)
from documents.outline import behind, leveled, marks, plain, untold
from documents.picture import picture

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, QUIET, RULE = RGBColor(0x16, 0x20, 0x2B), RGBColor(0x54, 0x60, 0x6D), "B8C2CC"
FONT = "Calibri"
SIZES = {"Normal": 10, "Title": 20, "Heading 1": 15, "Heading 2": 12, "Caption": 9, "List Number": 9}
SMALL, TIGHT, MANY = 8.5, 7.5, 7
PAPER = {"a4": (210.0, 297.0), "us-letter": (215.9, 279.4)}
NOTHING = "There is nothing to show."
IN_ANNEX = "Its table stands at the end."
_AFTER_BORDERS = {qn(f"w:{name}") for name in ("shd", "tblLayout", "tblCellMar", "tblLook")}
_EPOCH = (1980, 1, 1, 0, 0, 0)
Made: Any = Any  # python-docx has no types


def docx_bytes(document: Document, paper: str = "a4") -> bytes:
    """The document as a Word file, on `a4` or `us-letter`; the same bytes for the same document."""
    made = docx.Document()
    _styles(made)
    _page(made, document, paper)
    _about(made, document)
    _head(made, document)
    for level, block in leveled(document.blocks):
        _block(made, block, level)
    _annex(made, document.blocks)
    return _packed(made)


def _styles(made: Made) -> None:
    for name, size in SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    made.styles["Normal"].paragraph_format.space_after = Pt(4)
    made.styles["Caption"].font.bold, made.styles["Caption"].font.color.rgb = False, QUIET


def _page(made: Made, document: Document, paper: str) -> None:
    """Paper and margins, and at the foot of every page the ID, the clocks and the number of the page."""
    section = made.sections[0]
    width, height = PAPER[paper]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    told = section.footer.paragraphs[0]
    words = " · ".join(f"{label} {value}" for label, value in marks(document))
    for part in (f"{plain(words)} · page ", "PAGE", " of ", "NUMPAGES"):
        run = told.add_run("" if part.isupper() else part)
        run.font.size, run.font.color.rgb = Pt(SMALL), QUIET
        if part.isupper():
            _field(run, part)


def _field(run: Made, name: str) -> None:
    """A number that Word itself fills in."""
    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = name
        run._r.append(mark)


def _about(made: Made, document: Document) -> None:
    """The file's own properties: they say where it comes from, and nobody's name."""
    about = made.core_properties
    at = datetime.fromtimestamp(document.made_us // 1_000_000, UTC).replace(tzinfo=None)
    about.title, about.subject = plain(document.title)[:255], plain(document.words)[:255]
    about.author = about.last_modified_by = plain(document.plan)[:255]
    about.identifier, about.version = document.id, str(document.snapshot)
    about.category, about.content_status = document.kind, document.state
    about.keywords, about.comments, about.language = document.definitions, "", "en-US"
    about.created = about.modified = at
    about.revision = 1


def _head(made: Made, document: Document) -> None:
    made.add_paragraph(plain(document.title), style="Title")
    made.add_paragraph(plain(" · ".join(one for one in (document.plan, document.period) if one)))
    made.add_paragraph(plain(document.words), style="Caption")
    if document.comment:
        by = f" ({document.comment_by})" if document.comment_by else ""
        made.add_paragraph(plain(document.comment + by))


def _block(made: Made, block: Block, level: int) -> None:
    match block:
        case Figures():
            _title(made, block.title, level)
            _figures(made, block.items)
        case Table():
            _title(made, block.title, level)
            _table(made, block)
        case Lines() | Bars():
            _title(made, block.title, level)
            _chart(made, block)
        case Sentences():
            _title(made, block.title, level)
            for one in block.items:
                _sentence(made, one)
        case Notes():
            _notes(made, block)


def _title(made: Made, words: str, level: int) -> None:
    if words:
        made.add_heading(plain(words), level)


def _chart(made: Made, block: Lines | Bars) -> None:
    """A chart as a picture that says what it shows; its numbers stand in the annex."""
    drawn = picture(block)
    if drawn is None:
        made.add_paragraph(plain(block.empty if isinstance(block, Bars) else "") or NOTHING)
        return
    section = made.sections[0]
    told = made.add_paragraph()
    told.paragraph_format.keep_with_next = bool(block.caption)
    wide = section.page_width - section.left_margin - section.right_margin
    shape = told.add_run().add_picture(io.BytesIO(drawn), width=wide)
    shape._inline.docPr.set("descr", plain(f"{block.title}. {block.caption} {IN_ANNEX}"))
    if block.caption:
        made.add_paragraph(plain(block.caption), style="Caption")


def _annex(made: Made, blocks: Sequence[Block]) -> None:
    """The tables behind the charts, at the end."""
    charts = [one for one in blocks if isinstance(one, Lines) or (isinstance(one, Bars) and one.rows)]
    if charts:
        made.add_heading("Tables behind the charts", 1)
    for one in charts:
        made.add_heading(plain(one.title), 2)
        _table(made, behind(one))


def _sentence(made: Made, one: Sentence) -> None:
    told = made.add_paragraph()
    if one.label:
        told.add_run(f"{plain(one.label)} ").bold = True
    told.add_run(plain(one.text))


def _notes(made: Made, block: Notes) -> None:
    if block.items:
        made.add_heading("Notes", 1)
    for one in block.items:
        made.add_paragraph(plain(one), style="List Number")


def _figures(made: Made, items: Sequence[Figure]) -> None:
    """Key figures as a table: what, how much, how it stands to before."""
    columns = (Column("label", "Figure"), Column("value", "Value"), Column("change", "Change"))
    rows = tuple(Row(one.label, (one.value, Value(_change(one)))) for one in items)
    _table(made, Table("figures", "", columns, rows))


def _change(one: Figure) -> str:
    more = " ".join(part for part in (one.change, one.versus) if part)
    return "; ".join(part for part in (more, one.note) if part)


def _table(made: Made, block: Table) -> None:
    if block.caption:
        told = made.add_paragraph(plain(block.caption), style="Caption")
        told.paragraph_format.keep_with_next = True
    if not block.rows:
        made.add_paragraph(plain(block.empty or NOTHING))
        return
    table = made.add_table(rows=1, cols=len(block.columns))
    _ruled(table)
    size = Pt(SMALL if len(block.columns) <= MANY else TIGHT)
    heads = [one.label for one in block.columns]
    numbers = [False, *(one.number for one in block.columns[1:])]
    _fill(table.rows[0], heads, numbers, size, bold=True)
    _marked(table.rows[0], "w:tblHeader")
    for row in block.rows:
        texts = [row.label, *(one.text for one in row.values)]
        _fill(table.add_row(), texts, numbers, size, quiet=[False, *map(untold, row.values)])
    for row in table.rows:
        _marked(row, "w:cantSplit")
    made.add_paragraph(plain(block.note), style="Caption")


def _ruled(table: Made) -> None:
    """Thin lines between the rows and none between the columns, which greyscale prints as well."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    about = table._tbl.tblPr
    after = next((one for one in about if one.tag in _AFTER_BORDERS), None)
    about.append(borders) if after is None else after.addprevious(borders)


def _fill(
    row: Made,
    texts: Sequence[str],
    numbers: Sequence[bool],
    size: Any,
    *,
    bold: bool = False,
    quiet: Iterable[bool] = (),
) -> None:
    faint = list(quiet) or [False] * len(texts)
    for cell, text, number, pale in zip(row.cells, texts, numbers, faint, strict=True):
        told = cell.paragraphs[0]
        told.paragraph_format.space_after = Pt(1)
        if number:
            told.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = told.add_run(plain(text))
        run.font.size, run.bold, run.italic = size, bold, pale and number


def _marked(row: Made, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _packed(made: Made) -> bytes:
    """The file's parts in their order, without the time at which they were packed."""
    first, packed = io.BytesIO(), io.BytesIO()
    made.save(first)
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            one = zipfile.ZipInfo(name, _EPOCH)
            one.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(one, parts.read(name))
    return packed.getvalue()
