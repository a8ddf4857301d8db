"""The lines of the monthly report: a small chart per count over the month, the year before dashed."""

from __future__ import annotations

from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.periods import day_date, month_span
from data.viewer import Viewer
from documents.model import Lines, Series, Value
from pages import monthly_questions as questions
from pages.answers import ask
from pages.monthly_month import of_month, year_before
from pages.monthly_year import late, seam
from pages.questions import data_begin, whole_through
from ui.document import value_of

GAP = Released(None, Status.RELEASED)
ZERO = Released(0, Status.RELEASED, 0)
LABELS = {
    "members_clicked": "Clicked",
    "opened_human": "Opened, human",
    "opened": "Opened, all",
    "members_responded": "Responded, any",
    "members_responded_positive": "Responded yes",
}
BY_MONTHS = "Figures by member attribute are told by whole months, so that there are no lines over the days."


def lines(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[Lines, ...]:
    """Messages, opens and responses over the month; only those of which anything is told."""
    if filters.attributes:
        return ()
    made = (
        _messages(month, filters, viewer, cubes),
        _opened(month, filters, viewer, cubes),
        _responded(month, filters, viewer, cubes),
    )
    return tuple(one for one in made if one is not None)


def _messages(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Lines | None:
    answer = questions.days(filters, viewer, cubes)
    days = _days(month, cubes)
    now = [
        _series(name, LABELS.get(name, ""), answer, days, filters, viewer, cubes) for name in answer.metrics
    ]
    found = seam(year_before(month), filters, viewer, cubes)
    before = _year_before(month, filters, viewer, cubes)
    beside = f"; dashed: {year_before(month) // 100}" if before else ""
    return _block(
        "days",
        "Messages by day",
        tuple(day_date(day).isoformat() for day in days),
        (*now, *before),
        f"Messages by the day of sending{beside}.",
        seam=found.of(month) if found else "",
        partial=tuple(day_date(day).isoformat() for day in days if day > whole_through(cubes)),
    )


def _year_before(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[Series, ...]:
    """The same days of the year before; nothing where there are no data of that month."""
    before = year_before(month)
    kept = of_month(before, filters)
    begin = data_begin(filters, viewer, cubes)
    if begin is None or month_span(before)[1] < begin:
        return ()
    answer = questions.days(kept, viewer, cubes)
    first = month_span(before)[0]
    last = month_span(before)[1] - first
    days = [first + place if place <= last else -1 for place in range(len(_days(month, cubes)))]
    of = f" {before // 100}"
    return tuple(
        _series(
            name, LABELS.get(name, METRICS[name].label) + of, answer, days, kept, viewer, cubes, dashed=True
        )
        for name in answer.metrics
    )


def _opened(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Lines | None:
    kept = questions.of_mail(filters)
    answer = questions.opened(filters, viewer, cubes)
    return _over(
        "opened", "Opened e-mails", answer, month, kept, viewer, cubes,
        "A range: opened by humans, and by anybody or anything, mail proxies included. E-mail alone.",
        band=True,
    )  # fmt: skip


def _responded(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Lines | None:
    answer = questions.responded(filters, viewer, cubes)
    so_far = "; outcomes so far: more will come" if late(month, filters, viewer, cubes) else ""
    return _over(
        "responded", "Responses and outcomes", answer, month, filters, viewer, cubes,
        f"Members, once per campaign and channel, by the day of their first message{so_far}.",
    )  # fmt: skip


def _over(
    name: str,
    title: str,
    answer: Answer,
    month: int,
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
    caption: str,
    *,
    band: bool = False,
) -> Lines | None:
    """Lines by day or week, as the answer is."""
    by = answer.by[0]
    starts = _days(month, cubes) if by == "day" else _weeks(month, cubes)
    first, last = month_span(month)
    x = [day_date(one).isoformat() if by == "day" else week_words(one, first, last) for one in starts]
    made = [
        _series(one, LABELS.get(one, ""), answer, starts, filters, viewer, cubes) for one in answer.metrics
    ]
    through = whole_through(cubes)
    size = 0 if by == "day" else 6
    partial = [words for words, one in zip(x, starts, strict=True) if min(one + size, last) > through]
    when = "" if by == "day" else " By week, since too little may be told by day."
    return _block(name, title, tuple(x), tuple(made), caption + when, partial=tuple(partial), band=band)


def _block(
    name: str,
    title: str,
    x: tuple[str, ...],
    series: tuple[Series, ...],
    caption: str,
    seam: str = "",
    partial: tuple[str, ...] = (),
    *,
    band: bool = False,
) -> Lines | None:
    """The chart, without the lines of which nothing is told; None where none is left."""
    kept = tuple(one for one in series if any(value.value is not None for value in one.values))
    if not any(not one.dashed for one in kept):
        return None
    there = seam if any(one.dashed for one in kept) else ""
    return Lines(name, title, x, kept, caption=caption, seam=there, partial=partial, band=band)


def _series(
    name: str,
    label: str,
    answer: Answer,
    starts: list[int],
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
    *,
    dashed: bool = False,
) -> Series:
    """A line: what is told of each bucket, 0 where nothing happened, a gap where nothing is known."""
    told = {int(str(row.key[0])): row.values[name] for row in answer.rows}
    whole = ask((name,), (), filters, viewer, cubes).one(name)
    begin = data_begin(filters, viewer, cubes)
    known = whole.status is not Status.NOT_AVAILABLE and begin is not None

    def at(start: int) -> Value:
        inside = known and begin is not None and begin <= start <= whole_through(cubes)
        return value_of(told.get(start, ZERO if inside else GAP), METRICS[name])

    return Series(label or METRICS[name].label, tuple(at(one) for one in starts), dashed)


def _days(month: int, cubes: Cubes) -> list[int]:
    """The days of a month that the data reach."""
    first, last = month_span(month)
    return list(range(first, max(first, min(last, cubes.today)) + 1))


def _weeks(month: int, cubes: Cubes) -> list[int]:
    """The Mondays of the weeks that a month touches, as far as the data reach."""
    first, last = month_span(month)
    return list(range(first - (first + 3) % 7, max(first, min(last, cubes.today)) + 1, 7))


def week_words(start: int, first: int, last: int) -> str:
    """`1–4 Oct`: the days of a week that lie in the month."""
    begin, end = day_date(max(start, first)), day_date(min(start + 6, last))
    return f"{begin.day}–{end.day} {end:%b}" if begin != end else f"{end.day} {end:%b}"
