"""The state store: edits and notes come back as they were made, and nobody's work is lost silently."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from config.settings import ROOT, Settings, SettingsError
from config.text import TextRefused, typed
from state.store import Conflict, Overtaken, Store
from state.tables import METADATA


@pytest.fixture
def store(state_url: str) -> Iterator[Store]:
    """A store in each kind of database that the settings allow."""
    made = Store(state_url)
    yield made
    made.close()


def test_edits_come_back_in_order_as_they_were_made(store: Store) -> None:
    assert store.edits("flu") == []
    first = store.add_edit("flu", {"goal": [None, 0.2], "channels": [["sms"], ["sms", "email"]]}, "Ann")
    second = store.add_edit("flu", {"owner": ["Quality", None]}, "Bo", base=first.id)
    store.add_edit("a1c", {"goal": [0.1, 0.2]}, "Bo")
    again = Store(store.database.url)
    assert again.edits("flu") == [first, second]
    assert again.edit(first.id) == first
    assert len(again.edits()) == 3
    again.close()


def test_two_who_change_the_same_field_are_told_of_each_other(store: Store) -> None:
    seen = store.add_edit("flu", {"goal": [0.1, 0.2], "owner": ["A", "B"]}, "Ann")
    store.add_edit("flu", {"goal": [0.2, 0.3]}, "Bo", base=seen.id)
    with pytest.raises(Conflict, match=r"Bo changed goal on \d{4}-.* UTC; nothing was saved") as conflict:
        store.add_edit("flu", {"goal": [0.2, 0.4], "owner": ["B", "C"]}, "Cy", base=seen.id)
    assert (conflict.value.edit.by, conflict.value.fields) == ("Bo", ("goal",))
    assert len(store.edits("flu")) == 2, "nothing of the refused edit is kept"
    store.add_edit("flu", {"owner": ["B", "C"]}, "Cy", base=seen.id)
    assert store.edits("flu")[-1].by == "Cy", "another field is no conflict"


def test_an_undo_is_an_edit_that_can_be_undone(store: Store) -> None:
    edit = store.add_edit("flu", {"goal": [0.1, 0.2]}, "Ann")
    undo = store.undo(edit.id, "Bo")
    assert (undo.changes, undo.undo_of, undo.by) == ({"goal": [0.2, 0.1]}, edit.id, "Bo")
    assert store.undo(undo.id, "Ann").changes == {"goal": [0.1, 0.2]}


def test_what_was_changed_since_is_not_undone(store: Store) -> None:
    edit = store.add_edit("flu", {"goal": [0.1, 0.2], "owner": ["A", "B"]}, "Ann")
    store.add_edit("flu", {"owner": ["B", "C"]}, "Bo", base=edit.id)
    with pytest.raises(Conflict, match="Bo changed owner"):
        store.undo(edit.id, "Ann")
    with pytest.raises(LookupError):
        store.undo(99, "Ann")


def test_an_edit_that_a_source_has_overtaken_is_not_undone(store: Store) -> None:
    edit = store.add_edit("flu", {"goal": [0.1, 0.2], "owner": ["A", None]}, "Ann")
    with pytest.raises(Overtaken, match=r"A source changed goal since; nothing was undone"):
        store.undo(edit.id, "Ann", {"goal": 0.3})
    assert store.undo(edit.id, "Ann", {"goal": 0.2}).changes == {"goal": [0.2, 0.1], "owner": [None, "A"]}


def test_an_edit_that_changes_nothing_is_none(store: Store) -> None:
    with pytest.raises(ValueError, match="Nothing is changed"):
        store.add_edit("flu", {"goal": [0.1, 0.1]}, "Ann")


def test_the_instants_of_a_campaigns_edits_ascend_whatever_the_clock_does(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.store._now", lambda: 1_000)
    made = [store.add_edit("flu", {"goal": [n, n + 1]}, "Ann", base=n) for n in range(3)]
    assert [edit.changed_us for edit in made] == [1_000, 1_001, 1_002]


def test_threads_that_edit_at_once_lose_nothing(store: Store) -> None:
    def edit(number: int) -> None:
        store.add_edit("flu", {f"field{number}": [None, number]}, "Ann")

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = store.edits("flu")
    assert len(made) == 12
    assert len({one.changed_us for one in made}) == 12


def test_notes_stand_beside_their_days_until_they_are_removed(store: Store) -> None:
    assert store.notes(["flu"], 0, 99) == []
    own = store.add_note("flu", 10, "  Letters went out late\r\nby a day ", "Ann")
    everywhere = store.add_note(None, 12, "Snow", "Bo")
    store.add_note("a1c", 11, "Not ours", "Bo")
    assert own.text == "Letters went out late\nby a day"
    assert store.notes(["flu"], 0, 99) == [own, everywhere]
    assert store.notes(["flu"], 11, 99) == [everywhere]
    assert store.notes([], 0, 99) == [everywhere]
    store.remove_note(own.id, "Bo")
    assert store.notes(["flu"], 0, 99) == [everywhere]
    removed = store.note(own.id)
    assert removed is not None
    assert removed.removed_by == "Bo"
    store.restore_note(own.id, "Ann")
    assert [note.text for note in store.notes(["flu"], 0, 99)] == [own.text, "Snow"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" \n ", "no words yet"),
        ("x" * 501, "501 characters; at most 500 fit"),
        ("bell\x07", "a character that nobody sees (U+0007)"),
        ("\u202egnp.exe", "a character that nobody sees (U+202E)"),
        ("\ud800", "a character that nobody sees (U+D800)"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_in_words(store: Store, text: str, words: str) -> None:
    with pytest.raises(TextRefused, match=re.escape(words)):
        store.add_note("flu", 1, text, "Ann")


def test_markup_is_a_text_like_any_other(store: Store) -> None:
    text = "<script>alert('1')</script> & \"quotes\" 'DROP TABLE notes; -- 👩‍⚕️"
    assert store.add_note("flu", 1, text, "Ann").text == text
    assert store.notes(["flu"], 0, 9)[0].text == text
    assert typed("one line only", 20) == "one line only"
    with pytest.raises(TextRefused, match="more than one line"):
        typed("a\nb")


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    for _ in range(2):
        store.open()
        store.close()
    with store.database.reading() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), METADATA)


def test_a_migration_that_breaks_off_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = sa.Connection.execute

    def broken(self: sa.Connection, statement: object, *given: object, **more: object) -> object:
        if "INDEX" in str(statement):
            raise OSError("the disk is full")
        return true(self, statement, *given, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(sa.Connection, "execute", broken)
        with pytest.raises(OSError, match="disk is full"):
            store.open()
    store.open()
    assert store.edits() == []


def test_processes_that_open_an_empty_store_at_once_make_it_once(store: Store) -> None:
    work = f"""
import sys
from state.store import Store
store = Store({store.database.url!r})
sys.stdin.readline()
store.open()
store.add_edit("flu", {{sys.argv[1]: [None, 1]}}, "Ann")
store.close()
"""
    started = [
        subprocess.Popen([sys.executable, "-c", work, f"f{n}"], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in started:
        process.communicate()
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(store.edits()) == 3


def test_a_database_url_is_checked_and_never_shown(tmp_path: Path) -> None:
    assert Settings(var=tmp_path).state == f"sqlite:///{tmp_path / 'state.db'}"
    for wrong in ("mysql://me:secret@host/db", "sqlite:///relative.db", "postgresql://host"):
        with pytest.raises(SettingsError) as error:
            Settings.load({"REACHBOARD_STATE_URL": wrong}, None)
        assert "secret" not in str(error.value)
        assert "REACHBOARD_STATE_URL=(hidden)" in str(error.value)
    chosen = Settings.load({"REACHBOARD_STATE_URL": "postgresql+psycopg://me:secret@host/db"}, None)
    assert "secret@" in chosen.state
    assert "secret@" not in repr(chosen)
