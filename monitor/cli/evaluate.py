"""evaluate: quality of the judgement on labelled lines, with every miss listed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from monitor.assess.assessor import Assessor
from monitor.assess.evaluation import MEASURES, Evaluation, Labelled, Scores, Share, evaluate
from monitor.cli import session
from monitor.cli.importing import read_lines
from monitor.cli.output import print_json, print_table
from monitor.config import SEEDS
from monitor.errors import MonitorError


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--triage", action="store_true", help="the analysts' own labels instead")
    parser.add_argument(
        "--with-summaries", action="store_true", help="judge title and summary, not the title alone"
    )
    parser.add_argument("--misses", type=int, default=None, metavar="N", help="list at most N")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Judge and compare; 2 when it is not said on what."""
    if bool(args.file) == args.triage:
        print("curacao-monitor: name a file of labelled lines, or --triage", file=sys.stderr)
        return 2
    assessor, rows = _triaged(args) if args.triage else (Assessor.load(SEEDS), _rows(args.file))
    texts, bad = _labelled(rows)
    for number, problem in bad:
        print(f"{args.file or 'triage'}: line {number}: {problem}; left out", file=sys.stderr)
    found = evaluate(assessor, texts, headlines_only=not args.with_summaries)
    if args.json:
        print_json(found.as_json())
    elif not texts:
        what = "nobody has decided anything in Triage yet" if args.triage else "no line can be used"
        print(f"nothing to compare: {what}")
    else:
        _tell(found, args.misses)
    return 1 if bad else 0


def _triaged(args: argparse.Namespace) -> tuple[Assessor, list[tuple[int, Any]]]:
    with session.opened(args) as (settings, store):
        assessor = session.intake(settings, store).assessor
        return assessor, list(enumerate(store.triage.labelled(), 1))


def _rows(file: Path) -> list[tuple[int, Any]]:
    rows: list[tuple[int, Any]] = []
    for number, line in enumerate(read_lines(file), 1):
        if line.strip():
            try:
                rows.append((number, orjson.loads(line)))
            except orjson.JSONDecodeError as error:
                raise MonitorError(f"{file}: line {number} is no JSON: {error}") from error
    return rows


def _labelled(rows: Iterable[tuple[int, Any]]) -> tuple[list[Labelled], list[tuple[int, str]]]:
    texts: list[Labelled] = []
    bad: list[tuple[int, str]] = []
    for number, row in rows:
        try:
            texts.append(Labelled.from_json(row))
        except KeyError as error:
            bad.append((number, f"has no {error.args[0]!r}"))
        except (ValueError, TypeError, AttributeError) as error:
            bad.append((number, f"cannot be used: {error}"))
    return texts, bad


def _tell(found: Evaluation, most: int | None) -> None:
    columns = {"all": found.overall, **found.languages}
    print(f"lexicon {found.lexicon_version}; 95 % intervals in brackets")
    print_table(
        ("", *columns),
        [
            ("texts", *(one.n for one in columns.values())),
            *(
                (name.replace("_", " "), *(_share(one, name) for one in columns.values()))
                for name in MEASURES
            ),
        ],
    )
    print("\ndirections (labelled -> judged): ", end="")
    pairs = sorted(found.confusions.items())
    print(", ".join(f"{a} -> {b} {n}" for (a, b), n in pairs))
    print(f"\n{len(found.misses)} {'miss' if len(found.misses) == 1 else 'misses'}:")
    for miss in found.misses[:most]:
        said, judged = miss["labelled"], miss["judged"]
        print(f"[{miss['language']}] {miss['title']}")
        print(f"    {', '.join(miss['kinds'])}")
        for who, one in (("labelled", said), ("judged", judged)):
            words = f"{one['direction']} {one['severity']} {', '.join(one['indicators'])}"
            print(f"    {who:9} {words if one['relevant'] else 'not relevant'}")


def _share(scores: Scores, name: str) -> str:
    share: Share = getattr(scores, name)
    if share.value is None:
        return "-"
    if share.low is None or share.high is None:
        return f"{share.value:.2f}"
    return f"{share.value:.2f} [{share.low:.2f} {share.high:.2f}]"
