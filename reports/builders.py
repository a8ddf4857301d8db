"""Makes the document of an address: a builder for each page that is a report of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from documents.model import Document
from pages import executive_questions, explore_asked, explore_document, monthly_document, monthly_month
from state.store import Store

Built: TypeAlias = tuple[Document, list[str]]
Builder: TypeAlias = Callable[[Mapping[str, str], Viewer, Cubes, Store, Settings], Built]


def _explore(
    query: Mapping[str, str], viewer: Viewer, cubes: Cubes, _store: Store, settings: Settings
) -> Built:
    asked = explore_asked.asked(query, viewer, cubes)
    made = explore_document.document(asked, viewer, cubes)
    return replace(made, plan=settings.plan), [*asked.problems]


def _executive(
    query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store, settings: Settings
) -> Built:
    filters, problems = executive_questions.asked(dict(query), viewer, cubes)
    made = executive_questions.document(filters, viewer, cubes, store)
    return replace(made, plan=settings.plan), problems


def _monthly(
    query: Mapping[str, str], viewer: Viewer, cubes: Cubes, _store: Store, settings: Settings
) -> Built:
    asked = monthly_month.asked(query, viewer, cubes)
    section = query.get("section", "")
    made = monthly_document.document(
        asked.month, asked.filters, viewer, cubes, section=section, plan=settings.plan
    )
    return made, [*asked.problems]


BUILDERS: dict[str, Builder] = {"explore": _explore, "executive": _executive, "monthly": _monthly}
"""Page of a report -> what makes its document of a query, with what is wrong in that."""
