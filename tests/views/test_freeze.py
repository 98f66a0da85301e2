"""Frozen views: complete, valid, and the same after everything behind them is gone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.assess.assessor import Assessor
from monitor.config import SEEDS, Config
from monitor.indicators.measure import State
from monitor.snapshots.canonical import seal
from monitor.storage import tables as t
from monitor.views import freeze, snapshots
from tests.factories import NOW
from tests.shelf import due, judgement, place, polled, put, reading

TODAY = (NOW - timedelta(hours=4)).date()


@pytest.fixture(scope="module")
def judge():
    return Assessor.load(SEEDS)


def frozen(store, judge, kind="situation", **changes):
    values = {
        "kind": kind, "note": "a note", "author": "ana", "days": 30,
        "expire_after": timedelta(days=30), "now": NOW, "assessor": judge,
    }  # fmt: skip
    return freeze.document(store, Config(), **values | changes)


@pytest.fixture
def full(store):
    rows = [
        reading(TODAY - timedelta(days=n), name)
        for name in ("risk", "act", "threat", "deesc", "airspace")
        for n in (0, 1, 2, 5)
    ]
    store.measures.save_readings(rows, now=NOW)
    title = "Airspace closed"
    judged = judgement(title, severity=4, places=(place("Willemstad"),),
                       deadlines=(due("2025-12-05"),))  # fmt: skip
    put(store.database, 1, title=title, judged=judged, summary="word " * 200)
    put(store.database, 2, title=title, feed=2, story="s1", judged=None)
    polled(store.database, 1)
    polled(store.database, 2, error_class="dns", error_message="no such name",
           last_success_at=None, error_since=None)  # fmt: skip
    return store


@pytest.mark.parametrize("kind", ["situation", "indicators", "stories", "brief"])
def test_each_kind_is_a_valid_document_of_an_empty_and_of_a_full_store(store, judge, kind):
    empty = seal(frozen(store, judge, kind)).document
    assert (empty["kind"], empty["stories"], empty["level"]["index"]) == (kind, [], None)
    assert empty["level"]["name"] == "No value yet"


def test_saved_changes_that_a_new_release_does_not_know_stop_no_snapshot(store):
    store.lexicons.save(
        "v1", {"rules": {"gone.rule": {"enabled": False}}}, note="", by="ana", now=NOW
    )
    assert seal(frozen(store, None)).document["lexicon_version"] == Assessor.load(SEEDS).version


def test_a_full_store_is_frozen_with_all_its_parts(full, judge):
    document = seal(frozen(full, judge)).document
    assert [one["series"] for one in document["series"]] == [
        "risk",
        "act",
        "threat",
        "deescalation",
    ]
    assert [len(one["days"]) for one in document["series"]] == [6, 6, 6, 6]
    risk = document["series"][0]
    assert (risk["index"][1], risk["state"][1], risk["level"][1]) == (None, "blind", None)
    story = document["stories"][0]
    assert (story["severity"], story["publishers"], len(story["excerpt"]) <= 300) == (
        4,
        ["Feed 1", "Feed 2"],
        True,
    )
    assert document["markers"][0]["stories"] == ["s1"]
    assert document["deadlines"][0]["due"] == "2025-12-05"
    assert [one["title"] for one in document["silent_feeds"]] == ["Feed 2"]
    assert document["feeds"] == {
        "watched": 2, "healthy": 1, "failing": 1, "silent": 0, "paused": 0,
    }  # fmt: skip
    assert document["contributions"][0]["indicator"] == "airspace"
    assert document["settings"]["thresholds"] == [130.0, 175.0, 250.0, 400.0]
    assert document["view"] == {"days": "30"}


def test_the_indicators_kind_holds_every_series(full, judge):
    names = [one["series"] for one in frozen(full, judge, "indicators")["series"]]
    assert "airspace" in names


def test_while_the_baseline_forms_the_document_says_so(store, judge):
    nothing = {"index": None, "low80": None, "high80": None, "state": State.FORMING}
    store.measures.save_readings([reading(TODAY, **nothing)], now=NOW)
    level = seal(frozen(store, judge)).document["level"]
    assert (level["name"], level["state"], level["index"]) == ("Baseline forming", "forming", None)


def test_a_kept_snapshot_shows_the_same_after_every_item_is_gone(full, judge, lens):
    made = full.snapshots.create(frozen(full, judge))
    before = snapshots.opened(full.snapshots.content(made.id), lens)
    with full.database.write() as connection:
        for table in (t.deadlines, t.flags, t.story_joins, t.assessments, t.items, t.stories,
                      t.readings, t.feed_states):  # fmt: skip
            connection.execute(sa.delete(table))
    after = snapshots.opened(full.snapshots.content(made.id), lens)
    assert after.stories == before.stories
    assert after.chart.equals(before.chart)
    assert after.stories[0].severity == 4
    assert after.standing.index == 120.0
    assert after.cells[0].spark == ()
    assert after.due[0].startswith("Fri 5 Dec 2025: Airspace closed")
    assert after.silent[0].startswith("Feed 2: The name of the server")
    assert after.about.startswith("Frozen Wed 3 Dec 2025, 08:00 by ana")


def test_the_list_says_what_still_opens_and_never_shows_the_link(full, judge, lens):
    made = full.snapshots.create(frozen(full, judge))
    gone = full.snapshots.create(frozen(full, judge, note="gone"))
    full.snapshots.create(frozen(full, judge, expire_after=timedelta(seconds=-1), note="old"))
    full.snapshots.revoke(gone.id, gone.owner_key, by="ana", now=NOW)
    lines = {one.note: one for one in snapshots.lines(full.snapshots.list(), lens)}
    assert lines["a note"].status == "opens until 2 Jan 2026"
    assert (lines["gone"].status, lines["gone"].is_open) == ("revoked 08:00", False)
    assert lines["old"].status.startswith("expired")
    assert made.token not in repr(lines)


def test_two_snapshots_are_compared_in_words_and_charts(full, judge, lens):
    before = seal(frozen(full, judge)).document
    put(full.database, 9, title="Second story")
    later = NOW + timedelta(hours=2)
    after = seal(frozen(full, judge, now=later)).document
    found = snapshots.compare(after, before, lens)
    assert [card.id for card in found.new] == ["s9"]
    assert found.gone == ()
    assert found.sentences
    assert len(found.before) == 6


def test_a_document_without_series_has_an_empty_chart(store, judge, lens):
    sealed = seal(frozen(store, judge))
    assert snapshots.opened(sealed, lens).chart.empty


def test_a_snapshot_says_whether_something_newer_was_seen(full, judge, lens):
    document = frozen(full, judge)
    assert "Nothing newer" in snapshots.newer(document, None, lens)
    assert "Nothing newer" in snapshots.newer(document, NOW - timedelta(hours=1), lens)
    assert "Newer data exists" in snapshots.newer(document, NOW + timedelta(hours=1), lens)


def test_without_a_judge_the_shipped_one_is_used(store):
    document = frozen(store, None)
    assert document["lexicon_version"] == Assessor.load(SEEDS).version
