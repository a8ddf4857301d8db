"""Issued documents: the same numbers again, for whom all of them may be told to and for nobody else."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from config.permissions import PERMISSIONS, Role
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.viewer import Scope, Viewer
from documents.model import Column, Document, Row, Table, Value
from ledger.entry import Entry
from reports.issue import frozen, issue, reopened
from state.store import Store
from state.tables import REPORTS

MANAGER = Viewer("Demo manager", "manager", frozenset(PERMISSIONS[Role.MANAGER]))
TWO = replace(MANAGER, scope=Scope(programs=frozenset(("Diabetes", "Flu"))))
ONE = replace(MANAGER, scope=Scope(programs=frozenset(("Diabetes",))))
TABLE = Table(
    "channels",
    "Channels",
    (Column("channel", "Channel", number=False), Column("sent", "Sent (messages)")),
    (Row("E-mail", (Value("1,204", "sent", 1204.0),), "email"),),
)
DOCUMENT = Document(
    kind="table",
    title="Channels",
    plan="The plan",
    period="1 – 31 Oct 2026",
    words="1 – 31 Oct 2026 · all campaigns",
    page="overview",
    query={"period": "last_month"},
    snapshot=3,
    definitions=DEFINITIONS_VERSION,
    outreach_through="31 Oct 2026",
    outcomes_through="31 Jul 2026",
    blocks=(TABLE,),
)


@pytest.fixture
def told() -> list[Entry]:
    return []


@pytest.fixture
def store(tmp_path: Path, told: list[Entry]) -> Store:
    return Store(f"sqlite:///{tmp_path / 'state.db'}", tell=told.append)


def test_a_document_is_kept_with_id_and_time_and_comes_back_as_it_was(store: Store) -> None:
    made = issue(DOCUMENT, MANAGER, store)
    found = reopened(made.id.lower(), MANAGER, store)
    assert found is not None
    assert found[1] == made
    assert made.blocks == DOCUMENT.blocks
    assert made.state == "draft"
    assert made.made_us > 0
    assert (found[0].period, found[0].snapshot, found[0].definitions) == (
        "1 – 31 Oct 2026",
        3,
        DEFINITIONS_VERSION,
    )


def test_what_was_commented_and_approved_since_stands_in_it(store: Store) -> None:
    made = issue(DOCUMENT, MANAGER, store)
    store.reports.comment(made.id, "A good month.", "Demo manager")
    store.reports.approve(made.id, "Demo executive")
    found = reopened(made.id, MANAGER, store)
    assert found is not None
    assert (found[1].state, found[1].comment, found[1].comment_by) == (
        "approved",
        "A good month.",
        "Demo manager",
    )


def test_it_opens_only_for_who_may_see_all_of_it(store: Store) -> None:
    whole, narrow = issue(DOCUMENT, MANAGER, store), issue(DOCUMENT, TWO, store)
    assert reopened(whole.id, TWO, store) is None
    assert reopened(narrow.id, ONE, store) is None
    assert reopened(narrow.id, TWO, store)
    assert reopened(narrow.id, MANAGER, store)
    stranger = replace(MANAGER, permissions=frozenset())
    assert reopened(narrow.id, stranger, store) is None
    assert reopened("RB-22222-22222", MANAGER, store) is None


def test_a_report_of_a_guarded_page_opens_only_for_who_may_see_the_page(store: Store) -> None:
    made = issue(msgspec.structs.replace(DOCUMENT, page="data"), MANAGER, store)
    analyst = replace(MANAGER, permissions=frozenset(PERMISSIONS[Role.ANALYST]))
    assert reopened(made.id, MANAGER, store) is None
    assert reopened(made.id, analyst, store)


def test_the_ledger_is_told_unless_the_caller_tells(store: Store, told: list[Entry]) -> None:
    made = issue(DOCUMENT, MANAGER, store, why="for the board")
    issue(DOCUMENT, MANAGER, store, tell=False)
    assert [(entry.about["id"], entry.why) for entry in told] == [(made.id, "for the board")]


def test_content_that_was_changed_in_the_database_is_refused(store: Store) -> None:
    made = issue(DOCUMENT, MANAGER, store)
    with store.database.writing() as connection:
        other = zlib.compress(b'{"kind":"table"}')
        connection.execute(sa.update(REPORTS).where(REPORTS.c.id == made.id).values(content=other))
    with pytest.raises(ValueError, match="not what was issued"):
        reopened(made.id, MANAGER, store)


def test_what_the_metrics_meant_is_kept_beside_the_figures(store: Store) -> None:
    issue(DOCUMENT, MANAGER, store)
    kept = store.reports.defined(DEFINITIONS_VERSION)
    assert kept is not None
    assert kept["sent"]["meaning"] == METRICS["sent"].meaning
    assert store.reports.defined("older") is None


def test_the_same_print_has_the_same_id_and_another_persons_another(store: Store) -> None:
    made = frozen(DOCUMENT, MANAGER, store)
    assert frozen(DOCUMENT, MANAGER, store) == made
    others = [replace(MANAGER, name="Demo analyst"), TWO]
    assert made.id not in {frozen(DOCUMENT, one, store).id for one in others}
    later = msgspec.structs.replace(DOCUMENT, snapshot=4)
    assert frozen(later, MANAGER, store).id != made.id
    assert len(store.reports.latest()) == 4
    assert store.reports.latest(without=("table",)) == []
