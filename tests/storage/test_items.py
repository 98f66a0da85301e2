from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.assess.model import Assessment, Deadline
from monitor.storage import tables
from monitor.storage.feeds import Feeds
from monitor.storage.items import Items
from monitor.storage.outcomes import Outcomes
from tests.factories import NOW, make_assessment, make_feed, make_item, make_judged


@pytest.fixture
def kept(database):
    Feeds(database).sync([make_feed(1)], NOW)
    return Items(database, ZoneInfo("America/Curacao"))


def store(database, kept, *judged):
    with database.write() as connection:
        new = kept.add(connection, [(one.item, one.group, [one.item.guid]) for one in judged])
        kept.judge(connection, judged, NOW)
    return new


def rows(database, table):
    with database.read() as connection:
        return connection.execute(sa.select(table)).all()


def test_adding_twice_keeps_the_first_sighting(database, kept):
    assert store(database, kept, make_judged(1)) == {make_item(1).id}
    assert store(database, kept, make_judged(1, seen_at=NOW + timedelta(days=1))) == set()
    (one,) = kept.listed()
    assert one.item.seen_at == NOW
    assert kept.count() == 1


def test_a_judgement_comes_back_as_it_was_made(database, kept):
    store(database, kept, make_judged(1))
    (one,) = kept.get([make_item(1).id, "unknown"])
    assert one.assessment == make_assessment()
    assert one.feed_url == make_feed(1).url
    assert Assessment.from_json(make_assessment().as_json()) == make_assessment()


def test_a_new_version_stands_beside_the_old_one_and_takes_over_its_flags(database, kept):
    store(database, kept, make_judged(1))
    assert [one.item.guid for one in kept.pending("v2", limit=9)] == ["guid-1"]
    calm = make_assessment(lexicon_version="v2", relevant=False, severity=0, flags=())
    judged = make_judged(1)
    with database.write() as connection:
        kept.judge(connection, [type(judged)(item=judged.item, group="x", assessment=calm)], NOW)
    assert len(rows(database, tables.assessments)) == 2
    assert rows(database, tables.flags) == []
    assert rows(database, tables.deadlines) == []
    assert kept.pending("v2", limit=9) == []
    assert [one.item.guid for one in kept.listed(flagged=True)] == []


def test_what_a_person_noted_on_a_deadline_survives_a_new_judgement(database, kept):
    store(database, kept, make_judged(1))
    with database.write() as connection:
        connection.execute(
            sa.update(tables.deadlines).values(outcome="passed", outcome_by="ana", outcome_at=NOW)
        )
    with database.write() as connection:
        kept.judge(connection, [make_judged(1)], NOW)
    (row,) = rows(database, tables.deadlines)
    assert (row.outcome, row.outcome_by, row.due) == ("passed", "ana", "2025-12-10")
    assert row.due_at.isoformat() == "2025-12-11T04:00:00+00:00"  # the end of the local day


def judged_anew(database, kept, *due, **changes):
    """A later lexicon finds these deadlines in item 1."""
    evidence = make_assessment().flags[0].evidence[0]
    found = tuple(Deadline(due=one, evidence=evidence) for one in due)
    made = make_assessment(deadlines=found, lexicon_version="v2", **changes)
    one = make_judged(1)
    with database.write() as connection:
        kept.judge(connection, [type(one)(item=one.item, group="x", assessment=made)], NOW)
    found = rows(database, tables.deadlines)
    return sorted((row.due, row.outcome, row.outcome_by) for row in found)


@pytest.fixture
def settled(database, kept):
    """Item 1 with a deadline on 10 December that a person has settled."""
    store(database, kept, make_judged(1))
    Outcomes(database).settle(make_item(1).id, "2025-12-10", "passed", by="ana", now=NOW)


