"""What must hold however much is stored, and in whatever order it came."""

from __future__ import annotations

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.bench.archive import Archive, Plan
from monitor.cycle import measuring
from monitor.indicators.settings import Settings, Weighting
from monitor.indicators.tripwires import Rules
from monitor.storage import marks
from monitor.storage.engine import Database
from monitor.storage.items import Judged
from monitor.storage.rows import StoryFilter
from monitor.storage.store import Store
from monitor.storage.tables import metadata
from monitor.storage.triage import Label, Verdict
from monitor.stories.grouping import Join
from monitor.views import deadlines, situation, stories
from monitor.views.lens import Lens
from tests.factories import NOW, make_assessment, make_item

ZONE = ZoneInfo("America/Curacao")
SETTINGS = Settings(burn_in_days=3, min_base_days=3, forming_days=3)


class _Kind:
    kind = "act"


INDICATORS = {name: _Kind() for name in ("airspace", "military", "seizure")}
WATCHED = {name: Weighting(weight=5.0) for name in INDICATORS}


def fill(database, *, items=300, days=60):
    plan = Plan(items=items, days=days, feeds=6, polls_a_day=4)
    Archive(plan, INDICATORS, zone=ZONE, now=NOW).write(database)
    return Store(database, ZONE, index=SETTINGS)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, molds, tmp_path):
    with molds.copy(request.param, "archive", fill, tmp_path) as database:
        yield Store(database, ZONE, index=SETTINGS)


def remeasured(store, *, now=NOW, running=None, days=()):
    return measuring.remeasure(
        store, WATCHED, SETTINGS, Rules(), now=now, days=days, running=running
    )


def kept(store):
    return {(one.series, one.day): one for one in store.measures.readings()}


def bring(store, items, *, group="group0", story=None):
    """Items that are judged as escalating, in stories of their own unless told otherwise."""
    with store.database.write() as connection:
        store.items.add(connection, [(one, group, (one.guid,)) for one in items])
        judged = [Judged(item=one, group=group, assessment=make_assessment()) for one in items]
        store.items.judge(connection, judged, NOW)
        joins = [
            Join(
                item_id=one.id,
                story_id=story or f"s{one.id}",
                rule="opened",
                because="test",
                similarity=0.0,
            )
            for one in items
        ]
        store.measures.add_joins(connection, joins, now=NOW)


def judge_as_harmless(store, items):
    harmless = make_assessment(flags=(), relevant=False)
    judged = [Judged(item=one, group="group0", assessment=harmless) for one in items]
    with store.database.write() as connection:
        store.items.judge(connection, judged, NOW)


# --- lists and counters --------------------------------------------------------------------------


def walked(page_of):
    rows, after = [], None
    while True:
        page = page_of(after)
        rows += [one.id for one in page.rows]
        if page.after is None:
            return rows
        after = page.after


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_of_items_show_each_item_once_newest_first(store, limit):
    found = walked(lambda after: store.reading.items(after=after, limit=limit))
    everything = sorted(
        (one.item for one in store.items.listed()), key=lambda one: (one.sort_at, one.id)
    )
    assert found == [one.id for one in reversed(everything)]


@pytest.mark.parametrize("flagged", [True, False])
def test_pages_of_stories_show_each_story_once(store, flagged):
    chosen = StoryFilter(flagged=flagged)
    found = walked(lambda after: store.reading.stories(chosen, after=after, limit=9))
    assert len(found) == len(set(found)) == store.reading.count_stories(chosen)


def test_an_item_that_arrives_between_two_pages_moves_nothing(store):
    before = walked(lambda after: store.reading.items(after=after, limit=10))
    first = store.reading.items(limit=10)
    bring(store, [make_item(1, feed_id=store.feeds.all()[0].feed.id)])
    rest = walked(lambda after: store.reading.items(after=after or first.after, limit=10))
    assert [one.id for one in first.rows] + rest == before


def test_the_severest_stories_are_those_of_a_plain_sort(store):
    chosen = StoryFilter(since=NOW - timedelta(days=40))
    ids = walked(lambda after: store.reading.stories(chosen, after=after, limit=50))
    rows = store.reading.stories_by_id(ids)
    plain = sorted(rows, key=lambda one: (one.severity, one.last_seen_at, one.id), reverse=True)
    assert store.reading.severest_stories(chosen, limit=10) == tuple(plain[:10])


