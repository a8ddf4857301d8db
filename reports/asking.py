"""What is wrong with what is to be sent by the clock: what there is not, what is not told together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from data.cubes import Cubes
from data.filters import parse
from data.release import pair_name
from data.viewer import Viewer
from data.words import listed
from pages import campaign_questions, compare_chosen, executive_questions, explore_asked, monthly_month
from pages.explore_words import cuts

Found: TypeAlias = tuple[Sequence[str], Sequence[str]]  # problems, names of the cuts
Looker: TypeAlias = Callable[[Mapping[str, str], Viewer, Cubes], Found]


def problems(page: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> list[str]:
    """A sentence for each thing that a page would leave out of an address, or could never tell.

    A page says so to whoever opened it, and goes on without. What is mailed to others must not turn from one
    program into all of them.
    """
    found, names = LOOKS.get(page, _plain)(query, viewer, cubes)
    return [*found, *_apart(names, cubes)]


def _apart(names: Sequence[str], cubes: Cubes) -> list[str]:
    if len(names) < 2 or cubes.has_view(pair_name(*names)):
        return []
    told = listed([cubes.dimension(name).label.lower() for name in names])
    return [f"{told[0].upper()}{told[1:]} are not released together: small groups could be worked out."]


def _plain(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    filters, found = parse(query, cubes, viewer)
    return found, list(filters.cuts)


def _explore(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    view = explore_asked.asked(query, viewer, cubes)
    none = [] if view.metrics or view.problems else ["The view has no figures; choose some first."]
    return [*view.problems, *none], cuts(view, cubes)


def _executive(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    filters, found = executive_questions.asked(dict(query), viewer, cubes)
    return found, list(filters.cuts)


def _monthly(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    asked = monthly_month.asked(query, viewer, cubes)
    found = [*asked.problems]
    if query.get("channel"):
        found.append("The monthly report is of all channels; take that filter away.")
    return found, list(asked.filters.cuts)


def _campaign(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    filters, campaign, found = campaign_questions.asked(query, viewer, cubes)
    none = [] if campaign else ["There is no such campaign."]
    return [*found, *none], list(filters.cuts)


def _compare(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Found:
    asked = compare_chosen.chosen(dict(query), viewer, cubes)
    few = ["Compare takes two to four campaigns."] if len(asked.campaigns) < 2 else []
    return [*asked.problems, *few], ()


LOOKS: dict[str, Looker] = {
    "explore": _explore,
    "executive": _executive,
    "monthly": _monthly,
    "campaign": _campaign,
    "compare": _compare,
}
