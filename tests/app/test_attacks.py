"""What a crawler of every surface can learn: nothing that is not a sum of released groups, and no canary."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

import pages.answers
from api.v1 import figures
from app import shelf
from app.factory import create_app
from config.permissions import Role
from config.settings import Settings
from data.cubes import Cubes
from data.measure import measure
from data.release import OPERATIONAL
from data.snapshot import Lake
from etl import publish
from etl.refresh import refresh
from insight.anomalies import series, watch
from reports import monthly_export
from tests.attacks import lp, plain
from tests.attacks.canary import CAMPAIGN, SUNG, THRESHOLD, canary
from tests.attacks.crawl import Door, Query, not_sums, responses, roles, small_values
from tests.attacks.holdings import blocks_of
from tests.feeds import load, settings_of
from tests.worlds import deal

PROFILES = ("default", "strict")
TIMED = re.compile(r"data|history|document|_dash-layout|health|admin-settings|admin-sessions")
"""What says when files were loaded or somebody signed in, or where the lake lies: no two lakes share it."""


def crawled(
    settings: Settings, role: Role, queries: list[Query], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[tuple[str, bytes]], Door, Cubes]:
    door = Door(measure)
    monkeypatch.setattr(pages.answers, "measure", door)
    monkeypatch.setattr(figures, "measure", door)
    server = create_app(settings.model_copy(update={"state_url": SecretStr("sqlite://")}))
    shelf.keeper(server).renew()
    monkeypatch.setattr(series, "measure", door)
    monkeypatch.setattr(monthly_export, "measure", door)
    assert watch.look(settings, server.extensions["reachboard.store"], shelf.keeper(server).current())
    found = list(responses(server, role, queries))
    return found, door, shelf.keeper(server).current()


def asked(campaign: str) -> list[Query]:
    return [
        {"period": "all_time", "campaign": campaign},
        {"period": "all_time", "attr.region": "north"},
    ]


@pytest.fixture(scope="module", params=PROFILES)
def birds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_of(tmp_path_factory.mktemp("birds"), threshold=THRESHOLD, profile=request.param)
    load(settings, deal(canary(), 1, 1, again=0))
    published(settings)
    return settings


def published(settings: Settings) -> None:
    """Publish at the same instant, whenever that is: pages say it to the minute."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publish.time, "time_ns", lambda: 1_795_000_000_000_000_000)
        refresh(settings)


@pytest.mark.parametrize("role", roles(), ids=str)
def test_no_canary_sings_in_any_byte(birds: Settings, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    found, door, cubes = crawled(birds, role, asked(CAMPAIGN), monkeypatch)
    assert any(b"4,511" in answer or b"4511" in answer for _, answer in found), "the total may be told"
    asked_by_api = [answer for name, answer in found if name.startswith("/api/")]
    if role is Role.ANALYST:
        assert sum(b'"values"' in answer for answer in asked_by_api) > 10, "the API was asked, too"
    free = OPERATIONAL if birds.profile == "default" else frozenset[str]()
    assert list(small_values(door.told, THRESHOLD, free)) == []
    assert list(not_sums(door.told, cubes)) == []
    # A number of its own: the document's one-time tokens are letters and digits by chance.
    either = "|".join(f"{one}|{one:,}" for one in SUNG)
    songs = re.compile(rf"(?<![\w.+/-])(?:{either})(?![\w+/=-])")
    for name, answer in found:
        assert songs.findall(answer.decode()) == [], name


def test_no_response_depends_on_what_is_inside_a_withheld_group(
    birds: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Order, axis, size and words are the same bytes where two lakes differ in what is not told alone."""
    other = settings_of(tmp_path, threshold=THRESHOLD, profile=birds.profile)
    load(other, deal(canary(moved=40), 1, 1, again=0))
    published(other)
    lakes = [Lake(settings.lake) for settings in (birds, other)]
    cells = [lake.frame("cells", lake.latest().versions["cells"]) for lake in lakes]
    assert not cells[0].equals(cells[1])
    first = lakes[0].latest()
    told = []
    for settings in (birds, other):
        with monkeypatch.context() as patched:
            patched.setattr(
                Lake, "latest", lambda lake, real=Lake.latest: replace(
                    real(lake), published_us=first.published_us, clocks=first.clocks
                )
            )  # fmt: skip
            found, _, _ = crawled(settings, roles()[0], asked(CAMPAIGN), monkeypatch)
            told.append(dict(found))
    differ = [name for name, answer in told[0].items() if answer != told[1][name] and not TIMED.search(name)]
    assert differ == []


def test_every_value_of_a_crawl_is_a_sum_of_released_groups(
    sample: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The equations of all answers are then those of the released groups, which the programmes get."""
    _, door, cubes = crawled(sample, roles()[0], [{"period": "all_time"}], monkeypatch)
    assert len(door.told) > 20
    assert list(not_sums(door.told, cubes)) == []
    assert list(small_values(door.told, sample.threshold, OPERATIONAL)) == []


def test_no_programme_recovers_a_small_count_of_the_sample(sample: Settings) -> None:
    lake = Lake(sample.lake)
    versions = lake.latest().versions
    cells = lake.frame("cells", versions["cells"])
    released = lake.frame("released", versions["released"])
    blocks = blocks_of(released, cells)
    assert list(plain.stated(blocks, sample.threshold, OPERATIONAL)) == []
    assert list(plain.crossed(released, sample.threshold)) == []
    # All blocks of a full sample are attacked by `make attack`.
    found = lp.attack(blocks[::8], sample.threshold, OPERATIONAL)
    assert found.targets > 2_000
    assert found.found == []
