"""Which campaigns the Overview's table shows, in which order: the same for its grid and its plain table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from config.vocabulary import CHANNEL_LABELS
from data.answer import Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.periods import day_date
from data.viewer import Viewer
from pages import evidence, questions
from pages.answers import ask
from pages.maturity import of_outcomes

WORDS = ("name", "program", "status")
SORTED = "-verdict"
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class View:
    """What the table is asked for: `sort` is a column with a minus where it falls; pages count from 0."""

    sort: str = SORTED
    page: int = 0
    search: str = ""


def view_of(given: object) -> View:
    """The view that a browser sent; what does not exist is the default."""
    told = given if isinstance(given, dict) else {}
    sort, page, search = told.get("sort"), told.get("page"), told.get("q")
    known = isinstance(sort, str) and sort.removeprefix("-") in (*WORDS, *questions.CAMPAIGN, *evidence.NAMES)
    return View(
        str(sort) if known else SORTED,
        page if isinstance(page, int) and not isinstance(page, bool) and 0 <= page < 1000 else 0,
        search.strip()[:LONGEST_SEARCH] if isinstance(search, str) else "",
    )


@dataclass(frozen=True)
class Rows:
    """One page of the table: its rows, how many there are on all pages, and how many without the search."""

    rows: list[Row]
    found: int
    every: int
    page: int
    pages: int
    sent_by: dict[str, list[str]]


def rows_of(view: View, size: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Rows:
    """The page of rows that a view asks for."""
    answer = evidence.campaigns(filters, viewer, cubes)
    sent_by = _channels(filters, viewer, cubes)
    found = [row for row in answer.rows if _fits(row, view.search.casefold(), sent_by, cubes)]
    pages = max(1, -(-len(found) // size))
    page = min(view.page, pages - 1)
    shown = ordered(found, view.sort, filters, cubes)[page * size : (page + 1) * size]
    return Rows(shown, len(found), len(answer.rows), page, pages, sent_by)


def title(rows: Rows, view: View) -> str:
    """How many campaigns there are, or match."""
    every = f"{rows.every} campaign{'s' if rows.every != 1 else ''}"
    return f"{rows.found} of {every} match “{view.search}”" if view.search else every


def ordered(rows: Sequence[Row], by: str, filters: Filters, cubes: Cubes) -> list[Row]:
    """The rows by one column; those with outcomes to come, or without a value, stand last either way."""
    name = by.removeprefix("-")
    if name == "verdict":
        return evidence.ranked(rows, cubes, falling=by.startswith("-"))
    found = sorted(rows, key=lambda row: _rank(row, name, cubes), reverse=by.startswith("-"))
    return sorted(found, key=lambda row: _standing(row, name, filters, cubes))


def campaign_of(row: Row, cubes: Cubes) -> Campaign:
    return cubes.campaigns[str(row.key[0])]


def channel_words(row: Row, sent_by: dict[str, list[str]]) -> str:
    """The channels a campaign went by in the selection."""
    return ", ".join(CHANNEL_LABELS.get(name, name) for name in sent_by.get(str(row.key[0]), []))


def dates(campaign: Campaign) -> str:
    """`3 Jun – 3 Jul 2026`, as far as the record tells."""
    known = [day_date(day) for day in (campaign.start_day, campaign.end_day) if day is not None]
    if len(known) == 2 and known[0].year == known[1].year:
        return f"{known[0].day} {known[0]:%b} – {known[1].day} {known[1]:%b %Y}"
    return " – ".join(f"{day.day} {day:%b %Y}" for day in known)


def _fits(row: Row, search: str, sent_by: dict[str, list[str]], cubes: Cubes) -> bool:
    if not search:
        return True
    campaign = campaign_of(row, cubes)
    told = (
        campaign.name,
        campaign.program,
        campaign.line_of_business,
        questions.status(campaign, cubes),
        channel_words(row, sent_by),
    )
    return all(word in " ".join(told).casefold() for word in search.split())


def _standing(row: Row, name: str, filters: Filters, cubes: Cubes) -> int:
    if name not in row.values:
        return 0
    if row.values[name].value is None:
        return 2
    return int(of_outcomes(name) and not questions.complete(campaign_of(row, cubes), filters, cubes))


def _rank(row: Row, name: str, cubes: Cubes) -> tuple[Any, ...]:
    campaign = campaign_of(row, cubes)
    if name in row.values:
        return (row.values[name].value or 0, campaign.name)
    if name == "status":
        return (campaign.start_day or 0, campaign.name)
    return (campaign.program if name == "program" else campaign.name.lower(), campaign.name)


@kept
def _channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in ask(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows:
        if row.values["sent"].status is not Status.NOT_AVAILABLE and row.key[1]:
            found.setdefault(str(row.key[0]), []).append(str(row.key[1]))
    return found
