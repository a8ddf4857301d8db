"""Runs what the Dockerfile says where no container engine is at hand: `python -m deploy.prove`.

As root on Linux: each stage gets this machine's files under a layer of its own (overlay) for a base image;
then its COPY, RUN, ENV, USER and CMD are done in it. The last one runs read-only, as its user, with a
PostgreSQL and a Redis, and is asked what docs/production.md promises. What is not proved is told at the end.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.dockerfile import Instruction, Stage, stages
from tests import postgres, redis_server
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NAME = "board.plan.example"
BY_TLS = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
SECONDS = 240
NOT_PROVED = (
    "that the base images can be had under their tags, and what is in them: this machine stands for them",
    "that the engine builds, signs and scans the image, and keeps its limits of memory and processes",
    "compose.yaml beyond its form: networks, volumes, restarts, the images of PostgreSQL and Redis",
    "the proxy in front: requests came with its headers, not through it",
)


class Layer:
    """A stage's files: those of this machine below, what its steps write above."""

    def __init__(self, folder: Path) -> None:
        self.top, work, self.root = folder / "top", folder / "work", folder / "root"
        for one in (self.top, work, self.root):
            one.mkdir(parents=True)
        mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={self.top},workdir={work}", self.root)
        for name in ("proc", "dev"):
            mount("--bind", f"/{name}", self.root / name)
        self.empty("tmp", "work", "home", "run")
        self.cwd, self.env = "/", {"PATH": PATH}
        shutil.copy2("/usr/bin/python3", self.root / "usr/local/bin/python")

    def empty(self, *names: str) -> None:
        """Nothing of this machine is seen there."""
        for name in names:
            place = self.root / name
            if place.is_dir():
                mount("-t", "tmpfs", "tmpfs", place)

    def path(self, name: str) -> Path:
        return self.root / os.path.normpath(f"{self.cwd}/{name}" if not name.startswith("/") else name)[1:]

    def start(
        self, command: list[str], env: Mapping[str, str], user: tuple[int, int] | None = None, **more: object
    ) -> subprocess.Popen[str]:
        def enter() -> None:
            os.chroot(self.root)
            os.chdir(self.cwd)
            if user is not None:
                os.setgroups([])
                os.setgid(user[1])
                os.setuid(user[0])

        return subprocess.Popen(command, env=dict(env), preexec_fn=enter, text=True, **more)  # type: ignore[call-overload,no-any-return]  # noqa: PLW1509

    def run(
        self, command: list[str], env: Mapping[str, str], user: tuple[int, int] | None = None
    ) -> tuple[int, str]:
        process = self.start(command, env, user, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate(timeout=900)
        return process.returncode, said


def mount(*words: object) -> None:
    subprocess.run(["mount", *map(str, words)], check=True)


def build(stage: Stage, layer: Layer, made: Mapping[str, Layer]) -> None:
    """Do the steps of a stage."""
    for step in stage.instructions:
        if step.word == "WORKDIR":
            layer.cwd = step.rest
            layer.path("").mkdir(parents=True, exist_ok=True)
        elif step.word == "ENV":
            layer.env |= dict(pair.split("=", 1) for pair in step.words)
        elif step.word == "COPY":
            copy(step, layer, made)
        elif step.word == "RUN":
            pip = {name: text for name, text in os.environ.items() if name.startswith(("PIP_", "HOME"))}
            code, said = layer.run(step.command, {**pip, **layer.env})
            told(code == 0, f"RUN {step.rest[:70]}", said)


def copy(step: Instruction, layer: Layer, made: Mapping[str, Layer]) -> None:
    *sources, target = step.words
    where = layer.path(target)
    if "from" in step.options:
        (source,) = sources
        shutil.copytree(
            made[step.options["from"]].root / source[1:], where, symlinks=True, dirs_exist_ok=True
        )
        return
    for source in sources:
        for name in context() if source == "." else [source]:
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, where / name)


