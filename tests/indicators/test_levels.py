"""Levels go up by probability and come down slowly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from monitor.indicators.filter import Posterior, bands, exceeds
from monitor.indicators.levels import LevelState, next_level, start
from monitor.indicators.settings import Settings

SETTINGS = Settings()


def sure(value: float) -> Posterior:
    """An index of `value` that leaves no doubt."""
    return Posterior(np.array([value * 100.0]), np.array([10_000.0]))


def run(values: list[float], *, fast: bool = False, may_change: bool = True) -> list[int]:
    state, found = start(1), []
    for value in values:
        state = next_level(state, sure(value), may_change=may_change, fast=fast, settings=SETTINGS)
        found.append(int(state.level[0]))
    return found


def test_it_goes_up_at_once_to_the_highest_level_that_is_probable():
    assert run([100, 260]) == [0, 3]
    assert run([131, 180, 260, 500]) == [1, 2, 3, 4]


def test_a_rise_that_is_not_probable_enough_changes_nothing():
    vague = Posterior(np.array([2.0]), np.array([1.0]))  # 200, but anywhere from 50 to 400
    assert (
        int(next_level(start(1), vague, may_change=True, fast=False, settings=SETTINGS).level[0])
        == 0
    )


def test_it_comes_down_one_level_after_two_calm_days_and_three_days_dwell():
    assert run([260, 90, 90, 90, 90, 90, 90]) == [3, 3, 3, 2, 2, 2, 1]


def test_a_value_just_under_the_threshold_keeps_the_level():
    assert run([260, 240, 240, 240, 240]) == [3] * 5


def test_one_noisy_day_does_not_bring_it_down():
    assert run([260, 260, 260, 90, 260, 90, 260]) == [3] * 7


def test_reported_relief_allows_a_step_a_day():
    assert run([260, 90, 90, 90], fast=True) == [3, 2, 1, 0]


def test_a_blind_day_holds_the_level():
    assert run([260], may_change=False) == [0]
    state = LevelState(np.array([3]), np.array([1]), np.array([9]))
    held = next_level(state, sure(90), may_change=False, fast=True, settings=SETTINGS)
    assert (int(held.level[0]), int(held.calm_days[0])) == (3, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1, 900), min_size=1, max_size=20))
def test_levels_stay_between_0_and_4_and_never_fall_by_two(values):
    found = [0, *run(values)]
    assert all(0 <= one <= 4 for one in found)
    assert all(later - before >= -1 for before, later in pairwise(found))


@pytest.mark.parametrize(("a", "b"), [(0.7, 1.2), (5.0, 4.0), (80.0, 30.0)])
def test_bands_and_probabilities_are_those_of_the_gamma_distribution(a, b):
    posterior = Posterior(np.array([a]), np.array([b]))
    oracle = stats.gamma(a, scale=100 / b)
    assert bands(posterior)[:, 0] == pytest.approx(oracle.ppf([0.1, 0.9, 0.025, 0.975]))
    assert exceeds(posterior, 175.0)[0] == pytest.approx(oracle.sf(175))
