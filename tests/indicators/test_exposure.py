"""What the feeds that were up would have shown, and which day an item belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitor.indicators.exposure import enrolled, grid, shares
from monitor.indicators.rows import Mentions
from monitor.indicators.settings import Settings
from monitor.items import booked_day
from tests.indicators.rows import QUICK, day, exposure, mention


@pytest.mark.parametrize(
    ("late", "booked"),
    [
        pytest.param(0, 0, id="the same day"),
        pytest.param(3, 3, id="found after an outage"),
        pytest.param(4, 0, id="too old: counts when it was found"),
        pytest.param(-2, 0, id="a date in the future is not believed"),
    ],
)
def test_an_item_is_booked_to_the_day_it_was_published_when_found_soon(late, booked):
    seen = day(30)
    found = booked_day(seen, seen - timedelta(late), catch_up_days=3)
    assert found == seen - timedelta(booked)


def test_a_group_that_nobody_watches_any_more_is_not_expected():
    rows = [exposure(n, "a") for n in range(20)] + [exposure(n, "b") for n in range(10)]
    seen = grid(rows, day(19), Settings())
    assert seen is not None
    column = seen.groups.index("b")
    assert seen.watched[:, column].tolist() == [True] * 13 + [False] * 7


def test_days_on_which_the_program_was_off_retire_nobody():
    rows = [exposure(n, g) for n in (*range(10), *range(18, 20)) for g in "ab"]
    seen = grid(rows, day(19), Settings())
    assert seen is not None
    assert seen.watched.all()


def test_a_busy_day_of_a_busy_group_is_no_flood():
    rows = [exposure(n, "a", stories=100 + n % 7) for n in range(30)]
    rows[-1] = replace(rows[-1], stories=400)
    seen = grid(rows, day(29), Settings())
    assert seen is not None
    assert seen.observed.all()
    assert seen.notes == ()


def test_floods_do_not_teach_floods():
    rows = [exposure(n, "a", stories=10 if n < 20 else 5_000) for n in range(40)]
    seen = grid(rows, day(39), Settings())
    assert seen is not None
    assert seen.observed[:, 0].tolist() == [True] * 20 + [False] * 20


def test_a_young_group_with_many_stories_is_no_flood_because_nothing_is_known_of_it():
    seen = grid([exposure(n, "a", stories=900) for n in range(3)], day(2), Settings())
    assert seen is not None
    assert seen.observed.all()


def test_founders_count_after_burn_in_and_others_once_enough_was_seen_of_them():
    rows = [exposure(n, "a") for n in range(60)]
    rows += [exposure(n, "b", stories=1) for n in range(20, 60)]
    rows += [exposure(n, "c", stories=30) for n in range(20, 60)]
    seen = grid(rows, day(59), QUICK)
    assert seen is not None
    found = enrolled(seen, np.zeros(seen.stories.shape), QUICK)
    first = {name: int(found[:, n].argmax()) for n, name in enumerate(seen.groups)}
    assert first["a"] == 14  # ten days, and then the next block
    assert not found[:, seen.groups.index("b")].any()
    assert first["c"] == 42  # seven days of thirty stories, ten days of guard, next block


def test_young_shares_lean_on_their_pool_and_pools_on_all():
    hits = np.array([[20.0], [0.0], [0.0]])
    stories = np.array([[200.0], [0.0], [0.0]])
    pools = np.array([0, 0, 1])
    found = shares(hits, stories, pools, np.array([True, False, False]), Settings())
    assert found[0, 0] == pytest.approx(0.1, rel=0.01)
    assert found[1, 0] == pytest.approx(0.1, rel=0.02)
    assert found[2, 0] == pytest.approx(0.1, rel=0.05)
    fresh = shares(hits * 0, stories * 0, pools, np.zeros(3, bool), Settings())
    assert fresh.tolist() == [[0.0], [0.0], [0.0]]


def test_only_the_chosen_mentions_are_kept():
    rows = Mentions.of([mention(n, f"s{n}") for n in range(4)])
    assert rows.where(np.array([False, True, False, True])).story_id == ["s1", "s3"]
    assert rows.where(np.ones(4, bool)) is rows
    assert len(rows) == 4
