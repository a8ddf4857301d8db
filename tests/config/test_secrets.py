"""One secret per place: made once, whoever starts first, and never shown."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError

KEY = "a secret of more than thirty-two letters"


def _secret_of(var: Path) -> bytes:
    return Settings(var=var).secret()


def test_secret_is_made_once_and_kept_for_its_owner(settings: Settings) -> None:
    secret = settings.secret()
    assert len(secret) == 64
    assert settings.secret() == secret
    assert settings.secret_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.var.iterdir()] == ["secret"], "no draft is left behind"


def test_kept_secret_can_move_into_the_environment(settings: Settings, tmp_path: Path) -> None:
    text = settings.secret().decode()
    assert Settings(var=tmp_path / "other", secret_key=text).secret() == settings.secret()


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        secrets = pool.map(_secret_of, [tmp_path / "var"] * 16, chunksize=1)
    assert len(set(secrets)) == 1


def test_secret_that_others_can_read_is_refused(settings: Settings) -> None:
    settings.secret()
    settings.secret_file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        settings.secret()


def test_cut_secret_is_refused(settings: Settings) -> None:
    settings.secret()
    settings.secret_file.write_text("short\n")
    with pytest.raises(SettingsError, match="holds 5 bytes; expected at least 32"):
        settings.secret()


def test_secret_is_never_shown() -> None:
    assert KEY not in repr(Settings(secret_key=KEY))
    with pytest.raises(SettingsError) as error:
        Settings.load({"REACHBOARD_SECRET_KEY": "tell-nobody"}, None)
    assert error.value.problems == ["REACHBOARD_SECRET_KEY=(hidden): expected at least 32 characters"]
