"""News sitemaps to a Document."""

from __future__ import annotations

import io
from xml.etree import ElementTree

from monitor.feeds.dates import parse_date
from monitor.feeds.entries import MOST_ENTRIES, Document, Entry, Unreadable
from monitor.feeds.model import FeedKind
from monitor.feeds.scrub import xml_text
from monitor.feeds.text import TITLE_LIMIT, plain, safe_link


def read_sitemap(
    body: bytes, *, content_type: str = "", base_url: str = "", language: str | None = None
) -> Document | Unreadable:
    """Read one sitemap; entries without a news title are pages, not news, and are left out."""
    if not body.strip():
        return Unreadable("empty", "the answer is empty")
    text, repaired = xml_text(body, content_type)
    entries: list[Entry] = []
    names = set()
    try:
        source = io.BytesIO(text.encode("utf-8", "replace"))
        for _, element in ElementTree.iterparse(source):  # noqa: S314 - its DOCTYPE is cut out
            names.add(_local(element.tag))
            if _local(element.tag) == "url" and len(entries) < MOST_ENTRIES:
                entries.extend(_entry(element, base_url, language))
    except ElementTree.ParseError as error:  # what came before it is read
        repaired = "; ".join(filter(None, [repaired, f"not well-formed: {error}"]))
    if not names & {"url", "loc", "urlset"}:
        return Unreadable("not_a_feed", "the answer is no sitemap")
    return Document(FeedKind.SITEMAP, tuple(entries), "", base_url, None, repaired)


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _entry(element: ElementTree.Element, base_url: str, language: str | None) -> list[Entry]:
    found = {_local(one.tag): (one.text or "").strip() for one in element.iter()}
    url = safe_link(found.get("loc", ""), base_url)
    title = plain(found.get("title", ""), TITLE_LIMIT)
    if not url or not title:
        return []
    raw = found.get("publication_date") or found.get("lastmod") or ""
    moment = parse_date(raw, language=language)
    return [
        Entry(
            url,
            url,
            title,
            "",
            None if moment is None else moment.timestamp(),
            raw[:100],
            found.get("language", "").lower() or None,
            "",
            plain(found.get("name", ""), 200),
        )
    ]
