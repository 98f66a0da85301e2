"""Musts 43 and 44 of the poller: no document harms this program or the other feeds."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from monitor.feeds.cage import Cage, Died
from monitor.feeds.documents import Parser
from monitor.feeds.limits import ParseLimits
from monitor.feeds.model import FeedKind
from tests.feeds.conftest import World, failure
from tests.feeds.hostile import Hostile, feed_of, rss, rss_item

# --- 43, 44 documents -------------------------------------------------------------------------
TIGHT = ParseLimits(cpu_seconds=1, wall_seconds=4, memory_bytes=512 << 20)
AUTHOR = "a@" * 32_000
HARMFUL = {
    "comment of 9 MB": rss(rss_item(1), head=f"<!--{'x' * 9_000_000}-->"),
    "comments without end": rss(
        rss_item(1, description=f"<![CDATA[{'<!--' * 20_000}]]>"), rss_item(2)
    ),
    "author that stalls a pattern": rss(rss_item(1, author=AUTHOR)),
    "opening brackets": rss(rss_item(1, description=f"<![CDATA[{'<' * 160_000}]]>")),
    "deep nesting": rss(rss_item(1, description=f"<![CDATA[{'<b>' * 50_000}]]>")),
    "unclosed attributes": rss(
        rss_item(1, description=f"<![CDATA[{'<a href=&quot;x' * 40_000}]]>")
    ),
    "nested elements": b"<rss><channel>" + b"<item>" * 100_000,
}


@pytest.mark.parametrize("name", list(HARMFUL))
def test_43_a_harmful_document_does_not_stop_the_next_99(
    world: World, server: Hostile, name: str
) -> None:
    server.says("/0", HARMFUL[name])
    world.watch("/0")
    for n in range(1, 100):
        server.says(f"/{n}", feed_of(n))
        world.watch(f"/{n}")
    world.caging = TIGHT
    begin = time.monotonic()
    outcomes = world.poll()
    assert time.monotonic() - begin < 20
    honest = [one for one in outcomes if not one.feed.url.endswith("/0")]
    assert {one.status for one in honest} == {"ok"}
    assert len(honest) == 99


MISCHIEF = """
import sys, time, os
from monitor.feeds import caged
def work(question, body):
    if body == b"spin":
        while True: pass
    if body == b"sleep":
        time.sleep(60)
    if body == b"eat":
        return len(b"x" * (1 << 30))
    if body == b"crash":
        os.abort()
    return [os.getpid(), len(body)]
caged.serve(sys.argv[1:], work)
"""


@pytest.fixture
def mischief(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "mischief.py").write_text(MISCHIEF)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "mischief"


@pytest.mark.parametrize("how", ["spin", "sleep", "eat", "crash"])
def test_43_a_worker_that_misbehaves_dies_and_is_replaced(mischief: str, how: str) -> None:
    limits = ParseLimits(cpu_seconds=1, wall_seconds=3, workers=1)

    async def go() -> tuple[int, int]:
        async with Cage(mischief, limits) as cage:
            first, _ = await cage.ask({}, b"good")
            with pytest.raises(Died):
                await cage.ask({}, how.encode())
            second, size = await cage.ask({}, b"still here")
            assert size == 10
            return first, second

    begin = time.monotonic()
    first, second = asyncio.run(go())
    assert first != second
    assert time.monotonic() - begin < 6


def test_43_workers_are_recycled_and_end_with_the_cage(mischief: str) -> None:
    limits = ParseLimits(workers=2, recycle_after=3)

    async def go() -> list[int]:
        async with Cage(mischief, limits) as cage:
            answers = await asyncio.gather(*(cage.ask({}, b"x") for _ in range(20)))
            return [pid for pid, _ in answers]

    pids = asyncio.run(go())
    assert 6 <= len(set(pids)) <= 8
    for pid in set(pids):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_43_a_question_that_is_given_up_leaves_the_worker_usable(mischief: str) -> None:
    async def go() -> int:
        async with Cage(mischief, ParseLimits(workers=1)) as cage:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await cage.ask({}, b"sleep")
            return int((await cage.ask({}, b"12345"))[1])

    assert asyncio.run(go()) == 5


def test_43_workers_get_no_secrets_from_the_environment(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spy.py").write_text(
        "import os, sys\nfrom monitor.feeds import caged\n"
        "caged.serve(sys.argv[1:], lambda question, body: sorted(os.environ))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://user:secret@host/db")

    async def go() -> list[str]:
        async with Cage("spy") as cage:
            found: list[str] = await cage.ask({}, b"")
            return found

    assert "MONITOR_DATABASE_URL" not in asyncio.run(go())


def test_44_entities_open_no_file_and_do_not_explode(world: World, server: Hostile) -> None:
    secret = server.url("/secret")
    xxe = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">'
        f'<!ENTITY n SYSTEM "{secret}">]>'
    )
    laughs = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
    )
    server.says("/feed", rss(rss_item(1, title="a &f; &n; b"), prolog=xxe))
    server.says("/laughs", rss(rss_item(2, title="a &l9; b"), prolog=laughs + "]>"))
    world.watch()
    world.watch("/laughs")
    begin = time.monotonic()
    world.poll()
    assert time.monotonic() - begin < 2
    assert server.asked("/secret") == []
    assert all("root:" not in row.title and len(row.title) < 500 for row in world.rows())
    assert len(world.rows()) == 2

    assert failure(world, "http://nowhere.example/").reason == "dns"


def test_workers_end_when_their_parent_is_killed(tmp_path: Any) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from monitor.feeds.documents import Parser\n"
        "from monitor.feeds.model import FeedKind\n"
        "async def go():\n"
        "    async with Parser() as parser:\n"
        "        await parser.read(b'<rss/>', kind=FeedKind.RSS)\n"
        "        print(parser._cage._process.pid, flush=True)\n"
        "        os.kill(os.getpid(), 9)\n"
        "asyncio.run(go())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    zygote = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(zygote, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("the parsing processes outlived their parent")


def test_an_unreadable_document_is_a_value_of_the_parser() -> None:
    async def go() -> Any:
        async with Parser(TIGHT) as parser:
            return (
                await parser.read(b"", kind=FeedKind.RSS),
                await parser.read(b"<html></html>", kind=FeedKind.RSS),
                await parser.links(b"<title>T</title>"),
                await parser.read_article(b"<title>A title</title><p>Text</p>"),
            )

    empty, page, links, article = asyncio.run(go())
    assert (empty.reason, page.reason) == ("empty", "not_a_feed")
    assert links.title == "T"
    assert article.title == "A title"
