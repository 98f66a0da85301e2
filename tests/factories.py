"""Domain objects for tests: a test states only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from monitor.feeds.model import Feed, feed_id
from monitor.items import Item

NOW = datetime(2025, 12, 3, 12, 0, tzinfo=UTC)


def make_feed(n: int = 1, **changes: Any) -> Feed:
    """Feed number `n`; its URL gives its id unless the test says otherwise."""
    url = changes.pop("url", f"https://feed{n}.example/rss")
    values: dict[str, Any] = {"id": feed_id(url), "url": url, "title": f"Feed {n}"}
    return Feed(**values | changes)


def make_item(n: int = 1, **changes: Any) -> Item:
    """Item number `n` of feed 1, seen at `NOW`."""
    values: dict[str, Any] = {
        "feed_id": make_feed(1).id,
        "guid": f"guid-{n}",
        "url": f"https://feed1.example/{n}",
        "title": f"Title {n}",
        "published_at": NOW,
        "seen_at": NOW,
    }
    return Item(**values | changes)
