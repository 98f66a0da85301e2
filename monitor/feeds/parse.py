"""RSS, Atom and RDF bytes to a Document; with strict.py the only place that knows feedparser.

Runs in a child process with limits (cage.py): feedparser is slow and fragile on hostile input.
It never gets an address or untrusted text to open, only bytes; its sanitiser and link resolver
stay off, because ours are faster and stricter.
"""

from __future__ import annotations

import io
import re
import time
from typing import Any

import feedparser

from monitor.feeds.dates import parse_date, zone_offset
from monitor.feeds.entries import MOST_ENTRIES, Document, Entry, Hints, Unreadable
from monitor.feeds.model import FeedKind
from monitor.feeds.scrub import xml_text
from monitor.feeds.strict import parse_strictly
from monitor.feeds.text import SUMMARY_LIMIT, TITLE_LIMIT, plain, safe_link
from monitor.feeds.thin import thin

_NO_TIME = time.gmtime(0)
# A guid is a name: joined with a base it would change with the place where it was found.
_RELATIVE = feedparser.mixin._FeedParserMixin.can_be_relative_uri
_RELATIVE -= {"id"}
# Dates are read by dates.py; feedparser need not try its own readers on them.
feedparser.registerDateHandler(lambda _text: _NO_TIME)

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIP_HOURS = re.compile(r"<skipHours>([^!]{0,2000}?)</skipHours>", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays>([^!]{0,2000}?)</skipDays>", re.IGNORECASE)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([A-Za-z]+)\s*<", re.IGNORECASE)
_DATES = ("published", "updated", "created")
_HARMLESS = (
    feedparser.exceptions.NonXMLContentType,
    feedparser.exceptions.CharacterEncodingOverride,
)


def read_xml(
    body: bytes, *, content_type: str = "", base_url: str = "", language: str | None = None
) -> Document | Unreadable:
    """Read one RSS, Atom or RDF document, repairing what can be repaired.

    Args:
        body: Unpacked bytes as received.
        content_type: Header of that name; only a hint for the charset.
        base_url: Where it was found; for relative links only, never for identity.
        language: Of the feed, for dates.
    """
    if not body.strip():
        return Unreadable("empty", "the answer is empty")
    text, repaired = xml_text(body, content_type)
    try:
        # Cutting is for well-formed documents only.
        parsed = parse_strictly(thin(text)) or _parse(text)
    except Exception as error:  # noqa: BLE001 - feedparser raises anything at all (issue 599)
        return Unreadable("parse_failed", f"the document cannot be read: {type(error).__name__}")
    if not parsed.entries and not parsed.get("version"):
        return _no_feed(text)
    hints = _hints(parsed.feed, text)
    return _document(parsed, base_url, language, _repairs(parsed, repaired), hints)


def _parse(text: str) -> Any:
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )


def _no_feed(text: str) -> Unreadable:
    if _HTML.search(text[:4096]):
        return Unreadable("not_a_feed", "the answer is a web page, not a feed")
    return Unreadable("not_a_feed", "the answer is not a feed")


def _repairs(parsed: Any, repaired: str) -> str:
    error = parsed.get("bozo_exception")
    if not parsed.get("bozo") or isinstance(error, _HARMLESS):
        return repaired
    return "; ".join(filter(None, [repaired, f"not well-formed: {str(error)[:200]}"]))


def _document(
    parsed: Any, base_url: str, language: str | None, repaired: str, hints: Hints
) -> Document:
    head = parsed.feed
    spoken = _language(head.get("language"))
    site = safe_link(str(head.get("link") or ""), base_url)
    offset = _head_offset(head)
    context = _Context(language or spoken, offset or 0, (site, base_url))
    return Document(
        FeedKind.RSS,
        tuple(_entry(entry, context) for entry in parsed.entries[:MOST_ENTRIES]),
        plain(str(head.get("title") or ""), TITLE_LIMIT),
        site,
        spoken,
        repaired,
        _older(head, site, base_url),
        hints,
        plain(str(head.get("generator") or ""), 200),
    )


class _Context:
    """What all entries of one document share."""

    def __init__(self, language: str | None, offset: int, bases: tuple[str, ...]) -> None:
        self.language = language
        self.offset = offset
        self.bases = tuple(base for base in bases if base)


def _entry(entry: Any, context: _Context) -> Entry:
    raw = _date(entry)
    moment = parse_date(raw, language=context.language, offset_minutes=context.offset)
    guid = str(entry.get("id") or "").strip()
    title = plain(str(entry.get("title") or ""), TITLE_LIMIT)
    summary = _summary(entry)
    source = entry.get("source") or {}
    return Entry(
        guid,
        safe_link(str(entry.get("link") or ""), *context.bases),
        title,
        "" if summary == title else summary,
        None if moment is None else moment.timestamp(),
        raw[:100],
        _language(_entry_language(entry)),
        plain(str(entry.get("author") or ""), 200),
        plain(str(source.get("title") or ""), 200),
    )


def _summary(entry: Any) -> str:
    """The summary; the start of the content when there is none."""
    summary = plain(str(entry.get("summary") or ""), SUMMARY_LIMIT)
    if summary:
        return summary
    contents = entry.get("content") or []
    return plain(str(contents[0].get("value") or ""), SUMMARY_LIMIT) if contents else ""


def _entry_language(entry: Any) -> Any:
    return entry.get("language") or (entry.get("title_detail") or {}).get("language")


def _language(value: Any) -> str | None:
    """A language tag in lower case, when it looks like one."""
    if not value:
        return None
    tag = str(value).strip().lower().replace("_", "-")
    return tag if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag) else None


def _head_offset(head: Any) -> int | None:
    """The zone of the feed's own date, for entries whose dates name none."""
    return zone_offset(_date(head))


def _date(mapping: Any) -> str:
    """The first date given; `in`, because feedparser's own fallback mixes two dates up."""
    return next((str(mapping[name]) for name in _DATES if mapping.has_key(name)), "")


def _older(head: Any, *bases: str) -> str:
    """Where older entries stand (RFC 5005): the archive, else the next page."""
    links = {
        str(link.get("rel")): str(link.get("href") or "")
        for link in head.get("links") or []
        if link.get("rel") in ("prev-archive", "next")
    }
    found = links.get("prev-archive") or links.get("next") or ""
    return safe_link(found, *reversed(bases)) if found else ""


def _hints(head: Any, text: str) -> Hints:
    start = text[: max(text.find("<item"), 0) or 20_000]
    hours = {int(hour) % 24 for hour in _HOUR.findall(_inside(_SKIP_HOURS, start))}
    days = {day.lower() for day in _DAY.findall(_inside(_SKIP_DAYS, start))}
    return Hints(
        max(_number(head.get("ttl")) * 60, _update_seconds(head)),
        tuple(sorted(hours)),
        tuple(n for n, name in enumerate(_DAYS) if name in days),
    )


def _inside(pattern: re.Pattern[str], text: str) -> str:
    """What an element holds that feedparser keeps only the last child of."""
    found = pattern.search(text)
    return found[1] if found else ""


def _update_seconds(head: Any) -> float:
    period = _PERIODS.get(str(head.get("sy_updateperiod") or "").strip().lower(), 0)
    return period / max(_number(head.get("sy_updatefrequency")), 1.0)


def _number(value: Any) -> float:
    try:
        number = float(str(value or 0))
    except ValueError:
        return 0.0
    return number if 0 <= number < 1e7 else 0.0
