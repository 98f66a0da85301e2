"""WordPress posts (`/wp-json/wp/v2/posts`) to a Document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.feeds.dates import parse_date
from monitor.feeds.entries import MOST_ENTRIES, Document, Entry, Unreadable
from monitor.feeds.jsonfeed import load
from monitor.feeds.model import FeedKind
from monitor.feeds.text import TITLE_LIMIT, plain, safe_link

_FIELDS = "id,date,date_gmt,modified_gmt,link,guid,title,excerpt"
_PATH = "/wp-json/wp/v2/posts"


def posts_url(url: str, *, page: int = 1, per_page: int = 30) -> str:
    """The address of a page of posts, from a site's address or that of its posts.

    Query parameters that the operator gave (categories, language) are kept.
    """
    parts = urlsplit(url)
    path = parts.path if "/wp-json/" in parts.path else parts.path.rstrip("/") + _PATH
    given = dict(parse_qsl(parts.query))
    given.setdefault("per_page", str(per_page))
    given.setdefault("_fields", _FIELDS)
    if page > 1:
        given["page"] = str(page)
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(given, safe=","), ""))


def read_posts(
    body: bytes, *, content_type: str = "", base_url: str = "", language: str | None = None
) -> Document | Unreadable:
    """Read one page of posts; a post that is broken is left out, the others stay."""
    if not body.strip():
        return Unreadable("empty", "the answer is empty")
    posts = load(body, content_type)
    if not isinstance(posts, list):
        return Unreadable("not_a_feed", "the answer is no list of WordPress posts")
    entries = [
        _entry(post, base_url, language)
        for post in posts[:MOST_ENTRIES]
        if isinstance(post, dict) and isinstance(post.get("id"), int)
    ]
    if posts and not entries:
        return Unreadable("not_a_feed", "the answer is no list of WordPress posts")
    return Document(FeedKind.WORDPRESS, tuple(entries), "", base_url)


def _entry(post: Mapping[str, Any], base_url: str, language: str | None) -> Entry:
    raw = str(post.get("date_gmt") or post.get("date") or "")
    moment = parse_date(raw, language=language)
    title = plain(_rendered(post.get("title")), TITLE_LIMIT)
    summary = plain(_rendered(post.get("excerpt")) or _rendered(post.get("content")))
    return Entry(
        _rendered(post.get("guid")).strip() or str(post["id"]),
        safe_link(str(post.get("link") or ""), base_url),
        title,
        "" if summary == title else summary,
        None if moment is None else moment.timestamp(),
        raw[:100],
    )


def _rendered(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("rendered")
    return value if isinstance(value, str) else ""
