"""The command line of the ETL: python -m etl COMMAND."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.settings import Settings, SettingsError, variable
from etl import commands
from etl.archive import BackupError
from etl.checks import PublishBlocked
from etl.commit import LakeBusy
from etl.entries import SCHEDULE
from etl.intake import IntakeError
from etl.live.follow import Busy
from ledger.acting import acts
from ledger.book import Unwritable
from ledger.entry import operator

MISTAKES = (
    IntakeError,
    SettingsError,
    LakeBusy,
    BackupError,
    Busy,
    Unwritable,
)


def parser() -> argparse.ArgumentParser:
    """The commands and their words."""
    top = argparse.ArgumentParser(prog="python -m etl", description="From raw files to a published snapshot.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    one = verbs.add_parser("import", help="read files by a mapping and publish what is new")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--mapping", type=Path, required=True, metavar="M.toml")
    one.add_argument(
        "--dry-run", action="store_true", help="say what would be loaded and refused; change nothing"
    )
    one.add_argument("--no-run", action="store_true", help="land only; the next run publishes")
    pulled = verbs.add_parser("pull", help="read what is new in a database or an API and publish it")
    pulled.add_argument("mappings", nargs="*", type=Path, metavar="M.toml")
    pulled.add_argument(
        "--due",
        action="store_true",
        help="pull what the schedule of the folder sources says; publish nothing",
    )
    pulled.add_argument("--scheduled", action="store_true", help="pull one of them now, as the schedule does")
    pulled.add_argument(
        "--dry-run", action="store_true", help="say what the next rows would come to; change nothing"
    )
    pulled.add_argument("--no-run", action="store_true", help="land only; the next run publishes")
    pulled.add_argument("--anew", action="store_true", help="begin again at the start that the mapping names")
    run = verbs.add_parser("run", help="publish what is new since the last snapshot")
    run.add_argument("--scheduled", action="store_true", help="yield to a run under way, and use one thread")
    followed = verbs.add_parser("follow", help="keep the live counts of today, until it is ended")
    followed.add_argument("--of", type=int, metavar="PID", help="end, too, when this parent process is gone")
    verbs.add_parser("rebuild", help="recompute every table from the landed rows and publish")
    verbs.add_parser("status", help="loads, last runs, snapshot, clocks and quarantine")
    told = verbs.add_parser("tell", help="tell whoever is to know what is wrong, and what is over")
    told.add_argument("--test", action="store_true", help="only send a message to try each way")
    verbs.add_parser("models", help="the models, in order, and what each makes")
    refused = verbs.add_parser("refused", help="write the refused rows of a load to a CSV, to be corrected")
    refused.add_argument("load", type=int, metavar="LOAD")
    refused.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    replay = verbs.add_parser(
        "replay", help="read refused rows again, by a mended mapping or a corrected CSV"
    )
    replay.add_argument("load", type=int, metavar="LOAD")
    replay.add_argument("--mapping", type=Path, required=True, metavar="M.toml")
    replay.add_argument(
        "--rows", type=Path, metavar="FILE.csv", help="the corrected rows that `refused` wrote"
    )
    verbs.add_parser("asked", help="look, replay and undo what was asked for in the app, and publish")
    undone = verbs.add_parser("undo", help="take a load out again; what other loads delivered too stays")
    undone.add_argument("load", type=int, metavar="LOAD")
    undone.add_argument(
        "--dry-run", action="store_true", help="say what would go and what stays; change nothing"
    )
    undone.add_argument("--no-run", action="store_true", help="take out only; the next run publishes")
    sample = verbs.add_parser("sample", help="write the raw files of a synthetic health plan")
    sample.add_argument("--members", type=int, default=120_000)
    sample.add_argument("--campaigns", type=int, default=24)
    sample.add_argument("--days", type=int, default=400)
    sample.add_argument("--seed", type=int, default=7)
    sample.add_argument("--out", type=Path, required=True, metavar="DIR")
    verbs.add_parser(
        "prepare", help="fill an empty lake with the sample, unless REACHBOARD_SAMPLE=0, and publish"
    )
    kept = verbs.add_parser("backup", help="write all that cannot be made again into a sealed archive")
    kept.add_argument("file", type=Path, metavar="FILE.tar")
    kept.add_argument(
        "--with-secret",
        action="store_true",
        help="put the secret into it, too: whoever reads the file can then open it and find members again",
    )
    back = verbs.add_parser("restore", help="put a backup into an empty place, all of it or nothing")
    back.add_argument("file", type=Path, metavar="FILE.tar")
    back.add_argument("--check", action="store_true", help="only find out whether it is whole; write nothing")
    return top


def main(words: list[str] | None = None) -> int:
    """Run a command; a mistake of its user ends with its sentence and code 2, a blocked publish with 3."""
    given = parser().parse_args(words)
    try:
        by_itself = getattr(given, "scheduled", False) or given.verb in commands.OF_THE_APP
        with acts(SCHEDULE if by_itself else operator()):
            return commands.COMMANDS[given.verb](Settings.load(), given)
    except BrokenPipeError:
        return 0
    except PublishBlocked as blocked:
        print(blocked, file=sys.stderr)
        return 3
    except MISTAKES as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except OSError as failure:
        print(_unreachable(failure), file=sys.stderr)
        return 2


def _unreachable(failure: OSError) -> str:
    """What a file system refused, and where: the folder of REACHBOARD_VAR, or a file that was named."""
    what = failure.strerror or type(failure).__name__
    where = f"{failure.filename}: " if failure.filename else ""
    return (
        f"{where}{what[:1].lower()}{what[1:]}. Everything is kept below the folder of {variable('var')}: "
        "it must be a folder that may be written, with room left; a named file must be one that can be read."
    )


if __name__ == "__main__":
    sys.exit(main())
