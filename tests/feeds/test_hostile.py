"""Musts 40 to 42 and 46 to 48 of the poller: hostile and slow servers harm nobody."""

from __future__ import annotations

import asyncio
import gzip
import resource
import time
import zlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import brotli
import pytest

from monitor.feeds.answers import Answer
from monitor.feeds.limits import FetchLimits
from tests.feeds.conftest import World, failure, fetch
from tests.feeds.hostile import Hostile, Reply, feed_of


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
