"""Mentions to units: one story, one publisher group, once; weighted for the composites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from monitor.indicators.exposure import Grid
from monitor.indicators.rows import Bools, Floats, Ints, Mentions, codes
from monitor.indicators.settings import Watched

HEADLINE = "risk"
COMPOSITES = (HEADLINE, "act", "threat", "deesc")
"""Headline, its two parts, and de-escalation, which is never netted against them."""
COUNTS = tuple(f"{name}_count" for name in COMPOSITES)
"""The same unweighted, for sentences such as "9 seen, 3.9 expected"."""
ESCALATORY, DEESCALATORY = 1, -1


@dataclass(frozen=True, kw_only=True)
class Units:
    """What counts: rows of (series, day, group, story) with their weight."""

    series: Ints
    day: Ints  # index of the day in the grid
    group: Ints  # index of the group in the grid
    weight: Floats
    row: Ints  # row of the mention that made it


def units(
    mentions: Mentions, seen: Grid, names: tuple[str, ...], watched: Mapping[str, Watched]
) -> Units:
    """All units of all series, each at the day of its group's first such item.

    Args:
        mentions: Known by the moment of measuring, nothing withdrawn.
        names: Series in their order: indicators, then `COMPOSITES`, then `COUNTS`.
        watched: Weight of each indicator.
    """
    group = _numbered(mentions.group, seen.groups)
    story, _table = codes(mentions.story_id)
    indicator = _numbered(mentions.indicator, names)
    day = mentions.day - seen.first
    inside = (group >= 0) & (indicator >= 0) & (day >= 0) & (day < seen.days)
    base = np.array([watched[one].weight if one in watched else 0.0 for one in names])
    weight = base[np.maximum(indicator, 0)]
    worth = weight * mentions.proximity
    order = np.lexsort((mentions.seen, -worth, day))  # first day first, heaviest first within it
    order = order[inside[order]]
    corroborated = _corroboration(story, group, day, seen, inside)
    found = [_first(indicator, story, group, order[_of_indicator(mentions)[order]], indicator)]
    for offset, chosen in enumerate(_classes(mentions)):
        series = np.full(len(day), len(names) - len(COMPOSITES) - len(COUNTS) + offset)
        found.append(_first(series, story, group, order[chosen[order]], series))
    single, composite = found[0], found[1:]
    count_series = [part[0] + len(COMPOSITES) for part in composite]
    rows = np.concatenate([single[1], *(part[1] for part in composite for _ in (0, 1))])
    series = np.concatenate(
        [single[0], *(s for p, c in zip(composite, count_series, strict=True) for s in (p[0], c))]
    )
    heavy = worth * corroborated
    weights = np.concatenate(
        [
            np.ones(len(single[1])),
            *(w for part in composite for w in (heavy[part[1]], np.ones(len(part[1])))),
        ]
    )
    return Units(series=series, day=day[rows], group=group[rows], weight=weights, row=rows)


def dense(found: Units, shape: tuple[int, int, int]) -> Floats:
    """(days, groups, series) sums of the weights."""
    flat = (found.day * shape[1] + found.group) * shape[2] + found.series
    sums = np.bincount(flat, weights=found.weight, minlength=int(np.prod(shape)))
    return sums.astype(np.float64).reshape(shape)


def _of_indicator(mentions: Mentions) -> Bools:
    """What raises an indicator's own series: all but relief, except where relief is the topic."""
    is_talk = np.array([one == "talk" for one in mentions.kind], np.bool_)
    return np.asarray((mentions.direction != DEESCALATORY) | is_talk)


def _classes(mentions: Mentions) -> tuple[Bools, ...]:
    """Which rows belong to each of `COMPOSITES`."""
    up, down = mentions.direction == ESCALATORY, mentions.direction == DEESCALATORY
    is_act = up & np.array([one == "act" for one in mentions.kind], np.bool_)
    is_threat = up & np.array([one == "threat" for one in mentions.kind], np.bool_)
    return is_act | is_threat, is_act, is_threat, down


def _first(series: Ints, story: Ints, group: Ints, order: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """Series and row of the first unit of each (series, story, group), rows in `order`."""
    if not len(order):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    wide, long = int(group.max()) + 1, int(story.max()) + 1
    key = (series[order] * long + story[order]) * wide + group[order]
    _keys, place = np.unique(key, return_index=True)  # the first of equal keys
    rows = order[place]
    return labels[rows], rows


def _corroboration(story: Ints, group: Ints, day: Ints, seen: Grid, inside: Bools) -> Floats:
    """For each row: chance that its story is true, from the groups that had it by that day.

    Noisy-or over independent groups: 1 − Π (1 − q).
    """
    result = np.ones(len(story))
    rows = np.flatnonzero(inside)
    if not len(rows):
        return result
    order = rows[np.lexsort((day[rows], group[rows], story[rows]))]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (story[order][1:] != story[order][:-1]) | (group[order][1:] != group[order][:-1])
    first = order[is_new]  # first day of each (story, group)
    first = first[np.lexsort((day[first], story[first]))]
    span = seen.days + 1
    key = story[first] * span + day[first]
    doubt = np.concatenate([[0.0], np.cumsum(np.log1p(-seen.quality[group[first]]))])
    upto = np.searchsorted(key, story[rows] * span + day[rows], side="right")
    start = np.searchsorted(key, story[rows] * span, side="left")
    result[rows] = -np.expm1(doubt[upto] - doubt[start])
    return result


def _numbered(values: Sequence[str], names: tuple[str, ...]) -> Ints:
    table = {name: number for number, name in enumerate(names)}
    return np.fromiter(map(table.get, values, repeat(-1)), np.int64, len(values))
