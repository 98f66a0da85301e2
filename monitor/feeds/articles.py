"""An article page to title, date, lead and language.

`python -m monitor.feeds.articles` is the child of a cage of its own, because the extraction
library is large and only listings need it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.feeds import caged
from monitor.feeds.dates import parse_date
from monitor.feeds.entries import Document, Entry, Unreadable, pack
from monitor.feeds.listing import page_language
from monitor.feeds.model import FeedKind
from monitor.feeds.scrub import decode
from monitor.feeds.text import TITLE_LIMIT, plain

_DATE_PLACES = (
    ("meta[property='article:published_time']", "content"),
    ("meta[itemprop='datePublished']", "content"),
    ("meta[name='date']", "content"),
    ("meta[name='pubdate']", "content"),
    ("time[itemprop='datePublished']", "datetime"),
    ("article time[datetime]", "datetime"),
    ("time[datetime]", "datetime"),
)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{6,40})"')
_LEAD_LENGTH = 40
_TITLE_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,40}$")


def read_article(
    body: bytes,
    *,
    content_type: str = "",
    base_url: str = "",
    language: str | None = None,
    selectors: Mapping[str, str] | None = None,
) -> Entry | Unreadable:
    """What an article page says of itself.

    Args:
        body: HTML.
        base_url: Its address.
        language: Of the site, for the date and when the page names none.
        selectors: CSS selectors `title`, `date`, `lead` that win over what is found otherwise.
    """
    html = decode(body, content_type)
    page = LexborHTMLParser(html)
    rules = selectors or {}
    try:
        chosen = {name: _chosen(page, rules.get(name)) for name in ("title", "date", "lead")}
    except (SelectolaxError, ValueError) as error:
        return Unreadable("bad_selector", f"title, date or lead cannot be used: {error}")
    made = trafilatura.bare_extraction(
        html, url=base_url, with_metadata=True, include_comments=False, fast=True
    )
    found = made.as_dict() if isinstance(made, trafilatura.settings.Document) else {}
    title = chosen["title"] or _title(page, str(found.get("title") or ""))
    if not title:
        return Unreadable("not_a_feed", "the page has no title")
    raw = chosen["date"] or _date(page, html) or str(found.get("date") or "")
    moment = parse_date(raw, language=language)
    lead = chosen["lead"] or str(found.get("description") or "") or _first_paragraph(page)
    return Entry(
        "",
        base_url,
        plain(title, TITLE_LIMIT),
        plain(lead),
        None if moment is None else moment.timestamp(),
        raw[:100],
        page_language(page) or language,
        plain(str(found.get("author") or ""), 200),
    )


def _chosen(page: LexborHTMLParser, selector: str | None) -> str:
    node = page.css_first(selector) if selector else None
    if node is None:
        return ""
    values = node.attributes
    return str(values.get("datetime") or values.get("content") or node.text(deep=True)).strip()


def _title(page: LexborHTMLParser, guess: str) -> str:
    """The headline: og:title, else the only h1, else the library's guess; no site name after it."""
    node = page.css_first("meta[property='og:title']")
    if node is not None and node.attributes.get("content"):
        return _TITLE_TAIL.sub("", str(node.attributes["content"]))
    headings = page.css("h1")
    if len(headings) == 1:
        return headings[0].text(deep=True, separator=" ")
    return guess


def _first_paragraph(page: LexborHTMLParser) -> str:
    """The first paragraph that is long enough to be a lead."""
    for selector in ("article p", "main p", "p"):
        for node in page.css(selector)[:20]:
            text = node.text(deep=True).strip()
            if len(text) >= _LEAD_LENGTH:
                return text
    return ""


def _date(page: LexborHTMLParser, html: str) -> str:
    """The date of publication where pages state it for machines."""
    for selector, name in _DATE_PLACES[:4]:
        node = page.css_first(selector)
        if node is not None and node.attributes.get(name):
            return str(node.attributes[name])
    stated = _JSON_LD_DATE.search(html)
    if stated:
        return stated[1]
    for selector, name in _DATE_PLACES[4:]:
        node = page.css_first(selector)
        if node is not None and node.attributes.get(name):
            return str(node.attributes[name])
    return ""


def work(question: Mapping[str, Any], body: bytes) -> list[Any]:
    """`read_article`, with an answer that goes through the pipe."""
    found = read_article(body, **{name: question[name] for name in _ASKED})
    return pack(Document(FeedKind.LISTING, (found,)) if isinstance(found, Entry) else found)


_ASKED = ("content_type", "base_url", "language", "selectors")

if __name__ == "__main__":
    caged.serve(sys.argv[1:], work)
