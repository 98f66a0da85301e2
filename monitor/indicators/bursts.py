"""Early signs: a Poisson CUSUM for each series, with a bounded rate of false alarms over all."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, exp, lgamma, log

import numpy as np

from monitor.indicators.rows import Floats
from monitor.indicators.settings import Settings

WIDTH = 0.2
"""Widest cell of the Markov chain; narrower ones change the limits by less than 2 %."""
RATES = tuple(float(one) for one in np.geomspace(0.03, 60.0, 11))
"""Expected stories a day for which limits are computed; between two the higher one holds."""
HIGHEST = 20.0


def slack(ratio: float) -> float:
    """k = (R − 1) / ln R: what is taken off for each expected story."""
    return (ratio - 1.0) / log(ratio)


def cusum(
    before: Floats, seen: Floats, expected: Floats, phi: Floats, settings: Settings
) -> Floats:
    """One more day of C = max(0, C + (Y − k E) / φ).

    Args:
        before: Yesterday's value, (series,).
        seen: Stories seen, (series,).
        expected: Stories expected in normal times, (series,).
        phi: Over-dispersion, (series,).

    Source: Lucas (1985), Technometrics 27(2), 129–144; the offset is the exposure.
    """
    moved = before + (seen - slack(settings.watch_ratio) * expected) / phi
    return np.asarray(np.maximum(moved, 0.0))


def limits(expected: Floats, series: int, settings: Settings) -> Floats:
    """The value from which on each CUSUM is a sign, (series,).

    Chosen so that all series together give at most `watch_false_alarms` false alarms a year.

    Args:
        expected: Stories a day in normal times over φ, (series,).
        series: How many series share the budget of false alarms.
    """
    rate = settings.watch_false_alarms / 365.0 / max(series, 1)
    table = np.array(_table(settings.watch_ratio, rate))
    upper = np.clip(np.searchsorted(RATES, expected), 0, len(RATES) - 1)
    return np.asarray(np.maximum(table[np.maximum(upper - 1, 0)], table[upper]))


@lru_cache(maxsize=16)
def _table(ratio: float, rate: float) -> tuple[float, ...]:
    return tuple(_limit(mean, ratio, 1.0 / rate) for mean in RATES)


def _limit(mean: float, ratio: float, days: float) -> float:
    """Smallest limit with at least `days` days to a false alarm, by halving."""
    low, high = 0.5, HIGHEST
    while high - low > 0.05:
        middle = (low + high) / 2
        if run_length(mean, middle, ratio) < days:
            low = middle
        else:
            high = middle
    return high


def run_length(mean: float, limit: float, ratio: float) -> float:
    """Average number of days until a CUSUM of Poisson counts at the normal rate gives an alarm.

    Source: Brook and Evans (1972), Biometrika 59(3), 539–549.
    """
    offset = slack(ratio) * mean
    width = offset / ceil(offset / WIDTH)  # so that a day without a story moves whole cells
    cells = ceil(limit / width)
    middles = np.arange(cells) * width
    upto = np.floor(middles[None, :] + width / 2 - middles[:, None] + offset)
    upto[:, -1] = np.ceil(limit - middles + offset - 1e-9) - 1  # at the limit it is an alarm
    move = np.diff(_poisson_cdf(upto, mean), axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(cells) - move, np.ones(cells))[0])


def _poisson_cdf(counts: Floats, mean: float) -> Floats:
    """P(Y ≤ count) for whole counts; 0 below zero."""
    top = int(max(counts.max(), 0))
    mass = [exp(-mean + one * log(mean) - lgamma(one + 1)) for one in range(top + 1)]
    table = np.concatenate([[0.0], np.minimum(np.cumsum(mass), 1.0)])
    return np.asarray(table[np.maximum(counts + 1, 0).astype(np.int64)])
