"""`python -m compliance audit`: code 0 where all is as it was written, 1 where anything was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.__main__ import main
from config.settings import Settings, get_settings
from ledger import verified
from ledger.book import book_of
from ledger.chain import chains
from ledger.entry import Entry, What
from ledger.keeping import Keeper
from ledger.seals import Seals


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A ledger with a checkpoint, where the command looks for it."""
    monkeypatch.setenv("REACHBOARD_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("REACHBOARD_LEDGER_COPY", str(tmp_path / "copy"))
    get_settings.cache_clear()
    settings = Settings.load()
    book = book_of(settings)
    book.record(Entry(What.SIGN_IN, "Demo analyst", "analyst"))
    assert Keeper(book, settings.ledger_copy).keep().made
    return settings


def test_a_sound_ledger_ends_with_0(place: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--keep"]) == 0
    assert "all is as it was written" in capsys.readouterr().out
    kept = verified.last(place.ledger)
    assert kept is not None
    assert kept.sound


def test_a_changed_one_ends_with_1_and_says_where(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = chains(place.ledger)
    path.write_bytes(path.read_bytes().replace(b"analyst", b"manager"))
    assert main(["audit", "verify", "--keep"]) == 1
    assert f"TAMPERED: {path.parent.name}/{path.name}, line 2" in capsys.readouterr().out
    kept = verified.last(place.ledger)
    assert kept is not None
    assert not kept.sound


def test_the_public_key_is_enough_for_another_machine(
    place: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "key"]) == 0
    key = capsys.readouterr().out.strip()
    assert key == Seals.of(place.secret()).public.hex()
    (tmp_path / "key.txt").write_text(key)
    told = ["audit", "verify", "--folder", str(place.ledger), "--public-key", str(tmp_path / "key.txt")]
    assert main([*told, "--copy", str(tmp_path / "copy")]) == 0
    assert main([*told[:-1], "0" * 64]) == 1
    assert main([*told[:-1], "no key"]) == 2


def test_since_a_day_looks_at_what_was_written_since(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify", "--since", "2026-01-01"]) == 0
    assert main(["audit", "verify", "--since", "soon"]) == 2
    assert "2026-11-30" in capsys.readouterr().err


def test_a_ledger_that_is_gone_is_found_by_its_copies(place: Settings, tmp_path: Path) -> None:
    place.ledger.rename(tmp_path / "away")
    assert main(["audit", "verify"]) == 1
