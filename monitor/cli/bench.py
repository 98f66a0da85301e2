"""bench: the benchmarks behind docs/performance.md."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from importlib import import_module

from monitor.bench.report import Line, table
from monitor.cli.output import print_json
from monitor.errors import MonitorError

# Name -> what it measures; the module of that name in monitor.bench has `lines()`. Each is
# imported when it is asked for: some need libraries that only `make bench` installs.
BENCHES = {
    "pages": "the dashboard in a real browser, beside an empty Streamlit page",
    "polling": "a thousand feeds on loopback, beside the floor and other readers",
    "assess": "the judgement, in texts a second",
    "stories": "grouping of planted rewrites, beside others",
    "store": "what pages and the poller ask, at 100,000 and 1,000,000 items",
}


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    known = "; ".join(f"{name}: {what}" for name, what in BENCHES.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of them. {known}")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the named benches; 1 when a target is missed."""
    names = args.names or list(BENCHES)
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        raise MonitorError(f"no bench {unknown[0]!r}; there are: {', '.join(BENCHES)}")
    found = {}
    for name in names:
        with contextlib.redirect_stdout(sys.stderr):  # what a bench prints by itself
            found[name] = _bench(name)()
        if not args.json:
            print(table(f"{name}: {BENCHES[name]}", found[name]) + "\n", flush=True)
    if args.json:
        print_json({name: [line.as_json() for line in lines] for name, lines in found.items()})
    return int(any(line.met is False for lines in found.values() for line in lines))


def _bench(name: str) -> Callable[[], list[Line]]:
    try:
        lines: Callable[[], list[Line]] = import_module(f"monitor.bench.{name}").lines
    except ModuleNotFoundError as missing:
        raise MonitorError(f"{missing.name} is not installed; `make bench` installs it") from None
    return lines
