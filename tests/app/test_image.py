"""The image and the compose file: nothing in them that production must not have; `make prove` runs them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import ROOT, Settings
from deploy.dockerfile import Unreadable, stages

STAGES = stages((ROOT / "Dockerfile").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
LAST = STAGES[-1]
BESIDE = {"bench", "faults", "tests", "deploy"}
"""Rooms that no server needs."""


def test_the_last_stage_builds_nothing_and_runs_as_nobody_special() -> None:
    assert len(STAGES) == 2
    steps = " ".join(one.rest for one in LAST.instructions if one.word == "RUN")
    assert not re.search(r"\b(apt|apt-get|pip|gcc|make|curl|wget|git)\b", steps)
    user = LAST.last("USER")
    assert user is not None
    assert all(int(part) >= 10_000 for part in user.rest.split(":"))
    assert LAST.last("HEALTHCHECK") is not None
    assert LAST.last("CMD").command == ["python", "-m", "app", "serve"]  # type: ignore[union-attr]


def test_bases_are_pinned_and_what_is_installed_is_locked() -> None:
    assert {re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", stage.base) is None for stage in STAGES} == {False}
    installed = next(one.rest for one in STAGES[0].instructions if "pip install" in one.rest)
    assert "--require-hashes" in installed
    assert "--only-binary=:all:" in installed


def test_the_image_holds_every_room_that_serves_and_no_other() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - BESIDE
    assert "*" in lines, "nothing comes along unnamed"
    assert {line[1:] for line in lines if line.startswith("!")} == rooms | {"requirements.txt", "assets"}


def test_the_image_says_production_and_holds_no_secret() -> None:
    told = LAST.environment()
    assert (told["REACHBOARD_PRODUCTION"], told["REACHBOARD_DEMO"], told["REACHBOARD_SAMPLE"]) == (
        "1",
        "0",
        "0",
    )
    assert not [name for name in told if re.search("SECRET|PASSWORD|TOKEN|URL", name)]


def test_an_instruction_that_is_not_known_is_not_passed_over() -> None:
    with pytest.raises(Unreadable, match="ADD"):
        stages("FROM x\nADD y /z\n")


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_locked_down(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert ("ports" in service) == (name == "app"), "only the app is reached from this machine"
    assert name == "app" or re.fullmatch(r"\w+:\d+\.\d+(\.\d+)?-\w+", service["image"])
    assert name == "app" or service["networks"] == ["inside"]
    for key, text in service.get("environment", {}).items():
        assert key.endswith("_FILE") or not re.search("SECRET|PASSWORD|TOKEN|_URL", key), (key, text)
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_all_secrets_are_files_that_git_and_image_leave_out() -> None:
    assert all(set(one) == {"file"} for one in COMPOSE["secrets"].values())
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_drawn_secrets_start_production_and_stay(tmp_path: Path) -> None:
    shutil.copy(ROOT / "deploy/secrets.sh", tmp_path)
    script = ["sh", str(tmp_path / "secrets.sh")]
    first = subprocess.run(script, capture_output=True, text=True, check=True)
    held = tmp_path / "secrets"
    texts = {path.name: path.read_text() for path in held.iterdir()}
    assert "oidc_client_secret" in first.stderr
    (held / "oidc_client_secret").write_text("of-the-provider")
    assert not subprocess.run(script, capture_output=True, text=True, check=True).stderr
    assert {name: (held / name).read_text() for name in texts} == texts
    assert held.stat().st_mode & 0o777 == 0o700
    assert len(set(texts.values())) == len(texts)
    lines = (ROOT / "deploy/plan.env.example").read_text().splitlines()
    plan = dict(line.split("=", 1) for line in lines if line.startswith("REACHBOARD_"))
    files = COMPOSE["services"]["app"]["environment"]
    given = {name: path.replace("/run/secrets", str(held)) for name, path in files.items()}
    settings = Settings.load({**LAST.environment(), **plan, **given, "REACHBOARD_VAR": str(tmp_path)}, None)
    assert settings.production
    assert settings.redis is not None
    assert settings.redis.split(":")[2].split("@")[0] in texts["redis.conf"]
    assert texts["postgresql_password"] in settings.state
