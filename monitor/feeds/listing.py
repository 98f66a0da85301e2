"""Sites without a feed: a page of links to a Document, mirrors counted once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.feeds.addresses import registrable_domain
from monitor.feeds.entries import Document, Entry, Unreadable
from monitor.feeds.identity import canonical_link
from monitor.feeds.model import FeedKind
from monitor.feeds.scrub import decode
from monitor.feeds.text import TITLE_LIMIT, plain, safe_link

MOST_LINKS = 200
_TELLING_WORDS = 4  # words in a link's text that make it a headline, when nothing else tells
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def read_listing(
    body: bytes,
    *,
    content_type: str = "",
    base_url: str = "",
    language: str | None = None,
    selectors: Mapping[str, str] | None = None,
) -> Document | Unreadable:
    """The article links of a page, in its order.

    Args:
        body: HTML.
        content_type: Header of that name.
        base_url: Where the page was found.
        language: Of the site, for items that name none.
        selectors: `link_pattern`, a regular expression that the path of an article matches from
            its start; `link`, a CSS selector of article links; `canonical_host`, under which
            the articles of all mirrors count. Without the first two, links that read like
            headlines are taken.

    Returns:
        Entries with link, guid and the link's text as title; text and date stand on their pages.
    """
    if not body.strip():
        return Unreadable("empty", "the answer is empty")
    rules = selectors or {}
    page = LexborHTMLParser(decode(body, content_type))
    try:
        anchors = page.css(rules.get("link", "a[href]"))
        pattern = _pattern(rules.get("link_pattern"))
    except (SelectolaxError, ValueError, re.error) as error:
        return Unreadable("bad_selector", f"link or link_pattern cannot be used: {error}")
    found: dict[str, Entry] = {}
    for anchor in anchors:
        entry = _entry(anchor, base_url, rules, pattern)
        if entry is not None:
            known = found.get(entry.guid)
            if known is None or (not known.title and entry.title):
                found[entry.guid] = entry
    title = page.css_first("title")
    entries = list(found.values())[:MOST_LINKS]
    return Document(
        FeedKind.LISTING,
        tuple(entries),
        plain(title.text() if title else "", TITLE_LIMIT),
        base_url,
        language or page_language(page),
        listed=len(entries),
    )


def page_language(page: LexborHTMLParser) -> str | None:
    """The language that a page declares on its root element."""
    root = page.css_first("html")
    tag = str((root.attributes.get("lang") if root else None) or "").strip().lower()
    return tag if _LANGUAGE.fullmatch(tag) else None


def _pattern(text: str | None) -> re.Pattern[str] | None:
    """The path from its start; the rest of its last segment may be anything."""
    return re.compile(f"(?:{text})[^/]*/?") if text else None


def _entry(
    anchor: LexborNode, base_url: str, rules: Mapping[str, str], pattern: re.Pattern[str] | None
) -> Entry | None:
    url = safe_link(str(anchor.attributes.get("href") or ""), base_url)
    title = plain(anchor.text(deep=True, separator=" "), TITLE_LIMIT)
    if not url or not _same_site(url, base_url) or not _is_article(url, title, rules, pattern):
        return None
    url = canonical_url(url, rules.get("canonical_host", ""))
    return Entry(guid=canonical_link(url), url=url, title=title)


def _is_article(
    url: str, title: str, rules: Mapping[str, str], pattern: re.Pattern[str] | None
) -> bool:
    path = urlsplit(url).path
    if pattern is not None:
        return pattern.fullmatch(path) is not None
    if "link" in rules:
        return True
    return len(title.split()) >= _TELLING_WORDS and path.strip("/").count("-") >= 2


def _same_site(url: str, base_url: str) -> bool:
    host, base = urlsplit(url).hostname or "", urlsplit(base_url).hostname or ""
    return host == base or (
        registrable_domain(host) is not None
        and registrable_domain(host) == registrable_domain(base)
    )


def canonical_url(url: str, canonical_host: str) -> str:
    """The address under the host that counts; mirrors lie under the same registrable domain."""
    if not canonical_host:
        return url
    parts = urlsplit(url)
    mirrored = registrable_domain(canonical_host.partition(":")[0])
    if mirrored is None or registrable_domain(parts.hostname or "") != mirrored:
        return url
    return urlunsplit((parts.scheme, canonical_host, parts.path, parts.query, ""))
