"""Levels 0 to 4: up by probability, down slowly, so that one noisy day changes nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from monitor.indicators.filter import Posterior, exceeds
from monitor.indicators.rows import Bools, Ints
from monitor.indicators.settings import Settings


class LevelState(NamedTuple):
    """Where each series stands; arrays (series,)."""

    level: Ints
    calm_days: Ints  # days in a row on which stepping down was likely enough
    since_change: Ints  # days


def start(series: int) -> LevelState:
    """All Normal, free to move."""
    zero = np.zeros(series, np.int64)
    return LevelState(zero, zero.copy(), np.full(series, 10_000, np.int64))


def next_level(
    before: LevelState,
    posterior: Posterior,
    *,
    may_change: bool | Bools,
    fast: bool,
    settings: Settings,
) -> LevelState:
    """Levels of one more day.

    Up to the highest level whose threshold is exceeded with `up_probability`, at once. Down one
    level when the index lies under `down_factor` × the threshold with `down_probability` on
    `down_days` days in a row and `dwell_days` after the last change; on one day, without dwell,
    when `fast` (de-escalation reported by enough groups).

    Args:
        may_change: False while blind or forming: the level is held.
        fast: De-escalation allows the quick step down.
    """
    thresholds = np.asarray(settings.thresholds)
    above = exceeds(
        Posterior(posterior.a[:, None], posterior.b[:, None]), thresholds[None, :]
    )  # (series, 4)
    reached = ((above >= settings.up_probability) * np.arange(1, 5)).max(axis=1)
    own = thresholds[np.maximum(before.level, 1) - 1] * settings.down_factor
    is_calm = (exceeds(posterior, own) <= 1 - settings.down_probability) & (before.level > 0)
    calm_days = np.where(is_calm, before.calm_days + 1, 0)
    since = before.since_change + 1
    slow = (calm_days >= settings.down_days) & (since >= settings.dwell_days)
    down = is_calm & (slow | (fast & (since >= 1)))
    up = reached > before.level
    level = np.where(up, reached, np.where(down, before.level - 1, before.level))
    level = np.where(may_change, level, before.level)
    changed = level != before.level
    held = ~np.asarray(may_change)
    return LevelState(
        level,
        np.where(changed | held, 0, calm_days),
        np.where(changed, 0, since),
    )
