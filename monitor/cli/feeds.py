"""feeds: the watch list."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.cli import session
from monitor.cli.output import local, print_json, print_table
from monitor.config import Config, web_address
from monitor.cycle.adding import Looked, look, watch
from monitor.cycle.intake import Intake
from monitor.cycle.polling import Poller
from monitor.errors import MonitorError
from monitor.feeds import opml
from monitor.feeds.discovery import Found
from monitor.feeds.model import Feed, FeedKind, feed_id
from monitor.storage.feeds import WatchedFeed
from monitor.views import exchange


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the commands."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, summary: str, run: Any, *names: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=summary)
        for positional in names:
            one.add_argument(positional)
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=run)
        return one

    verb("list", "what is watched", list_feeds).add_argument(
        "--all", action="store_true", help="also removed feeds and those gone from the file"
    )
    new = verb("add", "watch a feed; it is fetched once and must be readable", add, "url")
    new.add_argument("--title", default="")
    new.add_argument("--kind", choices=[kind.value for kind in FeedKind], default=None)
    new.add_argument("--language", choices=("en", "nl", "es", "pap"), default=None)
    new.add_argument("--group", default="")
    new.add_argument("--reliability", choices=list("ABCDEF"), default="F")
    new.add_argument("--link-pattern", default="", help="listing: what paths of articles look like")
    new.add_argument("--unchecked", action="store_true", help="watch it without fetching it first")
    verb("remove", "stop watching; the items stay", remove, "feed")
    verb("restore", "watch a removed feed again", restore, "feed")
    verb("pause", "stop polling for now", pause, "feed")
    verb("resume", "poll again", resume, "feed")
    verb("check", "fetch once and show sample items with their assessment", check_url, "url")
    verb("discover", "find the feeds of a site", discover, "url")
    verb("import", "watch the feeds of an OPML file", import_file, "file")
    verb("export", "the watch list as OPML or TOML", export).add_argument(
        "--format", choices=("opml", "toml"), default="opml"
    )


def list_feeds(args: argparse.Namespace) -> int:
    """Print the watch list."""
    with session.opened(args) as (settings, store):
        shown = store.feeds.all() if args.all else store.feeds.watched()
        health = {row.id: row for row in store.reading.feeds(now=session.now())}
        counts = store.feeds.counts()
        if args.json:
            print_json([_as_json(one, health.get(one.feed.id), counts) for one in shown])
            return 0
        print_table(
            ("id", "title", "kind", "lang", "items", "last success", "state"),
            [
                (
                    one.feed.id,
                    one.feed.title,
                    one.feed.kind.value,
                    one.feed.language,
                    counts.get(one.feed.id, 0),
                    local(health[one.feed.id].last_success_at, settings.zone),
                    _state(one, health[one.feed.id].error_class),
                )
                for one in shown
            ],
        )
    return 0


def _state(one: WatchedFeed, error_class: str | None) -> str:
    if not one.is_watched:
        return "removed"
    return "paused" if one.feed.paused else error_class or "fine"


def _as_json(one: WatchedFeed, row: Any, counts: dict[str, int]) -> dict[str, Any]:
    feed = one.feed
    moments = ("last_polled_at", "last_success_at", "last_new_at", "next_poll_at", "error_since")
    times = {
        name: value.isoformat() if (value := getattr(row, name, None)) else None for name in moments
    }
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "kind": feed.kind.value,
        "language": feed.language,
        "country": feed.country,
        "group": feed.group,
        "pool": feed.pool.value,
        "reliability": feed.reliability,
        "official": feed.official,
        "origin": feed.origin,
        "paused": feed.paused,
        "watched": one.is_watched,
        "edited": list(one.edited),
        "items": counts.get(feed.id, 0),
        "error": {"class": row.error_class, "message": row.error_message}
        if row is not None and row.error_class
        else None,
        **times,
    }


def add(args: argparse.Namespace) -> int:
    """Watch a feed."""
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        poller = Poller(settings, intake)
        feed, found = _wanted(args, intake, settings)
        one = watch(
            feed, poller=poller, intake=intake, found=found, by=session.who(), now=session.now()
        )
        counts = store.feeds.counts()
    if args.json:
        print_json(_as_json(one, None, counts))
    else:
        print(f"watching {feed.title} ({feed.id}), {counts.get(feed.id, 0)} items so far")
    return 0


def _wanted(
    args: argparse.Namespace, intake: Intake, settings: Config
) -> tuple[Feed, Found | None]:
    """The feed that the words describe, and what was fetched of it."""
    own = {
        "title": args.title,
        "language": args.language,
        "group": args.group,
        "reliability": args.reliability,
        "kind": FeedKind(args.kind) if args.kind else None,
        "selectors": {"link_pattern": args.link_pattern} if args.link_pattern else None,
    }
    if args.unchecked or args.kind in ("listing", "sitemap", "wordpress"):
        url = _address(args.url)
        plain = Feed(id=feed_id(url), url=url, title=args.title or url, origin="page")
        return replace(plain, **{key: value for key, value in own.items() if value}), None
    seen = look(args.url, intake=intake, politeness=settings.politeness, now=session.now())
    if not seen.is_feed:
        others = "".join(f"\n  {one.found.url}  {one.title}" for one in seen.offers)
        hint = f" It leads to these feeds; add one of them:{others}" if others else ""
        raise MonitorError(f"{seen.url} is no feed. {seen.problem}{hint}\nNothing was added.")
    return seen.offers[0].feed(**own), seen.offers[0].found


def _address(text: str) -> str:
    try:
        return web_address(text.removeprefix("feed:"))
    except ValueError as error:
        raise MonitorError(str(error)) from error


def check_url(args: argparse.Namespace) -> int:
    """Fetch once and show what is there, storing nothing."""
    with session.opened(args) as (settings, store):
        seen = look(
            args.url,
            intake=session.intake(settings, store),
            politeness=settings.politeness,
            now=session.now(),
        )
    if args.json:
        print_json(seen.as_json())
    else:
        _show(seen)
    sys.stdout.flush()
    return 0 if seen.offers else 1


def discover(args: argparse.Namespace) -> int:
    """Find the feeds of a site."""
    return check_url(args)


def _show(seen: Looked) -> None:
    if seen.problem:
        print(f"{seen.url}: {seen.problem}")
    for offer in seen.offers:
        print(f"{offer.title}: {offer.found.kind.value}, {offer.items} items at {offer.found.url}")
        for one in offer.samples:
            made = one.assessment
            words = f"severity {made.severity}, {made.direction.value}: " if made.relevant else ""
            print(f"  {one.entry.title}")
            print(f"    {words}{', '.join(made.indicators) if made.relevant else 'not flagged'}")


def _change(args: argparse.Namespace, act: str, said: str) -> int:
    with session.opened(args) as (_settings, store):
        one = store.feeds.find(args.feed)
        by, now = session.who(), session.now()
        if act in ("pause", "resume"):
            store.feeds.pause(one.feed.id, paused=act == "pause", by=by, now=now)
        else:
            getattr(store.feeds, act)(one.feed.id, by=by, now=now)
        if args.json:
            print_json(_as_json(store.feeds.find(one.feed.id), None, store.feeds.counts()))
        else:
            print(f"{one.feed.title}: {said}")
    return 0


def remove(args: argparse.Namespace) -> int:
    """Stop watching."""
    return _change(args, "remove", "no longer watched; `feeds restore` undoes it")


def restore(args: argparse.Namespace) -> int:
    """Undo a removal."""
    return _change(args, "restore", "watched again")


def pause(args: argparse.Namespace) -> int:
    """Stop polling for now."""
    return _change(args, "pause", "paused")


def resume(args: argparse.Namespace) -> int:
    """Poll again."""
    return _change(args, "resume", "polled again")


def import_file(args: argparse.Namespace) -> int:
    """Watch the feeds of an OPML file."""
    path = Path(args.file)
    try:
        found = opml.read(path.read_bytes())
    except OSError as error:
        raise MonitorError(f"{path}: cannot be read ({error.strerror})") from error
    added, known = [], []
    with session.opened(args) as (_settings, store):
        watched = {one.feed.id for one in store.feeds.watched()}
        for feed in exchange.feeds(found.outlines):
            if feed.id in watched:
                known.append(feed.url)
                continue
            store.feeds.add(feed, by=session.who(), now=session.now())
            watched.add(feed.id)
            added.append(feed.url)
    for problem in found.problems:
        print(f"{path}: line {problem.line}: {problem.message}", file=sys.stderr)
    if args.json:
        problems = [{"line": one.line, "error": one.message} for one in found.problems]
        print_json({"added": added, "known": known, "problems": problems})
    else:
        print(f"{len(added)} feeds added, {len(known)} watched before")
    return 1 if found.problems else 0


def export(args: argparse.Namespace) -> int:
    """Print the watch list."""
    with session.opened(args) as (settings, store):
        feeds = [one.feed for one in store.feeds.watched()]
    if args.format == "opml":
        found = exchange.outlines(feeds)
        sys.stdout.write(opml.write(found, title=settings.site.title, now=session.now()).decode())
    else:
        sys.stdout.write(exchange.toml(feeds))
    return 0
