"""The world of a poller: a hostile server, a store, a clock that tests turn."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.feeds import articles, documents
from monitor.feeds.answers import Answer, Failure
from monitor.feeds.discovery import Checked, check
from monitor.feeds.documents import Parser
from monitor.feeds.entries import Unreadable
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import FetchLimits, ParseLimits, Politeness
from monitor.feeds.model import Feed, feed_id
from monitor.feeds.outcomes import Outcome
from monitor.feeds.pages import read_links
from monitor.feeds.run import Summary, poll
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.polling import Polling
from monitor.storage.tables import feed_states, items
from tests.feeds.hostile import Hostile
from tests.molds import Molds

START = datetime(2025, 12, 3, 12, 0, tzinfo=UTC)


class InlineParser:
    """Reads in this process: quick, for documents that are not out to hurt."""

    async def read(self, body: bytes, *, selectors: Any = None, **question: Any) -> Any:
        if not body:
            return Unreadable("empty", "the answer is empty")
        asked = {"content_type": "", "base_url": "", "language": None, **question}
        return documents.read({**asked, "selectors": selectors or {}}, body)

    async def read_article(self, body: bytes, **question: Any) -> Any:
        return articles.read_article(body, **question)

    async def links(self, body: bytes, **question: Any) -> Any:
        return read_links(body, **question)


class World:
    """One poller with its store and its clock."""

    def __init__(self, database: Database, server: Hostile) -> None:
        self.database = database
        self.server = server
        self.now = START
        self.politeness = Politeness(
            contact="https://monitor.example/about",
            host_interval=timedelta(0),
            host_connections=8,
            allow_private_hosts=("127.0.0.1", "localhost"),
        )
        self.limits = FetchLimits(total_seconds=5, first_byte_seconds=3)
        self.lookup: Any = None
        self.fetching: Politeness | None = None  # when the fetcher may go elsewhere
        self.parser: Any = InlineParser()
        self.caging: ParseLimits | None = None  # parse in real worker processes
        self.rng = random.Random(7)
        self.owner = "tester"

    @property
    def polling(self) -> Polling:
        return Polling(self.database, self.politeness)

    def watch(self, path: str = "/feed", **changes: Any) -> Feed:
        url = path if path.startswith("http") else self.server.url(path)
        feed = Feed(**({"id": feed_id(url), "url": url, "title": path} | changes))
        Feeds(self.database).add(feed, by="test", now=self.now)
        return feed

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)

    def poll(
        self, *, force: bool = True, limit: int = 1000, commit: Any = None, **claiming: Any
    ) -> list[Outcome]:
        """Claim, poll and store once; outcomes in the order in which they came."""
        outcomes: list[Outcome] = []
        polling = self.polling
        keep = commit or polling.commit

        def store(batch: Any) -> None:
            keep(batch)
            outcomes.extend(batch)

        claims = polling.claim_due(self.now, self.owner, force=force, limit=limit, **claiming)
        self.summary = asyncio.run(self._poll(claims, store))
        return outcomes

    def only(self, **claiming: Any) -> Outcome:
        """Poll the only feed, two minutes later than before."""
        self.advance(minutes=2)
        (outcome,) = self.poll(**claiming)
        return outcome

    async def _poll(self, claims: Any, store: Any) -> Summary:
        extra = {"lookup": self.lookup} if self.lookup else {}
        cage = Parser(self.caging) if self.caging else contextlib.nullcontext(self.parser)
        async with (
            cage as parser,
            Fetcher(self.fetching or self.politeness, self.limits, **extra) as fetcher,
        ):
            return await poll(
                claims,
                fetcher=fetcher,
                parser=parser,
                known=self.polling.known,
                now=lambda: self.now,
                on_outcomes=store,
                rng=self.rng,
                politeness=self.politeness,
            )

    def rows(self, table: sa.Table = items, **where: Any) -> list[Any]:
        query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.database.read() as connection:
            return list(connection.execute(query))

    def titles(self) -> list[str]:
        return sorted(row.title for row in self.rows())

    def state(self, feed: Feed) -> Any:
        (row,) = self.rows(feed_states, feed_id=feed.id)
        return row


@pytest.fixture
def server() -> Iterator[Hostile]:
    one = Hostile()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def world(tmp_path: Path, molds: Molds, server: Hostile) -> Iterator[World]:
    with molds.copy("sqlite", "empty", lambda _: None, tmp_path) as database:
        yield World(database, server)


def fetch(world: World, url: str, **changes: Any) -> Answer | Failure:
    """What the guarded client makes of an address."""

    async def go() -> Answer | Failure:
        extra = {"lookup": world.lookup} if world.lookup else {}
        async with Fetcher(world.politeness, world.limits, **extra, **changes) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(go())


def failure(world: World, url: str) -> Failure:
    """The same, where no answer may come."""
    result = fetch(world, url)
    assert isinstance(result, Failure)
    return result


def look(world: World, url: str) -> Checked:
    """What discovery makes of an address."""

    async def go() -> Checked:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await check(url, fetcher=fetcher, parser=world.parser)

    return asyncio.run(go())
