"""What the Ledger page is asked for by its address; its list and its file ask the very same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from data.cubes import Cubes
from ledger.entry import What
from ledger.index import Asked
from ledger.words import KINDS
from pages.data_pieces import zone_of

FIELDS = ("who", "what", "campaign", "from", "to", "q")
LONGEST = 80
SIZE = 20
MOST_PAGES = 2_000
EVERY = "all"


@dataclass(frozen=True)
class View:
    """What is asked for: the address's own words, the question they make, and what of them is not known."""

    given: Mapping[str, str]
    asked: Asked
    page: int
    problems: tuple[str, ...] = ()

    def address(self, page: int = 0) -> str:
        """The address of another page of the same list."""
        told = {**self.given, **({"page": str(page + 1)} if page else {})}
        return f"/ledger?{urlencode(told)}" if told else "/ledger"

    @property
    def query(self) -> str:
        return f"?{urlencode(self.given)}" if self.given else ""


def view_of(query: object, cubes: Cubes) -> View:
    """The view that a browser or an address asks for; what does not exist is left out, and told."""
    sent = query if isinstance(query, dict) else {}
    given = {
        name: sent[name].strip()[:LONGEST]
        for name in FIELDS
        if isinstance(sent.get(name), str) and sent[name].strip()
    }
    problems: list[str] = []
    zone = ZoneInfo(zone_of(cubes))
    first, last = (_day(given, name, problems) for name in ("from", "to"))
    what = given.get("what", "")
    if what not in set(What):
        if what not in ("", EVERY):
            problems.append("There is no such kind of entry; all are shown.")
        what = ""
        given.pop("what", None)
    campaign = _campaign(given.get("campaign", ""), cubes, problems)
    asked = Asked(
        given.get("who", ""), what, campaign, given.get("q", ""),
        None if first is None else _micros(first, zone),
        None if last is None else _micros(last + timedelta(days=1), zone),
    )  # fmt: skip
    return View(given, asked, _page(sent.get("page")), tuple(problems))


def _day(given: Mapping[str, str], name: str, problems: list[str]) -> date | None:
    if name not in given:
        return None
    try:
        day = date.fromisoformat(given[name])
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year < date.max.year:
        problems.append("A day is written like 2026-11-30; one was left out.")
        return None
    return day


def _micros(day: date, zone: ZoneInfo) -> int:
    """The day's midnight in the plan's zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000


def _campaign(text: str, cubes: Cubes, problems: list[str]) -> str:
    """The campaign of an id, or of a part of a name that only one has; of one that is gone, the id."""
    if not text or text in cubes.campaigns:
        return text
    found = [one.id for one in cubes.campaigns.values() if text.lower() in one.name.lower()]
    if len(found) == 1:
        return found[0]
    if found:
        problems.append(f"{len(found)} campaigns are named like that; type more of the name, or the id.")
    return text


def _page(given: object) -> int:
    text = str(given)
    return min(int(text), MOST_PAGES) - 1 if text.isdecimal() and text.isascii() and int(text) else 0


def words_of(view: View, cubes: Cubes) -> str:
    """What is asked for in words, without what somebody typed freely: it may be anything."""
    asked = view.asked
    parts = [KINDS[What(asked.what)].lower()] if asked.what else []
    if asked.campaign in cubes.campaigns:
        parts.append(f"campaign {cubes.campaigns[asked.campaign].name}")
    parts += ["of a person"] if asked.who else []
    parts += ["with certain words"] if asked.text else []
    parts += [f"from {view.given['from']}"] if asked.first is not None else []
    parts += [f"to {view.given['to']}"] if asked.last is not None else []
    return ", ".join(parts) or "all entries"


def canonical(view: View, cubes: Cubes) -> str:
    """The same for the ledger: nothing that somebody typed freely."""
    asked, given = view.asked, view.given
    told = {"what": asked.what, "campaign": asked.campaign if asked.campaign in cubes.campaigns else ""}
    told |= {"from": given.get("from", "") if asked.first is not None else ""}
    told |= {"to": given.get("to", "") if asked.last is not None else ""}
    return urlencode({name: one for name, one in told.items() if one})
