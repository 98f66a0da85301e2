"""Musts 40 to 48 of the poller: hostile and slow servers harm nobody."""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import brotli
import pytest

from monitor.feeds.addresses import is_public
from monitor.feeds.answers import Answer, Failure
from monitor.feeds.cage import Cage, Died
from monitor.feeds.documents import Parser
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import FetchLimits, ParseLimits, Politeness
from monitor.feeds.model import FeedKind
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, feed_of, rss, rss_item


def fetch(world: World, url: str, **changes: Any) -> Answer | Failure:
    async def go() -> Answer | Failure:
        extra = {"lookup": world.lookup} if world.lookup else {}
        async with Fetcher(world.politeness, world.limits, **extra, **changes) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(go())


def failure(world: World, url: str) -> Failure:
    result = fetch(world, url)
    assert isinstance(result, Failure)
    return result


# --- 40 time ----------------------------------------------------------------------------------
def test_40_the_defaults_let_slow_but_honest_servers_answer() -> None:
    assert (FetchLimits().total_seconds, FetchLimits().first_byte_seconds) == (60, 45)


def test_40_a_server_that_drips_is_left_at_the_deadline(world: World, server: Hostile) -> None:
    world.limits = replace(world.limits, total_seconds=0.5)
    server.says("/feed", Reply(body=feed_of(1), drip=0.05))
    begin = time.monotonic()
    assert failure(world, server.url()).reason == "timeout"
    assert time.monotonic() - begin < 1.5


def test_40_a_server_that_never_begins_is_left_earlier(world: World, server: Hostile) -> None:
    world.limits = replace(world.limits, first_byte_seconds=0.3, total_seconds=5)
    server.says("/feed", Reply(body=feed_of(1), wait=3))
    begin = time.monotonic()
    found = failure(world, server.url())
    assert (found.reason, "0.3 s to the first byte" in found.message) == ("timeout", True)
    assert time.monotonic() - begin < 1.5


def test_40_the_deadline_counts_name_lookup_and_all_hops(world: World, server: Hostile) -> None:
    async def slow(_host: str) -> list[str]:
        await asyncio.sleep(0.3)
        return ["127.0.0.1"]

    world.lookup = slow
    names = ("a.com", "b.com", "c.com", "d.com")
    world.politeness = replace(world.politeness, allow_private_hosts=names)
    world.limits = replace(world.limits, total_seconds=0.75)
    for here, there in pairwise(names):
        server.says(
            f"/{here}", Reply(status=302, headers=[("Location", server.url(f"/{there}", there))])
        )
    server.says("/d.com", feed_of(1))
    assert failure(world, server.url("/a.com", "a.com")).reason == "timeout"


# --- 41 lanes ---------------------------------------------------------------------------------
def test_41_slow_feeds_delay_nobody(world: World, server: Hostile) -> None:
    world.politeness = replace(world.politeness, workers=8, host_connections=40)
    world.limits = FetchLimits(total_seconds=8, first_byte_seconds=8, slow_after_seconds=0.3)
    for n in range(12):  # more than there are workers
        server.says(f"/drip{n}", Reply(body=feed_of(n), drip=1))
        world.watch(f"/drip{n}")
    for n in range(100):
        server.says(f"/{n}", feed_of(n))
        world.watch(f"/{n}")
    begin = time.monotonic()
    finished: list[float] = []
    given_up: list[float] = []
    store = world.polling.commit

    class Watching:
        def commit(self, batch: Any) -> None:
            for one in batch:
                times = finished if one.status == "ok" else given_up
                times.append(time.monotonic() - begin)
            store(batch)

    world.poll(commit=Watching().commit)
    assert len(finished) == 100
    assert len(given_up) == 12
    assert max(finished) < min(given_up)
    assert max(finished) < 7


# --- 42 size ----------------------------------------------------------------------------------
BOMB = gzip.compress(b" " * (150 << 20), 9)
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(body=BOMB, headers=[("Content-Encoding", "gzip")]), id="gzip bomb"),
        pytest.param(Reply(body=BOMB), id="bomb that is not announced"),
        pytest.param(
            Reply(
                body=brotli.compress(b" " * (150 << 20), quality=1),
                headers=[("Content-Encoding", "br")],
            ),
            id="brotli bomb",
        ),
        pytest.param(
            Reply(body=gzip.compress(BOMB), headers=[("Content-Encoding", "gzip, gzip")]),
            id="bomb in a bomb",
        ),
        pytest.param(Reply(endless=b"<item>" * 10_000), id="endless"),
        pytest.param(Reply(body=b"x", length=1 << 34), id="announced as huge"),
    ],
)
def test_42_large_answers_are_cut_off_early(world: World, server: Hostile, reply: Reply) -> None:
    server.says("/feed", reply)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.monotonic()
    assert failure(world, server.url()).reason == "too_large"
    assert time.monotonic() - begin < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024  # KB
    assert server.sent < 40 * MEGABYTE


