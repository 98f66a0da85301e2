"""How the level would have fared against dated events, beside simpler ways to score days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np

from monitor.indicators.headline import Headline, headline
from monitor.indicators.measure import Measures, measure
from monitor.indicators.rows import Bools, Exposure, Floats, Ints, Mention
from monitor.indicators.settings import Settings, Watched
from monitor.indicators.tripwires import Rules

ALERT_LEVEL = 2
LEAD = 14
"""Days before an event in which a level counts as a warning of it, and after it as found late."""
HORIZON = 7
"""An alert is right when an event follows within so many days, its own day included."""
BLOCK = 7
DRAWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One dated fact of the chronology."""

    day: date
    what: str
    direction: str  # escalatory, deescalatory, neutral


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the level did around one event."""

    day: date
    what: str
    days: int | None  # level 2 so many days after it; negative: before it; None: not found
    level: int  # on the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share with its 90 % block-bootstrap interval; None where nothing was to be counted."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Precision and recall at one alert a week, and ROC area, of one way to score days."""

    name: str
    alerts: int
    precision: Estimate
    recall: Estimate
    area: Estimate  # chance that a day before an event scores above another day


@dataclass(frozen=True, kw_only=True)
class Report:
    """The back-test of one archive."""

    first: date
    last: date
    groups: int
    mentions: int
    events: tuple[Found, ...]
    found: Estimate  # share of the events with level 2 within three days
    median_days: float | None  # to level 2, over the events found; negative: lead
    false_alarms_a_month: Estimate
    stand_down_days: float | None  # median from a de-escalatory event to level below 2
    skills: tuple[Skill, ...]
    levels: tuple[int, ...]  # one a day

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        raw = asdict(self)
        raw["first"], raw["last"] = self.first.isoformat(), self.last.isoformat()
        raw["events"] = [asdict(one) | {"day": one.day.isoformat()} for one in self.events]
        return raw


def backtest(
    mentions: Sequence[Mention],
    exposures: Sequence[Exposure],
    events: Sequence[Event],
    watched: Mapping[str, Watched],
    settings: Settings,
    *,
    rules: Rules | None = None,
    zone: tzinfo = UTC,
    seed: int = 1,
) -> Report:
    """Replay: each day's level uses only what was first seen by then (see `measure`).

    Args:
        events: Those outside the days with an index are left out.
        rules: Tripwires; None: the index alone.

    Raises:
        ValueError: The archive is too short for an index on any day.
    """
    last = max((one.day for one in exposures), default=date.min)
    as_of = datetime.combine(last, time(23, 59, 59), zone).astimezone(UTC)
    made = measure(mentions, exposures, watched, settings, as_of=as_of, zone=zone)
    if made is None or not made.track.learnt.any():
        raise ValueError("the archive is too short: no day has an index; it needs some weeks")
    head = headline(made, rules or Rules(), zone=zone)
    start = int(made.track.learnt.argmax())
    return _report(made, head, events, start, np.random.default_rng(seed))


def _report(
    made: Measures,
    head: Headline,
    events: Sequence[Event],
    start: int,
    rng: np.random.Generator,
) -> Report:
    days = made.grid.days - start
    level = head.level[start:]
    rises = [
        (place, one) for place, one in _placed(made, events, start) if one.direction == "escalatory"
    ]
    falls = [
        place for place, one in _placed(made, events, start) if one.direction == "deescalatory"
    ]
    found = [_around(level, place, one) for place, one in rises]
    count = np.bincount([place for place, _one in rises], minlength=days)
    hit = np.zeros(days)
    for (place, _event), one in zip(rises, found, strict=True):
        hit[place] += one.days is not None and one.days <= 3
    blocks = _blocks(days, rng)
    timely = [one.days for one in found if one.days is not None]
    alarms = _false_alarms(level, count)
    down = [_stand_down(level, place) for place in falls]
    stood = [one for one in down if one is not None]
    return Report(
        first=made.first + timedelta(start),
        last=made.last,
        groups=len(made.grid.groups),
        mentions=len(made.mentions),
        events=tuple(found),
        found=_ratio(hit, count, blocks),
        median_days=float(np.median(timely)) if timely else None,
        false_alarms_a_month=_ratio(30.0 * alarms, np.ones(days), blocks),
        stand_down_days=float(np.median(stood)) if stood else None,
        skills=tuple(
            _skill(name, score, count, blocks) for name, score in _scores(made, start, count, rng)
        ),
        levels=tuple(int(one) for one in level),
    )


def _placed(made: Measures, events: Sequence[Event], start: int) -> list[tuple[int, Event]]:
    placed = [((one.day - made.first).days - start, one) for one in events]
    days = made.grid.days - start
    return sorted((p for p in placed if 0 <= p[0] < days), key=lambda p: (p[0], p[1].what))


def _around(level: Ints, place: int, event: Event) -> Found:
    """Days from the event to level 2; when it stood there already, back to its onset."""
    high = level >= ALERT_LEVEL
    days: int | None = None
    if high[place]:
        days = 0
        while days > -LEAD and place + days > 0 and high[place + days - 1]:
            days -= 1
    else:
        later = np.flatnonzero(high[place : place + LEAD + 1])
        days = int(later[0]) if len(later) else None
    return Found(day=event.day, what=event.what, days=days, level=int(level[place]))


