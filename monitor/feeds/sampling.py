"""A page without a feed, looked at before it is watched: its article links and a few of them."""

from __future__ import annotations

from dataclasses import replace

from monitor.feeds.answers import Answer, Failure, refusal
from monitor.feeds.discovery import Checked, Found, is_meant_as_address, pasted
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Unreadable
from monitor.feeds.fetch import Fetcher
from monitor.feeds.follow import ARTICLE_TYPES, follow
from monitor.feeds.model import Feed, FeedKind, feed_id
from monitor.feeds.robots import Robots

SAMPLE_ARTICLES = 3


async def check_listing(
    url: str, *, pattern: str, fetcher: Fetcher, parser: Parser, page: Answer | None = None
) -> Checked:
    """The page as a feed of the kind `listing`, with up to three of its articles.

    robots.txt is asked before the page and each article; articles are fetched one by one.

    Args:
        url: Of the page, as pasted.
        pattern: The link pattern; "" guesses one from the page's own links.
        page: Its answer, when it has just been fetched.
    """
    typed, url = url, pasted(url)
    if not is_meant_as_address(typed, fetcher.politeness.allow_private_hosts):
        return Checked(url=typed, reason="no_address")
    robots = Robots(fetcher)
    refused = await robots.refusal(url)
    if refused is not None:
        return Checked(url=url, reason=refused.reason, message=refused.message)
    answer = page or await fetcher.get(url, accept=ARTICLE_TYPES)
    if isinstance(answer, Failure):
        return Checked(url=url, reason=answer.reason, message=answer.message)
    if answer.status != 200:
        reason, message = refusal(answer)
        return Checked(url=url, reason=reason, message=message)
    if answer.final_url != url and (moved := await robots.refusal(answer.final_url)) is not None:
        return Checked(url=url, reason=moved.reason, message=moved.message)
    return await _sampled(url, answer, pattern, fetcher, parser, robots)


async def _sampled(
    url: str, page: Answer, pattern: str, fetcher: Fetcher, parser: Parser, robots: Robots
) -> Checked:
    kind = page.headers.get("content-type", "")
    seen = Checked(url=url, page=page, pattern=pattern)
    if not pattern:
        links = await parser.links(page.body, content_type=kind, base_url=page.final_url)
        if not links.pattern:
            return replace(seen, reason="no_pattern")
        seen = replace(seen, pattern=links.pattern)
    selectors = {"link_pattern": seen.pattern}
    document = await parser.read(
        page.body,
        kind=FeedKind.LISTING,
        content_type=kind,
        base_url=page.final_url,
        selectors=selectors,
    )
    if isinstance(document, Unreadable):
        return replace(seen, reason=document.reason, message=document.message)
    if not document.entries:
        return replace(seen, reason="no_links")
    feed = Feed(
        id=feed_id(page.final_url),
        url=page.final_url,
        title=document.title,
        kind=FeedKind.LISTING,
        selectors=selectors,
    )
    few = replace(document, entries=document.entries[:SAMPLE_ARTICLES])
    shown = await follow(feed, few, {}, fetcher=fetcher, parser=parser, robots=robots)
    shown = replace(
        shown,
        listed=document.count,
        unfinished=shown.unfinished or document.count > SAMPLE_ARTICLES,
    )
    found = Found(
        url=feed.url, kind=FeedKind.LISTING, document=shown, answer=page, selectors=selectors
    )
    return replace(seen, feed=found, title=document.title)
