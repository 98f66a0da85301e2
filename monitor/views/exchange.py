"""Exchange: the watch list for other readers and for config.toml, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import tomli_w

from monitor.feeds.model import Feed, feed_id
from monitor.feeds.opml import Outline, Problem
from monitor.views.lens import LANGUAGES, count

_KEYS = ("kind", "language", "country", "group", "pool", "reliability", "official")


def outlines(feeds: Iterable[Feed]) -> list[Outline]:
    """Feeds as OPML has them."""
    return [
        Outline(
            url=one.url,
            title=one.title,
            language=one.language,
            kind=one.kind,
            country=one.country,
            group=one.group,
            pool=one.pool,
            reliability=one.reliability,
            official=one.official,
            interval_seconds=int(one.interval.total_seconds()) if one.interval else None,
            selectors=tuple(sorted(one.selectors.items())),
        )
        for one in feeds
    ]


def feeds(found: Iterable[Outline]) -> list[Feed]:
    """Feeds to watch, from OPML."""
    return [
        Feed(
            id=feed_id(one.url),
            url=one.url,
            title=one.title or one.url,
            language=one.language if one.language in LANGUAGES else None,
            kind=one.kind,
            country=one.country,
            group=one.group,
            pool=one.pool,
            reliability=one.reliability,
            official=one.official,
            interval=timedelta(seconds=one.interval_seconds) if one.interval_seconds else None,
            selectors=dict(one.selectors),
            origin="page",
        )
        for one in found
    ]


def toml(feeds: Iterable[Feed]) -> str:
    """[[feeds]] entries for config.toml, without what is at its default."""
    return "\n".join(_table(feed) for feed in feeds)


def _table(feed: Feed) -> str:
    text = "[[feeds]]\n" + tomli_w.dumps(_entry(feed))
    selectors = dict(feed.selectors)
    return text + "[feeds.selectors]\n" + tomli_w.dumps(selectors) if selectors else text


def _entry(feed: Feed) -> dict[str, Any]:
    usual = Feed(id=feed.id, url=feed.url, title=feed.title)
    entry: dict[str, Any] = {"url": feed.url, "title": feed.title}
    for name in _KEYS:
        value = getattr(feed, name)
        if value != getattr(usual, name):
            entry[name] = value if isinstance(value, bool) else str(value)
    if feed.interval:
        entry["interval"] = f"{int(feed.interval.total_seconds())}s"
    return entry


def told(added: int, known: int, problems: Sequence[Problem]) -> str:
    """What an import did, in one sentence."""
    text = f"{count(added, 'feed')} added, {known} watched before."
    if problems:
        lines = "; ".join(f"line {one.line}: {one.message}" for one in problems[:5])
        text += f" Left out: {lines}."
    return text
