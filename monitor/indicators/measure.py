"""From mentions and exposures to every series, day by day, without a look ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

import numpy as np

from monitor.indicators import composite
from monitor.indicators.composite import COMPOSITES, COUNTS, Units, units
from monitor.indicators.exposure import Grid, enrolled, grid
from monitor.indicators.filter import Posterior, bands
from monitor.indicators.rows import Bools, Exposure, Mention, Mentions, microseconds
from monitor.indicators.settings import Settings, Watched, discount
from monitor.indicators.walk import Inputs, Track, begin, walk


class State(StrEnum):
    """How far a reading can be trusted."""

    FINAL = "final"
    PROVISIONAL = "provisional"  # the newest days: late items may still come
    FORMING = "forming"  # too little history to say what is normal
    BLIND = "blind"  # too few of the sources were observed; level held


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One series on one day."""

    day: date
    series: str
    index: float | None  # 100 = normal; None: no expectation yet
    low80: float | None
    high80: float | None
    low95: float | None
    high95: float | None
    seen: float  # story-mentions of the day, each (story, group) once
    expected: float  # the same in normal times
    coverage: float  # 0 to 1
    level: int
    state: State
    watch: bool  # an early sign: the CUSUM is over its limit
    driver: str | None  # group without which the index moves most
    without_driver: float | None  # the index without that group


@dataclass(frozen=True, kw_only=True)
class Measures:
    """All series over all days, as known at one moment.

    `names` are the series: the indicators, then `COMPOSITES`, then their unweighted `COUNTS`.
    """

    as_of: datetime
    settings: Settings
    grid: Grid
    names: tuple[str, ...]
    track: Track
    state: tuple[State, ...]  # one a day
    inputs: Inputs
    units: Units
    mentions: Mentions  # that the units point to
    notes: tuple[tuple[date, str], ...]  # data health: what was left out and why

    @property
    def counted(self) -> Bools:
        """(days, groups) observed and enrolled."""
        return np.asarray(self.grid.observed & self.inputs.enrolled)

    @property
    def first(self) -> date:
        """The first day."""
        return date.fromordinal(self.grid.first)

    @property
    def last(self) -> date:
        """The last day: the local day of `as_of`."""
        return self.first + timedelta(self.grid.days - 1)

    def series(self, name: str) -> int:
        """Column of a series.

        Raises:
            KeyError: There is no such series; the message lists those there are.
        """
        if name not in self.names:
            raise KeyError(f"no series {name!r}; there are {', '.join(self.names)}")
        return self.names.index(name)

    def readings(
        self, name: str, since: date | None = None, until: date | None = None
    ) -> list[Reading]:
        """Readings of one series, oldest first, both ends included."""
        column = self.series(name)
        start = max(0, ((since or self.first) - self.first).days)
        stop = min(self.grid.days, ((until or self.last) - self.first).days + 1)
        if start >= stop:
            return []
        part, track, counts = slice(start, stop), self.track, self._counts_of(column)
        edges = bands(Posterior(track.a[part, column], track.b[part, column]))
        index = 100.0 * track.a[part, column] / track.b[part, column]
        numbers = np.vstack([index, edges, track.without_driver[part, column]])
        columns = zip(  # as lists: a number taken out of an array costs more than all else here
            range(self.grid.first + start, self.grid.first + stop),
            numbers.T.tolist(),
            track.learnt[part].tolist(),
            track.seen[part, counts].tolist(),
            track.expected[part, counts].tolist(),
            track.coverage[part].tolist(),
            track.level[part, column].tolist(),
            self.state[part],
            track.watch[part, column].tolist(),
            track.driver[part, column].tolist(),
            strict=True,
        )
        return [self._reading(name, *row) for row in columns]

    def _counts_of(self, column: int) -> int:
        """Column with the unweighted counts of a series; its own for an indicator."""
        plain = f"{self.names[column]}_count"
        return self.names.index(plain) if plain in self.names else column

    def _reading(
        self,
        name: str,
        day: int,
        numbers: Sequence[float],
        known: bool,
        seen: float,
        expected: float,
        coverage: float,
        level: int,
        state: State,
        watch: bool,
        driver: int,
    ) -> Reading:
        index, low80, high80, low95, high95, without = numbers if known else [None] * 6
        return Reading(
            day=date.fromordinal(day),
            series=name,
            index=index,
            low80=low80,
            high80=high80,
            low95=low95,
            high95=high95,
            seen=seen,
            expected=expected,
            coverage=coverage,
            level=level,
            state=state,
            watch=watch,
            driver=self.grid.groups[driver] if known else None,
            without_driver=without,
        )


