"""docs/reconciliation.md is true: its example runs from raw rows to the bridge; and the panels around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from config.permissions import PERMISSIONS, Role
from config.settings import ROOT, Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from data.totals import read, sheet
from data.viewer import Scope, Viewer
from etl.door import import_file
from etl.refresh import refresh
from insight.bridge import Verdict
from pages import data_bring, data_replay, data_totals
from pages.data_lines import Line, lines
from pages.data_questions import View
from pages.registry import TABLES
from pages.table import ListTable
from state.replays import Step
from state.store import Store
from tests.drawn import words
from tests.feeds import SECRET, settings_of
from ui.numbers import count

DOC = (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8")
MAPPING = """
[source]
name = "mailer"
kind = "event"

[fields]
event = "event"
at = "time"
message_id = "message"
member = "member"
campaign = { value = "flu-2026" }
channel = { value = "email" }

[key]
columns = ["event", "message"]
"""


def block(name: str) -> str:
    found = re.search(rf'```\w+ title="{re.escape(name)}"\n(.*?)```', DOC, re.DOTALL)
    assert found, name
    return found.group(1)


def _events() -> Iterator[str]:
    """The messages that the page's example speaks of; 40 members were written to twice, and clicked twice."""
    yield "event,time,message,member"
    for n in range(1020):
        stages = ["suppressed"] if n >= 1000 else ["sent", "delivered" if n < 940 else "bounced"]
        if n < 160:
            stages.append("clicked")
        if n in (200, 300, 400, 500):
            stages.append("opt_out")
        member = n - 120 if 120 <= n < 160 else n
        for hour, stage in enumerate(stages):
            yield f"{stage},2026-03-02T{12 + hour}:00:00Z,m{n},P{member}"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("reconciled")
    made = settings_of(folder)
    (folder / "mail.csv").write_text("\n".join(_events()) + "\n")
    (folder / "mail.toml").write_text(MAPPING)
    import_file(made, folder / "mail.csv", folder / "mail.toml")
    refresh(made)
    return made


@pytest.fixture(scope="module")
def own(lake: Settings) -> Cubes:
    return Shelf(Lake(lake.lake)).current()


@pytest.fixture
def analyst() -> Viewer:
    return Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))


@pytest.fixture
def administrator() -> Viewer:
    return Viewer("an administrator", Role.ADMINISTRATOR, frozenset(PERMISSIONS[Role.ADMINISTRATOR]))


def told(one: Line) -> str:
    found, name = one.bridge, one.metric.label
    if found.theirs is None or found.rest is None or found.ours is None:
        return f"{name}: {found.verdict.value}"
    about = "≈ " if found.rounded else ""
    steps = "".join(f", +{count(step.amount)} {step.words}" for step in found.steps)
    return (
        f"{name}: theirs {about}{count(found.theirs)}{steps} Unexplained {about}{count(found.rest)}, "
        f"ours {count(found.ours)}: {found.verdict.value}"
    )


def test_the_example_of_the_documentation_runs(own: Cubes, analyst: Viewer, store: Store) -> None:
    found = sheet(block("totals.csv"))
    brought = store.totals.add("Mailer", "x", read(found, found.meanings, None, analyst, own).rows, "Ann")
    made = [told(one) for one in lines(brought, analyst, own)]
    assert made == block("bridge of totals.csv").splitlines()


def test_totals_are_looked_at_kept_shown_and_taken_away(own: Cubes, analyst: Viewer, store: Store) -> None:
    ask = {"do": "look", "text": block("totals.csv"), "name": "Mailer", "from": "", "to": ""}
    looked = data_bring.act(ask, analyst, own, store)
    assert "1 of 1 rows can be compared" in words(looked.said)
    assert store.totals.all() == []
    columns = list(sheet(block("totals.csv")).meanings)
    columns[-1] = "leave"
    kept = data_bring.act({**ask, "do": "keep", "columns": columns}, analyst, own, store)
    assert kept.kept == 1
    (brought,) = store.totals.all()
    assert "opt_outs" not in brought.rows[0]["values"], "a column that was left out is not kept"
    panel = words(data_totals.panel_of(View(), {"id": 1}, analyst, own, store))
    assert "Mailer: 0 of 4 figures agree, 4 explained" in panel
    assert "by an analyst" in panel
    said, shown = data_totals.act({"do": "remove", "id": 1, "at": 5}, analyst, store)
    assert "Taken away" in words(said)
    assert shown == {"id": 1, "at": 5}
    panel = words(data_totals.panel_of(View(), {"id": 1}, analyst, own, store))
    assert "Nobody has brought" in panel
    assert "Bring back" in panel
    data_totals.act({"do": "restore", "id": 1}, analyst, store)
    assert "4 explained" in words(data_totals.panel_of(View(), None, analyst, own, store))


