"""Must 54 of the poller: older pages, slowly and only so many."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from monitor.feeds.backfill import Backfill, backfill
from monitor.feeds.fetch import Fetcher
from monitor.feeds.model import Feed, FeedKind
from monitor.storage.tables import feed_states
from tests.factories import make_feed
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, Request, feed_of, rss, rss_item


def fill(world: World, feed: Feed, pages: int = 5) -> tuple[Backfill, list[float]]:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def go() -> Backfill:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await backfill(
                feed,
                fetcher=fetcher,
                parser=world.parser,
                known=world.polling.known,
                now=lambda: world.now,
                pages=pages,
                pause=pause,
            )

    return asyncio.run(go()), pauses


def archive(prefix: str, relation: str, last: int) -> Any:
    """Pages of two items each, linked in the way that RFC 5005 describes."""

    def script(request: Request) -> Reply:
        n = int(request.path.partition("?p=")[2] or 1)
        link = (
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{relation}" '
            f'href="{prefix}?p={n + 1}"/>'
            if n < last
            else ""
        )
        return Reply(body=rss(rss_item(2 * n), rss_item(2 * n + 1), head=link))

    return script


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_54_older_pages_are_read_slowly_and_only_so_many(
    world: World, server: Hostile, relation: str
) -> None:
    server.routes["/feed"] = archive("/feed", relation, last=99)
    feed = world.watch()
    found, pauses = fill(world, feed)
    assert found.pages == 6
    assert len(found.new) == 12
    assert pauses == [3.0] * 5
    assert len(server.log) == 6


def test_54_backfill_stops_at_what_is_known_and_leaves_the_validators_alone(
    world: World, server: Hostile
) -> None:
    server.says("/feed", Reply(body=feed_of(2, 3), headers=[("ETag", '"main"')]))
    feed = world.watch()
    world.only()
    before = world.rows(feed_states)
    server.routes["/feed"] = archive("/feed", "next", last=99)
    server.says("/feed?p=2", rss(rss_item(2), rss_item(3)))
    found, _ = fill(world, feed)
    assert "nothing unknown" in found.ended
    assert found.new == ()
    assert world.rows(feed_states) == before


def test_54_wordpress_feeds_are_paged_until_404(world: World, server: Hostile) -> None:
    generator = "<generator>https://wordpress.org/?v=6.8</generator>"
    server.says("/feed/", rss(rss_item(1), head=generator))
    server.says("/feed/?paged=2", rss(rss_item(2), head=generator))
    server.says("/feed/?paged=3", Reply(status=404))
    found, _ = fill(world, world.watch("/feed/"))
    assert [one.item.title for one in found.new] == ["Title 1", "Title 2"]
    assert "404" in found.ended


def test_54_wordpress_posts_are_paged_up_to_their_total(world: World, server: Hostile) -> None:
    def script(request: Request) -> Reply:
        n = 2 if "page=2" in request.path else 1
        posts = [{"id": n, "link": f"https://x.example/{n}", "title": {"rendered": f"Post {n}"}}]
        return Reply(body=json.dumps(posts).encode(), headers=[("X-WP-TotalPages", "2")])

    server.routes["/wp-json/wp/v2/posts"] = script
    feed = world.watch("/", kind=FeedKind.WORDPRESS)
    found, _ = fill(world, feed)
    assert [one.item.title for one in found.new] == ["Post 1", "Post 2"]
    assert len(server.log) == 2


def test_54_json_feed_next_url_and_a_broken_page(world: World, server: Hostile) -> None:
    head = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "One"}]}
    server.says("/feed", json.dumps(head | {"next_url": "/older"}).encode())
    server.says("/older", b"<html></html>")
    found, _ = fill(world, world.watch(kind=FeedKind.JSON))
    assert [one.item.title for one in found.new] == ["One"]
    assert "no JSON Feed" in found.ended
    server.says("/feed", json.dumps(head | {"next_url": "/feed"}).encode())
    assert fill(world, make_feed(1, url=server.url(), kind=FeedKind.JSON))[0].pages == 1
    world.limits = replace(world.limits, total_seconds=0.2)
    server.says("/feed", Reply(wait=2))
    assert fill(world, make_feed(1, url=server.url()))[0].ended.startswith("stopped:")
