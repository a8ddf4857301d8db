"""Who raised the terms of release, when, from what to what and why; and since which snapshot it counts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages.data_pieces import heads, state, zone_of
from pages.data_questions import WholePlan, iso
from pages.privacy_words import from_to
from pages.table import Listing, ListTable
from state.policy import Policy, of_snapshot
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.panels import panel
from ui.tables import download, table

COLUMNS = (
    "raised", "by", "threshold_before", "threshold", "profile_before", "profile", "reason", "since_snapshot",
)  # fmt: skip
CAPTION = "Newest first. A raise stays here for good; nothing takes it back."
NOBODY = "Nobody has raised them: what the settings ask for is in force."
PART = "It is the history of the whole plan, and you see a part of it."


def history(viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The panel of the raises."""
    if not viewer.scope.whole:
        return panel("Who raised the terms", CAPTION, no_data(PART))
    found = _told(cubes, store)
    if not found:
        return panel("Who raised the terms", CAPTION, no_data(NOBODY))
    zone = zone_of(cubes)
    rows = [_row(policy, since, zone) for policy, since in found]
    title = "The terms were raised once" if len(found) == 1 else f"The terms were raised {len(found):,} times"
    names = heads("When", "Who", "Threshold", "Profile", "Why", "Counts")
    tools = download("/privacy/history.csv", viewer.may(Permission.EXPORT))
    return panel(title, CAPTION, table(names, rows, "Raises of the terms", "words raises"), tools=tools)


def _row(policy: Policy, since: int | None, zone: str) -> Sequence[Children]:
    counts = (
        state("waits for the next publish", "late")
        if since is None
        else state(f"since snapshot {since}", "good")
    )
    return [
        moment(policy.at_us, zone),
        policy.by,
        from_to(f"{policy.was_threshold:,}", f"{policy.threshold:,}"),
        from_to(policy.was_profile, policy.profile),
        html.Td(policy.reason, className="why-raised"),
        counts,
    ]


def _told(cubes: Cubes, store: Store) -> list[tuple[Policy, int | None]]:
    """The raises, newest first, each with the first snapshot that protects as well: terms only go up."""
    known = cubes.lake.snapshots().select("snapshot", "terms").rows()
    under = [(one, of_snapshot(json.loads(told))) for one, told in known if one <= cubes.snapshot.number]
    return [
        (policy, next((one for one, terms in under if terms.covers(policy.terms)), None))
        for policy in store.policies()
    ]


def _listing(viewer: Viewer, cubes: Cubes, store: Store) -> Listing:
    if not viewer.scope.whole:
        raise WholePlan(PART)
    rows = [
        (
            iso(policy.at_us), policy.by, policy.was_threshold, policy.threshold, policy.was_profile,
            policy.profile, policy.reason, "" if since is None else since,
        )
        for policy, since in _told(cubes, store)
    ]  # fmt: skip
    return Listing(COLUMNS, rows)


TABLES = (ListTable("history", "Raises of the terms of release", _listing, stored=True),)
