"""When it happened and by when it must happen."""

from datetime import UTC, datetime

import pytest

from monitor.assess.calendar import Calendar, local_day
from monitor.errors import ConfigError

TUESDAY = datetime(2025, 12, 2, 16, tzinfo=UTC)


def dates(assessor, title, published=TUESDAY):
    return [one.date for one in assessor.assess(title=title, published=published).event_dates]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Airspace closed on Saturday", "2025-11-29"),
        ("Luchtruim zaterdag gesloten", "2025-11-29"),
        ("Espacio aéreo cerrado el sábado", "2025-11-29"),
        ("Espasio aéreo será djasabra", "2025-11-29"),
        ("Strike on Tuesday", "2025-12-02"),
        ("Attack last Tuesday", "2025-11-25"),
        ("Hearing next Friday", "2025-12-05"),
        ("Explosions heard yesterday", "2025-12-01"),
        ("Gisteren explosies gehoord", "2025-12-01"),
        ("Explosiones ayer", "2025-12-01"),
        ("Eksploshon ayera", "2025-12-01"),
        ("Shots last night", "2025-12-01"),
        ("Attack three days ago", "2025-11-29"),
        ("Aanval drie dagen geleden", "2025-11-29"),
        ("Ataque hace 3 días", "2025-11-29"),
        ("Atake tres dia pasá", "2025-11-29"),
        ("Closed since 29 November", "2025-11-29"),
        ("Closed since November 29, 2025", "2025-11-29"),
        ("Dicht sinds 29 november", "2025-11-29"),
        ("Cerrado desde el 29 de noviembre de 2025", "2025-11-29"),
        ("Será for di 29 di novèmber", "2025-11-29"),
        ("Closed 2025-11-29", "2025-11-29"),
        ("Dicht 29-11-2025", "2025-11-29"),
        ("Exercise from 3 to 5 November", "2025-11-03"),
        ("Exercise 3-5 November", "2025-11-03"),
        ("The 3rd of December 2024", "2024-12-03"),
        ("On 20 December a hearing", "2025-12-20"),
        ("On 20 March a riot", "2025-03-20"),
        ("In November 2024", "2024-11"),
        ("Friday the 28th of November", "2025-11-28"),
        ("The 29 th of November", "2025-11-29"),
        ("On 29 November of the same year", "2025-11-29"),
    ],
)
def test_a_date_is_read_against_its_day_of_publication(assessor, title, expected):
    assert dates(assessor, title) == [expected]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Hato shut from Friday", "2025-12-05", id="a beginning"),
        pytest.param("Hato dicht vanaf vrijdag", "2025-12-05", id="a beginning, Dutch"),
        pytest.param("Port will close on Thursday", "2025-12-04", id="will"),
        pytest.param("Strikes to begin Sunday", "2025-12-07", id="to begin"),
        pytest.param("Troops sent to Caracas on Sunday", "2025-11-30", id="to a place"),
        pytest.param("Cerrará la frontera el lunes", "2025-12-08", id="a Spanish future"),
        pytest.param("Frontera cerrada el lunes", "2025-12-01", id="no Spanish future"),
        pytest.param("Hearing on Thursday", "2025-12-04", id="a hearing"),
        pytest.param("Hearing was on Thursday", "2025-11-27", id="a hearing that was"),
        pytest.param("Last Friday they will remember", "2025-11-28", id="last wins"),
        pytest.param("Next Tuesday", "2025-12-09", id="next is not today"),
        pytest.param("Will reopen on May 1", "2026-05-01", id="will, and a day of next year"),
        pytest.param("Strike on Nov. 29", "2025-11-29", id="a shortened month"),
        pytest.param("The talks in Nov. 29 boats sank", "2025-11-29", id="the price of it"),
    ],
)
def test_a_day_lies_ahead_where_the_words_around_say_so(assessor, title, expected):
    found = assessor.assess(title=title, published=TUESDAY)
    given = [*(one.date for one in found.event_dates), *(one.due for one in found.deadlines)]
    assert given[:1] == [expected]


def test_the_day_of_publication_itself_may_be_the_end(assessor):
    found = assessor.assess(title="Airspace closed until Tuesday", published=TUESDAY)
    assert [one.due for one in found.deadlines] == ["2025-12-02"]


@pytest.mark.parametrize(
    "title",
    [
        "Airport Hato closed until 15 December",
        "Notice valid until Feb 19, 2026",
        "Licence expires 12 December",
        "Luchthaven dicht tot en met vrijdag 5 december",
        "Cerrado hasta el viernes",
        "Será te ku djabièrnè",
    ],
)
def test_how_long_something_lasts_is_not_when_it_happened(assessor, title):
    found = assessor.assess(title=title, published=TUESDAY)
    assert found.event_date is None
    assert len(found.deadlines) == 1


