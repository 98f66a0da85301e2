"""Stories: the list, the timeline, and one story in full."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.rows import StoryFilter
from monitor.views import stories
from tests.factories import NOW
from tests.shelf import event, judgement, put


def test_the_sentence_says_how_many_were_found_and_where_was_looked(store, lens):
    put(store.database, 1)
    view = stories.load(store.reading, lens, chosen=StoryFilter(), days=30)
    assert view.sentence == "1 flagged story in the last 30 days"
    found = stories.load(store.reading, lens, chosen=StoryFilter(words="title"), days=7)
    assert found.sentence.startswith("1 flagged story with these words in the last 7 days")
    every = stories.load(store.reading, lens, chosen=StoryFilter(flagged=False), days=7)
    assert every.sentence == "1 story in the last 7 days"


def test_an_empty_list_says_that_it_is_empty(store, lens):
    view = stories.load(store.reading, lens, chosen=StoryFilter())
    assert (view.cards, view.after, len(view.timeline)) == ((), None, 0)
    assert view.sentence == "0 flagged stories in the last 30 days"


def test_a_long_list_has_a_next_page(store, lens):
    for number in range(1, stories.PAGE + 2):
        put(store.database, number)
    first = stories.load(store.reading, lens, chosen=StoryFilter())
    second = stories.load(store.reading, lens, chosen=StoryFilter(), after=first.after)
    assert (len(first.cards), len(second.cards), second.after) == (stories.PAGE, 1, None)


@pytest.mark.parametrize(
    ("by", "at"),
    [
        pytest.param("event", pd.Timestamp("2025-11-29"), id="the day of the event"),
        pytest.param("seen", pd.Timestamp("2025-12-03 07:59"), id="the local moment first seen"),
    ],
)
def test_a_dot_stands_where_the_reader_asked(store, lens, by, at):
    judged = judgement("Title 1", event_dates=(event("2025-11-29"),))
    put(store.database, 1, judged=judged)
    view = stories.load(store.reading, lens, chosen=StoryFilter(), by=by)
    assert view.timeline["at"].tolist() == [at]


def test_a_story_with_only_a_month_stands_where_it_was_seen(store, lens):
    put(store.database, 1, judged=judgement("Title 1", event_dates=(event("2025-11"),)))
    view = stories.load(store.reading, lens, chosen=StoryFilter())
    assert view.timeline["at"].tolist() == [pd.Timestamp("2025-12-03 07:59")]


def test_one_story_lists_who_says_so_the_first_to_report_first(store, lens):
    put(store.database, 1, story="s", feed=2)
    put(store.database, 2, story="s", feed=1, publisher="Echo", seen_at=NOW - timedelta(hours=1))
    put(store.database, 3, story="s", feed=2, seen_at=NOW - timedelta(minutes=20))
    view = stories.load_story(store.reading, lens, "s")
    assert [(one.group, one.publishers, one.reports) for one in view.voices] == [
        ("Feed 1", "Echo", 1),
        ("Feed 2", "Feed 2", 2),
    ]
    assert "3 reports from 2 independent publishers." in view.sentence
    assert view.contradictions == ()
    assert view.more == ""


def test_what_is_not_shown_of_a_story_is_counted(store, lens):
    for number in range(1, 4):
        put(store.database, number, story="s")
    assert stories.load_story(store.reading, lens, "s", limit=2).more == "1 older report not shown"


def test_an_unknown_story_is_none(store, lens):
    assert stories.load_story(store.reading, lens, "none") is None


def test_reports_that_contradict_each_other_are_named(store, lens):
    up = judgement("Airspace closed", event_dates=(event("2025-11-29", "not a Thursday"),))
    down = judgement("Airspace open", direction="deescalatory", event_dates=(event("2025-11-30"),))
    calm = judgement("Airspace quiet", direction="neutral", event_dates=(event("2025-11-30"),))
    put(store.database, 1, story="s", title="Airspace closed", judged=up)
    put(store.database, 2, story="s", feed=2, title="Airspace open", judged=down)
    put(store.database, 3, story="s", title="Airspace quiet", judged=calm)
    put(store.database, 4, story="s", judged=None)
    found = stories.load_story(store.reading, lens, "s").contradictions
    assert found[0].startswith("Reports give different dates for the event: Sat 29 Nov 2025")
    assert found[1].startswith("Reports point different ways: escalating (Feed 1)")
    assert found[2] == "Feed 1: not a Thursday"


def test_a_correction_shows_the_story_that_it_corrects(store, lens):
    put(store.database, 1, story="wrong")
    put(store.database, 2, story="right")
    with store.database.write() as connection:
        connection.execute(
            sa.update(t.stories).where(t.stories.c.id == "right").values(correction_of="wrong")
        )
    view = stories.load_story(store.reading, lens, "right")
    assert [card.id for card in view.corrects] == ["wrong"]
    assert view.card.correction


def test_more_stories_than_are_counted_are_called_more(store, lens, monkeypatch):
    put(store.database, 1)
    many = type("Many", (), {"count_stories": lambda *_: 1000})()
    words = stories.found(many, StoryFilter(), 90)
    assert words == "1,000 or more flagged stories in the last 90 days"
    assert stories.period(NOW, 2) == NOW - timedelta(days=2)
    assert replace(lens, now=NOW).now == NOW
