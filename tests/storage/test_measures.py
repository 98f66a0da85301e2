"""Stories, exposures and readings: what grouping and the index keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.assess.model import Assessment, Direction, Evidence, Flag, Kind, Relevance
from monitor.assess.model import Deadline as EvidencedDeadline
from monitor.indicators.measure import State, measure
from monitor.indicators.settings import Settings, Weighting
from monitor.items import Item
from monitor.storage import tables
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.items import Items, Judged
from monitor.storage.measures import LevelChange, Measures
from monitor.stories.grouping import Grouper
from monitor.stories.groups import Groups
from tests.factories import NOW, make_feed, make_item

ZONE = ZoneInfo("America/Curacao")
GROUPS = Groups.of([{"name": "ministry", "official": True, "reliability": "A", "pool": "official"}])
TODAY = NOW.astimezone(ZONE).date()


def flag(indicator: str = "airspace", **changes: object) -> Flag:
    values: dict[str, object] = {
        "indicator": indicator,
        "direction": Direction.ESCALATORY,
        "kind": Kind.ACT,
        "severity": 3,
        "evidence": (Evidence(field="title", start=0, end=5, text="Title", rule="r"),),
    }
    return Flag(**values | changes)


def assessment(*flags: Flag, **changes: object) -> Assessment:
    values: dict[str, object] = {
        "language": "en",
        "relevant": bool(flags),
        "relevance": Relevance(value=0.9 if flags else 0.0),
        "severity": max((one.severity for one in flags), default=0),
        "direction": flags[0].direction if flags else Direction.NEUTRAL,
        "flags": flags,
        "proximity": 0.7,
        "lexicon_version": "v1",
    }
    return Assessment(**values | changes)


class Bench:
    """A store with two feeds, and what the cycle does with a poll's items."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.items = Items(database, ZONE)
        self.measures = Measures(database, ZONE, GROUPS)
        self.feeds = [
            make_feed(1, group="chronicle", reliability="B"),
            make_feed(2, group="courier", reliability="C"),
        ]
        Feeds(database).sync(self.feeds, NOW - timedelta(days=90))

    def bring(self, item: Item, made: Assessment, group: str = "chronicle") -> str:
        """Store, judge and group one item; the id of its story."""
        with self.database.write() as connection:
            self.items.add(connection, [(item, group, [item.guid])])
            judged = Judged(item=item, group=group, assessment=made)
            self.items.judge(connection, [judged], item.seen_at)
        grouper = Grouper(self.measures.window(item.seen_at - timedelta(hours=80)))
        joins = [grouper.add(one) for one in self.measures.ungrouped()]
        with self.database.write() as connection:
            self.measures.add_joins(connection, joins, now=item.seen_at)
        return joins[-1].story_id

    def poll(self, at: datetime, feed: int = 0, status: str = "ok") -> None:
        row = {"feed_id": self.feeds[feed].id, "started_at": at, "finished_at": at}
        with self.database.write() as connection:
            connection.execute(sa.insert(tables.polls).values(**row, status=status))

    def story(self, name: str) -> sa.Row[tuple[object, ...]]:
        with self.database.read() as connection:
            query = sa.select(tables.stories).where(tables.stories.c.id == name)
            return connection.execute(query).one()


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


CLOSED = "Hato tower confirms that Curaçao airspace north of Falcón stays closed until Friday"
CLOSED_TOO = "Curaçao airspace north of Falcón stays closed until Friday, Hato tower confirms"


def test_two_reports_of_one_development_become_one_story_with_its_totals(bench):
    first = bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    second = bench.bring(
        make_item(2, feed_id=bench.feeds[1].id, title=CLOSED_TOO), assessment(flag()), "courier"
    )
    row = bench.story(first)
    assert second == first
    assert (row.items, row.groups, row.severity, row.flagged) == (2, 2, 3, True)
    assert row.corroboration == pytest.approx(1 - 0.25 * 0.5)
    assert (row.indicators, row.languages, row.direction) == ("airspace", "en", "escalatory")


def test_flags_follow_their_item_into_its_story(bench):
    story = bench.bring(make_item(1, title=CLOSED), assessment(flag(), flag("ultimatum")))
    mentions = bench.measures.mentions(TODAY, TODAY)
    assert set(mentions.story_id) == {story}
    assert sorted(mentions.indicator) == ["airspace", "ultimatum"]
    assert mentions.proximity.tolist() == [0.7, 0.7]


def test_what_a_person_split_off_stays_split_when_grouping_runs_again(bench):
    story = bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    moved = make_item(2, title=CLOSED_TOO)
    assert bench.bring(moved, assessment(flag())) == story
    alone = bench.measures.split([moved.id], by="ana", now=NOW)
    assert alone != story
    grouper = Grouper(bench.measures.window(NOW - timedelta(days=3)))
    joins = [grouper.add(one.item) for one in bench.measures.window(NOW - timedelta(days=3))]
    with bench.database.write() as connection:
        bench.measures.add_joins(connection, [replace(j, rule="rewrite") for j in joins], now=NOW)
    assert bench.story(alone).items == 1
    assert bench.story(story).items == 1


