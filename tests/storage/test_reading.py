"""What pages ask the store, on both databases."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.items import booked_day
from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.outcomes import Outcomes
from monitor.storage.reading import Reading
from monitor.storage.rows import StoryFilter
from monitor.storage.triage import Label, Triage, Verdict
from tests.factories import NOW, make_feed
from tests.shelf import VERSION, attempt, due, judgement, polled, put, watch

HERE = ZoneInfo("America/Curacao")


@pytest.fixture
def reading(database):
    watch(database, 1, 2)
    return Reading(database)


def ids(page):
    return [one.id for one in page.rows]


def decide(database, item_id, verdict=Verdict.CONFIRMED):
    Triage(database).add(Label(item_id=item_id, verdict=verdict, by="ana", at=NOW))


def test_stories_come_newest_first_and_the_next_page_goes_on_where_the_last_ended(
    database, reading
):
    for number in range(1, 8):
        put(database, number)
    first = reading.stories(StoryFilter(), limit=3)
    second = reading.stories(StoryFilter(), after=first.after, limit=3)
    third = reading.stories(StoryFilter(), after=second.after, limit=3)
    assert [ids(first), ids(second), ids(third)] == [["s1", "s2", "s3"], ["s4", "s5", "s6"], ["s7"]]
    assert third.after is None


def test_stories_of_the_same_moment_are_neither_lost_nor_shown_twice(database, reading):
    for number in range(1, 6):
        put(database, number, seen_at=NOW)
    shown, after = [], None
    while True:
        page = reading.stories(StoryFilter(), after=after, limit=2)
        shown += ids(page)
        after = page.after
        if after is None:
            break
    assert sorted(shown) == ["s1", "s2", "s3", "s4", "s5"]


def test_a_place_that_no_page_gave_is_refused(reading):
    with pytest.raises(ValueError, match="first page"):
        reading.stories(StoryFilter(), after="'; DROP TABLE items")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param(StoryFilter(), ["s1", "s2", "s3"], id="flagged only"),
        pytest.param(StoryFilter(flagged=False), ["s1", "s2", "s3", "s4"], id="all"),
        pytest.param(StoryFilter(indicators=("sanctions",)), ["s2"], id="one indicator"),
        pytest.param(StoryFilter(indicators=("sanctions", "airspace")), ["s1", "s2"], id="any of"),
        pytest.param(StoryFilter(indicators=("sanction",)), [], id="a part of a name is no name"),
        pytest.param(StoryFilter(severity=3), ["s3"], id="severity"),
        pytest.param(StoryFilter(direction="deescalatory"), ["s2"], id="direction"),
        pytest.param(StoryFilter(language="nl"), ["s3"], id="language"),
        pytest.param(StoryFilter(since=NOW - timedelta(minutes=2)), ["s1", "s2"], id="since"),
        pytest.param(StoryFilter(until=NOW - timedelta(minutes=2)), ["s3"], id="until"),
        pytest.param(StoryFilter(words="Luchtruim"), ["s3"], id="words"),
    ],
)
def test_each_filter_lets_through_what_it_says(database, reading, chosen, expected):
    put(database, 1, title="Airspace closed")
    put(
        database,
        2,
        title="Licence granted",
        judged=judgement(
            "Licence granted", indicators=("sanctions",), direction="deescalatory", severity=1
        ),
    )
    put(
        database,
        3,
        title="Luchtruim dicht",
        judged=judgement("Luchtruim dicht", indicators=("border",), language="nl", severity=3),
    )
    put(database, 4, title="Football", judged=judgement("Football", indicators=()))
    assert ids(reading.stories(chosen)) == expected
    assert reading.count_stories(chosen) == len(expected)


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param({"indicators": ("airspace",)}, id="an indicator"),
        pytest.param({"indicators": ("airspace", "sanctions")}, id="two indicators"),
        pytest.param({"language": "es"}, id="a language"),
        pytest.param({"language": "es", "flagged": False}, id="a language, flagged or not"),
        pytest.param({"indicators": ("airspace",), "language": "es"}, id="both"),
        pytest.param({"indicators": ("airspace", "border"), "severity": 3}, id="severity too"),
        pytest.param({"language": "nl", "direction": "neutral"}, id="direction too"),
        pytest.param({"severity": 2, "direction": "escalatory"}, id="neither"),
        pytest.param({"words": "title", "language": "es"}, id="with words"),
        pytest.param({"words": "title", "indicators": ("border",)}, id="words and an indicator"),
    ],
)
def test_every_filter_gives_the_stories_of_a_plain_look_at_all(database, reading, chosen):
    names = ("airspace", "border", "sanctions", "military")
    for number in range(1, 41):
        flags = names[number % 4 : number % 4 + number % 3]
        judged = judgement(
            f"Title {number}",
            indicators=flags,
            language=("en", "es", "nl")[number % 3],
            severity=1 + number // 4 % 4,
            direction=("escalatory", "neutral")[number // 5 % 2],
        )
        put(database, number, judged=judged, seen_at=NOW - timedelta(minutes=number // 2))
    asked = StoryFilter(**chosen)
    everything = reading.stories(StoryFilter(flagged=False), limit=100).rows
    fits = [one for one in everything if _fits(one, asked)]
    assert 0 < len(fits) < len(everything)
    newest = sorted(fits, key=lambda one: (one.last_seen_at, one.id), reverse=True)
    severest = sorted(fits, key=lambda one: (one.severity, one.last_seen_at, one.id), reverse=True)
    first = reading.stories(asked, limit=2)
    rest = reading.stories(asked, limit=100, after=first.after)
    assert (*first.rows, *(rest.rows if first.after else ())) == tuple(newest)
    assert reading.severest_stories(asked, limit=100) == tuple(severest)
    assert reading.severest_stories(asked, limit=3) == tuple(severest[:3])
    assert reading.count_stories(asked) == len(fits)


def _fits(story, asked):
    return (
        (story.flagged or not asked.flagged)
        and story.severity >= asked.severity
        and asked.direction in ("", story.direction)
        and (not asked.language or asked.language in story.languages)
        and (not asked.indicators or bool({*asked.indicators} & {*story.indicators}))
    )


def test_counting_stops_where_it_is_told(database, reading):
    for number in range(1, 6):
        put(database, number)
    assert reading.count_stories(StoryFilter(), at_most=3) == 3


def test_the_severest_story_leads_and_the_latest_among_equals(database, reading):
    put(database, 1)
    put(database, 2, judged=judgement("Title 2", severity=4))
    put(database, 3)
    assert [one.id for one in reading.severest_stories(StoryFilter(), limit=2)] == ["s2", "s1"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("curacao", [1], id="accents do not matter"),
        pytest.param("CURAÇAO", [1], id="case does not matter"),
        pytest.param("airspace curaçao", [1], id="all words"),
        pytest.param("airspace oil", [], id="not only one of them"),
        pytest.param("venezuel*", [2], id="a star ends a word"),
        pytest.param("venezuel", [], id="without a star the whole word"),
        pytest.param('"; OR 1=1 --', [], id="operators are words"),
        pytest.param("!!", [], id="nothing to look for"),
        pytest.param("refinery", [2], id="the summary counts"),
    ],
)
def test_full_text_finds(database, reading, words, found):
    put(database, 1, title="Airspace over Curaçao")
    put(database, 2, title="Oil of Venezuela", summary="The refinery again")
    assert [row.title for row in reading.items(words=words).rows] == [
        {1: "Airspace over Curaçao", 2: "Oil of Venezuela"}[number] for number in found
    ]


def test_items_bring_their_feed_their_present_assessment_and_why_they_are_in_their_story(
    database, reading
):
    put(database, 1, because="shares three rare words", publisher="Wire")
    row = reading.items().rows[0]
    assert (row.feed_title, row.publisher, row.reliability) == ("Feed 1", "Wire", "F")
    assert row.assessment is not None
    assert row.assessment.lexicon_version == VERSION
    assert row.joined_because == "shares three rare words"


def test_an_item_without_an_assessment_is_shown_all_the_same(database, reading):
    put(database, 1, judged=None)
    row = reading.items().rows[0]
    assert row.assessment is None
    assert not row.flagged


def test_items_of_a_feed_are_paged_in_the_order_in_which_they_were_seen(database, reading):
    for number in range(1, 5):
        put(database, number, feed=2, sort_at=NOW - timedelta(days=number % 2))
    put(database, 9, feed=1)
    feed_id = make_feed(2).id
    first = reading.items(feed_id=feed_id, limit=3)
    rest = reading.items(feed_id=feed_id, after=first.after, limit=3)
    assert [one.title for one in (*first.rows, *rest.rows)] == [f"Title {n}" for n in (1, 2, 3, 4)]


def test_items_of_one_poll_stand_in_the_order_in_which_they_were_published(database, reading):
    for number in range(1, 8):
        put(database, number, feed=1, seen_at=NOW, sort_at=NOW - timedelta(hours=number * 3 % 7))
    put(database, 8, feed=1, seen_at=NOW - timedelta(days=1), sort_at=NOW)
    put(database, 9, feed=1, seen_at=NOW, sort_at=datetime(1969, 7, 1, tzinfo=UTC))
    feed_id, titles, after = make_feed(1).id, [], None
    while True:
        page = reading.items(feed_id=feed_id, after=after, limit=2)
        titles += [one.title for one in page.rows]
        if (after := page.after) is None:
            break
    assert titles == [f"Title {n}" for n in (7, 5, 3, 1, 6, 4, 2, 9, 8)]


def test_items_of_a_feed_are_found_by_walking_an_index_from_where_the_last_page_ended(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    database.migrate()
    watch(database, 1)
    for number in (1, 2, 3):
        put(database, number, feed=1)
    asked = []

    def note(_connection, _cursor, statement, values, *_more):
        asked.append((statement, values))

    page = Reading(database).items(feed_id=make_feed(1).id, limit=1)
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        Reading(database).items(feed_id=make_feed(1).id, limit=1, after=page.after)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    statement, values = next(one for one in asked if "LIMIT" in one[0])
    with database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.dispose()
    chosen = [str(row[3]) for row in plan if "items_feed_newest" in str(row[3])]
    assert len(chosen) == 1
    assert "feed_id=? AND seen_at<?" in chosen[0]
    sorted_rows = [row for row in plan if "TEMP B-TREE FOR ORDER BY" in str(row[3])]
    assert all(row[1] == 0 for row in sorted_rows)  # the rows of one page only, never the choice


@pytest.mark.parametrize("after", ["", "x", "1-abc", "1-2", "1-2-"])
def test_a_place_that_no_list_of_a_feed_gave_is_refused(reading, after):
    with pytest.raises(ValueError, match="no place in the list"):
        reading.items(feed_id=make_feed(1).id, after=after)


def test_items_can_be_asked_for_flagged_and_since(database, reading):
    put(database, 1)
    put(database, 2, judged=judgement("Title 2", indicators=()))
    put(database, 3, seen_at=NOW - timedelta(days=9))
    found = reading.items(flagged=True, since=NOW - timedelta(days=1)).rows
    assert [one.title for one in found] == ["Title 1"]


def test_of_each_story_only_its_newest_items_are_read(database, reading):
    for number in range(1, 6):
        put(database, number, story="long", feed=1 + number % 2)
    put(database, 9, story="short")
    rows = reading.items_of(["long", "short"], limit=2)
    assert [row.title for row in rows] == ["Title 1", "Title 2", "Title 9"]
    assert reading.items_of([]) == ()


def test_stories_and_items_by_id_keep_the_order_asked_for(database, reading):
    one, two = put(database, 1), put(database, 2)
    assert [row.id for row in reading.items_by_id([two, "unknown", one, two])] == [two, one]
    assert [row.id for row in reading.stories_by_id(["s2", "none", "s1"])] == ["s2", "s1"]
    assert reading.story("none") is None
    assert reading.item("none") is None
    assert reading.item(one) is not None


def test_the_items_behind_a_day_are_those_flagged_on_it_the_most_severe_first(database, reading):
    mild = put(database, 1)
    grave = put(database, 2, judged=judgement("Title 2", severity=4))
    put(database, 3, seen_at=NOW - timedelta(days=2))
    put(database, 4, judged=judgement("Title 4", indicators=("migration",), kind="context"))
    day = "2025-12-03"
    assert reading.flagged_on(day, kinds=("act",)) == (grave, mild)
    assert reading.flagged_on(day, indicators=("migration",)) != ()
    assert reading.flagged_on(day, directions=("deescalatory",)) == ()
    assert len(reading.flagged_on("2025-12-01", until_day=day)) == 4


def test_items_stand_behind_the_day_to_which_the_index_books_them(database, reading):
    first, number, booked = date(2025, 11, 20), 0, {}
    for after in range(12):
        for late in range(-1, 6):
            number += 1
            seen = first + timedelta(after)
            published = seen - timedelta(late)
            item = put(database, number, seen_at=datetime.combine(seen, time(16), UTC))
            booked[item] = booked_day(seen, published, catch_up_days=3)
            with database.write() as connection:
                connection.execute(
                    sa.update(t.flags)
                    .where(t.flags.c.item_id == item)
                    .values(published_day=published.isoformat())
                )
    for start, length in ((0, 1), (3, 1), (3, 2), (2, 7), (0, 12), (11, 1)):
        since, until = first + timedelta(start), first + timedelta(start + length - 1)
        found = reading.flagged_on(since.isoformat(), until_day=until.isoformat())
        assert set(found) == {item for item, day in booked.items() if since <= day <= until}
    exact = Reading(database, catch_up_days=0)
    assert len(exact.flagged_on(first.isoformat())) == 7


def test_earlier_wordings_come_newest_first(database, reading):
    item = put(database, 1)
    with database.write() as connection:
        for hour, title in ((1, "first"), (2, "second")):
            moment = NOW + timedelta(hours=hour)
            connection.execute(
                sa.insert(t.revisions).values(
                    item_id=item, revised_at=moment, title=title, summary=""
                )
            )
    assert [title for _at, title, _summary in reading.revisions(item)] == ["second", "first"]


def test_deadlines_come_soonest_first_with_the_item_that_gave_them(database, reading):
    put(database, 1, judged=judgement("Title 1", deadlines=(due("2025-12-09"),), severity=3))
    put(database, 2, judged=judgement("Title 2", deadlines=(due("2025-12-05"),)))
    rows = reading.deadlines(since=NOW, until=NOW + timedelta(days=30))
    assert [(row.due, row.title, row.severity) for row in rows] == [
        ("2025-12-05", "Title 2", 2),
        ("2025-12-09", "Title 1", 3),
    ]


def test_a_settled_deadline_is_no_longer_open_and_says_who_settled_it(database, reading):
    item = put(database, 1, judged=judgement("Title 1", deadlines=(due("2025-12-05"),)))
    until = NOW + timedelta(days=30)
    assert Outcomes(database).settle(item, "2025-12-05", "passed", by="ana", now=NOW) == 1
    assert reading.deadlines(since=NOW, until=until, open_only=True) == ()
    row = reading.deadlines(since=NOW, until=until)[0]
    assert (row.outcome, row.outcome_by, row.outcome_at) == ("passed", "ana", NOW)
    assert reading.changes(subject=item)[0].what == "deadline settled"


def test_an_empty_outcome_opens_a_deadline_again(database, reading):
    item = put(database, 1, judged=judgement("Title 1", deadlines=(due("2025-12-05"),)))
    Outcomes(database).settle(item, "2025-12-05", "passed", by="ana", now=NOW)
    Outcomes(database).settle(item, "2025-12-05", "", by="ben", now=NOW)
    assert len(reading.deadlines(since=NOW, until=NOW + timedelta(9), open_only=True)) == 1
    assert Outcomes(database).settle("none", "2025-12-05", "x", by="ben", now=NOW) == 0


def test_an_item_waits_until_somebody_decides_and_again_once_that_is_taken_back(database, reading):
    one, two = put(database, 1), put(database, 2)
    put(database, 3, judged=judgement("Title 3", indicators=()))
    assert ids(reading.untriaged()) == [one, two]
    decide(database, one)
    assert ids(reading.untriaged()) == [two]
    assert reading.count_untriaged() == 1
    decide(database, one, Verdict.UNDONE)
    assert ids(reading.untriaged()) == [one, two]
    assert reading.verdicts() == {}


def test_undoing_a_second_answer_leaves_the_first_one_standing(database, reading):
    one = put(database, 1)
    decide(database, one, Verdict.CONFIRMED)
    decide(database, one, Verdict.CORRECTED)
    decide(database, one, Verdict.UNDONE)
    assert reading.verdicts() == {"confirmed": 1}
    assert [(row.verdict, row.standing) for row in reading.triage_log()] == [
        ("undone", False),
        ("corrected", False),
        ("confirmed", True),
    ]
    assert ids(reading.untriaged()) == []


def test_the_queue_goes_on_behind_an_item_that_is_put_off(database, reading):
    one, two = put(database, 1), put(database, 2)
    first = reading.untriaged(limit=1)
    assert ids(first) == [one]
    assert ids(reading.untriaged(after=first.after, limit=1)) == [two]


def test_feeds_come_with_their_health_and_removed_ones_last(database, reading):
    put(database, 1, feed=1)
    put(database, 2, feed=1, seen_at=NOW - timedelta(days=3))
    polled(database, 1)
    with database.write() as connection:
        connection.execute(
            sa.update(t.feeds)
            .where(t.feeds.c.id == make_feed(2).id)
            .values(removed_at=NOW, removed_by="ana")
        )
    first, last = reading.feeds(now=NOW)
    assert (first.title, first.items_24h, first.items_30d, first.polls) == ("Feed 1", 1, 2, 10)
    assert (last.title, last.removed_by, last.last_polled_at) == ("Feed 2", "ana", None)


def last_days(number):
    return [date(2025, 12, 3) - timedelta(n) for n in reversed(range(number))]


def test_a_poll_counts_to_the_local_day_also_where_the_clock_is_changed(database, reading):
    zone = ZoneInfo("Europe/Amsterdam")
    days = [date(2025, 10, 25), date(2025, 10, 26), date(2025, 10, 27)]  # the second has 25 hours
    for moment in ("2025-10-25T21:59:00", "2025-10-25T22:00:00", "2025-10-26T22:59:00"):
        attempt(database, 1, started_at=datetime.fromisoformat(f"{moment}+00:00"))
    found = reading.poll_days([make_feed(1).id], days, zone=zone)
    assert [(one.day, one.polls) for one in found] == [("2025-10-25", 1), ("2025-10-26", 2)]


def test_poll_days_count_attempts_failures_and_new_items(database, reading):
    for hours, status, new in ((1, "ok", 2), (2, "error", 0), (30, "ok", 1), (3, "skipped", 0)):
        attempt(database, 1, started_at=NOW - timedelta(hours=hours), status=status, new=new)
    found = reading.poll_days([make_feed(1).id], last_days(4), zone=HERE)
    assert [(one.day, one.polls, one.failed, one.new) for one in found] == [
        ("2025-12-02", 1, 0, 1),
        ("2025-12-03", 2, 1, 2),
    ]


def test_days_that_are_over_are_remembered_and_today_is_counted_anew(database, reading):
    attempt(database, 1, started_at=NOW - timedelta(days=1))
    found = reading.poll_days([make_feed(1).id], last_days(4), zone=HERE)
    assert [one.polls for one in found] == [1]
    attempt(database, 1, started_at=NOW - timedelta(hours=1))
    found = reading.poll_days([make_feed(1).id], last_days(4), zone=HERE)
    assert [(one.day, one.polls) for one in found] == [("2025-12-02", 1), ("2025-12-03", 1)]


def test_polls_of_a_feed_come_newest_first(database, reading):
    attempt(database, 1, started_at=NOW - timedelta(hours=2), new=1)
    attempt(database, 1, started_at=NOW - timedelta(hours=1), new=2)
    assert [one.new for one in reading.polls(make_feed(1).id)] == [2, 1]


def test_totals_say_how_much_there_is_and_how_fresh_it_is(database, reading):
    empty = reading.totals(now=NOW)
    assert (empty.items, empty.newest_seen_at, empty.last_poll_at) == (0, None, None)
    put(database, 1)
    put(database, 2, judged=judgement("Title 2", indicators=()))
    put(database, 3, seen_at=NOW - timedelta(days=9))
    totals = reading.totals(now=NOW)
    assert (totals.items, totals.items_24h) == (3, 2)
    assert (totals.flagged_items_24h, totals.flagged_stories_24h) == (1, 1)
    assert totals.newest_seen_at == NOW - timedelta(minutes=1)
    assert totals.oldest_seen_at == NOW - timedelta(days=9)


def test_the_version_changes_with_news_and_decisions_but_not_with_an_idle_poll(database, reading):
    item = put(database, 1)
    first = reading.version()
    attempt(database, 1, new=0)
    assert reading.version() == first
    put(database, 2)
    second = reading.version()
    decide(database, item)
    assert len({first, second, reading.version()}) == 3


def test_a_locked_database_is_named_and_says_what_to_do(tmp_path):
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    one = Database(url)
    one.migrate()
    other = Database(url, busy_seconds=0.05)
    with one.write(), pytest.raises(StorageError, match="locked"):
        Outcomes(other).settle("x", "2025-12-05", "y", by="ana", now=NOW)
    one.dispose()
    other.dispose()


def test_a_missing_table_is_named_and_says_what_to_do(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageError, match="migrate"):
        Reading(empty).version()
    empty.dispose()