@pytest.mark.usefixtures("settled")
def test_an_outcome_survives_a_judgement_that_no_longer_finds_its_deadline(database, kept):
    mine = ("2025-12-10", "passed", "ana")
    assert judged_anew(database, kept, "2025-12-12") == [mine, ("2025-12-12", None, None)]
    calm = {"relevant": False, "severity": 0, "flags": ()}
    assert judged_anew(database, kept, **calm) == [mine]  # and again, with nothing found at all
    (row,) = rows(database, tables.deadlines)
    assert (row.outcome_at, row.indicator, row.phrase) == (NOW, "airspace", "Title")
    Outcomes(database).settle(row.item_id, row.due, "", by="ben", now=NOW)
    assert judged_anew(database, kept, **calm) == []  # an open one goes
    assert judged_anew(database, kept, "2025-12-10") == [("2025-12-10", None, None)]


def test_background_older_than_a_week_raises_no_flag(database, kept):
    judged = make_judged(1)
    old = make_assessment(historical=True)
    store(database, kept, type(judged)(item=judged.item, group="x", assessment=old))
    assert rows(database, tables.flags) == []
    assert [one.item.guid for one in kept.listed(flagged=True)] == ["guid-1"]


def test_items_are_listed_newest_first_by_feed_and_day(database, kept):
    store(
        database, kept, *(make_judged(n, published_at=NOW - timedelta(days=n)) for n in (1, 2, 3))
    )
    assert [one.item.guid for one in kept.listed(since=NOW - timedelta(days=2))] == [
        "guid-1",
        "guid-2",
    ]
    assert len(list(kept.listed(feed_id=make_feed(1).id, limit=1))) == 1
    assert list(kept.listed(feed_id="other")) == []
    assert kept.pending("v2", since=NOW - timedelta(days=1), limit=9)[0].item.guid == "guid-1"


def test_what_is_to_be_judged_again_comes_in_parts_in_the_order_first_seen(database, kept):
    times = {1: 3, 2: 1, 3: 3, 4: 2}  # two were first seen at the same moment
    store(
        database,
        kept,
        *(make_judged(n, seen_at=NOW + timedelta(hours=hour)) for n, hour in times.items()),
    )
    found, last = [], None
    while part := kept.pending("v2", after=last, limit=1):
        found += part
        last = part[-1]
    assert [one.item.guid for one in found[:2]] == ["guid-2", "guid-4"]
    assert sorted(one.item.guid for one in found[2:]) == ["guid-1", "guid-3"]
    assert kept.count_pending("v2") == 4
    assert kept.count_pending("v2", since=NOW + timedelta(days=9)) == 0


def test_a_future_date_never_sorts_later_than_an_hour_after_first_seen(database, kept):
    store(database, kept, make_judged(1, published_at=NOW + timedelta(days=900)))
    (one,) = kept.listed()
    assert one.item.sort_at == NOW + timedelta(hours=1)
    assert one.item.published_at == NOW + timedelta(days=900)


def test_the_list_contract_keeps_the_three_times_apart(database, kept):
    store(database, kept, make_judged(1, published_at=NOW - timedelta(hours=5)))
    (one,) = kept.listed()
    line = one.as_json()
    assert line["published"] < line["first_seen"]
    assert line["event_date"] == "2025-11-29"
    assert line["publisher"] == "Feed 1"
    assert line["assessment"]["flags"][0]["evidence"][0]["text"] == "Title"


def test_a_deadline_with_an_hour_passes_at_that_hour(kept):
    assert kept.due_at("2026-01-04T05:00:00+00:00").isoformat() == "2026-01-04T05:00:00+00:00"
    assert kept.due_at("2026-01-04T05:00:00").isoformat() == "2026-01-04T05:00:00-04:00"


def test_days_are_local(kept):
    assert kept.local_day(NOW.replace(hour=2)) == "2025-12-02"


def test_judging_nothing_is_nothing(database, kept):
    with database.write() as connection:
        kept.judge(connection, [], NOW)
    assert rows(database, tables.assessments) == []
