"""From an address that a person pastes to a feed: one request when it is a feed itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from monitor.feeds.addresses import is_address
from monitor.feeds.answers import Answer, Failure, refusal
from monitor.feeds.decide import Poll, decide
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Document, Entry, Unreadable
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedKind
from monitor.feeds.outcomes import Claim, Outcome
from monitor.feeds.pages import header_offers, is_comments
from monitor.feeds.wordpress import posts_url

WELL_KNOWN = (
    "/feed/", "/rss.xml", "/atom.xml", "/feed.json", "/feed.xml", "/index.xml", "/rss", "/feed",
)  # fmt: skip
_NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
_MOST_PROBES = 14
_HEAD = 4_096
_XML_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_XML_SITEMAP = re.compile(rb"<(?:\w+:)?urlset\b", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was fetched and read."""

    url: str  # where it answered
    kind: FeedKind
    document: Document
    answer: Answer  # handed over to the first poll, so that adding asks only once
    selectors: Mapping[str, str] = field(default_factory=dict)  # listing only

    @property
    def samples(self) -> Sequence[Entry]:
        """Its entries, in its own order."""
        return self.document.entries

    def outcome(
        self, claim: Claim, now: datetime, politeness: Politeness, jitter: float
    ) -> Outcome:
        """What the first poll of the feed brings, without another request.

        Args:
            claim: From `Polling.claim_due` for the feed that was just added.
        """
        digest = sha256(self.answer.body).hexdigest()
        return decide(
            Poll(
                claim=claim,
                result=self.answer,
                parsed=self.document,
                digest=digest,
                started_at=now,
                now=now,
                jitter=jitter,
            ),
            {},
            politeness,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What stands at an address: a feed, or a page with feeds, or neither."""

    url: str
    feed: Found | None = None  # the address is a feed itself
    candidates: tuple[Found, ...] = ()  # feeds that the page leads to, best first
    title: str = ""  # of the page
    page: Answer | None = None  # a web page, which may be watched itself
    pattern: str = ""  # a link_pattern for its articles; "": none can be told
    reason: str = ""  # why there is nothing; a class that health.py explains
    message: str = ""


async def check(url: str, *, fetcher: Fetcher, parser: Parser) -> Checked:
    """Look at an address: one request when it is a feed, else the feeds that it leads to.

    Every candidate has been fetched and read before it is offered; comments feeds come last.

    Args:
        url: As pasted; without a scheme https is tried, `feed:` is taken off. What cannot be an
            address is not looked up.
    """
    typed, url = url, pasted(url)
    if not is_meant_as_address(typed, fetcher.politeness.allow_private_hosts):
        return Checked(url=typed, reason="no_address")
    answer = await fetcher.get(url)
    if isinstance(answer, Failure):
        return Checked(url=url, reason=answer.reason, message=answer.message)
    if answer.status != 200:
        reason, message = refusal(answer)
        return Checked(url=url, reason=reason, message=message)
    found = await _read(answer, parser)
    if isinstance(found, Found):
        return Checked(url=url, feed=found)
    if not _HTML.search(answer.body[:_HEAD]):
        return Checked(url=url, reason=found.reason, message=found.message)
    return await _discover(url, answer, fetcher, parser)


def pasted(url: str) -> str:
    """An address as people paste it, made one that can be fetched."""
    url = url.strip()
    if url.lower().startswith("feed:"):
        url = url[5:]
        url = (
            url if url.lower().startswith(("http://", "https://")) else "http://" + url.lstrip("/")
        )
    return url if "://" in url else f"https://{url}"


def is_meant_as_address(typed: str, known_hosts: Collection[str] = ()) -> bool:
    """Whether what a person typed can be an address; a bare word only if it is a known host."""
    url = pasted(typed)
    if not is_address(url):
        return False
    host = urlsplit(url).hostname or ""
    return "://" in typed or "." in host or ":" in host or host in known_hosts


def detect(body: bytes) -> FeedKind | None:
    """The kind of a document by its first bytes, whatever it is labelled; None: none of ours."""
    head = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"):
        head = head.replace(b"\x00", b"")
    if head.startswith(b"{"):
        return FeedKind.JSON
    if head.startswith(b"["):
        return FeedKind.WORDPRESS
    if _XML_SITEMAP.search(head):
        return FeedKind.SITEMAP
    return FeedKind.RSS if _XML_FEED.search(head) else None


async def _read(answer: Answer, parser: Parser) -> Found | Unreadable:
    kind = detect(answer.body)
    if kind is None:
        return Unreadable("not_a_feed", "the answer is not a feed")
    document = await parser.read(
        answer.body,
        kind=kind,
        content_type=answer.headers.get("content-type", ""),
        base_url=answer.final_url,
    )
    if isinstance(document, Unreadable):
        return document
    return Found(url=answer.final_url, kind=kind, document=document, answer=answer)


async def _discover(url: str, page: Answer, fetcher: Fetcher, parser: Parser) -> Checked:
    links = await parser.links(
        page.body,
        content_type=page.headers.get("content-type", ""),
        base_url=page.final_url,
    )
    named = [*links.offers, *header_offers(page.links, page.final_url)]
    found = await _probe(named, fetcher, parser)
    if not any(one.document.entries and not _about_comments(one) for one in found):
        found += await _probe(_guesses(page.final_url), fetcher, parser, enough=1)
    found = _unique(found)
    found.sort(key=lambda one: (_about_comments(one), not one.document.entries))
    return Checked(
        url=url,
        candidates=tuple(found),
        title=links.title,
        page=page,
        pattern=links.pattern,
        reason="" if found else "no_feed_found",
    )


def _about_comments(found: Found) -> bool:
    return is_comments(found.url, found.document.title)


def _guesses(url: str) -> list[str]:
    """The usual places, on the site and below the page."""
    base = url if url.endswith("/") else url + "/"
    below = [urljoin(base, "feed/")] if urlsplit(url).path not in ("", "/") else []
    root = [urljoin(url, path) for path in WELL_KNOWN]
    return [*below, *root, posts_url(urljoin(url, "/")), *(urljoin(url, p) for p in _NEWS_SITEMAPS)]


async def _probe(
    urls: Sequence[str], fetcher: Fetcher, parser: Parser, enough: int = _MOST_PROBES
) -> list[Found]:
    """Fetch and read one after another; what cannot be read is not offered."""
    found: list[Found] = []
    for url in list(dict.fromkeys(urls))[:_MOST_PROBES]:
        answer = await fetcher.get(url)
        if isinstance(answer, Failure) or answer.status != 200:
            continue
        one = await _read(answer, parser)
        if isinstance(one, Found):
            found.append(one if one.kind != FeedKind.WORDPRESS else replace(one, url=url))
        if len(found) >= enough:
            break
    return found


def _unique(found: Sequence[Found]) -> list[Found]:
    """Without feeds that are the same under another address."""
    seen: set[str] = set()
    kept = []
    for one in found:
        digest = sha256(one.answer.body).hexdigest()
        if one.url not in seen and digest not in seen:
            kept.append(one)
        seen |= {one.url, digest}
    return kept