def test_small_numbers_of_theirs_leave_by_no_door(own: Cubes, analyst: Viewer, store: Store) -> None:
    """What is withheld, or a few apart, stands neither on the page nor in a file."""
    text = "campaign,channel,unsubscribes,unique clicks\nflu-2026,email,7,123\n"
    data_bring.act({"do": "keep", "text": text, "name": "Mailer"}, analyst, own, store)
    panel = words(data_totals.panel_of(View(), None, analyst, own, store))
    assert panel.count("not shown") == 5, "theirs and rest twice, and ours that is withheld"
    table = TABLES["data"]["bridge"]
    assert isinstance(table, ListTable)
    cells = {cell for row in table.listing(analyst, own, {"totals": "1"}, store).rows for cell in row}
    assert not cells & {7, 123, "7", "123"}
    assert "123" not in panel
    rows = [one.bridge for one in lines(store.totals.all()[0], analyst, own)]
    assert {row.verdict for row in rows} == {Verdict.AGREES, Verdict.WITHHELD}


@pytest.mark.parametrize(
    ("ask", "said"),
    [({"do": "keep", "text": "campaign,sent\nflu-2026,5\n", "name": ""}, "no name yet"),
     ({"do": "look", "text": "sent\n5\n", "name": "x"}, "No column names the campaign"),
     ({"do": "keep", "text": "campaign,sent\nno-such,5\n", "name": "x"}, "No row can be compared"),
     ({"do": "look", "text": "campaign,sent\nflu-2026,5\n", "from": "2026-03-02"}, "Name both days"),
     ({"do": "look", "text": "campaign,sent\nflu-2026,5\n", "from": "2026-03-02", "to": "2026-03-01"},
      "after"),
     ({"do": "look", "text": 5}, "nothing in it yet")],
)  # fmt: skip
def test_what_cannot_be_is_answered_in_words(
    ask: dict[str, object], said: str, own: Cubes, analyst: Viewer, store: Store
) -> None:
    done = data_bring.act(ask, analyst, own, store)
    assert said in words(done.said)
    assert done.kept is None
    assert store.totals.all() == []


@pytest.mark.parametrize(
    "ask", [None, 3, [], {"do": 4}, {"do": "keep", "text": "x", "columns": 7}, {"do": "drop"}]
)
def test_what_a_browser_sends_is_never_trusted(
    ask: object, own: Cubes, analyst: Viewer, store: Store
) -> None:
    assert data_bring.act(ask, analyst, own, store).kept is None
    assert data_totals.act(ask, analyst, store)[1] is None
    assert data_replay.act(ask, analyst, own, store) == []
    assert store.totals.all() == []


def test_a_viewer_of_a_part_keeps_nothing(own: Cubes, store: Store) -> None:
    narrow = Viewer("one", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]), Scope(lines=frozenset({"x"})))
    done = data_bring.act({"do": "keep", "text": block("totals.csv"), "name": "x"}, narrow, own, store)
    assert "you see a part of it" in words(done.said)
    assert store.totals.all() == []


def test_who_may_not_bring_totals_finds_no_button(own: Cubes, analyst: Viewer, store: Store) -> None:
    data_bring.act({"do": "keep", "text": block("totals.csv"), "name": "Mailer"}, analyst, own, store)
    officer = Viewer("o", Role.PRIVACY_OFFICER, frozenset(PERMISSIONS[Role.PRIVACY_OFFICER]))
    panel = words(data_totals.panel_of(View(), None, officer, own, store))
    assert "explained" in panel
    assert "Take away" not in panel


def test_replays_are_asked_for_approved_and_told(
    sample: Settings, cubes: Cubes, administrator: Viewer, analyst: Viewer, store: Store
) -> None:
    panel = words(data_replay.panel_of(View(), administrator, cubes, store, sample))
    load = re.search(r'"data-replay-id": "(-?\d+)"', panel)
    assert load
    assert "data-replay-do" not in words(data_replay.panel_of(View(), analyst, cubes, store, sample))
    asked = {"do": "ask", "id": load.group(1)}
    assert "next run looks" in words(data_replay.act(asked, administrator, cubes, store))
    assert "asked for it already" in words(data_replay.act(asked, administrator, cubes, store))
    assert "wait any more" in words(data_replay.act({"do": "ask", "id": "5"}, administrator, cubes, store))
    one = store.replays.claim()
    assert one is not None
    before = data_replay.mark(View(), cubes, store)
    store.replays.looked(one.id, {"mapping": "m.toml", "come": [["at", "no value", 3]], "stay": []}, "cafe")
    assert data_replay.mark(View(), cubes, store) != before
    panel = words(data_replay.panel_of(View(), administrator, cubes, store, sample))
    assert "Would come in: 3" in panel
    assert "Replay 3 rows" in panel
    approve = {"do": "approve", "id": str(one.id)}
    assert "next run replays" in words(data_replay.act(approve, administrator, cubes, store))
    assert "elsewhere by now" in words(data_replay.act(approve, administrator, cubes, store))
    data_replay.act({"do": "withdraw", "id": str(one.id)}, administrator, cubes, store)
    assert store.replays.all()[0].state == Step.WITHDRAWN
    assert SECRET not in panel
