"""The monthly report as a document: what page, PDF, Word file and fragment all say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.viewer import Viewer
from documents.model import Block, Document, Figure, Figures, Notes, Sentence, Sentences
from pages import evidence
from pages import monthly_blocks as blocks
from pages import monthly_questions as questions
from pages.maturity import of_outcomes
from pages.monthly_lines import BY_MONTHS, lines
from pages.monthly_month import is_over, named, of_month, year_before
from pages.monthly_year import change, late
from pages.monthly_year import words as seam_words
from pages.questions import outcomes_through
from ui.clocks import day, moment
from ui.document import value_of
from ui.numbers import count
from ui.numbers import written as number

KIND = PAGE = "monthly"
TITLE = "Monthly report"
OVERVIEW = "Real-time Campaign Performance Overview"
SECTION = "overview"
WEAK = "Opens are weak evidence: machines open mail, too. They are a range, of e-mail alone, never ranked by."
RELEASE = (
    "Withheld: too few members to tell without revealing someone, or not complete yet. Withheld is not zero, "
    "and neither is what no source reports (not available)."
)
SO_FAR = "Outcomes of this month are still to come; what is shown is so far, observed and not caused."
WHOLE = "Experiments are judged for whole campaigns: arms are not told apart by region or segment."


_ONE = threading.Lock()


@dataclass(frozen=True)
class Told:
    """What the report is asked: month, filters of its days, who asks of which snapshot."""

    month: int
    filters: Filters
    viewer: Viewer
    cubes: Cubes

    def of(self) -> tuple[int, Filters, Viewer, Cubes]:
        return self.month, self.filters, self.viewer, self.cubes


def document(
    month: int, filters: Filters, viewer: Viewer, cubes: Cubes, *, section: str = "", plan: str = ""
) -> Document:
    """The report of a month (202610) under some filters, whatever their period; not yet issued.

    `section` `overview` is the Real-time Campaign Performance Overview alone. Every figure is what
    `data.measure` answers, or follows from such answers.
    """
    with _ONE:  # a page asks for it several times at once: the first makes it, the others find it
        made = _document(month, of_month(month, filters), section, viewer, cubes)
    return msgspec.structs.replace(made, plan=plan) if plan else made


@kept
def _document(month: int, filters: Filters, section: str, viewer: Viewer, cubes: Cubes) -> Document:
    told = Told(month, filters, viewer, cubes)
    alone = section == SECTION
    snapshot = cubes.snapshot
    more = {"section": SECTION} if alone else {}
    through = outcomes_through(filters, viewer, cubes)
    return Document(
        kind=KIND,
        title=OVERVIEW if alone else TITLE,
        plan="",
        period=named(month) + ("" if is_over(month, cubes) else ", so far"),
        words=filters.sentence(cubes),
        page=PAGE,
        query={**blocks.query(month, filters), **more},
        snapshot=snapshot.number,
        definitions=DEFINITIONS_VERSION,
        outreach_through=moment(snapshot.clocks.get("outreach_through_us"), snapshot.zone),
        outcomes_through=day(through),
        blocks=tuple(_overview(told, alone) if alone else _whole(told)),
    )


def _whole(told: Told) -> Iterator[Block]:
    yield from _overview(told, False)
    yield Sentences("Year over year", tuple(_year_words(told)))
    yield blocks.year(*told.of())
    yield Sentences("Experiments and return", tuple(_experiment_words(told)))
    yield blocks.experiments(told.filters, told.viewer, told.cubes)
    yield Notes(tuple(_notes(told, whole=True)))


def _overview(told: Told, alone: bool) -> Iterator[Block]:
    """The section: findings, key figures, lines over the month, bars, responses."""
    yield Sentences("In short" if alone else OVERVIEW, tuple(_findings(told)))
    yield figures(told)
    yield from lines(*told.of())
    yield blocks.by_campaign(*told.of())
    yield blocks.by_attribute("region", *told.of())
    yield blocks.by_attribute("segment", *told.of())
    yield blocks.responses(told.filters, told.viewer, told.cubes)
    if alone:
        yield Notes(tuple(_notes(told, whole=False)))


def figures(told: Told) -> Figures:
    """The key figures, each against the same month of the year before."""
    now, before = (row.values for row in questions.year(*told.of()[1:]).rows)
    made = [_figure(name, now[name], before[name], told) for name in questions.key_metrics(told.filters)]
    opened = Figure("open_rate", "Opened, e-mail", blocks.open_range(now), note="by humans – by anything")
    return Figures((*made[:4], opened, *made[4:]))


def _figure(name: str, now: Released, before: Released, told: Told) -> Figure:
    found = change(name, now, before, *told.of())
    compared = found.tone != "none"
    note = ""
    if of_outcomes(name) and late(*told.of()) and now.shown:
        note = "So far; observed, not caused."
    elif now.status is Status.PARTIAL and now.shown:
        note = "In part."
    return Figure(
        name,
        METRICS[name].label,
        value_of(now, METRICS[name]),
        blocks.change_words(found) if now.shown else "",
        blocks.tone(found),
        f"than in {named(year_before(told.month))}" if compared and found.word else "",
        note,
        value_of(before, METRICS[name]),
    )


def _findings(told: Told) -> Iterator[Sentence]:
    """What happened, in sentences that follow from figures."""
    values = questions.figures(*told.of()[1:]).rows[0].values
    sent, rate, answered = (values[name] for name in ("sent", "delivered_rate", "response_rate"))
    if not sent.value:
        yield Sentence(f"Nothing is told to have been sent in {named(told.month)}.", of=("sent",))
        return
    arrived = f", {number(rate, METRICS['delivered_rate'])} of them delivered" if rate.shown else ""
    words = f"{number(sent, METRICS['sent'])} messages were sent in {named(told.month)}{arrived}."
    yield Sentence(words, "Sent.", ("sent", "delivered_rate"))
    rows = blocks.by_campaign(*told.of()).rows
    if len(rows) > 1 and rows[0].values[0].value is not None:
        first = rows[0]
        yield Sentence(
            f"{first.label} sent most: {first.values[0].text}, of them delivered {first.values[1].text}.",
            "Campaigns.",
            ("sent", "delivered_rate"),
        )
    if answered.shown:
        share = number(answered, METRICS["response_rate"])
        yield Sentence(
            f"{share} of the members delivered to responded, where a source reports responses.",
            "Responses.",
            ("response_rate",),
        )


def _year_words(told: Told) -> Iterator[Sentence]:
    rows = blocks.year(*told.of()).rows
    compared = [row.key for row in rows if blocks.is_change(row.values[2].text)]
    before = named(year_before(told.month))
    if not compared:
        yield Sentence(f"Nothing of this month is compared with {before}.")
    elif len(compared) < len(rows):
        words = f"{count(len(compared))} of {count(len(rows))} figures are compared with {before}; "
        yield Sentence(f"{words}the others say why they are not.", of=tuple(compared))
    if words := seam_words(*told.of()):
        yield Sentence(words, "Spliced.")


def _experiment_words(told: Told) -> Iterator[Sentence]:
    answer = questions.experiments(told.filters, told.viewer, told.cubes)
    words = [row.values["verdict"].reason or "not available" for row in answer.rows]
    if not words:
        yield Sentence("No campaign sent anything in this month.")
        return
    known = [word for word in dict.fromkeys((*evidence.ORDER, *words)) if word in words]
    listed = ", ".join(f"{count(words.count(word))} {word}" for word in known)
    yield Sentence(f"Of {count(len(words))} campaigns of the month: {listed}.", of=("verdict",))


def _notes(told: Told, *, whole: bool) -> Iterator[str]:
    yield RELEASE
    yield WEAK
    if late(*told.of()):
        yield SO_FAR
    if told.filters.attributes:
        yield BY_MONTHS
        if whole:
            yield WHOLE
    if not whole and (words := seam_words(*told.of())):
        yield words
    yield from questions.campaigns(*told.of()[1:]).notes
