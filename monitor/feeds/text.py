"""Feed text made harmless: plain text without markup, links that are http or https."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

import nh3

TITLE_LIMIT = 500  # characters
SUMMARY_LIMIT = 2_000
_LONGEST_LINK = 2_000
_INPUT_LIMIT = 100_000  # characters of markup that are looked at

_BLOCKS = {
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td",
    "th", "tr", "ul",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"}
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTES = r"""(?:\s[^<>"'=]*(?:=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?)*+\s*/?>"""
_PLAIN_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|img|small|sup|sub)" + _ATTRIBUTES)
_PLAIN_BLOCK = re.compile(r"</?(?:p|br|div|ul|ol|li|h[1-6]|figure|figcaption)" + _ATTRIBUTES)
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?")
# Control characters, zero-width and bidirectional marks, private use, non-characters, tags.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffc\ufffe\uffff\ue000-\uf8ff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LINK_JUNK = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufffd]+")


def plain(markup: str, limit: int = SUMMARY_LIMIT) -> str:
    """The words of a piece of HTML or text, on one line.

    Args:
        markup: HTML, or text with entities, or plain text; never trusted.
        limit: Characters to keep; a longer text is cut at a word and ends in an ellipsis.
    """
    text = markup[:_INPUT_LIMIT]
    if "<" in text:
        text = _PLAIN_BLOCK.sub(" ", _PLAIN_INLINE.sub("", text))
    if "<" in text:  # anything but the plainest markup: the real thing
        safe = nh3.clean(
            text,
            tags=_BLOCKS,
            clean_content_tags=_SILENT,
            attributes={},
            strip_comments=True,
            link_rel=None,
        )
        text = _TAG.sub(" ", safe)
    if "&" in text:
        text = html.unescape(text)
    return shorten(visible(text), limit)


def visible(text: str) -> str:
    """Text without characters that cannot be seen, spaces folded."""
    if not (text.isascii() and text.isprintable()):
        text = _HIDDEN.sub("", text)
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if cut.rfind(" ") > limit // 2 else cut).rstrip() + "…"


def safe_link(url: str, *bases: str) -> str:
    """An absolute http or https link, or "" when there is none to make.

    Args:
        url: As published, maybe relative.
        bases: What a relative link is resolved against; the first that makes it absolute wins.
    """
    if len(url) <= _LONGEST_LINK and _PLAIN_LINK.fullmatch(url):
        return url
    cleaned = _LINK_JUNK.sub("", url.strip()) if _LINK_JUNK.search(url) else url
    if not cleaned:
        return ""
    for base in ("", *bases):
        try:
            joined = urljoin(base, cleaned)
            parts = urlsplit(joined)
            host = parts.hostname
        except ValueError:
            return ""
        if parts.scheme.lower() in ("http", "https") and host:
            return urlunsplit(parts)[:_LONGEST_LINK]
        if parts.scheme:
            return ""
    return ""
