"""From a fault of the real loading to somebody who is told, and back, by the commands and the schedule."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from etl import checks, commands, schedule
from etl.__main__ import main
from etl.door import import_file
from state.incidents import IncidentStore
from tests.feeds import SECRET, Piece, load, mapping_of
from tests.receivers import Receiver
from tests.worlds import deal, world

Telling = Callable[..., Settings]


@pytest.fixture
def plan(telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty plan that tells a webhook, here and in every command."""
    settings = telling(
        "webhook", receiver=receiver, secret_key=SECRET, public_url="https://board.plan.example"
    )
    named = {
        "VAR": str(settings.var), "SECRET_KEY": SECRET, "ALERTS": "webhook", "ALERT_URL": settings.alert_url,
        "PUBLIC_URL": settings.public_url,
    }  # fmt: skip
    for name, value in named.items():
        monkeypatch.setenv(f"REACHBOARD_{name}", value)
    return settings


@pytest.fixture
def pieces() -> list[Piece]:
    return deal(world(8, 12, 1, days=10), 8, 2)


def told(receiver: Receiver) -> list[tuple[str, str]]:
    bodies = [json.loads(one.body) for one in receiver.posted]
    return [(body["type"].removeprefix("incident."), body["data"]["kind"]) for body in bodies]


def test_a_blocked_publish_is_told_once_and_once_that_it_is_over(
    plan: Settings, receiver: Receiver, pieces: list[Piece], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(plan, pieces)
    bad = checks.Check("never_right", "A check that always finds a bad row.", "select 1")
    with monkeypatch.context() as patched:
        patched.setattr(checks, "CHECKS", (*checks.CHECKS, bad))
        for _ in range(3):
            assert main(["run"]) == 3
            schedule._tell(plan)
    assert told(receiver) == [("opened", "publish-blocked")]
    for _ in range(2):
        assert main(["run"]) == 0
        schedule._tell(plan)
    assert told(receiver) == [("opened", "publish-blocked"), ("recovered", "publish-blocked")]
    body = json.loads(receiver.posted[0].body)
    assert body["data"]["link"] == "https://board.plan.example/data#data-wrong-panel"
    assert "1 bad" not in receiver.posted[0].body.decode()


@pytest.mark.parametrize("step", ["refresh", "drain"])
def test_a_run_that_fails_anywhere_is_told(
    step: str, plan: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise MemoryError("member M12345")

    with monkeypatch.context() as patched:
        patched.setattr(commands, step, broken)
        with pytest.raises(MemoryError):
            main(["run", "--scheduled"])
    schedule._tell(plan)
    assert told(receiver) == [("opened", "run-failed")]
    assert "It failed: MemoryError." in receiver.posted[0].body.decode()
    assert "M12345" not in receiver.posted[0].body.decode()
    assert main(["run", "--scheduled"]) == 0
    schedule._tell(plan)
    assert told(receiver)[1:] == [("recovered", "run-failed")]


@pytest.mark.parametrize(("dies", "said"), [
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "it was ended by signal 9"),
    ("raise SystemExit(70)", "it ended with code 70"),
])  # fmt: skip
def test_a_run_that_is_killed_is_told_by_the_schedule(
    dies: str, said: str, plan: Settings, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "python"
    stub.write_text(f"#!{sys.executable}\n{dies}\n")
    stub.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr(schedule.sys, "executable", str(stub))
        for _ in range(2):
            schedule._run(plan)
            schedule._tell(plan)
    assert told(receiver) == [("opened", "run-failed")]
    assert said in json.loads(receiver.posted[0].body)["data"]["words"]


def test_a_run_that_ends_with_its_server_is_no_fault(
    plan: Settings, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "python"
    stub.write_text(f"#!{sys.executable}\nimport os, signal; os.kill(os.getpid(), signal.SIGTERM)\n")
    stub.chmod(0o755)
    monkeypatch.setattr(schedule.sys, "executable", str(stub))
    schedule._run(plan)
    schedule._tell(plan)
    assert not receiver.posted


def test_a_spike_of_refusals_is_told_in_shares(plan: Settings, receiver: Receiver) -> None:
    rows = "\n".join(
        f"{n},sent,2026-11-0{1 + n % 9}T10:00:00Z,m{n},a{n}@x.example,c,w,v,," for n in range(400)
    )
    wrong = "\n".join(f"w{n},?,2026-11-01T10:00:00Z,m{n},a{n}@x.example,c,w,v,," for n in range(203))
    head = "id,event,at,msg,to,campaign,wave,variant,machine,detail\n"
    mapping = mapping_of(plan.var, "mailer")
    file = plan.var / "m.csv"
    file.write_text(head + rows + "\n" + wrong + "\n")
    landed = import_file(plan, file, mapping)
    assert (landed.loaded, landed.refused) == (400, 203)
    assert main(["run"]) == 0
    assert main(["tell"]) == 0
    words = json.loads(receiver.posted[0].body)["data"]["words"]
    assert "34% of the rows were refused; it never came before" in words
    assert "203" not in words


def test_the_command_tries_each_way(
    plan: Settings, receiver: Receiver, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["tell", "--test"]) == 0
    assert told(receiver) == [("opened", "test")]
    assert capsys.readouterr().out == "webhook: told\n"
    receiver.answers.append((403, {}))
    assert main(["tell", "--test"]) == 1
    assert capsys.readouterr().out == "webhook: it answered 403\n"
    monkeypatch.delenv("REACHBOARD_ALERTS")
    assert main(["tell"]) == 2


def test_nothing_is_kept_where_nothing_is_wrong(
    plan: Settings, receiver: Receiver, pieces: list[Piece], incidents: IncidentStore
) -> None:
    load(plan, pieces)
    assert main(["run"]) == 0
    schedule._tell(plan)
    assert not receiver.posted
    assert not incidents.since(0)
