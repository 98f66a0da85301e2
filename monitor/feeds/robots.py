"""robots.txt for pages that are no feeds: listings and articles (RFC 9309)."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from protego import Protego

from monitor.feeds.answers import Failure
from monitor.feeds.fetch import Fetcher
from monitor.feeds.scrub import decode

_MOST_BYTES = 100_000
_MOST_STARS = 5  # wildcards in a rule; more would make matching slow
_LONGEST_LINE = 500
_LONGEST_DELAY = 10.0
_KEEP_SECONDS = 24 * 3600.0  # RFC 9309: no longer than a day
_RETRY_SECONDS = 600.0  # when the site could not say


class Robots:
    """What sites allow us, asked once a day and site."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._agent = fetcher.politeness.user_agent.partition("/")[0]
        self._rules: dict[str, asyncio.Task[Protego | Failure]] = {}
        self._until: dict[str, float] = {}  # by the clock of the loop

    async def refusal(self, url: str) -> Failure | None:
        """Why we may not fetch a page; None: we may.

        A site that cannot say for the moment is not fetched either, and the reason is what went
        wrong when it was asked.
        """
        rules = await self._of(url)
        if isinstance(rules, Failure):
            return rules
        if rules.can_fetch(url, self._agent):
            return None
        return Failure(url=url, reason="robots", message="robots.txt does not allow it")

    async def allows(self, url: str) -> bool:
        """Whether we may fetch a page."""
        return await self.refusal(url) is None

    async def delay(self, url: str) -> float:
        """Seconds that the site wants between two requests, at most ten."""
        rules = await self._of(url)
        wanted = None if isinstance(rules, Failure) else rules.crawl_delay(self._agent)
        return min(float(wanted or 0.0), _LONGEST_DELAY)

    async def _of(self, url: str) -> Protego | Failure:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        now = asyncio.get_running_loop().time()
        if self._until.get(origin, 0.0) <= now:
            self._until[origin] = now + _KEEP_SECONDS
            self._rules[origin] = asyncio.create_task(self._ask(origin))
        rules = await self._rules[origin]
        if isinstance(rules, Failure):
            self._until[origin] = min(self._until[origin], now + _RETRY_SECONDS)
        return rules

    async def _ask(self, origin: str) -> Protego | Failure:
        """The rules; everything is allowed when there are none, nothing when we cannot know."""
        url = f"{origin}/robots.txt"
        answer = await self._fetcher.get(url, accept="text/plain, */*;q=0.5")
        if isinstance(answer, Failure):
            return answer
        if answer.status >= 500 or answer.status == 429:
            said = f"robots.txt answered with status {answer.status}"
            return Failure(url=url, reason="http_error", message=said, status=answer.status)
        return Protego.parse(_safe(answer.body) if answer.status == 200 else "")


def _safe(body: bytes) -> str:
    lines = decode(body[:_MOST_BYTES]).splitlines()
    return "\n".join(
        line for line in lines if len(line) <= _LONGEST_LINE and line.count("*") <= _MOST_STARS
    )
