"""reassess: judge stored items again with the present lexicon; older assessments are kept."""

from __future__ import annotations

import argparse

from monitor.cli import session
from monitor.cli.output import print_json, progress
from monitor.cli.words import moment


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("--since", type=moment, metavar="D", help="only items published since")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Judge what this version of the lexicon has not judged."""
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        since = args.since(settings.zone) if args.since else None
        session.note(store, "items judged again", intake.assessor.version)
        done = intake.reassess(session.now(), since=since, progress=progress("judging again"))
    if args.json:
        print_json(
            {
                "lexicon_version": intake.assessor.version,
                "judged": done.judged,
                "now_flagged": done.now_flagged,
                "no_longer_flagged": done.no_longer_flagged,
            }
        )
    else:
        print(
            f"{done.judged} items judged by lexicon {intake.assessor.version}: "
            f"{done.now_flagged} newly flagged, {done.no_longer_flagged} no longer"
        )
    return 0
