"""Musts 23 to 26 of the poller: nothing is sent twice that has not changed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, Request, feed_of

CONDITIONAL = {"if-none-match", "if-modified-since"}


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        pytest.param(b'"plain"', b"Wed, 05 Nov 2025 10:20:30 GMT", id="as usual"),
        pytest.param(b'W/"weak"', b"Wed, 05 Nov 2025 10:20:30 GMT", id="weak"),
        pytest.param(b"unquoted", b"2025-11-05 10:20", id="unquoted, odd date"),
        pytest.param(b'"caf\xe9-\xff"', b"gisteren", id="bytes that are no UTF-8"),
        pytest.param('"çé"'.encode(), b"Sat, 01 Jan 2041 00:00:00 GMT", id="UTF-8, far future"),
    ],
)
def test_23_validators_go_back_byte_for_byte(
    world: World, server: Hostile, etag: bytes, modified: bytes
) -> None:
    headers = [("ETag", etag), ("Last-Modified", modified)]
    server.says("/feed", Reply(body=feed_of(1), headers=headers), Reply(status=304))
    world.watch()
    world.only()
    assert world.only().status == "unchanged"
    first, second = server.asked()
    assert not CONDITIONAL & set(first.headers)
    assert second.headers["if-none-match"] == etag
    assert second.headers["if-modified-since"] == modified


def test_24_validators_are_refreshed_by_every_answer_and_dropped_when_gone(
    world: World, server: Hostile
) -> None:
    body = feed_of(1)
    server.says(
        "/feed",
        Reply(body=body, headers=[("ETag", '"v1"')]),
        Reply(body=body, headers=[("ETag", '"v2"')]),  # the same body under a new name
        Reply(status=304, headers=[("ETag", '"v3"')]),
        Reply(body=body),
        Reply(body=body),
    )
    world.watch()
    for _ in range(5):
        world.only()
    sent = [one.headers.get("if-none-match") for one in server.asked()]
    assert sent == [None, b'"v1"', b'"v2"', b'"v3"', None]


def test_24_validators_are_not_sent_to_another_address(world: World, server: Hostile) -> None:
    server.says("/feed", Reply(status=302, headers=[("Location", "/a")]))
    server.says("/a", Reply(body=feed_of(1), headers=[("ETag", '"a"')]))
    server.says("/b", Reply(body=feed_of(1), headers=[("ETag", '"b"')]))
    world.watch()
    world.only()
    world.only()
    server.says("/feed", Reply(status=302, headers=[("Location", "/b")]))
    world.only()
    assert not any(CONDITIONAL & set(one.headers) for one in server.asked("/feed"))
    assert [one.headers.get("if-none-match") for one in server.asked("/a")] == [None, b'"a"']
    assert "if-none-match" not in server.asked("/b")[0].headers


def test_25_not_modified_to_an_unconditional_request_is_an_error_that_passes(
    world: World, server: Hostile
) -> None:
    server.says("/feed", Reply(status=304), Reply(body=feed_of(1)))
    world.watch()
    first = world.only()
    assert first.error is not None
    assert first.error.reason == "bad_304"
    assert world.only().status == "ok"


def test_26_an_endless_304_is_asked_unconditionally_once_a_week(
    world: World, server: Hostile
) -> None:
    stamp = ("Last-Modified", "Tue, 01 Jan 2041 00:00:00 GMT")

    def script(request: Request) -> Reply:
        if CONDITIONAL & set(request.headers):
            return Reply(status=304, headers=[stamp])
        return Reply(body=feed_of(*range(len(server.log))), headers=[stamp])

    server.routes["/feed"] = script
    world.watch()
    for _ in range(4 * 21):
        world.advance(hours=6)
        world.poll()
    bare = [n for n, one in enumerate(server.asked()) if not CONDITIONAL & set(one.headers)]
    assert [late - early for early, late in pairwise(bare)] == [28, 28]
