import pytest

from monitor.snapshots import wording

ZONE = "America/Curacao"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (0, "0"),
        (3.94, "3.9"),
        (4.0, "4"),
        (-2.5, "−2.5"),
        (9.96, "10.0"),
        (214.2, "214"),
        (12345.6, "12,346"),
        (-38.4, "−38"),
    ],
)
def test_a_number_has_as_many_digits_as_it_deserves(value, words: str):
    assert wording.figure(value) == words


def test_times_are_local_and_in_24_hours():
    assert wording.moment("2025-12-03T02:30:00Z", ZONE) == "2 Dec 2025, 22:30"
    assert wording.due("2025-12-19T05:00:00Z", ZONE) == "19 Dec 2025, 01:00"
    assert wording.due("2025-12-19", ZONE) == "19 Dec 2025"


def test_a_day_may_be_a_month_or_go_without_its_year():
    assert wording.day("2025-11") == "Nov 2025"
    assert wording.day("2025-11-29", year=False) == "29 Nov"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2025-12-03", "today"),
        ("2025-12-04", "in 1 day"),
        ("2025-12-08", "in 5 days"),
        ("2025-12-01", "2 days ago"),
        ("2025-12-04T03:00:00Z", "today"),
        ("2025-12-04T05:00:00Z", "in 1 day"),
    ],
)
def test_days_are_counted_on_the_local_calendar(due: str, words: str):
    assert wording.days_until(due, "2025-12-03T12:00:00Z", ZONE) == words


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        ("2025-12-03T11:59:50Z", "at the same minute"),
        ("2025-12-03T11:56:00Z", "4 minutes before"),
        ("2025-12-03T11:00:00Z", "1 hour before"),
        ("2025-11-30T12:00:00Z", "3 days before"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(earlier: str, words: str):
    assert wording.ago(earlier, "2025-12-03T12:00:00Z") == words


def test_a_range_needs_both_ends():
    assert wording.span(160.4, 278.4) == "160–278"
    assert wording.span(None, 1.0) == ""
    assert wording.percent(0.923) == "92%"


def test_what_was_seen_and_expected_is_worded_once_for_live_and_frozen_boards():
    assert wording.seen(6.0, 1.44) == "6 seen, 1.4 expected in 7 days"
    assert wording.seen(1234.0, 2000.0) == "1,234 seen, 2,000.0 expected in 7 days"
