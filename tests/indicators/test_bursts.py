"""Early signs: soon when stories multiply, rarely when they do not."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.indicators.bursts import RATES, SPREADS, cusum, limits, run_length, slack
from monitor.indicators.settings import Settings

SETTINGS = Settings()


def days_to_alarm(rng: np.random.Generator, mean: float, limit: float, rise: float = 1.0) -> int:
    value, days = np.zeros(1), 0
    while value[0] < limit:
        seen = rng.poisson([mean * rise]).astype(float)
        value = cusum(value, seen, np.array([mean]), np.ones(1), SETTINGS)
        days += 1
    return days


@pytest.mark.parametrize("mean", [0.3, 2.0, 12.0])
def test_the_run_length_is_that_of_a_simulation(mean):
    rng = np.random.default_rng(7)
    simulated = np.mean([days_to_alarm(rng, mean, 3.0) for _ in range(300)])
    assert run_length(mean, 3.0, 2.0) == pytest.approx(simulated, rel=0.2)


def test_lumpy_counts_give_false_alarms_sooner():
    assert run_length(2.0, 6.0 / 2.5, 2.0, 2.5) < run_length(2.0, 6.0, 2.0)


def test_a_doubling_is_seen_long_before_a_false_alarm():
    rng = np.random.default_rng(8)
    limit = float(limits(np.array([2.0]), np.ones(1), 28, SETTINGS)[0])
    assert np.median([days_to_alarm(rng, 2.0, limit, rise=3.0) for _ in range(50)]) <= 4


@pytest.mark.parametrize("phi", [1.0, 1.5, 3.0])
@pytest.mark.parametrize("mean", [0.05, 0.4, 3.0, 20.0])
def test_all_series_together_keep_the_budget_of_false_alarms(mean, phi):
    limit = float(limits(np.array([mean]), np.array([phi]), 28, SETTINGS)[0])
    a_year = 28 * 365 / run_length(mean, limit, SETTINGS.watch_ratio, phi)
    assert a_year <= 1.3 * SETTINGS.watch_false_alarms


def test_more_series_or_a_smaller_budget_ask_for_a_higher_limit():
    at, phi = np.array([1.0]), np.ones(1)
    assert limits(at, phi, 28, SETTINGS) > limits(at, phi, 4, SETTINGS)
    strict = Settings(watch_false_alarms=0.5)
    assert limits(at, phi, 28, strict) > limits(at, phi, 28, SETTINGS)


def test_rates_outside_the_table_take_its_ends():
    one = np.ones(2)
    ends = limits(np.array([0.0, 1e6]), one, 28, SETTINGS)
    inner = limits(np.array([RATES[0], RATES[-1] * 1.01]), one, 28, SETTINGS)
    assert limits(one, one * 99, 28, SETTINGS) == pytest.approx(
        limits(one, one * SPREADS[-1], 28, SETTINGS)
    )
    assert ends.tolist() == inner.tolist()


def test_expected_stories_take_the_sum_down_again_but_never_below_zero():
    found = cusum(np.array([5.0]), np.zeros(1), np.array([2.0]), np.ones(1), SETTINGS)
    assert found[0] == pytest.approx(5 - 2 * slack(2.0))
    assert cusum(np.zeros(1), np.zeros(1), np.ones(1), np.ones(1), SETTINGS)[0] == 0
