"""The walk through the days: learn once a week, then one filter step a day for all series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from monitor.indicators import bursts, levels
from monitor.indicators.composite import COMPOSITES, COUNTS
from monitor.indicators.exposure import Grid, shares
from monitor.indicators.filter import Posterior, anscombe, kept, overdispersion, step
from monitor.indicators.levels import LevelState
from monitor.indicators.rows import Bools, Floats, Ints
from monitor.indicators.settings import BLOCK_DAYS, Settings

KEPT_DAYS = 10
"""Days at the end whose state is kept, so that a later measurement can go on from there."""
KEPT_EVERY = 4 * BLOCK_DAYS
"""Of the days before, the state of one in so many is kept: it is large where groups are many."""
CAUTION = 1.5
"""Standard errors by which the early sign takes the normal rate to be higher than learnt."""


class Learnt(NamedTuple):
    """What the base says is normal."""

    share: Floats  # (groups, series) hits per story
    usual: Floats  # (groups,) stories a day when observed
    phi: Floats  # (series,) over-dispersion
    unit: Floats  # (series,) mean weight, Σw² / Σw
    limit: Floats  # (series,) from where on the CUSUM is an early sign
    caution: Floats  # (series,) 1, or more where few stories taught what is normal


class Carry(NamedTuple):
    """What one day hands to the next."""

    posterior: Posterior
    level: LevelState
    cusum: Floats
    watch: Bools  # (series,) an early sign is up
    part_a: Floats  # (groups, series): the part of `a` that came from each group
    part_b: Floats


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything the walk reads; days × groups × series."""

    seen: Grid
    hits: Floats  # weights of units of observed groups
    squares: Floats  # (days, series) sums of squared weights
    enrolled: Bools  # (days, groups)
    delta: Floats  # (series,) share kept from day to day
    settled: Bools  # (days,) the baseline is no longer forming

    @property
    def risk(self) -> int:
        """Column of the first composite."""
        return int(self.hits.shape[2]) - len(COMPOSITES) - len(COUNTS)


@dataclass(frozen=True, kw_only=True)
class Track:
    """What the walk writes; (days, series) unless said otherwise."""

    a: Floats
    b: Floats
    seen: Floats  # in effective stories
    expected: Floats  # in effective stories
    keep: Floats  # share of the day before that was kept
    pull: Floats  # pull to normal that was added
    scale: Floats  # φ × unit: what a weight was divided by
    unit: Floats  # mean weight of a story
    level: Ints
    cusum: Floats
    watch: Bools
    driver: Ints  # group or -1
    without_driver: Floats  # index points
    alarm_weight: Floats  # 1, or less on days in alarm, which teach less
    coverage: Floats  # (days,)
    stepped: Bools  # (days,) the filter made its step
    learnt: Bools  # (days,) there was an expectation
    usable: Bools  # (days,) and it was not blind
    shares: dict[int, Floats]  # first day of a block to the shares it used, (groups, series)
    carries: dict[int, Carry]  # days to the state after them, where it is kept

    def share_on(self, day: int) -> Floats | None:
        """Shares in use on a day; None: nothing was learnt yet."""
        return self.shares.get(max((one for one in self.shares if one <= day), default=-1))

    @classmethod
    def empty(cls, days: int, series: int) -> Track:
        """Arrays of the right shapes."""
        flat = (days, series)
        return cls(
            a=np.ones(flat),
            b=np.ones(flat),
            seen=np.zeros(flat),
            expected=np.zeros(flat),
            keep=np.ones(flat),
            pull=np.zeros(flat),
            scale=np.ones(flat),
            unit=np.ones(flat),
            level=np.zeros(flat, np.int64),
            cusum=np.zeros(flat),
            watch=np.zeros(flat, np.bool_),
            driver=np.full(flat, -1, np.int64),
            without_driver=np.zeros(flat),
            alarm_weight=np.ones(flat),
            coverage=np.zeros(days),
            stepped=np.zeros(days, np.bool_),
            learnt=np.zeros(days, np.bool_),
            usable=np.zeros(days, np.bool_),
            shares={},
            carries={},
        )


