"""A viewer of one line of business or program: nothing of the others in any byte, by any question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import sessions, shelf, trail
from app.demo import DemoUser
from app.factory import create_app
from app.matrix import Kind, Line, lines
from config.permissions import PERMISSIONS, Permission, Role
from config.settings import Settings
from data.cubes import Campaign, Cubes
from data.filters import Filters, choices
from data.measure import measure
from data.reach import Reach
from data.viewer import EVERYTHING, Scope, Viewer
from state.store import Store
from tests.asking import call, fire, guard_of, request_of, show, signed_in
from tests.places import LINE, QUERIES

Answers = list[tuple[str, dict[str, str], bytes]]
# How near a word is to those in scope depends on the word alone.
HINT = re.compile(r" (Did you mean '[^']*'\?|Known are [^.]*\.)")
# When a file was made and taken, in which session, under which ID: what clock and chance say is nobody's.
MOMENT = re.compile(
    rb'"made": "[^"]*"|\b\d\d:\d\d\b|\\?"session\\?": ?\\?"[^"]*"|\bRB-\w{5}-\w{5}\b', re.IGNORECASE
)
OF_A_REQUEST = {"date", trail.HEADER.lower(), sessions.LEFT.lower(), "ratelimit", "x-ratelimit-remaining"}
OF_A_REQUEST.add("x-ratelimit-reset")
EXPLORED = dict(parse_qsl(QUERIES["/explore"]))
NOTE, AIM = "a canary sang beside this day", "a canary is the purpose"


class Limited(DemoUser):
    """A demo user of any role and scope, who may do everything of their role and export."""

    def __init__(self, name: str, role: Role, scope: Scope) -> None:
        super().__init__(role)
        self.id, self.scope = name, scope

    @property
    def viewer(self) -> Viewer:
        held = PERMISSIONS[self.role] | {Permission.EXPORT}
        return Viewer("Limited", self.role.value, frozenset(p.value for p in held), self.scope)


@dataclass
class Stage:
    """A server, who asks there, and what of its lake that viewer may not know."""

    server: Flask
    user: Limited
    cubes: Cubes
    store: Store

    @property
    def client(self) -> FlaskClient:
        return signed_in(self.server, self.user.id)

    @property
    def inside(self) -> list[str]:
        programs, lines = self.user.scope.programs, self.user.scope.lines
        return [
            one.id
            for one in self.cubes.campaigns.values()
            if one.program in (programs or {one.program})
            and one.line_of_business in (lines or {one.line_of_business})
        ]

    @property
    def outside(self) -> list[str]:
        return [name for name in self.cubes.campaigns if name not in self.inside]


SCOPES = {
    "line": Limited("line", Role.MANAGER, Scope(lines=frozenset({LINE}))),
    "program": Limited("program", Role.ADMINISTRATOR, Scope(programs=frozenset({"Flu shot"}))),
}


def served(sample: Settings, user: Limited, state: str) -> Flask:
    made = create_app(sample.model_copy(update={"state_url": SecretStr(state)}))
    made.config["REACHBOARD_DEMO_USERS"] = {user.id: user}
    shelf.keeper(made).renew()
    return made


@pytest.fixture(scope="module", params=list(SCOPES))
def stage(request: Any, sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    user, state = SCOPES[request.param], f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db"
    server = served(sample, user, state)
    made = Stage(server, user, shelf.keeper(server).current(), server.extensions["reachboard.store"])
    assert made.inside
    assert len(made.outside) > 5
    for name in made.outside:
        made.store.add_note(name, made.cubes.today - 20, f"{NOTE} of {name}", "somebody")
        made.store.add_edit(name, {"purpose": [None, f"{AIM} of {name}"]}, "somebody")
    return made


def queries(stage: Stage) -> Iterator[dict[str, str]]:
    """What an address may ask: as usual, of a campaign in scope, and of what is out of it."""
    mine, other = stage.inside[0], stage.outside[0]
    record = stage.cubes.campaigns[other]
    yield {}
    yield {"period": "all_time", "campaign": mine}
    yield {"period": "all_time", "campaign": other}
    yield {"period": "all_time", "campaign": f"{mine},{other}"}
    yield {"period": "all_time", "program": record.program}
    yield {"period": "all_time", "line_of_business": record.line_of_business}
    yield {"period": "all_time", "campaign": other[:-1], "program": record.program[:-1], "sort": "name"}
    yield {
        "attr.region": "North",
        "wave": "wave 9",
        "variant": "C",
        "arm": "contro",
        "outcome": record.outcome or "",
    }


def words(query: dict[str, str]) -> str:
    return urlencode(query)


def crawl(stage: Stage, asked: Sequence[dict[str, str]] = ()) -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Every answer that the viewer can get, each with its name and what was asked."""
    client, guard = stage.client, guard_of(stage.server)
    may = {
        line.name for line in lines(stage.server) if line.kind is Kind.PAGE and line.allows(stage.user.role)
    }
    for address in ("/_dash-layout", "/_dash-dependencies", "/definitions.json", "/sign-in"):
        yield address, {}, client.get(address).get_data()
    for query in asked or queries(stage):
        for path in sorted(may):
            yield path, query, show(stage.server, client, path, f"?{words(query)}").get_data()
            html = client.get(f"{path}?{words(query)}").get_data()
            yield f"document {path}", query, html
        for output in offered(stage):
            values = {f"{end['id']}.{end['property']}": None for end in guard.wires[output]["inputs"]}
            answer = fire(stage.server, client, output, values | sent(query))
            assert answer.status_code in (200, 204), output
            yield output, query, MOMENT.sub(b"", answer.get_data())
        for line in files(stage.server):
            answer = client.get(f"{line.name}?{words(query)}")
            headers = "".join(
                f"{name}: {value}\n" for name, value in answer.headers if name.lower() not in OF_A_REQUEST
            )
            yield line.name, query, MOMENT.sub(b"", headers.encode() + answer.get_data())


