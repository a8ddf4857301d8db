"""Tables of pages as documents: what a file or a print showed, so that its ID opens the very same again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Status
from data.cubes import Cubes
from data.dimensions import written as written_part
from data.filters import Filters, parse
from data.metrics import DEFINED, DEFINITIONS_VERSION
from data.viewer import Viewer
from documents.model import Column, Document, Notes, Row, Table, Value
from exports.tables import FiltersRefused, NoSuchTable
from pages import table as offered
from pages.registry import TABLES, may_see
from reports.issue import frozen
from state.store import Store
from ui.clocks import clock_words
from ui.document import value_of
from ui.numbers import count

TABLE, PRINT = "table", "print"
BY_THE_WAY = (TABLE, PRINT)
"""Kinds that are issued by the way, with a file or a print."""
MOST = 20_000
"""Values that one table of a report may have."""
TOO_LONG = "{}: {:,} values, more than a report keeps; take the file of it."


class TooLong(ValueError):
    """A table has more values than a report keeps."""


def of_table(
    page: str, name: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store, plan: str
) -> Document:
    """One table of a page under the filters of an address, as a document.

    `NoSuchTable` where there is none, or not for this viewer; `FiltersRefused`; `TooLong`.
    """
    asked = TABLES.get(page, {}).get(name)
    if asked is None or not may_see(page, viewer) or isinstance(asked, offered.FactsTable):
        raise NoSuchTable
    filters, problems = parse(query, cubes, viewer)
    if problems and isinstance(asked, offered.Table):
        raise FiltersRefused("\n".join(problems))
    try:
        block, words = _block(asked, filters, query, viewer, cubes, store)
    except LookupError:
        raise NoSuchTable from None
    own = {**query, "table": name}
    period = words.split(" · ")[0] if isinstance(asked, offered.Table) else ""
    return _document(TABLE, asked.title, page, own, period, words, (block,), cubes, plan)


def kept_id(
    page: str, name: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store, plan: str
) -> str:
    """The ID that reopens a table as it is now; nothing for what no report keeps: the facts, and tables that
    are too long."""
    try:
        made = of_table(page, name, query, viewer, cubes, store, plan)
    except (NoSuchTable, FiltersRefused, TooLong):
        return ""
    return frozen(made, viewer, store, cubes.today).id


def of_page(
    page: str, title: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store, plan: str
) -> Document | None:
    """All tables that a page offers, under the filters of an address; None where it offers none."""
    filters, _ = parse(query, cubes, viewer)
    blocks: list[Table] = []
    left: list[str] = []
    for asked in TABLES.get(page, {}).values() if may_see(page, viewer) else ():
        if isinstance(asked, offered.FactsTable):
            continue
        try:
            blocks.append(_block(asked, filters, query, viewer, cubes, store)[0])
        except TooLong as refused:
            left.append(str(refused))
        except LookupError:
            continue  # there is no such table under this address
    if not blocks:
        return None
    words = filters.sentence(cubes)
    parts: list[Table | Notes] = [*blocks, *([Notes(tuple(left))] if left else [])]
    period = words.split(" · ")[0]
    return _document(PRINT, title, page, dict(query), period, words, parts, cubes, plan)


def _document(
    kind: str,
    title: str,
    page: str,
    query: dict[str, str],
    period: str,
    words: str,
    blocks: Sequence[Table | Notes],
    cubes: Cubes,
    plan: str,
) -> Document:
    clocks = dict(clock_words(cubes.snapshot))
    return Document(
        kind=kind,
        title=title,
        plan=plan,
        period=period,
        words=words,
        page=page,
        query=query,
        snapshot=cubes.snapshot.number,
        definitions=DEFINITIONS_VERSION,
        outreach_through=clocks.get("Outreach through", ""),
        outcomes_through=clocks.get("Outcomes complete through", ""),
        blocks=tuple(blocks),
    )


def _block(
    asked: offered.Table | offered.ListTable,
    filters: Filters,
    query: Mapping[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
) -> tuple[Table, str]:
    """The table and its filters in words."""
    if isinstance(asked, offered.ListTable):
        listing = asked.listing(viewer, cubes, query, store)
        _bounded(asked.title, len(listing.rows) * len(listing.columns))
        return _listed(asked, listing), listing.words
    answer = asked.answer(filters, viewer, cubes, query)
    _bounded(asked.title, len(answer.rows) * len(answer.metrics))
    return _answered(asked, answer, cubes), answer.sentence


def _bounded(title: str, values: int) -> None:
    if values > MOST:
        raise TooLong(TOO_LONG.format(title, values))


def _answered(asked: offered.Table, answer: Answer, cubes: Cubes) -> Table:
    head = ", ".join(cubes.dimension(name).label for name in answer.by) or "All"
    columns = [Column("key", head, number=False)]
    columns += [Column(name, DEFINED[name].label) for name in answer.metrics]
    rows = []
    for row in answer.rows:
        parts = [written_part(name, part) or "" for name, part in zip(answer.by, row.key, strict=True)]
        values = tuple(value_of(row.values[name], DEFINED[name]) for name in answer.metrics)
        rows.append(Row(_label(answer.by, parts, cubes), values, " · ".join(parts)))
    return Table(
        asked.name, asked.title, tuple(columns), tuple(rows), answer.sentence, " ".join(answer.notes)
    )


def _label(by: Sequence[str], parts: Sequence[str], cubes: Cubes) -> str:
    def named(name: str, part: str) -> str:
        if name == "campaign" and part in cubes.campaigns:
            return cubes.campaigns[part].name
        return CHANNEL_LABELS.get(part, part) if name == "channel" else part

    return " · ".join(named(name, part) for name, part in zip(by, parts, strict=True)) or "All"


def _listed(asked: offered.ListTable, listing: offered.Listing) -> Table:
    names = [name.replace("_", " ").capitalize() for name in listing.columns]
    columns = [Column(own, label, number=False) for own, label in zip(listing.columns, names, strict=True)]
    rows = [
        Row(_text(row[0]), tuple(_plain(one) for one in row[1:]), str(place))
        for place, row in enumerate(listing.rows, 1)
    ]
    return Table(asked.name, asked.title, tuple(columns), tuple(rows), listing.words)


def _plain(one: object) -> Value:
    """A plain fact; what is counted of nobody has no metric."""
    number = float(one) if isinstance(one, (int, float)) and not isinstance(one, bool) else None
    told = Status.RELEASED if one not in (None, "") else Status.NOT_AVAILABLE
    return Value(_text(one), value=number, status=told.value)


def _text(one: object) -> str:
    if isinstance(one, bool):
        return "yes" if one else "no"
    if isinstance(one, (int, float)):
        return count(one)
    return "" if one is None else str(one)