def test_merged_stories_become_one_and_the_empty_one_goes(bench):
    first = bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    other = bench.bring(make_item(2, title="Tanker seized off Bonaire"), assessment(flag()))
    assert bench.measures.merge([first, other], by="ana", now=NOW) == first
    assert bench.story(first).items == 2
    with bench.database.read() as connection:
        left = connection.execute(sa.select(tables.stories.c.id)).scalars().all()
    assert left == [first]
    assert other not in left


def test_merging_stories_that_are_gone_says_so(bench):
    with pytest.raises(KeyError, match="none of the stories sx"):
        bench.measures.merge(["sx"], by="ana", now=NOW)


def test_as_of_a_moment_later_items_are_not_known(bench):
    bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    late = make_item(2, title="Tanker seized off Bonaire", seen_at=NOW + timedelta(hours=3))
    bench.bring(late, assessment(flag("sanctions")))
    known = bench.measures.mentions(TODAY, TODAY, NOW + timedelta(hours=1))
    assert list(known.indicator) == ["airspace"]
    assert len(bench.measures.mentions(TODAY, TODAY)) == 2


def test_what_was_found_after_an_outage_counts_on_its_own_day(bench):
    item = make_item(1, title=CLOSED, published_at=NOW - timedelta(days=2))
    bench.bring(item, assessment(flag()))
    found = TODAY - timedelta(2)
    assert bench.measures.mentions(found, found).day.tolist() == [
        (TODAY - timedelta(2)).toordinal()
    ]


def test_an_item_that_a_person_called_not_relevant_counts_nothing_from_then_on(bench):
    item = make_item(1, title=CLOSED)
    bench.bring(item, assessment(flag()))
    label = {"item_id": item.id, "verdict": "not_relevant", "by": "ana", "at": NOW}
    with bench.database.write() as connection:
        connection.execute(sa.insert(tables.triage).values(**label, note=""))
    assert bench.measures.mentions(TODAY, TODAY).withdrawn.tolist() == [True]
    before = NOW - timedelta(minutes=1)
    assert len(bench.measures.mentions(TODAY, TODAY, before)) == 0
    assert bench.measures.mentions(TODAY, TODAY, NOW).withdrawn.tolist() == [True]


@pytest.mark.parametrize(
    ("group", "withdrawn"),
    [
        pytest.param("chronicle", [True, False], id="the publisher takes back its own report"),
        pytest.param("ministry", [True, True], id="an official source corrects everybody"),
    ],
)
def test_a_correction_takes_the_weight_of_what_it_corrects(bench, group, withdrawn):
    bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    bench.bring(make_item(2, title=CLOSED_TOO), assessment(flag()), "courier")
    correction = make_item(3, title=f"Correction: {CLOSED}", seen_at=NOW + timedelta(hours=2))
    bench.bring(correction, assessment(), group)
    now = bench.measures.mentions(TODAY, TODAY)
    by_group = dict(zip(now.group, now.withdrawn.tolist(), strict=True))
    assert [by_group["chronicle"], by_group["courier"]] == withdrawn
    assert not bench.measures.mentions(TODAY, TODAY, NOW).withdrawn.any()


def exposure(bench: Bench, group: str, day: date = TODAY, now: datetime = NOW):
    bench.measures.refresh_exposures([day], now=now)
    return next(one for one in bench.measures.exposures(day, day) if one.group == group)


def test_a_polled_group_is_observed_with_its_stories_counted_once(bench):
    bench.bring(make_item(1, title=CLOSED), assessment(flag()))
    bench.bring(make_item(2, title=CLOSED_TOO), assessment(flag()))
    bench.bring(make_item(3, title="Carnival queen elected in Otrobanda"), assessment())
    bench.poll(NOW - timedelta(minutes=5))
    found = exposure(bench, "chronicle")
    assert (found.stories, found.observed, found.reliability) == (2, True, "B")


@pytest.mark.parametrize(
    ("polls", "because"),
    [
        pytest.param([], "not polled", id="nobody looked"),
        pytest.param(["error", "error", "ok"], "only 1 of 3 polls worked", id="mostly failing"),
    ],
)
def test_a_group_that_was_not_watched_well_is_not_observed(bench, polls, because):
    bench.poll(NOW - timedelta(days=20))  # polled once, so it is no archive
    for n, status in enumerate(polls):
        bench.poll(NOW - timedelta(minutes=30 - n), status=status)
    found = exposure(bench, "chronicle")
    assert (found.observed, found.because) == (False, because)


def test_a_success_long_before_the_end_of_the_day_is_not_enough(bench):
    bench.poll(datetime(2025, 12, 2, 5, tzinfo=UTC))  # 01:00 in Curaçao
    found = exposure(bench, "chronicle", date(2025, 12, 2))
    assert found.because == "no successful poll in the last 12 hours of the day"


