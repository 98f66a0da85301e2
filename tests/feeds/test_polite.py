"""Musts 27 to 32 and 35 to 39 of the poller: polite to every server."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from monitor.feeds.discovery import check
from monitor.feeds.entries import Hints
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import Politeness
from monitor.feeds.schedule import next_regular
from monitor.storage.polling import Polling
from monitor.storage.tables import host_states
from tests.feeds.conftest import START, World
from tests.feeds.hostile import Hostile, Reply, Request, feed_of, http_date, rss, rss_item

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_27_the_next_time_is_written_before_the_request(world: World, server: Hostile) -> None:
    seen: list[datetime] = []

    def script(_request: Request) -> Reply:
        seen.append(world.state(feed).next_poll_at)
        return Reply(body=feed_of(1))

    server.routes["/feed"] = script
    feed = world.watch()
    world.poll(force=False)
    assert seen == [START + 15 * MINUTE]


def test_27_the_minimum_interval_survives_restart_and_double_click(
    world: World, server: Hostile
) -> None:
    server.says("/feed", feed_of(1))
    world.watch()
    assert len(world.poll(force=False)) == 1
    for _ in range(14):  # each turn is a new process as far as the store can tell
        world.advance(minutes=1)
        assert world.poll(force=False) == []
    assert len(world.poll(force=True)) == 1  # by hand
    world.advance(seconds=59)
    assert world.poll(force=True) == []
    world.advance(seconds=1)
    assert len(world.poll(force=True)) == 1


def test_27_a_poller_that_died_after_its_request_does_not_ask_twice(
    world: World, server: Hostile
) -> None:
    feed = world.watch()
    world.polling.claim_due(START, "victim", lease=5 * MINUTE)  # and then it is killed
    world.advance(minutes=14)
    assert world.poll(force=False) == []
    world.advance(minutes=1)
    server.says("/feed", feed_of(1))
    assert [one.feed.id for one in world.poll(force=False)] == [feed.id]


@pytest.mark.parametrize("interval", [15 * MINUTE, HOUR], ids=["15 min", "1 h"])
def test_28_feeds_added_together_do_not_stay_together(interval: timedelta) -> None:
    rng = random.Random(3)
    minutes: Counter[int] = Counter()
    seconds = set()
    for _ in range(1000):
        moment, turn = START, 0
        while moment < START + 5 * HOUR:
            moment = next_regular(
                moment, interval, Hints(), {}, rng.random(), Politeness(), first=turn == 0
            )
            turn += 1
            if turn == 2:
                seconds.add(moment.replace(microsecond=0))
            if turn > 2 and START + 4 * HOUR <= moment < START + 5 * HOUR:
                minutes[int((moment - START) / MINUTE)] += 1
    assert sum(minutes.values()) > 900
    assert max(minutes.values()) <= 0.03 * sum(minutes.values())
    assert len(seconds) > 500


@pytest.mark.parametrize("status", [429, 503, 403])
@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_29_retry_after_is_obeyed(
    world: World, server: Hostile, status: int, as_date: bool
) -> None:
    theirs = datetime(2031, 1, 1, tzinfo=UTC)  # their clock is far ahead
    value = http_date(theirs + 2 * HOUR) if as_date else "7200"
    headers = [("Retry-After", value), ("Date", http_date(theirs))]
    server.says("/feed", Reply(status=status, headers=headers))
    feed = world.watch()
    world.only()
    due = world.state(feed).next_poll_at
    assert world.now + 2 * HOUR <= due <= world.now + 2.5 * HOUR


def test_29_retry_after_is_obeyed_for_a_day_at_most(world: World, server: Hostile) -> None:
    server.says("/feed", Reply(status=429, headers=[("Retry-After", "9999999")]))
    feed = world.watch()
    world.only()
    assert world.state(feed).next_poll_at <= world.now + 1.1 * DAY


def to_loopback(world: World, *names: str) -> None:
    """The fake resolver: these public names lead to the scripted server."""

    async def lookup(_host: str) -> list[str]:
        return ["127.0.0.1"]

    world.lookup = lookup
    world.fetching = replace(
        world.politeness, allow_private_hosts=(*names, *world.politeness.allow_private_hosts)
    )


def test_30_too_many_requests_makes_the_whole_domain_wait(world: World, server: Hostile) -> None:
    to_loopback(world, "a.paper.com", "b.paper.com", "other.com")
    server.says("/limited", Reply(status=429))
    server.says("/fine", feed_of(1))
    world.watch(server.url("/limited", "a.paper.com"))
    world.poll(force=False)
    world.watch(server.url("/fine", "b.paper.com"))
    world.watch(server.url("/fine", "other.com"))
    world.advance(minutes=1)
    assert [one.feed.url for one in world.poll(force=False)] == [server.url("/fine", "other.com")]
    (row,) = world.rows(host_states)
    assert row.host == "paper.com"
    assert START + 15 * MINUTE <= row.not_before <= START + 23 * MINUTE
    world.now = row.not_before
    assert server.url("/fine", "b.paper.com") in [o.feed.url for o in world.poll(force=False)]


def test_30_within_one_cycle_the_other_feeds_of_the_domain_are_skipped(
    world: World, server: Hostile
) -> None:
    to_loopback(world, "a.paper.com", "b.paper.com")
    world.politeness = replace(world.politeness, host_connections=1)
    world.fetching = replace(world.fetching, host_connections=1)
    server.says("/limited", Reply(status=429, headers=[("Retry-After", "3600")]))
    for host in ("a.paper.com", "b.paper.com"):
        world.watch(server.url("/limited", host))
    outcomes = world.poll(force=False)
    assert sorted(one.status for one in outcomes) == ["error", "skipped"]
    assert len(server.log) == 1
    (waits,) = [one for one in outcomes if one.status == "skipped"]
    assert waits.state.next_poll_at is not None
    assert waits.state.next_poll_at >= START + HOUR


def test_30_the_back_off_of_a_domain_doubles_and_ends_with_success(
    world: World, server: Hostile
) -> None:
    to_loopback(world, "a.paper.com")
    feed_url = server.url("/limited", "a.paper.com")
    server.says("/limited", Reply(status=429), Reply(status=429), feed_of(1))
    world.watch(feed_url)
    delays = []
    for _ in range(2):
        world.poll(force=False)
        (row,) = world.rows(host_states)
        delays.append(row.not_before - world.now)
        world.advance(days=1)
    assert 30 * MINUTE <= delays[1] <= 45 * MINUTE
    world.poll(force=False)
    assert [row.failures for row in world.rows(host_states)] == [0]


def test_30_feeds_of_a_private_host_wait_alone(world: World, server: Hostile) -> None:
    server.says("/limited", Reply(status=429))
    server.says("/fine", feed_of(1))
    world.watch("/limited")
    world.poll(force=False)
    world.watch("/fine")
    assert [one.status for one in world.poll(force=False)] == ["ok"]
    assert world.rows(host_states) == []


def test_31_errors_back_off_for_ever_and_end_with_success(world: World, server: Hostile) -> None:
    server.says("/feed", Reply(status=500))
    feed = world.watch()
    delays = []
    while world.now < START + timedelta(days=30):
        world.poll(force=False)
        due = world.state(feed).next_poll_at
        delays.append(due - world.now)
        world.now = due
    for n, delay in enumerate(delays[:5]):
        assert 15 * MINUTE * 2**n <= delay <= 15 * MINUTE * 2**n * 1.5
    assert max(delays) <= 12 * HOUR
    assert len(set(delays)) == len(delays)
    world.now = START + timedelta(days=3650)
    world.poll(force=False)
    assert world.state(feed).next_poll_at <= world.now + 12 * HOUR
    server.says("/feed", feed_of(1))
    world.only()
    state = world.state(feed)
    assert (state.error_class, state.consecutive_errors) == (None, 0)
    assert state.next_poll_at < world.now + 2.5 * HOUR


def test_32_gone_twice_pauses_visibly_and_is_tried_again_after_a_month(
    world: World, server: Hostile
) -> None:
    server.says("/feed", Reply(status=410))
    feed = world.watch()
    for _ in range(24 * 29):
        world.poll(force=False)
        world.advance(hours=1)
    assert len(server.log) == 2
    assert world.state(feed).error_class == "gone"
    server.says("/feed", feed_of(1))
    world.advance(days=5)
    world.poll(force=False)
    assert len(server.log) == 3
    assert world.state(feed).gone_count == 0


@pytest.mark.parametrize(
    ("headers", "head", "least"),
    [
        pytest.param([("Cache-Control", "max-age=14400")], "", 4 * HOUR, id="max-age"),
        pytest.param(
            [("Cache-Control", "public, max-age=18000"), ("Age", "3600")], "", 4 * HOUR, id="Age"
        ),
        pytest.param(
            [
                ("Expires", "Wed, 03 Dec 2025 16:00:00 GMT"),
                ("Date", "Wed, 03 Dec 2025 12:00:00 GMT"),
            ],
            "",
            4 * HOUR,
            id="Expires",
        ),
        pytest.param([], "<ttl>240</ttl>", 4 * HOUR, id="ttl"),
        pytest.param(
            [],
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>",
            4 * HOUR,
            id="sy",
        ),
        pytest.param([("Cache-Control", "max-age=31536000")], "", 6 * HOUR, id="clamped"),
        pytest.param([], "<ttl>99999</ttl>", 6 * HOUR, id="ttl clamped"),
    ],
)
def test_35_hints_are_lower_bounds_on_304_too(
    world: World, server: Hostile, headers: list[tuple[str, str]], head: str, least: timedelta
) -> None:
    items = [rss_item(n, pubDate=f"Wed, 03 Dec 2025 {n:02}:00:00 GMT") for n in range(9)]
    full = Reply(body=rss(*items, head=head), headers=[("ETag", '"1"'), *headers])
    server.says("/feed", full, Reply(status=304, headers=headers))
    feed = world.watch()
    for _ in range(2):
        outcome = world.only()
        due = world.state(feed).next_poll_at
        assert due >= world.now + least
    assert outcome.status == "unchanged"
    assert due <= world.now + 1.1 * least + MINUTE


def test_35_skip_hours_and_days_are_kept_clear_on_304_too(world: World, server: Hostile) -> None:
    head = (
        "<skipHours><hour>13</hour><hour>14</hour><hour>15</hour></skipHours>"
        "<skipDays><day>Thursday</day></skipDays>"
    )
    full = Reply(body=rss(rss_item(1), head=head), headers=[("ETag", '"1"')])
    server.says("/feed", full, Reply(status=304))
    feed = world.watch(interval=HOUR)
    for _ in range(40):
        world.poll(force=False)
        due = world.state(feed).next_poll_at
        assert due.hour not in (13, 14, 15)
        assert due.weekday() != 3
        world.now = due
    assert world.state(feed).unchanged_polls == 39


def test_36_one_honest_user_agent_no_cookie_no_referrer(world: World, server: Hostile) -> None:
    cookie = ("Set-Cookie", "id=1; Path=/")
    server.says("/feed", Reply(status=302, headers=[("Location", "/new"), cookie]))
    server.says("/new", Reply(body=feed_of(1), headers=[cookie]))
    world.watch()
    world.only()
    world.only()
    assert len(server.log) == 4
    for request in server.log:
        assert request.headers["user-agent"] == (
            b"curacao-monitor/0.1 (+https://monitor.example/about)"
        )
        assert b"application/rss+xml" in request.headers["accept"]
        assert request.headers["accept-encoding"] == b"gzip, deflate, br"
        assert not {"cookie", "referer", "authorization"} & set(request.headers)


def test_37_one_host_has_few_connections_and_a_pause_between_requests(
    world: World, server: Hostile
) -> None:
    pause = 0.03
    world.politeness = replace(
        world.politeness, host_connections=2, host_interval=timedelta(seconds=pause)
    )
    for n in range(50):
        server.says(f"/{n}", Reply(body=feed_of(n), wait=0.05))
        world.watch(f"/{n}")
    world.poll()
    times = sorted(one.at for one in server.log)
    assert len(times) == 50
    gaps = [late - early for early, late in pairwise(times)]
    assert median(gaps) > 0.6 * pause  # one gap alone may be short where the machine was busy
    assert times[-1] - times[0] > 0.95 * 49 * pause
    assert server.most_open <= 2


def test_37_hosts_are_interleaved(world: World, server: Hostile) -> None:
    names = [f"paper{n}.com" for n in range(5)]
    to_loopback(world, *names)
    pause = timedelta(seconds=0.05)
    world.fetching = replace(world.fetching, host_connections=1, host_interval=pause)
    for name in names:
        for n in range(4):
            server.says(f"/{n}", feed_of(n))
            world.watch(server.url(f"/{n}", name))
    world.poll()
    first = {one.host for one in server.log[:5]}
    assert len(server.log) == 20
    assert first == set(names)


def test_38_connections_are_reused_after_304(world: World, server: Hostile) -> None:
    count = 200
    for n in range(count):
        full = Reply(body=feed_of(n), headers=[("ETag", f'"{n}"')])
        server.says(f"/{n}", full, Reply(status=304, headers=[("ETag", f'"{n}"')]))
        world.watch(f"/{n}")
    world.poll()
    server.connections = 0
    world.advance(hours=1)
    outcomes = world.poll()
    assert {one.status for one in outcomes} == {"unchanged"}
    assert len(outcomes) == count
    assert server.connections <= 8


def test_39_adding_a_feed_takes_one_request(world: World, server: Hostile) -> None:
    server.says("/feed", Reply(body=feed_of(1, 2), headers=[("ETag", '"1"')]))

    async def look() -> object:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await check(server.url(), fetcher=fetcher, parser=world.parser)

    checked = asyncio.run(look())
    assert checked.feed is not None
    assert [one.title for one in checked.feed.samples] == ["Title 1", "Title 2"]
    feed = world.watch()
    (claim,) = world.polling.claim_due(world.now, "page", feed_ids=[feed.id])
    outcome = checked.feed.outcome(claim, world.now, world.politeness, 0.5)
    Polling(world.database, world.politeness).commit([outcome])
    assert len(server.log) == 1
    assert world.titles() == ["Title 1", "Title 2"]
    world.only()
    assert server.log[1].headers["if-none-match"] == b'"1"'