def test_totals_agree_with_counting(store):
    totals = store.reading.totals(now=NOW)
    everything = list(store.items.listed())
    recent = [one for one in everything if one.item.seen_at >= NOW - timedelta(days=1)]
    assert totals.items == len(everything) == store.items.count()
    assert totals.items_24h == len(recent)
    assert sum(store.feeds.counts().values()) == len(everything)


def test_first_and_last_day_are_those_of_the_items(store):
    days = [one.item.seen_at.astimezone(ZONE).date() for one in store.items.listed()]
    assert store.items.days() == (min(days), max(days))


def test_items_without_a_judgement_are_found_oldest_first(store):
    ids = [one.item.id for one in store.items.listed(limit=5)]
    with store.database.write() as connection:
        store.items.forget_judgement(connection, ids)
    assert [one.item.id for one in store.items.unjudged()] == ids[::-1]


# --- readings ------------------------------------------------------------------------------------


def test_an_index_carried_on_keeps_the_readings_of_a_full_computation(store):
    running = measuring.Running()
    feed = store.feeds.all()[0].feed.id
    for hour in range(0, 60, 6):
        now = NOW + timedelta(hours=hour)
        bring(store, [make_item(100 + hour, feed_id=feed, seen_at=now, published_at=now)])
        remeasured(store, now=now, running=running)
    carried = kept(store)
    remeasured(store, now=now)
    full = kept(store)
    assert carried.keys() == full.keys()
    assert [key for key in full if not _alike(carried[key], full[key])] == []


def _alike(one, other):
    names = ("index", "low80", "high80", "seen", "expected", "coverage", "level", "watch")
    return one.state == other.state and all(
        getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9)
        if getattr(one, name) is not None
        else getattr(other, name) is None
        for name in names
    )


def test_order_of_arrival_does_not_move_a_reading(tmp_path):
    found = []
    for seed in (1, 2, 3):
        database = Database(f"sqlite:///{tmp_path / f'{seed}.db'}")
        database.migrate()
        store, running = fill(database), measuring.Running()
        feed = store.feeds.all()[0].feed.id
        late = [
            make_item(n, feed_id=feed, seen_at=NOW - timedelta(days=n), published_at=None)
            for n in range(1, 9)
        ]
        random.Random(seed).shuffle(late)
        remeasured(store, running=running)
        for item in late:
            bring(store, [item])
            remeasured(store, running=running, days=[item.seen_at.astimezone(ZONE).date()])
        found.append(kept(store))
        database.dispose()
    for other in found[1:]:
        assert [key for key in other if not _alike(found[0][key], other[key])] == []


@pytest.mark.parametrize("change", ["refused", "judged again", "split", "imported", "corrected"])
def test_a_change_of_the_past_reaches_the_kept_readings(store, change):
    running = measuring.Running()
    feed, past = store.feeds.all()[0].feed.id, NOW - timedelta(days=20)
    items = [
        make_item(n, feed_id=feed, seen_at=past + timedelta(hours=n), published_at=None)
        for n in range(4)
    ]
    bring(store, items, story="s-one")
    remeasured(store, running=running)
    before, days = kept(store), []
    if change == "refused":
        for one in items:
            label = Label(item_id=one.id, verdict=Verdict.NOT_RELEVANT, by="test", at=NOW)
            store.triage.add(label)
    elif change == "judged again":
        judge_as_harmless(store, items)
    elif change == "split":
        store.measures.split([items[3].id], by="test", now=NOW)
    elif change == "imported":
        bring(store, [make_item(9, feed_id=feed, seen_at=past, published_at=None)])
        days = [past.astimezone(ZONE).date()]
    else:
        judge_as_harmless(store, items[3:])
        correction = Join(
            item_id=items[3].id,
            story_id="s-two",
            rule="correction",
            because="test",
            similarity=0.0,
            correction_of="s-one",
        )
        with store.database.write() as connection:
            store.measures.add_joins(connection, [correction], now=NOW)
    remeasured(store, running=running, days=days)
    carried = kept(store)
    remeasured(store)
    full = kept(store)
    assert carried.keys() == full.keys()
    assert [key for key in full if not _alike(carried[key], full[key])] == []
    assert [key for key in full if key in before and not _alike(carried[key], before[key])]


