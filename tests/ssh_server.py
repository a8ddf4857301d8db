"""An SSH server of the tests' own on loopback: sshd with keys of its own, for SFTP alone."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tests.ports import free_port, wait_for

CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@dataclass(frozen=True)
class Server:
    """A running server: whom it lets in, by which key, and how it is known."""

    port: int
    user: str
    host_key: str
    key_file: Path
    folder: Path


def program() -> str | None:
    return shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server that is ended by its own process id."""
    where = program()
    assert where is not None
    port, log = free_port(), folder / "log"
    host, key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    host.write_private_key(str(folder / "host"))
    key.write_private_key(str(folder / "key"))
    for name in ("host", "key"):
        (folder / name).chmod(0o600)
    (folder / "authorized").write_bytes(key.export_public_key())
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([where, "-D", "-f", str(folder / "config"), "-E", str(log)])
    try:
        wait_for(port, process, log.read_text() if log.exists() else "")
        public = host.export_public_key().decode().strip()
        yield Server(port, getpass.getuser(), public, folder / "key", folder)
    finally:
        process.terminate()
        process.wait()
