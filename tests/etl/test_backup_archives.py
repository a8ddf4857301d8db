"""Hostile and damaged archives, and kills at any moment: one sentence, and nothing that is half."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT, Settings
from data.snapshot import Lake
from etl.__main__ import main
from etl.archive import BackupError
from etl.backup import backup
from etl.refresh import refresh
from etl.restore import check, restore
from state.store import Store
from tests.feeds import SECRET, ZONE, load, settings_of
from tests.worlds import deal, world

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_of(tmp_path_factory.mktemp("made") / "var")
    load(settings, deal(world(5, 20, 1, days=6), 1, 1))
    store = Store(settings.state)
    store.add_note(None, 20_500, "Begun", "manager")
    store.close()
    refresh(settings)
    return settings


@pytest.fixture(scope="module")
def good(made: Settings) -> bytes:
    """A good archive of a small lake."""
    file = made.var.parent / "good.tar"
    backup(made, file)
    return file.read_bytes()


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("REACHBOARD_VAR", str(tmp_path / "there" / "var"))
    monkeypatch.setenv("REACHBOARD_ZONE", ZONE)
    monkeypatch.setenv("REACHBOARD_SECRET_KEY", SECRET)
    (tmp_path / "there").mkdir()
    return settings_of(tmp_path / "there" / "var")


def unpacked(raw: bytes) -> Members:
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return [(one, tar.extractfile(one).read()) for one in tar.getmembers()]


def packed(members: Members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for info, body in members:
            info.size = len(body) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(body))
    return out.getvalue()


def named(name: str, body: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> Members:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return [(info, body)]


def listed(raw: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The archive with its list changed."""
    *files, (info, body) = unpacked(raw)
    told = json.loads(body)
    change(told)
    return packed([*files, (info, json.dumps(told).encode())])


def without(raw: bytes, name: str) -> bytes:
    return packed([(info, body) for info, body in unpacked(raw) if not info.name.startswith(name)])


def forgotten(raw: bytes) -> bytes:
    """The last commit of `released` taken away, from the list as well."""
    gone = max(info.name for info, _ in unpacked(raw) if info.name.startswith("lake/released/_delta_log/"))
    return without(listed(raw, lambda told: told["files"].pop(gone)), gone)


def replaced(raw: bytes, mend: bool) -> bytes:
    """Another content in a file, of which the list may know."""
    members = unpacked(raw)
    at = next(n for n, (info, _) in enumerate(members) if info.name.startswith("lake/released/part"))
    info, body = members[at]
    members[at] = (info, bytes([body[0] ^ 1]) + body[1:])
    out = packed(members)
    if not mend:
        return out
    digest = sha256(members[at][1]).hexdigest()
    return listed(out, lambda told: told["files"][info.name].update(sha256=digest))


