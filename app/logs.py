"""Logs: JSON lines in production, plain lines elsewhere; never a value, an address or a text of others."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from gunicorn.glogging import Logger

OURS = "reachboard"
REQUESTS = f"{OURS}.request"
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FRAMES = 4
# What a library says from here on may quote what somebody sent.
_QUOTED = re.compile(r"[:=\"'`{<%]|\bip\b")
_SIGNAL = re.compile(r"SIG[A-Z]{2,8}[!.]?")


class Lines(logging.Formatter):
    """A record as one line of JSON; of an error its kind and place, of other libraries no values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        line |= fields if isinstance(fields, dict) else {"message": message(record)}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "at": places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False)


def message(record: logging.LogRecord) -> str:
    """What a record says: all of it where it is ours, else no more than the words of the library itself."""
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        return record.getMessage()
    args = record.args if isinstance(record.args, tuple) else (record.args,)
    if args and all(_is_plain(one) for one in args):
        return record.getMessage()
    return _QUOTED.split(str(record.msg), maxsplit=1)[0].strip()


def _is_plain(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and _SIGNAL.fullmatch(value) is not None)


def places(trace: TracebackType | None) -> str:
    """Where an error came up, innermost first: files, lines and functions, no values."""
    frames = traceback.extract_tb(trace)
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames[-FRAMES:]))


def set_up(production: bool) -> None:
    """Log to stderr from here on, in this process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(production))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Flask would add a handler of its own, in its own words.
    logging.getLogger(REQUESTS).setLevel(logging.INFO if production else logging.WARNING)
    if production:
        logging.captureWarnings(True)
        threading.excepthook = _of_thread


def _of_thread(failed: threading.ExceptHookArgs) -> None:
    told = (failed.exc_type, failed.exc_value, failed.exc_traceback)
    logging.getLogger(f"{OURS}.thread").error("A thread ended by an error.", exc_info=told)  # type: ignore[arg-type]


def _formatter(production: bool) -> logging.Formatter:
    return Lines() if production else logging.Formatter(PLAIN)


class OfServer(Logger):  # type: ignore[misc]
    """What gunicorn says, as lines of JSON."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(_formatter(production=True))
