"""What a document said: entries and hints, the same for every kind of feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from monitor.items import utc_from_timestamp

MOST_ENTRIES = 20_000  # of one document; more is an attack or a database dump


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a document; all text is plain already."""

    guid: str = ""  # as published, never joined with an address; "" when there is none
    url: str = ""  # absolute http or https, or ""
    title: str = ""
    summary: str = ""
    published: float | None = None  # Unix seconds
    published_raw: str = ""
    language: str | None = None
    author: str = ""
    publisher: str = ""  # the source an aggregator names

    @property
    def published_at(self) -> datetime | None:
        """When it was published, in UTC; None: not said, or not readable."""
        return None if self.published is None else utc_from_timestamp(self.published)


class Hints(NamedTuple):
    """What a document asks about polling; it is kept for polls that bring no document."""

    ttl_seconds: float = 0.0  # <ttl>, or one over sy:updateFrequency
    skip_hours: tuple[int, ...] = ()  # GMT
    skip_days: tuple[int, ...] = ()  # GMT, Monday is 0


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that could be read."""

    kind: str  # a FeedKind
    entries: tuple[Entry, ...] = ()
    title: str = ""
    site_url: str = ""
    language: str | None = None
    repaired: str = ""  # why it had to be repaired; "" when it was well formed
    next_url: str = ""  # older entries: RFC 5005, JSON Feed
    hints: Hints = NO_HINTS
    generator: str = ""  # the program that wrote it
    listed: int = 0  # entries seen, when not all of them are in `entries` (listings)
    unfinished: bool = False  # more is to be read from the same answer at the next poll

    @property
    def count(self) -> int:
        """Entries that the document listed."""
        return max(self.listed, len(self.entries))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that is no document of the expected kind."""

    reason: str  # not_a_feed, empty, parse_failed, parser_limit
    message: str


def pack(result: Document | Unreadable) -> list[Any]:
    """Plain values for the pipe from the parsing child; `unpack` reverses it."""
    if isinstance(result, Unreadable):
        return [result.reason, result.message]
    hints = result.hints
    head = [
        result.kind,
        result.title,
        result.site_url,
        result.language,
        result.repaired,
        result.next_url,
        (hints.ttl_seconds, hints.skip_hours, hints.skip_days),
        result.generator,
        result.listed,
    ]
    return [head, [_row(entry) for entry in result.entries]]


def _row(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in Entry.__slots__)


def unpack(values: Sequence[Any]) -> Document | Unreadable:
    """The result that was packed."""
    first, second = values
    if isinstance(first, str):
        return Unreadable(first, second)
    kind, title, site_url, language, repaired, next_url, hints, generator, listed = first
    ttl, hours, days = hints
    return Document(
        kind,
        tuple(Entry(*row) for row in second),
        title,
        site_url,
        language,
        repaired,
        next_url,
        Hints(ttl, tuple(hours), tuple(days)),
        generator,
        listed,
    )
