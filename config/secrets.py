"""The secret file: made once, readable by its owner alone, the same for every process."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


class SecretError(Exception):
    """A secret file that must not be used, or is missing where none may be made."""


def read_or_make(path: Path, length: int, make: bool = True) -> bytes:
    """The secret in `path`, at least `length` bytes; made first when missing and `make` allows it."""
    if not path.exists():
        if not make:
            raise SecretError(f"expected to be set in production, or kept in {path}")
        _make(path)
    if path.stat().st_mode & 0o077:
        raise SecretError(f"{path} can be read by others; expected mode 0600: chmod 600 {path}")
    secret = path.read_bytes().strip()
    if len(secret) < length:
        raise SecretError(f"{path} holds {len(secret)} bytes; expected at least {length}")
    return secret


def read(path: Path) -> str:
    """The secret that somebody put into `path`; `SecretError` where there is none, or others can read it."""
    if not path.exists():
        raise SecretError(f"{path.name} is missing in the folder {path.parent.name}")
    if path.stat().st_mode & 0o077:
        raise SecretError(f"{path.name} can be read by others; expected mode 0600: chmod 600 {path.name}")
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise SecretError(f"{path.name} is empty")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole and never replaces: of two processes the slower takes the other's secret.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
