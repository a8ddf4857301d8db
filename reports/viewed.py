"""A saved view as a report: what its page says, under the view's name, beside the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from config.settings import Settings
from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters, parse
from data.viewer import Viewer
from documents.model import Block, Document, Figures, Table
from pages import against, campaign_questions, explore_asked, questions
from pages.reports_offered import VIEW
from reports import frozen
from state.store import Store

KIND = "view"
FIGURES = "figures"
COMPARED = ("campaign", "channel", "window", "metric")


def named(made: Document, name: str) -> Document:
    """The document under the name of a view, by which it is asked for again."""
    return replace(made, title=name, query={**made.query, VIEW: name})


def of_explore(made: Document, query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Document:
    """Explore's document with its figures uncut before all else, each beside the period before."""
    view = explore_asked.asked(query, viewer, cubes)
    total = against.figures(explore_asked.whole(view, viewer, cubes), view.filters, viewer, cubes)
    return replace(made, blocks=(total, *(one for one in made.blocks if not isinstance(one, Figures))))


def of_tables(
    page: str,
    name: str,
    query: Mapping[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    settings: Settings,
) -> Document | None:
    """The tables of a page without a document of its own, with its key figures before them."""
    own = _own(page, query)
    made = frozen.of_page(page, name, own, viewer, cubes, store, settings.plan)
    if made is None:
        return None
    filters, _ = parse(own, cubes, viewer)
    blocks = _with_figures(page, made.blocks, filters, viewer, cubes)
    words = _words(page, made)
    return replace(made, kind=KIND, words=words, period=words.split(" · ")[0], blocks=tuple(blocks))


def _own(page: str, query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a page's address, with what the page takes where they say nothing."""
    if page == "campaign":
        return campaign_questions.with_period(query)
    if page == "compare":
        kept = {name: text for name, text in query.items() if name in COMPARED}
        return {**kept, "period": "all_time", "compare": "none"}
    return dict(query)


def _with_figures(
    page: str, blocks: Sequence[Block], filters: Filters, viewer: Viewer, cubes: Cubes
) -> list[Block]:
    """The key figures as such, in the place of the table that holds them."""
    told = _key(page, filters, viewer, cubes)
    if told is None:
        return list(blocks)
    rest = [one for one in blocks if not (isinstance(one, Table) and one.name == FIGURES)]
    return [against.figures(told, filters, viewer, cubes), *rest]


def _key(page: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer | None:
    if page == "overview":
        return questions.cards(filters, viewer, cubes)
    return campaign_questions.key_figures(filters, viewer, cubes) if page == "campaign" else None


def _words(page: str, made: Document) -> str:
    """What it is of: campaigns are compared over days since launch, which no filter says."""
    captions = [one.caption for one in made.blocks if isinstance(one, Table) and one.caption]
    return captions[0] if page == "compare" and captions else made.words
