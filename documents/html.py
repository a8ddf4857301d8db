"""A document as a piece of HTML for a report that exists: no script, no address, a style of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from documents import svg
from documents.model import (
    Bars,
    Block,
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

SCOPE = "reachboard-report"
BAR, FILL = 120, "#0b5c8a"
_RULES = (
    ("", "font:15px/1.5 system-ui,sans-serif;color:#16202b;background:#fff;color-scheme:light;"
     "padding:1rem;max-width:64rem;text-align:left"),
    ("h2,h3,h4", "font-weight:600;line-height:1.25;color:inherit;margin:1.6em 0 .3em;padding:0"),
    ("h2", "font-size:1.5rem;margin-top:0"),
    ("h3", "font-size:1.2rem"),
    ("h4", "font-size:1rem"),
    ("p,ul,ol", "margin:.3em 0 .6em"),
    (".quiet", "color:#54606d;font-size:.87em"),
    (".figures", "display:flex;flex-wrap:wrap;gap:.75rem;padding:0;list-style:none"),
    (".figures li", "border:1px solid #dde3e9;border-radius:6px;padding:.6rem .8rem;min-width:9rem;flex:1"),
    (".figures strong", "display:block;font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums"),
    ("table", "border-collapse:collapse;width:100%;font-size:.9em;font-variant-numeric:tabular-nums;"
     "margin:.4em 0"),
    ("caption", "text-align:left;color:#54606d;font-size:.92em;padding:.2em 0;caption-side:top"),
    ("th,td", "padding:.32em .6em;border:0;border-bottom:1px solid #dde3e9;text-align:left;"
     "vertical-align:top;background:none;color:inherit"),
    ("thead th", "border-bottom:2px solid #54606d;font-weight:600"),
    ("tbody th", "font-weight:400"),
    (".number", "text-align:right"),
    (".untold", "font-style:italic;color:#54606d"),
    (".wide", "overflow-x:auto"),
    (".chart svg", "width:100%;max-width:52rem;height:auto;display:block"),
    ("svg.bar", "float:left;margin:.45em .8em 0 0;display:block"),
    (".again", "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"),
    ("summary", "cursor:pointer;color:#0b5c8a;font-size:.9em"),
    ("footer", "margin-top:1.6em;border-top:1px solid #dde3e9;padding-top:.5em;color:#54606d;"
     "font-size:.87em"),
    ("footer span", "display:inline-block;margin-right:1.2em"),
)  # fmt: skip


def fragment(document: Document) -> str:
    """The document as one `<section class="reachboard-report">`, for the body of any page.

    It is whole in itself and asks for nothing: no script, no address, no id that could be there twice.
    Every text is escaped. Its style is set below its own class.
    """
    inside = [
        f"<style>{_style()}</style>",
        *_head(document),
        *(line for level, block in leveled(document.blocks) for line in _block(block, level)),
        _foot(document),
    ]
    return (
        f'<section class="{SCOPE}" lang="en" aria-label="{_text(document.title)}">{"".join(inside)}</section>'
    )


def embedded(document: Document) -> bytes:
    """The fragment as bytes that read the same in a page of any encoding."""
    return fragment(document).encode("ascii", "xmlcharrefreplace")


def _style() -> str:
    own = f".{SCOPE}"
    return "".join(
        f"{','.join(f'{own} {one}'.strip() for one in names.split(','))}{{{rule}}}" for names, rule in _RULES
    )


def _text(words: str) -> str:
    return escape(plain(words))


def _head(document: Document) -> Iterator[str]:
    yield f"<header><h2>{_text(document.title)}</h2>"
    yield f"<p>{_text(' · '.join(one for one in (document.plan, document.period) if one))}</p>"
    yield f'<p class="quiet">{_text(document.words)}</p></header>'
    if document.comment:
        by = f" ({document.comment_by})" if document.comment_by else ""
        yield f"<p>{_text(document.comment + by)}</p>"


def _foot(document: Document) -> str:
    told = "".join(f"<span>{_text(label)}: {_text(value)}</span>" for label, value in marks(document))
    return f"<footer>{told}</footer>"


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Figures():
            yield from _figures(block, level)
        case Table():
            yield from (_title(block.title, level), _table(block))
        case Lines() | Bars():
            yield from _chart(block, level)
        case Sentences():
            yield _title(block.title, level)
            yield from (f"<p>{_sentence(one)}</p>" for one in block.items)
        case Notes():
            items = "".join(f"<li>{_text(one)}</li>" for one in block.items)
            yield f'{_title("Notes", 1)}<ol class="quiet">{items}</ol>' if items else ""


def _title(words: str, level: int) -> str:
    return f"<h{level + 2}>{_text(words)}</h{level + 2}>" if words else ""


def _sentence(one: Sentence) -> str:
    label = f"<strong>{_text(one.label)}</strong> " if one.label else ""
    return f"{label}{_text(one.text)}"


def _figures(block: Figures, level: int) -> Iterator[str]:
    yield _title(block.title, level)
    yield f'<ul class="figures">{"".join(_figure(one) for one in block.items)}</ul>'


def _figure(one: Figure) -> str:
    more = " ".join(part for part in (one.change, one.versus) if part)
    quiet = "".join(f'<div class="quiet">{_text(part)}</div>' for part in (more, one.note) if part)
    words = f"<strong>{_text(one.value.text)}</strong>"
    return f"<li>{_text(one.label)}{words}{quiet}</li>"


def _chart(block: Lines | Bars, level: int) -> Iterator[str]:
    """Lines as a picture with the table behind it; bars in the table itself."""
    yield _title(block.title, level)
    if isinstance(block, Bars):
        top = max((row.values[0].value or 0 for row in block.rows), default=0)
        yield _table(behind(block), top)
        return
    words = _text(f"{block.title}. {block.caption} The table below has every value.")
    yield f'<div class="chart" role="img" aria-label="{words}">{svg.lines(block)}</div>'
    yield f'<p class="quiet">{_text(block.caption)}</p>' if block.caption else ""
    yield f"<details><summary>Show as a table</summary>{_table(behind(block))}</details>"


def _table(block: Table, top: float = 0) -> str:
    """The table; where `top` is given, with a bar of that scale beside the first number of each row."""
    if not block.rows:
        return f"<p>{_text(block.empty or 'There is nothing to show.')}</p>"
    again = "" if block.caption else ' class="again"'
    caption = f"<caption{again}>{_text(block.caption or block.title)}</caption>"
    heads = "".join(
        f'<th scope="col"{_number(one.number and place > 0)}>{_text(one.label)}</th>'
        for place, one in enumerate(block.columns)
    )
    numbers = [one.number for one in block.columns[1:]]
    body = "".join(_row(row, numbers, top) for row in block.rows)
    note = f'<p class="quiet">{_text(block.note)}</p>' if block.note else ""
    table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>{note}'


def _row(row: Row, numbers: Sequence[bool], top: float) -> str:
    cells = "".join(
        _cell(value, number, top if not place else 0)
        for place, (value, number) in enumerate(zip(row.values, numbers, strict=True))
    )
    return f'<tr><th scope="row">{_text(row.label)}</th>{cells}</tr>'


def _cell(value: Value, number: bool, top: float) -> str:
    drawn = _bar(value.value / top) if top and value.value else ""
    return f"<td{_number(number, untold(value) and number)}>{drawn}{_text(value.text)}</td>"


def _bar(share: float) -> str:
    shape = f'<rect width="{max(1.0, BAR * share):.1f}" height="8" fill="{FILL}"/>'
    size = f'viewBox="0 0 {BAR} 8" width="{BAR}" height="8"'
    return f'<svg class="bar" {size} aria-hidden="true">{shape}</svg>'


def _number(number: bool, nothing: bool = False) -> str:
    names = [name for name, there in (("number", number), ("untold", nothing)) if there]
    return f' class="{" ".join(names)}"' if names else ""
