"""Reports by the clock: made in the row scope of their schedule, issued, mailed until they arrive."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from alerts.message import NotTold
from alerts.ways import mail, registry
from config.permissions import PERMISSIONS, Permission, Role
from config.settings import Settings
from data.cubes import Cubes
from data.filters import split
from data.viewer import Scope, Viewer
from documents.model import Document
from exports.owner import owner_of
from pages.reports_offered import PATHS, VIEW
from reports.anew import made_of
from reports.asking import problems
from reports.issue import as_told, issue
from reports.mails import ATTACHED, body_of, mail_of, subject_of
from reports.views import visible
from state.reports import NotNow
from state.schedules import Every, Schedule, Sending, Sent
from state.store import Store

FIRST_WAIT, LONGEST_WAIT = 60, 3600
SECOND_US = 1_000_000
GIVEN_UP_US = 3 * 86_400 * SECOND_US
AT_ONCE = 20
MOST_ADDRESSES = 20
NO_MAIL = "no mail server is set: REACHBOARD_SMTP_HOST and REACHBOARD_ALERT_FROM"
GONE = "there is no such report any more"
MAY_NOT = "whoever scheduled it may not issue reports any more"
_ADDRESS = re.compile(r"[^\s,;:<>@\"]{1,64}@([A-Za-z0-9.-]{1,180})")
log = logging.getLogger("reachboard.reports")


class Refused(ValueError):
    """A schedule that cannot be kept; the message says why and what to do."""


class Gone(NotTold):
    """What is to be sent is not there any more: trying again would not help."""


@dataclass(frozen=True)
class Mail:
    """What a mail would say: its subject, how many it goes to, whether files are attached, its text."""

    subject: str
    to: int
    attached: bool
    text: str


def add(given: Mapping[str, Any], viewer: Viewer, cubes: Cubes, store: Store, settings: Settings) -> Schedule:
    """Keep a schedule that somebody asks for, looked at; `Refused` says what is wrong with it.

    `given`: page, query, every, day, hour, addresses, roles. The row scope is that of the viewer, narrowed to
    the programs and lines of business that the query names.
    """
    page = str(given.get("page"))
    query = {str(name): str(value) for name, value in dict(given.get("query") or {}).items()}
    asks = replace(viewer, scope=narrowed(viewer.scope, query))
    if wrong := problems(page, query, viewer, cubes) or problems(page, query, asks, cubes):
        raise Refused(" ".join(wrong))
    made = made_of(page, query, asks, cubes, store, settings)
    if made is None:
        raise Refused("There is no such report or table under these filters.")
    addresses, roles = recipients_of(given, settings)
    every, day, hour = _when(given)
    values = {
        "title": made.title, "page": page, "query": query, "every": every, "day": day, "hour": hour,
        "addresses": addresses, "roles": roles, "scope": owner_of(asks).scope, "by": viewer.name,
        "role": viewer.role,
    }  # fmt: skip
    try:
        return store.schedules.add(values, zone_of(cubes))
    except NotNow as refused:
        raise Refused(str(refused)) from None


def of_view(number: object, viewer: Viewer, store: Store) -> tuple[str, dict[str, str]]:
    """Page and query of a saved view as it is now, one's own or one that is shared; `Refused` where none is.

    The query is a copy: what somebody does to the view later changes nothing of what others are sent.
    """
    found = next((one for one in visible(viewer, store) if one.id == number), None)
    if found is None:
        raise Refused("There is no such view any more.")
    if found.path not in PATHS:
        raise Refused("Views of that page cannot be scheduled; they tell of no period.")
    return PATHS[found.path], {**dict(parse_qsl(found.query)), VIEW: found.name}


def narrowed(own: Scope, query: Mapping[str, str]) -> Scope:
    """A row scope inside one's own: the programs and lines that a query names, or all of it."""
    programs, lines = (frozenset(split(query.get(name, ""))) for name in ("program", "line_of_business"))
    return Scope(programs or own.programs, lines or own.lines)


def recipients_of(given: Mapping[str, Any], settings: Settings) -> tuple[list[str], list[str]]:
    """Addresses and roles, each once; `Refused` where one is none, or lies outside the plan's domains."""
    text = str(given.get("addresses") or "")
    addresses = list(dict.fromkeys(one for one in re.split(r"[\s,;]+", text) if one))
    roles = [role for role in dict.fromkeys(given.get("roles") or ()) if role in set(Role)]
    for one in addresses:
        found = _ADDRESS.fullmatch(one)
        if found is None:
            raise Refused("One of the addresses is no e-mail address; write name@domain, one beside another.")
        if found[1].lower() not in domains(settings):
            told = ", ".join(sorted(domains(settings))) or "none"
            raise Refused(f"Reports go to addresses of {told} alone; REACHBOARD_REPORT_DOMAINS says which.")
    if not addresses and not roles:
        raise Refused("Say to whom it goes: an address, or a role.")
    if len(addresses) > MOST_ADDRESSES:
        raise Refused(f"At most {MOST_ADDRESSES} addresses fit; ask for a list of your mail server.")
    return addresses, roles


def domains(settings: Settings) -> frozenset[str]:
    """The domains that reports may be mailed to."""
    own = settings.alert_from.rpartition("@")[2].lower()
    return frozenset(settings.report_domains) or frozenset({own} if own else ())


def reached(schedule: Schedule, settings: Settings) -> list[str]:
    """Whom a schedule reaches today: its addresses, and those that the settings give its roles."""
    of_roles = [address for role, address in settings.report_to if role in schedule.roles]
    return list(dict.fromkeys([*schedule.addresses, *of_roles]))


