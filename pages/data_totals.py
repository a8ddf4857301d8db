"""Reconciliation: what was brought of platforms' own totals, and the bridge from theirs to ours."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from config.vocabulary import CHANNEL_LABELS
from data.cubes import Cubes
from data.metrics import Metric
from data.periods import day_date
from data.viewer import Viewer
from insight.bridge import Bridge, Step, Verdict
from pages import data_questions as questions
from pages.data_lines import Line, counted, lines, span_words
from pages.data_pieces import acts_head, file_link, heads, page_of, state, turns, zone_of
from pages.data_questions import View
from pages.table import Listing, ListTable
from state.store import Store
from state.totals import Brought
from ui import forms, html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.hints import about
from ui.numbers import count, money
from ui.panels import panel
from ui.tables import table

SIZE, BROUGHT_SHOWN = 8, 6
KINDS = {
    Verdict.AGREES: "good",
    Verdict.EXPLAINED: "good",
    Verdict.POSSIBLE: "late",
    Verdict.UNEXPLAINED: "bad",
    Verdict.WITHHELD: "none",
    Verdict.NOT_AVAILABLE: "none",
}
CAPTION = (
    "From theirs to ours: theirs less the known reasons less what stays unexplained is ours. "
    "What members did is told to the next ten, and never where fewer than the threshold lie between."
)
EMPTY = "Nobody has brought a platform's totals yet. With them, each figure here is held against theirs."
NUMBERS = ("Theirs", "Ours", "Unexplained")


def chosen(given: object, store: Store) -> Brought | None:
    """The totals that are chosen; the newest where none are, None where there are none."""
    kept = [one for one in store.totals.all() if one.removed_us is None]
    number = given.get("id") if isinstance(given, dict) else None
    return next((one for one in kept if one.id == number), kept[0] if kept else None)


def panel_of(view: View, given: object, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The panel: the bridge of the chosen totals, and all that were brought."""
    brought = chosen(given, store)
    history = _history(brought, viewer, cubes, store)
    if brought is None:
        return panel("Hold ours against a platform's own totals", CAPTION, [no_data(EMPTY), *history])
    found = lines(brought, viewer, cubes)
    shown, page = page_of(found, view.page("bridge"), SIZE)
    tools = file_link("bridge", viewer, totals=str(brought.id))
    body = table(
        heads(
            "Campaign", "Figure", "Theirs", "Known reasons", "Unexplained", "Ours", "Status", right=NUMBERS
        ),
        [_row(one, cubes) for one in shown],
        "Bridge from theirs to ours",
        "words bridge",
    )
    foot = turns("bridge", len(found), page, SIZE)
    return panel(title(brought, found), CAPTION, [body, *foot, *history], tools=tools)


def title(brought: Brought, found: list[Line]) -> str:
    """What came of it: `Mailer: 41 of 48 figures agree, 3 explained, 2 unexplained`."""
    told = counted(found)
    agree = told.pop(Verdict.AGREES, 0)
    rest = [f"{count(n)} {verdict.value}" for verdict, n in told.items()]
    return ", ".join([f"{brought.name}: {count(agree)} of {count(len(found))} figures agree", *rest])


def _row(one: Line, cubes: Cubes) -> list[Children]:
    found, metric = one.bridge, one.metric
    channel = CHANNEL_LABELS.get(one.channel, one.channel) if one.channel else "all channels"
    return [
        [cubes.campaigns[one.campaign].name, html.Small(f"{channel}, {span_words(one.span)}")],
        html.Td(metric.label, **about(metric)),
        _number(found.theirs, found, metric),
        html.Td(_reasons(found, metric), className="reasons-of"),
        _number(found.rest, found, metric),
        _number(found.ours, None, metric),
        [
            state(found.verdict.value, KINDS[found.verdict]),
            *([html.Small(found.reason)] if found.reason else []),
        ],
    ]


def _number(value: float | None, found: Bridge | None, metric: Metric) -> Component:
    if value is None:
        return html.Td("not shown", className="number is-withheld")
    about_ten = found is not None and found.rounded
    words = money(value) if metric.shape == "money" else count(value)
    css = "number" if value else "number is-zero"
    return html.Td(f"≈ {words}" if about_ten else words, className=css)


def _reasons(found: Bridge, metric: Metric) -> Children:
    steps = [html.Li([html.Strong(_signed(one, metric)), " ", one.words]) for one in found.steps]
    may = [html.Li([_most(one.most), " ", one.words], className="may") for one in found.may]
    return html.Ul([*steps, *may]) if steps or may else "–"


def _signed(step: Step, metric: Metric) -> str:
    plain = money(abs(step.amount)) if metric.shape == "money" else count(abs(step.amount))
    return f"{'+' if step.amount > 0 else '−'}{plain}"


def _most(most: float | None) -> str:
    return "An unknown number:" if most is None else f"Up to {count(most)}:"


