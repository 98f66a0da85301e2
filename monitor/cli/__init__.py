"""The commands: `curacao-monitor …` and `python -m monitor …` are the same.

Exit status: 0 done, 1 something failed (standard error says what and what to do), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from monitor import __version__
from monitor.errors import MonitorError

# Name -> module and what it does. A module is imported only when its command is called, so that
# `classify` does not wait for a database library, nor `poll` for charts.
COMMANDS = {
    "serve": ("serve", "open the dashboard, with polling"),
    "poll": ("poll", "poll what is due, without a dashboard"),
    "feeds": ("feeds", "the watch list: list, add, remove, pause, check, discover, import, export"),
    "backfill": ("backfill", "fetch older items of a feed"),
    "import": ("importing", "items from an archive of JSON lines"),
    "items": ("items", "stored items"),
    "stories": ("stories", "stored stories"),
    "classify": ("classify", "assess JSON lines from standard input"),
    "explain": ("explain", "why a text is flagged or not"),
    "evaluate": ("evaluate", "quality of the judgement on labelled lines"),
    "reassess": ("reassess", "judge stored items again"),
    "lexicon": ("lexicon", "words, rules and weights: show, preview, save, versions, revert"),
    "index": ("index", "the series behind the charts"),
    "backtest": ("backtest", "replay an archive against dated events"),
    "snapshot": ("snapshot", "freeze, list, show, verify, compare, revoke, export"),
    "backup": ("care", "write the whole store to a file"),
    "restore": ("care", "fill an empty store from a backup"),
    "migrate": ("care", "bring the store's tables up to date"),
    "doctor": ("care", "check config, store, feeds, disk and clock"),
    "bench": ("bench", "the benchmarks behind docs/performance.md"),
}


_COMMON = ("--config", "--database")  # may stand before or after the command


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Words after the program's name; None: those of this process.

    Returns:
        0 done, 1 failed, 2 wrong usage.
    """
    words = _common_first(sys.argv[1:] if argv is None else argv)
    try:
        parser = _parser(_command_in(words))
        return _run(parser.parse_args(words))
    except SystemExit as stop:  # argparse has said what is wrong
        return stop.code if isinstance(stop.code, int) else 2


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = args.run(args)
    except MonitorError as error:
        print(f"curacao-monitor: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("curacao-monitor: stopped", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has left, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _common_first(words: Sequence[str]) -> list[str]:
    """The words with --config and --database, wherever they stand, before the command."""
    common: list[str] = []
    rest: list[str] = []
    following = iter(words)
    for word in following:
        if word in _COMMON:
            common += [word, *[value for value in [next(following, None)] if value is not None]]
        elif word.startswith(tuple(f"{name}=" for name in _COMMON)):
            common.append(word)
        else:
            rest.append(word)
    return common + rest


def _command_in(words: Sequence[str]) -> str | None:
    """The command among the words: the first that is neither an option nor its value."""
    rest = iter(words)
    for word in rest:
        if word in _COMMON:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config",
        metavar="PATH",
        default=argparse.SUPPRESS,
        help="default: MONITOR_CONFIG, config.toml of this folder, else the one of the program",
    )
    common.add_argument(
        "--database", metavar="URL", default=argparse.SUPPRESS, help="instead of [storage] url"
    )
    parser = argparse.ArgumentParser(
        prog="curacao-monitor",
        description="Regional-security monitor for Curaçao.",
        parents=[common],
        epilog="Also read from the environment: MONITOR_CONFIG, MONITOR_DATABASE_URL.",
    )
    parser.add_argument("--version", action="version", version=f"curacao-monitor {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (module, summary) in COMMANDS.items():
        one = commands.add_parser(name, help=summary, description=summary)
        if name == chosen:
            import_module(f"monitor.cli.{module}").arguments(one, name)
    return parser
