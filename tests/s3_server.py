"""An S3 of the tests' own (moto), in a process of its own on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyarrow import fs

from tests.ports import free_port, wait_for

COMMAND = "from moto.server import main; main()"
TOKEN = "AKIATESTS:a-secret-key-of-tests"


class Server:
    """A running server; `bucket` makes an empty bucket and returns its name."""

    def __init__(self, port: int) -> None:
        self.endpoint, self.made = f"http://127.0.0.1:{port}", 0
        self.system: Any = fs.S3FileSystem(
            access_key="AKIATESTS", secret_key="a-secret-key-of-tests", region="us-east-1", scheme="http",
            endpoint_override=f"127.0.0.1:{port}", allow_bucket_creation=True,
        )  # fmt: skip

    def bucket(self) -> str:
        self.made += 1
        self.system.create_dir(f"Drop-{self.made}".lower())
        return f"drop-{self.made}"

    def put(self, path: str, content: bytes) -> None:
        with self.system.open_output_stream(path, compression=None) as out:
            out.write(content)


@contextmanager
def running() -> Iterator[Server]:
    """A server that is ended by its own process id."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", COMMAND, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield Server(port)
    finally:
        process.terminate()
        process.wait()
