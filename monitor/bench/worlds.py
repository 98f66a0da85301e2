"""Made-up news of made-up feeds with a known truth, for the simulations of docs/method.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from monitor.indicators.measure import Measures, measure
from monitor.indicators.rows import Bools, Exposure, Floats, Ints, Mentions
from monitor.indicators.settings import Settings, Weighting

FIRST = date(2024, 1, 1)
GROUPS = 36
ADDED = 12
WATCHED = {"airspace": Weighting(weight=5.0, half_life_days=5.0)}


@dataclass(frozen=True, kw_only=True)
class World:
    """Days × groups of stories, hits among them, and which feeds were up."""

    stories: Ints
    hits: Ints
    up: Bools
    truth: Floats  # (days,) 1 = normal

    def with_up(self, up: Bools) -> World:
        """The same news, seen through other feeds."""
        return replace(self, up=up)

    @property
    def seen_stories(self) -> Ints:
        """What was published by feeds that were up."""
        return np.asarray(self.stories * self.up)

    @property
    def seen_hits(self) -> Ints:
        """What was flagged in feeds that were up."""
        return np.asarray(self.hits * self.up)


def make(
    rng: np.random.Generator,
    *,
    items_a_day: float,
    days: int,
    truth: Floats,
    joined: Ints | None = None,
) -> World:
    """A world: log-normal volumes, quiet weekends, over-dispersed counts, shared daily shocks.

    Args:
        items_a_day: Of the first `GROUPS` feeds together, on average.
        truth: (days,) ratio to normal.
        joined: (groups,) day on which each feed was added; None: all from the start.
    """
    count = GROUPS if joined is None else len(joined)
    volume = rng.lognormal(0.0, 1.0, count)
    volume *= items_a_day / volume[:GROUPS].sum()
    share = rng.beta(1.2, 28.0, count)
    share[GROUPS : GROUPS + 2] = 0.35  # specialist feeds among those added later
    share[:GROUPS] *= 0.038 * items_a_day / (volume[:GROUPS] * share[:GROUPS]).sum()
    weekday = np.array([(FIRST.toordinal() + day) % 7 for day in range(days)])
    rhythm = np.where(weekday >= 5, rng.uniform(0.40, 0.45), 1.0)
    rhythm /= (5 + 2 * 0.425) / 7
    mean = volume[None, :] * rhythm[:, None]
    stories = rng.poisson(mean * rng.gamma(8.0, 1 / 8.0, mean.shape))
    shock = rng.gamma(6.0, 1 / 6.0, days)
    chance = np.clip(share[None, :] * (truth * shock)[:, None], 0.0, 0.9)
    up = np.ones((days, count), np.bool_)
    if joined is not None:
        up = np.arange(days)[:, None] >= joined[None, :]
    return World(stories=stories, hits=rng.binomial(stories, chance), up=up, truth=truth)


def added(day: int) -> Ints:
    """Twelve more feeds from a day on."""
    return np.concatenate([np.zeros(GROUPS, np.int64), np.full(ADDED, day)])


def ours(
    world: World,
    settings: Settings | None = None,
    *,
    watched: Mapping[str, Weighting] = WATCHED,
    rng: np.random.Generator | None = None,
) -> Measures:
    """What the real code makes of a world.

    Args:
        watched: Indicators; with several, `rng` deals the flags out to them, unequally.
    """
    found_mentions = mentions(world)
    if rng is not None:
        chance = 1.0 / np.arange(1, len(watched) + 1)
        dealt = rng.choice(list(watched), size=len(found_mentions), p=chance / chance.sum())
        found_mentions = replace(found_mentions, indicator=dealt.tolist())
    days, groups = world.stories.shape
    rows = [
        Exposure(
            day=FIRST + timedelta(day),
            group=f"g{group}",
            reliability="B",
            stories=int(world.stories[day, group]),
            observed=bool(world.up[day, group]),
        )
        for group in range(groups)
        for day in range(int(world.up[:, group].argmax()), days)
    ]
    found = measure(found_mentions, rows, watched, settings or Settings(), as_of=moment(days - 1))
    if found is None:
        raise ValueError("a world without days cannot be measured")
    return found


def mentions(world: World) -> Mentions:
    """The flags of a world, each a story of its own."""
    day, group = np.nonzero(world.seen_hits)
    times = world.seen_hits[day, group]
    day, group = np.repeat(day, times), np.repeat(group, times)
    count = len(day)
    names = [f"s{number}" for number in range(count)]
    noon = (moment(0) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return Mentions(
        day=day + FIRST.toordinal(),
        seen=noon + day * 86_400_000_000,
        item_id=names,
        story_id=names,
        group=[f"g{number}" for number in group.tolist()],
        indicator=["airspace"] * count,
        direction=np.ones(count, np.int64),
        kind=["act"] * count,
        severity=np.full(count, 2, np.int64),
        proximity=np.full(count, 0.5),
        withdrawn=np.zeros(count, np.bool_),
    )


def moment(day: int) -> datetime:
    """Late on a day of the world."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, 20, tzinfo=UTC) + timedelta(day)
