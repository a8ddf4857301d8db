"""What was told moves by enough members or not at all, and what it is told apart by is decided once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.settings import Settings
from data.snapshot import Lake
from etl.refresh import refresh
from tests.feeds import Piece, load, settings_of

START = datetime(2026, 1, 5, 15, tzinfo=UTC)
KEYS = ["view", "campaign", "channel", "month", "value", "level", "first_day"]


@dataclass
class Plan:
    """A lake that grows by events: who was sent to on which day, and did what."""

    settings: Settings
    pieces: int = 0
    rows: list[dict[str, str]] = field(default_factory=list)

    def people(self, members: range, region: str) -> None:
        self._row("members", member=members, as_of="2025-12-01", region=region, segment="")

    def events(self, event: str, members: range, day: int = 0, campaign: str = "drive") -> None:
        at = START + timedelta(days=day, hours=event != "sent")
        told = {"sent": "sent", "clicked": "acted", "delivered": "shown"}[event]
        self._row(
            "push", msg=members, member=members, event=told, ts=str(int(at.timestamp())), campaign=campaign,
            variant="",
        )  # fmt: skip

    def publish(self, rebuild: bool = False) -> dict[str, pl.DataFrame]:
        refresh(self.settings, rebuild=rebuild)
        lake = Lake(self.settings.lake)
        last = lake.latest()
        return {name: lake.frame(name, last.versions[name]) for name in ("released", "withheld", "standing")}

    def _row(self, source: str, member: range, **told: object) -> None:
        ids = told.pop("msg", None)
        named = [
            tuple(
                {
                    **({"msg": f"m{n}"} if ids is not None else {}),
                    "member": f"M{n:05d}",
                    **({"email": "", "phone": ""} if source == "members" else {}),
                    **{name: str(value) for name, value in told.items()},
                }.items()
            )
            for n in member
        ]
        load(self.settings, [Piece(source, self.pieces, tuple(named))])
        self.pieces += 1


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    made = Plan(settings_of(tmp_path))
    made.people(range(100), "north")
    made.people(range(100, 200), "south")
    made.events("sent", range(200))
    made.events("delivered", range(200))
    return made


def told(
    released: pl.DataFrame, count: str, view: str = "operations", campaign: str = "drive"
) -> dict[str, int]:
    own = released.filter((pl.col("view") == view) & (pl.col("campaign") == campaign)).drop_nulls(count)
    return {row["value"]: row[count] for row in own.group_by("value").agg(pl.col(count).sum()).to_dicts()}


def pass_time(plan: Plan, day: int) -> None:
    """One message of another campaign moves the clock."""
    plan.events("sent", range(900 + day, 901 + day), day, "clock")


def test_a_total_moves_by_enough_members_or_not_at_all(plan: Plan) -> None:
    plan.events("clicked", range(0, 30))
    assert told(plan.publish()["released"], "members_engaged") == {"": 30}
    plan.events("clicked", range(30, 35))
    assert told(plan.publish()["released"], "members_engaged") == {"": 30}
    plan.events("clicked", range(35, 41))
    assert told(plan.publish()["released"], "members_engaged") == {"": 41}


def test_what_is_left_between_nested_totals_moves_by_enough_as_well(plan: Plan) -> None:
    plan.events("clicked", range(0, 150))
    assert told(plan.publish()["released"], "members_engaged") == {"": 150}
    # 45 more would leave five who were delivered to and did not engage.
    plan.events("clicked", range(150, 195))
    assert told(plan.publish()["released"], "members_engaged") == {"": 150}


def test_cuts_wait_until_a_count_is_complete_and_add_up_to_what_was_told(plan: Plan) -> None:
    plan.events("clicked", range(0, 25))
    plan.events("clicked", range(100, 125))
    first = plan.publish()
    assert told(first["released"], "members_engaged") == {"": 50}
    assert told(first["released"], "members_engaged", "region") == {}
    waiting = first["withheld"].filter(
        (pl.col("view") == "region") & (pl.col("measure") == "members_engaged")
    )
    assert set(waiting["why"]) == {"early"}
    # Four more come before the count is complete: too few to move the total, so the parts leave them out.
    plan.events("clicked", range(25, 29))
    plan.publish()
    pass_time(plan, 10)
    later = plan.publish()["released"]
    assert told(later, "members_engaged") == {"": 50}
    assert told(later, "members_engaged", "region") == {"north": 25, "south": 25}


def test_the_groups_of_a_complete_count_are_joined_and_never_split(plan: Plan) -> None:
    plan.events("clicked", range(0, 25))
    plan.events("clicked", range(100, 103))
    pass_time(plan, 10)
    together = {"north\x1fsouth": 28}
    assert told(plan.publish()["released"], "members_engaged", "region") == together
    plan.events("clicked", range(103, 160))
    assert told(plan.publish()["released"], "members_engaged", "region") == {"north\x1fsouth": 85}


def test_a_complete_count_that_changed_is_told_in_groups_that_each_changed_enough(plan: Plan) -> None:
    plan.events("clicked", range(0, 25))
    plan.events("clicked", range(100, 125))
    pass_time(plan, 10)
    assert told(plan.publish()["released"], "members_engaged", "region") == {"north": 25, "south": 25}
    plan.events("clicked", range(25, 40))
    plan.events("clicked", range(125, 128))
    changed = plan.publish()["released"]
    assert told(changed, "members_engaged") == {"": 68}
    assert told(changed, "members_engaged", "region") == {"north\x1fsouth": 68}


def test_a_rebuild_decides_nothing_again(plan: Plan) -> None:
    plan.events("clicked", range(0, 30))
    plan.publish()
    plan.events("clicked", range(30, 36))
    before = plan.publish()["released"].sort(KEYS, nulls_last=True)
    after = plan.publish(rebuild=True)["released"].sort(KEYS, nulls_last=True)
    assert after.equals(before)
    assert told(after, "members_engaged") == {"": 30}


def test_a_raised_threshold_joins_what_was_told_apart(plan: Plan) -> None:
    plan.events("clicked", range(0, 25))
    plan.events("clicked", range(100, 125))
    pass_time(plan, 10)
    assert told(plan.publish()["released"], "members_engaged", "region") == {"north": 25, "south": 25}
    plan.settings = plan.settings.model_copy(update={"threshold": 30})
    raised = plan.publish()["released"]
    assert told(raised, "members_engaged", "region") == {"north\x1fsouth": 50}
    assert told(raised, "members_sent", "region") == {"north": 100, "south": 100}
