"""Times, numbers and names as people read them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.config import ROOT
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


def test_times_are_local_on_a_24_hour_clock_with_the_day_before_the_month_in_letters(lens):
    evening = NOW + timedelta(hours=13, minutes=5)
    assert lens.zone.key == "America/Curacao"
    assert lens.exact(evening) == "Wed 3 Dec 2025, 21:05"
    assert lens.exact(NOW - timedelta(hours=8)) == "Wed 3 Dec 2025, 00:00"
    assert lens.when(NOW - timedelta(days=5)) == "28 Nov 08:00"


def test_thousands_are_set_apart_by_a_comma():
    assert count(1234567, "report") == "1,234,567 reports"


def test_no_view_and_no_chart_writes_a_number_or_a_day_in_another_form():
    """Words of pages come from here, from `count` or from formats that group thousands."""
    odd = re.compile(r"%[dm][/.-]|%[-]?[Ip]\b|%p|%x|%X|%c|\\u202f|\.replace\(\",\"")
    rooms = (ROOT / "monitor" / "views", ROOT / "monitor" / "charts", ROOT / "pages")
    files = [file for room in rooms for file in room.rglob("*.py")]
    found = [f"{file.name}: {line}" for file in files
             for line in file.read_text(encoding="utf-8").splitlines()
             if odd.search(line.replace("%Y-%m-%d", ""))]  # fmt: skip
    assert found == []
