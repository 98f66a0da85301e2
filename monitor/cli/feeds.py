"""feeds: the watch list."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.cli import session
from monitor.cli.output import local, print_json, print_table
from monitor.config import Config, web_address
from monitor.cycle.adding import Looked, Offer, look, look_at_page, watch
from monitor.cycle.intake import Intake
from monitor.cycle.polling import Poller
from monitor.errors import MonitorError
from monitor.feeds import opml
from monitor.feeds.discovery import Found
from monitor.feeds.model import Feed, FeedKind, feed_id
from monitor.storage.feeds import WatchedFeed
from monitor.storage.rows import FeedRow
from monitor.storage.store import Store
from monitor.views import exchange
from monitor.views import feeds as feeds_view

KNOWN = "not watched"  # it left the file, or only its archive is here


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
    new.add_argument(
        "--link-pattern",
        default="",
        help="listing: what paths of articles look like; guessed from the page when not given",
    )
    new.add_argument("--unchecked", action="store_true", help="watch it without fetching it first")
    verb("remove", "stop watching; the items stay", remove, "feed")
    verb("restore", "watch a removed feed again", restore, "feed")
    verb("pause", "stop polling for now", pause, "feed")
    verb("resume", "poll again", resume, "feed")
    verb("use-file", "follow config.toml again: forget what people changed", use_file, "feed")
    seen = verb("check", "fetch once and show sample items with their assessment", check_url, "url")
    seen.add_argument(
        "--kind", choices=["listing"], help="look at the page itself and its article links"
    )
    seen.add_argument("--link-pattern", default="", help="what paths of articles look like")
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
        now = session.now()
        if args.json:
            print_json([_as_json(one, health.get(one.feed.id), counts, now) for one in shown])
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
                    local(getattr(health.get(one.feed.id), "last_success_at", None), settings.zone),
                    _state(health.get(one.feed.id), now),
                )
                for one in shown
            ],
        )
    return 0


def _state(row: FeedRow | None, now: datetime) -> str:
    """The word of the Feeds page, which leaves out feeds that are only known."""
    return KNOWN if row is None else feeds_view.health(row, now=now).word


def _as_json(
    one: WatchedFeed, row: FeedRow | None, counts: dict[str, int], now: datetime
) -> dict[str, Any]:
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
        **({"state": KNOWN} if row is None else feeds_view.health_json(row, now=now)),
        "error": {"class": row.error_class, "message": row.error_message}
        if row is not None and row.error_class
        else None,
        **times,
    }


def _described(one: WatchedFeed, store: Store) -> dict[str, Any]:
    now = session.now()
    rows = {row.id: row for row in store.reading.feeds(now=now)}
    return _as_json(one, rows.get(one.feed.id), store.feeds.counts(), now)


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
        described = _described(one, store)
    if args.json:
        print_json(described)
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
    if args.unchecked or args.kind in ("sitemap", "wordpress"):
        url = _address(args.url)
        plain = Feed(id=feed_id(url), url=url, title=args.title or url, origin="page")
        return replace(plain, **{key: value for key, value in own.items() if value}), None
    seen = _seen(args, intake, settings)
    if not seen.is_feed:
        others = "".join(f"\n  {one.found.url}  {one.title}" for one in seen.offers)
        hint = f"It is no feed, but leads to these; add one of them:{others}" if others else ""
        page = f"\n{_page_itself(seen)}" if seen.offers_page else ""
        raise MonitorError(f"{seen.url}: {seen.problem}{hint}{page}\nNothing was added.")
    (offer,) = seen.offers
    if offer.watched:
        known = offer.watched.feed
        raise MonitorError(f"{offer.found.url} is already watched as {known.title} ({known.id})")
    return offer.feed(**own), offer.found


def _seen(args: argparse.Namespace, intake: Intake, settings: Config) -> Looked:
    """What stands at the address: a feed, or with --kind listing the page's own article links."""
    asked: dict[str, Any] = {
        "intake": intake,
        "politeness": settings.politeness,
        "now": session.now(),
    }
    pattern = getattr(args, "link_pattern", "")
    if pattern or getattr(args, "kind", None) == "listing":
        return look_at_page(args.url, pattern=pattern, **asked)
    return look(args.url, **asked)


def _address(text: str) -> str:
    try:
        return web_address(text.removeprefix("feed:"))
    except ValueError as error:
        raise MonitorError(str(error)) from error


def check_url(args: argparse.Namespace) -> int:
    """Fetch once and show what is there, storing nothing."""
    with session.opened(args) as (settings, store):
        seen = _seen(args, session.intake(settings, store), settings)
    if args.json:
        print_json(seen.as_json())
    else:
        _show(seen)
    sys.stdout.flush()
    return 0 if seen.offers or seen.offers_page else 1


def discover(args: argparse.Namespace) -> int:
    """Find the feeds of a site."""
    return check_url(args)


def _show(seen: Looked) -> None:
    if seen.watched:
        known = seen.watched.feed
        print(f"{seen.url} is watched already, as {known.title} ({known.id})")
    if seen.problem:
        print(f"{seen.url}: {seen.problem}")
    for offer in seen.offers:
        _show_offer(offer, seen)
    if seen.offers_page:
        print(_page_itself(seen))


def _show_offer(offer: Offer, seen: Looked) -> None:
    print(f"{offer.title}: {offer.found.kind.value}, {offer.items} items at {offer.found.url}")
    if offer.watched and not seen.watched:
        print(f"  watched already, as {offer.watched.feed.title} ({offer.watched.feed.id})")
    for name, value in offer.found.selectors.items():
        print(f"  {name}: {value}")
    for one in offer.samples:
        made = one.assessment
        words = f"severity {made.severity}, {made.direction.value}: " if made.relevant else ""
        published = one.entry.published_at
        when = f"{published:%Y-%m-%d %H:%M} UTC" if published else "no date"
        print(f"  {one.entry.title}")
        print(f"    {when}, {one.entry.language or 'language not said'}")
        print(f"    {words}{', '.join(made.indicators) if made.relevant else 'not flagged'}")


def _page_itself(seen: Looked) -> str:
    """The last offer: what to type to watch the page's own article links."""
    words = shlex.join(["--kind", "listing", "--link-pattern", seen.pattern])
    return f"The page itself can be watched as a listing: feeds add {shlex.quote(seen.url)} {words}"


def _change(args: argparse.Namespace, act: str, said: str) -> int:
    with session.opened(args) as (_settings, store):
        one = store.feeds.find(args.feed)
        by, now = session.who(), session.now()
        if act in ("pause", "resume"):
            store.feeds.pause(one.feed.id, paused=act == "pause", by=by, now=now)
        else:
            getattr(store.feeds, act)(one.feed.id, by=by, now=now)
        if args.json:
            print_json(_described(store.feeds.find(one.feed.id), store))
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


def use_file(args: argparse.Namespace) -> int:
    """Follow the file again."""
    with session.opened(args) as (settings, store):
        one = store.feeds.find(args.feed)
        declared = settings.declared_feed(one.feed.id)
        if declared is None:
            raise MonitorError(
                f"{one.feed.title}: config.toml does not declare it; there is nothing to follow"
            )
        store.feeds.use_file(declared, by=session.who(), now=session.now())
        if args.json:
            print_json(_described(store.feeds.find(one.feed.id), store))
        else:
            print(f"{declared.title}: follows {settings.path} again")
    return 0


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
