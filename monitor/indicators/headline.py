"""The level that people see: what the index says, lifted by tripwires, surges and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np

from monitor.indicators.measure import Measures, Reading
from monitor.indicators.rows import Ints, microseconds
from monitor.indicators.tripwires import (
    Alert,
    Deadline,
    Rules,
    Surge,
    alerts,
    countdowns,
    surge_times,
)

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The headline level moved."""

    day: date
    old: int
    new: int
    alert: Alert | None  # that raised it; None: the index did


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The level of each day of a measurement."""

    first: date
    index_level: Ints  # (days,) what the index alone says
    floor: Ints  # (days,) what tripwires, surges and deadlines demand
    alerts: tuple[Alert, ...]
    active: tuple[Alert, ...]  # those that hold at `as_of`, highest floor first

    @property
    def level(self) -> Ints:
        """(days,) the level shown."""
        return np.maximum(self.index_level, self.floor)

    @property
    def now(self) -> int:
        """The level of the last day."""
        return int(self.level[-1])

    def raised_by(self, day: int, zone: tzinfo = UTC) -> Alert | None:
        """The alert that holds the level of a day above what the index says; None: none does."""
        if self.floor[day] <= self.index_level[day]:
            return None
        begin, end = _span(self.first + timedelta(day), zone)
        return next(
            one for one in self.alerts if one.floor == self.floor[day] and one.holds(begin, end)
        )

    def changes(self, zone: tzinfo = UTC) -> list[Change]:
        """Every change of the level, oldest first."""
        level = self.level
        return [
            Change(
                day=self.first + timedelta(day),
                old=int(level[day - 1]),
                new=int(level[day]),
                alert=self.raised_by(day, zone),
            )
            for day in range(1, len(level))
            if level[day] != level[day - 1]
        ]


def headline(
    measures: Measures,
    rules: Rules,
    deadlines: Iterable[Deadline] = (),
    *,
    zone: tzinfo = UTC,
) -> Headline:
    """Levels of all days, from the index and from what happened.

    Args:
        measures: From `measure`; its mentions are those known at its `as_of`.
        deadlines: Extracted deadlines; those first seen after `as_of` are left out.
    """
    grid, as_of = measures.grid, measures.as_of
    official = {name for name, speaks in zip(grid.groups, grid.official, strict=True) if speaks}
    known = [one for one in deadlines if one.seen_at <= as_of]
    fired = (
        *alerts(rules, measures.mentions, official),
        *countdowns(rules.countdown, known, official),
        *(one for surge in rules.surges for one in _surges(surge, measures, zone)),
    )
    ordered = tuple(sorted(fired, key=lambda one: (-one.floor, one.fired_at, one.rule)))
    floor = np.zeros(grid.days, np.int64)
    for alert in ordered:
        for day in _days(alert, measures.first, grid.days, zone):
            floor[day] = max(floor[day], alert.floor)
    now = tuple(one for one in ordered if one.fired_at <= as_of < one.expires_at)
    return Headline(
        first=measures.first,
        index_level=measures.track.level[:, measures.series("risk")],
        floor=floor,
        alerts=ordered,
        active=now,
    )


def _days(alert: Alert, first: date, days: int, zone: tzinfo) -> range:
    begin = (alert.fired_at.astimezone(zone).date() - first).days
    last = alert.expires_at - timedelta(microseconds=1)
    end = (last.astimezone(zone).date() - first).days
    return range(max(0, begin), min(days, end + 1))


def _span(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), zone)
    return begin, begin + timedelta(1)


def _surges(surge: Surge, measures: Measures, zone: tzinfo) -> list[Alert]:
    """Runs of days on which seven days held enough stories."""
    on = _surge_days(surge, measures, zone)
    found: list[Alert] = []
    for day in range(len(on)):
        if not on[day] or (day and on[day - 1]):
            continue
        end = next((later for later in range(day, len(on)) if not on[later]), len(on))
        begin, _end = _span(measures.first + timedelta(day), zone)
        _begin, until = _span(measures.first + timedelta(end - 1), zone)
        found.append(
            Alert(
                rule=surge.id,
                title=surge.title,
                floor=surge.floor,
                story_id="",
                fired_at=begin,
                expires_at=until,
                groups=(),
                item_ids=(),
                because=f"{surge.title}: at least {surge.stories} stories in seven days",
            )
        )
    return found


def _surge_days(surge: Surge, measures: Measures, zone: tzinfo) -> Sequence[bool]:
    columns = [measures.series(one) for one in surge.indicators if one in measures.names]
    seen = measures.track.seen[:, columns].sum(axis=1)
    expected = measures.track.expected[:, columns].sum(axis=1)
    times = surge_times(surge, measures.mentions)
    on = []
    for day in range(len(seen)):
        week = slice(max(0, day - WEEK + 1), day + 1)
        _begin, end = _span(measures.first + timedelta(day), zone)
        span = [microseconds(end - timedelta(WEEK)), microseconds(end)]
        low, high = np.searchsorted(times, span)
        is_much = seen[week].sum() >= surge.ratio * expected[week].sum()
        on.append(bool(is_much and high - low >= surge.stories))
    return on


def final_readings(measures: Measures, head: Headline) -> list[Reading]:
    """The headline series with the level that people see."""
    rows = measures.readings("risk")
    return [replace(row, level=int(level)) for row, level in zip(rows, head.level, strict=True)]
