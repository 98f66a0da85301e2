"""Readings in words: level, trust, board and what moved the headline."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.indicators.measure import State
from monitor.indicators.settings import Settings, Weighting
from monitor.storage.measures import LevelChange
from monitor.views import board
from tests.factories import NOW
from tests.shelf import reading

TODAY = date(2025, 12, 3)
SETTINGS = Settings()


def days(*changes, series="risk"):
    """One reading a day up to today."""
    first = TODAY - timedelta(days=len(changes) - 1)
    return [
        reading(first + timedelta(days=n), series, **change) for n, change in enumerate(changes)
    ]


def standing(lens, *changes, moved=()):
    return board.standing(days(*changes), moved, SETTINGS, lens)


def test_before_the_first_measurement_the_level_is_not_made_up(lens):
    view = board.standing([], (), SETTINGS, lens)
    assert (view.level, view.name, view.state) == (None, "No value yet", "empty")


def test_while_the_baseline_forms_no_level_is_claimed(lens):
    nothing = {"index": None, "low80": None, "high80": None, "state": State.FORMING}
    view = standing(lens, nothing, nothing)
    assert (view.level, view.name) == (None, "Baseline forming")
    assert view.sub == "no level yet"
    assert "42 observed days" in view.sentence


def test_a_level_says_since_when_and_from_where(lens):
    assert standing(lens, {}, {"level": 2}, {"level": 2}).sub == (
        "level 2 of 4, up from Normal on 2 Dec"
    )
    assert standing(lens, {"level": 2}, {"level": 1}).sub == (
        "level 1 of 4, down from Elevated on 3 Dec"
    )


def test_how_long_a_level_has_held_does_not_depend_on_the_days_shown(lens):
    day = TODAY - timedelta(days=40)
    moved = [LevelChange(at=NOW, day=day, old=1, new=0, because="calm")]
    for shown in (2, 30):
        view = standing(lens, *([{}] * shown), moved=moved)
        assert view.sub == "level 0 of 4, down from Guarded on 24 Oct"
        assert standing(lens, *([{}] * shown)).sub == "level 0 of 4"  # nobody knows since when
        other = [replace(moved[0], new=2)]
        assert standing(lens, *([{}] * shown), moved=other).sub == "level 0 of 4"


def test_where_the_chart_begins_is_never_called_the_day_of_the_level(lens):
    assert standing(lens, {}, {}).sub == "level 0 of 4"
    moved = [LevelChange(at=NOW, day=date(2025, 9, 14), old=2, new=0, because="calm")]
    for days_shown in (2, 30, 60):
        words = standing(lens, *([{}] * days_shown), moved=moved).sub
        assert words == "level 0 of 4, down from Elevated on 14 Sep"


def test_a_change_in_the_log_that_was_taken_back_since_is_not_told(lens):
    moved = [LevelChange(at=NOW, day=date(2025, 9, 14), old=0, new=2, because="once")]
    assert standing(lens, {"level": 1}, {"level": 1}, moved=moved).sub == "level 1 of 4"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"low80": 100.0, "high80": 120.0}, "normal times.", id="sure"),
        pytest.param({}, "The range reaches from Normal to Guarded.", id="over a threshold"),
        pytest.param({"coverage": 0.5}, "Only 50% of the expected evidence", id="little observed"),
        pytest.param({"coverage": 0.2, "state": State.BLIND}, "the level is held", id="blind"),
        pytest.param({"state": State.FORMING}, "The baseline is still forming.", id="forming"),
    ],
)
def test_the_sentence_says_how_far_to_trust_it(lens, change, words):
    sentence = standing(lens, change).sentence
    assert sentence.startswith("Index 120, likely between")
    assert words in sentence


def test_the_reason_of_the_last_change_is_shown_while_it_holds(lens):
    moved = [LevelChange(at=NOW, day=TODAY, old=0, new=2, because="a tripwire")]
    assert standing(lens, {"level": 2}, moved=moved).because == "3 Dec: a tripwire"
    assert standing(lens, {"level": 1}, moved=moved).because == ""


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param(None, "unknown", id="nothing known"),
        pytest.param({"index": None}, "unknown", id="no baseline"),
        pytest.param({}, "quiet", id="usual"),
        pytest.param({"watch": True}, "watch", id="an early sign"),
        pytest.param({"level": 1}, "watch", id="guarded"),
        pytest.param({"level": 2}, "warning", id="elevated"),
    ],
)
def test_an_indicator_is_quiet_on_watch_or_a_warning(change, state):
    assert board.board_state(None if change is None else reading(TODAY, **change)) == state


def test_the_board_begins_with_warnings_and_then_goes_by_name(lens):
    series = {
        "airspace": days({"level": 0}, series="airspace"),
        "sanctions": days({"level": 3}, series="sanctions"),
    }
    cells = board.cells(series, ["unheard", "airspace", "sanctions"], lens)
    assert [(cell.id, cell.state) for cell in cells] == [
        ("sanctions", "warning"),
        ("airspace", "quiet"),
        ("unheard", "unknown"),
    ]
    assert cells[1].detail == "2 seen, 1.5 expected in 7 days"
    assert cells[2].index == "–"


def test_what_moved_the_headline_is_weighed_and_the_strongest_comes_first(lens):
    series = {
        "airspace": days({"seen": 3.0, "expected": 1.0}, series="airspace"),
        "sanctions": days({"seen": 0.0, "expected": 4.0}, series="sanctions"),
        "silent": days({"seen": 1.0, "expected": 1.0}, series="silent"),
        "unwatched": days({"seen": 9.0, "expected": 1.0}, series="unwatched"),
    }
    watched = {"airspace": Weighting(weight=8.0), "sanctions": Weighting(weight=2.0),
               "silent": Weighting()}  # fmt: skip
    found = board.moves(series, watched, lens)
    assert [(one.indicator, one.way, one.weight) for one in found] == [
        ("airspace", "up", 16.0),
        ("sanctions", "down", -8.0),
    ]


def test_the_change_of_a_week_needs_both_ends():
    week = days(*({"index": 100.0 + n} for n in range(8)))
    assert board.change(week) == 7.0
    assert board.change(week[1:]) is None
    assert board.change([]) is None


def test_readings_are_sorted_into_their_series():
    found = board.by_series([reading(TODAY, "a"), reading(TODAY, "b"), reading(TODAY, "a")])
    assert {name: len(rows) for name, rows in found.items()} == {"a": 2, "b": 1}
