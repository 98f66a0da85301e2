import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.cycle.adding import look, watch
from monitor.cycle.installation import Installation
from monitor.cycle.polling import Poller
from monitor.errors import ConfigError, FeedError
from monitor.storage import tables
from tests.factories import NOW

ATTACK = "US airstrike hits Caracas port, Venezuela says"
SPORT = "Curaçao wins the baseball final"


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_cycle_stores_judges_and_groups_what_it_finds(open_at, site, clock):
    settings, intake = open_at(site.rss("/feed", ATTACK, SPORT))
    cycle = Poller(settings, intake, clock=clock).once()
    assert (cycle.new, cycle.flagged) == (2, 1)
    (line,) = [one.as_json() for one in cycle.outcomes]
    assert (line["status"], line["new"], line["error"]) == ("ok", 2, None)
    titles = {one.item.title: one for one in intake.store.items.listed()}
    assert titles[ATTACK].assessment.relevant
    assert titles[ATTACK].story_id != titles[SPORT].story_id
    assert not titles[SPORT].assessment.relevant


def test_nothing_is_asked_twice_within_the_minimum_interval(open_at, site, clock):
    settings, intake = open_at(site.rss("/feed", ATTACK))
    poller = Poller(settings, intake, clock=clock)
    poller.once()
    assert poller.once().outcomes == []
    clock.now += timedelta(seconds=30)
    assert poller.once(force=True).outcomes == []
    clock.now += timedelta(seconds=31)
    assert len(poller.once(force=True).outcomes) == 1
    assert site.asked.count("/feed") == 2


def test_a_revised_item_is_judged_again(open_at, site, clock):
    url = site.rss("/feed", SPORT)
    settings, intake = open_at(url)
    poller = Poller(settings, intake, clock=clock)
    poller.once()
    kind, body = site.pages["/feed"]
    site.pages["/feed"] = (kind, body.replace(f"<title>{SPORT}<", f"<title>{ATTACK}<"))
    clock.now += timedelta(hours=2)
    cycle = poller.once(force=True)
    assert cycle.outcomes[0].as_json()["revised"] == 1
    (one,) = [one for one in intake.store.items.listed() if one.item.title == ATTACK]
    assert one.revisions == 1
    assert one.assessment.relevant


def test_a_feed_that_fails_is_a_value_and_stops_nothing(open_at, site, clock):
    settings, intake = open_at(site.address + "/none", site.rss("/feed", SPORT))
    cycle = Poller(settings, intake, clock=clock).once(progress=lambda _done, _all: None)
    by_url = {one.feed.url: one.as_json() for one in cycle.outcomes}
    assert by_url[site.address + "/none"]["error"]["class"]
    assert by_url[site.address + "/feed"]["new"] == 1


def test_progress_can_be_seen_from_another_process(open_at, site, clock):
    settings, intake = open_at(site.rss("/feed", SPORT))
    Poller(settings, intake, clock=clock).once()
    state = intake.store.progress.last()
    assert (state.done, state.total) == (1, 1)
    assert not state.is_running(clock.now)


def test_looking_stores_nothing_and_adding_asks_only_once(open_at, site, clock):
    url = site.rss("/feed", ATTACK, title="Loopback News")
    settings, intake = open_at()
    seen = look(url, intake=intake, politeness=settings.politeness, now=NOW)
    assert seen.is_feed
    (offer,) = seen.offers
    assert offer.samples[0].assessment.relevant
    assert intake.store.items.count() == 1  # the first article
    poller = Poller(settings, intake, clock=clock)
    watch(
        offer.feed(language="en"),
        poller=poller,
        intake=intake,
        found=offer.found,
        by="ana",
        now=NOW,
    )
    assert intake.store.items.count() == 2
    assert site.asked == ["/feed"]
    with pytest.raises(FeedError, match="already watched"):
        watch(offer.feed(), poller=poller, intake=intake, found=offer.found, by="ana", now=NOW)


def test_a_page_that_is_no_feed_says_so_with_what_to_do(open_at, site):
    settings, intake = open_at()
    site.pages["/"] = ("text/html", "<html><body>Hello</body></html>")
    seen = look(site.address + "/", intake=intake, politeness=settings.politeness, now=NOW)
    assert not seen.offers
    assert seen.reason
    assert seen.problem
    assert seen.as_json()["error"]["message"] == seen.problem


def test_a_site_leads_to_its_feed(open_at, site):
    settings, intake = open_at()
    site.rss("/rss", SPORT)
    site.pages["/"] = (
        "text/html",
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
    )
    seen = look(site.address + "/", intake=intake, politeness=settings.politeness, now=NOW)
    assert [one.found.url for one in seen.offers] == [site.address + "/rss"]
    assert not seen.is_feed


def test_readings_are_kept_after_a_cycle(open_at, site, clock):
    settings, intake = open_at(site.rss("/feed", ATTACK))
    Poller(settings, intake, clock=clock).once()
    kept = intake.store.measures.readings("risk")
    assert kept[-1].state.value == "forming"
    assert kept[-1].index is None  # one day of data is no baseline
    assert intake.store.measures.computed_at() == NOW


def test_what_a_crash_left_without_a_judgement_is_judged_at_the_next_cycle(open_at, site, clock):
    settings, intake = open_at(site.rss("/feed", ATTACK))
    poller = Poller(settings, intake, clock=clock)
    poller.once()
    with intake.store.database.write() as connection:
        connection.execute(sa.update(tables.items).values(assessed_version=None))
    poller.once()
    assert intake.store.items.unjudged() == []


def test_the_background_poller_runs_until_it_is_stopped(configure, site, monkeypatch):
    settings = configure(site.rss("/feed", ATTACK))
    installation = Installation(lambda: settings.path)
    stop = installation.poll_in_background()
    store = installation.opened().store
    until = time.monotonic() + 20
    while store.items.count() < 2 and time.monotonic() < until:
        threading.Event().wait(0.05)
    stop()
    assert store.items.count() == 2
    assert installation.opened().store is store
    store.close()


def test_a_mended_file_is_read_again(configure):
    settings = configure()
    installation = Installation(lambda: settings.path)
    good = settings.path.read_text()
    settings.path.write_text("[polling]\nworkers = 0\n")
    with pytest.raises(ConfigError, match="workers"):
        installation.opened()
    settings.path.write_text(good)
    opened = installation.opened()
    assert opened.store.items.count() == 1
    opened.store.close()