def test_a_feed_that_answers_but_never_changes_is_not_observed(bench):
    bench.bring(make_item(1, title=CLOSED, seen_at=NOW - timedelta(days=9)), assessment())
    with bench.database.write() as connection:
        row = {"feed_id": bench.feeds[0].id, "p95_gap": 86_400.0}
        bench.database.upsert(connection, tables.feed_states, [row])
    bench.poll(NOW, status="unchanged")
    assert "nothing new" in exposure(bench, "chronicle").because


def test_a_day_without_polls_counts_once_its_items_were_caught_up(bench):
    yesterday = TODAY - timedelta(1)
    item = make_item(1, title=CLOSED, published_at=NOW - timedelta(days=1))
    bench.poll(NOW - timedelta(days=20))
    assert not exposure(bench, "chronicle", yesterday).observed
    bench.bring(item, assessment(flag()))
    bench.poll(NOW)
    found = exposure(bench, "chronicle", yesterday)
    assert (found.stories, found.observed) == (1, True)


def test_an_imported_archive_is_observed_by_its_own_rhythm(bench):
    bench.bring(make_item(1, title=CLOSED, seen_at=NOW - timedelta(days=3)), assessment(flag()))
    assert exposure(bench, "chronicle").observed
    bench.measures.refresh_exposures([TODAY + timedelta(9)], now=NOW + timedelta(days=9))
    later = bench.measures.exposures(TODAY + timedelta(9), TODAY + timedelta(9))
    assert [one.because for one in later if one.group == "chronicle"] == [
        "archive without an item for a week"
    ]


def test_days_that_have_not_begun_have_no_exposure(bench):
    bench.measures.refresh_exposures([TODAY + timedelta(2)], now=NOW)
    assert bench.measures.exposures(TODAY, TODAY + timedelta(3)) == []


def test_paused_and_removed_feeds_are_not_expected(bench):
    Feeds(bench.database).pause(bench.feeds[0].id, paused=True, by="ana", now=NOW)
    bench.measures.refresh_exposures([TODAY], now=NOW)
    assert {one.group for one in bench.measures.exposures(TODAY, TODAY)} == {"courier"}


def test_exposures_as_of_a_moment_count_only_what_was_polled_by_then(bench):
    bench.poll(NOW - timedelta(days=20))
    bench.poll(NOW + timedelta(hours=2))
    bench.measures.refresh_exposures([TODAY], now=NOW + timedelta(hours=3))
    by_then = bench.measures.exposures(TODAY - timedelta(9), TODAY, NOW)
    assert {one.observed for one in by_then if one.group == "chronicle"} == {False}
    assert exposure(bench, "chronicle", now=NOW + timedelta(hours=3)).observed


def test_readings_come_back_as_they_were_kept(bench):
    bench.poll(NOW)
    bench.measures.refresh_exposures([TODAY], now=NOW)
    made = measure(
        bench.measures.mentions(TODAY, TODAY),
        bench.measures.exposures(TODAY, TODAY),
        {"airspace": Weighting()},
        Settings(),
        as_of=NOW,
        zone=ZONE,
    )
    assert made is not None
    rows = made.readings("risk") + made.readings("airspace")
    bench.measures.save_readings(rows, now=NOW)
    assert bench.measures.readings("risk", TODAY, TODAY) == made.readings("risk")
    assert len(bench.measures.readings()) == 2
    assert rows[0].state is State.FORMING
    assert bench.measures.computed_at() == NOW


def test_level_changes_are_kept_newest_first(bench):
    changes = [
        LevelChange(at=NOW, day=TODAY, old=0, new=2, because="tripwire"),
        LevelChange(at=NOW + timedelta(days=1), day=TODAY, old=2, new=1, because="calmer"),
    ]
    for one in changes:
        bench.measures.add_level_change(one)
    assert bench.measures.level_changes() == changes[::-1]


def due(n: int) -> EvidencedDeadline:
    span = Evidence(field="title", start=0, end=5, text="until", rule="d")
    return EvidencedDeadline(due=(TODAY + timedelta(n)).isoformat(), evidence=span)


def test_deadlines_come_with_their_story_and_group_and_only_what_was_known_then(bench):
    made = assessment(flag("ultimatum"), deadlines=(due(2),))
    story = bench.bring(make_item(1, title=CLOSED), made)
    (found,) = bench.measures.deadlines(NOW)
    assert (found.story_id, found.group, found.indicator) == (story, "chronicle", "ultimatum")
    assert found.due_at == datetime(2025, 12, 6, 4, tzinfo=UTC)
    assert bench.measures.deadlines(NOW, NOW - timedelta(hours=1)) == []
    assert bench.measures.deadlines(NOW + timedelta(days=9)) == []


def test_a_deadline_that_was_taken_back_is_not_listed(bench):
    made = assessment(flag("ultimatum"), deadlines=(due(2),))
    bench.bring(make_item(1, title=CLOSED), made)
    correction = make_item(3, title=f"Correction: {CLOSED}", seen_at=NOW + timedelta(hours=2))
    bench.bring(correction, assessment())
    assert bench.measures.deadlines(NOW) == []


def test_nothing_stored_gives_no_mention(bench):
    assert len(bench.measures.mentions(TODAY, TODAY)) == 0
