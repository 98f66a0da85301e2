"""poll: what is due, without a dashboard."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys

from monitor.cli import session
from monitor.cli.output import print_json_line, progress
from monitor.cycle.polling import RETRY_AFTER, Cycle, Poller
from monitor.errors import MonitorError
from monitor.feeds.outcomes import Status


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("--once", action="store_true", help="one pass over what is due, then stop")
    parser.add_argument(
        "--feed", action="append", default=[], metavar="ID", help="only this feed (may be repeated)"
    )
    parser.add_argument(
        "--force", action="store_true", help="also what is not due, within manual_interval"
    )
    parser.add_argument("--json", action="store_true", help="one object per feed and line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Poll once, or until told to stop."""
    with session.opened(args) as (settings, store):
        poller = Poller(settings, session.intake(settings, store))
        if not (args.once or args.feed or args.force):
            return _for_ever(poller)
        ids = [store.feeds.find(name).feed.id for name in args.feed] or None
        shown = None if args.json else progress("polling")
        cycle = poller.once(feed_ids=ids, force=args.force, progress=shown)
        if args.json:
            for one in cycle.outcomes:
                print_json_line(one.as_json())
        else:
            _tell(cycle)
    return 0


def _for_ever(poller: Poller) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: poller.tell_to_stop())
    signal.signal(signal.SIGINT, lambda *_: poller.tell_to_stop())
    gc.collect()
    gc.freeze()  # what start-up made stays; collecting the rest is then cheap
    while not poller.is_told_to_stop:
        try:
            poller.run()
        except MonitorError as error:
            logging.warning("%s; trying again in %.0f s", error, RETRY_AFTER)
            poller.wait(RETRY_AFTER)
    return 0


def _tell(cycle: Cycle) -> None:
    for one in cycle.outcomes:
        if one.status is Status.ERROR:
            print(f"{one.feed.title}: {one.error}", file=sys.stderr)
    failed = sum(one.status is Status.ERROR for one in cycle.outcomes)
    print(
        f"{len(cycle.outcomes)} feeds polled, {failed} failed; "
        f"{cycle.new} new items, {cycle.flagged} of them flagged"
    )
