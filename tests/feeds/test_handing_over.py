"""Outcomes are handed over in batches, in order, and never wait for feeds that are slow."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.feeds.answers import Answer
from monitor.feeds.entries import Document
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedState
from monitor.feeds.outcomes import Claim, Outcome, Status
from monitor.feeds.run import BATCH, UNCHANGED_BATCH, poll
from tests.factories import make_feed

NOW = datetime(2025, 12, 3, 12, tzinfo=UTC)


class Answering(Fetcher):
    """Answers at once, without a network; feeds whose number is in `slow` wait for `gate`."""

    def __init__(self, status: int, slow: Sequence[int] = ()) -> None:
        super().__init__(Politeness(host_interval=timedelta(0), host_connections=9))
        self._status = status
        self._slow = {make_feed(n).url for n in slow}
        self.gate = asyncio.Event()

    async def fetch(self, url: str, **_conditions: Any) -> Answer:
        if url in self._slow:
            await self.gate.wait()
        return Answer(url, url, self._status, {}, body=b"x", conditional=True)


class Reading:
    async def read(self, body: bytes, **_question: Any) -> Document:
        return Document("rss", ())


def claims(count: int) -> list[Claim]:
    feeds = [make_feed(n) for n in range(count)]
    return [Claim(feed, FeedState(feed.id), "one", NOW + timedelta(hours=1)) for feed in feeds]


def run(fetcher: Any, count: int, store: Any) -> Any:
    return poll(
        claims(count),
        fetcher=fetcher,
        parser=Reading(),  # type: ignore[arg-type] - reads without a child process
        known=lambda *_: {},
        now=lambda: NOW,
        on_outcomes=store,
    )


def stored(status: int, count: int) -> list[Sequence[Outcome]]:
    batches: list[Sequence[Outcome]] = []

    async def go() -> None:
        summary = await run(Answering(status), count, batches.append)
        assert summary.feeds == count

    asyncio.run(go())
    assert sorted(one.feed.id for batch in batches for one in batch) == sorted(
        claim.feed.id for claim in claims(count)
    )
    return batches


def test_what_brings_something_is_stored_a_hundred_at_a_time() -> None:
    batches = stored(200, 250)
    assert {one.status for batch in batches for one in batch} == {Status.OK}
    assert max(map(len, batches)) == BATCH
    assert len(batches) == 3


def test_what_brings_nothing_is_stored_in_larger_batches() -> None:
    assert max(map(len, stored(304, UNCHANGED_BATCH + 300))) == UNCHANGED_BATCH


def test_nothing_to_poll_stores_nothing() -> None:
    assert stored(200, 0) == []


def test_a_slow_feed_does_not_keep_others_from_being_stored() -> None:
    """The slow one is let go only after the other nineteen have been stored."""
    batches: list[Sequence[Outcome]] = []

    async def go() -> None:
        fetcher = Answering(200, slow=[7])
        loop = asyncio.get_running_loop()

        def store(batch: Sequence[Outcome]) -> None:
            batches.append(batch)
            if sum(map(len, batches)) == 19:
                loop.call_soon_threadsafe(fetcher.gate.set)

        async with asyncio.timeout(20):
            await run(fetcher, 20, store)

    asyncio.run(go())
    assert [one.feed.id for one in batches[-1]] == [make_feed(7).id]


def test_while_one_batch_is_stored_the_next_is_gathered_and_never_two_are_stored_at_once() -> None:
    under_way = threading.Lock()
    sizes: list[int] = []

    async def go() -> None:
        def store(batch: Sequence[Outcome]) -> None:
            assert under_way.acquire(blocking=False), "two batches were stored at once"
            sizes.append(len(batch))
            threading.Event().wait(0.05)
            under_way.release()

        await run(Answering(200), 330, store)

    asyncio.run(go())
    assert sizes == [BATCH, BATCH, BATCH, 30]
