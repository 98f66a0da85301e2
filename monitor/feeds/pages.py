"""What a web page says about its feeds, in the order of their worth, and about its articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.feeds.scrub import decode
from monitor.feeds.shapes import guess_pattern
from monitor.feeds.text import TITLE_LIMIT, plain, safe_link

FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/json",
)
_COMMENTS = re.compile(r"comment|reacci|reacti|comentario|komentario|opmerking", re.IGNORECASE)
_LINK_VALUE = re.compile(r"<([^>]{1,2000})>((?:\s*;\s*[^,;]{1,300})*)")
_PARAMETER = re.compile(r""";\s*(\w+)\s*=\s*"?([^";,]*)"?""")
_OEMBED = re.compile(r"/wp-json/|oembed", re.IGNORECASE)
MOST_OFFERS = 10


@dataclass(frozen=True, slots=True)
class Links:
    """A page's title, addresses that may be feeds, best first, and what its articles look like."""

    title: str
    offers: Sequence[str]
    pattern: str = ""  # a link_pattern for its own article links; "": none can be told


def read_links(body: bytes, *, content_type: str = "", base_url: str = "") -> Links:
    """The feeds that a page names in `link rel=alternate` elements, comments feeds last."""
    page = LexborHTMLParser(decode(body, content_type))
    base = page.css_first("base[href]")
    bases = [str(base.attributes.get("href") or "")] if base is not None else []
    found: list[tuple[str, str]] = []
    for node in page.css("link[href], a[rel~='alternate'][href]"):
        values = {name: str(value or "") for name, value in node.attributes.items()}
        relations = values.get("rel", "").lower().split()
        if "alternate" not in relations and "feed" not in relations:
            continue
        kind = values.get("type", "").lower().partition(";")[0].strip()
        if kind in FEED_TYPES and not _is_no_feed(kind, values["href"]):
            url = safe_link(values["href"], *(safe_link(one, base_url) for one in bases), base_url)
            found.append((url, values.get("title", "")))
    title = page.css_first("title")
    name = plain(title.text() if title else "", TITLE_LIMIT)
    return Links(name, comments_last(found), guess_pattern(page, base_url))


def header_offers(values: Iterable[str], base_url: str) -> list[str]:
    """The feeds that Link headers name (RFC 8288)."""
    found = []
    for value in values:
        for match in _LINK_VALUE.finditer(value[:10_000]):
            parameters = {name.lower(): text for name, text in _PARAMETER.findall(match[2])}
            kind = parameters.get("type", "").lower()
            relations = parameters.get("rel", "").lower().split()
            if "alternate" in relations and kind in FEED_TYPES and not _is_no_feed(kind, match[1]):
                found.append((safe_link(match[1], base_url), parameters.get("title", "")))
    return comments_last(found)


def _is_no_feed(kind: str, url: str) -> bool:
    """WordPress names its interface `application/json`; that is no JSON Feed."""
    return kind == "application/json" and bool(_OEMBED.search(url))


def comments_last(found: Iterable[tuple[str, str]]) -> list[str]:
    """Addresses without repetition, those of comments behind all others."""
    unique: dict[str, bool] = {}
    for url, title in found:
        if url:
            unique.setdefault(url, is_comments(url, title))
    return sorted(unique, key=lambda url: unique[url])[:MOST_OFFERS]


def is_comments(url: str, title: str) -> bool:
    """Whether a feed holds comments, not articles."""
    return bool(_COMMENTS.search(url) or _COMMENTS.search(title))
