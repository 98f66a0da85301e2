"""Items from an archive of JSON lines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson

from monitor.cycle.intake import Intake
from monitor.cycle.sparing import spare
from monitor.feeds.identity import canonical_link, guid_key, link_key
from monitor.feeds.model import Feed, feed_id
from monitor.feeds.text import plain, safe_link
from monitor.indicators.replay import ArchiveItem
from monitor.items import Item, read_moment

LOG = logging.getLogger("monitor.import")
BATCH = 1000  # items per transaction
KEYS = {"url", "title", "summary", "published", "publisher", "language", "first_seen", "id"}
LANGUAGES = {"en", "nl", "es", "pap"}


@dataclass(slots=True)
class Report:
    """What became of the lines."""

    lines: int = 0
    new: int = 0
    known: int = 0
    flagged: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)  # line number, what is wrong


def read_line(line: bytes, *, zone: ZoneInfo, now: datetime) -> ArchiveItem:
    """One archive item.

    Args:
        zone: For dates without an offset.
        now: First seen, for an item with neither `first_seen` nor a `published` that has passed.

    Raises:
        ValueError: What is wrong with the line, in words.
    """
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"is no JSON: {error}") from None
    if not isinstance(raw, dict):
        raise ValueError("is no JSON object")
    title, url = plain(_text(raw, "title")), safe_link(_text(raw, "url"))
    if not title:
        raise ValueError("has no title")
    published = _moment(raw, "published", zone)
    seen = _moment(raw, "first_seen", zone)
    if seen is not None and seen > now:
        raise ValueError(f"first_seen: {seen.isoformat()} lies in the future")
    language = raw.get("language")
    return ArchiveItem(
        url=url,
        title=title,
        summary=plain(_text(raw, "summary")),
        publisher=plain(_text(raw, "publisher")) or (urlsplit(url).hostname or "archive"),
        language=language if language in LANGUAGES else None,
        published_at=published,
        seen_at=seen or min(published or now, now),
    )


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text but {value!r}")
    return value


def _moment(raw: dict[str, Any], key: str, zone: ZoneInfo) -> datetime | None:
    text = _text(raw, key)
    try:
        return read_moment(text, zone) if text else None
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def import_lines(
    intake: Intake,
    lines: Iterable[bytes],
    *,
    zone: ZoneInfo,
    now: datetime,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Report:
    """Store the items of an archive, judged and grouped; a bad line does not stop the rest.

    Items are filed in the order in which they were first seen, so that stories form as they
    would have formed then. An item that is known already stays as it is.

    Raises:
        StorageError: The batches before it are stored, the rest is not; import again to go on.
    """
    report = Report()
    found = list(readable(lines, zone=zone, now=now, bad=report.bad))
    report.lines = len(found) + len(report.bad)
    items = sorted(found, key=lambda one: (one.seen_at, one.url))
    feeds = _archive_feeds(intake, items)
    intake.renew()
    days: set[date] = set()
    done = 0
    for start in range(0, len(items), BATCH):
        part = items[start : start + BATCH]
        file = partial(_file, intake, feeds=feeds, now=now, report=report)
        spare(part, file, partial(_refused, report))
        done += len(part)
        days |= {one.seen_at.astimezone(zone).date() for one in part}
        progress(done)
    intake.renew()
    intake.remeasure(now, days)
    return report


def readable(
    lines: Iterable[bytes], *, zone: ZoneInfo, now: datetime, bad: list[tuple[int, str]]
) -> Iterator[ArchiveItem]:
    """The items of an archive; `bad` collects the number of each other line and its fault."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield replace(read_line(line, zone=zone, now=now), line=number)
        except ValueError as error:
            bad.append((number, str(error)))


def _archive_feeds(intake: Intake, items: Iterable[ArchiveItem]) -> dict[str, Feed]:
    """One remembered, never polled feed for each publisher of the archive.

    It counts from its first item on: the days of the archive are what it showed.

    Args:
        items: Oldest first.
    """
    feeds: dict[str, Feed] = {}
    for one in items:
        if one.publisher not in feeds:
            address = f"archive:{one.publisher}"
            feed = Feed(id=feed_id(address), url=address, title=one.publisher, origin="archive")
            intake.store.feeds.remember(feed, one.seen_at)
            feeds[one.publisher] = feed
    return feeds


def _file(
    intake: Intake,
    part: Sequence[ArchiveItem],
    *,
    feeds: dict[str, Feed],
    now: datetime,
    report: Report,
) -> None:
    items = {item.id: (item, feeds[item.publisher]) for item in (_item(o, feeds) for o in part)}
    tried = {name: intake.try_to_judge(*pair) for name, pair in items.items()}
    judged = {name: one for name, one in tried.items() if one is not None}
    with intake.store.database.write() as connection:
        rows = [
            (item, judged[name].group if name in judged else feed.group, _keys(item))
            for name, (item, feed) in items.items()
        ]
        fresh = intake.store.items.add(connection, rows)
        new = [one for name, one in judged.items() if name in fresh]
        intake.file(connection, new, now)
    report.new += len(fresh)
    report.known += len(part) - len(fresh)
    report.flagged += sum(one.assessment.relevant for one in new)


def _refused(report: Report, one: ArchiveItem, error: Exception) -> None:
    LOG.error("line %d could not be stored", one.line, exc_info=error)
    report.bad.append((one.line, f"cannot be stored: {error}"))


def _item(one: ArchiveItem, feeds: dict[str, Feed]) -> Item:
    guid = canonical_link(one.url) if one.url else f"{one.title}\n{one.published_at}"
    return Item(
        feed_id=feeds[one.publisher].id,
        guid=guid,
        url=one.url,
        title=one.title,
        summary=one.summary,
        language=one.language,
        publisher=one.publisher,
        published_at=one.published_at,
        seen_at=one.seen_at,
    )


def _keys(item: Item) -> tuple[str, ...]:
    return (link_key(item.url),) if item.url else (guid_key(item.guid),)
