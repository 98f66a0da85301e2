"""Feed: one watched source, and what polling has learnt about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from monitor.feeds.entries import NO_HINTS, Hints


class FeedKind(StrEnum):
    """How a source publishes."""

    RSS = "rss"  # RSS, Atom, RDF
    JSON = "json"  # JSON Feed
    WORDPRESS = "wordpress"  # wp-json posts
    LISTING = "listing"  # a page of links, no feed
    SITEMAP = "sitemap"  # news sitemap


class Pool(StrEnum):
    """Kind of source, for the baseline share of a group that is still young (docs/method.md)."""

    LOCAL = "local"
    DUTCH = "dutch"
    VENEZUELAN = "venezuelan"
    REGIONAL = "regional"
    WIRE = "wire"
    OFFICIAL = "official"
    AVIATION_MARITIME = "aviation_maritime"


def feed_id(url: str) -> str:
    """12 hex digits that name a feed for ever, from the URL it was first added with."""
    return sha256(url.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One watched source, as the operator declared it.

    `id` stays when the URL moves; `url` is what is requested now.
    """

    id: str
    url: str
    title: str
    kind: FeedKind = FeedKind.RSS
    language: str | None = None  # prior for the language of its items; None: mixed
    country: str | None = None  # ISO 3166 alpha-2
    group: str = ""  # owner or wire family; "" means the publisher stands alone
    pool: Pool = Pool.REGIONAL
    reliability: str = "F"  # Admiralty A to F; F: cannot be judged
    official: bool = False  # a primary source that speaks for itself (ministry, agency)
    interval: timedelta | None = None  # None: from the feed's own rhythm
    selectors: Mapping[str, str] = field(default_factory=dict)  # listing only
    origin: str = "file"  # "file" (config.toml) or "page" (added by a person)
    paused: bool = False


class FeedState(NamedTuple):
    """What polling knows of a feed; stored together with the items it explains.

    A tuple for the sake of time (see outcomes.py). What moves with every poll stands first, what
    the store keeps in another form last.
    """

    feed_id: str
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None  # 200 with a readable body, or 304
    next_poll_at: datetime | None = None  # None: never polled, due now
    polls: int = 0
    unchanged_polls: int = 0
    etag: bytes | None = None  # byte for byte as received
    last_modified: bytes | None = None
    validator_url: str | None = None  # final URL the validators belong to
    body_sha256: str | None = None
    unconditional_at: datetime | None = None  # last request without validators
    last_new_at: datetime | None = None  # last poll that brought a new item
    last_status: int | None = None
    error_class: str | None = None  # stable name such as "timeout"; None: fine
    error_message: str | None = None
    error_since: datetime | None = None
    consecutive_errors: int = 0
    empty_polls: int = 0  # polls in a row with no item at all
    gone_count: int = 0
    redirect_url: str | None = None  # permanent redirect seen but not adopted yet
    redirect_first_at: datetime | None = None
    redirect_count: int = 0
    mean_bytes: float | None = None
    median_gap: timedelta | None = None  # between its last items
    p95_gap: timedelta | None = None
    hints: Hints = NO_HINTS  # what its last document asked about polling

    def moved(self, now: datetime, due: datetime) -> FeedState:
        """The state after a poll that found nothing changed and taught nothing."""
        moving = (self.feed_id, now, now, due, self.polls + 1, self.unchanged_polls + 1)
        return FeedState._make(moving + self[MOVING:])


MOVING = 6
"""So many fields of a FeedState, its name included, are all that most polls change."""
