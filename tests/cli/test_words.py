import argparse
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.cli import words

WILLEMSTAD = ZoneInfo("America/Curacao")


def test_a_day_begins_at_local_midnight():
    assert words.moment("2025-12-02")(WILLEMSTAD) == datetime(2025, 12, 2, 4, tzinfo=UTC)


def test_a_time_with_an_offset_keeps_it_and_one_without_is_local():
    assert words.moment("2025-12-02T10:00:00+00:00")(WILLEMSTAD).hour == 10
    assert words.moment("2025-12-02T10:00")(WILLEMSTAD).hour == 14


def test_spans_and_days_read_as_written():
    assert words.span("7d") == timedelta(days=7)
    assert words.day("2025-12-02").isoformat() == "2025-12-02"


@pytest.mark.parametrize("read", [words.moment, words.day, words.span])
def test_anything_else_is_refused_with_an_example(read):
    with pytest.raises(argparse.ArgumentTypeError, match=r"2025-12-02|15m"):
        read("tomorrow")
