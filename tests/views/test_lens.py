"""Times, numbers and names as people read them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.views.lens import count, listed, span
from tests.factories import NOW


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        pytest.param(timedelta(), "08:00", id="now"),
        pytest.param(timedelta(hours=9), "yesterday 23:00", id="the local day decides"),
        pytest.param(timedelta(hours=-20), "tomorrow 04:00", id="tomorrow"),
        pytest.param(timedelta(days=5), "28 Nov 08:00", id="this year"),
        pytest.param(timedelta(days=400), "29 Oct 2024", id="another year"),
    ],
)
def test_a_moment_is_told_in_few_words_on_the_local_clock(lens, earlier, words):
    assert lens.when(NOW - earlier) == words


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        pytest.param(timedelta(seconds=20), "just now", id="seconds"),
        pytest.param(timedelta(minutes=4), "4 min ago", id="minutes"),
        pytest.param(timedelta(hours=30), "30 h ago", id="hours up to two days"),
        pytest.param(timedelta(days=3), "3 days ago", id="days"),
    ],
)
def test_an_age_is_told_in_its_largest_sensible_unit(lens, passed, words):
    assert lens.ago(NOW - passed) == words


def test_what_never_happened_is_said_so(lens):
    assert (lens.when(None), lens.exact(None), lens.ago(None)) == ("never", "never", "never")
    assert lens.day(None) == "not known"


def test_days_are_told_in_full_and_months_where_only_that_is_known(lens):
    assert lens.day("2025-12-02") == "Tue 2 Dec 2025"
    assert lens.day("2025-12-02T10:00:00-04:00") == "Tue 2 Dec 2025"
    assert lens.day("2025-12") == "Dec 2025"
    assert lens.short_day("2025-12-02") == "2 Dec"
    assert lens.short_day("2024-12-02") == "2 Dec 2024"


def test_what_lies_ahead_counts_down_and_what_has_passed_counts_up(lens):
    assert lens.left(NOW + timedelta(days=3)) == "in 3 days"
    assert lens.left(NOW - timedelta(hours=2)) == "2 h ago"


def test_an_indicator_without_a_name_is_called_by_its_id(lens):
    assert lens.name("airspace") == "Airspace closure"
    assert replace(lens, names={}).name("force_deployment") == "Force deployment"


def test_numbers_come_with_their_nouns():
    assert [count(1, "report"), count(1204, "report"), count(2, "story", "stories")] == [
        "1 report",
        "1,204 reports",
        "2 stories",
    ]
    assert span(timedelta(seconds=-5)) == "1 min"


def test_words_in_a_row_end_with_and():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