def begin(inputs: Inputs, settings: Settings) -> Carry:
    """The state before the first day: normal, with the strength of the prior."""
    _days, groups, series = inputs.hits.shape
    prior = np.full(series, settings.prior)
    nothing = np.zeros((groups, series))
    return Carry(
        Posterior(prior, prior.copy()),
        levels.start(series),
        np.zeros(series),
        np.zeros(series, np.bool_),
        nothing,
        nothing.copy(),
    )


def walk(
    inputs: Inputs, track: Track, carry: Carry, settings: Settings, *, first: int = 0
) -> Carry:
    """Fill `track` from day `first` on; `carry` is the state of the day before.

    Returns:
        The state after the last day.
    """
    learnt: Learnt | None = None
    for day in range(first, len(inputs.hits)):
        if day % BLOCK_DAYS == 0 or day == first:
            start = day - day % BLOCK_DAYS
            learnt = learn(inputs, track, start, settings) or learnt
            if learnt is not None:
                track.shares[start] = learnt.share
        if learnt is None:
            _blank_day(track, day, carry)
        else:
            carry = _day(inputs, track, day, carry, learnt, settings)
        if is_kept(day, len(inputs.hits)):
            track.carries[day] = carry
    return carry


def is_kept(day: int, days: int) -> bool:
    """Whether the state after a day is kept for a later measurement."""
    return day >= days - KEPT_DAYS or day % KEPT_EVERY == KEPT_EVERY - 1


def learn(inputs: Inputs, track: Track, day: int, settings: Settings) -> Learnt | None:
    """Shares, over-dispersion and mean weight, from the base of the block that starts on `day`.

    Days in alarm weigh less, and the stories of each day are multiplied by its index.

    Returns:
        None when fewer than `min_base_days` days of the base were observed.
    """
    end = max(0, day - settings.guard_days)
    base = slice(max(0, end - settings.base_days), end)
    observed = inputs.seen.observed[base]
    if observed.any(axis=1).sum() < settings.min_base_days:
        return None
    stories, weight = inputs.seen.stories[base], track.alarm_weight[base]
    hits = np.einsum("dgj,dj->gj", inputs.hits[base], weight)
    theta = track.a[base] / track.b[base]
    usable = track.usable[base]
    linked = np.where(usable[:, None], theta / anchor(track, base, settings), 1.0)
    link = stories.T @ (linked * weight)
    total, squares = inputs.hits[base].sum(axis=(0, 1)), inputs.squares[base].sum(axis=0)
    before = np.concatenate([np.ones_like(theta[:1]), theta[:-1]])
    share = shares(hits, link, inputs.seen.pools, inputs.enrolled[day], settings)
    usual = stories.sum(axis=0) / np.maximum(observed.sum(axis=0), 1)
    phi = overdispersion(track.seen[base], track.expected[base] * before, usable, settings)
    unit = np.where(total > 0, squares / np.maximum(total, 1e-9), 1.0)
    rate = (usual * inputs.enrolled[day]) @ share / unit
    limit = bursts.limits(rate, phi, inputs.risk + len(COMPOSITES), settings)
    taught = (track.seen[base] * usable[:, None]).sum(axis=0)
    return Learnt(share, usual, phi, unit, limit, 1.0 + CAUTION / np.sqrt(taught + 1.0))


def anchor(track: Track, base: slice, settings: Settings) -> Floats:
    """Mean index of the calm days of the base (level 0 or 1), as a ratio, (series,).

    Dividing by it makes those days 100 again: without it an error of the first weeks would be
    handed on for ever. Days at level 2 and above leave it alone, so that a long crisis does not
    become normal.
    """
    calm = (track.level[base] <= 1) & track.usable[base][:, None]
    seen, expected = (
        (track.seen[base] * calm).sum(axis=0),
        (track.expected[base] * calm).sum(axis=0),
    )
    return np.asarray((seen + settings.anchor_prior) / (expected + settings.anchor_prior))