def _false_alarms(level: Ints, count: Ints) -> Floats:
    """(days,) 1 where level 2 was reached and no event stands three days before to 14 after."""
    high = level >= ALERT_LEVEL
    onset = high & ~np.concatenate([[False], high[:-1]])
    near = np.zeros(len(level), np.bool_)
    for place in np.flatnonzero(count):
        near[max(0, place - LEAD) : place + 4] = True
    return np.asarray(onset & ~near, np.float64)


def _stand_down(level: Ints, place: int) -> int | None:
    if level[place] < ALERT_LEVEL:
        return None
    below = np.flatnonzero(level[place:] < ALERT_LEVEL)
    return int(below[0]) if len(below) else None


def _scores(
    made: Measures, start: int, count: Ints, rng: np.random.Generator
) -> list[tuple[str, Floats]]:
    """A score for each day from each method; ties are broken by chance."""
    column, counts = made.series("risk"), made.series("risk_count")
    index = made.track.a[start:, column] / made.track.b[start:, column]
    seen = _weekly(made.track.seen[:, counts])[start:]
    stories = _weekly((made.grid.stories * made.counted).sum(axis=1))[start:]
    before = _weekly(np.concatenate([[0], count[:-1]]).astype(np.float64))
    days = len(index)
    return [
        ("ours", index),
        ("climatology", rng.random(days)),
        ("persistence", before + 1e-6 * rng.random(days)),
        ("raw count", seen + 1e-6 * rng.random(days)),
        ("pooled share", seen / np.maximum(stories, 1.0) + 1e-9 * rng.random(days)),
    ]


def _weekly(values: Floats) -> Floats:
    total = np.cumsum(values)
    held = np.zeros_like(total)
    held[7:] = total[:-7]
    return np.asarray(total - held)


def _skill(name: str, score: Floats, count: Ints, blocks: Ints) -> Skill:
    days = len(score)
    ahead = np.array([count[day : day + HORIZON].sum() > 0 for day in range(days)], np.float64)
    alert = _alerts(score, max(1, days // 7))
    warned = np.zeros(days, np.bool_)
    for day in np.flatnonzero(alert):
        warned[day : day + HORIZON] = True
    return Skill(
        name=name,
        alerts=int(alert.sum()),
        precision=_ratio(alert * ahead, alert.astype(np.float64), blocks),
        recall=_ratio((count * warned).astype(np.float64), count, blocks),
        area=_area(score, ahead, blocks),
    )


def _alerts(score: Floats, budget: int) -> Bools:
    """The highest days, not two within a week of each other unless the budget asks for them."""
    alert, free = np.zeros(len(score), np.bool_), np.ones(len(score), np.bool_)
    for day in np.argsort(-score, kind="stable"):
        if alert.sum() < budget and free[day]:
            alert[day] = True
            free[max(0, day - 3) : day + 4] = False
    return alert


def _blocks(days: int, rng: np.random.Generator) -> Ints:
    """(draws, days) days drawn in blocks of a week, with replacement."""
    need = -(-days // BLOCK)
    starts = rng.integers(0, max(days - BLOCK + 1, 1), (DRAWS, need))
    drawn = (starts[:, :, None] + np.arange(BLOCK)[None, None, :]).reshape(DRAWS, -1)[:, :days]
    return np.asarray(np.minimum(drawn, days - 1))


def _ratio(above: Floats, below: Floats | Ints, blocks: Ints) -> Estimate:
    whole = float(below.sum())
    if whole <= 0:
        return Estimate(value=None, low=None, high=None)
    tops, bottoms = above[blocks].sum(axis=1), below[blocks].sum(axis=1)
    drawn = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Estimate(value=float(above.sum()) / whole, low=float(low), high=float(high))


def _area(score: Floats, target: Floats, blocks: Ints) -> Estimate:
    value = _roc(score, target)
    if value is None:
        return Estimate(value=None, low=None, high=None)
    drawn = [_roc(score[one], target[one]) for one in blocks[:200]]
    known = [one for one in drawn if one is not None]
    low, high = np.quantile(known, [0.05, 0.95])
    return Estimate(value=value, low=float(low), high=float(high))


def _roc(score: Floats, target: Floats) -> float | None:
    """Area under the ROC curve, by ranks; None when one side is empty."""
    positive = target > 0
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return None
    _values, place, size = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[place]
    return float((rank[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def read_events(rows: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Events from the lines of a chronology: `date`, `fact`, `direction`.

    Raises:
        ValueError: A line lacks one of them or has no full date; the message names the line.
    """
    found = []
    for number, row in enumerate(rows, 1):
        try:
            day = date.fromisoformat(str(row["date"]))
            found.append(Event(day=day, what=str(row["fact"]), direction=str(row["direction"])))
        except (KeyError, ValueError) as error:
            raise ValueError(f"chronology line {number}: {error}") from error
    return found
