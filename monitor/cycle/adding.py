"""Adding a feed: look at an address, judge a few samples, then watch it with what was fetched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.assess.model import Assessment
from monitor.cycle.intake import Intake
from monitor.cycle.polling import Poller
from monitor.feeds import discovery
from monitor.feeds.discovery import Found
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Entry
from monitor.feeds.fetch import Fetcher
from monitor.feeds.health import explain
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, feed_id
from monitor.storage.feeds import WatchedFeed

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
            "assessment": self.assessment.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that was fetched, read and may be watched."""

    found: Found
    samples: tuple[Sample, ...]

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

    def as_json(self) -> dict[str, Any]:
        """The answer of `feeds check` and `feeds discover`."""
        return {
            "url": self.url,
            "is_feed": self.is_feed,
            "feeds": [one.as_json() for one in self.offers],
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
    checked = asyncio.run(_check(url, politeness))
    found = (checked.feed,) if checked.feed else checked.candidates
    offers = tuple(Offer(found=one, samples=_samples(one, intake, now)) for one in found)
    if offers:
        return Looked(url=checked.url, is_feed=checked.feed is not None, offers=offers)
    reason = checked.reason or "not_a_feed"
    explained = explain(reason)
    detail = f" ({checked.message})" if checked.message else ""
    problem = f"{explained.meaning}{detail} {explained.advice}"
    return Looked(url=checked.url, is_feed=False, offers=(), problem=problem, reason=reason)


async def _check(url: str, politeness: Politeness) -> discovery.Checked:
    async with Fetcher(politeness) as fetcher, Parser() as parser:
        return await discovery.check(url, fetcher=fetcher, parser=parser)


def _samples(found: Found, intake: Intake, now: datetime) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            entry=entry,
            assessment=intake.assessor.assess(
                title=entry.title,
                summary=entry.summary,
                language=entry.language or known_language(found.document.language),
                published=entry.published_at or now,
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
