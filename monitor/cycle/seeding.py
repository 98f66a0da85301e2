"""The first item that the monitor ever knew: the Curaçao Chronicle article of 2 December 2025."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.cycle.intake import Intake
from monitor.errors import ConfigError
from monitor.feeds.identity import canonical_link, link_key
from monitor.feeds.model import Feed, FeedKind, Pool, feed_id
from monitor.items import Item

ARTICLE = "articles/curacao-chronicle-2025-12-02.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedArticle:
    """A shipped article with where it comes from."""

    item: Item
    feed_url: str
    published_day: date


def read_article(seeds: Path, *, now: datetime) -> SeedArticle:
    """The shipped article as an item first seen at `now`.

    Its page gives a day and no hour; it counts as published at the start of that local day.

    Raises:
        ConfigError: A file is missing, or lacks a key.
    """
    file = seeds / ARTICLE
    try:
        about = tomllib.loads(file.read_text(encoding="utf-8"))
        text = (file.parent / about["text"]).read_text(encoding="utf-8")
        return _article(about, text, now)
    except OSError as error:
        raise ConfigError(
            str(error.filename), "", "is missing or unreadable; get a complete copy of the project"
        ) from error
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise ConfigError(str(file), "", f"cannot be used: {error}") from error


def _article(about: dict[str, Any], text: str, now: datetime) -> SeedArticle:
    title, _, body = text.partition("\n")
    day = date.fromisoformat(str(about["published"]))
    start = datetime.combine(day, time(), ZoneInfo(about["timezone"])).astimezone(UTC)
    item = Item(
        feed_id=feed_id(about["feed_url"]),
        guid=canonical_link(about["url"]),
        url=about["url"],
        title=title.strip(),
        summary=body.strip(),
        language=about["language"],
        publisher=about["publisher"],
        author=about["byline"],
        published_at=start,
        published_raw=str(day),
        seen_at=max(now, start),
    )
    return SeedArticle(item=item, feed_url=about["feed_url"], published_day=day)


def plant(intake: Intake, seeds: Path, *, now: datetime) -> bool:
    """Store the first article in a store that has no item yet.

    Returns:
        Whether it was planted now.

    Raises:
        ConfigError: The shipped files are missing or damaged.
        StorageError: Nothing was stored.
    """
    if intake.store.items.count():
        return False
    article = read_article(seeds, now=now)
    feed = _its_feed(intake, article, now)
    judged = intake.judge(article.item, feed)
    with intake.store.database.write() as connection:
        keys = (link_key(article.item.url),)
        fresh = intake.store.items.add(connection, [(article.item, judged.group, keys)])
        intake.file(connection, [judged] if fresh else [], now)
    return True


def _its_feed(intake: Intake, article: SeedArticle, now: datetime) -> Feed:
    """The declared feed of the article; remembered without being watched if the file lacks it."""
    known = {one.feed.id: one.feed for one in intake.store.feeds.all()}
    if article.item.feed_id in known:
        return known[article.item.feed_id]
    feed = Feed(
        id=article.item.feed_id,
        url=article.feed_url,
        title=article.item.publisher,
        kind=FeedKind.LISTING,
        language=article.item.language,
        country="CW",
        pool=Pool.LOCAL,
        origin="archive",
    )
    intake.store.feeds.remember(feed, now)
    return feed
