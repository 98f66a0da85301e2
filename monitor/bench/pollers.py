"""Who is compared: each polls the same feeds in a process of its own, round after round.

`python -m monitor.bench.pollers NAME PORT FEEDS FOLDER`, then one line on stdin for each round;
each is answered by a JSON line with the seconds that the round took.
"""

from __future__ import annotations

import asyncio
import gc
import io
import json
import multiprocessing
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import feedparser

from monitor.feeds.documents import Parser
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import FetchLimits, Politeness
from monitor.feeds.model import Feed, feed_id
from monitor.feeds.outcomes import Outcome
from monitor.feeds.run import poll
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.polling import Polling

Round = Callable[[], dict[str, Any]]
_BATCH = 100


# --- ours -------------------------------------------------------------------------------------
@contextmanager
def ours(urls: list[str], folder: Path) -> Iterator[Round]:
    """Our poll: claim, fetch, read in the cage, decide, store in SQLite."""
    database = Database(f"sqlite:///{folder / 'ours.db'}")
    database.migrate()
    start = datetime(2025, 12, 3, 12, tzinfo=UTC)
    declared = [Feed(id=feed_id(url), url=url, title=url) for url in urls]
    Feeds(database).sync(declared, start)
    politeness = Politeness(
        host_interval=timedelta(0),
        host_connections=32,
        workers=32,
        allow_private_hosts=("127.0.0.1",),
    )
    limits = FetchLimits(total_seconds=15, first_byte_seconds=15)
    clock = {"now": start}
    polling = Polling(database, politeness)
    with asyncio.Runner() as runner:
        fetcher, parser = Fetcher(politeness, limits), Parser()
        runner.run(fetcher.__aenter__())

        def once() -> dict[str, Any]:
            clock["now"] += timedelta(days=1)
            begin = time.perf_counter()
            honest_seconds = 0.0  # until the last honest feed was stored

            def store(outcomes: Any) -> None:
                nonlocal honest_seconds
                polling.commit(outcomes)
                if any(_is_honest(outcome) for outcome in outcomes):
                    honest_seconds = time.perf_counter() - begin

            claims = polling.claim_due(clock["now"], "bench", limit=len(urls))
            summary = runner.run(
                poll(
                    claims,
                    fetcher=fetcher,
                    parser=parser,
                    known=polling.known,
                    now=lambda: clock["now"],
                    on_outcomes=store,
                )
            )
            return {
                "new": summary.new,
                "unchanged": summary.unchanged,
                "errors": summary.errors,
                "honest_seconds": honest_seconds,
            }

        yield once
        runner.run(fetcher.__aexit__(None, None, None))
        runner.run(parser.__aexit__(None, None, None))
    database.dispose()


def _is_honest(outcome: Outcome) -> bool:
    """Whether a feed is one of those that have a number."""
    return outcome.feed.url.rpartition("/")[2].isdigit()


# --- the floor --------------------------------------------------------------------------------
def _parse(body: bytes) -> list[tuple[str, ...]]:
    found = feedparser.parse(io.BytesIO(body))
    return [
        (e.get("id", ""), e.get("title", ""), e.get("link", ""), e.get("summary", ""),
         e.get("published", ""))
        for e in found.entries
    ]  # fmt: skip


@contextmanager
def floor(urls: list[str], folder: Path) -> Iterator[Round]:
    """No product: aiohttp, feedparser in two processes, a transaction for 100 feeds."""
    store = sqlite3.connect(folder / "floor.db")
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=NORMAL")
    store.execute("CREATE TABLE items (feed, guid, title, link, summary, date, UNIQUE(feed, guid))")
    tags: dict[str, tuple[str, str]] = {}
    context = multiprocessing.get_context("fork")

    with ProcessPoolExecutor(2, mp_context=context) as pool, asyncio.Runner() as runner:

        async def go() -> dict[str, Any]:
            pending: list[tuple[str, list[tuple[str, ...]]]] = []
            counts = {"new": 0, "unchanged": 0, "errors": 0}
            todo = iter(urls)
            connector = aiohttp.TCPConnector(limit=32)

            def flush() -> None:
                rows = [(url, *row) for url, entries in pending for row in entries]
                with store:
                    store.executemany("INSERT OR IGNORE INTO items VALUES (?,?,?,?,?,?)", rows)
                counts["new"] += len(rows)
                pending.clear()

            async def worker(session: aiohttp.ClientSession) -> None:
                loop = asyncio.get_running_loop()
                for url in todo:
                    etag, modified = tags.get(url, ("", ""))
                    headers = {"If-None-Match": etag, "If-Modified-Since": modified} if etag else {}
                    async with session.get(url, headers=headers) as response:
                        if response.status == 304:
                            counts["unchanged"] += 1
                            continue
                        body = await response.read()
                        answer = response.headers
                    entries = await loop.run_in_executor(pool, _parse, body)
                    tags[url] = (answer.get("ETag", ""), answer.get("Last-Modified", ""))
                    pending.append((url, entries))
                    if len(pending) >= _BATCH:
                        flush()

            async with aiohttp.ClientSession(connector=connector) as session:
                await asyncio.gather(*(worker(session) for _ in range(32)))
            flush()
            return counts

        yield lambda: runner.run(go())
    store.close()


# --- peers ------------------------------------------------------------------------------------
@contextmanager
def peer_reader(urls: list[str], folder: Path) -> Iterator[Round]:
    """lemon24/reader with eight workers."""
    from reader import make_reader  # noqa: PLC0415 - only in its own process

    one = make_reader(str(folder / "reader.db"))
    for url in urls:
        one.add_feed(url)

    def once() -> dict[str, Any]:
        before = one.get_entry_counts().total or 0
        one.update_feeds(workers=8, scheduled=False)
        return {"new": (one.get_entry_counts().total or 0) - before}

    yield once
    one.close()


@contextmanager
def newsboat(urls: list[str], folder: Path) -> Iterator[Round]:
    """Debian's newsboat with eight threads."""
    (folder / "urls").write_text("\n".join(urls))
    (folder / "config").write_text("reload-threads 8\nshow-read-feeds no\n")
    command = [
        "newsboat", "-q", "-x", "reload",
        "-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config"),
    ]  # fmt: skip

    def count() -> int:
        try:
            with sqlite3.connect(folder / "cache.db") as store:
                return int(store.execute("SELECT count(*) FROM rss_item").fetchone()[0])
        except sqlite3.OperationalError:
            return 0

    def once() -> dict[str, Any]:
        before = count()
        subprocess.run(command, check=True, capture_output=True)
        return {"new": count() - before}

    yield once


CONTESTANTS = {"ours": ours, "floor": floor, "reader": peer_reader, "newsboat": newsboat}


def main(name: str, port: int, feeds: int, folder: Path, extra: list[str]) -> None:
    """Serve rounds until stdin closes."""
    base = f"http://127.0.0.1:{port}"
    urls = [f"{base}/{path}" for path in (*extra, *(f"f/{n}" for n in range(feeds)))]
    with CONTESTANTS[name](urls, folder) as once:
        gc.collect()
        gc.freeze()  # as a service does once it is up
        print("ready", flush=True)
        for _line in sys.stdin:
            begin = time.perf_counter()
            found = once()
            found["seconds"] = time.perf_counter() - begin
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5:])
