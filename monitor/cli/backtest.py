"""backtest: replay an archive against dated events."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from monitor.assess.assessor import Assessor
from monitor.cli import session
from monitor.cli.importing import read_lines
from monitor.cli.output import print_json, print_table, progress
from monitor.config import SEEDS
from monitor.cycle.backtesting import replayed
from monitor.errors import MonitorError
from monitor.indicators.backtest import Estimate, Report
from monitor.indicators.tripwires import Rules
from monitor.storage.reports import Report as Kept
from monitor.stories.groups import Groups
from monitor.views import backtest


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument(
        "--chronology", type=Path, default=SEEDS / "chronology.jsonl", metavar="FILE"
    )
    parser.add_argument("--save", action="store_true", help="show it on the Method page")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print how the levels would have stood beside the events."""
    settings = session.configuration(args)
    try:
        report, bad = replayed(
            read_lines(args.file),
            _chronology(args.chronology),
            assessor=Assessor.load(SEEDS),
            groups=Groups.load(SEEDS),
            rules=Rules.load(SEEDS),
            index=settings.index,
            zone=settings.zone,
            now=session.now(),
            progress=progress("replaying"),
        )
    except ValueError as error:
        raise MonitorError(f"{args.file}: {error}") from error
    for number, problem in bad[:20]:
        print(f"{args.file}: line {number} {problem}; left out", file=sys.stderr)
    if args.save:
        _save(args, report)
    if args.json:
        print_json(report.as_json())
    else:
        _tell(report)
    return 0


def _save(args: argparse.Namespace, report: Report) -> None:
    with session.opened(args) as (_settings, store):
        kept = Kept(
            name=backtest.NAME,
            made_at=session.now(),
            about=f"{args.file.name} against {args.chronology.name}",
            body=report.as_json(),
        )
        store.reports.save(kept)


def _chronology(path: Path) -> list[dict[str, Any]]:
    try:
        return [orjson.loads(line) for line in read_lines(path) if line.strip()]
    except orjson.JSONDecodeError as error:
        raise MonitorError(f"{path}: is no JSON lines: {error}") from error


def _tell(report: Report) -> None:
    print(f"{report.first} to {report.last}: {report.mentions} flags of {report.groups} publishers")
    print(f"events with level 2 within three days: {_range(report.found)}")
    print(f"median days to level 2: {_plain(report.median_days)}")
    print(f"false alarms a month: {_range(report.false_alarms_a_month)}")
    print(f"median days to stand down: {_plain(report.stand_down_days)}")
    print_table(
        ("at one alert a week", "alerts", "precision", "recall", "area"),
        [
            (one.name, one.alerts, _range(one.precision), _range(one.recall), _range(one.area))
            for one in report.skills
        ],
    )
    print_table(
        ("event", "days to level 2", "level", "what"),
        [(one.day, one.days, one.level, one.what) for one in report.events],
    )


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _range(one: Estimate) -> str:
    if one.value is None:
        return "-"
    if one.low is None or one.high is None:
        return f"{one.value:.2f}"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"
