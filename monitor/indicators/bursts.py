"""Early signs: a Poisson CUSUM for each series, with a bounded rate of false alarms over all."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, log

import numpy as np
from scipy.special import betainc, pdtr

from monitor.indicators.rows import Floats
from monitor.indicators.settings import Settings

WIDTH = 0.25
"""Widest cell of the Markov chain; narrower ones change the limits by less than 2 %."""
RATES = tuple(float(one) for one in np.geomspace(0.1, 60.0, 8))
"""Expected stories a day for which limits are computed; between two the higher one holds."""
SPREADS = (1.0, 1.25, 1.6, 2.2, 3.5, 6.0)
"""Over-dispersions for which limits are computed; the next higher one holds."""
HIGHEST = 16.0


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


def limits(expected: Floats, phi: Floats, series: int, settings: Settings) -> Floats:
    """The value from which on each CUSUM is a sign, (series,).

    Chosen so that all series together give at most `watch_false_alarms` false alarms a year,
    if counts are negative binomial with variance φ × mean.

    Args:
        expected: Stories a day in normal times, (series,).
        phi: Over-dispersion, (series,).
        series: How many series share the budget of false alarms.
    """
    rate = settings.watch_false_alarms / 365.0 / max(series, 1)
    table = np.array(_table(settings.watch_ratio, rate))
    spread = np.clip(np.searchsorted(SPREADS, phi - 0.02), 0, len(SPREADS) - 1)
    upper = np.clip(np.searchsorted(RATES, expected), 0, len(RATES) - 1)
    lower = np.maximum(upper - 1, 0)
    return np.asarray(np.maximum(table[spread, lower], table[spread, upper]))


@lru_cache(maxsize=16)
def _table(ratio: float, rate: float) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(_limit(mean, phi, ratio, 1.0 / rate) for mean in RATES) for phi in SPREADS)


def _limit(mean: float, phi: float, ratio: float, days: float) -> float:
    """Smallest limit with at least `days` days to a false alarm, by halving."""
    low, high = 0.5, HIGHEST
    while high - low > 0.1:
        middle = (low + high) / 2
        if run_length(mean, middle, ratio, phi) < days:
            low = middle
        else:
            high = middle
    return high


def run_length(mean: float, limit: float, ratio: float, phi: float = 1.0) -> float:
    """Average number of days until the CUSUM of counts at the normal rate gives an alarm.

    Args:
        mean: Expected stories a day, above 0.
        limit: In the units of `cusum`: stories over φ.
        phi: Variance of the counts over their mean, at least 1.

    Source: Brook and Evans (1972), Biometrika 59(3), 539–549.
    """
    limit *= phi
    offset = slack(ratio) * mean
    width = offset / ceil(offset / (WIDTH * phi))  # so that a day without a story moves whole cells
    cells = ceil(limit / width)
    middles = np.arange(cells) * width
    upto = np.floor(middles[None, :] + width / 2 - middles[:, None] + offset)
    upto[:, -1] = np.ceil(limit - middles + offset - 1e-9) - 1  # at the limit it is an alarm
    move = np.diff(_cdf(upto, mean, phi), axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(cells) - move, np.ones(cells))[0])


def _cdf(counts: Floats, mean: float, phi: float) -> Floats:
    """P(Y ≤ count) for whole counts, Poisson or negative binomial; 0 below zero."""
    top = np.arange(int(max(counts.max(), 0)) + 1)
    lumps = phi - 1.0
    below = betainc(mean / lumps, top + 1.0, 1.0 / phi) if lumps > 0 else pdtr(top, mean)
    table = np.concatenate([[0.0], below])
    return np.asarray(table[np.maximum(counts + 1, 0).astype(np.int64)])
