from datetime import timedelta

import pytest

from monitor.errors import FeedError, StorageError
from monitor.feeds.model import FeedKind
from monitor.storage import changes
from monitor.storage.feeds import Feeds
from tests.factories import NOW, make_feed


@pytest.fixture
def watch_list(database):
    return Feeds(database)


def titles(watch_list):
    return [one.feed.title for one in watch_list.watched()]


def test_a_feed_that_leaves_the_file_is_no_longer_watched_but_stays_known(watch_list):
    watch_list.sync([make_feed(1), make_feed(2)], NOW)
    watch_list.sync([make_feed(2)], NOW)
    assert titles(watch_list) == ["Feed 2"]
    assert len(watch_list.all()) == 2
    watch_list.sync([make_feed(1), make_feed(2)], NOW)
    assert titles(watch_list) == ["Feed 1", "Feed 2"]


def test_a_change_on_the_page_wins_over_the_file_until_it_is_reset(watch_list):
    watch_list.sync([make_feed(1)], NOW)
    feed = make_feed(1)
    watch_list.edit(feed.id, {"title": "Mine", "interval": timedelta(hours=1)}, by="ana", now=NOW)
    watch_list.sync([make_feed(1, title="Theirs", language="nl")], NOW)
    (one,) = watch_list.watched()
    assert (one.feed.title, one.feed.language) == ("Mine", "nl")
    assert one.feed.interval == timedelta(hours=1)
    assert one.edited == ("interval", "title")
    watch_list.use_file(make_feed(1, title="Theirs"), by="ana", now=NOW)
    (one,) = watch_list.watched()
    assert (one.feed.title, one.edited) == ("Theirs", ())


def test_removing_a_declared_feed_leaves_a_tombstone_that_the_file_cannot_lift(watch_list):
    watch_list.sync([make_feed(1)], NOW)
    watch_list.remove(make_feed(1).id, by="ana", now=NOW)
    watch_list.sync([make_feed(1)], NOW)
    assert titles(watch_list) == []
    assert watch_list.all()[0].removed_by == "ana"
    watch_list.restore(make_feed(1).id, by="ben", now=NOW)
    assert titles(watch_list) == ["Feed 1"]


def test_a_feed_added_on_the_page_is_watched_without_the_file_and_only_once(watch_list):
    watch_list.add(make_feed(5, kind=FeedKind.JSON), by="ana", now=NOW)
    watch_list.sync([], NOW)
    assert titles(watch_list) == ["Feed 5"]
    with pytest.raises(FeedError, match="already watched"):
        watch_list.add(make_feed(5), by="ana", now=NOW)


def test_pausing_keeps_a_feed_on_the_list(watch_list):
    feed = watch_list.add(make_feed(1), by="ana", now=NOW).feed
    watch_list.pause(feed.id, paused=True, by="ana", now=NOW)
    assert watch_list.watched()[0].feed.paused
    watch_list.pause(feed.id, paused=False, by="ana", now=NOW)
    assert not watch_list.watched()[0].feed.paused


def test_a_feed_answers_to_its_id_the_start_of_it_and_its_address(watch_list):
    feed = watch_list.add(make_feed(1), by="ana", now=NOW).feed
    assert watch_list.find(feed.id[:6]).feed == feed
    assert watch_list.find(feed.url).feed == feed
    with pytest.raises(FeedError, match="feeds list"):
        watch_list.find("nope")


def test_every_act_is_written_down_with_who_and_when(watch_list, database):
    feed = watch_list.add(make_feed(1), by="ana", now=NOW).feed
    later = NOW + timedelta(minutes=1)
    watch_list.edit(feed.id, {"title": "New", "selectors": {"a": "b"}}, by="ben", now=later)
    newest, oldest = changes.latest(database, subject=feed.id)
    assert (newest.by, newest.what, newest.at) == ("ben", "feed edited", later)
    assert newest.detail == {"title": "Feed 1", "selectors": {}}
    assert (oldest.by, oldest.what) == ("ana", "feed added")
    assert len(changes.latest(database)) == 2


def test_an_unknown_key_or_kind_is_refused(watch_list, database):
    feed = watch_list.add(make_feed(1), by="ana", now=NOW).feed
    with pytest.raises(ValueError, match="guid cannot be changed"):
        watch_list.edit(feed.id, {"guid": 1}, by="ana", now=NOW)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE feeds SET kind = 'gopher'")
    with pytest.raises(StorageError, match="gopher"):
        watch_list.all()


def test_an_unchanged_file_writes_nothing(watch_list, database):
    watch_list.sync([make_feed(1)], NOW)
    before = watch_list.all()
    watch_list.sync([make_feed(1)], NOW + timedelta(days=1))
    assert watch_list.all() == before
    assert watch_list.counts() == {}