def viewer_of(schedule: Schedule) -> Viewer:
    """Who asks for it: its maker's role as it is now, in the row scope that it was made with."""
    known = {role.value: role for role in Role}
    permissions = PERMISSIONS[known[schedule.role]] if schedule.role in known else frozenset[Permission]()
    return Viewer(schedule.by, schedule.role, frozenset(permissions), Scope.of(schedule.scope))


def may_see(schedule: Schedule, viewer: Viewer) -> bool:
    """Whether somebody sees a schedule: it covers no more than they may see."""
    return viewer.scope.covers(Scope.of(schedule.scope))


def preview(schedule: Schedule, cubes: Cubes, store: Store, settings: Settings) -> Mail:
    """The mail as it would be now; nothing is issued and nothing is sent."""
    try:
        made = _made(schedule, cubes, store, settings)
    except Gone as gone:
        raise Refused(f"It would fail: {gone.words}.") from None
    text = body_of(made, last_told(schedule, store), settings)
    return Mail(subject_of(made), len(reached(schedule, settings)), settings.report_files == ATTACHED, text)


def last_told(schedule: Schedule, store: Store) -> Document | None:
    """What the schedule's last sending told."""
    for one in store.schedules.sendings([schedule.id]):
        if one.state == Sent.SENT and (report := store.reports.get(one.report)) is not None:
            return as_told(report, store)
    return None


def work(
    settings: Settings,
    store: Store,
    cubes: Cubes,
    now_us: int | None = None,
    ends: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, none more once the process `ends`; how many were sent. Never raises for a mail server
    that does not answer."""
    now = time.time_ns() // 1000 if now_us is None else now_us
    store.schedules.due(zone_of(cubes), now)
    sent = 0
    for _ in range(AT_ONCE):
        if ends():
            break
        claimed = store.schedules.claim(now)
        if claimed is None:
            break
        sent += _try(*claimed, settings, store, cubes, now)
    return sent


def _try(
    sending: Sending, schedule: Schedule, settings: Settings, store: Store, cubes: Cubes, now_us: int
) -> int:
    try:
        to = _send(sending, schedule, settings, store, cubes)
    except Gone as failure:  # its words may name what somebody typed
        log.warning("A scheduled report cannot be made any more.")
        _missed(sending, schedule, failure, store, now_us)
        return 0
    except NotTold as failure:
        log.warning("A scheduled report was not sent: %s.", failure.words)
        _missed(sending, schedule, failure, store, now_us)
        return 0
    except Exception as error:  # whatever it is, the other schedules go on
        log.error("A scheduled report could not be made: %s.", type(error).__name__)
        said = f"it could not be made ({type(error).__name__})"
        _missed(sending, schedule, NotTold(said), store, now_us)
        return 0
    store.schedules.sent(sending, schedule, to, now_us)
    return 1


def _send(sending: Sending, schedule: Schedule, settings: Settings, store: Store, cubes: Cubes) -> int:
    """Issue and mail it; for how many it was taken."""
    to = reached(schedule, settings)
    if not settings.smtp_host or not settings.alert_from:
        raise NotTold(NO_MAIL)
    if not to:
        raise NotTold("nobody is named for its roles: REACHBOARD_REPORT_TO")
    before = last_told(schedule, store)
    report = store.reports.get(sending.report) if sending.report else None
    if report is not None:
        told = as_told(report, store)
    else:
        made = _made(schedule, cubes, store, settings)
        told = issue(made, viewer_of(schedule), store, why="scheduled", today=cubes.today)
        store.schedules.issued(sending, told.id)
    message = mail_of(told, body_of(told, before, settings), to, sending.uid, settings)
    return len(to) - mail.hand_over(message, settings, registry.secret_of("mail", settings))


def _missed(sending: Sending, schedule: Schedule, failure: NotTold, store: Store, now_us: int) -> None:
    if now_us - sending.due_us >= GIVEN_UP_US or isinstance(failure, Gone):
        store.schedules.failed(sending, schedule, failure.words, now_us)
        return
    wait = failure.after or min(FIRST_WAIT * 2**sending.tries, LONGEST_WAIT)
    store.schedules.missed(sending, failure.words, now_us + int(wait * SECOND_US))


def _made(schedule: Schedule, cubes: Cubes, store: Store, settings: Settings) -> Document:
    """The report as of these cubes; `Gone` says in words why there is none any more."""
    viewer = viewer_of(schedule)
    if not viewer.may(Permission.ISSUE_REPORTS):
        raise Gone(MAY_NOT)
    if wrong := problems(schedule.page, schedule.query, viewer, cubes):
        raise Gone(" ".join(wrong).removesuffix("."))
    made = made_of(schedule.page, schedule.query, viewer, cubes, store, settings)
    if made is None:
        raise Gone(GONE)
    return made


def _when(given: Mapping[str, Any]) -> tuple[str, int, int]:
    every = str(given.get("every"))
    day, hour = (given.get(name) for name in ("day", "hour"))
    limits = {Every.DAILY: (0, 0), Every.WEEKLY: (0, 6), Every.MONTHLY: (1, 28)}
    if every not in limits or not isinstance(hour, int) or not 0 <= hour <= 23:
        raise Refused("Say how often it is sent, and at which hour.")
    first, last = limits[Every(every)]
    if every == Every.DAILY:
        return every, 0, hour
    if not isinstance(day, int) or not first <= day <= last:
        raise Refused("Say on which day it is sent.")
    return every, day, hour


def zone_of(cubes: Cubes) -> str:
    """The zone of the plan, in which schedules have their hours."""
    return cubes.snapshot.zone