@pytest.mark.parametrize("count", [1, 100], ids=["one long header", "many headers"])
def test_42_large_headers_are_refused(world: World, server: Hostile, count: int) -> None:
    headers = [(f"X-{n}", "x" * (70_000 // count)) for n in range(count)]
    server.says("/feed", Reply(body=feed_of(1), headers=headers))
    assert failure(world, server.url()).reason == "too_large"


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


# --- 45 addresses -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1",
        "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_45_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "190.4.64.1", "2a00:1450::1", "64:ff9b::808:808"])
def test_45_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "017700000001", "127.1", "0.0.0.0",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
)  # fmt: skip
def test_45_loopback_in_any_notation_is_never_reached(
    world: World, server: Hostile, host: str
) -> None:
    world.politeness = replace(world.politeness, allow_private_hosts=())
    server.says("/feed", feed_of(1))
    assert failure(world, server.url("/feed", host)).reason == "address_refused"
    assert server.log == []


def test_45_a_redirect_to_a_private_address_is_refused(world: World, server: Hostile) -> None:
    to = server.url("/secret", "127.0.0.2")
    server.says("/feed", Reply(status=302, headers=[("Location", to)]))
    server.says("/secret", feed_of(1))
    assert failure(world, server.url()).reason == "address_refused"
    assert server.asked("/secret") == []


def test_45_a_name_that_turns_private_between_two_lookups_is_refused(
    world: World, server: Hostile
) -> None:
    """The resolver answers with an allowed address first and with a private one afterwards."""
    answers = [["127.0.0.1"], ["127.0.0.1"]]

    async def rebinding(host: str) -> list[str]:
        return answers.pop(0) if host == "trusted.com" else ["127.0.0.9"]

    world.lookup = rebinding
    world.politeness = replace(world.politeness, allow_private_hosts=("trusted.com",))
    to = server.url("/secret", "rebound.com")
    server.says("/feed", Reply(status=302, headers=[("Location", to)]))
    server.says("/secret", feed_of(1))
    found = failure(world, server.url("/feed", "trusted.com"))
    assert found.reason == "address_refused"
    assert "127.0.0.9" in found.message
    assert server.asked("/secret") == []


def test_45_one_private_address_among_public_ones_is_enough_to_refuse(
    world: World, server: Hostile
) -> None:
    async def mixed(_host: str) -> list[str]:
        return ["8.8.8.8", "127.0.0.1"]

    world.lookup = mixed
    assert failure(world, server.url("/feed", "paper.com")).reason == "address_refused"


def test_45_the_socket_itself_refuses_what_nobody_vetted(world: World) -> None:
    async def go() -> None:
        async with Fetcher(Politeness()) as fetcher:
            with pytest.raises(Exception, match=r"127\.0\.0\.1, which is not a public address"):
                fetcher._resolver.socket_for((2, 1, 6, "", ("127.0.0.1", 80)))

    asyncio.run(go())


def test_45_an_allowed_host_is_reached_and_its_name_alone(world: World, server: Hostile) -> None:
    async def lookup(_host: str) -> list[str]:
        return ["127.0.0.1"]

    world.lookup = lookup
    world.politeness = replace(world.politeness, allow_private_hosts=("nas.lan",))
    server.says("/feed", feed_of(1))
    assert isinstance(fetch(world, server.url("/feed", "nas.lan")), Answer)
    assert failure(world, server.url("/feed", "other.lan")).reason == "address_refused"


# --- 46, 47, 48 bodies ------------------------------------------------------------------------
PACKED = feed_of(1)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(gzip.compress(PACKED), "gzip", id="gzip"),
        pytest.param(gzip.compress(PACKED), "x-gzip", id="x-gzip"),
        pytest.param(gzip.compress(PACKED), "", id="gzip without a label"),
        pytest.param(gzip.compress(PACKED[:50]) + gzip.compress(PACKED[50:]), "gzip", id="members"),
        pytest.param(gzip.compress(PACKED) + b"\0\0\0", "gzip", id="gzip and padding"),
        pytest.param(zlib.compress(PACKED), "deflate", id="deflate"),
        pytest.param(raw_deflate(PACKED), "deflate", id="raw deflate"),
        pytest.param(brotli.compress(PACKED), "br", id="brotli"),
        pytest.param(gzip.compress(brotli.compress(PACKED)), "br, gzip", id="packed twice"),
        pytest.param(PACKED, "utf-8", id="a charset where the encoding should be"),
    ],
)
def test_46_every_way_of_packing_is_read(
    world: World, server: Hostile, body: bytes, encoding: str
) -> None:
    headers = [("Content-Encoding", encoding)] if encoding else []
    server.says("/feed", Reply(body=body, headers=headers))
    result = fetch(world, server.url())
    assert isinstance(result, Answer)
    assert result.body == PACKED


