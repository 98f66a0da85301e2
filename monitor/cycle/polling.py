"""Polling in the background, or once: claim, fetch, judge, file, measure."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from monitor.config import Config
from monitor.cycle.intake import Intake
from monitor.cycle.sparing import spare
from monitor.errors import MonitorError
from monitor.feeds.backfill import Backfill, backfill
from monitor.feeds.discovery import Found
from monitor.feeds.documents import Parser
from monitor.feeds.fetch import Fetcher
from monitor.feeds.model import Feed
from monitor.feeds.outcomes import Claim, Outcome, fault_words, stumbled
from monitor.feeds.robots import Robots
from monitor.feeds.run import poll
from monitor.storage.progress import CycleProgress, CycleState
from monitor.storage.store import Store

LOG = logging.getLogger("monitor.polling")
LOOK_EVERY = 5.0  # seconds between two looks for feeds that are due
OVERDUE = timedelta(minutes=10)  # after suspend, late feeds are spread over so long
HOUSEKEEPING = timedelta(hours=6)
MEASURE_EVERY = timedelta(minutes=1)
MEASURE_ANYWAY = timedelta(minutes=15)  # silence changes coverage too
CATCH_UP = timedelta(days=7)  # older items count on the day on which they were found
_TELL_EVERY = timedelta(seconds=1)


def utc_now() -> datetime:
    """The clock of the shell."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Cycle:
    """What one pass over the due feeds did."""

    outcomes: list[Outcome] = field(default_factory=list)
    new: int = 0
    flagged: int = 0
    days: set[date] = field(default_factory=set)  # local days to which new items belong
    unmeasured: str = ""  # why the index does not hold what was stored; "": it does


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What older pages brought."""

    new: int
    pages: int
    ended: str  # why it stopped, for a person


class Poller:
    """Polls what is due, for one process.

    Any number of them may share a database: every feed is claimed by one.

    Args:
        settings: Politeness and time zone.
        intake: Judges and files what comes.
        clock: In UTC.
        stop: Ends `run` when it is set.
    """

    def __init__(
        self,
        settings: Config,
        intake: Intake,
        *,
        clock: Callable[[], datetime] = utc_now,
        stop: threading.Event | None = None,
    ) -> None:
        self._intake = intake
        self._store = intake.store
        self._clock = clock
        self._politeness = settings.politeness
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._stop = stop or threading.Event()
        self._tidied_at: datetime | None = None
        self._measured_at: datetime | None = None
        self._stale_days: set[date] = set()

    def once(
        self,
        *,
        feed_ids: Collection[str] | None = None,
        force: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Cycle:
        """Poll every feed that is due now.

        Args:
            feed_ids: Only these.
            force: Also what is not due, within `manual_interval`.
            progress: Called with feeds done and feeds in all.

        Returns:
            What was done; what was stored but could not be measured is measured by the next poll.

        Raises:
            StorageError: What was not stored is polled again when it is next due.
        """
        return asyncio.run(self._once(feed_ids, force, progress))

    async def _once(
        self,
        feed_ids: Collection[str] | None,
        force: bool,
        progress: Callable[[int, int], None] | None,
    ) -> Cycle:
        claims = self._store.polling.claim_due(
            self._clock(), self._owner, limit=2000, feed_ids=feed_ids, force=force
        )
        async with Fetcher(self._politeness) as fetcher, Parser() as parser:
            cycle = await self._cycle(claims, fetcher, parser, progress)
        try:
            await asyncio.to_thread(self._measure, cycle.days)
        except MonitorError as error:
            cycle.unmeasured = str(error)
        except Exception as error:
            LOG.exception("measuring stumbled; what was polled is stored")
            cycle.unmeasured = fault_words(error)
        return cycle

    async def _cycle(
        self,
        claims: Sequence[Claim],
        fetcher: Fetcher,
        parser: Parser,
        progress: Callable[[int, int], None] | None,
        robots: Robots | None = None,
    ) -> Cycle:
        cycle = Cycle()
        self._intake.renew()
        await poll(
            claims,
            fetcher=fetcher,
            parser=parser,
            known=self._store.polling.known,
            now=self._clock,
            on_outcomes=lambda outcomes: self._keep(outcomes, cycle),
            progress=_Progress(self._store, self._clock, progress),
            robots=robots,
        )
        return cycle

    def take_over(self, feed: Feed, found: Found) -> None:
        """Store what was fetched while a feed was looked at, as its first poll."""
        now = self._clock()
        for claim in self._store.polling.claim_due(now, self._owner, feed_ids=[feed.id]):
            self._intake.renew()
            self._keep([found.outcome(claim, now, self._politeness, random.random())], Cycle())  # noqa: S311 - jitter
        self._measure([])

    def backfill(
        self, feed: Feed, *, pages: int, progress: Callable[[int, int], None] | None = None
    ) -> Backfilled:
        """Read older pages of a feed, politely, and file what is new.

        Raises:
            StorageError: Nothing was stored.
        """
        done = asyncio.run(self._backfill(feed, pages, progress))
        tried = [self._intake.try_to_judge(one.item, feed) for one in done.new]
        judged = [one for one in tried if one is not None]
        groups = {one.item.id: one.group for one in judged}
        now = self._clock()
        self._intake.renew()
        with self._store.database.write() as connection:
            rows = [(n.item, groups.get(n.item.id, feed.group), n.keys) for n in done.new]
            fresh = self._store.items.add(connection, rows)
            self._intake.file(connection, [one for one in judged if one.item.id in fresh], now)
        self._intake.remeasure(now)
        return Backfilled(new=len(fresh), pages=done.pages, ended=done.ended)

    async def _backfill(
        self, feed: Feed, pages: int, progress: Callable[[int, int], None] | None
    ) -> Backfill:
        async with Fetcher(self._politeness) as fetcher, Parser() as parser:
            return await backfill(
                feed,
                fetcher=fetcher,
                parser=parser,
                known=self._store.polling.known,
                now=self._clock,
                pages=pages,
                progress=progress,
            )

    def _keep(self, outcomes: Sequence[Outcome], cycle: Cycle) -> None:
        """Store a batch of outcomes; a feed over which this stumbles is stored as failed."""

        def failed(outcome: Outcome, error: Exception) -> None:
            LOG.error("feed %s could not be stored", outcome.feed.url, exc_info=error)
            self._keep_together([stumbled(outcome, error)], cycle)

        spare(outcomes, lambda some: self._keep_together(some, cycle), failed)

    def _keep_together(self, outcomes: Sequence[Outcome], cycle: Cycle) -> None:
        """Store a batch of outcomes with the judgement of their items, or nothing of it."""
        now = self._clock()
        tried = [
            self._intake.try_to_judge(new.item, one.feed) for one in outcomes for new in one.new
        ]
        judged = [one for one in tried if one is not None]
        groups = {one.item.id: one.group for one in judged}
        revised = [one.item_id for outcome in outcomes for one in outcome.revisions]
        with self._store.database.write() as connection:
            fresh = self._store.polling.store(connection, outcomes, groups)
            new = list({one.item.id: one for one in judged if one.item.id in fresh}.values())
            self._intake.file(connection, new, now)
            self._store.items.forget_judgement(connection, revised)
        cycle.outcomes += outcomes
        cycle.new += len(fresh)
        cycle.flagged += sum(one.assessment.relevant for one in new)
        oldest = now - CATCH_UP
        cycle.days |= {
            one.item.sort_at.astimezone(self._store.zone).date()
            for one in new
            if one.item.sort_at > oldest
        }

    def _measure(self, days: Iterable[date]) -> None:
        """Judge what was revised, and bring the days that changed up to date."""
        now = self._clock()
        self._intake.judge_pending(now)
        self._intake.remeasure(now, days)
        self._measured_at = now

    # --- in the background ---------------------------------------------------------------------
    @property
    def progress(self) -> CycleProgress:
        """Where this tells how it goes."""
        return self._store.progress

    def run(self, while_: Callable[[], bool] = lambda: True) -> None:
        """Poll until `stop` is set, or until `while_`, asked before each pass, no longer holds.

        Raises:
            StorageError: What was not stored is polled again when it is next due.
        """
        asyncio.run(self._run(while_))

    async def _run(self, while_: Callable[[], bool]) -> None:
        async with Fetcher(self._politeness) as fetcher, Parser() as parser:
            robots = Robots(fetcher)
            while not self._stop.is_set() and while_():
                now = self._clock()
                self._intake.follow_lexicon()
                claims = await asyncio.to_thread(
                    self._store.polling.claim_due, now, self._owner, overdue=OVERDUE
                )
                if claims:
                    cycle = await self._cycle(claims, fetcher, parser, None, robots)
                    self._stale_days |= cycle.days
                    LOG.info("%d feeds, %d new items", len(cycle.outcomes), cycle.new)
                if self._is_measure_due(now, polled=bool(claims)):
                    await asyncio.to_thread(self._measure, self._stale_days)
                    self._stale_days = set()
                await asyncio.to_thread(self._tidy, now)
                await asyncio.to_thread(self._stop.wait, LOOK_EVERY)

    def _tidy(self, now: datetime) -> None:
        """Now and then: drop the content of expired snapshots, close the local day."""
        if self._tidied_at is not None and now - self._tidied_at < HOUSEKEEPING:
            return
        self._tidied_at = now
        self._store.snapshots.purge(now=now)
        self._store.database.optimize()

    def _is_measure_due(self, now: datetime, *, polled: bool) -> bool:
        """New items are measured at once, but no more than once a minute; else now and then."""
        if self._measured_at is None:
            return True
        waited = now - self._measured_at
        return waited >= (MEASURE_EVERY if polled or self._stale_days else MEASURE_ANYWAY)


class _Progress:
    """Tells the caller, and the store at most once a second, how far a cycle is."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        caller: Callable[[int, int], None] | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._caller = caller
        self._started_at = self._told_at = clock()

    def __call__(self, done: int, total: int) -> None:
        if self._caller is not None:
            self._caller(done, total)
        now = self._clock()
        if done < total and now - self._told_at < _TELL_EVERY:
            return
        self._told_at = now
        self._store.progress.tell(
            CycleState(done=done, total=total, started_at=self._started_at, told_at=now)
        )
