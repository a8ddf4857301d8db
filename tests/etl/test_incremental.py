"""Whatever the order and the batches in which rows come, a run ends where a rebuild does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.snapshot import Lake
from etl.refresh import refresh
from tests import reference, stated
from tests.feeds import Piece, load, settings_of
from tests.lakes import cells_of, differences, loaded, state
from tests.worlds import World, deal, world

QUIET = settings(
    max_examples=2, derandomize=True, deadline=None, database=None, print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@given(
    seed=st.integers(0, 10_000), members=st.sampled_from((5, 25)), campaigns=st.integers(1, 3),
    days=st.sampled_from((5, 40, 75)), pieces=st.integers(2, 3), run_after=st.integers(5, 12),
)  # fmt: skip
@QUIET
def test_incremental_runs_equal_a_rebuild_and_a_fresh_lake(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int, members: int, campaigns: int, days: int, pieces: int, run_after: int,
) -> None:  # fmt: skip
    """Late, doubled and shuffled rows; a run after every few files; all computed tables compared."""
    plan = world(seed, members, campaigns, days=days, busy=1.3)
    ours = settings_of(tmp_path_factory.mktemp("runs"))
    _in_batches(ours.var, deal(plan, seed, pieces), run_after)
    grown, told = state(ours), loaded(ours)
    refresh(ours, rebuild=True)
    assert not differences(grown, state(ours)), "a rebuild of the same lake differs"
    assert not differences(told, loaded(ours)), "a rebuild finds another lineage"
    theirs = settings_of(tmp_path_factory.mktemp("at_once"))
    load(theirs, deal(plan, seed + 1, 2))
    refresh(theirs)
    assert not differences(grown, state(theirs)), "a fresh lake in another order differs"


def _in_batches(var: Path, dealt: list[Piece], run_after: int) -> None:
    settings = settings_of(var)
    while dealt:
        load(settings, dealt[:run_after])
        refresh(settings)
        dealt = dealt[run_after:]


def test_cells_equal_a_plain_recount(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(5, 90, 3), 5, 2))
    refresh(settings)
    lake = Lake(settings.lake)
    assert cells_of(lake) == reference.cells(reference.counts(stated.said(lake)))


def _one(source: str, number: int, *rows: dict[str, object]) -> Piece:
    plan = World([], [])
    for row in rows:
        plan.add(source, **row)
    return Piece(source, number, tuple(tuple(row.items()) for row in plan.rows[source]))


MAIL = {"campaign": "c", "wave": "w", "variant": "", "machine": "", "detail": ""}
PERSON = {"member": "M1", "as_of": "2026-01-01", "region": "north", "segment": "", "phone": ""}


def _mail(number: int, event: str, to: str = "a@example.org", **more: object) -> dict[str, object]:
    at = f"2026-02-0{1 + number}T12:00:00Z"
    return {
        **MAIL,
        "id": f"e{number}-{event}",
        "event": event,
        "at": at,
        "msg": f"m{number}",
        "to": to,
        **more,
    }


def _letter(number: int, state: str) -> Piece:
    row = {"letter": "L", "state": state, "member": "M1", "campaign": "c", "variant": "v" * (1 - number)}
    return _one("letters", number, row)


def _record(number: int, costs: str = "", outcome: str = "") -> Piece:
    told = {"id": "c", "name": "", "program": "", "line": "", "outcome": outcome, "lag": "", "costs": costs}
    return _one("records", number, {**told, "window": 30})


def _text(number: int, status: str, updated: int) -> Piece:
    place = {"sid": "S", "phone": "+1 555 0000001", "campaign": "c", "wave": "", "medium": "SMS"}
    when = {"sent": "2026-02-01T12:00:00Z", "done": "2026-02-01T12:01:00Z"}
    return _one("texts", number, {**place, **when, "status": status, "price": "-0.01", "updated": updated})


def _claim(number: int, day: str) -> Piece:
    row = {"claim": str(number), "member": "M1", "outcome": "visit", "value": "5", "service": day}
    return _one("claims", number, row)


KNOWN = _one("members", 0, {**PERSON, "email": "A@example.org"})
REPLY = {"sid": "S", "what": "reply", "at": 1770000000000, "class": "positive"}
HISTORY = {"campaign": "c", "wave": "", "day": "2026-01-05", "sent": 50, "delivered": 40, "cost": 1}
STORIES = {
    "a late crosswalk links a recipient": [
        _one("mailer", 0, _mail(1, "sent"), _mail(1, "delivered")),
        KNOWN,
    ],
    "an address turns out to be shared": [
        KNOWN,
        _one("mailer", 0, _mail(1, "sent"), _mail(1, "opened")),
        _one("members", 1, {**PERSON, "member": "M2", "email": "a@example.org"}),
    ],
    "a source reports something new, for one campaign only": [
        KNOWN,
        _one("mailer", 0, _mail(1, "sent"), _mail(2, "sent", campaign="d")),
        _one("mailer", 1, _mail(2, "complaint", campaign="d")),
    ],
    "a price is withdrawn": [_letter(0, "printed"), _record(0, costs="mail=0.5"), _record(1)],
    "a reply comes before its text, and an older state after": [
        _one("replies", 0, REPLY),
        _text(0, "delivered", 2),
        _text(1, "undelivered", 1),
    ],
    "a letter comes back": [_letter(0, "printed"), _letter(1, "returned")],
    "an outcome comes before its member's messages, another after": [
        _claim(0, "2026-02-05"),
        _record(0, outcome="visit"),
        _one("mailer", 0, _mail(1, "sent"), _mail(1, "delivered")),
        KNOWN,
        _claim(1, "2026-02-03"),
    ],
    "an outcome comes last": [
        KNOWN,
        _record(0, outcome="visit"),
        _one("mailer", 0, _mail(1, "sent"), _mail(1, "delivered")),
        _claim(0, "2026-02-05"),
    ],
    "the record comes last, with a price and an outcome": [
        _claim(0, "2026-02-05"),
        _letter(0, "printed"),
        KNOWN,
        _one("mailer", 0, _mail(1, "sent"), _mail(1, "delivered")),
        _record(0, costs="mail=0.5; email=0.01", outcome="visit"),
    ],
    "attributes as at the send are stated late": [
        KNOWN,
        _one("mailer", 0, _mail(1, "sent")),
        _one("members", 1, {**PERSON, "as_of": "2026-01-20", "region": "south", "email": ""}),
        _one("members", 2, {**PERSON, "as_of": "2026-02-20", "region": "east", "email": ""}),
    ],
    "an answer comes late, an earlier delivery and an earlier answer later still": [
        KNOWN,
        _one("mailer", 0, _mail(2, "sent"), _mail(2, "delivered", at="2026-02-03T13:00:00Z")),
        _one("mailer", 1, _mail(2, "clicked", at="2026-02-05T09:00:00Z")),
        _one("mailer", 2, _mail(1, "delivered", at="2026-02-02T05:00:00Z")),
        _one("mailer", 3, _mail(1, "clicked", at="2026-02-02T05:30:00Z")),
    ],
    "the detailed days reach back before history": [
        _one("history", 0, {**HISTORY, "opened": "", "people": "", "people_delivered": ""}),
        _one("mailer", 0, _mail(1, "sent")),
        _one("mailer", 1, _mail(2, "sent", at="2026-01-03T12:00:00Z")),
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_each_kind_of_lateness_ends_where_a_rebuild_does(tmp_path: Path, story: str) -> None:
    settings = settings_of(tmp_path)
    for piece in STORIES[story]:
        load(settings, [piece])
        refresh(settings)
    grown = state(settings)
    refresh(settings, rebuild=True)
    assert not differences(grown, state(settings))


def test_a_run_without_news_publishes_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    pieces = deal(world(3, 10, 1), 3, 1)
    load(settings, pieces)
    assert refresh(settings).changed
    again = load(settings, pieces)
    assert all(landed.before and not landed.loaded for landed in again)
    assert not refresh(settings).changed
    assert Lake(settings.lake).latest().number == 1


def test_the_order_of_rows_inside_a_file_does_not_matter(tmp_path: Path) -> None:
    rng, states = random.Random(1), []
    plan = world(4, 20, 2)
    for name in ("one", "other"):
        settings = settings_of(tmp_path / name)
        load(settings, deal(plan, rng.randrange(100), 1, again=0.5))
        refresh(settings)
        states.append(state(settings))
    assert not differences(*states)
