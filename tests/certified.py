"""The certified provider of the tests: npm's `oidc-provider`, as tests/install_oidc.sh installs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import ROOT
from tests.hostile import CLIENT, SECRET
from tests.ports import wait_for

FOLDER = ROOT / "var" / "tests" / "oidc-provider"
PROGRAM = Path(__file__).parent / "provider" / "serve.mjs"


def is_there() -> bool:
    return shutil.which("node") is not None and (FOLDER / "node_modules" / "oidc-provider").is_dir()


@contextmanager
def running(port: int, back: str, log: Path, userinfo: bool = False) -> Iterator[str]:
    """The provider, for an app that is reached at `back`; gives its issuer."""
    told = {"port": port, "client": CLIENT, "secret": SECRET, "back": back}
    with log.open("wb") as file:
        process = subprocess.Popen(
            ["node", str(PROGRAM), json.dumps({**told, "userinfo": userinfo})],
            cwd=FOLDER, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(port, process, str(log))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)
