"""Deadlines: countdown, calendar, outcome; one deadline however many report it."""

from datetime import timedelta

import pytest

from monitor.storage.outcomes import Outcomes
from monitor.views import deadlines
from tests.factories import NOW
from tests.shelf import due, judgement, put


def dated(*days, **changes):
    return judgement("Title 1", deadlines=tuple(due(day) for day in days), **changes)


@pytest.mark.parametrize(
    ("day", "countdown", "state"),
    [
        pytest.param("2025-12-03", "today", "soon", id="today"),
        pytest.param("2025-12-04", "tomorrow", "soon", id="tomorrow"),
        pytest.param("2025-12-06", "in 3 days", "soon", id="the last of three days"),
        pytest.param("2025-12-07", "in 4 days", "ahead", id="the day after these"),
        pytest.param("2025-12-20", "in 17 days", "ahead", id="ahead"),
        pytest.param("2025-12-02", "yesterday", "passed", id="yesterday"),
        pytest.param("2025-11-20", "13 days ago", "passed", id="passed"),
        pytest.param("2025-12-03T18:00:00+00:00", "in 6 h", "soon", id="with an hour"),
    ],
)
def test_a_deadline_counts_down(store, lens, day, countdown, state):
    put(store.database, 1, title="Title 1", judged=dated(day))
    view = deadlines.load(store.reading, lens)
    card = (*view.ahead, *view.passed)[0]
    assert (card.countdown, card.state, card.phrase) == (countdown, state, "on")


def test_reports_of_one_story_that_name_the_same_day_are_one_deadline(store, lens):
    put(store.database, 1, story="s", title="Title 1", judged=dated("2025-12-09"))
    put(
        store.database,
        2,
        story="s",
        title="Title 1",
        feed=2,
        judged=dated("2025-12-09", severity=4),
    )
    put(store.database, 3, story="other", title="Title 1", judged=dated("2025-12-09"))
    view = deadlines.load(store.reading, lens)
    assert [(card.story, card.reports, card.severity) for card in view.ahead] == [
        ("s", "2 reports", 4),
        ("other", "1 report", 2),
    ]


def test_an_outcome_settles_a_deadline_and_says_who_noted_it(store, lens):
    item = put(store.database, 1, title="Title 1", judged=dated("2025-12-02"))
    Outcomes(store.database).settle(item, "2025-12-02", "nothing", by="ana", now=NOW)
    card = deadlines.load(store.reading, lens).passed[0]
    assert (card.state, card.outcome) == ("settled", "nothing (ana, 08:00)")


def test_the_sentence_names_the_next_deadline_and_those_left_open(store, lens):
    assert deadlines.load(store.reading, lens).sentence == "Nothing is due in the next 120 days."
    put(store.database, 1, title="Title 1", judged=dated("2025-12-01", "2025-12-05"))
    assert deadlines.load(store.reading, lens).sentence == (
        "1 deadline ahead, the next in 2 days (Fri 5 Dec 2025); "
        "1 passed deadline without a noted outcome."
    )


def test_the_sentence_is_short_when_nothing_was_left_open(store, lens):
    put(store.database, 1, title="Title 1", judged=dated("2025-12-05"))
    assert deadlines.load(store.reading, lens).sentence.endswith("(Fri 5 Dec 2025).")


def test_the_calendar_shows_whole_weeks_with_today_and_what_is_due(store, lens):
    put(store.database, 1, title="Title 1", judged=dated("2025-12-05"))
    days = deadlines.load(store.reading, lens).calendar
    assert len(days) == 7 * deadlines.WEEKS
    assert [day.name for day in days if day.is_today] == ["Wed 3 Dec 2025"]
    assert [day.name for day in days if day.due] == ["Fri 5 Dec 2025"]
    assert days[0].name.startswith("Mon")
    assert next(day.number for day in days if day.name == "Mon 1 Dec 2025") == "1 Dec"
    assert not days[0].in_range


def test_deadlines_far_away_are_left_out(store, lens):
    far = (NOW + timedelta(days=300)).date().isoformat()
    put(store.database, 1, title="Title 1", judged=dated(far))
    assert deadlines.load(store.reading, lens).ahead == ()


def test_what_has_passed_never_crowds_out_what_is_next(store, lens, monkeypatch):
    monkeypatch.setattr(deadlines, "AT_MOST", 2)
    for number, day in enumerate(("11-20", "11-25", "12-01", "12-05", "12-06", "12-07"), start=1):
        put(store.database, number, title="Title 1", judged=dated(f"2025-{day}"))
    view = deadlines.load(store.reading, lens)
    assert [card.due for card in view.ahead] == ["Fri 5 Dec 2025", "Sat 6 Dec 2025"]
    assert [card.due for card in view.passed] == ["Mon 1 Dec 2025", "Tue 25 Nov 2025"]
    assert view.sentence.startswith("3 deadlines ahead")


def test_what_is_next_is_what_the_page_shows_first(store, lens):
    put(store.database, 1, story="s", title="Title 1", judged=dated("2025-12-09", "2025-12-04"))
    put(store.database, 2, story="s", feed=2, title="Title 1", judged=dated("2025-12-09"))
    put(store.database, 3, story="t", title="Title 1", judged=dated("2025-12-08"))
    settled = put(store.database, 4, story="u", title="Title 1", judged=dated("2025-12-05"))
    Outcomes(store.database).settle(settled, "2025-12-05", "nothing", by="ana", now=NOW)
    everything = deadlines.load(store.reading, lens).ahead
    found = deadlines.upcoming(store.reading, lens, show=2)
    assert found.cards == everything[:2]
    assert [card.reports for card in everything] == ["1 report", "1 report", "2 reports"]
    assert (found.number, found.soon) == (3, 1)
    assert deadlines.upcoming(store.reading, lens, show=9).cards == everything


def test_nothing_is_next_in_an_empty_store(store, lens):
    assert deadlines.upcoming(store.reading, lens, show=4) == deadlines.Upcoming(
        cards=(), number=0, soon=0
    )
