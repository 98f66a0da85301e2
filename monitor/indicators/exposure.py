"""What the feeds that were up would have shown in normal times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from monitor.indicators.rows import Bools, Exposure, Floats, Ints, codes
from monitor.indicators.settings import BLOCK_DAYS, Settings

FOUNDING_DAYS = 7
"""Groups observed in the first days of the store found its baseline together."""


UNSEEN = 0.5
"""Hits that are assumed beyond those seen: what never happened yet may happen (Jeffreys)."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What the rows say, as arrays; days × groups, without gaps in the days."""

    first: int  # ordinal of the first day
    groups: tuple[str, ...]
    pools: tuple[str, ...]  # (groups,)
    quality: Floats  # (groups,) chance that a report of the group is true
    official: Bools  # (groups,)
    stories: Floats
    observed: Bools
    has_row: Bools


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A panel without floods, and who is still wanted; days × groups."""

    panel: Panel
    pools: Ints  # (groups,) number of the group's pool
    stories: Floats  # 0 where not observed
    observed: Bools  # silence means silence
    watched: Bools  # somebody wants to poll it
    notes: tuple[tuple[int, str], ...]  # ordinal of a day, what happened

    @property
    def first(self) -> int:
        """Ordinal of the first day."""
        return self.panel.first

    @property
    def groups(self) -> tuple[str, ...]:
        """Names, one a column."""
        return self.panel.groups

    @property
    def quality(self) -> Floats:
        """(groups,) chance that a report of the group is true."""
        return self.panel.quality

    @property
    def official(self) -> Bools:
        """(groups,) whether it speaks for itself."""
        return self.panel.official

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.stories)


def grid(rows: Sequence[Exposure], last: date, settings: Settings) -> Grid | None:
    """Rows as arrays up to `last`; None when there is no row on or before that day."""
    used = [one for one in rows if one.day <= last]
    if not used:
        return None
    since = min(one.day for one in used)
    return cleaned(panel(used, since, last, settings), settings)


def cleaned(raw: Panel, settings: Settings) -> Grid:
    """A panel without floods.

    A group without a row on a day was not observed. A group that shows many times more than it
    ever does (a repeated archive, a broken feed) is taken for not observed on that day.
    """
    flooded = _floods(raw.stories, raw.observed, settings)
    numbers, _table = codes(raw.pools)
    return Grid(
        panel=raw,
        pools=numbers,
        stories=np.where(raw.observed & ~flooded, raw.stories, 0.0),
        observed=raw.observed & ~flooded,
        watched=_watched(raw.has_row, settings.retire_days),
        notes=_flood_notes(raw.first, raw.groups, raw.stories, flooded),
    )


def panel(
    rows: Sequence[Exposure],
    since: date,
    last: date,
    settings: Settings,
    before: Panel | None = None,
) -> Panel:
    """Rows from `since` to `last` as arrays, after the days of `before`.

    Args:
        before: What was known; its days before `since` stay, its groups keep their columns.
    """
    newest = {one.group: one for one in sorted(rows, key=lambda one: one.day)}
    old = () if before is None else before.groups
    names = (*old, *sorted(newest.keys() - set(old)))
    cut = since.toordinal()
    first = cut if before is None else before.first
    shape = (last.toordinal() - first + 1, len(names))
    stories, observed, has_row = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    quality, official = np.zeros(len(names)), np.zeros(len(names), np.bool_)
    pools = [""] * len(names)
    if before is not None:
        part = (slice(0, cut - first), slice(0, len(old)))
        for new, known in (
            (stories, before.stories),
            (observed, before.observed),
            (has_row, before.has_row),
        ):
            new[part] = known[part]
        quality[: len(old)], official[: len(old)] = before.quality, before.official
        pools[: len(old)] = before.pools
    column = {name: number for number, name in enumerate(names)}
    for name, one in newest.items():
        number = column[name]
        quality[number] = settings.grades.get(one.reliability, settings.grades["F"])
        official[number], pools[number] = one.official, one.pool
    place = (
        np.array([one.day.toordinal() for one in rows], np.int64) - first,
        np.array([column[one.group] for one in rows], np.int64),
    )
    stories[place] = [one.stories for one in rows]
    observed[place] = [one.observed for one in rows]
    has_row[place] = True
    return Panel(
        first=first,
        groups=names,
        pools=tuple(pools),
        quality=quality,
        official=official,
        stories=stories,
        observed=observed,
        has_row=has_row,
    )


def _watched(has_row: Bools, retire_days: int) -> Bools:
    """Whether each group counts as wanted on each day.

    A day without any row at all (the program was off) retires nobody.
    """
    alive = has_row.any(axis=1)
    clock = np.cumsum(alive)  # days on which the program ran
    seen_on = np.where(has_row, clock[:, None], -1_000_000)
    newest = np.maximum.accumulate(seen_on, axis=0)
    return np.asarray(clock[:, None] - newest <= retire_days)


def _floods(stories: Floats, observed: Bools, settings: Settings) -> Bools:
    """Days on which a group showed far more than ever in its 60 days before."""
    flooded = np.zeros(stories.shape, np.bool_)
    suspects = np.argwhere((stories > settings.flood_floor) & observed)
    for day, group in suspects:  # in order of days, so that floods do not teach floods
        start = max(0, day - 60)
        usual = stories[start:day, group][observed[start:day, group] & ~flooded[start:day, group]]
        limit = settings.flood_floor
        if len(usual):
            limit = max(limit, settings.flood_factor * float(np.quantile(usual, 0.95)))
        flooded[day, group] = len(usual) >= settings.min_base_days and stories[day, group] > limit
    return flooded


def _flood_notes(
    first: int, names: tuple[str, ...], stories: Floats, flooded: Bools
) -> tuple[tuple[int, str], ...]:
    return tuple(
        (
            first + int(day),
            _flood_text(names[group], stories[day, group]),
        )
        for day, group in np.argwhere(flooded)
    )


def _flood_text(name: str, stories: float) -> str:
    return f"{name} showed {stories:.0f} stories in one day, far more than ever: not counted"


def enrolled(seen: Grid, hits: Floats, settings: Settings) -> Bools:
    """Which groups count on which day: long enough observed, and enough seen to know them.

    What is asked of a group must lie before the guard, because only that teaches its share.
    Groups that were there when the store began need no such proof: their shares lean on each
    other, and nothing changes when they all enter together.

    Args:
        hits: (days, groups) relevant stories.

    Returns:
        (days, groups); decided once a block, by the days before it.
    """
    observed = seen.observed.astype(np.float64)
    days = _before(observed)
    known = (_earlier(_before(hits * observed), settings.guard_days) >= settings.burn_in_hits) | (
        _earlier(_before(seen.stories * observed), settings.guard_days) >= settings.burn_in_stories
    )
    founders = np.asarray(seen.observed[:FOUNDING_DAYS].any(axis=0), np.bool_)
    ready = (days >= settings.burn_in_days) & (known | founders[None, :])
    blocks = np.arange(seen.days) // BLOCK_DAYS * BLOCK_DAYS
    return np.asarray(ready[blocks] & seen.watched)


def _earlier(values: Floats, days: int) -> Floats:
    """The same some days later."""
    held = np.zeros_like(values)
    held[days:] = values[: max(0, len(values) - days)]
    return held


def _before(values: Floats) -> Floats:
    """Running totals over the days before each day."""
    return np.asarray(np.cumsum(values, axis=0) - values)


def shares(hits: Floats, stories: Floats, pools: Ints, known: Bools, settings: Settings) -> Floats:
    """Baseline share of each group: hits per story in normal times.

    A group's own share leans on its pool, and the pool on all groups, each as if by
    `prior_stories` stories.

    Args:
        hits: (groups, series) sums over the base.
        stories: (groups, series) sums over the base, each day times the index of that day
            (the chain-link: a feed that comes in a crisis must not teach that crisis is normal).
        pools: (groups,).
        known: (groups,) those that may teach their pool.

    Returns:
        (groups, series), at least 0.
    """
    m = settings.prior_stories
    counted = known[:, None]
    all_hits, all_stories = (hits * counted).sum(axis=0), (stories * counted).sum(axis=0)
    overall = np.where(all_stories > 0, (all_hits + UNSEEN) / np.maximum(all_stories, 1e-9), 0.0)
    members = np.zeros((int(pools.max()) + 1, len(pools)))
    members[pools, np.arange(len(pools))] = known
    pool = (members @ hits + m * overall) / (members @ stories + m)
    return np.asarray((hits + m * pool[pools]) / (stories + m))
