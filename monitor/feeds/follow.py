"""From the links of a listing to items: new articles are fetched one by one and politely."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from monitor.feeds import identity
from monitor.feeds.answers import Answer, Failure
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Document, Entry, Unreadable
from monitor.feeds.fetch import Fetcher
from monitor.feeds.identity import KnownItem
from monitor.feeds.model import Feed
from monitor.feeds.robots import Robots

ARTICLE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.3"
_FINAL = frozenset({401, 403, 404, 410, 451})  # it will not get better; the link's text must do


async def follow(
    feed: Feed,
    document: Document,
    known: Mapping[str, KnownItem],
    *,
    fetcher: Fetcher,
    parser: Parser,
    robots: Robots,
) -> Document:
    """The document with those entries only that are new, completed from their pages.

    At most `listing_articles` pages are asked for; when some are left, the document is
    `unfinished` and the next poll goes on. A page that robots.txt forbids is never fetched:
    its item has the link's text only.
    """
    named = identity.name_entries(document.entries)
    matches = zip(named, identity.match(named, known), strict=True)
    fresh = [one.entry for one, item in matches if item is None]
    entries: list[Entry] = []
    asked = 0
    left = False
    for entry in fresh:
        if asked >= fetcher.politeness.listing_articles:
            left = True
            break
        if not await robots.allows(entry.url):
            entries.extend([entry] if entry.title else [])
            continue
        if asked:
            await asyncio.sleep(await robots.delay(entry.url))
        asked += 1
        one = await _article(feed, entry, document.language, fetcher, parser)
        left = left or one is None
        entries.extend([one] if one is not None and one.title else [])
    return replace(document, entries=tuple(entries), listed=len(document.entries), unfinished=left)


async def _article(
    feed: Feed, entry: Entry, language: str | None, fetcher: Fetcher, parser: Parser
) -> Entry | None:
    """The entry with what its page says; None: try again at the next poll."""
    answer = await fetcher.get(entry.url, accept=ARTICLE_TYPES)
    if isinstance(answer, Failure) or answer.status != 200:
        return entry if _is_final(answer) else None
    page = await parser.read_article(
        answer.body,
        content_type=answer.headers.get("content-type", ""),
        base_url=answer.final_url,
        language=feed.language or language,
        selectors=feed.selectors,
    )
    if isinstance(page, Unreadable):
        return entry
    return replace(page, guid=entry.guid, url=entry.url, title=page.title or entry.title)


def _is_final(answer: Answer | Failure) -> bool:
    if isinstance(answer, Failure):
        return answer.reason in ("too_large", "redirect_loop", "bad_redirect", "address_refused")
    return answer.status in _FINAL
