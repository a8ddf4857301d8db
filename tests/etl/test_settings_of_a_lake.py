"""A lake keeps the reporting zone and the secret it was begun with."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings, SettingsError
from etl.door import import_file
from etl.refresh import refresh

MAPPING = """
[source]
name = "visits"
kind = "event"
[fields]
event = "what"
at = "when"
member = "member"
campaign = { column = "campaign", optional = true }
message_id = "id"
[key]
columns = ["id"]
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, mapping = tmp_path / "visits.csv", tmp_path / "visits.toml"
    data.write_text(
        "id,when,what,member,campaign\n1,2026-11-02T09:00:00Z,sent,A1,flu\n2,2026-11-02T09:00:00Z,sent,A2,\n"
    )
    mapping.write_text(MAPPING)
    return data, mapping


def test_another_zone_is_refused(tmp_path: Path, files: tuple[Path, Path]) -> None:
    begun = Settings(var=tmp_path / "var", zone="America/Chicago")
    import_file(begun, *files)
    refresh(begun)
    moved = Settings(var=tmp_path / "var", zone="Europe/Berlin")
    with pytest.raises(SettingsError, match="America/Chicago"):
        refresh(moved)
    with pytest.raises(SettingsError, match="America/Chicago"):
        import_file(moved, *files)


def test_another_secret_is_refused(tmp_path: Path, files: tuple[Path, Path]) -> None:
    import_file(Settings(var=tmp_path / "var", secret_key="a" * 40), *files)
    with pytest.raises(SettingsError, match="another secret"):
        import_file(Settings(var=tmp_path / "var", secret_key="b" * 40), *files)


def test_a_message_without_a_campaign_is_told(tmp_path: Path, files: tuple[Path, Path]) -> None:
    settings = Settings(var=tmp_path / "var")
    import_file(settings, *files)
    assert [word.split(":")[0] for word in refresh(settings).warnings] == ["messages_name_a_campaign"]
