"""Must 55 of the poller: how a feed is doing, in words that a person understands."""

from __future__ import annotations

import errno
import re
from datetime import timedelta
from typing import Any

import pytest

from monitor.feeds import health
from monitor.feeds.fetch import _explain as explain_error
from monitor.feeds.health import Standing
from monitor.feeds.model import FeedState
from tests.factories import NOW, make_feed
from tests.feeds.conftest import World, look
from tests.feeds.hostile import Hostile, Reply, rss, rss_item

DAY = timedelta(days=1)


def state(**changes: Any) -> FeedState:
    usual: dict[str, Any] = {
        "feed_id": "f",
        "polls": 100,
        "unchanged_polls": 80,
        "last_success_at": NOW,
        "last_new_at": NOW,
        "median_gap": timedelta(hours=2),
        "p95_gap": timedelta(hours=10),
    }
    return FeedState(**usual | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, Standing.FRESH, id="fresh"),
        pytest.param({"last_new_at": NOW - timedelta(hours=21)}, Standing.QUIET, id="quiet"),
        pytest.param({"last_new_at": NOW - 7.1 * DAY}, Standing.STALE, id="a week of silence"),
        pytest.param(
            {"last_new_at": NOW - 20 * DAY, "median_gap": 4 * DAY, "p95_gap": 15 * DAY},
            Standing.FRESH,
            id="a monthly is not stale so soon",
        ),
        pytest.param(
            {"last_new_at": NOW - 25 * DAY, "median_gap": 4 * DAY}, Standing.STALE, id="six gaps"
        ),
        pytest.param({"empty_polls": 3}, Standing.STALE, id="three empty answers"),
        pytest.param({"last_new_at": None, "empty_polls": 1}, Standing.FRESH, id="never any"),
        pytest.param({"error_class": "timeout", "consecutive_errors": 1}, Standing.FRESH, id="1"),
        pytest.param(
            {"error_class": "timeout", "consecutive_errors": 3}, Standing.FAILING, id="failing"
        ),
        pytest.param(
            {"error_class": "dns", "consecutive_errors": 1, "last_success_at": None},
            Standing.FAILING,
            id="never worked",
        ),
        pytest.param(
            {"error_class": "challenge", "consecutive_errors": 1}, Standing.BLOCKED, id="blocked"
        ),
        pytest.param({"error_class": "gone", "gone_count": 2}, Standing.GONE, id="gone"),
        pytest.param({"polls": 0}, Standing.NEW, id="new"),
    ],
)
def test_55_standing_of_a_feed(changes: dict[str, Any], expected: Standing) -> None:
    assert health.standing(make_feed(1), state(**changes), NOW) == expected


def test_55_paused_and_unpolled_feeds() -> None:
    assert health.standing(make_feed(1, paused=True), state(), NOW) == Standing.PAUSED
    assert health.standing(make_feed(1), None, NOW) == Standing.NEW
    assert health.items_a_week(30) == 7
    assert health.items_a_week(30, timedelta(days=15)) == 14
    assert health.items_a_week(30, timedelta(hours=1)) == 30
    assert health.silence(state(last_new_at=NOW + DAY), NOW) == timedelta()


def test_55_a_feed_that_answers_without_items_becomes_stale(world: World, server: Hostile) -> None:
    server.says("/feed", rss())
    feed = world.watch()
    standings = []
    for _ in range(3):
        outcome = world.only()
        standings.append(health.standing(feed, outcome.state, world.now))
    assert standings == [Standing.FRESH, Standing.FRESH, Standing.STALE]


def test_55_what_a_poll_teaches_about_a_feed(world: World, server: Hostile) -> None:
    items = [rss_item(n, pubDate=f"Wed, 03 Dec 2025 {n:02}:00:00 GMT") for n in (1, 3, 5, 11)]
    full = Reply(body=rss(*items), headers=[("ETag", '"1"')])
    server.says("/feed", full, Reply(status=304), Reply(status=500))
    feed = world.watch()
    first, second, third = world.only(), world.only(), world.only()
    assert first.bytes == len(full.body)
    row = world.state(feed)
    assert (row.polls, row.unchanged_polls, row.mean_bytes) == (3, 1, len(full.body))
    assert (row.median_gap, row.p95_gap) == (7200, 6 * 3600)
    assert row.last_success_at == second.finished_at
    assert (row.error_class, row.error_since) == ("server_error", third.finished_at)


REASONS = list(health._EXPLAINED)


@pytest.mark.parametrize("reason", REASONS)
def test_55_every_error_class_is_explained_in_plain_words(reason: str) -> None:
    found = health.explain(reason)
    assert found.label != reason or reason == "not_found"
    assert found.meaning.endswith((".", ")."))
    assert found.advice


def test_55_an_unknown_error_class_is_shown_as_it_is() -> None:
    assert health.explain("novel").label == "novel"
    assert health.explain("novel", is_watched=False).meaning == "The look failed."


def test_55_missing_refused_and_broken_sites_are_told_apart() -> None:
    missing, refused, broken = map(health.explain, ("not_found", "forbidden", "server_error"))
    assert "(404)" in missing.meaning
    assert "present address" in missing.advice
    assert "refuses us (403)" in refused.meaning
    assert "puzzle" in refused.meaning
    assert "let feed readers in" in refused.advice
    assert "trouble of its own" in broken.meaning
    assert "tried again" in broken.advice


@pytest.mark.parametrize("reason", REASONS)
def test_55_who_only_looked_is_not_told_that_it_is_polled_again(reason: str) -> None:
    told = health.explain(reason, is_watched=False)
    assert told.advice
    assert not re.search("tried again|asked once|of this feed|remove the feed", told.advice)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "refused"),
        (OSError("Multiple exceptions: [Errno 113] Connect call failed, [Errno 113] x"), "reached"),
        (OSError("something inside"), "does not take our call"),
    ],
)
def test_55_no_connection_is_told_without_the_insides_of_a_library(
    error: OSError, said: str
) -> None:
    reason, message = explain_error(error)
    assert reason == "connect"
    assert said in message
    assert "call failed" not in message
    assert "inside" not in message


def test_55_a_refused_connection_names_the_server(world: World) -> None:
    assert look(world, "http://127.0.0.1:1/").message == "127.0.0.1:1 refused the connection"


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (403, [("cf-mitigated", "challenge"), ("Content-Type", "text/html")], "challenge"),
        (202, [], "challenge"),
        (204, [], "empty"),
        (401, [], "unauthorized"),
        (403, [], "forbidden"),
        (404, [], "not_found"),
        (418, [], "http_error"),
        (500, [], "server_error"),
        (521, [], "server_error"),
    ],
)
def test_55_refusals_have_stable_classes(
    world: World, server: Hostile, status: int, headers: list[tuple[str, str]], reason: str
) -> None:
    server.says("/feed", Reply(status=status, headers=headers))
    world.watch()
    outcome = world.only()
    assert outcome.error is not None
    assert outcome.error.reason == reason
    assert outcome.as_json()["error"]["class"] == reason
