"""The fragment stands in any page: whole in itself, escaped, and with a style that touches nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag

from documents.html import SCOPE, fragment
from documents.model import Document
from tests.documents.content import CLEAN

ALLOWED = {
    "section", "style", "header", "h2", "h3", "h4", "p", "strong", "ul", "ol", "li", "div", "span", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "footer", "details", "summary", "figure", "svg", "g",
    "path", "line", "rect", "text", "tspan", "title", "desc", "polyline", "circle", "defs", "pattern",
}  # fmt: skip


class Strict(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Strict:
    found = Strict()
    found.feed(html)
    assert not found.open
    return found


def test_nothing_in_it_asks_for_anything_or_runs(whole: Document) -> None:
    seen = parsed(fragment(whole)).seen
    assert {tag for tag, _ in seen} <= ALLOWED
    for _, attributes in seen:
        assert not {"src", "href", "id", "action", "srcset"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    text = fragment(whole)
    assert not re.search(r"url\(|@import|javascript:", text)


def test_a_name_with_markup_is_text(whole: Document) -> None:
    soup = BeautifulSoup(fragment(whole), "lxml")
    assert soup.find("script") is None
    assert soup.find("img") is None
    heads = [one.get_text() for one in soup.select("tbody th")]
    assert CLEAN in heads


def test_its_style_is_set_below_its_own_class_alone(whole: Document) -> None:
    soup = BeautifulSoup(fragment(whole), "lxml")
    (section,) = soup.select(f"section.{SCOPE}")
    (style,) = section.find_all("style")
    for selectors in re.findall(r"([^{}]+)\{", style.get_text()):
        assert all(one.strip().startswith(f".{SCOPE}") for one in selectors.split(","))
    assert not [one for one in section.find_all(True) if isinstance(one, Tag) and one.get("style")]


def test_tables_have_captions_and_scopes_and_every_value_as_it_is_written(whole: Document) -> None:
    soup = BeautifulSoup(fragment(whole), "lxml")
    for table in soup.find_all("table"):
        assert table.find("caption")
        assert all(one.get("scope") in ("col", "row") for one in table.find_all("th"))
    (days,) = (one for one in soup.find_all("table") if one.find("th", string="Day"))
    rows = [[one.get_text() for one in row.find_all(["th", "td"])] for row in days.find_all("tr")]
    assert rows == [
        ["Day", "done", "goal"],
        ["1 Oct 2026", "1", "0"],
        ["2 Oct 2026 (in part)", "2", "1"],
        ["3 Oct 2026", "withheld", "2"],
        ["4 Oct 2026", "4", "3"],
        ["5 Oct 2026", "5", "4"],
    ]
    assert "None ran." in soup.get_text()


def test_it_says_which_report_it_is_and_how_far_its_clocks_reach(whole: Document) -> None:
    foot = BeautifulSoup(fragment(whole), "lxml").footer
    assert foot is not None
    for words in ("RB-7K3QF-9XH2M (draft)", "21 Nov 2026", "31 Jul 2026", "Definitions: 7", "Snapshot: 12"):
        assert words in foot.get_text()