def coverage(counted: Bools, enrolled: Bools, learnt: Learnt, risk: int) -> float | None:
    """Share of the flagged stories to be expected whose groups were really observed, 0 to 1.

    None: no group is known well enough to expect anything.
    """
    usual = learnt.usual * learnt.share[:, risk]
    possible = float(usual[enrolled].sum())
    return float(usual[counted].sum()) / possible if possible > 0 else None


def _blank_day(track: Track, day: int, carry: Carry) -> None:
    """No expectation yet: the state waits."""
    track.a[day], track.b[day] = carry.posterior


def _day(
    inputs: Inputs, track: Track, day: int, carry: Carry, learnt: Learnt, settings: Settings
) -> Carry:
    counted = inputs.seen.observed[day] & inputs.enrolled[day]
    share_seen = coverage(counted, inputs.enrolled[day], learnt, inputs.risk + len(COMPOSITES))
    covered = share_seen or 0.0
    blind = covered < settings.blind_below
    keep, pull = kept(inputs.delta, blind, settings)
    scale = learnt.phi * learnt.unit
    seen = inputs.hits[day] * counted[:, None]
    expected = (inputs.seen.stories[day] * counted)[:, None] * learnt.share
    total, mean = seen.sum(axis=0), expected.sum(axis=0)
    posterior = step(carry.posterior, total / scale, mean / scale, keep, pull)
    level = levels.next_level(
        carry.level,
        posterior,
        may_change=not blind and bool(inputs.settled[day]),
        fast=_relief(inputs, day, counted, settings),
        settings=settings,
    )
    total, mean = total / learnt.unit, mean / learnt.unit
    cusum = carry.cusum if blind else _cusum(carry.cusum, total, mean, learnt, settings)
    after = Carry(
        posterior,
        level,
        cusum,
        (cusum >= learnt.limit) | (carry.watch & (cusum >= learnt.limit / 2)),
        keep * carry.part_a + seen / scale,
        keep * carry.part_b + expected / scale,
    )
    _note(track, day, after)
    track.seen[day], track.expected[day] = total, mean
    track.keep[day], track.pull[day] = keep, pull
    track.scale[day], track.unit[day], track.stepped[day] = scale, learnt.unit, True
    track.coverage[day], track.usable[day] = covered, not blind
    track.learnt[day] = share_seen is not None
    if not blind:
        track.alarm_weight[day] = _alarm_weight(total, mean, learnt.phi, settings)
    return after


def _cusum(
    before: Floats, seen: Floats, mean: Floats, learnt: Learnt, settings: Settings
) -> Floats:
    """Held at twice its limit, so that it comes down soon when the rise is over."""
    moved = bursts.cusum(before, seen, mean * learnt.caution, learnt.phi, settings)
    return np.minimum(moved, 2.0 * learnt.limit)


def _note(track: Track, day: int, after: Carry) -> None:
    track.a[day], track.b[day] = after.posterior
    track.level[day] = after.level.level
    track.cusum[day] = after.cusum
    track.watch[day] = after.watch
    track.driver[day], track.without_driver[day] = influence(after)


def influence(after: Carry) -> tuple[Ints, Floats]:
    """The group that moves each series most when left out, and the index without it.

    Returns:
        Group and index points, both (series,); the filter is linear, so no second walk is needed.
    """
    without = (after.posterior.a - after.part_a) / np.maximum(
        after.posterior.b - after.part_b, 1e-9
    )
    whole = after.posterior.a / after.posterior.b
    strongest = np.abs(without - whole).argmax(axis=0)
    return strongest, 100.0 * without[strongest, np.arange(len(whole))]


def _relief(inputs: Inputs, day: int, counted: Bools, settings: Settings) -> bool:
    """Whether enough groups reported de-escalation on this day."""
    column = inputs.risk + len(COMPOSITES) + COMPOSITES.index("deesc")
    groups = (inputs.hits[day, :, column] > 0) & counted
    return int(groups.sum()) >= settings.fast_groups


def _alarm_weight(seen: Floats, mean: Floats, phi: Floats, settings: Settings) -> Floats:
    residual = np.abs(anscombe(seen, mean)) / np.sqrt(phi)
    limit = settings.down_weight_above
    return np.asarray(np.minimum(1.0, (limit / np.maximum(residual, limit)) ** 2))
