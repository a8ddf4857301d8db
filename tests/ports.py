"""Ports of loopback for servers that tests start."""

from __future__ import annotations

import socket
import subprocess
import time

SECONDS = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: str = "") -> None:
    """Wait until a server answers on a port; fails where it ended."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, f"the server ended: {log}"
            assert time.monotonic() < until
            time.sleep(0.05)
