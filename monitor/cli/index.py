"""index: the series behind the charts."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator

from monitor.cli import session
from monitor.cli.output import print_json_array, print_table
from monitor.cli.words import day, moment
from monitor.cycle.measuring import COLUMNS, Measured, readings_json
from monitor.errors import MonitorError
from monitor.indicators.measure import Reading

HEADLINES = ("risk", "act", "threat", "deesc")


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument(
        "--indicator", action="append", default=[], metavar="I", help="a series; may be repeated"
    )
    parser.add_argument("--all", action="store_true", help="every series")
    parser.add_argument("--since", type=day, metavar="D")
    parser.add_argument("--until", type=day, metavar="D")
    parser.add_argument("--as-of", type=moment, metavar="T", help="use only what was known at T")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--csv", action="store_true")
    shape.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the series."""
    if args.since and args.until and args.since > args.until:
        raise MonitorError(f"--since {args.since} is after --until {args.until}: no day is left")
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        as_of = args.as_of(settings.zone) if args.as_of else session.now()
        found = intake.measured(as_of)
    rows = readings_json(_readings(args, found))
    if args.json:
        print_json_array(rows)
    elif args.csv:
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        print_table(COLUMNS, [list(row.values()) for row in rows])
    return 0


def _readings(args: argparse.Namespace, found: Measured | None) -> Iterator[Reading]:
    if found is None:
        return
    for name in args.indicator or (found.measures.names if args.all else HEADLINES):
        try:
            yield from found.readings(name, args.since, args.until)
        except KeyError as error:
            raise MonitorError(error.args[0]) from error
