"""The index as known at one moment, and keeping it beside the items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.indicators.composite import HEADLINE
from monitor.indicators.explain import explained, level_sentence
from monitor.indicators.headline import Headline, final_readings, headline
from monitor.indicators.measure import Measures, Reading, measure
from monitor.indicators.settings import Settings, Watched
from monitor.indicators.tripwires import Rules
from monitor.indicators.update import first_day_from, first_open_day, update
from monitor.storage.measures import LevelChange
from monitor.storage.past import Past
from monitor.storage.store import Store

COLUMNS = (
    "day",
    "series",
    "index",
    "low80",
    "high80",
    "seen",
    "expected",
    "coverage",
    "level",
    "state",
)
YEAR = timedelta(days=364)
HISTORY = timedelta(days=3 * 366)
"""Longest past that is measured: two years on a chart, and the base before them."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """All series and the level that people see."""

    measures: Measures
    headline: Headline

    def readings(
        self, name: str, since: date | None = None, until: date | None = None
    ) -> list[Reading]:
        """Readings of one series, oldest first; the headline with the level that people see.

        Raises:
            KeyError: There is no such series; the message lists those there are.
        """
        if name != HEADLINE:
            return self.measures.readings(name, since, until)
        rows = final_readings(self.measures, self.headline)
        return [
            one
            for one in rows
            if (since is None or one.day >= since) and (until is None or one.day <= until)
        ]


def measured(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    rules: Rules,
    *,
    as_of: datetime,
) -> Measured | None:
    """Every series from the first known day to the local day of `as_of`.

    Nothing first seen after `as_of` is used, so that the value of any past moment can be
    computed again.

    Returns:
        None when nothing was watched by then.
    """
    found = _measure(store, watched, settings, as_of, as_of)
    if found is None:
        return None
    return Measured(measures=found, headline=_headline(store, found, rules, as_of))


def _measure(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    moment: datetime,
    as_of: datetime | None,
) -> Measures | None:
    """Every series up to a moment; `as_of` None takes the newest exposures as they are kept."""
    today = moment.astimezone(store.zone).date()
    since = _begin(store, today)
    over = today - timedelta(settings.catch_up_days) if as_of is None else None
    return measure(
        store.measures.mentions(since, today, moment, over=over),
        store.measures.exposures(since - timedelta(days=1), today, as_of),
        watched,
        settings,
        as_of=moment,
        zone=store.zone,
    )


def _begin(store: Store, today: date) -> date:
    """First day that is measured; it moves by a year at a time, so that weeks begin alike."""
    known = store.items.days()
    first = known[0] if known else today
    return first + YEAR * max(0, -(-(today - first - HISTORY) // YEAR))


def _headline(store: Store, found: Measures, rules: Rules, moment: datetime) -> Headline:
    begin = datetime(found.first.year, found.first.month, found.first.day, tzinfo=store.zone)
    deadlines = store.measures.deadlines(begin, moment, indicators=rules.countdown.indicators)
    return headline(found, rules, deadlines, zone=store.zone)


@dataclass(slots=True)
class Running:
    """What one measurement leaves for the next one of the same process."""

    measures: Measures | None = None
    past: Past | None = None  # stands for all that was read
    asked: object = None  # what it was measured by


def remeasure(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    rules: Rules,
    *,
    now: datetime,
    names: Mapping[str, str] | None = None,
    days: Iterable[date] = (),
    running: Running | None = None,
) -> Measured | None:
    """Bring exposures, kept readings and the log of levels up to date.

    When `running` holds a measurement, only the newest days are computed, or those from the first
    day on that has changed since; either way the readings that are kept afterwards are those that
    a computation of everything gives, and only those that differ are written.

    Args:
        names: Indicator id to its name, for the sentences that are kept.
        days: Local days whose items changed, besides those that late items may still reach.
        running: From the last call in this process; it is brought up to date.

    Raises:
        StorageError: What is kept stays as it was.
    """
    today = now.astimezone(store.zone).date()
    open_days = {today - timedelta(n) for n in range(settings.catch_up_days + 1)}
    running = running or Running()
    if running.measures is not None:
        missed = (today - running.measures.last).days
        open_days |= {today - timedelta(n) for n in range(settings.catch_up_days + missed + 1)}
    store.measures.refresh_exposures(sorted(open_days | {*days}), now=now)
    found, since = _carried_on(store, watched, settings, running, now)
    if found is None:
        return None
    known = Measured(measures=found, headline=_headline(store, found, rules, now))
    why = explained(known.measures, known.headline, names)
    store.measures.save_readings(_changed(store, known, since), now=now, explained=why)
    _log_level(store, known, now, names or {})
    return known


def _carried_on(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    running: Running,
    now: datetime,
) -> tuple[Measures | None, date | None]:
    """The present measurement: the last one carried on where that is enough, else a new one.

    Returns:
        It, and the first day that was computed anew; None: all days.
    """
    before, today = running.measures, now.astimezone(store.zone).date()
    asked = (
        _begin(store, today),
        settings,
        tuple((name, one.weight, one.half_life_days) for name, one in watched.items()),
    )
    past = store.measures.past()
    since = _first_day(store, running, past, now) if asked == running.asked else None
    if before is not None and since is not None:
        mentions = store.measures.mentions(since, today, now)
        exposures = store.measures.exposures(since, today)
        found: Measures | None = update(
            before, mentions, exposures, watched, as_of=now, zone=store.zone, since=since
        )
    else:
        found = _measure(store, watched, settings, now, None)
    running.measures, running.past, running.asked = found, past, asked
    return found, since


def _first_day(store: Store, running: Running, past: Past, now: datetime) -> date | None:
    """First day that must be computed anew; None: all days."""
    before = running.measures
    if before is None or running.past is None or before.as_of > now:
        return None
    changed = store.measures.first_changed(running.past, past)
    since = first_day_from(before, changed or first_open_day(before))
    return since if since > before.first else None


def _changed(store: Store, found: Measured, since: date | None) -> list[Reading]:
    """Readings that differ from what is kept.

    Args:
        since: Nothing before that day was computed anew; of the headline, whose level may be
            lifted or lowered by what was learnt later, every day is looked at. None: all days.
    """
    kept = {(one.series, one.day): one for one in store.measures.readings(None, since)}
    if since is not None:
        kept |= {(one.series, one.day): one for one in store.measures.readings(HEADLINE)}
    return [
        one
        for name in found.measures.names
        for one in found.readings(name, None if name == HEADLINE else since)
        if kept.get((name, one.day)) != one
    ]


def _log_level(store: Store, found: Measured, now: datetime, names: Mapping[str, str]) -> None:
    """Write down a change of the level with its reason; the first level is no change."""
    known = store.measures.level_changes(limit=1)
    before = known[0].new if known else 0
    after = found.headline.now
    if after == before:
        return
    day = found.measures.last
    store.measures.add_level_change(
        LevelChange(
            at=now,
            day=day,
            old=before,
            new=after,
            because=level_sentence(found.measures, found.headline, names),
        )
    )


def readings_json(rows: Iterable[Reading]) -> list[dict[str, Any]]:
    """The contract of `index --json`."""
    return [
        {name: getattr(one, name) for name in COLUMNS}
        | {"day": one.day.isoformat(), "state": one.state.value}
        for one in rows
    ]
