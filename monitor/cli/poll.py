"""poll: what is due, without a dashboard."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
import threading
from typing import Any
from zoneinfo import ZoneInfo

from monitor.cli import session
from monitor.cli.output import local, print_json_line, progress
from monitor.cycle.going_on import go_on
from monitor.cycle.polling import Cycle, Poller
from monitor.feeds.outcomes import Status
from monitor.storage.rows import FeedRow
from monitor.storage.store import Store


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
        stop = threading.Event()
        poller = Poller(settings, session.intake(settings, store), stop=stop)
        if not (args.once or args.feed or args.force):
            return _for_ever(poller, stop)
        ids = [store.feeds.find(name).feed.id for name in args.feed] or None
        shown = None if args.json else progress("polling")
        cycle = poller.once(feed_ids=ids, force=args.force, progress=shown)
        left = _left(store, cycle, ids)
        if args.json:
            for outcome in cycle.outcomes:
                print_json_line(outcome.as_json())
            for row in left:
                print_json_line(_skipped(row))
        else:
            _tell(cycle)
            _tell_left(left if ids else [], settings.zone)
    if cycle.unmeasured:
        print(f"stored, but the index does not hold it yet: {cycle.unmeasured}", file=sys.stderr)
    return 1 if cycle.unmeasured else 0


def _left(store: Store, cycle: Cycle, ids: list[str] | None) -> list[FeedRow]:
    """The feeds that were asked for and not polled."""
    polled = {one.feed.id for one in cycle.outcomes}
    rows = store.reading.feeds(now=session.now())
    return [
        row
        for row in rows
        if row.removed_at is None and row.id not in polled and (ids is None or row.id in ids)
    ]


def _skipped(row: FeedRow) -> dict[str, Any]:
    """The contract of `poll --once --json` for a feed that was not requested."""
    paused = {"class": "paused", "message": f"it is paused; `feeds resume {row.id}` goes on"}
    return {
        "feed": row.id,
        "url": row.url,
        "kind": row.kind,
        "status": Status.SKIPPED.value,
        "http_status": None,
        "new": 0,
        "revised": 0,
        "items": 0,
        "error": paused if row.paused else None,
        "next_poll_at": row.next_poll_at and row.next_poll_at.isoformat(),
    }


def _tell_left(rows: list[FeedRow], zone: ZoneInfo) -> None:
    for row in rows:
        why = (
            "it is paused"
            if row.paused
            else f"it is next due {local(row.next_poll_at, zone)}; --force asks sooner"
        )
        print(f"{row.title}: not polled, {why}", file=sys.stderr)


def _for_ever(poller: Poller, stop: threading.Event) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    gc.collect()
    gc.freeze()  # what start-up made stays; collecting the rest is then cheap
    go_on(stop, lambda: (poller, lambda: True), clock=session.now)
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
