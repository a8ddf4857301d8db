"""What moved since a report was issued: then, now, and the difference by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.development.base_component import Component

from config.permissions import Permission
from data.answer import Released, Status
from data.cubes import Cubes
from data.metrics import DEFINED, Metric
from data.viewer import Viewer
from documents.compared import SEPARATOR, labels_of, values_of
from documents.model import Document, Value, decoded
from documents.moves import LABELS, MEANINGS, Cause, Moved, moved
from pages.data_pieces import heads, zone_of
from pages.data_questions import iso
from pages.reports_questions import ADDRESS
from pages.reports_scope import may_open
from pages.table import Listing, ListTable
from state.reports import Move, Report
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.document import released_of
from ui.icon import icon
from ui.numbers import MINUS, count, money, three, written
from ui.panels import panel
from ui.tables import cell, download, table

TITLE = "What moved since"
SHOWN = 25
CANNOT = "The question of this report cannot be asked again; its figures stay as they were told."
SAME = "Every figure is today as it was told."
UNTOLD = "told only then, or only now"


COLUMNS = (
    "report", "block", "row", "column", "figure", "metric", "unit", "then", "now", "difference", "cause",
    "change", "after_snapshot", "published", "happened", "reason", "measured_through",
)  # fmt: skip


def panel_of(
    report: Report, told: Document, moves: Sequence[Move], newest: int, viewer: Viewer, cubes: Cubes
) -> list[Component]:
    """The panel of a report; `moves` are its steps up to the snapshot `newest`."""
    then = values_of(told)
    found = _found(then, moves)
    caption = f"From snapshot {report.snapshot} to {newest}: now less then, by cause."
    steps = _steps(moves, cubes)
    if not found:
        title = f"{TITLE}: nothing"
        return panel(title, caption, [html.P([icon("check-circle"), SAME], className="calm"), *steps])
    title = f"{TITLE}: {count(len(found))} of {count(len(then))} figures"
    ranked = sorted(found, key=_size, reverse=True)[:SHOWN]
    left = len(found) - len(ranked)
    foot = [html.Span(f"and {count(left)} more that moved less")] if left else []
    address = f"{ADDRESS}/moved.csv?report={report.id}"
    files = download(address, viewer.may(Permission.EXPORT))
    return panel(title, caption, [_table(ranked, then, told), *steps], foot, files)


def _found(then: Mapping[str, Value], moves: Sequence[Move]) -> list[Moved]:
    return moved({k: v.value for k, v in then.items()}, [(Cause(m.cause), m.changes) for m in moves])


def _listing(viewer: Viewer, _cubes: Cubes, store: Store, report: str = "") -> Listing:
    """A row per figure that moved and step that moved it, as far as the page of the report has measured;
    the changes of a figure add up to its difference."""
    known = store.reports.get(report[:60])
    content = store.reports.content(known.id) if known and may_open(known, viewer) else None
    if known is None or content is None:
        raise LookupError(report)
    told, moves = decoded(content), store.reports.moves(known.id)
    then, labels = values_of(told), labels_of(told)
    through = moves[-1].snapshot if moves else known.snapshot
    rows = [
        (known.id, *one.key.split(SEPARATOR), labels[one.key], *_figure(one, then[one.key]), *step, through)
        for one in _found(then, moves)
        for step in _steps_of(one, moves)
    ]
    return Listing(COLUMNS, rows, f"what moved since report {known.id}, from snapshot {known.snapshot} on")


def _figure(one: Moved, was: Value) -> tuple[object, ...]:
    metric = DEFINED.get(was.metric)
    difference = None if one.untold else one.difference
    return was.metric, metric.unit if metric else "", one.then, one.now, difference


def _steps_of(one: Moved, moves: Sequence[Move]) -> list[tuple[object, ...]]:
    """Each step of a figure: cause, change, where it ended and what happened; what has no difference, why."""
    if one.untold:
        when = "then" if one.now is None else "now"
        return [("", None, None, "", "", f"told only {when}")]
    return [
        (part.cause.value, part.change, moves[part.of[-1]].snapshot, iso(moves[part.of[-1]].at_us),
         "; ".join(moves[place].detail for place in part.of), "")
        for part in one.steps
    ]  # fmt: skip


TABLES = (ListTable("moved", TITLE, _listing, ("report",), stored=True),)


def cannot() -> list[Component]:
    """What is said of a report whose question cannot be asked again."""
    return panel(TITLE, CANNOT, "")


def _size(one: Moved) -> float:
    """By how much of itself a figure moved; what is not told on one side comes last."""
    if one.untold:
        return -1.0
    return abs(one.difference) / abs(one.then) if one.then else float("inf")


def _table(found: Sequence[Moved], then: dict[str, Value], told: Document) -> Component:
    labels = labels_of(told)
    causes = [cause for cause in Cause if any(one.parts.get(cause) for one in found)]
    right = ("Then", "Now", "Difference")
    rows = [_row(one, then[one.key], labels[one.key], causes) for one in found]
    names = [*heads("Figure", *right, right=right), *(_head(cause) for cause in causes)]
    return table(names, rows, f"{TITLE}: differences by cause", "moved")


def _head(cause: Cause) -> Component:
    return html.Th(LABELS[cause], scope="col", className="number", title=MEANINGS[cause])


def _row(one: Moved, was: Value, label: str, causes: Sequence[Cause]) -> list[Children]:
    metric = DEFINED.get(was.metric)
    if metric is None:
        return [label, *([""] * (3 + len(causes)))]
    now = Released(one.now, Status.RELEASED if one.now is not None else Status.WITHHELD, reason="")
    parts = [_number(_difference(one.parts.get(cause, 0.0), metric)) for cause in causes]
    difference = UNTOLD if one.untold else _difference(one.difference, metric)
    return [label, _then(was, metric), cell(now, metric), _number(difference), *parts]


def _then(was: Value, metric: Metric) -> Component:
    """The figure as it was told; its text may be shorter than the number."""
    return cell(released_of(was), metric)


def _number(words: str) -> Component:
    return html.Td(words, className="number")


def _difference(value: float, metric: Metric) -> str:
    """`+1,204`, `−0.31 points`; nothing where there is none."""
    if not value:
        return ""
    sign = MINUS if value < 0 else "+"
    if metric.shape in ("rate", "union_rate"):
        return f"{sign}{three(abs(100 * value))} points"
    if metric.shape == "money":
        return f"{sign}{money(abs(value))}"
    if metric.shape == "per_1000":
        return f"{sign}{three(abs(value))}"
    return f"{sign}{written(Released(abs(value), Status.RELEASED), metric)}"


def _steps(moves: Sequence[Move], cubes: Cubes) -> list[Component]:
    """Each step with what happened in it and how many figures it moved."""
    if not moves:
        return []
    items = []
    for move in moves:
        cause = Cause(move.cause)
        many = len(move.changes)
        words = f"{count(many)} figure{'' if many == 1 else 's'} moved" if many else "no figure moved"
        told = html.Span([html.Strong(LABELS[cause]), f": {move.detail}; {words}."])
        items.append(
            html.Li([told, html.Small(f"snapshot {move.snapshot}, {moment(move.at_us, zone_of(cubes))}")])
        )
    title = "Step by step"
    return [
        html.Details([html.Summary(title), html.Ol(items, className="alert-history")], className="checked")
    ]
