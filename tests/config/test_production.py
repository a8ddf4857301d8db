"""Production starts with all that it needs, or says at once what is missing; secrets come from files, too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config.production import REQUIREMENTS
from config.settings import ROOT, Settings, SettingsError
from tests.productions import DRAWN, WHOLE, environment

MISSING = {
    "the demo": ("DEMO", "1", "no demo sign-in"),
    "the sample": ("SAMPLE", "1", "without the synthetic sample"),
    "no secret": ("SECRET_KEY", "", "needs a secret of its own"),
    "one sign many times": ("SECRET_KEY", "s" * 40, "looks typed or copied"),
    "words": ("SECRET_KEY", "change-me-before-2027-QXJZKVWP!?", "looks typed or copied"),
    "digits": ("SECRET_KEY", "0123456789" * 4, "looks typed or copied"),
    "no TLS": ("TLS", "", "reached by TLS alone"),
    "no proxy": ("PROXIES", "", "are not counted"),
    "no name": ("PUBLIC_URL", "", "is not told"),
    "a name in the clear": ("PUBLIC_URL", "http://board.plan.example", "is not told"),
    "no provider": ("OIDC_ISSUER", "", "nobody could sign in"),
    "a provider in the clear": ("OIDC_ISSUER", "http://127.0.0.1:9000", "nobody could sign in"),
    "a plain volume": ("ENCRYPTED_VOLUME", "0", "on an encrypted volume"),
}


def load(var: Path, env_file: Path | None = None, **values: str) -> Settings:
    given = {"VAR": str(var), **values}
    return Settings.load({f"REACHBOARD_{name}": text for name, text in given.items()}, env_file)


def problems(var: Path, **values: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(var, **values)
    return error.value.problems


def test_with_all_of_it_production_starts_and_makes_nothing_up(tmp_path: Path) -> None:
    settings = load(tmp_path, **WHOLE)
    assert settings.production
    assert settings.secret() == DRAWN.encode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value", "words"), MISSING.values(), ids=MISSING)
def test_each_thing_that_is_missing_is_refused_in_words(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    (line,) = problems(tmp_path, **{**WHOLE, name: value})
    assert line.startswith(f"REACHBOARD_{name}: ")
    assert words in line
    assert line.count(". ") >= 2, "what, why and how"
    assert value not in line or len(value) < 5 or value.startswith("http"), "no secret is told"


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("made up by a trial")
    told = problems(tmp_path, PRODUCTION="1")
    fields = list(dict.fromkeys(one.field for one in REQUIREMENTS))
    assert [line.split(":")[0].removeprefix("REACHBOARD_").lower() for line in told] == fields


def test_a_folder_of_a_trial_is_refused(tmp_path: Path) -> None:
    Settings(var=tmp_path).secret()
    (line,) = problems(tmp_path, **WHOLE)
    assert "which a trial made up" in line
    (tmp_path / "secret").unlink()
    assert load(tmp_path, **WHOLE).production


def test_a_start_without_them_ends_with_code_2(tmp_path: Path) -> None:
    given = environment(PRODUCTION="1", VAR=str(tmp_path))
    for command in (("app", "serve"), ("etl", "status")):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, env=given, capture_output=True, text=True
        )
        assert done.returncode == 2, command
        assert len(done.stderr.splitlines()) >= 6
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    held = tmp_path / "key"
    held.write_text(DRAWN + "\n")
    rest = {name: text for name, text in WHOLE.items() if name != "SECRET_KEY"}
    settings = load(tmp_path / "var", **rest, SECRET_KEY_FILE=str(held))
    assert settings.secret() == DRAWN.encode()
    assert settings.origin("secret_key") == "secret file"


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "can be read (FileNotFoundError)"), ("", "expected one line"), ("a\nb", "expected one line")],
)
def test_a_file_without_a_secret_is_refused(tmp_path: Path, text: str | None, words: str) -> None:
    held = tmp_path / "key"
    if text is not None:
        held.write_text(text)
    (line,) = problems(tmp_path, SECRET_KEY_FILE=str(held))
    assert line.startswith(f"REACHBOARD_SECRET_KEY_FILE={held}: ")
    assert words in line


def test_a_secret_given_twice_is_refused_and_the_environment_counts_before_the_file(tmp_path: Path) -> None:
    held, env_file = tmp_path / "key", tmp_path / ".env"
    held.write_text(DRAWN)
    (line,) = problems(tmp_path, SECRET_KEY=DRAWN, SECRET_KEY_FILE=str(held))
    assert "given twice" in line
    assert DRAWN not in line
    env_file.write_text(f"REACHBOARD_SECRET_KEY={'x' * 32}\nREACHBOARD_PORT=9000\n")
    settings = load(tmp_path, env_file, SECRET_KEY_FILE=str(held), PLAN="Plan B")
    assert settings.secret() == DRAWN.encode()
    assert [settings.origin(name) for name in ("secret_key", "port", "plan", "zone")] == [
        "secret file", ".env file", "environment", "default"
    ]  # fmt: skip


def test_a_child_is_given_the_state_database_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = tmp_path / "url"
    held.write_text("postgresql+psycopg://me:hush@host/db")
    monkeypatch.setenv("REACHBOARD_STATE_URL_FILE", str(held))
    settings = Settings.load(env_file=None)
    child = Settings.load(settings.for_child(), None)
    assert child.state == settings.state == held.read_text()
