"""Polling in the store: leases, one transaction, repair after a kill, waking up."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.feeds.answers import Answer
from monitor.feeds.decide import Poll, decide, names
from monitor.feeds.entries import Document, Entry, Hints
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedState
from monitor.feeds.outcomes import Claim, Outcome
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.polled import STATE_COLUMNS, state_of
from monitor.storage.polling import Polling
from monitor.storage.tables import feed_states, feeds, item_keys, items, polls, revisions
from tests.factories import NOW, make_feed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def watch(database: Database, count: int) -> None:
    for n in range(count):
        Feeds(database).add(make_feed(n), by="test", now=NOW)


def outcome(claim: Claim, *titles: str, etag: bytes = b'"1"', **changes: Any) -> Outcome:
    """A good poll of a feed that lists these titles."""
    at = changes.pop("now", NOW)
    known = changes.pop("known", {})
    entries = tuple(
        Entry(f"guid-{title[:7]}", f"https://x.example/{title[:7]}", title) for title in titles
    )
    answer = Answer(url=claim.feed.url, final_url=claim.feed.url, status=200, headers={}, etag=etag)
    poll = Poll(
        claim=claim,
        result=answer,
        parsed=Document("rss", entries),
        digest=str(titles),
        started_at=at,
        now=at,
    )
    return decide(poll, known, Politeness())


def rows(database: Database, table: sa.Table) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(sa.select(table)))


def test_a_feed_is_claimed_once_and_again_when_it_is_due(database: Database) -> None:
    watch(database, 3)
    polling = Polling(database)
    claims = polling.claim_due(NOW, "one")
    assert len(claims) == 3
    assert polling.claim_due(NOW, "two") == []
    assert polling.claim_due(NOW, "two", force=True) == []
    polling.commit([outcome(claim, "Title 1") for claim in claims])
    assert polling.claim_due(NOW + 15 * MINUTE - MINUTE, "two") == []
    assert len(polling.claim_due(NOW + 3 * HOUR, "two")) == 3


def test_paused_removed_and_undeclared_feeds_are_not_claimed(database: Database) -> None:
    watch(database, 3)
    book = Feeds(database)
    book.pause(make_feed(0).id, paused=True, by="test", now=NOW)
    book.remove(make_feed(1).id, by="test", now=NOW)
    book.sync([make_feed(7)], NOW)
    book.sync([], NOW)
    claims = Polling(database).claim_due(NOW, "one", force=True)
    assert [claim.feed.id for claim in claims] == [make_feed(2).id]


def test_only_named_feeds_and_no_more_than_the_limit(database: Database) -> None:
    watch(database, 5)
    polling = Polling(database)
    wanted = [make_feed(3).id, make_feed(4).id]
    assert {one.feed.id for one in polling.claim_due(NOW, "a", feed_ids=wanted)} == set(wanted)
    assert len(polling.claim_due(NOW, "a", limit=2)) == 2
    assert len(polling.claim_due(NOW, "a", limit=2)) == 1


def test_everything_of_a_poll_is_stored_and_read_back(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    (claim,) = polling.claim_due(NOW, "one")
    assert not claim.has_items
    made = outcome(claim, "Title 1", "Title 2")
    new = polling.commit([made], {made.new[0].item.id: "owner of one"})
    assert new == {one.item.id for one in made.new}
    assert {row.title: row.group_name for row in rows(database, items)} == {
        "Title 1": "owner of one",
        "Title 2": "",
    }
    assert [(row.status, row.new) for row in rows(database, polls)] == [("ok", 2)]
    (again,) = polling.claim_due(NOW + DAY, "one")
    assert again.has_items
    assert again.state == made.state
    keys = [key for one in made.new for key in one.keys]
    known = polling.known(claim.feed.id, keys)
    assert {item.title for item in known.values()} == {"Title 1", "Title 2"}
    assert set(known) == set(keys)


def test_each_thing_that_a_poll_may_change_is_read_back(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    (claim,) = polling.claim_due(NOW, "one")
    polling.commit([outcome(claim, "Title 1")])
    for days, (name, value) in enumerate(CHANGES.items(), start=1):
        (claim,) = polling.claim_due(NOW + days * DAY, "one")
        assert getattr(claim.state, name) != value
        after = claim.state._replace(**{name: value})
        polling.commit([outcome(claim)._replace(before=claim.state, state=after)])
        with database.read() as connection:
            stored = connection.execute(sa.select(*STATE_COLUMNS)).one()
        assert state_of(stored) == after, name


CHANGES = {
    "last_polled_at": NOW + HOUR, "last_success_at": NOW - HOUR, "next_poll_at": NOW - DAY,
    "polls": 7, "unchanged_polls": 5, "etag": b'W/"\xff"', "last_modified": b"yesterday",
    "validator_url": "https://x.example/2", "body_sha256": "ab", "unconditional_at": NOW - DAY,
    "last_new_at": NOW + MINUTE, "last_status": 304, "error_class": "timeout",
    "error_message": "no answer", "error_since": NOW, "consecutive_errors": 3, "empty_polls": 2,
    "gone_count": 1, "redirect_url": "https://y.example/", "redirect_first_at": NOW,
    "redirect_count": 2, "mean_bytes": 36_000.5, "median_gap": 3 * HOUR, "p95_gap": 9 * HOUR,
    "hints": Hints(3600.0, (1, 2), (6,)),
}  # fmt: skip


def test_all_parts_of_the_state_are_looked_at_above() -> None:
    assert list(CHANGES) == list(FeedState._fields[1:])


def test_what_another_poller_learnt_is_read_and_not_remembered(database: Database) -> None:
    watch(database, 1)
    mine, other = Polling(database), Polling(database)
    for days, polling in enumerate((mine, other, mine, other)):
        (claim,) = polling.claim_due(NOW + days * DAY, "one")
        made = outcome(claim, "Title 1", etag=b'"%d"' % days, now=NOW + days * DAY)
        assert claim.state.polls == days
        assert claim.state.etag == (b'"%d"' % (days - 1) if days else None)
        polling.commit([made])


def test_a_transaction_that_is_undone_leaves_nothing_remembered(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    (claim,) = polling.claim_due(NOW, "one")

    def stumble() -> None:
        with database.write() as connection:
            polling.store(connection, [outcome(claim, "Title 1")])
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        stumble()
    (again,) = polling.claim_due(NOW + DAY, "one")
    assert (again.state.polls, again.state.etag) == (0, None)


def test_the_log_says_of_an_unchanged_feed_what_it_says_of_any_other(database: Database) -> None:
    watch(database, 2)
    polling = Polling(database)
    claims = polling.claim_due(NOW, "one")
    for claim, size in zip(claims, (0, 7), strict=True):  # bound in part, bound in full
        answer = Answer(claim.feed.url, claim.feed.url, 304, {}, conditional=True, wire_bytes=size)
        at = NOW + MINUTE
        polling.commit([decide(Poll(claim, answer, started_at=NOW, now=at), {}, Politeness())])
    one, other = rows(database, polls)
    differs = {polls.primary_key.columns[0].name, "feed_id", "bytes"}
    for name in set(polls.c.keys()) - differs:
        assert getattr(one, name) == getattr(other, name), name
    assert (one.status, one.http_status, one.finished_at) == ("unchanged", 304, NOW + MINUTE)
    assert (one.new, one.revised, one.items, one.bytes) == (0, 0, 0, 0)


def test_storing_twice_changes_nothing_more(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    (claim,) = polling.claim_due(NOW, "one")
    made = outcome(claim, "Title 1", "Title 2")
    assert len(polling.commit([made])) == 2
    before = [rows(database, table) for table in (items, item_keys, feed_states, polls)]
    assert polling.commit([made]) == set()
    assert [rows(database, table) for table in (items, item_keys, feed_states, polls)] == before


def test_a_poller_whose_lease_ran_out_stores_items_but_not_the_state(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    (late,) = polling.claim_due(NOW, "late", lease=5 * MINUTE)
    (second,) = polling.claim_due(NOW + 20 * MINUTE, "second")
    polling.commit([outcome(second, "Title 2", etag=b'"second"', now=NOW + 20 * MINUTE)])
    polling.commit([outcome(late, "Title 1", etag=b'"late"')])
    (state,) = rows(database, feed_states)
    assert state.etag == b'"second"'
    assert {row.title for row in rows(database, items)} == {"Title 1", "Title 2"}


def test_49_two_pollers_ask_each_feed_once_a_slot(database: Database) -> None:
    watch(database, 60)
    claimed: Counter[str] = Counter()
    errors: list[Exception] = []
    start = threading.Barrier(4)

    def poller(name: str) -> None:
        own = Database(database.url)
        polling = Polling(own)
        try:
            start.wait()
            while claims := polling.claim_due(NOW, name, limit=5):
                claimed.update(claim.feed.id for claim in claims)
                polling.commit([outcome(claim, "Title 1") for claim in claims])
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=poller, args=(f"poller {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(claimed) == 60
    assert set(claimed.values()) == {1}
    assert len(rows(database, items)) == 60


def test_49_a_killed_pollers_feeds_are_taken_over_after_its_lease(database: Database) -> None:
    watch(database, 2)
    polling = Polling(database)
    assert len(polling.claim_due(NOW, "killed", lease=30 * MINUTE)) == 2
    assert polling.claim_due(NOW + 29 * MINUTE, "heir") == []
    assert len(polling.claim_due(NOW + 30 * MINUTE, "heir")) == 2


def test_a_locked_database_is_a_clear_error_and_nothing_is_claimed(tmp_path: Any) -> None:
    one = Database(f"sqlite:///{tmp_path / 'm.db'}")
    one.migrate()
    watch(one, 1)
    impatient = Database(one.url, busy_seconds=0.05)
    with one.write() as connection:
        connection.execute(sa.update(feeds).values(title="busy"))
        with pytest.raises(StorageError, match="locked"):
            Polling(impatient).claim_due(NOW, "two")
    assert len(Polling(impatient).claim_due(NOW, "two")) == 1
    impatient.dispose()
    one.dispose()


class Killed(BaseException):
    """Stands for kill -9."""


def kill_at(database: Database, statement: int) -> tuple[Any, list[str]]:
    """Die when the so-many-th statement is about to run."""
    seen: list[str] = []

    def listen(_c: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text.split()[0])
        if len(seen) == statement:
            raise Killed

    sa.event.listen(database._engine, "before_cursor_execute", listen)
    return listen, seen


def test_13_killed_at_any_statement_the_next_poll_repairs(database: Database) -> None:
    """No state names a new ETag while its entries are missing, wherever the poller dies."""
    watch(database, 2)
    polling = Polling(database)
    claims = polling.claim_due(NOW, "first")
    polling.commit([outcome(one, "Title 1", etag=b'"old"') for one in claims])
    moment, statement, survived = NOW, 0, False
    while not survived:
        statement += 1
        moment += DAY
        claims = polling.claim_due(moment, f"poller {statement}")
        assert len(claims) == 2
        made = []
        for claim in claims:
            named = [Entry("guid-Title 1", "https://x.example/Title 1", "Title 1")]
            keys = {key for one in decide_names(claim, named) for key in one}
            known = polling.known(claim.feed.id, keys)
            made.append(
                outcome(claim, "Title 1 revised", "Title 2", etag=b'"new"', known=known, now=moment)
            )
        listen, _seen = kill_at(database, statement)
        try:
            polling.commit(made)
            survived = True
        except Killed:
            pass
        finally:
            sa.event.remove(database._engine, "before_cursor_execute", listen)
        complete = len(rows(database, items)) == 4 and len(rows(database, revisions)) == 2
        tags = {row.etag for row in rows(database, feed_states)}
        assert tags == ({b'"new"'} if complete else {b'"old"'})
        assert complete == survived
    assert statement > 8


def decide_names(claim: Claim, entries: list[Entry]) -> list[tuple[str, ...]]:
    return [(*one.keys, one.weak) for one in names(claim.feed, entries)]


def test_50_after_eight_hours_of_sleep_overdue_feeds_are_spread(database: Database) -> None:
    watch(database, 300)
    polling = Polling(database)
    claims = polling.claim_due(NOW, "one", limit=300)
    polling.commit([outcome(claim, "Title 1") for claim in claims])
    wake = NOW + 8 * HOUR
    spread = 10 * MINUTE
    assert polling.claim_due(wake, "one", limit=300, overdue=spread) == []
    per_minute = []
    for minute in range(1, 11):
        found = polling.claim_due(wake + minute * MINUTE, "one", limit=300, overdue=spread)
        per_minute.append(len(found))
    assert sum(per_minute) == 300
    assert max(per_minute) < 60


def test_50_without_spreading_what_is_overdue_is_polled_now(database: Database) -> None:
    watch(database, 3)
    polling = Polling(database)
    polling.commit([outcome(one, "Title 1") for one in polling.claim_due(NOW, "one")])
    assert len(polling.claim_due(NOW + 8 * HOUR, "one")) == 3


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["forward", "back"])
def test_50_no_feed_sleeps_too_long_after_the_clock_jumped(
    database: Database, jump: timedelta
) -> None:
    watch(database, 1)
    polling = Polling(database)
    wrong = NOW - jump
    (claim,) = polling.claim_due(wrong, "one")
    polling.commit([outcome(claim, "Title 1", now=wrong)])
    claims = polling.claim_due(NOW + 6.6 * HOUR, "one")
    assert len(claims) == 1


def test_50_a_sleeping_feed_that_is_gone_is_left_asleep(database: Database) -> None:
    watch(database, 1)
    polling = Polling(database)
    polling.claim_due(NOW, "one")
    with database.write() as connection:
        connection.execute(
            sa.update(feed_states).values(
                lease_until=None, gone_count=2, next_poll_at=NOW + 30 * DAY
            )
        )
    assert polling.claim_due(NOW + DAY, "one") == []
    assert len(polling.claim_due(NOW + 30 * DAY, "one")) == 1