def _history(brought: Brought | None, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    every = store.totals.all()
    if not every:
        return []
    zone = zone_of(cubes)
    may = viewer.may(Permission.RECONCILE)
    rows = [_told(one, brought, zone, may) for one in every[:BROUGHT_SHOWN]]
    head = html.Div([html.H3("What was brought"), *file_link("totals", viewer)], className="sub-head")
    names = [*heads("Platform", "Brought", "Rows", "Figures", right=("Rows", "Figures")), acts_head()]
    return [head, table(names, rows, "Totals that were brought", "words totals")]


def _told(one: Brought, brought: Brought | None, zone: str, may: bool) -> list[Children]:
    gone = one.removed_us is not None
    names = {name for row in one.rows for name in row["values"]}
    when: Children = [moment(one.at_us, zone), html.Small(f"by {one.by}")]
    if gone:
        when = [*when, html.Small(f"taken away {moment(one.removed_us, zone)} by {one.removed_by}")]
    is_shown = brought is not None and one.id == brought.id
    acts = [] if gone else [state("shown above", "good") if is_shown else _button("show", one, "Show")]
    if may:
        acts.append(_button("restore", one, "Bring back") if gone else _button("remove", one, "Take away"))
    return [
        one.name,
        when,
        html.Td(count(len(one.rows)), className="number"),
        html.Td(count(len(names)), className="number"),
        html.Div(acts, className="totals-acts no-print"),
    ]


def _button(do: str, one: Brought, words: str) -> Component:
    return html.Button(
        words,
        type="button",
        className="btn btn-quiet btn-small",
        **marks(totals_do=do, totals_id=str(one.id)),
        **aria(label=f"{words}: totals of {one.name}, brought {one.id}"),
    )


def act(ask: object, viewer: Viewer, store: Store) -> tuple[list[Component], dict[str, object] | None]:
    """Take totals away, or bring them back: what is said of it, and which are shown then."""
    given = ask if isinstance(ask, dict) else {}
    number, do = given.get("id"), given.get("do")
    if not isinstance(number, int) or isinstance(number, bool) or do not in ("remove", "restore"):
        return [], None
    try:
        if do == "remove":
            store.totals.remove(number, viewer.name)
        else:
            store.totals.restore(number)
    except LookupError as gone:
        return forms.refused(str(gone)), {"id": 0, "at": given.get("at")}
    words = "Taken away; the list below brings them back." if do == "remove" else "Brought back."
    return forms.said(words), {"id": number, "at": given.get("at")}


def _bridge(viewer: Viewer, cubes: Cubes, store: Store, totals: str = "") -> Listing:
    questions.whole(viewer, cubes)
    brought = store.totals.one(int(totals)) if totals.isdecimal() and len(totals) < 10 else None
    if brought is None:
        raise LookupError("There are no such totals.")
    columns = (
        "platform",
        "campaign",
        "campaign_name",
        "channel",
        "first_day",
        "last_day",
        "metric",
        "theirs",
        "known_reasons",
        "unexplained",
        "ours",
        "to_the_next_ten",
        "status",
        "reasons",
        "may_explain",
        "note",
    )
    rows = [_plain(one, brought, cubes) for one in lines(brought, viewer, cubes)]
    return Listing(columns, rows)


def _plain(one: Line, brought: Brought, cubes: Cubes) -> tuple[object, ...]:
    found = one.bridge
    first, last = ("" if day is None else day_date(day).isoformat() for day in one.span)
    steps = "; ".join(f"{step.amount:+g} {step.words}" for step in found.steps)
    may = "; ".join(f"{_most(bound.most)} {bound.words}" for bound in found.may)
    told = sum(step.amount for step in found.steps)
    return (
        brought.name,
        one.campaign,
        cubes.campaigns[one.campaign].name,
        one.channel,
        first,
        last,
        one.metric.name,
        _cell(found.theirs),
        _cell(told if found.ours is not None else None),
        _cell(found.rest),
        _cell(found.ours),
        found.rounded,
        found.verdict.value,
        steps,
        may,
        found.reason,
    )


def _cell(value: float | None) -> object:
    if value is None:
        return ""
    return int(value) if float(value).is_integer() else value


def _totals(viewer: Viewer, cubes: Cubes, store: Store) -> Listing:
    questions.whole(viewer, cubes)
    columns = ("id", "platform", "brought", "by", "rows", "taken_away", "taken_away_by")
    rows = [
        (
            one.id,
            one.name,
            questions.iso(one.at_us),
            one.by,
            len(one.rows),
            questions.iso(one.removed_us),
            one.removed_by or "",
        )
        for one in store.totals.all()
    ]
    return Listing(columns, rows)


TABLES = (
    ListTable("bridge", "Bridge from a platform's totals to ours", _bridge, ("totals",), stored=True),
    ListTable("totals", "Totals that were brought", _totals, stored=True),
)
