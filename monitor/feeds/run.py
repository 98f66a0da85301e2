"""One cycle over claimed feeds: fetch politely, read safely, decide, hand over in batches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from monitor.errors import MonitorError
from monitor.feeds import identity
from monitor.feeds.answers import Answer, Failure
from monitor.feeds.decide import Poll, decide, names, scope, skipped, validators
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Document, Unreadable
from monitor.feeds.fetch import Fetcher
from monitor.feeds.follow import follow
from monitor.feeds.identity import KnownItem
from monitor.feeds.lanes import site
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, FeedKind
from monitor.feeds.outcomes import FAULT, Claim, Outcome, Status, fault_words
from monitor.feeds.robots import Robots
from monitor.feeds.wordpress import posts_url

KnownItems = Callable[[str, Collection[str]], Mapping[str, KnownItem]]  # feed id, keys

LOG = logging.getLogger("monitor.polling")
BATCH = 100  # outcomes that are handed over, and may be stored, at once
UNCHANGED_BATCH = 2000  # when they bring nothing that has to be stored but the next time
_WAIT = 0.1  # seconds without another outcome after which a batch is handed over
_MOST_WAITS = 5  # so many in a row, then it is handed over in any case
_BACKLOG = 32  # answers that wait for the parser


@dataclass(slots=True)
class Summary:
    """How a cycle went."""

    feeds: int = 0
    ok: int = 0
    unchanged: int = 0
    errors: int = 0
    skipped: int = 0  # told to wait, or the lease ran out before its turn
    new: int = 0
    revised: int = 0

    def count(self, outcome: Outcome | None) -> None:
        """Add one finished feed; None: its lease ran out."""
        self.feeds += 1
        status = Status.SKIPPED if outcome is None else outcome.status
        if status is Status.UNCHANGED:
            self.unchanged += 1
        elif status is Status.OK:
            self.ok += 1
        elif status is Status.ERROR:
            self.errors += 1
        else:
            self.skipped += 1
        if outcome is not None and (outcome.new or outcome.revisions):
            self.new += len(outcome.new)
            self.revised += len(outcome.revisions)


async def poll(
    claims: Sequence[Claim],
    *,
    fetcher: Fetcher,
    parser: Parser,
    known: KnownItems,
    now: Callable[[], datetime],
    on_outcomes: Callable[[Sequence[Outcome]], None],
    progress: Callable[[int, int], None] | None = None,
    rng: random.Random | None = None,
    politeness: Politeness | None = None,
    robots: Robots | None = None,
) -> Summary:
    """Poll each claimed feed once; slow ones delay nobody.

    Args:
        claims: From `Polling.claim_due`; nobody else may request these feeds meanwhile.
        fetcher: Open; its politeness gives intervals and spacing too.
        parser: Open.
        known: Looks up stored items of a feed by key; called in a thread.
        now: The clock, in UTC.
        on_outcomes: Stores outcomes in one transaction, at most 100 of them and of unchanged
            feeds at most 2,000; called in a thread, never twice at once. What it raises ends the
            cycle and is raised here; feeds whose outcomes were not stored are read again when
            they are next due.
        progress: Called with feeds done and feeds in all.
        rng: For jitter.
        politeness: Intervals, and which hosts count as private; the fetcher's if not given.
        robots: Kept by a long-running caller, so that robots.txt is asked for once a day.
    """
    rng = rng or random.Random()  # noqa: S311 - jitter is no secret
    run = _Run(fetcher, parser, known, now, rng, progress, len(claims), robots or Robots(fetcher))
    run.politeness = politeness or fetcher.politeness
    try:
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(_write(run.finished, on_outcomes))
            workers = [
                group.create_task(run.site(queue))
                for queue in _by_site(claims)
                for _ in range(min(len(queue), fetcher.politeness.host_connections))
            ]
            for task in workers:
                await task
            run.finished.end()
            await writer
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return run.summary


def _by_site(claims: Sequence[Claim]) -> list[deque[Claim]]:
    """A queue for each site; sites take turns with each other, feeds of one wait in line."""
    sites: dict[str, deque[Claim]] = {}
    for claim in claims:
        name = site(claim.feed.url)
        if name not in sites:
            sites[name] = deque()
        sites[name].append(claim)
    return list(sites.values())


async def _write(finished: _Finished, store: Callable[[Sequence[Outcome]], None]) -> None:
    """Hand outcomes over as they come, up to a batch at once, until there are no more."""
    while batch := await finished.batch():
        await asyncio.to_thread(store, batch)


class _Finished:
    """Outcomes that wait to be stored; the writer is woken for a batch, not for each of them."""

    def __init__(self) -> None:
        self._waiting: deque[Outcome] = deque()
        self._brought = 0  # of them, those that bring more than the next time
        self._is_over = False
        self._some = asyncio.Event()
        self._full = asyncio.Event()

    def put(self, outcome: Outcome) -> None:
        """Add one."""
        self._waiting.append(outcome)
        self._brought += outcome.status is not Status.UNCHANGED
        self._some.set()
        if self._is_full():
            self._full.set()

    def end(self) -> None:
        """There will be no more."""
        self._is_over = True
        self._some.set()
        self._full.set()

    async def batch(self) -> list[Outcome]:
        """The next ones; empty: there are no more.

        When only slow feeds are left, the others do not wait for them to be stored.
        """
        await self._some.wait()
        for _ in range(_MOST_WAITS):
            before = len(self._waiting)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WAIT):
                    await self._full.wait()
            if self._full.is_set() or len(self._waiting) == before:
                break
        return self._taken()

    def _taken(self) -> list[Outcome]:
        taken: list[Outcome] = []
        brought = 0
        while self._waiting and brought < BATCH and len(taken) < UNCHANGED_BATCH:
            taken.append(self._waiting.popleft())
            brought += taken[-1].status is not Status.UNCHANGED
        self._brought -= brought
        if not self._is_over:
            if not self._waiting:
                self._some.clear()
            if not self._is_full():
                self._full.clear()
        return taken

    def _is_full(self) -> bool:
        return self._brought >= BATCH or len(self._waiting) >= UNCHANGED_BATCH


class _Run:
    """What the feeds of one cycle share."""

    def __init__(
        self,
        fetcher: Fetcher,
        parser: Parser,
        known: KnownItems,
        now: Callable[[], datetime],
        rng: random.Random,
        progress: Callable[[int, int], None] | None,
        total: int,
        robots: Robots,
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._known = known
        self._now = now
        self._rng = rng
        self._progress = progress
        self._total = total
        self._backlog = asyncio.Semaphore(_BACKLOG)
        self._waiting: dict[str, datetime] = {}  # registrable domain -> not before
        self.politeness = fetcher.politeness
        self._robots = robots
        self.finished = _Finished()
        self.summary = Summary()

    async def site(self, queue: deque[Claim]) -> None:
        """Poll the feeds of one site as long as there are any."""
        while queue:
            await self.one(queue.popleft())

    async def one(self, claim: Claim) -> None:
        """Poll one feed and hand its outcome over."""
        outcome = await self._spared(claim)
        if outcome is not None:
            if outcome.host is not None and outcome.host.failures:
                self._waiting[outcome.host.host] = outcome.host.not_before
            self.finished.put(outcome)
        self.summary.count(outcome)
        if self._progress is not None:
            self._progress(self.summary.feeds, self._total)

    async def _spared(self, claim: Claim) -> Outcome | None:
        """Poll one feed; what this program stumbles over is a failure of that feed only."""
        try:
            return await self._poll(claim)
        except MonitorError:
            raise  # the store cannot be read: that is no feed's doing
        except Exception as error:
            url = claim.feed.url
            LOG.exception("polling %s stumbled; the other feeds go on", url)
            fault = Failure(url=url, reason=FAULT, message=fault_words(error))
            return self._decide(claim, fault, None, "", {}, self._now())

    async def _poll(self, claim: Claim) -> Outcome | None:
        url = request_url(claim.feed)
        if claim.feed.kind == FeedKind.LISTING:
            refused = await self._robots.refusal(url)
            if refused is not None:
                return self._decide(claim, refused, None, "", {}, self._now())
        async with self._fetcher.turn(url):
            started = self._now()
            if started >= claim.lease_until:
                return None
            until = self._waiting_until(url)
            if until is not None and until > started:
                return skipped(claim, until, started, self._rng.random())
            wanted = validators(claim.state, started, self.politeness)
            result = await self._fetcher.fetch(url, validators=wanted)
            body = result.body if isinstance(result, Answer) else result.partial
            digest = sha256(body).hexdigest() if body else ""
            has_news = _has_news(claim, result, digest)
            if has_news:
                await self._backlog.acquire()  # a busy parser slows fetching down
        if not has_news:
            return self._decide(claim, result, None, digest, {}, started)
        try:
            parsed = await self._read(claim.feed, result, body)
        finally:
            self._backlog.release()
        return await self._judge(claim, result, parsed, digest, started)

    def _waiting_until(self, url: str) -> datetime | None:
        """When the whole site may be asked again; None: it has not told us to wait."""
        if not self._waiting:
            return None
        return self._waiting.get(scope(url, self.politeness.allow_private_hosts) or "")

    async def _judge(
        self,
        claim: Claim,
        result: Answer | Failure,
        parsed: Document | Unreadable,
        digest: str,
        started: datetime,
    ) -> Outcome:
        known: Mapping[str, KnownItem] = {}
        if isinstance(parsed, Document) and claim.has_items:
            keys = identity.all_keys(names(claim.feed, parsed.entries))
            known = await asyncio.to_thread(self._known, claim.feed.id, keys)
        if isinstance(parsed, Document) and parsed.kind == FeedKind.LISTING:
            parsed = await follow(
                claim.feed,
                parsed,
                known,
                fetcher=self._fetcher,
                parser=self._parser,
                robots=self._robots,
            )
        return self._decide(claim, result, parsed, digest, known, started)

    def _decide(
        self,
        claim: Claim,
        result: Answer | Failure,
        parsed: Document | Unreadable | None,
        digest: str,
        known: Mapping[str, KnownItem],
        started: datetime,
    ) -> Outcome:
        now, jitter = self._now(), self._rng.random()
        finished = Poll(claim, result, started, now, parsed, digest, jitter)
        return decide(finished, known, self.politeness)

    async def _read(
        self, feed: Feed, result: Answer | Failure, body: bytes
    ) -> Document | Unreadable:
        return await self._parser.read(
            body,
            kind=feed.kind,
            content_type=result.headers.get("content-type", ""),
            base_url=result.final_url or feed.url,
            language=feed.language,
            selectors=feed.selectors,
        )


def request_url(feed: Feed) -> str:
    """What is requested for a feed."""
    return posts_url(feed.url) if feed.kind == FeedKind.WORDPRESS else feed.url


def _has_news(claim: Claim, result: Answer | Failure, digest: str) -> bool:
    """Whether there is a body that may hold something unknown."""
    if isinstance(result, Failure):
        return bool(result.partial)
    return result.status == 200 and (not digest or digest != claim.state.body_sha256)
