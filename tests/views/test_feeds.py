"""Feeds: each state in words, silence named once, history and preview."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor.feeds.entries import Entry
from monitor.storage import tables as t
from monitor.views import feeds
from tests.factories import NOW, make_feed
from tests.shelf import attempt, judgement, polled, put


def state_of(store, number=1):
    rows = {row.id: row for row in store.reading.feeds(now=NOW)}
    return feeds.health(rows[make_feed(number).id], now=NOW)


def change(store, number=1, **values):
    with store.database.write() as connection:
        connection.execute(
            sa.update(t.feeds).where(t.feeds.c.id == make_feed(number).id).values(**values)
        )


@pytest.mark.parametrize(
    ("known", "state"),
    [
        pytest.param({}, "healthy", id="answers and brings news"),
        pytest.param(
            {"error_class": "timeout", "last_success_at": NOW - timedelta(hours=1)},
            "unsteady",
            id="failed once, reached an hour ago",
        ),
        pytest.param(
            {"error_class": "dns", "last_success_at": NOW - timedelta(days=2)},
            "failing",
            id="not reached for two days",
        ),
        pytest.param(
            {"error_class": "dns", "last_success_at": None}, "failing", id="never reached"
        ),
        pytest.param({"last_new_at": NOW - timedelta(days=3)}, "silent", id="nothing new"),
        pytest.param(
            {"last_new_at": NOW - timedelta(days=3), "p95_gap": 200_000.0},
            "healthy",
            id="silence that is usual for it",
        ),
        pytest.param({"last_new_at": None}, "healthy", id="too young to say what silence would be"),
    ],
)
def test_a_feed_is_in_the_state_that_its_polls_show(store, known, state):
    polled(store.database, 1, **known)
    assert state_of(store).state == state


def test_a_broken_feed_says_why_and_what_to_do(store, lens):
    polled(store.database, 1, error_class="not_found", last_success_at=None)
    polled(store.database, 2, error_class="forbidden", last_success_at=None)
    one, two = feeds.load(store.reading, lens).lines
    assert "(404)" in one.because
    assert "present address" in one.advice
    assert "(403)" in two.because
    assert one.advice != two.advice


def test_the_newest_item_counts_however_it_came(store, lens):
    """The first article comes with the program and by no poll."""
    put(store.database, 1, seen_at=NOW - timedelta(hours=5))
    put(store.database, 2, seen_at=NOW - timedelta(hours=2))
    polled(store.database, 1, last_new_at=None)
    shown = {
        one.title: (one.newest, one.items_24h) for one in feeds.load(store.reading, lens).lines
    }
    assert shown == {"Feed 1": ("2 h ago", 2), "Feed 2": ("none yet", 0)}


def test_health_says_silence_rhythm_and_items_a_week(store):
    polled(store.database, 1, last_new_at=NOW - timedelta(hours=2), median_gap=3600.0)
    rows = {row.id: row for row in store.reading.feeds(now=NOW)}
    assert feeds.health_json(rows[make_feed(1).id], now=NOW) == {
        "state": "working",
        "since": None,
        "because": "",
        "advice": "",
        "silence_seconds": 7200,
        "median_gap_seconds": 3600.0,
        "items_per_week": 0.0,
    }
    young = feeds.health_json(rows[make_feed(2).id], now=NOW)
    assert (young["state"], young["silence_seconds"]) == ("not polled yet", None)


def test_a_feed_that_was_never_polled_waits(store):
    assert state_of(store).state == "waiting"


def test_a_feed_whose_first_poll_has_not_ended_is_not_called_working(store):
    known = {"last_success_at": None, "last_new_at": None, "last_status": None, "polls": 0}
    polled(store.database, 1, **known)  # claimed, and not answered yet
    one = state_of(store)
    assert (one.state, one.because) == ("waiting", "its first poll is under way")


def test_paused_and_removed_feeds_are_called_so(store):
    polled(store.database, 1, error_class="dns", last_success_at=None)
    change(store, 1, paused=True)
    assert state_of(store).state == "paused"
    change(store, 1, removed_at=NOW, removed_by="ana")
    assert state_of(store).because == "by ana"


def test_silent_feeds_are_named_once_with_since_when_the_longest_first(store, lens):
    polled(store.database, 1, error_class="dns", last_success_at=None,
           error_since=NOW - timedelta(days=3))  # fmt: skip
    polled(store.database, 2, last_new_at=NOW - timedelta(days=5))
    rows = store.reading.feeds(now=NOW)
    assert feeds.silent(rows, lens) == (
        "Feed 2 (nothing new since 28 Nov 08:00)",
        "Feed 1 (never reached since 4 Sep 08:00)",
    )


def test_a_feed_lost_some_time_ago_says_since_when(store, lens):
    lost = NOW - timedelta(days=2)
    polled(store.database, 1, error_class="x", last_success_at=lost, error_since=lost)
    assert feeds.silent(store.reading.feeds(now=NOW), lens) == (
        "Feed 1 (not reached since 1 Dec 08:00)",
    )


def test_the_list_begins_with_what_needs_a_person(store, lens):
    polled(store.database, 1)
    polled(store.database, 2, error_class="dns", last_success_at=None)
    view = feeds.load(store.reading, lens)
    assert [line.state for line in view.lines] == ["failing", "healthy"]
    assert view.sentence == "1 of 2 feeds working and 1 cannot be reached; 0 items in 24 h."


def test_removed_feeds_are_kept_apart(store, lens):
    change(store, 2, removed_at=NOW, removed_by="ana")
    view = feeds.load(store.reading, lens)
    assert [line.title for line in view.removed] == ["Feed 2"]
    assert view.removed[0].next_poll == "not planned"


def test_an_empty_watch_list_says_how_to_begin(store, lens):
    for number in (1, 2):
        change(store, number, removed_at=NOW)
    assert "Paste an address" in feeds.load(store.reading, lens).sentence


def test_history_tells_good_partly_failed_and_lost_days_apart(store, lens):
    polled(store.database, 1)
    attempt(store.database, 1, started_at=NOW - timedelta(hours=2), new=2)
    attempt(store.database, 1, started_at=NOW - timedelta(hours=1), status="error", new=0)
    attempt(store.database, 1, started_at=NOW - timedelta(days=1), status="error")
    attempt(store.database, 1, started_at=NOW - timedelta(days=2), new=1)
    line = next(one for one in feeds.load(store.reading, lens).lines if one.title == "Feed 1")
    assert [cell.state for cell in line.strip[-4:]] == ["none", "ok", "failed", "part"]
    assert line.strip[-1].words == "3 Dec: 2 new items, 1 of 2 polls failed"
    assert line.strip[-2].words == "2 Dec: never answered, 1 of 1 polls failed"


def test_the_last_day_of_the_history_is_the_local_today_also_late_in_the_evening(store, lens):
    evening = replace(lens, now=datetime(2025, 12, 4, 1, 30, tzinfo=UTC))  # 21:30 on the 3rd
    polled(store.database, 1)
    attempt(store.database, 1, started_at=NOW - timedelta(hours=2), new=2)
    line = next(one for one in feeds.load(store.reading, evening).lines if one.title == "Feed 1")
    assert line.strip[-1].words == "3 Dec: 2 new items"
    assert len(line.strip) == 14
    one = feeds.load_feed(store.reading, evening, make_feed(1).id)
    assert one.line.strip == line.strip


def test_one_feed_shows_polls_items_and_who_changed_what(store, lens):
    polled(store.database, 1, next_poll_at=None)
    put(store.database, 1)
    attempt(store.database, 1, started_at=NOW - timedelta(minutes=3))
    attempt(store.database, 1, started_at=NOW - timedelta(minutes=2), status="unchanged")
    attempt(store.database, 1, started_at=NOW - timedelta(minutes=1), status="error",
            http_status=403, error_message="403 Forbidden")  # fmt: skip
    attempt(store.database, 1, started_at=NOW, status="error", http_status=None,
            error_class="dns")  # fmt: skip
    view = feeds.load_feed(store.reading, lens, make_feed(1).id)
    assert [one.detail for one in view.polls[:2]] == ["dns", "HTTP 403"]
    assert [one.result for one in view.polls] == [
        "failed",
        "403 Forbidden",
        "nothing had changed",
        "1 new item, 20 listed",
    ]
    assert view.line.next_poll == "due now"
    assert [card.host for card in view.items] == ["news.example"]
    assert view.changes[0].endswith("feed added by test")


def test_an_unknown_feed_is_none(store, lens):
    assert feeds.load_feed(store.reading, lens, "none") is None


def test_the_rhythm_is_what_was_set_else_what_was_learnt(store, lens):
    change(store, 1, interval_seconds=900)
    polled(store.database, 2)
    lines = {line.title: line for line in feeds.load(store.reading, lens).lines}
    assert lines["Feed 1"].rhythm == "every 15 min, as set"
    assert lines["Feed 2"].rhythm == "a new item about every 1 h"
    change(store, 1, interval_seconds=None)
    again = {line.title: line for line in feeds.load(store.reading, lens).lines}
    assert again["Feed 1"].rhythm == "rhythm not known yet"


def test_the_list_can_be_searched_by_words_and_state(store, lens):
    polled(store.database, 1)
    lines = feeds.load(store.reading, lens).lines
    found = feeds.matching(lines, words="feed1.EXAMPLE rss", state="")
    assert [line.title for line in found] == ["Feed 1"]
    assert [line.title for line in feeds.matching(lines, words="", state="waiting")] == ["Feed 2"]


def test_a_long_row_of_silent_feeds_is_cut_and_counted():
    assert feeds.told(["A (x)"]) == "A feed is silent: A (x)."
    assert (
        feeds.told([f"F{n}" for n in range(6)]) == "6 feeds are silent: F0, F1, F2, F3 and 2 more."
    )


def test_a_preview_judges_samples_as_they_would_be(lens):
    entry = Entry(guid="1", url="https://x.example/1", title="Airspace closed", language="en")
    cards = feeds.preview([(entry, judgement("Airspace closed"))], lens, title="New", now=NOW)
    assert (cards[0].publisher, cards[0].flagged) == ("New", True)
