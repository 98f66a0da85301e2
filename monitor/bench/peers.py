"""The usual ways to make an index or an alarm from news counts, to be compared with ours."""

from __future__ import annotations

import numpy as np

from monitor.bench.worlds import World
from monitor.indicators.rows import Bools, Floats

WEEK = 7


def weekly(values: Floats) -> Floats:
    """Sums over the last seven days, (days, …)."""
    total = np.cumsum(values, axis=0, dtype=np.float64)
    before = np.zeros_like(total)
    before[WEEK:] = total[:-WEEK]
    return np.asarray(total - before)


def raw_count(world: World, reference: slice) -> Floats:
    """Flagged stories of the week against the mean of the reference, (days,), 100 = normal."""
    week = weekly(world.seen_hits.sum(axis=1))
    return np.asarray(100.0 * week / week[reference].mean())


def pooled_share(world: World, reference: slice) -> Floats:
    """Flagged share of all stories of the week, as in the GPR index, (days,), 100 = normal.

    Source: Caldara and Iacoviello (2022), American Economic Review 112(4), 1194–1225.
    """
    share = weekly(world.seen_hits.sum(axis=1)) / np.maximum(
        weekly(world.seen_stories.sum(axis=1)), 1.0
    )
    return np.asarray(100.0 * share / share[reference].mean())


def standardised(world: World, reference: slice) -> Floats:
    """Mean of the feeds' shares, each over its own deviation, as in the EPU index, (days,).

    A feed added later is standardised over its own first days, as many as the reference has.

    Source: Baker, Bloom and Davis (2016), Quarterly Journal of Economics 131(4), 1593–1636.
    """
    stories = weekly(world.seen_stories.astype(np.float64))
    share = weekly(world.seen_hits.astype(np.float64)) / np.maximum(stories, 1.0)
    length = reference.stop - reference.start
    parts = np.full(share.shape, np.nan)
    for feed in range(share.shape[1]):
        start = max(int(world.up[:, feed].argmax()) + WEEK, reference.start)
        spread = share[start : start + length, feed].std()
        if spread > 0:
            fine = world.up[:, feed] & (stories[:, feed] > 0)
            parts[fine, feed] = share[fine, feed] / spread
    known = np.isfinite(parts)
    mean = np.where(known, parts, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(100.0 * mean / mean[reference].mean())


def ears_c2(values: Floats) -> Bools:
    """Alarm days of EARS-C2: three deviations over the mean of seven days, two days' lag.

    Source: Hutwagner et al. (2003), Journal of Urban Health 80(2 Suppl 1), i89–i96.
    """
    alarm = np.zeros(len(values), np.bool_)
    for day in range(9, len(values)):
        base = values[day - 9 : day - 2]
        spread = max(float(base.std(ddof=1)), 1e-9)
        alarm[day] = values[day] > base.mean() + 3.0 * spread
    return alarm


def daily_share(world: World) -> Floats:
    """Flagged share of the day's stories, (days,)."""
    stories = np.maximum(world.seen_stories.sum(axis=1), 1.0)
    return np.asarray(world.seen_hits.sum(axis=1) / stories)