@pytest.mark.parametrize(
    ("days_ago", "computed"),
    [
        pytest.param(0, 4, id="today"),
        pytest.param(8, 9, id="last week"),
        pytest.param(20, 20 + 28, id="longer ago"),
    ],
)
def test_what_a_person_refuses_is_computed_from_its_day_on(store, days_ago, computed, monkeypatch):
    running = measuring.Running()
    feed, day = store.feeds.all()[0].feed.id, NOW - timedelta(days=days_ago)
    bring(store, [make_item(1, feed_id=feed, seen_at=day, published_at=None)])
    remeasured(store, running=running)
    first = []
    real = measuring.update

    def noted(*args, since, **named):
        first.append(since)
        return real(*args, since=since, **named)

    monkeypatch.setattr(measuring, "update", noted)
    label = Label(
        item_id=make_item(1, feed_id=feed).id, verdict=Verdict.NOT_RELEVANT, by="a", at=NOW
    )
    store.triage.add(label)
    remeasured(store, running=running)
    assert [(running.measures.last - since).days < computed for since in first] == [True]
    assert first[0] <= day.astimezone(ZONE).date()


def test_a_feed_that_changes_its_group_is_computed_from_the_start(store):
    running = measuring.Running()
    remeasured(store, running=running)
    with store.database.write() as connection:
        connection.execute(metadata.tables["feeds"].update().values(official=True))
    remeasured(store, running=running)
    carried = kept(store)
    remeasured(store)
    assert carried == kept(store)


def test_readings_that_did_not_change_are_not_written_again(store):
    remeasured(store)
    with store.database.read() as connection:
        readings = metadata.tables["readings"]
        first = dict(connection.execute(readings.select()).mappings().first())
    remeasured(store)
    with store.database.read() as connection:
        assert dict(connection.execute(readings.select()).mappings().first()) == first


def test_every_computation_is_told_even_when_nothing_changed(store):
    remeasured(store)
    remeasured(store, now=NOW + timedelta(minutes=5))
    assert store.measures.computed_at() == NOW + timedelta(minutes=5)


def test_another_process_sees_what_was_written(store):
    other = Store(store.database, ZONE, index=SETTINGS)
    assert other.measures.readings() == []
    remeasured(store)
    assert other.measures.readings("risk") == store.measures.readings("risk") != []


def test_what_was_known_then_is_what_was_kept_then(store):
    running, then = measuring.Running(), {}
    feed = store.feeds.all()[0].feed.id
    for day in range(4):
        now = NOW + timedelta(days=day)
        bring(store, [make_item(50 + day, feed_id=feed, seen_at=now, published_at=now)])
        remeasured(store, now=now, running=running)
        then[now] = {one.day: one for one in store.measures.readings("risk")}
    for now, readings in then.items():
        known = measuring.measured(store, WATCHED, SETTINGS, Rules(), as_of=now)
        for one in known.readings("risk", now.date() - timedelta(days=10)):
            assert _alike(one, readings[one.day]), (now, one, readings[one.day])


def test_measuring_deletes_nothing(store):
    def counts():
        with store.database.read() as connection:
            return {
                name: len(connection.execute(table.select()).all())
                for name, table in metadata.tables.items()
                if name not in ("readings", "serials", "level_changes", "exposures", "flag_days")
            }

    before = counts()
    remeasured(store)
    before["meta"] += 1  # why the headline is what it is
    assert counts() == before
    remeasured(store)
    assert counts() == before


def columns(mentions):
    """Flags in an order of their own: how they were read must not matter."""
    return sorted(
        zip(
            mentions.day.tolist(),
            mentions.seen.tolist(),
            mentions.item_id,
            mentions.story_id,
            mentions.group,
            mentions.indicator,
            mentions.direction.tolist(),
            mentions.kind,
            mentions.severity.tolist(),
            mentions.proximity.tolist(),
            mentions.withdrawn.tolist(),
            strict=True,
        )
    )


def packed(store):
    with store.database.read() as connection:
        rows = connection.execute(metadata.tables["flag_days"].select())
        return {row.day: row.serial for row in rows}


def test_packed_days_hold_what_their_flags_hold(store):
    first, last = store.items.days()
    plain = columns(store.measures.mentions(first, last))
    assert packed(store) == {}
    open_day = last - timedelta(days=3)
    assert columns(store.measures.mentions(first, last, over=open_day)) == plain
    assert max(packed(store)) < open_day.isoformat()
    assert columns(store.measures.mentions(first, last)) == plain
    then = NOW - timedelta(days=10)
    assert columns(store.measures.mentions(first, last, then)) == [
        row for row in plain if row[1] <= then.timestamp() * 1e6
    ]


