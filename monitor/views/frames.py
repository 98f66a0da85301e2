"""Frames: what charts are drawn from and CSV files hold."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from monitor.indicators.measure import Reading
from monitor.views.lens import SEVERITIES, count
from monitor.views.places import Spot

SERIES = ["day", "index", "low80", "high80", "seen", "expected", "coverage", "level", "state"]
MARKERS = ["id", "name", "latitude", "longitude", "severity", "stories", "words"]


def series(readings: Sequence[Reading]) -> pd.DataFrame:
    """Readings of one series, oldest first.

    Returns:
        Columns `SERIES`: day (date), index, low80, high80 (float, NaN: no value), seen, expected,
        coverage (float), level (int), state (str); one row a day.
    """
    columns = {name: [getattr(one, name) for one in readings] for name in SERIES[:-1]}
    frame = pd.DataFrame({**columns, "state": [one.state.value for one in readings]})
    numbers = ["index", "low80", "high80", "seen", "expected", "coverage"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def markers(spots: Sequence[Spot]) -> pd.DataFrame:
    """Spots of the map, the last one drawn on top.

    Returns:
        Columns `MARKERS`: id, name (str), latitude, longitude (float), severity, stories (int),
        words (str); one row a place.
    """
    rows = [
        [
            spot.id,
            spot.name,
            spot.latitude,
            spot.longitude,
            spot.severity,
            len(spot.stories),
            spot_words(len(spot.stories), spot.severity),
        ]
        for spot in spots
    ]
    return pd.DataFrame(rows, columns=MARKERS)


def spot_words(number: int, severity: int) -> str:
    """What is behind a marker: how many stories, and how grave the worst of its items is."""
    stories = count(number, "flagged story", "flagged stories")
    return f"{stories}, worst {severity} {SEVERITIES[severity]}"
