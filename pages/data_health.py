"""Whether the lake is sound: what the checks found, and what became of the last runs."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.catalogue import catalogue
from data.cubes import Cubes
from data.runs import RunRecord
from data.viewer import Viewer
from pages import data_questions as ask
from pages.data_pieces import file_link, heads, state, zone_of
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

RUNS = 8
ENDED = {"published": "good", "nothing new": "none", "blocked": "bad", "failed": "bad"}
NOTHING = "Nothing has been published yet."
FIRST_RUN = "They are looked at by the next run."


def notices(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """What everybody who opens the page should know first: a blocked publish, and loads that wait."""
    known, zone = catalogue(cubes), zone_of(cubes)
    found = []
    if not known.blocking.is_empty():
        since = moment(min(known.blocking["failing_since_us"]), zone)
        what = " ".join(known.blocking["meaning"])
        number, when = known.snapshot.number, moment(known.snapshot.published_us, zone)
        figures = f"All figures are those of snapshot {number} of {when}." if number else NOTHING
        found.append(_notice("bad", f"Publishing is blocked since {since}", f"{what} {figures}"))
    if known.waiting and viewer.scope.whole:
        one = known.waiting == 1
        plural = "load waits" if one else "loads wait"
        words = (
            f"{'It is' if one else 'They are'} in no figure yet; the schedule, or “etl run”, publishes "
            f"{'it' if one else 'them'}."
        )
        found.append(_notice("late", f"{count(known.waiting)} {plural} for the next refresh", words))
    return found


def _notice(kind: str, title: str, words: str) -> Component:
    picture = "exclamation-triangle" if kind == "bad" else "clock-history"
    return html.Div(
        [icon(picture), html.Div([html.Strong(title), html.P(words)])],
        className=f"notice notice-{kind}",
        role="status",
    )


def checks(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of the checks."""
    found = list(ask.whole(viewer, cubes).checks.iter_rows(named=True))
    caption = "Each looks for rows that cannot be right before anything is published."
    if not found:
        return panel("No check has run yet", caption, no_data(FIRST_RUN))
    zone = zone_of(cubes)
    ordered = sorted(found, key=lambda row: (not row["bad_rows"], not row["blocking"], row["name"]))
    body = table(
        heads("Check", "Result", "Bad rows", "Since", right=["Bad rows"]),
        [_check(row, zone) for row in ordered],
        "Checks",
        "words checks",
    )
    return panel(_title(found, zone), caption, body, tools=file_link("checks", viewer))


def _title(found: list[dict[str, Any]], zone: str) -> str:
    bad = [row for row in found if row["bad_rows"]]
    when = moment(found[0]["checked_us"], zone)
    if not bad:
        return f"All {len(found)} checks passed on {when}"
    stopping = sum(row["blocking"] for row in bad)
    if stopping:
        return f"{stopping} of {len(found)} checks {'stops' if stopping == 1 else 'stop'} the publish"
    return f"{len(bad)} of {len(found)} checks {'warns' if len(bad) == 1 else 'warn'}, none stops the publish"


def _check(row: dict[str, Any], zone: str) -> list[Children]:
    kind = "blocks the publish" if row["blocking"] else "warns"
    looks = "looks at everything" if row["whole"] else "looks at what was new"
    words = [row["meaning"], html.Small(f"{row['name']} · {kind} · {looks}")]
    result = (
        state("passed", "good")
        if not row["bad_rows"]
        else state("blocks" if row["blocking"] else "warns", "bad" if row["blocking"] else "late")
    )
    since = moment(row["failing_since_us"], zone) if row["bad_rows"] else "–"
    return [words, result, html.Td(count(row["bad_rows"]), className="number"), since]


def runs(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of the last runs."""
    found = ask.whole(viewer, cubes).runs
    caption = "A run publishes what is new. Runs that find nothing new share a row."
    if not found:
        return panel(
            "No run has been recorded yet", caption, no_data("The schedule starts one every few minutes.")
        )
    zone = zone_of(cubes)
    rows = [_run(run, zone) for run in found[:RUNS]]
    last = found[0]
    title = f"The last run, {moment(last.started_us, zone)}: {last.ended}"
    return panel(
        title,
        caption,
        table(heads("Run", "Ended", "What it said"), rows, "Last runs", "words runs"),
        tools=file_link("runs", viewer),
    )


def _run(run: RunRecord, zone: str) -> list[Children]:
    times = f", {count(run.times)} times" if run.times > 1 else ""
    took = f"{run.seconds:.1f} s" if run.seconds >= 0.05 else "no time"
    return [
        [moment(run.started_us, zone), html.Small(f"{run.kind}, {took}")],
        state(f"{run.ended}{times}", ENDED.get(run.ended, "none")),
        run.words,
    ]
