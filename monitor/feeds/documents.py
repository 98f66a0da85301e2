"""Any kind of feed document to a Document; what the parsing workers run.

`python -m monitor.feeds.documents` is the child of a cage; `Parser` is its other side.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from monitor.feeds import caged
from monitor.feeds.cage import Cage, Died
from monitor.feeds.entries import Document, Entry, Unreadable, pack, unpack
from monitor.feeds.jsonfeed import read_json
from monitor.feeds.limits import ParseLimits
from monitor.feeds.listing import read_listing
from monitor.feeds.model import FeedKind
from monitor.feeds.pages import Links, read_links
from monitor.feeds.parse import read_xml
from monitor.feeds.sitemap import read_sitemap
from monitor.feeds.wordpress import read_posts

PAGE = "page"  # a question about a web page
_READERS = {
    FeedKind.RSS: read_xml,
    FeedKind.JSON: read_json,
    FeedKind.WORDPRESS: read_posts,
    FeedKind.SITEMAP: read_sitemap,
}


def read(question: Mapping[str, Any], body: bytes) -> Document | Unreadable:
    """Read one document of the kind that the question names."""
    if question["kind"] == FeedKind.LISTING:
        return read_listing(
            body,
            content_type=question["content_type"],
            base_url=question["base_url"],
            language=question["language"],
            selectors=question["selectors"],
        )
    return _READERS[question["kind"]](
        body,
        content_type=question["content_type"],
        base_url=question["base_url"],
        language=question["language"],
    )


def work(question: Mapping[str, Any], body: bytes) -> list[Any]:
    """The answer to one question, as plain values that go through the pipe."""
    if question["kind"] == PAGE:
        found = read_links(
            body, content_type=question["content_type"], base_url=question["base_url"]
        )
        return [found.title, found.offers, found.pattern]
    return pack(read(question, body))


class Parser:
    """Reads documents in worker processes; use as `async with`."""

    def __init__(self, limits: ParseLimits | None = None) -> None:
        limits = limits or ParseLimits()
        self._cage = Cage("monitor.feeds.documents", limits)
        self._articles = Cage("monitor.feeds.articles", replace(limits, workers=1))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._cage.__aexit__(kind, error, trace)
        await self._articles.__aexit__(kind, error, trace)

    async def read(
        self,
        body: bytes,
        *,
        kind: FeedKind,
        content_type: str = "",
        base_url: str = "",
        language: str | None = None,
        selectors: Mapping[str, str] | None = None,
    ) -> Document | Unreadable:
        """Read one document; a worker that dies of it is an Unreadable too."""
        return await self._ask(
            self._cage,
            body,
            kind=kind,
            content_type=content_type,
            base_url=base_url,
            language=language,
            selectors=dict(selectors or {}),
        )

    async def read_article(
        self,
        body: bytes,
        *,
        content_type: str = "",
        base_url: str = "",
        language: str | None = None,
        selectors: Mapping[str, str] | None = None,
    ) -> Entry | Unreadable:
        """Read one article page; see `articles.read_article`."""
        found = await self._ask(
            self._articles,
            body,
            content_type=content_type,
            base_url=base_url,
            language=language,
            selectors=dict(selectors or {}),
        )
        return found if isinstance(found, Unreadable) else found.entries[0]

    async def links(self, body: bytes, *, content_type: str = "", base_url: str = "") -> Links:
        """What a page offers as feeds; see `pages.read_links`."""
        question = {"kind": PAGE, "content_type": content_type, "base_url": base_url}
        try:
            return Links(*await self._cage.ask(question, body))
        except Died:
            return Links("", ())

    @staticmethod
    async def _ask(cage: Cage, body: bytes, **question: Any) -> Document | Unreadable:
        if not body:
            return Unreadable("empty", "the answer is empty")
        try:
            return unpack(await cage.ask(question, body))
        except Died as error:
            return Unreadable("parser_limit", f"the document could not be read safely: {error}")


if __name__ == "__main__":
    caged.serve(sys.argv[1:], work)
