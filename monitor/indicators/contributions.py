"""What a number is made of: every index is the sum of the parts listed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monitor.indicators.measure import Measures
from monitor.indicators.rows import Floats

FADED = 1e-3
"""Stories of which less is left are listed as one part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One part of an index, in index points."""

    points: float
    what: str  # "story"; "older": stories that have all but faded; "prior": the pull to normal
    day: date | None = None  # to which the story was booked
    story_id: str = ""
    group: str = ""
    indicator: str = ""
    item_id: str = ""
    weight: float = 0.0  # 1, or weight × proximity × corroboration


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What one group was expected to show on one day, in the units of `Reading.expected`."""

    group: str
    stories: float  # of any topic
    share: float  # of them expected to be flagged
    expected: float  # stories × share


def contributions(measures: Measures, series: str, day: date) -> list[Contribution]:
    """Parts of one index on one day, largest first; their points sum up to the index.

    A story-mention that was counted d days ago still weighs what the filter kept of it since.

    Raises:
        KeyError: No such series, or the day lies outside the measurement.
    """
    column, last = measures.series(series), _place(measures, day)
    track, found = measures.track, measures.units
    left = _left(measures, column, last)
    rate = track.b[last, column]
    chosen = np.flatnonzero((found.series == column) & (found.day <= last))
    fine = measures.counted[found.day[chosen], found.group[chosen]]
    chosen = chosen[fine & track.stepped[found.day[chosen]]]
    days = found.day[chosen]
    points = 100.0 * found.weight[chosen] / track.scale[days, column] * left[days] / rate
    listed = left[days] >= FADED
    parts = [
        _story(measures, int(unit), float(worth))
        for unit, worth in zip(chosen[listed], points[listed], strict=True)
    ]
    older = float(points[~listed].sum())
    prior = float(100.0 * track.a[last, column] / rate - points.sum())
    rest = [
        Contribution(points=prior, what="prior"),
        Contribution(points=older, what="older"),
    ]
    return sorted([*parts, *rest], key=lambda one: (-one.points, one.story_id, one.group))


def prior_points(measures: Measures, series: str, day: date) -> float:
    """The part of an index that comes from the pull to normal, computed from the filter's steps.

    Raises:
        KeyError: No such series, or the day lies outside the measurement.
    """
    column, last = measures.series(series), _place(measures, day)
    track = measures.track
    left = _left(measures, column, last)
    start = measures.settings.prior * float(np.prod(track.keep[: last + 1, column]))
    pulls = float((track.pull[: last + 1, column] * left[: last + 1]).sum())
    return float(100.0 * (start + pulls) / track.b[last, column])


def expected_parts(measures: Measures, series: str, day: date) -> list[Expected]:
    """What each observed group was expected to show on a day; the sum is `Track.expected`.

    Raises:
        KeyError: No such series, or the day lies outside the measurement.
    """
    column, place = measures.series(series), _place(measures, day)
    share = measures.track.share_on(place)
    if share is None:
        return []
    unit = measures.track.unit[place, column]
    return [
        Expected(
            group=measures.grid.groups[group],
            stories=float(measures.grid.stories[place, group]),
            share=float(share[group, column] / unit),
            expected=float(measures.grid.stories[place, group] * share[group, column] / unit),
        )
        for group in np.flatnonzero(measures.counted[place])
    ]


def seen_parts(measures: Measures, series: str, days: Sequence[date]) -> list[Contribution]:
    """Units counted on the given days; their points sum up to `Track.seen` over these days.

    Raises:
        KeyError: No such series, or a day lies outside the measurement.
    """
    column, found = measures.series(series), measures.units
    places = [_place(measures, day) for day in days]
    chosen = np.flatnonzero((found.series == column) & np.isin(found.day, places))
    counts = measures.counted[found.day[chosen], found.group[chosen]]
    return [
        _story(
            measures,
            int(unit),
            float(found.weight[unit] / measures.track.unit[found.day[unit], column]),
        )
        for unit in chosen[counts & measures.track.stepped[found.day[chosen]]]
    ]


def _place(measures: Measures, day: date) -> int:
    place = (day - measures.first).days
    if not 0 <= place < measures.grid.days:
        raise KeyError(f"{day} is not between {measures.first} and {measures.last}")
    return place


def _left(measures: Measures, column: int, last: int) -> Floats:
    """(days,) share of what was added on each day that is left on day `last`."""
    keep = measures.track.keep[: last + 1, column]
    after = np.concatenate([keep[1:], [1.0]])
    return np.asarray(np.cumprod(after[::-1])[::-1])


def _story(measures: Measures, unit: int, points: float) -> Contribution:
    found, rows = measures.units, measures.mentions
    row = int(found.row[unit])
    return Contribution(
        points=points,
        what="story",
        day=measures.first + timedelta(int(found.day[unit])),
        story_id=rows.story_id[row],
        group=rows.group[row],
        indicator=rows.indicator[row],
        item_id=rows.item_id[row],
        weight=float(found.weight[unit]),
    )
