"""What the search over everything finds: pages, campaigns, figures and views, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.metrics import DEFINED
from data.viewer import Viewer
from ui.links import campaign_link

LONGEST, MOST, OF_A_KIND = 80, 10, 5
SCATTERED = 3  # letters of a word that may stand apart from each other
PREFIX, INSIDE, APART = 4, 2, 1


@dataclass(frozen=True)
class Entry:
    """Something to go to: its kind, name, a few words about it, other names, and its address."""

    kind: str
    name: str
    more: str
    href: str
    also: str = ""


def entries(viewer: Viewer, cubes: Cubes) -> tuple[Entry, ...]:
    """The campaigns that a viewer may know of, and every figure, for who may see figures."""
    return _entries(viewer, cubes) if viewer.may(Permission.VIEW_CAMPAIGNS) else ()


@kept
def _entries(viewer: Viewer, cubes: Cubes) -> tuple[Entry, ...]:
    campaigns = (cubes.campaigns[name] for name in Filters().campaigns(cubes, viewer))
    found = [
        Entry("Campaign", one.name, one.program, campaign_link(one.id), f"{one.id} {one.program}")
        for one in sorted(campaigns, key=lambda one: one.name.lower())
    ]
    found += [
        Entry("Figure", one.label, one.meaning, f"/definitions#metric-{name}", name.replace("_", " "))
        for name, one in DEFINED.items()
    ]
    return tuple(found)


def nearest(typed: str, offered: Iterable[Entry], most: int = MOST) -> list[Entry]:
    """What fits what was typed, the best first, and no kind alone; without a word the first of all."""
    words = typed[:LONGEST].casefold().split()
    ranked = [(score(words, one), one) for one in offered]
    fitting = sorted((pair for pair in ranked if pair[0] > 0 or not words), key=lambda pair: -pair[0])
    return _mixed([one for _, one in fitting], most)


def _mixed(found: Sequence[Entry], most: int) -> list[Entry]:
    counted: dict[str, int] = {}
    kept_entries = []
    for one in found:
        counted[one.kind] = counted.get(one.kind, 0) + 1
        if counted[one.kind] <= OF_A_KIND or one.kind == "Page":
            kept_entries.append(one)
    return kept_entries[:most]


def score(words: Sequence[str], one: Entry) -> float:
    """How well an entry fits all words; 0 where one of them is not in it."""
    name, also = one.name.casefold(), one.also.casefold()
    total = 0.0
    for word in words:
        best = max(2 * _fit(word, name), _fit(word, also))
        if not best:
            return 0.0
        total += best
    whole = " ".join(words)
    return total + (PREFIX if whole and name.startswith(whole) else 0) - len(name) / 1_000


def _fit(word: str, text: str) -> int:
    if any(part.startswith(word) for part in text.split()):
        return PREFIX
    if word in text:
        return INSIDE
    return APART if len(word) >= SCATTERED and _scattered(word, text) else 0


def _scattered(word: str, text: str) -> bool:
    """Whether a word's letters stand in one word of a text in that order, the first one first."""
    return any(part[:1] == word[:1] and _in_order(word, part) for part in text.split())


def _in_order(word: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)
