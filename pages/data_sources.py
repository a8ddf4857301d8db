"""The sources: what each provides, how often it comes, and which clock waits for it."""

from __future__ import annotations

from dash.development.base_component import Component

from data.cubes import Cubes
from data.sources import Source
from data.viewer import Viewer
from pages import data_questions as ask
from pages.data_pieces import file_link, heads, page_of, state, turns, zone_of
from pages.data_questions import View
from ui import html
from ui.aria import Children
from ui.clocks import lasting, moment
from ui.numbers import count, percent
from ui.panels import panel
from ui.tables import table

KINDS = {
    "event": "events of messages",
    "message": "messages in their latest state",
    "member": "members of campaigns",
    "outcome": "outcomes",
    "aggregate": "totals that the source added up",
    "members": "the plan's members",
    "campaigns": "campaign records",
}
PROVIDES = {
    "attempted": "calls placed", "printed": "letters posted", "answered": "calls answered",
    "no_answer": "no answer", "returned": "letters returned", "bounced": "bounces", "failed": "failures",
    "suppressed": "suppressions", "opened": "opens", "clicked": "clicks", "replied": "replies",
    "acted": "in-app actions", "opt_out": "opt-outs", "complaint": "complaints",
    "machine": "machine opens told apart", "holdout": "arms", "assigned": "assignments",
    "eligible": "eligibility", "contactable": "contact points", "consented": "consent",
}  # fmt: skip
OF_KIND = {"members": "attributes and addresses", "campaigns": "names, schedules, outcomes and costs"}
SIZE = 9
HEADS = ("Source", "Provides", "Rows loaded", "Last load", "Latest event", "Rhythm", "Clocks")


def panel_of(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of the sources, late ones first."""
    found = sorted(ask.all_sources(viewer, cubes), key=lambda one: (-(one.late_us or 0), one.name))
    made_up = {one.synthetic for one in found}
    shown, page = page_of(found, view.page("sources"), SIZE)
    rows = [_row(one, zone_of(cubes), len(made_up) > 1) for one in shown]
    caption = "By the names of their mappings. Late is judged by the usual gap between a source's own data."
    if made_up == {True}:
        caption += " All of them are synthetic."
    body = table(heads(*HEADS, right=HEADS[2:3]), rows, "Sources", "words sources")
    foot = turns("sources", len(found), page, SIZE)
    return panel(title(found), caption, body, foot, file_link("sources", viewer))


def title(found: list[Source]) -> str:
    late = sorted((one for one in found if one.late_us), key=lambda one: -(one.late_us or 0))
    if not late:
        known = sum(one.late_us is not None for one in found)
        judged = {0: "none has a known rhythm yet", 1: "the one with a known rhythm is on time"}
        said = judged.get(known, f"none of the {known} with a known rhythm is late")
        return f"{count(len(found))} {'source' if len(found) == 1 else 'sources'}: {said}"
    if len(late) == 1:
        return f"1 of {count(len(found))} sources is late: {late[0].name} by {lasting(late[0].late_us or 0)}"
    return (
        f"{len(late)} of {count(len(found))} sources are late, "
        f"{late[0].name} most: by {lasting(late[0].late_us or 0)}"
    )


def _row(one: Source, zone: str, mixed: bool) -> list[Children]:
    kinds = ", ".join(KINDS.get(kind, kind) for kind in one.kinds)
    badge = [html.Span("synthetic", className="badge-quiet")] if one.synthetic and mixed else []
    share = f"{percent(one.refused / one.rows_in)} refused" if one.refused else "none refused"
    files = f"{count(one.loads)} {'load' if one.loads == 1 else 'loads'}"
    return [
        [one.name, *badge, html.Small(kinds)],
        provided(one),
        html.Td([count(one.loaded), html.Small(f"{files}, {share}")], className="number when"),
        _when(one.received_us, zone),
        "no dates" if one.latest_us is None else _when(one.latest_us, zone),
        _rhythm(one),
        _clocks(one),
    ]


def _when(us: int, zone: str) -> Component:
    return html.Td(moment(us, zone), className="when")


def provided(one: Source) -> str:
    """What a source provides, in words."""
    outcomes = sorted(w.removeprefix("outcome:").replace("_", " ") for w in one.provides if ":" in w)
    plain = [PROVIDES.get(w, w.replace("_", " ")) for w in sorted(one.provides) if ":" not in w]
    of_kind = [OF_KIND[kind] for kind in one.kinds if kind in OF_KIND]
    return ", ".join([*of_kind, *plain, *(f"outcome {name}" for name in outcomes)]) or "–"


def _rhythm(one: Source) -> Children:
    if one.once:
        return state("comes once", "none")
    if one.usual_us is None:
        few = "one load so far" if one.loads == 1 else "no later data yet"
        return state(f"not known: {few}", "none")
    usual = html.Small(f"usually every {lasting(one.usual_us)}")
    if one.late_us:
        return [state(f"late by {lasting(one.late_us)}", "late"), usual]
    return [state("on time", "good"), usual]


def _clocks(one: Source) -> Children:
    words = ["sets Outreach through"] if one.sets_outreach else []
    why = "comes once" if one.once else "silent"
    words += [f"{why}: Outreach through passes it over"] if one.silent else []
    words += [f"sets {name.replace('_', ' ')}" for name in one.outcomes]
    return ", ".join(words) or "–"
