"""Files ask for consent as the collector does: what is tracked is kept where permitted, else counted."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from config.settings import Settings
from data.identify import Pseudonyms
from data.snapshot import Lake
from etl.door import foresee, import_file, read_file
from etl.intake import IntakeError, report
from etl.land import Landed
from etl.pull import foresee_pull, pull
from state.store import Store

EVENTS = """
[source]
name = "files"
kind = "event"
[fields]
event = "event"
at = "at"
member = "member"
recipient = { column = "email", type = "email" }
campaign = "campaign"
channel = "channel"
[key]
columns = ["id"]
"""
MESSAGES = """
[source]
name = "messages"
kind = "message"
[fields]
message_id = "id"
member = "member"
campaign = "campaign"
channel = "channel"
sent = "sent"
delivered = "delivered"
opened = "opened"
clicked = "clicked"
"""
AT = "2026-03-01T15:00:00Z"
STAGES = ("sent", "delivered", "opened", "clicked", "opt_out")


class Place:
    """A plan of its own, what its members said, and the files it loads."""

    def __init__(self, folder: Path, tracking: Literal["unless_withdrawn", "where_given"]) -> None:
        self.folder = folder
        self.settings = Settings(var=folder / "var", sample=False, tracking=tracking)
        self.ids = Pseudonyms(self.settings.secret())

    def said(self, permitted: bool, *, member: str = "", email: str = "") -> None:
        subject = self.ids.member(member) if member else self.ids.recipient(email, "email")
        assert subject is not None
        store = Store(self.settings.state)
        store.consents.state([(subject, permitted, 1)], "a test")
        store.close()

    def files(self, mapping: str, text: str) -> tuple[Path, Path]:
        file, toml = self.folder / "f.csv", self.folder / "m.toml"
        file.write_text(text)
        toml.write_text(mapping)
        return file, toml

    def load(self, mapping: str, text: str) -> Landed:
        return import_file(self.settings, *self.files(mapping, text))

    def events(self) -> list[str]:
        return sorted(Lake(self.settings.lake).frame("events")["event"])

    def counted(self) -> dict[str, int]:
        return dict(Lake(self.settings.lake).frame("refusals").select("reason", "rows").rows())


def events(member: str, email: str = "") -> str:
    rows = "".join(f"{n},{stage},{AT},{member},{email},flu-2026,email\n" for n, stage in enumerate(STAGES))
    return f"id,event,at,member,email,campaign,channel\n{rows}"


def test_opens_and_clicks_of_who_withdrew_are_left_out_and_counted(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    place.said(False, member="M1")
    landed = place.load(EVENTS, events("M1"))
    assert (landed.rows_in, landed.loaded, landed.skipped, landed.refused) == (5, 3, 2, 0)
    assert place.events() == ["delivered", "opt_out", "sent"]
    assert place.counted() == {"tracking is not permitted": 2}


def test_an_address_that_withdrew_counts_as_its_member_does(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    place.said(True, member="M1")
    place.said(False, email="a@b.example")
    place.load(EVENTS, events("M1", "A@b.example"))
    assert place.events() == ["delivered", "opt_out", "sent"]


@pytest.mark.parametrize(("given", "kept"), [(False, 3), (True, 5)])
def test_where_permission_is_needed_silence_is_none(tmp_path: Path, given: bool, kept: int) -> None:
    place = Place(tmp_path, "where_given")
    if given:
        place.said(True, member="M1")
    place.load(EVENTS, events("M1"))
    assert len(place.events()) == kept


def test_without_a_word_everything_is_kept_unless_it_must_be_given(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    assert place.load(EVENTS, events("M1")).loaded == 5


def test_of_a_row_that_is_kept_the_rest_is_counted(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    place.said(False, member="M1")
    row = f"m1,M1,flu-2026,email,{AT},{AT},{AT},{AT}\n"
    landed = place.load(MESSAGES, f"id,member,campaign,channel,sent,delivered,opened,clicked\n{row}")
    assert (landed.rows_in, landed.loaded, landed.skipped) == (1, 1, 0)
    assert place.events() == ["delivered", "sent"]
    (reason,) = place.counted()
    assert "a row that is kept" in reason


def test_a_dry_run_says_so_before(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    place.said(False, member="M1")
    batch = read_file(place.settings, *place.files(EVENTS, events("M1")))
    told = report(batch, foresee(place.settings, batch).already_present)
    assert "3 to load, 2 left out by rule" in told
    assert "tracking is not permitted" in told


def test_a_drop_folder_asks_too_before_and_when_it_lands(tmp_path: Path) -> None:
    place, folder = Place(tmp_path, "unless_withdrawn"), tmp_path / "drop"
    place.said(False, member="M1")
    folder.mkdir()
    (folder / "f.csv").write_text(events("M1"))
    (folder / "f.csv.count").write_text("5")
    mapping = tmp_path / "m.toml"
    mapping.write_text(EVENTS + f'[folder]\nat = "{folder}"\nfiles = ["*.csv"]\ncount = "{{file}}.count"\n')
    told = foresee_pull(place.settings, mapping)
    assert told is not None
    assert "3 to load, 2 left out by rule" in told
    (pulled,) = pull(place.settings, mapping)
    assert (pulled.landed.loaded, pulled.landed.skipped) == (3, 2)
    assert place.events() == ["delivered", "opt_out", "sent"]


def test_where_it_cannot_be_known_nothing_is_loaded(tmp_path: Path) -> None:
    place = Place(tmp_path, "unless_withdrawn")
    place.settings.var.mkdir(parents=True, exist_ok=True)
    (place.settings.var / "state.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(IntakeError, match="not known who permits tracking"):
        place.load(EVENTS, events("M1"))
    assert not (place.settings.lake / "events").exists()
