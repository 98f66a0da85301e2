"""Early signs: a Poisson CUSUM for each series, with a bounded rate of false alarms."""

from __future__ import annotations

from math import log

import numpy as np

from monitor.indicators.rows import Floats
from monitor.indicators.settings import Settings


def cusum(
    before: Floats, seen: Floats, expected: Floats, phi: Floats, settings: Settings
) -> Floats:
    """One more day of C = max(0, C + (Y − k E) / φ), k = (R − 1) / ln R.

    It is capped at twice the limit, so that it comes down soon when the rise is over.

    Args:
        before: Yesterday's value, (series,).
        seen: Stories seen, (series,).
        expected: Stories expected in normal times, (series,).
        phi: Over-dispersion, (series,).

    Source: Lucas (1985), Technometrics 27(2), 129–144; the offset is the exposure.
    """
    k = (settings.watch_ratio - 1) / log(settings.watch_ratio)
    moved = before + (seen - k * expected) / phi
    return np.asarray(np.clip(moved, 0.0, 2 * settings.watch_threshold))