def test_a_packed_day_whose_flags_change_is_read_from_them_again(store):
    first, last = store.items.days()
    store.measures.mentions(first, last, over=last)
    before = packed(store)
    past = NOW - timedelta(days=20)
    bring(store, [make_item(1, feed_id=store.feeds.all()[0].feed.id, seen_at=past)])
    found = store.measures.mentions(first, last, over=last)
    assert make_item(1, feed_id=store.feeds.all()[0].feed.id).id in found.item_id
    after = packed(store)
    assert [day for day in after if after[day] != before[day]] == [
        past.astimezone(ZONE).date().isoformat()
    ]


def test_flags_without_a_story_are_packed_as_they_are(store):
    first, last = store.items.days()
    with store.database.write() as connection:
        connection.execute(metadata.tables["flags"].update().values(story_id=None))
    plain = columns(store.measures.mentions(first, last, over=last))
    assert columns(store.measures.mentions(first, last)) == plain
    assert all(row[2] == row[3] for row in plain)  # each item stands for itself


def marked(store):
    with store.database.read() as connection:
        rows = connection.execute(metadata.tables["story_marks"].select())
        return sorted((row.story_id, row.indicator, row.language, row.severity) for row in rows)


def test_marks_follow_what_becomes_of_a_story(store):
    feed = store.feeds.all()[0].feed.id
    items = [make_item(n, feed_id=feed, seen_at=NOW + timedelta(hours=n)) for n in range(2)]
    bring(store, items, story="s-one")

    def of(name):
        return [row for row in marked(store) if row[0] == name]

    assert len(of("s-one")) == 3
    moved = store.measures.split([items[1].id], by="ana", now=NOW)
    assert len(of(moved)) == 3
    assert store.measures.merge(["s-one", moved], by="ana", now=NOW) == "s-one"
    assert of(moved) == []
    judge_as_harmless(store, items)
    with store.database.write() as connection:
        store.measures.refresh_stories(connection, ["s-one"])
    assert of("s-one") == []
    assert marked(store) == sorted(
        (mark["story_id"], mark["indicator"], mark["language"], mark["severity"])
        for mark in _marks_of_all(store)
    )


def _marks_of_all(store):
    with store.database.read() as connection:
        rows = connection.execute(metadata.tables["stories"].select()).mappings().all()
    return [mark for row in rows for mark in marks.of(row)]


def test_days_packed_by_another_rule_of_lateness_are_not_used(store):
    first, last = store.items.days()
    store.measures.mentions(first, last, over=last)
    other = Store(store.database, ZONE, index=Settings(catch_up_days=1))
    with store.database.write() as connection:
        connection.execute(metadata.tables["flag_days"].update().values(body=b"{}"))
    assert len(other.measures.mentions(first, last)) > 0


# --- two kinds of databases ----------------------------------------------------------------------


def test_both_databases_show_the_same(tmp_path, postgres_url):
    seen = []
    for url in (f"sqlite:///{tmp_path / 'one.db'}", postgres_url):
        database = Database(url)
        database.migrate()
        store = fill(database)
        remeasured(store)
        lens = Lens(now=NOW, zone=ZONE, names={})
        page = situation.load(
            store.reading, lens, store.measures, watched=WATCHED, settings=SETTINGS, facts=()
        )
        asked = StoryFilter(since=NOW - timedelta(days=30))
        seen.append(
            (
                page.standing,
                page.moves,
                page.tiles,
                page.cells,
                page.stories,
                page.due,
                page.silent,
                page.chart.to_csv(),
                page.markers.to_csv(),
                stories.load(store.reading, lens, chosen=asked).cards,
                deadlines.load(store.reading, lens),
                kept(store),
            )
        )
        database.dispose()
    assert seen[0] == seen[1]


def test_a_store_of_many_years_is_measured_from_the_same_weekday_on():
    class Fake:
        class items:  # noqa: N801 - stands for an attribute
            @staticmethod
            def days():
                return date(2015, 1, 1), date(2025, 1, 1)

    starts = {measuring._begin(Fake, date(2025, 1, 1) + timedelta(days=n)) for n in range(300)}
    assert len(starts) <= 2
    assert len({one.weekday() for one in starts}) == 1
