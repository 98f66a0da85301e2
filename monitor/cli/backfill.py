"""backfill: older items of a feed."""

from __future__ import annotations

import argparse

from monitor.cli import session
from monitor.cli.output import print_json, progress
from monitor.cli.words import positive
from monitor.cycle.polling import Poller


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("feed", metavar="FEED", help="id or address")
    parser.add_argument("--pages", type=positive, default=5, metavar="N", help="at most so many")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fetch older pages politely and file what is new."""
    with session.opened(args) as (settings, store):
        feed = store.feeds.find(args.feed).feed
        poller = Poller(settings, session.intake(settings, store))
        session.note(store, "older items asked for", feed.id, pages=args.pages)
        done = poller.backfill(feed, pages=args.pages, progress=progress("older pages"))
    if args.json:
        print_json({"feed": feed.id, "new": done.new, "pages": done.pages, "ended": done.ended})
    else:
        print(f"{feed.title}: {done.new} older items from {done.pages} pages; {done.ended}")
    return 0
