"""Whether the ledger is whole: the last checkpoint, its copies, the last verification, and its chains."""

from __future__ import annotations

from dash.development.base_component import Component

from config.settings import PYTHON, Settings, variable
from data.cubes import Cubes
from ledger import verified
from ledger.book import Book
from ledger.checkpoints import newest
from ledger.index import Index
from pages.data_pieces import heads, state, zone_of
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

CHAINS = 6
CAPTION = "Each process writes a chain of its own; all of them are signed together, and verified once a day."


def panel_of(cubes: Cubes, settings: Settings, book: Book, index: Index) -> list[Component]:
    """The panel: whether anything was changed, then where the chains stand."""
    zone, last = zone_of(cubes), verified.last(settings.ledger)
    wrong = last is not None and not last.sound
    title = "The ledger was changed" if wrong else "The ledger is as it was written"
    if last is None:
        title = "The ledger was not verified yet"
    facts = html.Dl(
        [html.Div([html.Dt(name), html.Dd(words)]) for name, words in _facts(settings, book, zone, last)],
        className="terms ledger-facts",
    )
    findings = (
        [
            html.Li([icon("exclamation-triangle"), html.Span(one)], className="problem")
            for one in last.findings
        ]
        if last
        else []
    )
    return panel(
        title,
        CAPTION,
        [*([html.Ul(findings, className="notes")] if findings else []), facts, _chains(index, zone)],
    )


def _facts(
    settings: Settings, book: Book, zone: str, last: verified.Verified | None
) -> list[tuple[str, Children]]:
    """What is known of it, each with its name."""
    signed = newest(settings.ledger)
    facts: list[tuple[str, Children]] = []
    if book.broken:
        facts.append(("Written", state(f"cannot be written: {book.broken}", "bad")))
    facts.append(
        (
            "Last checkpoint",
            "none yet" if signed is None else f"number {count(signed.number)}, {moment(signed.at, zone)}",
        )
    )
    copied = (
        f"{settings.ledger_copy}"
        if settings.ledger_copy
        else f"nowhere: {variable('ledger_copy')} names no folder"
    )
    facts.append(("Copied to", copied))
    if last is not None:
        facts.append(("Last verified", [f"{moment(last.at, zone)}: ", last.sentence]))
    facts.append(("Public key", html.Code(book.seals.public.hex(), className="key")))
    facts.append(("Verify now", html.Code(f"{PYTHON} -m compliance audit verify")))
    return facts


def _chains(index: Index, zone: str) -> Component:
    """The chains that moved last, with their heads."""
    rows: list[list[Children]] = [
        [name, html.Td(count(head.seq), className="number"), moment(head.at, zone), html.Code(head.hash[:16])]
        for name, head in index.heads(CHAINS)
    ]
    names = heads("Chain", "Entries", "Last one", "Hash of it", right=("Entries",))
    return table(names, rows, "Chains of the ledger", "words chains")