def test_a_day_that_exists_in_neither_year_is_no_date(assessor):
    assert dates(assessor, "It will be on 29 February", datetime(2025, 12, 2, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    "title",
    [
        "Troops may march",
        "Santo Domingo",
        "Flight 1112 to gate 31",
        "99-99-2025",
        "31-02-2025",
        "Friday 31 February sale",
        "12-12-12",
        "2025-11-123",
        "three days of talks",
        "days ago",
        "In November",
        "a 31 February",
        "999 weeks ago",
    ],
)
def test_what_is_no_date_is_left_alone(assessor, title):
    assert dates(assessor, title, None) == []


def test_without_publication_only_dates_with_a_year_count(assessor):
    title = "Friday, yesterday, 29 November, two weeks ago and 1 May 2019"
    assert dates(assessor, title, None) == ["2019-05-01"]


def test_a_leap_day_needs_a_leap_year(assessor):
    assert dates(assessor, "On 29 February", datetime(2026, 12, 2, tzinfo=UTC)) == []
    assert dates(assessor, "On 29 February", TUESDAY) == ["2024-02-29"]


def test_endless_weeks_are_no_date(assessor):
    assert dates(assessor, "999 weeks ago") == []


def test_a_weekday_that_does_not_fit_is_reported(assessor):
    found = assessor.assess(title="Closed on Thursday 29 November 2025", published=TUESDAY)
    assert found.event_dates[0].conflict == ("Thursday is written, but 29 Nov 2025 is a Saturday")
    fine = assessor.assess(title="Closed on Saturday 29 November 2025", published=TUESDAY)
    assert fine.event_dates[0].conflict == ""


def test_a_day_is_a_day_in_curacao(assessor):
    late = datetime(2025, 12, 3, 2, tzinfo=UTC)  # still 2 December on the island
    assert dates(assessor, "Closed yesterday", late) == ["2025-12-01"]
    assert local_day(None) is None


def test_an_event_older_than_a_week_is_background(assessor):
    def historical(title):
        return assessor.assess(title=title, published=TUESDAY).historical

    assert historical("Border closed on 3 November")
    assert not historical("Border closed on 3 November reopens today")
    assert not historical("Border closed")


@pytest.mark.parametrize(
    ("title", "due"),
    [
        ("Trump gives Maduro one week to leave", ["2025-12-09"]),
        ("Deadline for Maduro expired on Friday", ["2025-11-28"]),
        ("NOTAM valid until 31 December 2025", ["2025-12-31"]),
        ("NOTAM valid until Dec. 31", ["2025-12-31"]),
        ("NOTAM valid from 29 November to 5 December", ["2025-12-05"]),
        ("Sanctions extended through December 31", ["2025-12-31"]),
        ("He must leave by Friday", ["2025-12-05"]),
        ("Maduro had until Friday to leave", ["2025-11-28"]),
        ("Ultimatum expires Friday", ["2025-12-05"]),
        ("Ultimátum vence el viernes", ["2025-12-05"]),
        ("Ultimatum verloopt vrijdag", ["2025-12-05"]),
        ("Closed until 1 November", ["2026-11-01"]),
        ("Luchtruim dicht tot 5 januari", ["2026-01-05"]),
        ("Ultimátum de 48 horas", ["2025-12-04"]),
        ("Vluchten geannuleerd binnen 72 uur", ["2025-12-05"]),
        ("Deadline passed two weeks ago", ["2025-11-18"]),
        ("Talks lasted three days", []),
        ("Deadline looms. Talks on Friday", []),
    ],
)
def test_deadlines_are_found_with_their_words(assessor, title, due):
    found = assessor.assess(title=title, published=TUESDAY)
    assert [one.due for one in found.deadlines] == due
    assert all(one.evidence.text in title for one in found.deadlines)


def test_a_span_of_time_counts_from_the_date_before_it(assessor):
    title = "On November 21 Maduro was given one week to leave"
    found = assessor.assess(title=title, published=TUESDAY)
    assert [one.due for one in found.deadlines] == ["2025-11-28"]


def test_a_span_of_time_without_a_beginning_is_no_deadline(assessor):
    assert assessor.assess(title="Trump gives Maduro one week to leave").deadlines == ()


def test_a_date_still_to_come_is_no_beginning(assessor):
    title = "Ahead of talks tomorrow Maduro has 48 hours"
    found = assessor.assess(title=title, published=TUESDAY)
    assert [one.due for one in found.deadlines] == ["2025-12-04"]


def test_a_missing_vocabulary_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        Calendar.load(tmp_path / "dates.toml")
    (tmp_path / "dates.toml").write_text("weekdays = []")
    with pytest.raises(ConfigError, match="months: is missing"):
        Calendar.load(tmp_path / "dates.toml")
