"""import: items from an archive of JSON lines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from monitor.cli import session
from monitor.cli.output import print_json, progress
from monitor.cycle.importing import Report, import_lines
from monitor.errors import MonitorError

SHOWN = 20  # bad lines named on standard error


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="- reads standard input")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Store the items of the file; 1 when a line could not be used."""
    lines = read_lines(args.file)
    with session.opened(args) as (settings, store):
        shown = progress("importing")
        session.note(store, "items imported", str(args.file), lines=len(lines))
        report = import_lines(
            session.intake(settings, store),
            lines,
            zone=settings.zone,
            now=session.now(),
            progress=lambda done: shown(done, len(lines)),
        )
    _tell(args, report)
    return 1 if report.bad else 0


def read_lines(file: Path) -> list[bytes]:
    """Lines of a file; "-" is standard input.

    Raises:
        MonitorError: It cannot be read.
    """
    if str(file) == "-":
        return sys.stdin.buffer.readlines()
    try:
        return file.read_bytes().splitlines()
    except OSError as error:
        raise MonitorError(f"{file}: cannot be read ({error.strerror})") from error


def _tell(args: argparse.Namespace, report: Report) -> None:
    for number, problem in report.bad[:SHOWN]:
        print(f"{args.file}: line {number} {problem}; left out", file=sys.stderr)
    if len(report.bad) > SHOWN:
        print(f"{args.file}: {len(report.bad) - SHOWN} more lines left out", file=sys.stderr)
    if args.json:
        print_json(
            {
                "lines": report.lines,
                "new": report.new,
                "known": report.known,
                "flagged": report.flagged,
                "bad": [{"line": number, "error": problem} for number, problem in report.bad],
            }
        )
    else:
        print(
            f"{report.lines} lines: {report.new} new items ({report.flagged} flagged), "
            f"{report.known} known, {len(report.bad)} left out"
        )
