"""What an address of the Reports page asks for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from state.reports import ALPHABET, LENGTH, clean

ADDRESS = "/reports"
SIZE = 15
MOST = 500
"""Issued reports that the list looks through; those before them open by their ID."""


@dataclass(frozen=True)
class View:
    """A report by its ID, whether prints and files are listed, which page of the list (from 0), and the id
    of a saved view that is to be scheduled."""

    report: str = ""
    every: bool = False
    page: int = 0
    schedule: str = ""


def view_of(query: object) -> View:
    """The view of an address; what is no view of ours is the first page of the reports."""
    given = query if isinstance(query, dict) else {}
    typed, page = str(given.get("report", ""))[:60], str(given.get("page", ""))
    number = int(page) - 1 if page.isdecimal() and page.isascii() and 0 < len(page) < 4 else 0
    view = str(given.get("schedule", ""))[:10]
    chosen = view if view.isdecimal() and view.isascii() else ""
    return View(typed.strip(), given.get("of") == "every", max(0, number), chosen)


def is_id(typed: str) -> bool:
    """Whether somebody typed what could be the ID of a report."""
    letters = clean(typed).removeprefix("RB-").replace("-", "")
    return len(letters) == LENGTH and set(letters) <= set(ALPHABET)


def address(report: str = "", every: bool = False, page: int = 0) -> str:
    """The address of a report, or of a page of the list."""
    told = {"report": report, "of": "every" if every else "", "page": str(page + 1) if page else ""}
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{ADDRESS}?{query}" if query else ADDRESS
