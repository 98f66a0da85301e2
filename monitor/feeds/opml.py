"""Watch lists as OPML 2.0: written strictly, read from whatever other readers write."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from monitor.feeds.model import FeedKind, Pool
from monitor.feeds.scrub import decode
from monitor.feeds.text import safe_link, shorten, visible

MOST_BYTES = 5 << 20
_TAG = re.compile(r"<(/?)outline\b((?:[^<>\"']|\"[^\"]{0,4000}\"|'[^']{0,4000}')*)>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?outline\b", re.IGNORECASE)
_FEEDS = (FeedKind.RSS, FeedKind.JSON)  # what every reader can poll
_RELIABILITY = tuple("ABCDEF")
_PATTERN = "link_pattern"
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a watch list."""

    url: str
    title: str
    site_url: str = ""
    category: str = ""  # names of the folders, joined by "/"
    language: str | None = None
    # What other readers do not know; attributes of our own, without a namespace.
    kind: FeedKind = FeedKind.RSS
    country: str | None = None
    group: str = ""
    pool: Pool = Pool.REGIONAL
    reliability: str = "F"
    official: bool = False
    interval_seconds: int | None = None
    selectors: tuple[tuple[str, str], ...] = ()  # by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What could not be taken over, and where it stands."""

    line: int  # from 1
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The feeds of a file, each once, and its problems."""

    outlines: tuple[Outline, ...]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Imported:
    """The feeds of an OPML file, also of a damaged one.

    Outlines are found one by one, so that one that is broken does not cost the others.
    `feed:` addresses, HTML entities, a missing head and any charset are read.
    """
    if len(data) > MOST_BYTES:
        problem = Problem(line=1, message=f"the file has {len(data)} bytes; at most {MOST_BYTES}")
        return Imported(outlines=(), problems=(problem,))
    return _Reading(decode(data)).all()


class _Reading:
    """One pass over a file, outline by outline."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._outlines: dict[str, Outline] = {}
        self._problems: list[Problem] = []
        self._folders: list[str] = []

    def all(self) -> Imported:
        self._framing()
        readable = set()
        for tag in _TAG.finditer(self._text):
            readable.add(tag.start())
            if tag[1]:
                del self._folders[-1:]
            else:
                self._open(tag)
        for start in _ANY_TAG.finditer(self._text):
            if start.start() not in readable:
                self._report(start.start(), "this outline is damaged")
        self._problems.sort(key=lambda one: one.line)
        return Imported(outlines=tuple(self._outlines.values()), problems=tuple(self._problems))

    def _open(self, tag: re.Match[str]) -> None:
        values = _attributes(tag[2])
        ours = values.get("url", "") if "kind" in values else ""
        url = (values.get("xmlurl", "") or ours).strip()
        if url:
            self._feed(url, values, tag.start())
        if not tag[2].rstrip().endswith("/"):
            self._folders.append("" if url else _name(values))

    def _feed(self, raw: str, values: dict[str, str], position: int) -> None:
        url = _address(raw)
        if not url:
            self._report(position, f"{raw[:200]!r} is no http or https address")
        elif url in self._outlines:
            self._report(position, f"{url} stands there twice")
        else:
            self._add(url, values, position)

    def _add(self, url: str, values: dict[str, str], position: int) -> None:
        category = "/".join(name for name in self._folders if name)
        try:
            self._outlines[url] = Outline(
                url=url,
                title=_name(values) or url,
                site_url=safe_link(values.get("htmlurl", "")),
                category=category or values.get("category", "").strip("/").partition(",")[0],
                language=values.get("language") or None,
                **_own(values),
            )
        except ValueError as error:
            self._report(position, f"{url}: {error}")

    def _framing(self) -> None:
        if not re.search(r"<opml\b", self._text, re.IGNORECASE):
            self._report(0, "the file does not say that it is OPML")
        elif not re.search(r"</opml\s*>", self._text, re.IGNORECASE):
            self._report(len(self._text.rstrip()), "the file ends too early")

    def _report(self, position: int, message: str) -> None:
        line = bisect_left(self._breaks, position) + 1
        self._problems.append(Problem(line=line, message=message))