def context() -> Iterator[str]:
    """The files that .dockerignore lets into the image: what it names with `!`, without what it takes out."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    wanted = [line[1:] for line in lines if line.startswith("!")]
    out = {line for line in lines if not line.startswith(("!", "#", "*"))}
    for name in listed.stdout.splitlines():
        if name not in out and any(name == one or name.startswith(f"{one}/") for one in wanted):
            yield name


def told(right: bool, words: str, why: str = "") -> None:
    print("ok  " if right else "FAIL", words, flush=True)
    if not right:
        raise SystemExit(f"{words}: {why[-4000:]}")


def prove(layer: Layer, stage: Stage, folder: Path) -> None:
    """Run the last stage as an engine would, and ask it."""
    user = tuple(map(int, (stage.last("USER") or Instruction("USER", "0:0")).rest.split(":")))
    told(min(user) > 0, f"it runs as {user}, not as root")
    told(not (layer.root / "opt/venv/bin/pip").exists(), "no pip is left in it")
    command = (stage.last("CMD") or Instruction("CMD", "[]")).command
    with ExitStack() as stack:
        env, var = stack.enter_context(surroundings(layer, folder, user))  # type: ignore[arg-type]
        refused, said = layer.run(command, layer.env, user)  # type: ignore[arg-type]
        told(refused == 2 and said.count("REACHBOARD_") > 6, "without settings it refuses in words", said)
        for place in ("/opt/reachboard/x", "/etc/x", "/opt/venv/x"):
            code, _ = layer.run(["/bin/sh", "-c", f"echo > {place}"], layer.env, user)  # type: ignore[arg-type]
            told(code != 0, f"{place} cannot be written")
        for words in (["app", "prepare"], ["etl", "status"]):
            code, said = layer.run(["python", "-m", *words], env, user)  # type: ignore[arg-type]
            told(code == 0, f"python -m {' '.join(words)}", said)
        keys = {role: key(layer, env, user, role) for role in ("monitor", "analyst")}  # type: ignore[arg-type]
        log = stack.enter_context((folder / "log").open("w+"))
        process = layer.start(command, env, user, stdout=log, stderr=log)  # type: ignore[arg-type]
        stack.callback(process.kill)
        check = (stage.last("HEALTHCHECK") or Instruction("HEALTHCHECK", "[]")).command
        wait(lambda: layer.run(check, env, user)[0] == 0, process, folder / "log")  # type: ignore[arg-type]
        told(True, "the health check says that it is ready")
        asked(int(env["REACHBOARD_PORT"]), keys)
        written = [path for path in var.rglob("*") if path.is_file()]
        told(
            bool(written) and not (var / "secret").exists(),
            "it writes below its volume, and makes up no secret",
        )
        process.send_signal(signal.SIGTERM)
        told(process.wait(60) == 0, "SIGTERM ends it")
        lines = (folder / "log").read_text()
        told('"route": "/api/v1/campaigns"' in lines, "its log has a line for each request", lines)
        told("203.0.113.9" not in lines and "proof-" not in lines, "which names nobody", lines)


@contextmanager
def surroundings(layer: Layer, folder: Path, user: tuple[int, int]) -> Iterator[tuple[dict[str, str], Path]]:
    """Secrets as files, a volume, a PostgreSQL and a Redis; the root can no longer be written."""
    var, held = folder / "var", layer.root / "run/secrets"
    var.mkdir(mode=0o700)
    os.chown(var, *user)
    mount("--bind", var, layer.root / "var/lib/reachboard")
    with (
        postgres.short_folder() as place,
        postgres.running(place) as state,
        redis_server.running(folder) as kept,
    ):
        database = state.database().partition("@/")[2].partition("?")[0]
        sockets = layer.root / "run/postgresql"
        for one in (sockets, held):
            one.mkdir(parents=True)
        place.chmod(0o755)
        mount("--bind", place, sockets)
        login = f"{postgres.USER}:{postgres.PASSWORD}"
        texts = {
            "secret_key": secrets.token_hex(32),
            "state_url": f"postgresql+psycopg://{login}@/{database}?host=/run/postgresql",
            "redis_url": kept.url,
        }
        for name, text in texts.items():
            (held / name).write_text(text)
            (held / name).chmod(0o444)
        mount("-o", "remount,ro", layer.root)
        given = {f"REACHBOARD_{name.upper()}_FILE": f"/run/secrets/{name}" for name in texts}
        plan = dict(
            line.split("=", 1)
            for line in (ROOT / "deploy/plan.env.example").read_text().splitlines()
            if "=" in line
        )
        own = {"REACHBOARD_PUBLIC_URL": f"https://{NAME}", "REACHBOARD_PORT": str(free_port())}
        yield {**layer.env, **plan, **given, **own}, var
        told(any("session" in one or "LIMIT" in one for one in kept.names()), "requests are counted in Redis")
        subprocess.run(["umount", str(sockets)], check=False)


def key(layer: Layer, env: Mapping[str, str], user: tuple[int, int], role: str) -> str:
    command = ["python", "-m", "app", "keys", "add", f"proof-{role}", "--role", role]
    code, said = layer.run(command, env, user)
    found = next((line.strip() for line in said.splitlines() if line.strip().startswith("reachboard_")), "")
    told(code == 0 and bool(found), f"a key for a {role}", said)
    return found


def asked(port: int, keys: Mapping[str, str]) -> None:
    """What docs/production.md promises of a running server."""

    def ask(path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        found = answer.status, dict(answer.headers), answer.read().decode()
        connection.close()
        return found

    told(ask("/sign-in", {"Host": NAME})[0] == 308, "in the clear people are led to https")
    status, headers, page = ask("/sign-in", BY_TLS)
    told(status == 200 and "Strict-Transport-Security" in headers, "the door is there, with HSTS", page)
    told(ask("/sign-in", {**BY_TLS, "Host": "elsewhere.example"})[0] == 400, "another name is refused")
    told(ask("/api/v1/campaigns", BY_TLS)[0] == 401, "the API wants a key")
    by_key = {**BY_TLS, "Authorization": f"Bearer {keys['analyst']}"}
    status, headers, _ = ask("/api/v1/campaigns", by_key)
    told(status == 200 and "RateLimit" in headers, "and answers to one, counted")
    watching = {**BY_TLS, "Authorization": f"Bearer {keys['monitor']}"}
    status, _, text = ask("/metrics", watching)
    told(status == 200 and "reachboard_state_up 1" in text, "metrics are told to who watches", text)


def wait(true: Callable[[], bool], process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while not true():
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"It did not come up: {log.read_text()[-4000:]}")
        time.sleep(0.5)


def main() -> int:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        print(
            "Not proved: this needs root and unshare, to give each stage a layer of its own.", file=sys.stderr
        )
        return 3
    if "--inside" not in sys.argv:
        words = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            sys.executable,
            "-m",
            "deploy.prove",
            "--inside",
        ]
        return subprocess.run(words, cwd=ROOT, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="reachboard-proof-", ignore_cleanup_errors=True) as folder:
        made: dict[str, Layer] = {}
        found = stages((ROOT / "Dockerfile").read_text())
        for number, stage in enumerate(found):
            layer = made[stage.name] = Layer(Path(folder) / str(number))
            if stage is found[-1]:
                layer.empty("root")
            build(stage, layer, made)
        prove(layer, found[-1], Path(folder))
        for layer in made.values():
            subprocess.run(["umount", "-R", "-l", str(layer.root)], check=False)
    print("Not proved here:", *(f"- {one}" for one in NOT_PROVED), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
