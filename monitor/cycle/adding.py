"""Adding a feed: look at an address, judge a few samples, then watch it with what was fetched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.assess.model import Assessment
from monitor.cycle.intake import Intake
from monitor.cycle.polling import Poller
from monitor.feeds import discovery, sampling
from monitor.feeds.answers import Answer
from monitor.feeds.discovery import Checked, Found, pasted
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Entry
from monitor.feeds.fetch import Fetcher
from monitor.feeds.health import explain
from monitor.feeds.identity import canonical_link
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, feed_id
from monitor.items import counts_at
from monitor.storage.feeds import WatchedFeed
from monitor.storage.store import Store

SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An entry that the feed shows now, with what we would say about it."""

    entry: Entry
    assessment: Assessment

    def as_json(self) -> dict[str, Any]:
        """For `feeds check --json`."""
        published = self.entry.published_at
        return {
            "title": self.entry.title,
            "url": self.entry.url,
            "published": published.isoformat() if published else None,
            "language": self.entry.language,
            "assessment": self.assessment.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that was fetched, read and may be watched."""

    found: Found
    samples: tuple[Sample, ...]
    watched: WatchedFeed | None = None  # it is on the watch list already

    @property
    def title(self) -> str:
        """The feed's own title, else its address."""
        return self.found.document.title or self.found.url

    @property
    def items(self) -> int:
        """Entries that it shows now."""
        return self.found.document.count

    def feed(self, **changes: Any) -> Feed:
        """The feed to watch, with what a person chose."""
        plain = Feed(
            id=feed_id(self.found.url),
            url=self.found.url,
            title=self.title,
            kind=self.found.kind,
            language=known_language(self.found.document.language),
            selectors=self.found.selectors,
            origin="page",
        )
        return replace(plain, **{key: value for key, value in changes.items() if value})

    def as_json(self) -> dict[str, Any]:
        """For `feeds check --json`."""
        return {
            "url": self.found.url,
            "title": self.title,
            "kind": self.found.kind.value,
            "language": known_language(self.found.document.language),
            "selectors": dict(self.found.selectors),
            "watched_as": self.watched.feed.id if self.watched else None,
            "items": self.items,
            "samples": [one.as_json() for one in self.samples],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What stands at an address, best offer first; none: `problem` says why and what to do."""

    url: str
    is_feed: bool
    offers: tuple[Offer, ...]
    problem: str = ""
    reason: str = ""  # stable class of the problem
    page: Answer | None = None  # a web page, which may be watched itself; see `look_at_page`
    pattern: str = ""  # what its article links look like; "": that cannot be told
    watched: WatchedFeed | None = None  # the address is on the watch list already

    @property
    def offers_page(self) -> bool:
        """It is a page, not yet looked at as a listing, whose articles can be told apart."""
        return bool(self.pattern) and not self.is_feed and self.reason in ("", "no_feed_found")

    def as_json(self) -> dict[str, Any]:
        """The answer of `feeds check` and `feeds discover`."""
        return {
            "url": self.url,
            "is_feed": self.is_feed,
            "feeds": [one.as_json() for one in self.offers],
            "listing": {"url": self.url, "link_pattern": self.pattern}
            if self.offers_page
            else None,
            "watched_as": self.watched.feed.id if self.watched else None,
            "error": {"class": self.reason, "message": self.problem} if self.problem else None,
        }


def known_language(text: str | None) -> str | None:
    """One of our four languages from a tag such as "nl-CW"; None: another, or not said."""
    short = (text or "").lower().replace("_", "-").partition("-")[0]
    return short if short in {"en", "nl", "es", "pap"} else None


def look(url: str, *, intake: Intake, politeness: Politeness, now: datetime) -> Looked:
    """Fetch an address once and show what is there; nothing is stored.

    One request when the address is a feed; otherwise the feeds that its page leads to, each
    fetched and read before it is offered.
    """
    return _looked(asyncio.run(_check(url, politeness)), intake, now)


async def _check(url: str, politeness: Politeness) -> Checked:
    async with Fetcher(politeness) as fetcher, Parser() as parser:
        return await discovery.check(url, fetcher=fetcher, parser=parser)


def look_at_page(
    url: str,
    *,
    pattern: str,
    intake: Intake,
    politeness: Politeness,
    now: datetime,
    page: Answer | None = None,
) -> Looked:
    """Look at a page as a feed of its article links, with up to three articles; nothing is stored.

    Args:
        pattern: What the paths of articles look like; "" guesses it from the page's links.
        page: What `look` fetched, so that it need not be fetched again.
    """

    async def check() -> Checked:
        async with Fetcher(politeness) as fetcher, Parser() as parser:
            return await sampling.check_listing(
                url, pattern=pattern.strip(), fetcher=fetcher, parser=parser, page=page
            )

    return _looked(asyncio.run(check()), intake, now)


def _looked(checked: Checked, intake: Intake, now: datetime) -> Looked:
    known = _watched_links(intake.store)
    found = (checked.feed,) if checked.feed else checked.candidates
    seen = Looked(
        url=checked.url,
        is_feed=checked.feed is not None,
        offers=tuple(
            Offer(
                found=one,
                samples=_samples(one, intake, now),
                watched=known.get(canonical_link(one.url)),
            )
            for one in found
        ),
        page=checked.page,
        pattern=checked.pattern,
        watched=known.get(canonical_link(checked.url)),
    )
    if seen.offers:
        return seen
    reason = checked.reason or "not_a_feed"
    explained = explain(reason, is_watched=False)
    detail = f" ({checked.message})" if checked.message else ""
    problem = f"{explained.meaning}{detail} {explained.advice}"
    return replace(seen, problem=problem, reason=reason)


def watched_at(url: str, store: Store) -> WatchedFeed | None:
    """The feed that is watched at this address, however it is written; None: there is none."""
    return _watched_links(store).get(canonical_link(pasted(url)))


def _watched_links(store: Store) -> dict[str, WatchedFeed]:
    return {
        canonical_link(address): one
        for one in store.feeds.watched()
        for address in (one.original_url, one.feed.url)
    }


def _samples(found: Found, intake: Intake, now: datetime) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            entry=entry,
            assessment=intake.assessor.assess(
                title=entry.title,
                summary=entry.summary,
                language=entry.language or known_language(found.document.language),
                published=counts_at(entry.published_at, now),
                publisher=entry.publisher or found.document.title,
                url=entry.url,
            ),
        )
        for entry in found.samples[:SAMPLES]
    )


def watch(
    feed: Feed, *, poller: Poller, intake: Intake, found: Found | None, by: str, now: datetime
) -> WatchedFeed:
    """Watch a feed; what was fetched while looking at it is its first poll.

    Args:
        found: From an offer; None: it is polled when its turn comes.

    Raises:
        FeedError: It is watched already; nothing was changed.
        StorageError: Nothing was changed.
    """
    watched = intake.store.feeds.add(feed, by=by, now=now)
    if found is not None:
        poller.take_over(watched.feed, found)
    return watched