NOT_OURS, CUT = "leads out of the folder", "cut short"
ALTERED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "text": (lambda _: b"a letter, not an archive\n" * 90, "cannot be read as an archive"),
    "empty": (lambda _: b"", "cannot be read as an archive"),
    "compressed": (gzip.compress, "cannot be read as an archive"),
    "another tar": (lambda _: packed(named("lake/loads/x.json")), "lacks its list"),
    "cut at the start": (lambda raw: raw[:700], CUT),
    "cut inside": (lambda raw: raw[: len(raw) // 2], CUT),
    "cut between files": (lambda raw: without(raw, "manifest"), CUT),
    "cut in its list": (lambda raw: raw[: raw.rindex(b'"seal"')], CUT),
    "a way up": (lambda raw: packed([*named("../out"), *unpacked(raw)]), NOT_OURS),
    "a way up in the lake": (lambda raw: packed([*named("lake/../../out"), *unpacked(raw)]), NOT_OURS),
    "an absolute name": (lambda raw: packed([*named("/tmp/reachboard-out"), *unpacked(raw)]), NOT_OURS),
    "a name with a break": (lambda raw: packed([*named("lake/\nout"), *unpacked(raw)]), NOT_OURS),
    "a foreign name": (lambda raw: packed([*named("crontab"), *unpacked(raw)]), NOT_OURS),
    "a link": (
        lambda raw: packed([*named("lake/x", kind=tarfile.SYMTYPE, link="/etc"), *unpacked(raw)]), NOT_OURS,
    ),
    "a hard link": (
        lambda raw: packed([*named("lake/x", kind=tarfile.LNKTYPE, link="/etc/passwd"), *unpacked(raw)]),
        NOT_OURS,
    ),
    "a device": (lambda raw: packed([*named("lake/x", kind=tarfile.CHRTYPE), *unpacked(raw)]), NOT_OURS),
    "a folder": (lambda raw: packed([*named("lake/x", kind=tarfile.DIRTYPE), *unpacked(raw)]), NOT_OURS),
    "a file twice": (lambda raw: packed([*unpacked(raw)[:1], *unpacked(raw)]), "twice"),
    "a file too many": (lambda raw: packed([*named("lake/x"), *unpacked(raw)]), "that its list names"),
    "a file too few": (lambda raw: without(raw, "lake/released/part"), "that its list names"),
    "a changed file": (lambda raw: replaced(raw, mend=False), "checksum differs"),
    "a changed file and its sum": (lambda raw: replaced(raw, mend=True), "list of this archive was changed"),
    "a commit forgotten": (forgotten, "list of this archive was changed"),
    "another snapshot": (
        lambda raw: listed(raw, lambda told: told.update(snapshot=9)), "list of this archive was changed",
    ),
    "another key": (lambda raw: listed(raw, lambda told: told.update(key="0" * 80)), "key of this archive"),
    "another form": (lambda raw: listed(raw, lambda told: told.update(form=2)), "form that this version"),
    "a newer product": (lambda raw: listed(raw, lambda told: told.update(product="99.0")), "a newer"),
    "a list without files": (lambda raw: listed(raw, lambda told: told.pop("files")), "cannot be read"),
    "a list too deep": (
        lambda raw: packed([*unpacked(raw)[:-1], *named("manifest.json", b"[" * 200_000)]), "cannot be read",
    ),
    "a list of numbers": (
        lambda raw: packed([*unpacked(raw)[:-1], *named("manifest.json", b"9" * 9_000)]), "cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_an_archive_that_is_not_whole_puts_nothing_in_place(
    good: bytes, new: Settings, tmp_path: Path, capsys, name: str
) -> None:
    alter, words = ALTERED[name]
    file = tmp_path / "altered.tar"
    file.write_bytes(alter(good))
    assert main(["restore", str(file)]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1, "one sentence, and no trace"
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["altered.tar", "there"]
    assert not Path("/tmp/reachboard-out").exists()


def test_any_byte_may_be_wrong(good: bytes, made: Settings, tmp_path: Path) -> None:
    """A byte that differs is found, or stands where nothing is read; no other error comes of it."""
    rng, file, found = random.Random(4), tmp_path / "one.tar", 0
    places = [rng.randrange(len(good)) for _ in range(120)]
    # The headers of a tar and its list take other ways than the files do.
    places += [at * 512 + rng.randrange(345) for at in range(0, 40)]
    places += [rng.randrange(good.rindex(b"manifest.json"), len(good)) for _ in range(60)]
    for at in places:
        file.write_bytes(good[:at] + bytes([good[at] ^ (1 << rng.randrange(8))]) + good[at + 1 :])
        try:
            check(made, file)
        except BackupError:
            found += 1
    assert found > len(places) // 2


def test_a_disk_that_fills_leaves_nothing(
    good: bytes, made: Settings, new: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "good.tar"
    file.write_bytes(good)
    with monkeypatch.context() as patched:
        patched.setattr(os, "sync", full)
        assert main(["restore", str(file)]) == 2
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            backup(made, tmp_path / "other.tar")
    assert not list(new.var.iterdir())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["good.tar", "there"]
    restore(new, file)


# The real command in a real process, which ends itself by the kill that nothing catches after so many calls.
KILLED = """
import importlib, os, signal, sys
owner, name, left = importlib.import_module(sys.argv[1]), sys.argv[2], [int(sys.argv[3])]
*path, name = name.split(".")
for part in path:
    owner = getattr(owner, part)
true = getattr(owner, name)
def counted(*given, **more):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return true(*given, **more)
setattr(owner, name, counted)
from etl.__main__ import main
sys.exit(main(sys.argv[4:]))
"""


def killed(settings: Settings, module: str, name: str, calls: int, *words: str) -> None:
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("REACHBOARD_")},
        "REACHBOARD_VAR": str(settings.var), "REACHBOARD_SECRET_KEY": SECRET, "REACHBOARD_ZONE": ZONE,
    }  # fmt: skip
    command = [sys.executable, "-c", KILLED, module, name, str(calls), *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_killed_backup_leaves_no_archive(made: Settings, tmp_path: Path) -> None:
    killed(made, "etl.archive", "Packing._put", 30, "backup", str(tmp_path / "one.tar"))
    assert not list(tmp_path.glob("*.tar"))
    left = [one.name for one in tmp_path.iterdir()]
    assert left == [".one.tar.reachboard-draft"]
    assert (tmp_path / left[0]).stat().st_mode & 0o777 == 0o600
    backup(made, tmp_path / "two.tar")
    assert [one.name for one in tmp_path.iterdir()] == ["two.tar"], "what was left is taken away"


@pytest.mark.parametrize(("name", "calls"), [("_write", 25), ("Path.rename", 0), ("Path.rename", 1)])
def test_a_killed_restore_is_done_again(
    good: bytes, made: Settings, new: Settings, tmp_path: Path, name: str, calls: int
) -> None:
    """Killed while files are made ready, before the state is put in place, and between state and lake."""
    file = tmp_path / "one.tar"
    file.write_bytes(good)
    killed(new, "etl.restore", name, calls, "restore", str(file))
    assert not new.lake.exists()
    journal = new.var / "state.db-journal"
    journal.touch()
    with pytest.raises(BackupError, match="move it away"):
        restore(new, file)
    journal.unlink()
    restore(new, file)
    assert Lake(new.lake).latest() == Lake(made.lake).latest()
    assert Lake(new.lake).frame("released").equals(Lake(made.lake).frame("released"))
    assert sorted(one.name for one in new.var.iterdir()) == ["lake", "ledger", "state.db"]
    assert not refresh(new).changed
