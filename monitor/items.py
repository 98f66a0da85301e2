"""Item: what was published, kept apart from what we think of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

YEARS = range(1900, 3000)
"""Years that a time of news may name, slips included; one outside them is no time at all.

Far enough from both ends of the calendar that days and centuries can be counted from it.
"""


def is_believable(moment: datetime) -> bool:
    """Whether a time can be one of news: far enough from the ends of the calendar to count with."""
    return moment.year in YEARS


def counts_at(published_at: datetime | None, seen_at: datetime) -> datetime:
    """When something counts as published: never later than an hour after it was first seen.

    Args:
        published_at: As its publisher says; None: the publisher does not say.
        seen_at: When we met it.
    """
    if published_at is None:
        return seen_at
    return min(published_at, seen_at + timedelta(hours=1))


def booked_day(seen: date, published: date, *, catch_up_days: int) -> date:
    """Local day to which an item counts.

    What was published on an earlier day and found a little later (after an outage) counts where
    it belongs; what is older counts when it was found, and nothing counts later than that.
    """
    return published if timedelta() < seen - published <= timedelta(catch_up_days) else seen


def stamp(moment: datetime) -> str:
    """A time as JSON and snapshots write it, e.g. `2025-12-03T12:00:00Z`.

    Raises:
        ValueError: The time has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def require_utc(name: str, moment: datetime | None) -> None:
    """Refuse a time that is not aware UTC.

    Raises:
        ValueError: `moment` is naive or in another zone; the message names the field.
    """
    if moment is not None and moment.utcoffset() != timedelta(0):
        raise ValueError(f"{name} must be in UTC, not {moment!r}")


@lru_cache(maxsize=4096)  # an item's id is asked for several times while it is stored
def _id(feed_id: str, guid: str) -> str:
    return sha256(f"{feed_id}\n{guid}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article or post, as one feed published it.

    Holds only what was published; what we think of it is an Assessment.
    All text is plain: tags stripped, control and bidi characters removed.
    """

    feed_id: str
    guid: str  # identity within its feed: the raw guid, else the canonical link, else a hash
    url: str  # http or https, or "" when the feed gave no usable link
    title: str
    summary: str = ""
    language: str | None = None  # as the feed or the article declares it; None: not said
    publisher: str = ""  # who published it, when that differs from the feed (aggregators)
    author: str = ""  # byline, where wire agencies are credited
    published_at: datetime | None = None  # UTC; None: the feed gave no usable date
    published_raw: str = ""  # the date as written, kept for people when it cannot be read
    seen_at: datetime  # UTC; when a poll first met it

    def __post_init__(self) -> None:
        require_utc("published_at", self.published_at)
        require_utc("seen_at", self.seen_at)

    @property
    def id(self) -> str:
        """16 hex digits of SHA-256 over feed and guid: the same in every database."""
        return _id(self.feed_id, self.guid)

    @property
    def sort_at(self) -> datetime:
        """When it counts as published; see `counts_at`."""
        return counts_at(self.published_at, self.seen_at)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A time written as ISO date and time, day, or month, in UTC.

    Where only a day is given its middle is taken, so that it is that day in every zone near by;
    a month means its first day.

    Args:
        zone: Of a time without an offset.

    Raises:
        ValueError: It is none of these, or lies outside the years of news.
    """
    try:
        parsed = datetime.fromisoformat(f"{text}-01" if len(text) == len("2025-12") else text)
    except ValueError:
        raise ValueError(f"{text!r} is no ISO date or time") from None
    if not is_believable(parsed):
        raise ValueError(f"{text!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    if len(text) <= len("2025-12-02"):
        parsed = parsed.replace(hour=12)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def utc_from_timestamp(seconds: float) -> datetime:
    """Aware UTC time of a Unix timestamp in seconds."""
    return datetime.fromtimestamp(seconds, UTC)
