"""A panel that can tell little says so, and leads to the coarser question that it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from ui import html
from ui.faces import withheld
from ui.icon import icon


@dataclass(frozen=True)
class Offer:
    """What a panel says of itself, and words and address of the way on, where there is one."""

    words: str
    link: str = ""
    address: str = ""


def in_foot(offer: Offer | None) -> list[Component]:
    """The sentence and the link at the foot of a panel; nothing where nothing is offered."""
    if offer is None:
        return []
    more: list[Any] = (
        [" ", html.A(offer.link, href=offer.address, className="coarser-link no-print")] if offer.link else []
    )
    return [html.Span([icon("eye-slash"), offer.words, *more], className="coarser")]


def instead(offer: Offer | None, words: str = "") -> Component:
    """The same in place of the panel's figures, where it has none; `words` where nothing can be offered."""
    if offer is None:
        return withheld(words) if words else withheld()
    link = html.A(offer.link, href=offer.address, className="btn btn-quiet") if offer.link else None
    return withheld(offer.words, link)
