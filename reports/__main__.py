"""`python -m reports`: what is sent to other systems, and what a receiver asks of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reports import verify


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 where all is well, 1 where something is wrong, 2 where the command is."""
    given = _parser().parse_args(argv)
    code: int = given.run(given)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="The monthly export.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("verify", help="whether the files beside a manifest are as they were sent")
    check.add_argument("manifest", type=Path, help="the file that ends in .manifest.json")
    check.set_defaults(run=_verify)
    return parser


def _verify(given: argparse.Namespace) -> int:
    """Needs no lake, no settings and no network."""
    found, wrong = verify.verified(given.manifest)
    print(verify.told(given.manifest, found, wrong), end="", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