def measure(
    mentions: Mentions | Sequence[Mention],
    exposures: Sequence[Exposure],
    watched: Mapping[str, Watched],
    settings: Settings,
    *,
    as_of: datetime,
    zone: tzinfo = UTC,
) -> Measures | None:
    """Every series for every day that the exposures cover, as known at `as_of`.

    Order of the rows does not matter. Mentions first seen after `as_of`, and days after its
    local day, are left out: what came later cannot change what was known.

    Args:
        watched: Indicators by id, with weight and half-life.
        zone: In which local days are counted.

    Returns:
        None when there is no exposure yet: nothing has been polled.
    """
    table = mentions if isinstance(mentions, Mentions) else Mentions.of(mentions)
    today = as_of.astimezone(zone).date()
    seen = grid(exposures, today, settings)
    if seen is None:
        return None
    used = table.where((table.seen <= microseconds(as_of)) & ~table.withdrawn)
    used = used.at(np.argsort(used.day, kind="stable"))
    names = (*watched, *COMPOSITES, *COUNTS)
    found = units(used, seen, names, watched)
    inputs = inputs_of(found, seen, names, watched, settings)
    track = Track.empty(seen.days, len(names))
    walk(inputs, track, begin(inputs, settings), settings)
    return Measures(
        as_of=as_of,
        settings=settings,
        grid=seen,
        names=names,
        track=track,
        state=states(track, seen, today.toordinal(), settings),
        inputs=inputs,
        units=found,
        mentions=used,
        notes=health(seen, table, as_of),
    )


def inputs_of(
    found: Units,
    seen: Grid,
    names: tuple[str, ...],
    watched: Mapping[str, Watched],
    settings: Settings,
) -> Inputs:
    """Units and exposure as the walk reads them."""
    shape = (seen.days, len(seen.groups), len(names))
    hits = composite.dense(found, shape) * seen.observed[:, :, None]
    counted = found.weight**2 * seen.observed[found.day, found.group]
    squares = np.bincount(
        found.day * shape[2] + found.series, weights=counted, minlength=shape[0] * shape[2]
    )
    half = [one.half_life_days for one in watched.values()]
    half += [settings.half_life_days] * (len(COMPOSITES) + len(COUNTS))
    return Inputs(
        seen=seen,
        hits=hits,
        squares=squares.astype(np.float64).reshape(shape[0], shape[2]),
        enrolled=enrolled(seen, hits[:, :, names.index("risk_count")], settings),
        delta=np.array([discount(one) for one in half]),
        settled=settled(seen, settings),
    )


def settled(seen: Grid, settings: Settings) -> Bools:
    """(days,) whether enough days were observed to say what is normal."""
    history = np.cumsum(seen.observed.any(axis=1))
    return np.asarray(history >= settings.forming_days + settings.guard_days)


def states(track: Track, seen: Grid, today: int, settings: Settings) -> tuple[State, ...]:
    """How far each day can be trusted."""
    known = settled(seen, settings) & track.learnt
    return tuple(
        State.FORMING
        if not known[day]
        else State.BLIND
        if covered < settings.blind_below
        else State.PROVISIONAL
        if seen.first + day > today - settings.provisional_days
        else State.FINAL
        for day, covered in enumerate(track.coverage)
    )


def health(seen: Grid, table: Mentions, as_of: datetime) -> tuple[tuple[date, str], ...]:
    """What was left out, and why."""
    notes = [(date.fromordinal(day), text) for day, text in seen.notes]
    late = int((table.seen > microseconds(as_of)).sum())
    if late:
        when = f"{as_of:%Y-%m-%d %H:%M} UTC"
        notes.append(
            (as_of.date(), f"{late} flags carry a first-seen time after {when}: left out till then")
        )
    return tuple(sorted(notes))
