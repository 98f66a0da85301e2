"""Older items on request: bounded, slow, and without touching what polling knows of the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.feeds import identity
from monitor.feeds.answers import Answer, Failure
from monitor.feeds.decide import Poll, decide, names
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Document
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, FeedKind, FeedState
from monitor.feeds.outcomes import Claim, NewItem
from monitor.feeds.run import KnownItems, request_url
from monitor.feeds.wordpress import posts_url

PAGES = 5
PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What older pages brought."""

    new: tuple[NewItem, ...]
    pages: int  # pages read
    ended: str  # why it stopped, for a person


async def backfill(
    feed: Feed,
    *,
    fetcher: Fetcher,
    parser: Parser,
    known: KnownItems,
    now: Callable[[], datetime],
    pages: int = PAGES,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    progress: Callable[[int, int], None] | None = None,
) -> Backfill:
    """Read older pages until they end, bring nothing unknown, or are enough.

    RFC 5005 archives and pages, JSON Feed `next_url`, WordPress `?paged=N` and its interface.

    Args:
        pages: At most so many besides the present document.
        pause: Waits the seconds between two pages; 3 s.
    """
    new: dict[str, NewItem] = {}
    url, read = request_url(feed), 0
    seen: set[str] = set()
    ended = "that was all"
    while url and url not in seen and read <= pages:
        if read:
            await pause(PAUSE_SECONDS)
        seen.add(url)
        found = await _page(feed, url, fetcher, parser)
        if isinstance(found, str):
            ended = found
            break
        answer, document = found
        fresh = _fresh(feed, answer, document, known, now())
        if read and not any(one.item.id not in new for one in fresh):
            ended = "an older page held nothing unknown"
            break
        new.update((one.item.id, one) for one in fresh)
        read += 1
        if progress is not None:
            progress(read, pages + 1)
        url = _next(feed, answer, document, read + 1)
    return Backfill(new=tuple(new.values()), pages=read, ended=ended)


async def _page(
    feed: Feed, url: str, fetcher: Fetcher, parser: Parser
) -> tuple[Answer, Document] | str:
    answer = await fetcher.get(url)
    if isinstance(answer, Failure):
        return f"stopped: {answer.message}"
    if answer.status != 200:
        return f"the server has no older page (status {answer.status})"
    document = await parser.read(
        answer.body,
        kind=feed.kind,
        content_type=answer.headers.get("content-type", ""),
        base_url=answer.final_url,
        language=feed.language,
        selectors=feed.selectors,
    )
    return (answer, document) if isinstance(document, Document) else document.message


def _fresh(
    feed: Feed, answer: Answer, document: Document, known: KnownItems, now: datetime
) -> tuple[NewItem, ...]:
    """The unknown items of a page, as a poll would name them."""
    keys = identity.all_keys(names(feed, document.entries))
    claim = Claim(feed=feed, state=FeedState(feed_id=feed.id), owner="", lease_until=now)
    poll = Poll(
        claim=claim,
        result=answer,
        parsed=document,
        digest=sha256(answer.body).hexdigest(),
        started_at=now,
        now=now,
    )
    return decide(poll, known(feed.id, keys), Politeness()).new


def _next(feed: Feed, answer: Answer, document: Document, number: int) -> str:
    """Where the next older page stands; "" when the feed has none."""
    if feed.kind == FeedKind.WORDPRESS:
        total = answer.headers.get("x-wp-totalpages", "")
        beyond = total.isdigit() and number > int(total)
        return "" if beyond else posts_url(feed.url, page=number)
    if document.next_url or feed.kind != FeedKind.RSS or not document.entries:
        return document.next_url
    if "wordpress" not in document.generator.lower():
        return ""
    parts = urlsplit(feed.url)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(number))])))
