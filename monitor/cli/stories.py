"""stories list, stories show: what happened."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from monitor.cli import session
from monitor.cli.output import local, print_json, print_json_array, print_table
from monitor.cli.words import moment
from monitor.errors import MonitorError
from monitor.storage.rows import StoryFilter, StoryRow
from monitor.storage.store import Store


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the commands."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    many = verbs.add_parser("list", help="flagged stories, newest first")
    many.add_argument("--since", type=moment, metavar="D")
    many.add_argument("--all", action="store_true", help="also stories that are not flagged")
    many.add_argument("--limit", type=int, default=50, metavar="N")
    many.add_argument("--json", action="store_true")
    many.set_defaults(run=list_stories)
    one = verbs.add_parser("show", help="one story with its items and why they belong together")
    one.add_argument("id")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=show)
    apart = verbs.add_parser("split", help="make items a story of their own; it stays so")
    apart.add_argument("items", nargs="+", metavar="ITEM")
    apart.add_argument("--json", action="store_true")
    apart.set_defaults(run=split)
    together = verbs.add_parser("merge", help="put stories together; it stays so")
    together.add_argument("stories", nargs="+", metavar="STORY")
    together.add_argument("--json", action="store_true")
    together.set_defaults(run=merge)


def list_stories(args: argparse.Namespace) -> int:
    """Print the newest stories."""
    with session.opened(args) as (settings, store):
        since = args.since(settings.zone) if args.since else None
        rows = _newest(store, StoryFilter(flagged=not args.all, since=since), args.limit)
        if args.json:
            print_json_array(as_json(row) for row in rows)
            return 0
        print_table(
            ("last seen", "severity", "groups", "items", "story", "title"),
            [
                (
                    local(row.last_seen_at, settings.zone),
                    row.severity,
                    row.groups,
                    row.items,
                    row.id,
                    row.title,
                )
                for row in rows
            ],
        )
    return 0


def _newest(store: Store, chosen: StoryFilter, limit: int) -> list[StoryRow]:
    rows: list[StoryRow] = []
    after = None
    while len(rows) < limit:
        page = store.reading.stories(chosen, after=after, limit=min(limit - len(rows), 200))
        rows.extend(page.rows)
        after = page.after
        if after is None:
            break
    return rows


def show(args: argparse.Namespace) -> int:
    """Print one story."""
    with session.opened(args) as (settings, store):
        story = store.reading.story(args.id)
        if story is None:
            raise MonitorError(f"no story {args.id!r}; see `stories list`")
        items = store.reading.items_of([story.id])
        if args.json:
            full = {row.item.id: row.as_json() for row in store.items.get([i.id for i in items])}
            print_json(
                as_json(story)
                | {
                    "members": [
                        full[one.id] | {"joined_because": one.joined_because} for one in items
                    ]
                }
            )
            return 0
        print(story.title)
        print(f"{story.groups} independent groups, {story.items} items, severity {story.severity}")
        print_table(
            ("published", "publisher", "title", "why here"),
            [
                (
                    local(one.published_at, settings.zone),
                    one.publisher or one.feed_title,
                    one.title,
                    one.joined_because or "opened the story",
                )
                for one in items
            ],
        )
    return 0


def split(args: argparse.Namespace) -> int:
    """Make items a story of their own."""
    with session.opened(args) as (_settings, store):
        known = {one.item.id for one in store.items.get(args.items)}
        missing = sorted(set(args.items) - known)
        if missing:
            raise MonitorError(f"no item {', '.join(missing)}; see `items list --json`")
        made = store.measures.split(args.items, by=session.who(), now=session.now())
    return _said(args, made, f"{len(known)} items are story {made} now")


def merge(args: argparse.Namespace) -> int:
    """Put stories together."""
    with session.opened(args) as (_settings, store):
        known = {row.id for row in store.reading.stories_by_id(args.stories)}
        missing = sorted(set(args.stories) - known)
        if missing or len(known) < 2:
            named = ", ".join(missing) or "a second one"
            raise MonitorError(f"no story {named}; see `stories list`")
        made = store.measures.merge(args.stories, by=session.who(), now=session.now())
    return _said(args, made, f"{len(known)} stories are {made} now")


def _said(args: argparse.Namespace, story_id: str, words: str) -> int:
    if args.json:
        print_json({"story": story_id})
    else:
        print(words)
    return 0


def as_json(story: StoryRow) -> dict[str, Any]:
    """A story as plain values."""
    raw = asdict(story)
    for name in ("first_seen", "last_seen"):
        raw[name] = raw.pop(f"{name}_at").isoformat()
    return raw | {"languages": list(story.languages), "indicators": list(story.indicators)}
