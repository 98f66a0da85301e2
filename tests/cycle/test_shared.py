"""Several processes on one PostgreSQL, and what an operator does to it."""

import threading

import pytest
import sqlalchemy as sa

from monitor.cycle.checkup import checkup
from monitor.cycle.polling import Poller
from monitor.cycle.start import open_intake, open_store
from monitor.errors import StorageError
from monitor.storage import tables
from monitor.storage.engine import Database
from tests.factories import NOW

ATTACK = "US airstrike hits Caracas port, Venezuela says"


@pytest.fixture
def shared(configure, site, postgres_url):
    """Two programs on one database that watches three feeds."""
    urls = [site.rss(f"/feed{n}", f"{ATTACK} ({n})") for n in range(3)]
    settings = configure(*urls).with_database(postgres_url)
    stores = [open_store(settings, now=NOW) for _ in range(2)]
    yield settings, [open_intake(settings, store, now=NOW) for store in stores]
    for store in stores:
        store.close()


def test_two_pollers_ask_every_feed_once_and_store_every_item_once(shared, site):
    settings, intakes = shared
    pollers = [Poller(settings, intake, clock=lambda: NOW) for intake in intakes]
    threads = [threading.Thread(target=poller.once) for poller in pollers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(site.asked) == ["/feed0", "/feed1", "/feed2"]
    store = intakes[0].store
    assert store.items.count() == 4  # with the first article, planted once
    assert all(one.assessment and one.story_id for one in store.items.listed())


def test_a_newer_schema_is_refused_until_someone_migrates(shared):
    settings, intakes = shared
    with intakes[0].store.database.write() as connection:
        connection.execute(
            sa.update(tables.meta).where(tables.meta.c.key == "schema").values(value="0")
        )
    with pytest.raises(StorageError, match="curacao-monitor migrate"):
        open_store(settings, now=NOW)


def test_the_doctor_names_what_is_wrong(configure, site, tmp_path):
    settings = configure(site.address + "/none")
    store = open_store(settings, now=NOW)
    intake = open_intake(settings, store, now=NOW)
    Poller(settings, intake, clock=lambda: NOW).once()
    store.close()
    found = {one.what: one for one in checkup(settings, now=NOW)}
    assert not found["feeds"].fine
    assert "1 of 1 fail" in found["feeds"].says
    assert not found["clock"].fine  # NOW lies before the first release
    later = checkup(settings, now=NOW.replace(year=2027))
    assert next(one for one in later if one.what == "clock").fine
    empty = settings.with_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert "migrate" in next(one for one in checkup(empty, now=NOW) if one.what == "store").says
    broken = settings.with_database("gopher://x")
    assert "not a database address" in checkup(broken, now=NOW)[-1].says


def test_a_poll_in_the_future_means_a_wrong_clock(configure, site):
    settings = configure(site.rss("/feed", ATTACK))
    store = open_store(settings, now=NOW)
    late = NOW.replace(year=2027)
    Poller(settings, open_intake(settings, store, now=NOW), clock=lambda: late).once()
    store.close()
    found = checkup(settings, now=NOW.replace(year=2026, month=6))
    assert "in the future" in next(one for one in found if one.what == "clock").says


def test_the_database_type_is_the_one_that_was_named(shared):
    _settings, intakes = shared
    assert isinstance(intakes[0].store.database, Database)
    assert not intakes[0].store.database.is_sqlite
