"""Watch lists as OPML 2.0: written strictly, read from whatever other readers write."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from monitor.feeds.scrub import decode
from monitor.feeds.text import safe_link, shorten, visible

MOST_BYTES = 5 << 20
_TAG = re.compile(r"<(/?)outline\b((?:[^<>\"']|\"[^\"]{0,4000}\"|'[^']{0,4000}')*)>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?outline\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a watch list."""

    url: str
    title: str
    site_url: str = ""
    category: str = ""  # names of the folders, joined by "/"
    language: str | None = None


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
        url = values.get("xmlurl", "").strip()
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
            category = "/".join(name for name in self._folders if name)
            self._outlines[url] = Outline(
                url=url,
                title=_name(values) or url,
                site_url=safe_link(values.get("htmlurl", "")),
                category=category or values.get("category", "").strip("/").partition(",")[0],
                language=values.get("language") or None,
            )

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
    values = {
        "type": "rss",
        "text": outline.title,
        "title": outline.title,
        "xmlUrl": outline.url,
        "htmlUrl": outline.site_url,
        "language": outline.language or "",
    }
    inside = " ".join(f"{name}={quoteattr(value)}" for name, value in values.items() if value)
    return f"<outline {inside}/>"
