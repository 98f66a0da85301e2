"""Musts 33 and 34 of the poller: moved feeds are followed, circles are not."""

from __future__ import annotations

import pytest

from monitor.storage.tables import feed_urls, feeds
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, feed_of


@pytest.mark.parametrize("status", [301, 308])
def test_33_a_permanent_redirect_is_adopted_after_three_days(
    world: World, server: Hostile, status: int
) -> None:
    server.says("/feed", Reply(status=status, headers=[("Location", "/new")]))
    server.says("/new", feed_of(1, 2))
    feed = world.watch()
    adopted = []
    for _ in range(4 * 3):
        world.poll()
        adopted.append(world.rows(feeds)[0].url == server.url("/new"))
        world.advance(hours=6)
    assert adopted == [False] * 8 + [True] * 4
    (row,) = world.rows(feeds)
    assert (row.id, row.original_url) == (feed.id, feed.url)
    (history,) = world.rows(feed_urls)
    assert (history.feed_id, history.url) == (feed.id, server.url("/new"))
    assert len(world.rows()) == 2
    world.poll()
    assert server.log[-1].path == "/new"
    assert server.log[-2].path == "/new"


@pytest.mark.parametrize("status", [302, 303, 307])
def test_33_a_passing_redirect_is_followed_and_never_adopted(
    world: World, server: Hostile, status: int
) -> None:
    server.says("/feed", Reply(status=301, headers=[("Location", "/hop")]))
    server.says("/hop", Reply(status=status, headers=[("Location", "/new")]))
    server.says("/new", feed_of(1))
    feed = world.watch()
    for _ in range(6):
        assert world.poll()[0].status in ("ok", "unchanged")
        world.advance(days=1)
    assert world.rows(feeds)[0].url == feed.url
    assert world.rows(feed_urls) == []


def test_33_a_move_to_a_feed_that_is_watched_already_pauses_the_old_one(
    world: World, server: Hostile
) -> None:
    server.says("/feed", Reply(status=301, headers=[("Location", "/new")]))
    server.says("/new", feed_of(1))
    old, new = world.watch(), world.watch("/new")
    for _ in range(3):
        world.poll()
        world.advance(days=1)
    (row,) = world.rows(feeds, id=old.id)
    assert row.paused
    assert row.url == old.url
    (history,) = world.rows(feed_urls)
    assert new.id in history.because


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        pytest.param("/feed", "redirect_loop", id="loop"),
        pytest.param("file:///etc/passwd", "bad_redirect", id="file"),
        pytest.param("ftp://paper.example/feed", "bad_redirect", id="ftp"),
        pytest.param("javascript:alert(1)", "bad_redirect", id="javascript"),
        pytest.param(None, "bad_redirect", id="no Location"),
    ],
)
def test_34_bad_redirects_are_clean_errors(
    world: World, server: Hostile, location: str | None, reason: str
) -> None:
    headers = [("Location", location)] if location else []
    server.says("/feed", Reply(status=301, headers=headers))
    world.watch()
    error = world.only().error
    assert error is not None
    assert error.reason == reason
    assert len(server.log) == 1


def test_34_five_hops_are_followed_and_no_more(world: World, server: Hostile) -> None:
    for n in range(1, 9):
        server.says(f"/{n}", Reply(status=302, headers=[("Location", f"/{n + 1}")]))
    server.says("/9", feed_of(1))
    world.watch("/4")
    assert world.only().status == "ok"
    server.log.clear()
    world.watch("/1")
    outcome = next(one for one in world.poll() if one.feed.url.endswith("/1"))
    assert outcome.error is not None
    assert outcome.error.reason == "redirect_loop"
    assert len(server.log) == 6
