"""`python -m monitor.bench.simulate`: what the index does where the truth is known.

Worlds of made-up feeds (monitor/bench/worlds.py) are measured with the real code and beside it
with a raw count, a pooled share (GPR), a per-source standardised index (EPU) and EARS-C2.
The table is printed as Markdown; docs/method.md shows it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from tqdm import tqdm

from monitor.bench import peers, worlds
from monitor.bench.worlds import World
from monitor.indicators.filter import Posterior, exceeds
from monitor.indicators.measure import Measures
from monitor.indicators.rows import Bools, Floats
from monitor.indicators.settings import Weighting

RATES = (390.0, 60.0, 16.0)
REFERENCE = slice(60, 180)
YEAR = 365.0
Result = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    values: tuple[float, ...]  # one for each of `RATES`
    target: str = ""


def index_of(made: Measures, series: str = "risk") -> Floats:
    """(days,) index points."""
    column = made.series(series)
    return np.asarray(100.0 * made.track.a[:, column] / made.track.b[:, column])


def feeds_added(rng: np.random.Generator, rate: float) -> Result:
    """Twelve feeds more on day 180 of a calm year, two of them specialists."""
    world = worlds.make(
        rng, items_a_day=rate, days=420, truth=np.ones(420), joined=worlds.added(180)
    )
    late = slice(240, 420)
    return {
        f"12 feeds added in calm, level after: {name}": float(np.nanmean(values[late]))
        for name, values in _four(world)
    }


def feeds_removed(rng: np.random.Generator, rate: float) -> Result:
    """The twelve feeds with most flagged stories go for good on day 180 of a calm year."""
    world = worlds.make(rng, items_a_day=rate, days=320, truth=np.ones(320))
    up = world.up.copy()
    up[180:, np.argsort(-world.hits[:180].sum(axis=0))[: worlds.ADDED]] = False
    late = slice(200, 320)
    return {
        f"12 best feeds lost in calm, level after: {name}": float(np.nanmean(values[late]))
        for name, values in _four(world.with_up(up))
    }


def calm(rng: np.random.Generator, rate: float) -> Result:
    """A calm year: spread, coverage of the bands, level changes, weekday effect."""
    world = worlds.make(rng, items_a_day=rate, days=425, truth=np.ones(425))
    made = worlds.ours(world)
    known = [one for one in made.readings("risk")[60:] if one.index is not None]
    level = np.array([one.level for one in known])
    point = np.digitize(index_of(made)[made.track.learnt][60:], made.settings.thresholds)
    plain = worlds.ours(world, replace(made.settings, phi_factor=1e-9, phi_prior=1.0))
    weekend = np.arange(425) % 7 >= 5  # day 0 of a world is a Monday
    column = made.series("risk_count")
    seen, expected = made.track.seen[60:, column], made.track.expected[60:, column]
    ratio = seen[weekend[60:]].sum() / expected[weekend[60:]].sum()
    ratio /= seen[~weekend[60:]].sum() / expected[~weekend[60:]].sum()
    raw = world.hits.sum(axis=1)
    days = YEAR / len(known)
    result = {
        "calm, 80 % band holds the truth": _held(made, 0.8),
        "calm, 95 % band holds the truth": _held(made, 0.95),
        "calm, 80 % band without over-dispersion": _held(plain, 0.8),
        "calm, weekend over weekday: raw count": raw[weekend].mean() / raw[~weekend].mean(),
        "calm, weekend over weekday: seen / expected": float(ratio),
        "level changes a year in calm": float((np.diff(level) != 0).sum() * days),
        "level changes a year in calm, point thresholds": float((np.diff(point) != 0).sum() * days),
        "days a year wrongly at level 2 or above": float((level >= 2).sum() * days),
    }
    return result | {
        f"calm, standard deviation: {name}": float(np.nanstd(values[60:]))
        for name, values in _four(world)
    }


def event(rng: np.random.Generator, rate: float) -> Result:
    """Two and a half times normal for sixty days."""
    world = worlds.make(rng, items_a_day=rate, days=360, truth=_step(360, 300, 2.5))
    return {
        f"event of 2.5 ×, level after 10 to 60 days: {name}": float(np.nanmean(values[310:]))
        for name, values in _four(world)
    }


def feeds_added_in_crisis(rng: np.random.Generator, rate: float) -> Result:
    """Twelve feeds more on the tenth day of a crisis of two and a half times normal."""
    world = worlds.make(
        rng, items_a_day=rate, days=260, truth=_step(260, 170, 2.5), joined=worlds.added(180)
    )
    return {
        f"12 feeds added in a 2.5 × crisis, level after: {name}": float(np.nanmean(values[215:]))
        for name, values in _four(world)
    }


def blackout(rng: np.random.Generator, rate: float) -> Result:
    """The feeds with 95 % of the flagged stories are dead for five days of a 3 × crisis."""
    world = worlds.make(rng, items_a_day=rate, days=320, truth=_step(320, 300, 3.0))
    hits = world.hits[:300].sum(axis=0)
    order = np.argsort(-hits)
    dead = order[: int(np.searchsorted(np.cumsum(hits[order]), 0.95 * hits.sum())) + 1]
    up = world.up.copy()
    up[310:315, dead] = False
    dark = world.with_up(up)
    made = worlds.ours(dark)
    values = dict(_four(dark, made))
    last = made.readings("risk")
    share = peers.daily_share(dark)
    return {
        "blackout in a 3 × crisis, last dark day: raw count of the week": values["raw count"][314],
        "blackout in a 3 × crisis, last dark day: share of the day": float(
            100.0 * share[314] / share[60:300].mean()
        ),
        "blackout in a 3 × crisis, last dark day: ours": values["ours"][314],
        "blackout, 95 % width of ours before": _width(last[309]),
        "blackout, 95 % width of ours on the last dark day": _width(last[314]),
    }


def detection(rng: np.random.Generator, rate: float) -> Result:
    """A step to three times normal after fourteen calm months."""
    start = 425
    world = worlds.make(rng, items_a_day=rate, days=start + 40, truth=_step(start + 40, start, 3.0))
    made = worlds.ours(world)
    column = made.series("risk")
    surely = exceeds(Posterior(made.track.a[:, column], made.track.b[:, column]), 150.0) > 0.9
    signs: Iterator[tuple[str, Bools]] = iter(
        [
            ("ours, P(index > 150) > 0.9", surely & made.track.learnt),
            ("ours, level 2", made.track.level[:, column] >= 2),
            ("ours, early sign (CUSUM)", made.track.watch[:, column]),
            ("EARS-C2 of the raw count", peers.ears_c2(world.seen_hits.sum(axis=1).astype(float))),
            ("EARS-C2 of the share", peers.ears_c2(peers.daily_share(world))),
        ]
    )
    result: Result = {}
    for name, sign in signs:
        onsets = sign[60:start] & ~sign[59 : start - 1]
        found = np.flatnonzero(sign[start:])
        result[f"3 × step, false alarms a year: {name}"] = onsets.sum() * YEAR / (start - 60)
        result[f"3 × step, found within 40 days: {name}"] = float(len(found) > 0)
        result[f"3 × step, days to alarm: {name}"] = float(found[0]) if len(found) else np.inf
    return result


def board(rng: np.random.Generator, rate: float) -> Result:
    """A calm year on a board of 28 indicators that share the flagged stories unequally."""
    world = worlds.make(rng, items_a_day=rate, days=425, truth=np.ones(425))
    watched = {f"indicator{n}": Weighting() for n in range(28)}
    made = worlds.ours(world, watched=watched, rng=rng)
    signs = made.track.watch[60:, : len(watched)]
    onsets = (signs[1:] & ~signs[:-1]).sum()
    return {"calm, false early signs a year over 28 indicators": float(onsets) * YEAR / 365}


SCENES: tuple[Callable[[np.random.Generator, float], Result], ...] = (
    feeds_added,
    feeds_removed,
    event,
    blackout,
    feeds_added_in_crisis,
    calm,
    detection,
    board,
)
TARGETS = {
    "12 feeds added in calm, level after: ours": "95 to 110",
    "blackout in a 3 × crisis, last dark day: ours": "at least 230",
    "calm, 80 % band holds the truth": "0.75 to 0.95",
    "calm, false early signs a year over 28 indicators": "at most 4",
    "3 × step, days to alarm: ours, level 2": "at most 3 at 60 a day",
    "3 × step, false alarms a year: ours, level 2": "under 1 at 60 a day",
}


def simulate(seeds: int, *, progress: bool = False) -> list[Row]:
    """All scenes at all rates; means over the seeds, medians of the days to alarm."""
    found: dict[str, dict[float, list[float]]] = {}
    jobs = [(scene, rate, seed) for scene in SCENES for rate in RATES for seed in range(seeds)]
    for scene, rate, seed in tqdm(jobs, disable=not progress):
        rng = np.random.default_rng([seed, int(rate)])
        for name, value in scene(rng, rate).items():
            found.setdefault(name, {}).setdefault(rate, []).append(float(value))
    return [
        Row(
            name=name,
            values=tuple(_summary(name, by_rate[rate]) for rate in RATES),
            target=TARGETS.get(name, ""),
        )
        for name, by_rate in found.items()
    ]


def table(rows: Sequence[Row]) -> str:
    """Markdown, one column a rate."""
    head = "| scene | " + " | ".join(f"{rate:.0f} a day" for rate in RATES) + " | target |"
    lines = [head, "|---|" + "---:|" * len(RATES) + "---|"]
    for row in rows:
        values = " | ".join(_shown(one) for one in row.values)
        lines.append(f"| {row.name} | {values} | {row.target} |")
    return "\n".join(lines)


def _four(world: World, made: Measures | None = None) -> list[tuple[str, Floats]]:
    measured = made or worlds.ours(world)
    ours = np.where(measured.track.learnt, index_of(measured), np.nan)
    return [
        ("raw count", peers.raw_count(world, REFERENCE)),
        ("pooled share (GPR)", peers.pooled_share(world, REFERENCE)),
        ("per source (EPU)", peers.standardised(world, REFERENCE)),
        ("ours", ours),
    ]


def _held(made: Measures, share: float) -> float:
    known = [one for one in made.readings("risk")[60:] if one.index is not None]
    low, high = ("low80", "high80") if share < 0.9 else ("low95", "high95")
    return float(np.mean([getattr(one, low) <= 100 <= getattr(one, high) for one in known]))


def _width(reading: object) -> float:
    high, low = getattr(reading, "high95", None), getattr(reading, "low95", None)
    return float("nan") if high is None or low is None else float(high - low)


def _step(days: int, start: int, level: float) -> Floats:
    return np.where(np.arange(days) >= start, level, 1.0)


def _summary(name: str, values: list[float]) -> float:
    return float(np.median(values) if "days to alarm" in name else np.nanmean(values))


def _shown(value: float) -> str:
    if not np.isfinite(value):
        return "never"
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m monitor.bench.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=30, help="worlds per scene and rate")
    chosen = parser.parse_args(arguments)
    rows = simulate(chosen.seeds, progress=sys.stderr.isatty())
    print(f"{chosen.seeds} worlds per scene and rate; 100 = normal.\n")
    print(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
