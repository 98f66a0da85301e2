"""Changing the lexicon: rehearsed, saved, gone back from, and stored items judged again."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.assess.changes import Vocabulary
from monitor.assess.preview import Step
from monitor.config import SEEDS
from monitor.cycle.again import Again
from monitor.cycle.intake import Intake
from monitor.cycle.vocabulary import go_back, rehearse, samples, save
from monitor.errors import ConfigError, MonitorError, StorageError
from monitor.storage import tables as t
from monitor.storage.rows import StoryFilter
from monitor.storage.triage import Label, Verdict
from tests.factories import NOW, make_feed, make_item

ODD = "Aruba airspace quuxed"
ADD = {"add": {"en/close": ["quuxed"]}}
WEIGHT = {"weights": {"airspace": 1}}


@pytest.fixture(scope="module")
def shipped():
    return Vocabulary.load(SEEDS)


@pytest.fixture
def intake(open_at):
    """An installation with three items that make stories of their own."""
    _settings, one = open_at()
    feed = make_feed(1, language="en")
    one.store.feeds.add(feed, by="test", now=NOW)
    titles = (ODD, "Baseball final tonight", "Blackout in Willemstad")
    for n, title in enumerate(titles, 1):
        put(one, feed, n, title)
    return one


def put(intake, feed, n, title, **changes):
    item = make_item(n, title=title, feed_id=feed.id, **changes)
    judged = intake.judge(item, feed)
    with intake.store.database.write() as connection:
        intake.store.items.add(connection, [(item, judged.group, [])])
        intake.file(connection, [judged], NOW)
    return item


def saved(intake, shipped, edit, note="why"):
    found = rehearse(intake, shipped, [edit])
    return save(
        intake, found.changes, instead_of=found.instead_of, note=note, by="ana", now=NOW
    )  # fmt: skip


def story_of(intake, title):
    rows = intake.store.reading.stories(StoryFilter(flagged=False), limit=50).rows
    return next(row for row in rows if row.title == title)


def test_a_change_is_tried_on_stored_items_and_nothing_is_saved(intake, shipped):
    told = []
    found = rehearse(intake, shipped, [ADD], progress=lambda *step: told.append(step))
    assert [one.sample.title for one in found.preview.changed] == [ODD]
    assert found.preview.count(Step.FLAGGED) == 1
    assert (found.preview.judged, found.preview.labelled) == (4, 0)  # with the first article
    assert told[-1] == (4, 4)
    assert found.lines == ("“quuxed” added to the words for closing (English, close)",)
    assert intake.store.lexicons.all() == []


def test_edits_that_cancel_each_other_change_nothing(intake, shipped):
    with pytest.raises(MonitorError, match="changes nothing"):
        rehearse(intake, shipped, [ADD, {"remove": ADD["add"]}])


def test_what_changes_nothing_or_names_nothing_is_refused(intake, shipped):
    with pytest.raises(MonitorError, match="changes nothing"):
        rehearse(intake, shipped, [{}])
    with pytest.raises(ConfigError, match="is no rule"):
        rehearse(intake, shipped, [{"rules": {"none": {"enabled": False}}}])


def test_older_items_with_a_decision_are_judged_too_but_not_counted(intake, shipped):
    old = make_item(1).id
    intake.store.triage.add(
        Label(item_id=old, verdict=Verdict.CONFIRMED, by="ana", at=NOW)
    )  # fmt: skip
    with intake.store.database.write() as connection:
        connection.execute(
            sa.update(t.items).where(t.items.c.id == old).values(sort_at=NOW - timedelta(days=900))
        )
    found = rehearse(intake, shipped, [ADD], newest=2)
    assert (found.preview.judged, found.preview.labelled) == (2, 1)
    assert found.preview.count(Step.FLAGGED) == 0
    assert len(found.preview.changed) == 1
    assert (found.preview.recall_before.value, found.preview.recall_after.value) == (0.0, 1.0)
    assert len(samples(intake, newest=100)) == 4


def test_a_saved_version_is_followed_and_stored_items_follow_on_request(intake, shipped):
    version = saved(intake, shipped, ADD)
    assert intake.assessor.version == version
    before = story_of(intake, ODD)
    assert not before.flagged
    done = intake.reassess(NOW)
    assert (done.judged, done.now_flagged, done.no_longer_flagged) == (4, 1, 0)
    after = story_of(intake, ODD)
    assert (after.id, after.flagged, after.severity) == (before.id, True, 3)
    with intake.store.database.read() as connection:
        kept = sa.select(sa.func.count()).select_from(t.assessments)
        assert connection.execute(kept).scalar_one() == 8  # old and new judgements
    assert intake.reassess(NOW).judged == 0


def test_another_process_follows_what_was_saved(intake, shipped):
    other = Intake(
        store=intake.store, seeds=SEEDS, groups=intake.groups, rules=intake.rules,
        index=intake.index,
    )  # fmt: skip
    version = saved(intake, shipped, WEIGHT)
    assert other.follow_lexicon()
    assert not other.follow_lexicon()
    assert other.assessor.version == version
    assert other.assessor.indicators["airspace"].weight == 1


def test_edits_add_up_over_versions_and_can_be_gone_back_from(intake, shipped):
    plain = intake.assessor.version
    first = saved(intake, shipped, ADD)
    second = saved(intake, shipped, WEIGHT)
    assert intake.changes == ADD | {"weights": {"airspace": 1.0}}
    assert go_back(intake, first, by="ben", now=NOW) == first
    assert intake.changes == ADD
    assert go_back(intake, "shipped", by="ben", now=NOW) == plain
    assert intake.changes == {}
    assert go_back(intake, second, by="ben", now=NOW) == second
    assert go_back(intake, plain, by="ben", now=NOW) == plain
    with pytest.raises(StorageError, match="no lexicon version"):
        go_back(intake, "none", by="ben", now=NOW)


def test_a_change_tried_on_another_lexicon_is_not_saved(intake, shipped):
    found = rehearse(intake, shipped, [ADD])
    saved(intake, shipped, WEIGHT)
    with pytest.raises(StorageError, match="preview your change again"):
        save(intake, found.changes, instead_of=found.instead_of, note="", by="ben", now=NOW)


def test_a_saved_change_that_a_new_release_knows_no_more_stops_nothing(intake, shipped):
    gone = {"add": {"en/close": ["quuxed"], "en/gone": ["x"]}}
    intake.store.lexicons.save("old", gone, note="", by="ana", now=NOW)
    assert intake.follow_lexicon()
    assert intake.changes == ADD
    assert "en/gone" in intake.left_out[0]
    version = saved(intake, shipped, WEIGHT)
    assert intake.assessor.version == version
    assert intake.left_out == ()


def test_whoever_stops_halfway_keeps_what_was_judged_and_can_go_on(intake, shipped, monkeypatch):
    monkeypatch.setattr("monitor.cycle.intake._AT_ONCE", 2)
    saved(intake, shipped, ADD)

    def stop(done, _total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        intake.reassess(NOW, progress=stop)
    assert intake.store.items.count_pending(intake.assessor.version) == 2
    assert intake.reassess(NOW).judged == 2


def test_only_what_was_published_since_is_judged_when_asked(intake, shipped):
    feed = make_feed(1, language="en")
    put(intake, feed, 9, "Old news", published_at=NOW - timedelta(days=400))
    saved(intake, shipped, ADD)
    since = NOW - timedelta(days=30)
    version = intake.assessor.version
    assert intake.store.items.count_pending(version) == 5
    assert intake.store.items.count_pending(version, since=since) == 4
    assert intake.reassess(NOW, since=since).judged == 4


def test_in_the_background_one_run_at_a_time_tells_how_far_it_is(intake, shipped):
    saved(intake, shipped, ADD)
    again = Again()
    again.wait(1)
    assert again.start(intake, lambda: NOW, None)
    again.wait(60)
    standing = again.standing()
    assert (standing.running, standing.done, standing.total) == (False, 4, 4)
    assert standing.result.now_flagged == 1


def test_a_run_in_the_background_can_be_stopped_and_begun_but_once(intake, shipped, monkeypatch):
    monkeypatch.setattr("monitor.cycle.intake._AT_ONCE", 1)
    saved(intake, shipped, ADD)
    again, reached, go_on = Again(), threading.Event(), threading.Event()
    real = intake.judge

    def slow(item, feed):
        reached.set()
        go_on.wait(60)
        return real(item, feed)

    monkeypatch.setattr(intake, "judge", slow)
    assert again.start(intake, lambda: NOW, None)
    assert reached.wait(60)
    assert not again.start(intake, lambda: NOW, None)
    assert again.standing().running
    again.stop()
    go_on.set()
    again.wait(60)
    assert (again.standing().stopped, again.standing().result) == (True, None)
    assert intake.store.items.count_pending(intake.assessor.version) == 3


def test_what_goes_wrong_in_the_background_is_told(intake, monkeypatch):
    def broken():
        raise StorageError("the disk is full")

    monkeypatch.setattr(intake, "follow_lexicon", broken)
    again = Again()
    again.start(intake, lambda: NOW, None)
    again.wait(60)
    assert again.standing().error == "the disk is full"
    assert not again.standing().running