def _address(raw: str) -> str:
    if raw.lower().startswith(("feed:http://", "feed:https://")):
        raw = raw[5:]
    elif raw.lower().startswith("feed:"):
        raw = "http:" + raw[5:]
    return safe_link(raw)


def _attributes(inside: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(inside)
    }


def _own(values: dict[str, str]) -> dict[str, Any]:
    """What only we write.

    Raises:
        ValueError: A value that we do not know; without it the feed would be read wrongly.
    """
    interval = values.get("intervalseconds", "0")
    if not (interval.isascii() and interval.isdigit() and len(interval) < 10):
        raise ValueError(f"intervalSeconds {interval!r} is no number of seconds")
    return {
        "kind": FeedKind(_one_of(FeedKind, "kind", values.get("kind", FeedKind.RSS))),
        "country": values.get("country") or None,
        "group": values.get("group", ""),
        "pool": Pool(_one_of(Pool, "pool", values.get("pool", Pool.REGIONAL))),
        "reliability": _one_of(_RELIABILITY, "reliability", values.get("reliability", "F")),
        "official": values.get("official") == "true",
        "interval_seconds": int(interval) or None,
        "selectors": _selectors(values),
    }


def _one_of(known: Iterable[str], name: str, value: str) -> str:
    if value not in tuple(known):
        raise ValueError(f"{name} {value!r} is not known; there are {', '.join(known)}")
    return value


def _selectors(values: dict[str, str]) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(values.get("selectors") or "{}")
    except (ValueError, RecursionError) as error:
        raise ValueError("selectors is no JSON") from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError("selectors is no JSON object of texts")
    pattern = values.get("linkpattern")
    return tuple(sorted({**found, **({_PATTERN: pattern} if pattern else {})}.items()))


def _name(values: dict[str, str]) -> str:
    return shorten(visible(values.get("title", "") or values.get("text", "")), 200)


def write(outlines: Iterable[Outline], *, title: str, now: datetime) -> bytes:
    """An OPML 2.0 file, folders by category, that `read` gives back unchanged."""
    folders: dict[str, list[Outline]] = {}
    for outline in outlines:
        folders.setdefault(outline.category, []).append(outline)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head>",
        f"<title>{html.escape(title)}</title>",
        f"<dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "</head>",
        "<body>",
    ]
    for category, inside in folders.items():
        names = [name for name in category.split("/") if name]
        lines += [f"<outline text={quoteattr(name)}>" for name in names]
        lines += [_element(outline) for outline in inside]
        lines += ["</outline>"] * len(names)
    return "\n".join([*lines, "</body>", "</opml>", ""]).encode()


def _element(outline: Outline) -> str:
    """One feed; readers that know only feeds see what is none as a link, and leave it alone."""
    is_feed = outline.kind in _FEEDS
    values = {
        "type": "rss" if is_feed else "link",
        "text": outline.title,
        "title": outline.title,
        "xmlUrl" if is_feed else "url": outline.url,
        "htmlUrl": outline.site_url,
        "language": outline.language or "",
        **_own_values(outline),
    }
    inside = " ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value)
    return f"<outline {inside}/>"


def _own_values(outline: Outline) -> dict[str, str]:
    """Our attributes, without those at their default; a page without feed always has its kind."""
    selectors = dict(outline.selectors)
    pattern = selectors.pop(_PATTERN, "")
    return {
        "kind": "" if outline.kind == FeedKind.RSS else outline.kind.value,
        "country": outline.country or "",
        "group": outline.group,
        "pool": "" if outline.pool == Pool.REGIONAL else outline.pool.value,
        "reliability": "" if outline.reliability == "F" else outline.reliability,
        "official": "true" if outline.official else "",
        "intervalSeconds": str(outline.interval_seconds or ""),
        "linkPattern": pattern,
        "selectors": json.dumps(selectors, sort_keys=True) if selectors else "",
    }


def _quoted(value: str) -> str:
    return quoteattr(value, {'"': "&quot;"})
