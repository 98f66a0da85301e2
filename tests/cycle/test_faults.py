"""Faults of our own program: each ends as little as it can, is logged, and is told."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.classify import answer
from monitor.config import SEEDS
from monitor.cycle.backtesting import replayed
from monitor.cycle.going_on import go_on
from monitor.cycle.importing import import_lines
from monitor.cycle.installation import Installation
from monitor.cycle.polling import Poller
from monitor.cycle.sparing import spare
from monitor.errors import RefusedError, StorageError
from monitor.indicators.settings import Settings
from monitor.indicators.tripwires import Rules
from monitor.storage.progress import Stumble, last_stumble
from monitor.views import clocks
from monitor.views.lens import Lens
from monitor.web.live import Live
from tests.factories import NOW

BAD = "The one that breaks it"
GOOD = "US airstrike hits Caracas port, Venezuela says"
UTC_ZONE = ZoneInfo("UTC")


class Stumbling:
    """A judge with a fault that one title brings out."""

    def __init__(self, judge):
        self.judge = judge

    def __getattr__(self, name):
        return getattr(self.judge, name)

    def assess(self, *, title, **about):
        if title == BAD:
            raise ZeroDivisionError(f"\0 by {title}")
        return self.judge.assess(title=title, **about)


class Groups:
    """A grouper with such a fault."""

    def __init__(self, grouper):
        self.grouper = grouper

    def add(self, item):
        if item.title == BAD:
            raise ZeroDivisionError("no group")
        return self.grouper.add(item)


def by_title(intake):
    return {one.item.title: one for one in intake.store.items.listed()}


def test_an_item_that_cannot_be_judged_is_stored_and_stops_no_other(open_at, site, faults):
    settings, intake = open_at(site.rss("/feed", BAD, GOOD), site.rss("/more", "Rain in Aruba"))
    sound, intake.assessor = intake.assessor, Stumbling(intake.assessor)
    cycle = Poller(settings, intake, clock=lambda: NOW).once()
    assert (cycle.new, cycle.flagged) == (3, 1)
    assert [one.as_json()["status"] for one in cycle.outcomes] == ["ok", "ok"]
    found = by_title(intake)
    assert found[BAD].assessment is None
    assert found[GOOD].assessment.relevant
    assert [one.exc_info[0] for one in faults] == [ZeroDivisionError]  # told once
    intake.assessor = sound
    assert intake.judge_pending(NOW) == 1
    assert by_title(intake)[BAD].story_id


def test_a_fault_of_grouping_costs_only_the_feed_that_brings_it_out(
    open_at, site, faults, monkeypatch
):
    settings, intake = open_at(site.rss("/feed", BAD), site.rss("/more", GOOD))
    real = intake._join
    monkeypatch.setattr(
        intake,
        "_join",
        lambda one: Groups(None).add(one.item) if one.item.title == BAD else real(one),
    )
    cycle = Poller(settings, intake, clock=lambda: NOW).once()
    lines = {one.feed.url: one.as_json() for one in cycle.outcomes}
    assert lines[site.address + "/more"]["new"] == 1
    failed = lines[site.address + "/feed"]
    assert (failed["status"], failed["error"]["class"]) == ("error", "program_fault")
    assert by_title(intake)[GOOD].story_id
    assert BAD not in by_title(intake)
    assert faults
    monkeypatch.undo()
    again = Poller(settings, intake, clock=lambda: NOW + timedelta(hours=1)).once(force=True)
    assert again.new == 1  # nothing was lost: the feed brings it again


def test_a_fault_over_one_answer_is_a_failure_of_that_feed(open_at, site, faults, monkeypatch):
    settings, intake = open_at(site.rss("/feed", GOOD), site.rss("/more", "Rain in Aruba"))
    real = intake.store.polling.claim_due

    def claimed(*about, **more):
        return [
            one._replace(lease_until="not a time") if one.feed.url.endswith("/more") else one
            for one in real(*about, **more)
        ]

    monkeypatch.setattr(intake.store.polling, "claim_due", claimed)
    cycle = Poller(settings, intake, clock=lambda: NOW).once()
    lines = {one.feed.url: one.as_json() for one in cycle.outcomes}
    assert lines[site.address + "/feed"]["new"] == 1
    assert lines[site.address + "/more"]["error"]["class"] == "program_fault"
    assert "TypeError" in lines[site.address + "/more"]["error"]["message"]
    assert len(faults) == 1


def test_a_stored_item_that_cannot_be_filed_again_leaves_the_others_judged(
    open_at, site, faults, monkeypatch
):
    settings, intake = open_at(site.rss("/feed", BAD, GOOD))
    Poller(settings, intake, clock=lambda: NOW).once()
    with intake.store.database.write() as connection:
        ids = [one.item.id for one in intake.store.items.listed()]
        intake.store.items.forget_judgement(connection, ids)
    real = intake.store.items.judge

    def judge(connection, judged, now):
        if any(one.item.title == BAD for one in judged):
            raise ZeroDivisionError("no row")
        real(connection, judged, now)

    monkeypatch.setattr(intake.store.items, "judge", judge)
    assert intake.judge_pending(NOW) == 2  # of three, with the first article
    assert [one.item.title for one in intake.store.items.unjudged()] == [BAD]
    assert intake.judge_pending(NOW) == 0
    assert len(faults) == 1


def test_a_bad_line_of_an_archive_stops_no_other(open_at, faults, monkeypatch):
    _settings, intake = open_at()
    intake.assessor = Stumbling(intake.assessor)
    real = intake.store.items.add

    def add(connection, rows):
        if any(item.title == "refused" for item, _group, _keys in rows):
            raise RefusedError("database: such a value is refused")
        return real(connection, rows)

    monkeypatch.setattr(intake.store.items, "add", add)
    lines = [json.dumps({"title": one}).encode() for one in (GOOD, BAD, "refused", "Rain")]
    report = import_lines(intake, lines, zone=UTC_ZONE, now=NOW)
    assert (report.lines, report.new, report.flagged) == (4, 3, 1)
    assert report.bad == [(3, "cannot be stored: database: such a value is refused")]
    assert len(faults) == 2


def test_a_back_test_leaves_out_what_cannot_be_judged_and_says_which_line(open_at, faults):
    _settings, intake = open_at()
    days = [(NOW - timedelta(days=130 - day)).isoformat() for day in range(120)]
    told = [(day, paper) for day in days for paper in range(6)]
    lines = [
        json.dumps({
            "title": BAD if number == 40 else f"Council {number} talks of street {paper} lamps",
            "published": day,
            "publisher": f"Paper {paper}",
        }).encode()
        for number, (day, paper) in enumerate(told)
    ]  # fmt: skip
    events = [{"date": days[60][:10], "fact": "nothing yet", "direction": "escalatory"}]
    _report, bad = replayed(
        lines,
        events,
        assessor=Stumbling(intake.assessor),
        groups=intake.groups,
        rules=Rules.load(SEEDS),
        index=Settings(),
        zone=UTC_ZONE,
        now=NOW,
    )
    ((line, problem),) = bad
    assert line == 41
    assert "ZeroDivisionError" in problem
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StorageError("m.db is locked"), "m.db is locked"),
        (ZeroDivisionError("oh"), "this program stumbled: ZeroDivisionError: oh"),
    ],
)
def test_a_poll_whose_index_cannot_be_measured_is_stored_and_measured_by_the_next(
    open_at, site, faults, monkeypatch, error, words
):
    settings, intake = open_at(site.rss("/feed", GOOD))
    poller = Poller(settings, intake, clock=lambda: NOW)

    def fail(*_about, **_more):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(intake, "remeasure", fail)
        cycle = poller.once()
    assert cycle.unmeasured == words
    assert GOOD in by_title(intake)
    assert intake.store.measures.computed_at() is None
    assert Poller(settings, intake, clock=lambda: NOW).once().unmeasured == ""
    assert intake.store.measures.computed_at() is not None


def test_classify_answers_every_line_whatever_one_brings_out(open_at, faults):
    _settings, intake = open_at()
    judge = Stumbling(intake.assessor)
    made = [
        answer(judge, json.dumps({"id": n, "title": one}).encode(), zone=UTC_ZONE, now=NOW)
        for n, one in enumerate((BAD, GOOD))
    ]
    assert made[0]["id"] == 0
    assert "ZeroDivisionError" in made[0]["error"]
    assert made[1]["relevant"]
    assert len(faults) == 1


def test_what_no_piece_can_be_blamed_for_is_raised():
    def locked(_pieces):
        raise StorageError("database is locked")

    with pytest.raises(StorageError, match="locked"):
        spare([1, 2], locked, lambda *_: None)

    def broken(_pieces):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spare([], broken, lambda *_: None)


def health(live):
    return list(live.troubles())


def test_the_background_poller_survives_a_fault_and_tells_of_it(configure, site, faults):
    settings = configure(site.rss("/feed", GOOD))
    installation = Installation(lambda: settings.path)
    opened = installation.opened()
    store, passes = opened.store, threading.Semaphore(0)
    live = Live(opened.config, opened.intake, lambda: NOW, poller_troubles=installation.troubles)
    real, said = store.polling.claim_due, []

    def claim(*about, **more):
        passes.release()
        if len(said) == 0:
            said.append(1)
            raise ZeroDivisionError("the fault of one cycle")
        return real(*about, **more)

    store.polling.claim_due = claim

    class Impatient(threading.Event):
        """Waits only as long as the test wants."""

        def __init__(self):
            super().__init__()
            self.waited = []

        def wait(self, timeout=None):
            self.waited.append(timeout)
            if timeout == 30.0:
                seen.append((health(live), installation.troubles(), page()))
            return super().wait(0.01)

    lens = Lens(now=NOW, zone=UTC_ZONE, names={})

    def page():
        return clocks.load(store.reading, lens).stumbled

    seen = []
    stop = Impatient()
    thread = threading.Thread(target=installation._poll, args=(stop,), daemon=True)
    thread.start()
    for _ in range(4):  # the fault, a whole pass, and proof that it was whole
        assert passes.acquire(timeout=60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    ((because, own, words),) = seen
    assert any("ZeroDivisionError: the fault of one cycle" in one for one in because)
    assert own
    assert "Polling stumbled" in words
    assert "It tries again" in words
    assert store.items.count() == 2  # it went on
    assert health(live) == []
    assert "It goes on since" in page()
    assert len(faults) == 1
    store.close()


def test_a_stumble_is_forgotten_an_hour_after_polling_goes_on(open_at):
    _settings, intake = open_at()
    store = intake.store
    store.progress.stumbled(Stumble(at=NOW, fault="x"))
    before = store.reading.version()
    store.progress.recovered()
    assert store.reading.version() != before  # an open page is drawn again
    store.progress.recovered()
    assert last_stumble(store.database).is_over
    for minutes, is_told in ((59, True), (61, False)):
        lens = Lens(now=NOW + timedelta(minutes=minutes), zone=UTC_ZONE, names={})
        assert bool(clocks.load(store.reading, lens).stumbled) is is_told


def test_a_poller_that_has_ended_is_reported(configure):
    settings = configure()

    class Broken(Installation):
        def _poll(self, stop):
            """Ends at once."""

    installation = Broken(lambda: settings.path)
    assert installation.troubles() == ()
    stop = installation.poll_in_background()
    installation._poller.join(60)
    assert installation.troubles() == (
        "the poller of this process has ended; restart the dashboard",
    )
    stop()
    assert installation.troubles() == ()


def test_a_store_that_cannot_be_opened_is_told_and_tried_again():
    told = []

    def begin():
        if len(told) == 2:
            stop.set()
        if told:
            raise ZeroDivisionError("before there is a store")
        raise StorageError("database is gone")

    class Hasty(threading.Event):
        def wait(self, timeout=None):
            return self.is_set()

    stop = Hasty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.cycle.going_on.LOG.exception", lambda *_: None)
        go_on(stop, begin, clock=lambda: NOW, troubled=told.append)
    assert told[0] == "database is gone"
    assert "ZeroDivisionError" in told[1]
