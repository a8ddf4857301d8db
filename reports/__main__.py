"""`python -m reports`: the monthly export to other systems, and what a receiver asks of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reports import verify


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 where all is well, 1 where something is wrong, 2 where the command is."""
    given = _parser().parse_args(argv)
    code: int = given.run(given)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="The monthly export.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    push = commands.add_parser("push", help="send what changed to the targets of var/targets, or to one")
    push.add_argument("--target", metavar="NAME", help="one target; without it, all")
    push.add_argument(
        "--month", metavar="YYYY-MM", action="append", help="this month, whatever the file says"
    )
    push.add_argument("--anew", action="store_true", help="also what stands there as it is")
    push.add_argument("--scheduled", action="store_true", help=argparse.SUPPRESS)
    push.set_defaults(run=_push)
    commands.add_parser("targets", help="how the targets stand").set_defaults(run=_targets)
    check = commands.add_parser("verify", help="whether what arrived is what was sent")
    what = check.add_mutually_exclusive_group(required=True)
    what.add_argument("manifest", nargs="?", type=Path, help="a file that ends in .manifest.json")
    what.add_argument("--target", metavar="NAME", help="every month that stands at a target, table or folder")
    check.set_defaults(run=_verify)
    return parser


def _push(given: argparse.Namespace) -> int:
    from config.settings import get_settings
    from ledger.entry import operator
    from reports.transfer.problems import Busy, TargetError
    from reports.transfer.targets import configured, path_of
    from reports.transfer.tried import SCHEDULE, in_words, tried
    from state.store import store_of

    settings = get_settings()
    store = store_of(settings)
    try:
        paths = [path_of(settings, given.target)] if given.target else configured(settings)
    except TargetError as problem:
        print(_ended(str(problem)), file=sys.stderr)
        return 1
    by, code = SCHEDULE if given.scheduled else operator(), 0
    for path in paths:
        try:
            months = [one.sentence() for one in tried(settings, path, store, given.month, given.anew, by)]
            print(*(f"{path.stem}: {line}" for line in months or ["nothing changed"]), sep="\n")
        except Busy as busy:
            print(f"{path.stem}: {busy}", file=sys.stderr)
            code = 1
        except Exception as failure:  # the other targets are tried all the same
            print(_ended(in_words(failure, path)), file=sys.stderr)
            code = 1
    store.close()
    return code


def _ended(words: str) -> str:
    """Words as a sentence."""
    return words if words.endswith((".", "?")) else f"{words}."


def _targets(_given: argparse.Namespace) -> int:
    from config.settings import get_settings
    from reports.transfer.told import lines
    from state.store import store_of

    settings = get_settings()
    store = store_of(settings)
    print(*lines(settings, store), sep="\n")
    store.close()
    return 0


def _verify(given: argparse.Namespace) -> int:
    """Of a manifest, needs no lake, no settings and no network."""
    if given.target:
        return _verify_target(given.target)
    found, wrong = verify.verified(given.manifest)
    print(verify.told(given.manifest, found, wrong), end="", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


def _verify_target(name: str) -> int:
    from config.settings import get_settings
    from reports.transfer.places import opened
    from reports.transfer.problems import TargetError
    from reports.transfer.targets import load, path_of

    settings = get_settings()
    try:
        target = load(path_of(settings, name))
        with opened(settings, target) as place:
            months = place.months()
            wrong = [f"{name}: {line}." for month in months for line in place.wrong(month)]
    except TargetError as problem:
        months, wrong = [], [_ended(f"{name}: {problem}")]
    if not months and not wrong:
        wrong = [f"{name}: no month stands there; python -m reports push --target {name}"]
    print(*wrong or [f"{name}: {len(months)} months are as they were sent."], sep="\n",
          file=sys.stderr if wrong else sys.stdout)  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
