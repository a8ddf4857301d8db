"""A sending platform's own totals as a CSV: columns guessed, rows read, and what is wrong with each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from config.vocabulary import CHANNEL_LABELS, channel_of, folded
from data.cubes import Cubes
from data.filters import EARLIEST, LATEST, Filters
from data.metrics import METRICS
from data.periods import day_number, month_of, month_span
from data.viewer import Viewer

MOST_CHARACTERS = 400_000
MOST_ROWS = 2_000
MOST_COLUMNS = 40
MOST_SPANS = 100  # each span of days is a question of its own
PLACES: dict[str, str] = {
    "campaign": "Campaign",
    "channel": "Channel",
    "day": "Day",
    "month": "Month",
    "leave": "Leave out",
}
LEAVE = "leave"
FIGURES: tuple[str, ...] = tuple(
    name
    for name, metric in METRICS.items()
    if metric.additive and not metric.without_channel and metric.unit in ("msg", "mbr", "money")
)
# Folded headings of platforms' reports, and what they mean here.
WORDS: dict[str, tuple[str, ...]] = {
    "campaign": ("campaign", "campaignid", "campaignname", "name", "canvas", "journey", "flow", "mailing"),
    "channel": ("channel", "medium", "type", "messagetype", "channeltype"),
    "day": ("day", "date", "senddate", "sentdate"),
    "month": ("month", "period", "yearmonth"),
    "sent": ("sent", "sends", "totalsent", "emailssent", "messagessent", "send", "targeted", "processed",
             "attempted", "recipients", "totalsends"),
    "delivered": ("delivered", "deliveries", "totaldelivered", "delivery", "successfuldeliveries", "accepted",
                  "impressions", "received"),
    "bounced": ("bounced", "bounces", "totalbounces", "bounce"),
    "bounced_hard": ("hardbounces", "hardbounce", "hardbounced"),
    "bounced_soft": ("softbounces", "softbounce", "softbounced"),
    "bounced_block": ("blocks", "blocked", "blockbounces"),
    "failed": ("failed", "failures", "undelivered", "rejected", "errors"),
    "suppressed": ("suppressed", "dropped", "drops", "skipped", "excluded"),
    "opened": ("opened", "opens", "totalopens", "allopens"),
    "opened_human": ("humanopens", "otheropens", "realopens", "opensexcludingmachine"),
    "clicked": ("clicked", "clicks", "totalclicks", "allclicks"),
    "replied": ("replied", "replies", "responses", "inbound"),
    "opt_outs": ("optouts", "optout", "unsubscribes", "unsubscribed", "unsubs", "stops"),
    "complaints": ("complaints", "spamreports", "spamcomplaints", "markedasspam", "abuse", "spam"),
    "printed": ("printed", "posted", "mailed", "lettersposted"),
    "returned": ("returned", "returns", "undeliverable"),
    "answered": ("answered", "callsanswered", "connects", "connected"),
    "voicemail": ("voicemail", "voicemails"),
    "no_answer": ("noanswer", "noanswers", "unanswered"),
    "members_sent": ("uniquesends", "uniquerecipients", "people", "uniquesent"),
    "members_delivered": ("uniquedeliveries", "uniquedelivered"),
    "members_opened": ("uniqueopens", "uniqueopen", "openers", "uniqueopeners"),
    "members_opened_human": ("uniquehumanopens",),
    "members_clicked": ("uniqueclicks", "uniqueclick", "clickers", "uniqueclickers"),
    "members_opted_out": ("uniqueunsubscribes", "uniqueoptouts"),
    "cost": ("cost", "spend", "price", "amount", "charges"),
}  # fmt: skip
_MEANS = {folded(name): name for name in FIGURES} | {
    word: name for name, words in WORDS.items() for word in words
}
_MONTHS = ("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%B %Y", "%Y%m")
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d")


class TotalsRefused(ValueError):
    """A file that is none of totals; its words say what is wrong and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A file as its header and rows of texts; `first` is the number of the line of its first row."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What became of the rows: those that can be compared, and a sentence for each that cannot."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def sheet(text: str) -> Sheet:
    """The header and rows of a CSV (comma, semicolon or tab), and what each column seems to mean."""
    if len(text) > MOST_CHARACTERS:
        raise TotalsRefused(
            f"The file is longer than {MOST_CHARACTERS:,} characters. "
            "Export totals by campaign, not rows by person."
        )
    plain = text.lstrip("\ufeff").strip("\r\n")
    if not plain.strip():
        raise TotalsRefused(
            "There is nothing in it yet. Choose a file, or paste its rows with their heading."
        )
    first = plain.splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    try:
        read = list(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise TotalsRefused("It is no CSV: a quote is opened and not closed.") from None
    header = tuple(one.strip() for one in read[0])
    if len(header) > MOST_COLUMNS:
        raise TotalsRefused(f"It has {len(header):,} columns; at most {MOST_COLUMNS} fit. Leave some out.")
    rows = tuple(
        (number, tuple(cell.strip() for cell in row))
        for number, row in enumerate(read[1:], 1)
        if any(cell.strip() for cell in row)
    )
    if not rows:
        raise TotalsRefused("It has a heading and no row. Paste the heading and the rows below it.")
    if len(rows) > MOST_ROWS:
        raise TotalsRefused(f"It has {len(rows):,} rows; at most {MOST_ROWS:,} fit. Export it by month.")
    return Sheet(header, rows, _guessed(header))


def _guessed(header: Sequence[str]) -> tuple[str, ...]:
    """What each column seems to mean; a meaning is given once, to the first column that has it."""
    found: list[str] = []
    for heading in header:
        meaning = _MEANS.get(folded(heading), LEAVE)
        found.append(meaning if meaning not in found else LEAVE)
    return tuple(found)


def read(
    given: Sheet, meanings: Sequence[str], span: tuple[date, date] | None, viewer: Viewer, cubes: Cubes
) -> Reading:
    """The rows by what their columns mean; `TotalsRefused` where the columns tell nothing to compare.

    `span` are the days of rows that name none: first and last; None for everything there is.
    """
    if len(meanings) != len(given.header):
        raise TotalsRefused("The columns are not those of the file any more. Look at the file again.")
    doubled = {one for one in meanings if one != LEAVE and list(meanings).count(one) > 1}
    if doubled:
        names = ", ".join(sorted(label(one) for one in doubled))
        raise TotalsRefused(f"Two columns mean the same: {names}. Leave one of them out.")
    if "campaign" not in meanings:
        raise TotalsRefused("No column names the campaign. Choose which one does.")
    if not set(meanings) & set(FIGURES):
        raise TotalsRefused("No column is a figure. Choose what one of them counts.")
    return _Reader(given, tuple(meanings), span, viewer, cubes).all()


def label(meaning: str) -> str:
    """What a column means, in words."""
    return PLACES[meaning] if meaning in PLACES else METRICS[meaning].label


class _Reader:
    def __init__(
        self,
        given: Sheet,
        meanings: tuple[str, ...],
        span: tuple[date, date] | None,
        viewer: Viewer,
        cubes: Cubes,
    ) -> None:
        self.given, self.meanings, self.span = given, meanings, span
        self.names = _names(viewer, cubes)
        self.labels = [cubes.campaigns[one].name for one in Filters().campaigns(cubes, viewer)]

    def all(self) -> Reading:
        found = Reading()
        seen: dict[tuple[object, ...], int] = {}
        for number, cells in self.given.rows:
            try:
                row = self.row(cells)
                key = tuple(row[name] for name in ("campaign", "channel", "first_day", "last_day"))
                if key in seen:
                    raise ValueError(f"the same campaign, channel and days as row {seen[key]}")
            except ValueError as wrong:
                found.problems.append(f"Row {number}: {wrong}.")
                continue
            seen[key] = number
            found.rows.append(row)
        spans = {(row["first_day"], row["last_day"]) for row in found.rows}
        if len(spans) > MOST_SPANS:
            raise TotalsRefused(
                f"It names {len(spans):,} different periods; at most {MOST_SPANS} fit. Export it by month."
            )
        return found

    def row(self, cells: tuple[str, ...]) -> dict[str, Any]:
        if len(cells) != len(self.meanings):
            raise ValueError(f"{len(cells)} fields where the heading has {len(self.meanings)}")
        told = dict(zip(self.meanings, cells, strict=True))
        first, last = self.days(told)
        values = {
            name: number(told[name], label(name)) for name in self.meanings if name in FIGURES and told[name]
        }
        if not values:
            raise ValueError("no figure in it")
        return {
            "campaign": self.campaign(told["campaign"]),
            "channel": self.channel(told.get("channel", "")),
            "first_day": first,
            "last_day": last,
            "values": values,
        }

    def campaign(self, text: str) -> str:
        if not text:
            raise ValueError("no campaign")
        found = self.names.get(folded(text))
        if found is None:
            raise ValueError(f"no campaign is called that{self.near(text)}")
        if found == "":
            raise ValueError("several campaigns are called that; write the campaign's id")
        return found

    def near(self, text: str) -> str:
        found = get_close_matches(text, self.labels, 1)
        return f'; did you mean "{found[0]}"?' if found else ""

    @staticmethod
    def channel(text: str) -> str:
        if not text or folded(text) in ("all", "total"):
            return ""
        found = channel_of(text)
        if found not in CHANNEL_LABELS:
            raise ValueError("a channel that nobody knows; leave the column out, or name one such as email")
        return found

    def days(self, told: Mapping[str, str]) -> tuple[int | None, int | None]:
        if told.get("day"):
            day = day_number(_date(told["day"], _DAYS, "a day such as 2026-11-30"))
            return day, day
        if told.get("month"):
            try:
                return month_span(month_of(day_number(_date(told["month"], _MONTHS, ""))))
            except ValueError:
                day = day_number(_date(told["month"], _DAYS, "a month such as 2026-11"))
                return month_span(month_of(day))
        return (None, None) if self.span is None else (day_number(self.span[0]), day_number(self.span[1]))


def _names(viewer: Viewer, cubes: Cubes) -> dict[str, str]:
    """Folded ids and names of the campaigns of a viewer, and the id; empty where several share a name."""
    kept = Filters().campaigns(cubes, viewer)
    found: dict[str, str] = {}
    for one in kept:
        name = folded(cubes.campaigns[one].name)
        found[name] = one if found.get(name, one) == one else ""
    return found | {folded(one): one for one in kept}


def _date(text: str, formats: Sequence[str], expected: str) -> date:
    for one in formats:
        try:
            found = datetime.strptime(text, one).date()
        except ValueError:
            continue
        if EARLIEST <= found <= LATEST:
            return found
    raise ValueError(f"it names no {expected or 'date'}")


def number(text: str, name: str) -> float:
    """A count or an amount of money; `ValueError` for a rate, a negative number or words."""
    plain = re.sub(r"[\s$€£]", "", text)
    if plain.endswith("%"):
        raise ValueError(f"{name}: a percentage; bring the counts behind it")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", plain) and plain.count(".") + plain.count(",") > 1:
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(\.\d{1,6})?", plain, re.ASCII):
        raise ValueError(f"{name}: no number of 0 or more")
    found = float(plain)
    if not found.is_integer() and name != METRICS["cost"].label:
        raise ValueError(f"{name}: a fraction of a message")
    return found
