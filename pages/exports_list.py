"""The viewer's own exports: how far each is, what it holds, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from pages.data_pieces import state
from pages.exports import FORMATS, PAGES
from state.exports import CANCELLED, DONE, EXPIRED, FAILED, HELD, JOB, OPEN, REMOVED, WAITING, Export
from ui import html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel

TITLE = "Your exports"
CAPTION = "Newest first; nobody else sees them. What was taken, by whom and why stays in the ledger."
NOTHING = "You have taken nothing out yet. Start one above, or take a table from any page."
SHOWN = 12
STATES = {
    DONE: ("done", "good"),
    FAILED: ("failed", "bad"),
    CANCELLED: ("cancelled", "none"),
    REMOVED: ("file deleted", "none"),
    EXPIRED: ("file expired", "none"),
}


def listed(exports: Sequence[Export], zone: str) -> list[Component]:
    """The panel of a viewer's exports, newest first: whatever has a file or will have one, and the latest."""
    if not exports:
        return panel(TITLE, CAPTION, no_data(NOTHING))
    held = [one for one in exports if one.kind == JOB and one.status in HELD]
    latest = [one for one in exports if one not in held][: max(0, SHOWN - len(held))]
    shown = sorted([*held, *latest], key=lambda one: -one.number)
    rows = html.Ul([_entry(one, zone) for one in shown], className="exports")
    older = len(exports) - len(shown)
    words = html.Span(f"{count(older)} more without a file: not shown here, and in the ledger all the same.")
    return panel(TITLE, CAPTION, rows, [words] if older else ())


def _entry(export: Export, zone: str) -> Component:
    said = [export.words, f"snapshot {export.snapshot}", *([f"“{export.reason}”"] if export.reason else [])]
    kept: list[Children] = (
        [" · ", html.A(export.report, href=f"/reports?report={export.report}")] if export.report else []
    )
    words = html.Div(
        [
            html.P(
                [
                    html.Strong(name_of(export)),
                    html.Span(FORMATS.get(export.format, export.format.upper()), className="export-format"),
                ]
            ),
            html.P([" · ".join(said), *kept], className="quiet"),
            *([html.P(export.said, className="export-said")] if export.said else []),
        ],
        className="export-what",
    )
    standing = html.Div([*_state(export), html.P(_numbers(export, zone), className="quiet")])
    return html.Li([words, standing, html.Div(_acts(export), className="export-acts no-print")])


def name_of(export: Export) -> str:
    """`Overview: By channel`: the table with its page; the facts belong to none."""
    return f"{PAGES[export.page]}: {export.title}" if export.page in PAGES else export.title


def _state(export: Export) -> list[Component]:
    if export.status in OPEN and export.kind == JOB:
        return _progress(export)
    if export.kind != JOB and export.status != FAILED:
        words = "broken off" if export.status == CANCELLED else "sent" if export.status == DONE else "sending"
        return [state(words, "good" if export.status == DONE else "none")]
    return [state(*STATES[export.status])]


def _progress(export: Export) -> list[Component]:
    if export.status == WAITING or not export.total:
        return [
            html.Progress(**aria(label=f"{name_of(export)}: starting")),
            html.P("starting", className="quiet"),
        ]
    share = min(99, 100 * export.rows // export.total)
    bar = html.Progress(value=str(share), max="100", **aria(label=f"{name_of(export)}: {share} % written"))
    return [bar, html.P(f"{share} % · {count(export.rows)} of {count(export.total)} rows", className="quiet")]


def _numbers(export: Export, zone: str) -> str:
    told = [moment(export.made_us, zone)]
    if export.status in (DONE, REMOVED, EXPIRED):
        told += [f"{count(export.rows)} row{'' if export.rows == 1 else 's'}", size_words(export.bytes)]
    if export.status == DONE and export.expires_us:
        told.append(f"kept until {moment(export.expires_us, zone).split(',')[0]}")
    return " · ".join(told)


def size_words(size: int) -> str:
    """`312 bytes`, `1.4 kB`, `15.5 MB`, `2.1 GB`."""
    if size < 1000:
        return f"{size} bytes"
    for unit, step in (("kB", 1e3), ("MB", 1e6)):
        if size < 1000 * step:
            return f"{size / step:.1f} {unit}"
    return f"{size / 1e9:,.1f} GB"


def _acts(export: Export) -> list[Children]:
    if export.kind != JOB:
        return []
    of = name_of(export)
    if export.status in OPEN:
        return [_button("Cancel", "cancel", export, of)]
    if export.status == DONE:
        address = f"/exports/jobs/{export.id}"
        return [
            _link("Download", f"{address}/file", of),
            _link("Sidecar", f"{address}/sidecar", of),
            _button("Delete", "remove", export, of),
        ]
    return [_button("Start again", "again", export, of)]


def _link(words: str, address: str, of: str) -> Component:
    label = aria(label=f"{words}: {of}")
    return html.A([icon("download"), words], href=address, className="btn btn-quiet", download="", **label)


def _button(words: str, do: str, export: Export, of: str) -> Component:
    found = marks(export_do=do, export_id=export.id)
    return html.Button(
        words, type="button", className="btn btn-quiet", **found, **aria(label=f"{words}: {of}")
    )