def files(server: Flask) -> list[Line]:
    """Every table as CSV, with its sidecar; the other formats hold the same (tests/exports/test_files.py)."""
    return [
        line for line in lines(server) if line.kind is Kind.FILE and line.name.endswith((".csv", ".csv.json"))
    ]


def sent(query: dict[str, str]) -> dict[str, object]:
    """The values that panels get with a query: the campaign of the address in the page's own store too."""
    return {
        "filters-query.data": {**EXPLORED, **query},  # what no other page knows is passed over
        "frame-snapshot.data": 1,
        "campaign-id.data": query.get("campaign", ""),
        "campaign-history-opener.n_clicks": 1,
        "campaign-find.value": query.get("campaign", ""),
    }


def offered(stage: Stage) -> list[str]:
    """The callbacks that the server answers this viewer; the frame's own are asked page by page."""
    guard, viewer = guard_of(stage.server), stage.user.viewer
    return [
        name
        for name, wire in guard.wires.items()
        if wire["clientside_function"] is None and guard.may_call(name, viewer) and "frame-page" not in name
    ]


@pytest.fixture(scope="module")
def answers(stage: Stage) -> Answers:
    return list(crawl(stage))


def canaries(stage: Stage) -> set[str]:
    """Ids, names, texts, notes and edits of what is out of scope, unless something in scope says the same."""
    known, viewer = stage.cubes.campaigns, stage.user.viewer
    ours = " ".join(told for name in stage.inside for told in said(known[name], 1))
    ours += " ".join(one for name in stage.cubes.attributes for one in choices(name, stage.cubes, viewer))
    found = {NOTE, AIM} | {told for name in stage.outside for told in said(known[name], 12)}
    for name in ("wave", "variant", "arm", "outcome"):
        theirs = set(choices(name, stage.cubes, EVERYTHING)) - set(choices(name, stage.cubes, viewer))
        found |= {value for value in theirs if len(value) > 6}
    return {text for text in found if text not in ours and not text.startswith("(")}


def said(campaign: Campaign, letters: int) -> list[str]:
    """What a campaign's record says: its names, and every other text of at least so many letters."""
    texts = re.findall(rf'"([^"\\]{{{letters},}})"', campaign.record)
    return [campaign.id, campaign.name, campaign.program, campaign.line_of_business, *texts]


def test_nothing_out_of_scope_is_in_any_byte(stage: Stage, answers: Answers) -> None:
    sought = canaries(stage)
    assert len(sought) > 20
    assert len(answers) > 100
    for name, query, answer in answers:
        text, asked = answer.decode(), " ".join(query.values())
        plain = text + text.encode().decode("unicode_escape", "ignore")
        assert {word for word in sought if word in plain and word not in asked} == set(), (name, query)


class Reduced(Cubes):
    """Cubes of a lake in which only some campaigns ever were; its day is that of the whole lake."""

    def __init__(self, whole: Cubes, kept: list[str]) -> None:
        super().__init__(whole.lake, whole.snapshot)
        mine = pl.col("campaign").is_in(kept)
        self._released = {view: frame.filter(mine) for view, frame in self._released.items()}
        self._withheld = {view: frame.filter(mine) for view, frame in self._withheld.items()}
        self.coverage = self.coverage.filter(mine)
        self.campaigns = {name: campaign for name, campaign in self.campaigns.items() if name in kept}
        self.__dict__["today"] = whole.today
        self.__dict__["reach"] = Reach(
            self._table("told_reach", whole.snapshot.versions["told_reach"]).filter(mine)
        )


