"""The command line of compliance: python -m compliance audit COMMAND."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compliance import audit
from config.settings import SettingsError


def parser() -> argparse.ArgumentParser:
    """The commands and their words."""
    top = argparse.ArgumentParser(prog="python -m compliance", description=__doc__)
    rooms = top.add_subparsers(dest="room", required=True, metavar="audit")
    verbs = rooms.add_parser("audit", help="the ledger: verify, show, export, key").add_subparsers(
        dest="verb", required=True, metavar="verify | show | export | key"
    )
    verify = verbs.add_parser("verify", help="find what was changed in the ledger; code 1 where anything was")
    verify.add_argument("--folder", type=Path, metavar="FOLDER", help="a ledger elsewhere, as in a backup")
    verify.add_argument("--copy", type=Path, metavar="FOLDER", help="where checkpoints were copied to")
    verify.add_argument("--since", metavar="DAY", help="only what was written since, such as 2026-11-01")
    verify.add_argument(
        "--public-key", metavar="KEY", help="look without the secret: the public key, or a file that holds it"
    )
    verify.add_argument("--keep", action="store_true", help="keep what was found for the Ledger page")
    for name, meaning in (("show", "print entries, newest first"), ("export", "write entries to a CSV file")):
        asked = verbs.add_parser(name, help=meaning)
        asked.add_argument("--who", metavar="NAME", help="a person or key, or a part of the name")
        asked.add_argument("--what", metavar="KIND", help="such as view, export, denied")
        asked.add_argument("--campaign", metavar="ID")
        asked.add_argument("--text", metavar="WORDS")
        asked.add_argument("--from", dest="first", metavar="DAY")
        asked.add_argument("--to", dest="last", metavar="DAY")
        if name == "show":
            asked.add_argument("--most", type=int, default=50, metavar="N")
        else:
            asked.add_argument("file", type=Path, metavar="FILE.csv")
    verbs.add_parser("key", help="print the public key that checkpoints are signed by")
    return top


def main(words: list[str] | None = None) -> int:
    """Run a command; a mistake of its user ends with its sentence and code 2."""
    given = parser().parse_args(words)
    try:
        return audit.COMMANDS[given.verb](given)
    except (audit.Mistaken, SettingsError) as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except OSError as failure:
        print(
            f"{failure.filename or 'The ledger'}: {failure.strerror or type(failure).__name__}",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