def damaged(encoding: str) -> Reply:
    body = {"gzip": gzip.compress(PACKED), "br": brotli.compress(PACKED)}[encoding]
    return Reply(body=body[:40] + b"\xff" * 40, headers=[("Content-Encoding", encoding)])


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_46_a_damaged_packing_is_asked_for_once_more_unpacked(
    world: World, server: Hostile, encoding: str
) -> None:
    server.says("/feed", damaged(encoding), Reply(body=PACKED))
    assert isinstance(fetch(world, server.url()), Answer)
    assert [one.headers["accept-encoding"] for one in server.log] == [
        b"gzip, deflate, br",
        b"identity",
    ]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(damaged("gzip"), id="damaged"),
        pytest.param(
            Reply(body=gzip.compress(PACKED)[:60], headers=[("Content-Encoding", "gzip")]),
            id="cut gzip",
        ),
        pytest.param(
            Reply(body=brotli.compress(PACKED)[:60], headers=[("Content-Encoding", "br")]),
            id="cut brotli",
        ),
        pytest.param(
            Reply(body=PACKED, headers=[("Content-Encoding", "gzip, gzip, gzip")]), id="thrice"
        ),
    ],
)
def test_46_a_packing_that_stays_damaged_is_an_error_after_one_retry(
    world: World, server: Hostile, reply: Reply
) -> None:
    server.says("/feed", reply)
    assert failure(world, server.url()).reason == "bad_encoding"
    assert len(server.log) == 2


def test_47_a_truncated_body_is_an_error_but_its_whole_items_are_kept(
    world: World, server: Hostile
) -> None:
    body = feed_of(1, 2, 3)
    cut = body[: body.find(b"Title 3") + 3]
    good = Reply(body=feed_of(1), headers=[("ETag", '"good"')])
    bad = Reply(body=cut, length=len(body), headers=[("ETag", '"bad"')])
    server.says("/feed", good, bad, Reply(body=body))
    feed = world.watch()
    world.only()
    outcome = world.only()
    assert outcome.error is not None
    assert outcome.error.reason == "truncated"
    assert world.titles() == ["Title 1", "Title 2"]
    state = world.state(feed)
    assert state.etag == b'"good"'
    assert state.next_poll_at >= world.now + world.politeness.error_delay
    assert len(world.only().new) == 1
    assert server.log[2].headers["if-none-match"] == b'"good"'


@pytest.mark.parametrize("label", ["text/html", "application/octet-stream", "image/png", None])
def test_48_the_content_type_does_not_matter(
    world: World, server: Hostile, label: str | None
) -> None:
    headers = [("Content-Type", label)] if label else []
    server.says("/feed", Reply(body=feed_of(1), headers=headers))
    world.watch()
    assert world.only().status == "ok"


def test_a_connection_that_breaks_and_a_port_that_is_closed_are_clean_errors(
    world: World, server: Hostile
) -> None:
    world.politeness = replace(world.politeness, allow_private_hosts=("127.0.0.1",))
    assert failure(world, "http://127.0.0.1:1/feed").reason == "connect"
    assert failure(world, "gopher://paper.example/").reason == "bad_url"
    assert failure(world, "http:///nothing").reason == "bad_url"

    async def unknown(_host: str) -> list[str]:
        raise OSError("no such name")

    world.lookup = unknown
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