def test_every_answer_is_that_of_a_lake_without_the_others(
    stage: Stage,
    answers: Answers,
    sample: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No count, order, axis, note or choice moves by what is out of scope."""
    server = served(sample, stage.user, f"sqlite:///{tmp_path_factory.mktemp('alone')}/state.db")
    alone = Reduced(stage.cubes, stage.inside)
    monkeypatch.setattr(shelf.keeper(server).shelf, "current", lambda: alone)
    theirs = {(name, words(query)): answer for name, query, answer in crawl(replace(stage, server=server))}
    differ = [
        (name, query)
        for name, query, answer in answers
        if not name.startswith("document") and theirs[name, words(query)] != answer
    ]
    assert differ == []


def test_a_note_counts_undated_campaigns_in_scope_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    undated = [stage.inside[0], *stage.outside[:3]]
    monkeypatch.setitem(stage.cubes.__dict__, "undated", undated)
    answer = measure(["sent"], [], Filters(), stage.user.viewer, stage.cubes)
    assert "1 campaign without dates: only in All time." in answer.notes


def test_what_somebody_else_asked_before_changes_nothing(
    stage: Stage, answers: Answers, sample: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Answers are kept for all who may see the same, and for nobody else."""
    server = served(sample, stage.user, f"sqlite:///{tmp_path_factory.mktemp('shared')}/state.db")
    everybody = Limited("everybody", stage.user.role, Scope())
    server.config["REACHBOARD_DEMO_USERS"][everybody.id] = everybody
    asked, told = list(queries(stage)), []
    for user in (everybody, stage.user):
        found = crawl(replace(stage, server=server, user=user), asked)
        told.append({(name, words(query)): said for name, query, said in found})
    seen, again = told
    before = {(name, words(query)): said for name, query, said in answers if not name.startswith("document")}
    assert [key for key, said in before.items() if again[key] != said] == []
    assert sum(seen[key] != said for key, said in before.items()) > 20, "everybody sees more"


def test_what_is_out_of_scope_answers_like_what_does_not_exist(stage: Stage, answers: Answers) -> None:
    """The same bytes but for the word that was asked for, so that no guess can be confirmed."""
    real = stage.outside[0]
    never = real[:-1] + ("q" if real[-1] != "q" else "z")
    assert never not in stage.cubes.campaigns
    client = stage.client
    for query in ({"campaign": real}, {"campaign": f"{stage.inside[0]},{real}"}):
        other = {"campaign": query["campaign"].replace(real, never)}
        for line in (
            *files(stage.server),
            *(one for one in lines(stage.server) if one.kind is not Kind.FILE),
        ):
            if line.kind is Kind.FILE:
                pair = [client.get(f"{line.name}?{words(one)}") for one in (query, other)]
            elif line.kind is Kind.PAGE and line.allows(stage.user.role):
                pair = [show(stage.server, client, line.name, f"?{words(one)}") for one in (query, other)]
            elif line.name in offered(stage):
                pair = [fire(stage.server, client, line.name, sent(one)) for one in (query, other)]
            else:
                continue
            assert pair[0].status_code == pair[1].status_code, line.name
            told, untold = (HINT.sub("", MOMENT.sub(b"", answer.get_data()).decode()) for answer in pair)
            assert told.replace(real, never) == untold, line.name


def test_no_forged_campaign_note_or_edit_is_written_to(stage: Stage) -> None:
    """Every callback, called for a campaign out of scope and with the ids of its notes and edits."""
    before = (stage.store.edits(), notes(stage))
    client, real, guard = stage.client, stage.outside[0], guard_of(stage.server)
    theirs = [edit.id for edit in stage.store.edits(real)] + [note.id for note in notes(stage)][:2]
    forged: list[dict[str, Any]] = [
        {"do": "add", "day": "2026-10-01", "text": "forged"},
        {"do": "save", "group": "aims", "values": {"purpose": "forged"}, "base": 0},
    ]
    ids = [{"do": do, "id": one, "edit": one} for do in ("undo", "remove", "restore") for one in theirs]
    asks = [(real, ask) for ask in (*forged, *ids)] + [(stage.inside[0], ask) for ask in ids]
    for output in offered(stage):
        wire = guard.wires[output]
        writes = Permission.EDIT_CAMPAIGNS in guard.needed[output]
        ends = [f"{end['id']}.{end['property']}" for kind in ("inputs", "state") for end in wire[kind]]
        for name, ask in asks if writes else asks[:1]:
            values = {end: name if end == "campaign-id.data" else ask for end in ends}
            assert call(client, request_of(wire, values)).status_code in (200, 204)
    assert (stage.store.edits(), notes(stage)) == before


def test_a_campaign_in_scope_is_written_to_by_the_same_calls(stage: Stage) -> None:
    """The attack above would succeed if nothing held it."""
    mine = stage.inside[0]
    for output in offered(stage):
        wire = guard_of(stage.server).wires[output]
        asked = [f"{end['id']}.{end['property']}" for end in wire["inputs"]]
        ask = {"do": "add", "day": "2026-10-01", "text": "mine"}
        values = dict.fromkeys(asked, ask) | {"campaign-id.data": mine}
        if Permission.EDIT_CAMPAIGNS in guard_of(stage.server).needed[output]:
            call(stage.client, request_of(wire, values))
    assert [note.text for note in notes(stage) if note.campaign == mine] == ["mine"]


def notes(stage: Stage) -> list[Any]:
    return stage.store.notes(list(stage.cubes.campaigns), 0, 40_000)
