"""Asks a report's question again, of another snapshot: the page's own builder makes the document anew."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date

from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.kept import forget
from data.periods import day_number
from data.viewer import Scope, Viewer
from documents.model import Document
from exports.tables import FiltersRefused, NoSuchTable
from pages.registry import TABLES
from pages.reports_offered import VIEW
from reports import frozen, viewed
from reports.builders import BUILDERS
from reports.issue import AS_OF
from state.reports import Report
from state.store import Store

OWN = ("table", VIEW, AS_OF)
EXPLORE = "explore"


def asker_of(report: Report) -> Viewer:
    """Who asks for a report again: its own row scope, whoever opens it."""
    return Viewer(report.by, report.role, frozenset(Permission), Scope.of(report.scope))


def anew(
    document: Document, viewer: Viewer, cubes: Cubes, store: Store, settings: Settings
) -> Document | None:
    """The document of the same question; None where it cannot be asked again."""
    cubes = as_of(cubes, _day(document.query.get(AS_OF, ""), cubes))
    return made_of(document.page, document.query, viewer, cubes, store, settings, document.title)


def made_of(
    page: str,
    query: Mapping[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    settings: Settings,
    title: str = "",
) -> Document | None:
    """The document of an address of a page: its own, a saved view of it, one table of it, or all; None where
    there is none."""
    own = {name: value for name, value in query.items() if name not in OWN}
    try:
        if name := query.get(VIEW, ""):
            return _of_view(page, name, own, viewer, cubes, store, settings)
        if (build := BUILDERS.get(page)) is not None:
            return build(own, viewer, cubes, store, settings)[0]
        if "table" in query:
            return frozen.of_table(page, query["table"], own, viewer, cubes, store, settings.plan)
        if page in TABLES:
            return frozen.of_page(page, title or page, own, viewer, cubes, store, settings.plan)
    except (NoSuchTable, FiltersRefused, frozen.TooLong):
        return None
    return None


def _of_view(
    page: str,
    name: str,
    query: Mapping[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    settings: Settings,
) -> Document | None:
    if (build := BUILDERS.get(page)) is None:
        made = viewed.of_tables(page, name, query, viewer, cubes, store, settings)
        return None if made is None else viewed.named(made, name)
    told, _ = build(query, viewer, cubes, store, settings)
    return viewed.named(viewed.of_explore(told, query, viewer, cubes) if page == EXPLORE else told, name)


def as_of(cubes: Cubes, today: int) -> Cubes:
    """The same cubes for who counts periods back from another day; answers are kept apart from theirs."""
    if cubes.today == today:
        return cubes
    made = copy(cubes)
    forget(made)
    made.__dict__.pop("through", None)
    made.__dict__["today"] = today
    return made


def _day(text: str, cubes: Cubes) -> int:
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        return cubes.today
