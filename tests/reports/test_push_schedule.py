"""Pushes by the clock: in processes of their own, tried again where they fail, told, and told when over."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.transfers import Kind
from config.settings import get_settings
from remote.breaker import MINUTE_US, Circuit
from reports.__main__ import main
from reports.transfer.keeper import Keeper
from reports.transfer.problems import TargetError
from reports.transfer.targets import Timing
from reports.transfer.tried import begun, failed, succeeded
from state.pushes import TargetState
from tests import s3_server
from tests.postgres import Server
from tests.reports.conftest import Sender

NOW = 1_790_000_000_000_000
TIMING = Timing(failures=3, pause=45)


def state_of(sender: Sender) -> TargetState:
    found = sender.store.pushes.target("warehouse")
    assert found is not None
    return found


def told(sender: Sender) -> list[tuple[str, bool]]:
    """The incidents of transfers, and whether each is over."""
    return [(one.kind, one.recovered_us is not None) for one in sender.store.incidents.since(0)]


def test_failures_come_again_later_and_later_then_open_the_circuit_until_a_push_arrives() -> None:
    state, waits = TargetState("a", next_us=NOW), []
    for _ in range(3):
        state = failed(begun(state, TIMING, NOW), TIMING, "it is broken", NOW)
        assert state.next_us is not None
        waits.append((state.next_us - NOW) / MINUTE_US)
    assert 0.75 <= waits[0] <= 1
    assert 1.5 <= waits[1] <= 2
    assert waits[2] == 45
    assert (state.circuit, state.failures, state.fails) == (Circuit.OPEN, 3, True)
    probe = begun(state, TIMING, NOW)
    assert probe.circuit == Circuit.HALF_OPEN
    assert failed(probe, TIMING, "still", NOW).circuit == Circuit.OPEN
    well = succeeded(probe, TIMING, NOW, "UTC")
    assert (well.circuit, well.failures, well.wrong, well.began_us) == (Circuit.CLOSED, 0, "", None)
    killed = begun(begun(TargetState("a"), TIMING, NOW), TIMING, NOW)
    assert (killed.failures, killed.wrong) == (1, "the last push was ended before it could finish")


@pytest.mark.parametrize("sender", ["sftp"], indirect=True)
def test_a_target_that_is_down_is_tried_again_told_and_told_once_more_when_it_works(
    sender: Sender, tmp_path: Path
) -> None:
    sender.push(months=["2026-02"])
    (tmp_path / "remote").rename(tmp_path / "away")
    for tries in (1, 2, 3):
        assert told(sender) == []
        with pytest.raises(TargetError, match="there is no such folder"):
            sender.push()
        state = state_of(sender)
        assert (state.failures, state.fails) == (tries, tries == 3)
        assert state.next_us is not None
    assert state.wrong.startswith("warehouse.toml: there is no such folder")
    assert told(sender) == [(Kind.PUSH, False)]
    (tmp_path / "away").rename(tmp_path / "remote")
    assert sender.months() == ["2025-12", "2026-01", "2026-03"], "February stands there already"
    assert told(sender) == [(Kind.PUSH, True)]
    assert (state_of(sender).failures, state_of(sender).wrong) == (0, "")


Spoil = Callable[[Sender], Sender]


def _changed(old: str, new: str) -> Spoil:
    def spoil(sender: Sender) -> Sender:
        assert old in sender.place
        sender.write(sender.place.replace(old, new))
        return sender

    return spoil


def _no_port(sender: Sender) -> Sender:
    sender.write(re.sub(r":\d+/", ":1/", sender.place))
    return sender


def _set(**settings: object) -> Spoil:
    def spoil(sender: Sender) -> Sender:
        return replace(sender, settings=sender.settings.model_copy(update=settings))

    return spoil


def _stranger(sender: Sender) -> Sender:
    import asyncssh

    key = asyncssh.generate_private_key("ssh-ed25519")
    path = sender.settings.var / "stranger"
    key.write_private_key(str(path))
    path.chmod(0o600)
    public = key.export_public_key().decode().strip()
    where = sender.place.index("host_key")
    first = sender.place.index('"', where) + 1
    host_key = sender.place[first : sender.place.index('"', first)]
    sender.write(sender.place.replace(host_key, public))
    return sender


def _token(text: str) -> Spoil:
    return _set(tokens={"s3": SecretStr(text)})


@pytest.mark.parametrize(
    ("sender", "spoil", "words"),
    [
        ("sftp", _stranger, "its host key is not the one in"),
        ("sftp", _no_port, "nothing answers there; check host and port"),
        ("sftp", _changed("/key", "/none"), "key_file cannot be read"),
        ("s3", _changed("s3://", "s3://another-"), "there is no such bucket"),
        ("s3", _set(tokens={}), "REACHBOARD_TOKEN_S3 is not set"),
        ("s3", _token("no-colon"), "with a colon between them"),
        ("postgresql", _set(sql={}), "REACHBOARD_SQL_OUT is not set"),
        ("postgresql", _changed('"public"', '"nowhere"'), "there is no such schema"),
        ("sqlite", _set(sql={"out": SecretStr("sqlite:////nowhere/at/all.db")}), "file cannot be opened"),
        ("sqlite", _set(sql={"out": SecretStr("no+driver://u:secret-word@h/d")}), "driver of .* is not in"),
        ("local", _changed("/share", "/nowhere"), "there is no such folder; make it, or mount it"),
    ],
    indirect=["sender"],
)  # fmt: skip
def test_what_is_wrong_at_the_target_is_said_without_a_secret(
    sender: Sender, spoil: Spoil, words: str
) -> None:
    spoilt = spoil(sender)
    with pytest.raises(TargetError, match=words):
        spoilt.push(months=["2026-02"])
    said = state_of(sender).wrong
    assert said.startswith("warehouse.toml: ")
    for secret in ("secret-word", "a-password-of-tests", s3_server.TOKEN.partition(":")[2], "no-colon"):
        assert secret not in said


@pytest.mark.parametrize("sender", ["postgresql"], indirect=True)
def test_a_wrong_password_is_said_and_kept_back(sender: Sender, postgres: Server) -> None:
    url = sender.settings.sql["out"].get_secret_value().replace("a-password-of-tests", "another-word")
    spoilt = _set(sql={"out": SecretStr(url)})(sender)
    with pytest.raises(TargetError, match="it does not accept the user or the password"):
        spoilt.push(months=["2026-02"])
    assert "another-word" not in state_of(sender).wrong


def test_a_table_of_other_columns_is_left_alone(sender: Sender, tmp_path: Path) -> None:
    import sqlalchemy as sa

    url = f"sqlite:///{tmp_path / 'theirs.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table reachboard_monthly (month text, theirs text)"))
    engine.dispose()
    sender.write('[sql]\ndatabase = "out"', what="")
    sender.kind = "sqlite"
    sender.write('[sql]\ndatabase = "out"')
    spoilt = _set(sql={"out": SecretStr(url)})(sender)
    with pytest.raises(TargetError, match="its table reachboard_monthly has no column schema, snapshot"):
        spoilt.push(months=["2026-02"])


def _environment(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = sender.settings
    assert settings.secret_key is not None
    for name, value in (
        ("VAR", str(settings.var)), ("SECRET_KEY", settings.secret_key.get_secret_value()),
        ("ZONE", settings.zone),
    ):  # fmt: skip
        monkeypatch.setenv(f"REACHBOARD_{name}", value)


def _until(done: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_keeper_pushes_what_is_new_in_a_child_and_not_again_before_tomorrow(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    _environment(sender, monkeypatch)
    keeper = Keeper(sender.settings, sender.store)
    assert keeper.look() == 1, "a new target is tried at once"
    assert keeper.look() == 1, "and not twice side by side"
    _until(lambda: keeper.look() == 0)
    state = state_of(sender)
    assert (state.words, state.plan) == ("works", "every day at 05:30")
    assert len(sender.store.pushes.history("warehouse")) == 4
    assert state.next_us is not None
    assert 0 < state.next_us - time.time_ns() // 1000 <= 25 * 60 * MINUTE_US
    assert keeper.look() == 0
    sender.path.unlink()
    keeper.look()
    assert sender.store.pushes.targets() == []


def test_a_child_that_is_killed_is_a_failure_and_what_it_left_is_taken_up(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _environment(sender, monkeypatch)
    keeper = Keeper(sender.settings, sender.store)
    keeper.look()
    (child,) = keeper.children.values()
    _until(lambda: any((tmp_path / "share").iterdir()))
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    final = [path for path in (tmp_path / "share").iterdir() if path.name.endswith(".manifest.json")]
    assert all(main(["verify", str(path)]) == 0 for path in final)
    keeper.look()
    state = state_of(sender)
    assert (state.failures, state.wrong) == (1, "warehouse.toml: it was ended before it could finish")
    sender.push()
    assert sender.wrong() == []
    assert not list((tmp_path / "share").glob(".*.part"))


def test_the_command_line_pushes_tells_and_verifies(
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    _environment(sender, monkeypatch)
    get_settings.cache_clear()
    request.addfinalizer(get_settings.cache_clear)
    (sender.settings.targets / "broken.toml").write_text("[folder]\n")

    def run(*command: str) -> tuple[int, str, str]:
        code = main(command)
        told = capsys.readouterr()
        return code, told.out, told.err

    code, out, err = run("push")
    assert code == 1, "one of them is broken"
    assert "warehouse: 2026-02: sent: " in out
    assert "broken.toml: [folder] at: Field required." in err
    _, stood, _ = run("targets")
    assert "every day at 05:30: works" in stood
    assert "fails: once" in stood
    assert run("verify", "--target", "warehouse") == (0, "warehouse: 4 months are as they were sent.\n", "")
    next((tmp_path / "share").glob("*2026-02*.csv")).write_text("spoilt")
    code, out, err = run("verify", "--target", "warehouse")
    assert (code, out) == (1, "")
    assert "is not what was sent" in err
    near = 'there is no target "warehose"; did you mean "warehouse"?\n'
    assert run("push", "--target", "warehose") == (1, "", near)
