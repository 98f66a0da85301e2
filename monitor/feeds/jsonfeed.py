"""JSON Feed 1.0 and 1.1 to a Document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from monitor.feeds.dates import parse_date
from monitor.feeds.entries import MOST_ENTRIES, Document, Entry, Hints, Unreadable
from monitor.feeds.model import FeedKind
from monitor.feeds.scrub import decode
from monitor.feeds.text import TITLE_LIMIT, plain, safe_link

_VERSION = "jsonfeed.org/version/"


def read_json(
    body: bytes, *, content_type: str = "", base_url: str = "", language: str | None = None
) -> Document | Unreadable:
    """Read one JSON Feed; an item that is broken is left out, the others stay."""
    if not body.strip():
        return Unreadable("empty", "the answer is empty")
    head = load(body, content_type)
    if not isinstance(head, dict) or _VERSION not in str(head.get("version", "")):
        return Unreadable("not_a_feed", "the answer is no JSON Feed")
    spoken = _text(head.get("language")).lower() or None
    items = head.get("items")
    entries = [
        _entry(item, base_url, language or spoken)
        for item in (items if isinstance(items, list) else [])[:MOST_ENTRIES]
        if isinstance(item, dict) and _guid(item.get("id"))
    ]
    return Document(
        FeedKind.JSON,
        tuple(entries),
        plain(_text(head.get("title")), TITLE_LIMIT),
        safe_link(_text(head.get("home_page_url")), base_url),
        spoken,
        "",
        safe_link(_text(head.get("next_url")), base_url),
        Hints(),
    )


def load(body: bytes, content_type: str = "") -> Any:
    """The JSON value of a body in any charset; None when it is none."""
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(decode(body, content_type).encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None


def _entry(item: Mapping[str, Any], base_url: str, language: str | None) -> Entry:
    raw = _text(item.get("date_published")) or _text(item.get("date_modified"))
    moment = parse_date(raw, language=language)
    title = plain(_text(item.get("title")), TITLE_LIMIT)
    summary = next(
        (
            text
            for name in ("summary", "content_text", "content_html")
            if (text := _words(name, item.get(name)))
        ),
        "",
    )
    return Entry(
        _guid(item.get("id")),
        safe_link(_text(item.get("url")) or _text(item.get("external_url")), base_url)
        or _attachment(item, base_url),
        title,
        "" if summary == title else summary,
        None if moment is None else moment.timestamp(),
        raw[:100],
        _text(item.get("language")).lower() or None,
        _author(item),
    )


def _words(name: str, value: Any) -> str:
    text = _text(value)
    if name != "content_html":  # plain text: a "<" in it is a character
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    return plain(text)


def _guid(value: Any) -> str:
    """An id as text; numbers are taken as they read, everything else is no id."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else str(value)
    return _text(value).strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    names = [plain(_text(one.get("name")), 200) for one in people if isinstance(one, dict)]
    return ", ".join(name for name in names if name)[:200]


def _attachment(item: Mapping[str, Any], base_url: str) -> str:
    """The first attachment, for items that have no page of their own."""
    found = item.get("attachments")
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict) and (link := safe_link(_text(one.get("url")), base_url)):
            return link
    return ""
