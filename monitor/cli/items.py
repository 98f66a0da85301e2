"""items list: what is stored, newest first."""

from __future__ import annotations

import argparse

from monitor.cli import session
from monitor.cli.output import local, print_json_array, print_table
from monitor.cli.words import moment


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("list", help="newest first, with assessments and three times")
    one.add_argument("--feed", metavar="F", help="id or address of a feed")
    one.add_argument("--since", type=moment, metavar="D", help="day (2025-12-02) or time")
    one.add_argument("--flagged", action="store_true", help="only items that concern Curaçao")
    one.add_argument("--limit", type=int, default=None, metavar="N")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    with session.opened(args) as (settings, store):
        feed_id = store.feeds.find(args.feed).feed.id if args.feed else None
        since = args.since(settings.zone) if args.since else None
        found = store.items.listed(
            feed_id=feed_id, since=since, flagged=args.flagged, limit=args.limit
        )
        if args.json:
            print_json_array(one.as_json() for one in found)
            return 0
        print_table(
            ("published", "severity", "publisher", "title"),
            [
                (
                    local(one.item.published_at, settings.zone),
                    one.assessment.severity if one.assessment else None,
                    one.item.publisher or one.feed_title,
                    one.item.title,
                )
                for one in found
            ],
        )
    return 0
